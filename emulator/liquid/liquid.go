package liquid

import (
	"context"
	"strings"
	"time"

	"github.com/osteele/liquid/render"
)

// Mode is how forgiving the parser is.
type Mode uint8

const (
	// Lax is Ruby's default: what the strict grammar refuses is read leniently.
	Lax Mode = iota
	// Strict refuses what is not in the grammar.
	Strict
)

// Options say how a template is parsed and what it may do. The zero value is
// Ruby's own default: lax, no line numbers in messages, no partials, UTC.
type Options struct {
	Mode        Mode
	LineNumbers bool // messages read "Liquid error (line 1): " instead of "Liquid error: "
	Limits      Limits
	// Partials answers the source of a partial by its name; nil allows none.
	// It may be called by several renders at once.
	Partials func(name string) (source string, ok bool)
	// Now is the clock behind 'now' and 'today'; nil means they are not known
	// and stay as they are.
	Now func() time.Time
	// Zone is the zone of times that name none; nil is UTC.
	Zone *time.Location
}

// Template is a parsed template. It is safe for concurrent use.
type Template struct {
	source  source
	options *Options
	root    render.Node
	config  render.Config
}

// Input is what one render works on. The zero value is an empty context.
type Input struct {
	// Context holds the variables, best as a *Hash: problems and hashes follow
	// its order. nil is an empty one; any other value has no variables.
	Context Value
	// Secrets answers a secret by its alias for the filter secret; nil knows none.
	Secrets func(alias string) (value string, ok bool)
	// MaskSecrets prints SecretMask in place of every secret that is known:
	// render a second time with it for anything that is kept or shown.
	MaskSecrets bool
	// Format says whether the output must be JSON; the zero value guesses.
	Format Format
	// SkipProblems leaves Problems and Spans empty, for a render whose output is
	// all that matters.
	SkipProblems bool
}

// SecretMask is what stands for a secret in masked output.
const SecretMask = "********"

// Result is what a render made.
type Result struct {
	Output   string
	Errors   []string  // Ruby's messages in order, printed into the output or not
	Problems []Problem // what the template's author should know; the output does not depend on it
	Spans    []Span    // which bytes of Output each expression wrote, in order
}

// Parse parses a template. An error is a *SyntaxError, in Ruby's words and with
// a position, or a *LimitError where the source is too long.
func Parse(source string, o Options) (*Template, error) {
	o.Limits = o.Limits.withDefaults()
	return parse(source, "", &o)
}

func parse(text, name string, o *Options) (t *Template, err error) {
	defer guard(&err)
	measure := &run{ctx: context.Background(), limits: o.Limits, options: o}
	if len(text) > o.Limits.SourceBytes {
		return nil, measure.exceeded("SourceBytes", o.Limits.SourceBytes)
	}
	p := &parser{source: text, template: name, options: o, measure: measure, line: 1}
	if !validText(text) {
		return nil, p.plainError("Invalid template encoding")
	}
	b, err := p.parseDocument()
	if err != nil {
		return nil, err
	}
	t = &Template{source: source{text, name}, options: o}
	t.root, t.config, err = compile(b, &t.source)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Render renders the template. What goes wrong inside it is printed into the
// output, as Ruby does, and listed in the Result; an error is returned only
// where rendering had to stop, and is a *LimitError then, with the output so
// far in the Result. ctx bounds the time.
func (t *Template) Render(ctx context.Context, in Input) (result Result, err error) {
	defer guard(&err)
	r := &run{ctx: ctx, options: t.options, limits: t.options.Limits, input: &in,
		world: &world{scopes: []*scope{{}}, data: in.Context}}
	if err := r.checkContext(); err != nil {
		return Result{}, err
	}
	r.out = make([]byte, 0, len(t.source.text)+len(t.source.text)/2)
	err = t.renderInto(r)
	if _, stopped := err.(interrupt); stopped {
		err = nil // break outside a loop ends the template
	}
	result = Result{Output: string(r.out), Errors: r.log.errors}
	if !in.SkipProblems {
		result.Problems, result.Spans = r.report(result.Output)
	}
	return result, err
}

// validText tells whether s is UTF-8.
func validText(s string) bool { return strings.ToValidUTF8(s, "") == s }
