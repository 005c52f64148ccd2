package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// RenderRequest is a template to render and what to render it with.
type RenderRequest struct {
	Template string
	// Context is a JSON object as it was sent, or empty: Liquid shows the order of its keys and the text of its numbers.
	Context  []byte
	Partials map[string]string
	Strict   bool
}

// RenderAnswer is what became of the template.
type RenderAnswer struct {
	Output string `json:"output"`
	// Error is Ruby's message where the template cannot be rendered; what Ruby prints into the output is a problem.
	Error    *string         `json:"error"`
	Problems []RenderProblem `json:"problems"`
	Spans    []RenderSpan    `json:"spans"`
}

// RenderProblem is what the author of the template should know. Offset is the byte of the output it is about, -1 for
// none; Template is the partial it stands in, empty for the template itself.
type RenderProblem struct {
	ID         string          `json:"id"`
	Severity   action.Severity `json:"severity"`
	Line       int             `json:"line"`
	Column     int             `json:"column"`
	Template   string          `json:"template,omitempty"`
	Expression string          `json:"expression"`
	Message    string          `json:"message"`
	Cure       string          `json:"cure"`
	Offset     int             `json:"offset"`
}

// RenderSpan says which bytes of the output an expression wrote.
type RenderSpan struct {
	Offset     int    `json:"offset"`
	Length     int    `json:"length"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Template   string `json:"template,omitempty"`
	Expression string `json:"expression"`
}

// render answers 200 whatever the template is worth: a template that Ruby refuses is an answer, too. 400 is for a request
// that asks for nothing that can be rendered.
func (c *Control) render(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Template  *string           `json:"template"`
		Context   json.RawMessage   `json:"context"`
		Partials  map[string]string `json:"partials"`
		ErrorMode string            `json:"error_mode"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	if in.Template == nil {
		fail(w, http.StatusBadRequest, "no_template", "there is no template to render", `send {"template": "{{ user.name }}", "context": {...}}`)
		return
	}
	if in.ErrorMode != "" && in.ErrorMode != "lax" && in.ErrorMode != "strict" {
		fail(w, http.StatusBadRequest, "bad_error_mode", "error_mode is lax or strict, not "+cut(in.ErrorMode, 40), "leave it out for lax, which is Ruby's default")
		return
	}
	if bytes.Equal(in.Context, []byte("null")) {
		in.Context = nil
	}
	out, err := c.Store.Render(r.Context(), RenderRequest{*in.Template, in.Context, in.Partials, in.ErrorMode == "strict"})
	if errors.Is(err, context.DeadlineExceeded) {
		fail(w, http.StatusServiceUnavailable, "busy", err.Error(), "ask again when fewer templates are being rendered")
		return
	}
	if err != nil {
		fail(w, http.StatusBadRequest, "bad_context", err.Error(), "context is a JSON object of variables: what a template reads as user.name is {\"user\": {\"name\": ...}}")
		return
	}
	out.Problems, out.Spans = notNil(out.Problems), notNil(out.Spans)
	reply(w, http.StatusOK, out)
}
