package emulator

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// The bounds of a renderer.
const (
	// maxTemplates and maxTemplateBytes bound the parsed templates that are kept. A tree is many times its source.
	maxTemplates     = 64
	maxTemplateBytes = 512 << 10
	// maxRenders is how many templates are rendered at once: each may take all that [liquid.Limits] allow.
	maxRenders = 4
	// renderPatience is for what no limit of Liquid counts; they end a hostile template long before it.
	renderPatience = 5 * time.Second
)

// The ids of the problems that a template has which cannot be rendered at all.
const (
	TemplateSyntax = "template.syntax" // Ruby refuses to parse it
	TemplateLimit  = "template.limit"  // it takes more than is allowed
)

// Renderer renders Liquid as OpsLevel does: it is the [action.Renderer] of firings, and what the workbench and the
// control API render with, so that all of them say the same of a template. It is safe for concurrent use.
type Renderer struct {
	clock clock.Clock
	slots chan struct{}

	mu     sync.Mutex
	parsed map[templateKey]*list.Element // of *parsedTemplate
	recent *list.List                    // the last used first
	bytes  int
}

type templateKey struct {
	source string
	mode   liquid.Mode
}

type parsedTemplate struct {
	key      templateKey
	template *liquid.Template
}

// NewRenderer makes a renderer; c is the clock behind Liquid's 'now' and 'today'.
func NewRenderer(c clock.Clock) *Renderer {
	return &Renderer{clock: c, slots: make(chan struct{}, maxRenders), parsed: map[templateKey]*list.Element{}, recent: list.New()}
}

// LiquidInput is a template to render, and what the workbench may say beyond a firing.
type LiquidInput struct {
	action.Rendering
	// Partials are the sources behind render and include, by name.
	Partials map[string]string
	// Strict parses in Ruby's strict error mode.
	Strict bool
	// Guess checks the output as JSON if it starts like it. JSON in Rendering always checks it.
	Guess bool
	// Disputed adds the problem context.disputed for each path that the template names and on which OpsLevel's own sources
	// differ. A firing tells them by itself.
	Disputed bool
}

// Render renders one part of a webhook. Errors: those of [Renderer.Liquid].
func (r *Renderer) Render(ctx context.Context, in action.Rendering) (action.Rendered, error) {
	result, err := r.Liquid(ctx, LiquidInput{Rendering: in})
	return rendered(result), err
}

// Try renders for somebody who is writing a template: secrets are masked, an output that looks like JSON is checked as JSON,
// and disputed paths are told. context is a JSON object; none at all is an empty one. Errors: those of [Renderer.Liquid].
func (r *Renderer) Try(ctx context.Context, template string, context []byte) (action.Rendered, error) {
	in := action.Rendering{Template: template, Context: context, Mask: true}
	result, err := r.Liquid(ctx, LiquidInput{Rendering: in, Guess: true, Disputed: true})
	return rendered(result), err
}

// rendered is a result as a firing keeps it.
func rendered(result liquid.Result) action.Rendered {
	out := action.Rendered{Output: result.Output}
	for _, p := range result.Problems {
		out.Problems = append(out.Problems, action.Problem{
			ID: p.ID, Severity: action.Severity(p.Severity), Line: p.Line, Column: p.Column,
			Expression: p.Expression, Message: p.Message, Cure: p.Cure,
		})
	}
	for _, s := range result.Spans {
		out.Spans = append(out.Spans, action.Span{Offset: s.Offset, Length: s.Length, Line: s.Line, Column: s.Column, Expression: s.Expression})
	}
	return out
}

// Liquid renders a template and tells all that is known of it. An error is a *[ContextError] for a context that is no
// JSON object, a *[liquid.SyntaxError] or a *[liquid.LimitError]; the latter two stand among the problems, too.
func (r *Renderer) Liquid(ctx context.Context, in LiquidInput) (liquid.Result, error) {
	values, err := decodeContext(in.Context)
	if err != nil {
		return liquid.Result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, renderPatience)
	defer cancel()
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return liquid.Result{}, fmt.Errorf("no template could be rendered in time: %w", ctx.Err())
	}
	t, err := r.template(in)
	if err != nil {
		return liquid.Result{Problems: refusal(err)}, err
	}
	result, err := t.Render(ctx, liquid.Input{Context: values, Secrets: lookup(in.Secrets), MaskSecrets: in.Mask, Format: in.format()})
	if err != nil {
		result.Problems = append(result.Problems, refusal(err)...)
	}
	if in.Disputed {
		result.Problems = append(result.Problems, disputed(in.Template)...)
	}
	return result, err
}

