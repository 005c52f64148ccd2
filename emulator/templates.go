package emulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// TemplateRun is what is asked of a service template; see [Server.RunTemplate].
type TemplateRun = httpapi.TemplateRun

// TemplateRunAnswer is what a template run made.
type TemplateRunAnswer = httpapi.TemplateRunAnswer

// Override stands in place of parts of a template's webhook, for one run.
type Override = httpapi.Override

// UnknownTemplateError says that the account has no template of that name.
type UnknownTemplateError = httpapi.UnknownTemplateError

// RunTemplate runs a service template: it checks the inputs, creates the service with its repository, and fires the
// webhook, if the template has one. A webhook that fails is no error: the service is there, and the firing says what happened.
//
// An error means that nothing was created and nothing fired: [action.InputErrors] for inputs, [*UnknownTemplateError] for the
// name, [httpapi.ErrEnding] for a server that ends, an [UnrecordedError], or a sentence about what r overrides, the profile, or
// a secret that is not set. One more is an [UnrecordedError] beside an answer: the webhook was fired, and the firing could not be
// recorded.
//
// The service is an event of its own, recorded before anything is sent: whoever gets the webhook can report a deploy of it
// at once, and a crash loses the record of a delivery at worst. The firing ends early when ctx or the server does, and is
// recorded all the same.
func (s *Server) RunTemplate(ctx context.Context, r TemplateRun) (TemplateRunAnswer, error) {
	t, ok := s.Library().Template(r.Template)
	if !ok {
		return TemplateRunAnswer{}, &UnknownTemplateError{Name: r.Template, Nearest: s.Library().Nearest(r.Template)}
	}
	profile, err := action.ParseProfile(string(r.Profile))
	if err != nil {
		return TemplateRunAnswer{}, err
	}
	webhook, err := s.webhookOf(t, r.Override)
	if err != nil {
		return TemplateRunAnswer{}, err
	}
	under, done, err := s.firings.begin(ctx)
	if err != nil {
		return TemplateRunAnswer{}, err
	}
	defer done()
	result, created, err := s.make(action.RunRequest{Template: t, Inputs: r.Inputs, User: r.User}, r.DryRun)
	if err != nil {
		return TemplateRunAnswer{}, err
	}
	out := TemplateRunAnswer{
		Template: t.Name, Inputs: result.Inputs, Service: result.Service, Outputs: result.Outputs,
		Problems: result.Problems, DryRun: r.DryRun, Created: created,
	}
	if webhook == nil {
		return out, nil
	}
	d := s.deps(r.DryRun)
	d.Inject = s.inject(t.Name, result.Service.Slug)
	f := action.Fire(under, d, *webhook, result.Context(profile)).Of(d, t.Name, result.Inputs, result.Service.Slug)
	f.Problems = append(result.Problems, f.Problems...)
	out.Firing = &f
	if !r.DryRun {
		out.Seq, err = s.record(f, fmt.Sprintf("The template %s made the service %s.", t.Name, f.Service))
	}
	return out, err
}

// make works out what a run creates and, unless it is dry, creates it. It runs on the journal's writer: two runs at once
// never get one slug.
func (s *Server) make(r action.RunRequest, dry bool) (result action.RunResult, created uint64, err error) {
	run := func(k *catalog.Catalog) (catalog.Service, error) {
		var err error
		result, err = action.Run(r, k, s.config.Clock, s.config.IDs)
		return result.Service, err
	}
	if dry {
		s.ledger.View(func(k *catalog.Catalog) { _, err = run(k) })
		return result, 0, err
	}
	e, err := s.change(func(time.Time) (*event.Change, error) { return s.ledger.Make(run) })
	if err != nil {
		return action.RunResult{}, 0, err
	}
	return result, e.Seq, nil
}

// webhookOf is the webhook of a template, with what this run has otherwise. A template without one has one as soon as the
// run names a url.
func (s *Server) webhookOf(t action.Template, o httpapi.Override) (*action.Webhook, error) {
	if t.Webhook == nil && o.URL == "" {
		if !o.IsZero() {
			return nil, fmt.Errorf("the template %s has no webhook, so the run must say where to send: name a url", t.Name)
		}
		return nil, nil
	}
	var w action.Webhook
	if t.Webhook != nil {
		w = *t.Webhook
	}
	secret, err := s.signingSecret(w.SigningSecret)
	if err != nil {
		return nil, err
	}
	w.SigningSecret = secret
	o.Apply(&w)
	return &w, w.Check()
}

// signingSecret is the value behind the name that a template's signing_secret is.
func (s *Server) signingSecret(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	l := s.Library()
	if v, ok := l.Values(s.config.Environment)[name]; ok && v != "" {
		return v, nil
	}
	for _, secret := range l.Secrets {
		if secret.Name == name {
			return "", fmt.Errorf("the request cannot be signed: the variable %s, which holds the secret %s, is not set for this emulator", secret.Env, name)
		}
	}
	return "", fmt.Errorf("the request cannot be signed: the account has no secret %s", name)
}

