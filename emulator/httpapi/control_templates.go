package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Webhooks are the service templates of the account and the firings of their webhooks.
type Webhooks interface {
	Templates() []action.Template
	// RunTemplate creates a service and fires the template's webhook. Errors: action.InputErrors, *UnknownTemplateError,
	// [ErrEnding], a [Fault]; any other says why nothing was made.
	RunTemplate(context.Context, TemplateRun) (TemplateRunAnswer, error)
	// FireWebhook fires a webhook by itself.
	FireWebhook(ctx context.Context, w action.Webhook, c action.Context, dry bool) (action.Firing, uint64, error)
	// Replay fires again what the event records. Errors: *NoFiringError, *WithheldError, or why it cannot be fired.
	Replay(ctx context.Context, seq uint64) (action.Firing, uint64, error)
	Receiver() *action.Receiver
}

func (c *Control) templateRoutes() []route {
	return []route{
		{http.MethodGet, "/templates", c.templates, "the service templates of the account", false},
		{http.MethodPost, "/template-runs", c.runTemplate, "run a service template: create the service and fire its webhook", false},
		{http.MethodGet, "/firings", c.firings, "the firings of webhooks", false},
		{http.MethodPost, "/firings", c.fire, "fire a webhook by itself", false},
		{http.MethodGet, "/firings/{seq:[0-9]+}", c.firingBySeq, "one firing, whole", false},
		{http.MethodPost, "/firings/{seq:[0-9]+}/replay", c.replay, "fire again what was recorded", false},
		{http.MethodGet, "/receivers", c.receivers, "the names that the emulator's own receiver knows", false},
		{http.MethodGet, "/receivers/{name}", c.received, "what a name has received, the oldest first", false},
		{http.MethodPut, "/receivers/{name}", c.tellReceiver, "say how a name answers from now on", false},
		{http.MethodDelete, "/receivers", c.resetReceivers, "forget all names and what they have received", false},
	}
}

func (c *Control) templates(w http.ResponseWriter, r *http.Request) {
	if !unasked(w, r) {
		return
	}
	some, next, ok := pages(w, r, c.Store.Templates(), func(t action.Template) string { return t.Name })
	if !ok {
		return
	}
	reply(w, http.StatusOK, struct {
		Templates []action.Template `json:"templates"`
		Next      *string           `json:"next"`
	}{notNil(some), next})
}

// runTemplate answers 201 for a service that was made, whatever became of its webhook: the firing says that.
func (c *Control) runTemplate(w http.ResponseWriter, r *http.Request) {
	var in TemplateRun
	if !readJSON(w, r, &in) {
		return
	}
	// A client that hangs up does not stop a firing that has begun.
	out, err := c.Store.RunTemplate(context.WithoutCancel(r.Context()), in)
	if err != nil {
		refuseRun(w, err)
		return
	}
	reply(w, madeBy(in.DryRun), out)
}

// madeBy is the status of a run: a dry one has made nothing.
func madeBy(dry bool) int {
	if dry {
		return http.StatusOK
	}
	return http.StatusCreated
}

func refuseRun(w http.ResponseWriter, err error) {
	var inputs action.InputErrors
	var unknown *UnknownTemplateError
	var missing *NoFiringError
	var withheld *WithheldError
	switch {
	case errors.As(err, &inputs):
		reply(w, http.StatusUnprocessableEntity, Failure{FailureText{
			Code: "wrong_inputs", Message: err.Error(), Hint: "nothing was created and nothing fired; GET " + Prefix + "v1/templates lists the fields", Inputs: inputs,
		}})
	case errors.As(err, &unknown):
		hint := "GET " + Prefix + "v1/templates lists them"
		if unknown.Nearest != "" {
			hint = `did you mean "` + unknown.Nearest + `"?`
		}
		fail(w, http.StatusNotFound, "no_such_template", cut(err.Error(), 200), hint)
	case errors.As(err, &withheld):
		fail(w, http.StatusConflict, "secret_not_recorded", err.Error(), withheld.Hint())
	case errors.As(err, &missing) && missing.Evicted:
		fail(w, http.StatusGone, "evicted", err.Error(), "start the emulator with a larger --keep")
	case errors.As(err, &missing):
		fail(w, http.StatusNotFound, "no_such_firing", err.Error(), "GET "+Prefix+"v1/firings lists them")
	default:
		refuse(w, err)
	}
}

