package action

import "context"

// Problem is something in a firing that its author should know, beside what OpsLevel would say of it.
type Problem struct {
	// ID is stable: subject, dot, matter ("payload.not_json").
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	// Part is what it concerns: url, method, header:NAME, payload, response_template, delivery, response or run.
	Part string `json:"part,omitempty"`
	// Line and Column count from 1 (Column in characters) in the template of the part, or in what it became where
	// Rendered is set; 0 where unknown.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Rendered says that Line and Column are those of the rendered text, not of the template.
	Rendered bool `json:"rendered,omitempty"`
	// Expression is the Liquid concerned, as written.
	Expression string `json:"expression,omitempty"`
	// Message is what is wrong and Cure what to do about it: a sentence each.
	Message string `json:"message"`
	Cure    string `json:"cure,omitempty"`
}

// Severity orders problems.
type Severity string

// The severities. Error: what was meant did not happen. Warning: it probably did not. Note: worth knowing.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Span says that a piece of rendered text came from an expression.
type Span struct {
	// Offset and Length are in bytes of the rendered text.
	Offset int `json:"offset"`
	Length int `json:"length"`
	// Line and Column are the place of the expression in the template, from 1.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Expression is what stands between the braces.
	Expression string `json:"expression"`
}

// Rendering is one template to render.
type Rendering struct {
	Template string
	// Context is the context as a JSON object. The order of its keys matters: Liquid shows it.
	Context []byte
	// Secrets are the values behind the secret filter, by alias.
	Secrets map[string]string
	// Mask: the secret filter gives [Mask] in place of the value.
	Mask bool
	// JSON: the text is to be JSON, so a renderer that can tell which value breaks it should. Otherwise it is any text.
	JSON bool
}

// JSONInvalid is the id under which a renderer tells that a text which is to be JSON is none.
const JSONInvalid = "json.invalid"

// Rendered is what a template became.
type Rendered struct {
	Output   string
	Problems []Problem
	Spans    []Span
}

// Renderer renders Liquid as OpsLevel does. A template that cannot be rendered at all (a syntax error, a limit) gives an
// error; Problems may stand beside it. What Ruby writes into the text ("Liquid error: ...") is no error. It must be
// safe for concurrent use.
type Renderer interface {
	Render(ctx context.Context, r Rendering) (Rendered, error)
}
