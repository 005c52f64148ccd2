package action

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// Deps are what a firing needs beside the webhook.
type Deps struct {
	Clock    clock.Clock
	IDs      clock.IDs
	Renderer Renderer
	// Secrets are the values behind the secret filter, by alias. None of them ends up in a record.
	Secrets map[string]string
	Policy  Policy
	// Receiver is the address of this emulator's own receiver, without a name: "http://127.0.0.1:6775/_emulator/receiver".
	// Empty: receiver:NAME has nowhere to go.
	Receiver string
	// Defaults stand for the settings that a webhook leaves out; what is zero here too is that of [Defaults].
	Defaults Settings
	// Resolver looks names up; nil: the machine's.
	Resolver Resolver
	// TLS is the configuration for https; nil: the machine's roots.
	TLS *tls.Config
	// Inject is asked before each attempt whether it is to fail on purpose, with the firing as it stands then; nil: none is.
	Inject func(Firing) *Injection
	// DryRun renders the request and signs it, and sends nothing: the firing has no result then.
	DryRun bool
}

func (d Deps) resolver() Resolver {
	if d.Resolver != nil {
		return d.Resolver
	}
	return net.DefaultResolver
}

func (d Duration) duration() time.Duration { return time.Duration(d) }

// Fire renders the webhook in the context, sends it, and renders the response template. It always returns a whole record:
// whatever goes wrong is told in it, and the response template is rendered all the same, with what there is. It takes
// no longer than the settings allow (attempts times timeout, and the waits between), and ends early when ctx does.
//
// Template, Inputs and Service of the record are for the caller to set; see [Firing.Of].
func Fire(ctx context.Context, d Deps, w Webhook, c Context) Firing {
	took := clock.Elapsed(d.Clock)
	f := Firing{ID: d.IDs.UUID(), At: d.Clock.Now().UTC(), Webhook: w, Context: c, Result: Failure}
	f.Settings = w.Settings.or(d.Defaults.or(Defaults()))
	f.Request.Method = w.method()
	m := d.masker(w)
	r := rendering{deps: d, firing: &f, masker: m}
	got := r.deliver(ctx, w, c)
	if d.DryRun {
		f.Result = ""
		f.Took = Duration(took())
		m.firing(&f)
		return f
	}
	var problems []Problem
	f.Response, problems = coerce(got)
	f.Problems = append(f.Problems, problems...)
	if got != nil {
		f.Result = resultOf(got.status, w.Async)
	}
	f.RenderedResponse = r.response(ctx, w.ResponseTemplate, c.WithResponse(f.Response, f.Result))
	if len(f.Response.Body) > RecordBody {
		f.Response.Body, f.Response.BodyOmitted = []byte("null"), true
	}
	f.Took = Duration(took())
	m.firing(&f)
	return f
}

// Of adds what the firing is of: the name of the template, the run's inputs and the new service's alias. Secrets among
// the inputs are masked.
func (f Firing) Of(d Deps, template string, inputs []Input, service string) Firing {
	m := d.masker(f.Webhook)
	f.Template, f.Service, f.Inputs = template, service, nil
	for _, in := range inputs {
		f.Inputs = append(f.Inputs, Input{in.Name, m.text(in.Value)})
	}
	return f
}

// masker knows every secret of a firing.
func (d Deps) masker(w Webhook) *masker {
	m := &masker{}
	for _, s := range d.Secrets {
		m.add(s)
	}
	m.add(w.SigningSecret)
	for _, s := range plainCredentials(w) {
		m.add(s)
	}
	return m
}

// resultOf: 2xx is success, as every public response template has it; an async action is pending then.
func resultOf(status int, async bool) Result {
	switch {
	case status < 200 || status > 299:
		return Failure
	case async:
		return Pending
	}
	return Success
}

// deliver renders, judges and sends. nil: there is no answer, and the firing's Error says why.
func (r *rendering) deliver(ctx context.Context, w Webhook, c Context) *answer {
	f := r.firing
	parts, ok := r.request(ctx, w, c)
	f.Request.URL, f.Request.Body = parts.url.shown, Bytes(parts.payload.shown)
	if err := w.Check(); err != nil {
		f.Error = "Nothing was sent: " + err.Error() + "."
		f.Problems = append(f.Problems, Problem{ID: "webhook.invalid", Severity: Error, Part: partDelivery, Message: err.Error(), Cure: "Correct the webhook."})
		return nil
	}
	if !ok {
		return nil
	}
	t, problem := targetOf(parts.url, r.deps.Receiver)
	if problem != nil {
		f.Problems = append(f.Problems, *problem)
		f.Error = "Nothing was sent: " + problem.Message
		return nil
	}
	f.Request.Target = t.shown()
	lines, ok := parts.lines(f)
	if !ok {
		return nil
	}
	out := outgoing{method: w.method(), headers: lines, payload: parts.payload, secret: w.SigningSecret}
	if w.Async {
		out.async = f.ID
	}
	f.Problems = append(f.Problems, parts.judgePayload(f.Problems)...)
	if r.deps.DryRun {
		p := out.packet(t, false, r.deps.Clock.Now())
		f.Request.Headers, f.Request.SignedHeaders = p.headers, p.signed
		f.Error = "Nothing was sent: this is a dry run."
		return nil
	}
	return r.send(ctx, sender{deps: r.deps, settings: f.Settings, out: out}, t)
}

// tellFailure turns a failed attempt into the firing's error and a problem.
func (r *rendering) tellFailure(a Attempt) {
	f := r.firing
	f.Error = "No answer: " + a.Failure.Message + "."
	if a.Failure.Kind == HostRefused {
		f.Error = "Nothing was sent: " + a.Failure.Message + "."
	}
	f.Problems = append(f.Problems, Problem{
		ID: "delivery." + string(a.Failure.Kind), Severity: Error, Part: partDelivery, Message: f.Error, Cure: a.Failure.Cure,
	})
}
