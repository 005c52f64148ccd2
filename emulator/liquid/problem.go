package liquid

import (
	"sort"
	"strings"
)

// Severity says how sure it is that the author did not mean it.
type Severity string

const (
	// Error: this output is wrong.
	Error Severity = "error"
	// Warning: this output is hardly what was meant.
	Warning Severity = "warning"
	// Note: this output is fine, another one may not be.
	Note Severity = "note"
)

// The ids of problems.
const (
	PathUnknown   = "path.unknown"   // a path that the context does not have
	PathNil       = "path.nil"       // a path that leads through nil
	ValueNull     = "value.null"     // an output of nil
	FilterUnknown = "filter.unknown" // a filter that does not exist: Ruby passes the value through
	TagUnknown    = "tag.unknown"    // tag_value with a key that no tag has
	SecretUnknown = "secret.unknown" // an alias that no secret has
	LiquidError   = "liquid.error"   // an error that Ruby prints into the output
	JSONUnescaped = "json.unescaped" // a value that breaks or changes the JSON string it stands in
	JSONUnsafe    = "json.unsafe"    // a value in a JSON string that is harmless by luck
	JSONInvalid   = "json.invalid"   // output that is not JSON
)

// Problem is something the author of a template should know. It never holds a
// secret or another value of the context, only names; but a message of Ruby's,
// in LiquidError, may quote one: take problems from a masked render to keep them.
type Problem struct {
	ID         string   `json:"id"`
	Severity   Severity `json:"severity"`
	Line       int      `json:"line"`               // in the template, from 1; 0 if unknown
	Column     int      `json:"column"`             // in characters, from 1; 0 if unknown
	Template   string   `json:"template,omitempty"` // the partial it stands in; empty for the template
	Expression string   `json:"expression"`         // what caused it, as written
	Message    string   `json:"message"`            // what is wrong, a sentence
	Cure       string   `json:"cure"`               // what to do, a sentence
	// Offset is the byte of the output it is about, from 0; -1 if none.
	Offset int `json:"offset"`
}

// Span says which bytes of the output an expression wrote.
type Span struct {
	Offset     int    `json:"offset"`             // in bytes of the output, from 0
	Length     int    `json:"length"`             // in bytes; 0 where the value printed as nothing
	Line       int    `json:"line"`               // of the output or tag in the template, from 1
	Column     int    `json:"column"`             // in characters, from 1
	Template   string `json:"template,omitempty"` // the partial it stands in; empty for the template
	Expression string `json:"expression"`         // as written, between {{ and }} or after the tag's name
}

// Format is what a template's output is meant to be.
type Format uint8

const (
	// Guess takes output for JSON if it starts like it.
	Guess Format = iota
	// JSON output is checked.
	JSON
	// Text is not checked.
	Text
)

// piece is a stretch of output that one node wrote.
type piece struct {
	start, end int
	head       *head
	variable   *variable // nil for text and tags
	kind       pieceKind
}

type pieceKind uint8

const (
	textPiece   pieceKind = iota // the template's own text
	valuePiece                   // a value that is no text: a number, a hash
	stringPiece                  // a value that is text
	errorPiece                   // an inline error
)

// log gathers what is to be reported.
type log struct {
	errors   []string
	problems []Problem
	seen     map[seenKey]bool
	asked    map[onceKey]bool
	pieces   []piece
}

type seenKey struct {
	id         string
	source     *source
	off        int
	expression string
}

// onceKey names a part of the parsed template, or a name at such a part.
type onceKey struct {
	at   any // a pointer
	step int
	name string
}

// once tells whether a finding at this part is the first, and worth the search
// for a cure: in a loop it is made again and again.
func (r *run) once(at any, step int, name string) bool {
	if r.input.SkipProblems || len(r.log.problems) >= r.limits.Problems || len(r.log.asked) >= r.limits.Spans {
		return false
	}
	key := onceKey{at, step, name}
	if r.log.asked[key] {
		return false
	}
	if r.log.asked == nil {
		r.log.asked = map[onceKey]bool{}
	}
	r.log.asked[key] = true
	return true
}

