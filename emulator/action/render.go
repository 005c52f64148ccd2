package action

import (
	"context"
	"fmt"
	"strings"
)

// The parts of a webhook, as [Problem.Part] and the keys of [Firing.Spans]. A header's part is [PartHeader] and its name.
const (
	PartURL      = "url"
	PartPayload  = "payload"
	PartResponse = "response_template"
	PartHeader   = "header:"
	partDelivery = "delivery"
	partAnswer   = "response"
)

// text is a rendered template: what goes onto the wire, and what may be recorded.
type text struct{ real, shown string }

// rendered are all parts that a request is made of.
type rendered struct {
	url     text
	payload text
	names   []string // of the headers, sorted
	headers map[string]text
}

// rendering is the work on the templates of one firing. It gathers what they say into the firing.
type rendering struct {
	deps   Deps
	firing *Firing
	masker *masker
	failed []string // the parts that could not be rendered
}

// request renders url, headers and payload; false where one cannot be.
func (r *rendering) request(ctx context.Context, w Webhook, c Context) (rendered, bool) {
	out := rendered{names: sortedNames(w.Headers), headers: map[string]text{}}
	seen := c.JSON()
	out.url = r.part(ctx, PartURL, w.URL, seen, false)
	for _, name := range out.names {
		out.headers[name] = r.part(ctx, PartHeader+name, w.Headers[name], seen, false)
	}
	out.payload = r.part(ctx, PartPayload, w.Payload, seen, out.isJSON())
	if len(r.failed) > 0 {
		r.firing.Error = fmt.Sprintf("Nothing was sent: %s cannot be rendered.", strings.Join(r.failed, ", "))
	}
	return out, len(r.failed) == 0
}

// isJSON says whether the payload goes out as JSON, as it does by default.
func (r rendered) isJSON() bool { return strings.Contains(r.contentType(), "json") }

func (r rendered) contentType() string {
	for name, value := range r.headers {
		if strings.EqualFold(name, "Content-Type") {
			return strings.ToLower(value.shown)
		}
	}
	return defaultContentType
}

// part renders one template: once for the wire and, where there are secrets, once with them masked for the record. Only
// what the masked rendering tells is recorded.
func (r *rendering) part(ctx context.Context, part, template string, seen []byte, isJSON bool) text {
	if template == "" {
		return text{}
	}
	in := Rendering{Template: template, Context: seen, Secrets: r.deps.Secrets, JSON: isJSON}
	real, err := r.deps.Renderer.Render(ctx, in)
	shown := real
	if len(r.deps.Secrets) > 0 {
		var errMasked error
		in.Mask = true
		shown, errMasked = r.deps.Renderer.Render(ctx, in)
		if err == nil {
			err = errMasked
		}
	}
	r.tell(part, template, shown, err)
	r.masker.learn(real.Output, shown.Output)
	return text{real.Output, shown.Output}
}

// response renders the response template. It is for people to read, so it sees masked secrets only.
func (r *rendering) response(ctx context.Context, template string, c Context) string {
	if template == "" {
		return ""
	}
	out, err := r.deps.Renderer.Render(ctx, Rendering{Template: template, Context: c.JSON(), Secrets: r.deps.Secrets, Mask: true})
	r.tell(PartResponse, template, out, err)
	return out.Output
}

// tell adds what a rendering says to the firing.
func (r *rendering) tell(part, template string, out Rendered, err error) {
	f := r.firing
	told := false
	for _, p := range out.Problems {
		p.Part = part
		told = told || p.Severity == Error
		f.Problems = append(f.Problems, p)
	}
	f.Problems = append(f.Problems, disputes(part, template)...)
	if len(out.Spans) > 0 {
		if f.Spans == nil {
			f.Spans = map[string][]Span{}
		}
		f.Spans[part] = out.Spans
	}
	if err == nil {
		return
	}
	r.failed = append(r.failed, part)
	if !told {
		f.Problems = append(f.Problems, Problem{
			ID: "template.failed", Severity: Error, Part: part, Message: err.Error(),
			Cure: "Correct the template: OpsLevel cannot render it either.",
		})
	}
}