// FireWebhook fires a webhook by itself, without any template or service, and records the firing. What is wrong with the
// webhook or its delivery stands in the firing; an error means that nothing could be recorded: an [UnrecordedError], or
// [httpapi.ErrEnding] for a server that ends. With dry nothing is sent and nothing recorded, and seq is 0.
func (s *Server) FireWebhook(ctx context.Context, w action.Webhook, c action.Context, dry bool) (f action.Firing, seq uint64, err error) {
	under, done, err := s.firings.begin(ctx)
	if err != nil {
		return f, 0, err
	}
	defer done()
	d := s.deps(dry)
	d.Inject = s.inject("", "")
	f = action.Fire(under, d, w, c)
	if dry {
		return f, 0, nil
	}
	seq, err = s.record(f, "The webhook was fired by itself, without a template.")
	return f, seq, err
}

// Replay fires the webhook of a recorded firing again, in the same context, and records it as a new one. What was masked
// in the webhook's record comes from the template of that name, if the account still has it; without it the error says so.
// A secret in the context came with the run and is in no template: the error is an *httpapi.WithheldError.
func (s *Server) Replay(ctx context.Context, seq uint64) (f action.Firing, newSeq uint64, err error) {
	e, evicted := s.Event(seq)
	switch {
	case evicted:
		return f, 0, &httpapi.NoFiringError{Seq: seq, Evicted: true}
	case e == nil || e.Firing == nil:
		return f, 0, &httpapi.NoFiringError{Seq: seq}
	}
	old := *e.Firing
	if path, inputs := old.Withheld(); path != "" {
		return f, 0, &httpapi.WithheldError{Seq: seq, Template: old.Template, Path: path, Inputs: inputs}
	}
	w, err := s.unmasked(old)
	if err != nil {
		return f, 0, err
	}
	under, done, err := s.firings.begin(ctx)
	if err != nil {
		return f, 0, err
	}
	defer done()
	d := s.deps(false)
	d.Inject = s.inject(old.Template, old.Service)
	f = action.Fire(under, d, w, old.Context).Of(d, old.Template, old.Inputs, old.Service)
	newSeq, err = s.record(f, fmt.Sprintf("The firing of event %d was replayed.", seq))
	return f, newSeq, err
}

// unmasked is the webhook of a record, fit to be fired again. A part that a run had in place of its template's, such as
// another url or payload, stays: the firing would be another one without it.
func (s *Server) unmasked(f action.Firing) (action.Webhook, error) {
	w := f.Webhook
	masked := strings.Contains(w.URL+w.Payload+w.ResponseTemplate+w.SigningSecret, action.Mask)
	for _, v := range w.Headers {
		masked = masked || strings.Contains(v, action.Mask)
	}
	if !masked {
		return w, nil
	}
	t, ok := s.Library().Template(f.Template)
	if !ok || t.Webhook == nil {
		return w, errors.New("the secrets of this firing were not recorded, and the account has no template to take them from: fire it anew")
	}
	now, err := s.webhookOf(t, httpapi.Override{})
	if err != nil {
		return w, err
	}
	if w, ok = action.Unmasked(s.deps(false), w, *now); !ok {
		return w, fmt.Errorf("the secrets of this firing were not recorded, and the template %s no longer has the parts they stood in: fire it anew", f.Template)
	}
	return w, nil
}

// record keeps a firing.
func (s *Server) record(f action.Firing, why string) (uint64, error) {
	e, err := s.journal.Append(func(seq uint64) *event.Event {
		return &event.Event{Seq: seq, Kind: event.KindFiring, At: s.config.Clock.Now().UTC(), Service: f.Service, Firing: &f, Why: why + whyInjected(f)}
	})
	if err != nil {
		return 0, &UnrecordedError{err}
	}
	return e.Seq, nil
}

// WaitFiring waits at most for patience until a webhook was fired that the query describes, and returns the oldest such
// firing. It fails the test where there is none.
//
//	e := srv.WaitFiring(t, "service:django_test status:SUCCESS", 5*time.Second)
func (s *Server) WaitFiring(tb TB, q string, patience time.Duration) *event.Event {
	tb.Helper()
	parsed, err := query.Parse(q)
	if err != nil {
		tb.Fatalf("bubblelevel: %v", err)
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var found *event.Event
	s.Follow(ctx, 0, 0, func(e *event.Event, _ uint64) {
		if found == nil && e != nil && e.Kind == event.KindFiring && parsed.Match(e, s.config.Clock.Now()) {
			found = e
			cancel()
		}
	})
	if found == nil {
		tb.Fatalf("bubblelevel: no webhook was fired for %q within %s\n%s", q, patience, s.Dump())
	}
	return found
}
