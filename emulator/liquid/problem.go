package liquid

// Span says which bytes of the output an expression wrote.
type Span struct {
	Offset     int    // in bytes of Output, from 0
	Length     int    // in bytes; 0 where the value printed as nothing
	Line       int    // of the output or tag in the template, from 1
	Column     int    // in characters, from 1
	Template   string // the partial it stands in; empty for the template
	Expression string // as written, between {{ and }} or after the tag's name
}

// Problem is something the author of a template should know.
type Problem struct{ ID string }

type log struct {
	errors []string
	texts  []place1
}
type place1 struct {
	at int
	n  *text
}

func (r *run) inlineError(h *head, message string)                    { r.log.errors = append(r.log.errors, message) }
func (r *run) spanned(h *head, start int, expression string, v Value) {}
func (r *run) unknownVariable(l *lookup, name Value)                  {}
func (r *run) unknownStep(l *lookup, i int, v, key Value)             {}
func (r *run) unknownFilter(name string)                              {}
func (r *run) unknownTag(list []Value, key Value)                     {}
func (r *run) unknownSecret(alias string)                             {}
func (r *run) report(t *Template) ([]Problem, []Span)                 { return nil, nil }