// wrote notes who wrote the output from start on.
func (r *run) wrote(start int, h *head, v *variable, kind pieceKind) {
	if r.capturing > 0 || r.input.SkipProblems || len(r.log.pieces) >= r.limits.Spans {
		return
	}
	if r.log.pieces == nil {
		r.log.pieces = make([]piece, 0, 64)
	}
	r.log.pieces = append(r.log.pieces, piece{start, len(r.out), h, v, kind})
}

func kindOf(v Value) pieceKind {
	if _, isString := v.(string); isString {
		return stringPiece
	}
	return valuePiece
}

// found notes a problem with an expression of the node being rendered, once.
func (r *run) found(p Problem) {
	if r.node == nil || r.node.source == nil {
		return
	}
	src := r.node.source
	off := max(r.focus, r.node.off)
	if n := strings.Index(src.text[off:], p.Expression); n >= 0 {
		off += n
	}
	r.add(p, src, off)
}

func (r *run) add(p Problem, src *source, off int) {
	l := &r.log
	if len(l.problems) >= r.limits.Problems {
		return
	}
	key := seenKey{p.ID, src, off, p.Expression}
	if l.seen[key] {
		return
	}
	if l.seen == nil {
		l.seen = map[seenKey]bool{}
	}
	l.seen[key] = true
	p.Template = src.name
	p.Line, p.Column = lineColumn(src.text, off)
	l.problems = append(l.problems, p)
}

func (r *run) inlineError(h *head, message string) {
	if len(r.log.errors) < r.limits.Problems {
		r.log.errors = append(r.log.errors, message)
	}
	if !r.once(h, -1, r.world.template) {
		return
	}
	where := "is printed into the output"
	if h.blank {
		where = "leaves the tag without effect"
	}
	r.add(Problem{ID: LiquidError, Severity: Error, Expression: strings.Trim(h.markup, stripped), Offset: len(r.out),
		Message: "Ruby's message " + where + ": " + strings.TrimSuffix(message, ".") + ".",
		Cure:    "Mend the expression; Liquid goes on after such an error and sends the message."}, h.source, h.off)
}

// report turns what was gathered into problems, in the template's order, and spans.
func (r *run) report(output string) ([]Problem, []Span) {
	r.checkJSON(output)
	problems := r.log.problems
	sort.SliceStable(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		if a.Template != b.Template {
			return a.Template < b.Template
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	var spans []Span
	at := map[*source]*cursor{}
	for i := range r.log.pieces {
		p := &r.log.pieces[i]
		if p.kind == textPiece {
			continue
		}
		c := at[p.head.source]
		if c == nil {
			c = &cursor{text: p.head.source.text, known: map[int][2]int{}}
			at[p.head.source] = c
		}
		line, column := c.position(p.head.off)
		spans = append(spans, Span{p.start, p.end - p.start, line, column, p.head.source.name, p.expression()})
	}
	return problems, spans
}

// cursor answers lines and columns of a text. It remembers them, and goes on
// from the last one: spans follow the text, again and again in loops.
type cursor struct {
	text              string
	off, line, column int // where it stands; line and column from 0
	known             map[int][2]int
}

func (c *cursor) position(off int) (line, column int) {
	if p, ok := c.known[off]; ok {
		return p[0], p[1]
	}
	if off < c.off {
		c.off, c.line, c.column = 0, 0, 0
	}
	between := c.text[c.off:off]
	if n := strings.Count(between, "\n"); n > 0 {
		c.line += n
		c.column = 0
		between = between[strings.LastIndexByte(between, '\n')+1:]
	}
	c.column += runeCount(between)
	c.off = off
	c.known[off] = [2]int{c.line + 1, c.column + 1}
	return c.line + 1, c.column + 1
}

func (p *piece) expression() string {
	if p.variable != nil {
		return p.variable.source
	}
	return strings.Trim(p.head.markup, stripped)
}