// fire fires a webhook by itself.
func (c *Control) fire(w http.ResponseWriter, r *http.Request) {
	var in WebhookFiring
	if !readJSON(w, r, &in) {
		return
	}
	webhook, seen, err := in.Read()
	if err != nil {
		fail(w, http.StatusBadRequest, "bad_webhook", err.Error(), "GET "+Prefix+"openapi.json shows the form")
		return
	}
	f, seq, err := c.Store.FireWebhook(context.WithoutCancel(r.Context()), webhook, seen, in.DryRun)
	if err != nil {
		refuseRun(w, err)
		return
	}
	reply(w, madeBy(in.DryRun), FiringAnswer{seq, in.DryRun, &f})
}

func (c *Control) firings(w http.ResponseWriter, r *http.Request) {
	p, ok := readPage(w, r)
	if !ok {
		return
	}
	found, next := c.collect(p, func(e *event.Event) bool { return e.Kind == event.KindFiring })
	reply(w, http.StatusOK, struct {
		Firings       []*event.Event `json:"firings"`
		Next          *uint64        `json:"next"`
		EvictedBefore uint64         `json:"evicted_before"`
	}{found, orNull(next), c.Store.EvictedBefore()})
}

func (c *Control) firingBySeq(w http.ResponseWriter, r *http.Request) {
	seq, ok := seqOf(w, r)
	if !ok {
		return
	}
	e, evicted := c.Store.Get(seq)
	if e == nil || e.Firing == nil {
		refuseRun(w, &NoFiringError{seq, evicted})
		return
	}
	reply(w, http.StatusOK, e)
}

func (c *Control) replay(w http.ResponseWriter, r *http.Request) {
	seq, ok := seqOf(w, r)
	if !ok {
		return
	}
	f, newSeq, err := c.Store.Replay(context.WithoutCancel(r.Context()), seq)
	if err != nil {
		refuseRun(w, err)
		return
	}
	reply(w, http.StatusCreated, FiringAnswer{Seq: newSeq, Firing: &f})
}

func (c *Control) receivers(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, struct {
		Receivers []string `json:"receivers"`
	}{notNil(c.Store.Receiver().Names())})
}

func (c *Control) received(w http.ResponseWriter, r *http.Request) {
	name, ok := receiverName(w, r)
	if !ok {
		return
	}
	reply(w, http.StatusOK, struct {
		Requests []action.Received `json:"requests"`
	}{notNil(c.Store.Receiver().Requests(name))})
}

func (c *Control) tellReceiver(w http.ResponseWriter, r *http.Request) {
	var in action.ReceiverSetup
	name, ok := receiverName(w, r)
	if !ok || !readJSON(w, r, &in) {
		return
	}
	err := c.Store.Receiver().Tell(name, in)
	answer(w, http.StatusOK, struct {
		Receiver string `json:"receiver"`
	}{name}, err)
}

func (c *Control) resetReceivers(w http.ResponseWriter, _ *http.Request) {
	c.Store.Receiver().Reset()
	reply(w, http.StatusOK, struct {
		Reset bool `json:"reset"`
	}{true})
}

// receiverName is the name in the path, where it can be one.
func receiverName(w http.ResponseWriter, r *http.Request) (string, bool) {
	name, ok := pathValue(w, r, "name")
	if ok && !action.ValidReceiverName(name) {
		badReceiverName(w, name)
		return "", false
	}
	return name, ok
}

func badReceiverName(w http.ResponseWriter, name string) {
	fail(w, http.StatusNotFound, "bad_receiver_name", strconv.Quote(cut(strings.ToValidUTF8(name, "?"), 100))+" is no name for a receiver",
		"take up to 64 letters, digits, dots, dashes and underscores")
}