// disputed are the problems of the disputed paths of a template.
func disputed(template string) (all []liquid.Problem) {
	for _, p := range action.Disputed(template) {
		all = append(all, liquid.Problem{
			ID: p.ID, Severity: liquid.Severity(p.Severity), Line: p.Line, Column: p.Column,
			Expression: p.Expression, Message: p.Message, Cure: p.Cure, Offset: -1,
		})
	}
	return all
}

func (in LiquidInput) format() liquid.Format {
	switch {
	case in.JSON:
		return liquid.JSON
	case in.Guess:
		return liquid.Guess
	}
	return liquid.Text
}

// lookup makes a question of a map.
func lookup(texts map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		text, ok := texts[name]
		return text, ok
	}
}

// ContextError is a context that no template can be rendered with.
type ContextError struct{ Err error }

// Error says what is wrong with the context.
func (e *ContextError) Error() string { return "the context is no JSON object: " + e.Err.Error() }

// Unwrap answers a *[liquid.JSONError] where the context is no JSON at all.
func (e *ContextError) Unwrap() error { return e.Err }

// decodeContext reads the context; none at all is an empty one.
func decodeContext(text []byte) (liquid.Value, error) {
	if len(text) == 0 {
		return nil, nil
	}
	v, err := liquid.DecodeJSON(text)
	if err != nil {
		return nil, &ContextError{err}
	}
	if _, ok := v.(*liquid.Hash); !ok {
		return nil, &ContextError{errors.New("it is another value")}
	}
	return v, nil
}

// template is the parsed template, from what is kept if it can be. One with partials belongs to them and is not kept.
func (r *Renderer) template(in LiquidInput) (*liquid.Template, error) {
	// Line numbers, as in the recorded renderings: a message without one is of no use to the author.
	o := liquid.Options{LineNumbers: true, Now: r.clock.Now, Partials: lookup(in.Partials)}
	if in.Strict {
		o.Mode = liquid.Strict
	}
	if len(in.Partials) > 0 {
		return liquid.Parse(in.Template, o)
	}
	key := templateKey{in.Template, o.Mode}
	if t := r.kept(key); t != nil {
		return t, nil
	}
	t, err := liquid.Parse(in.Template, o)
	if err == nil {
		r.keep(key, t)
	}
	return t, err
}

func (r *Renderer) kept(key templateKey) *liquid.Template {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.parsed[key]
	if e == nil {
		return nil
	}
	r.recent.MoveToFront(e)
	return e.Value.(*parsedTemplate).template
}

// keep remembers a template and forgets those that were not used for longest, until the bounds hold.
func (r *Renderer) keep(key templateKey, t *liquid.Template) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.parsed[key] != nil {
		return // somebody else parsed it meanwhile
	}
	r.parsed[key] = r.recent.PushFront(&parsedTemplate{key, t})
	r.bytes += len(key.source)
	for len(r.parsed) > maxTemplates || r.bytes > maxTemplateBytes {
		old := r.recent.Remove(r.recent.Back()).(*parsedTemplate).key
		delete(r.parsed, old)
		r.bytes -= len(old.source)
	}
}

// refusal is the problem of a template that cannot be rendered.
func refusal(err error) []liquid.Problem {
	p := liquid.Problem{Severity: liquid.Error, Message: err.Error(), Offset: -1}
	var syntax *liquid.SyntaxError
	var limit *liquid.LimitError
	switch {
	case errors.As(err, &syntax):
		p.ID, p.Line, p.Column, p.Template = TemplateSyntax, syntax.Line, syntax.Column, syntax.Template
		p.Cure = "Correct the template at this place: Ruby's Liquid refuses it as a whole."
	case errors.As(err, &limit):
		p.ID, p.Line, p.Column = TemplateLimit, limit.Line, limit.Column
		p.Cure = "Let the template do less: a payload stays far below these bounds."
	default:
		return nil
	}
	return []liquid.Problem{p}
}
