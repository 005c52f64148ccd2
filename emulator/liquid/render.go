package liquid

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/osteele/liquid/render"
)

// run is the state of one render: it is made for it and dropped with it, which
// is why a Template can be rendered by many goroutines at once.
type run struct {
	ctx     context.Context
	options *Options
	limits  Limits
	input   *Input

	world    *world
	partials map[string]*Template
	node     *head // what is being rendered

	out       []byte
	capturing int // how many captures are open
	written   int // bytes written, captured ones included

	steps      int64 // turns of loops so far
	sinceCheck int64 // steps since the context was looked at
	operations int   // see tick
	worked     int   // bytes that filters have handled

	testing  int  // inside conditions, where absence is a fair question
	fallback int  // inside expressions that end in default
	printing bool // the expression is printed as it is
	absent   bool // the last expression led nowhere
	focus    int  // where in the source the part being evaluated starts
	log      log
}

// renderInto renders the template with the state r, writing to r.out.
func (t *Template) renderInto(r *run) error {
	// Every node writes through r, so osteele's own writer stays unused.
	err := render.Render(t.root, io.Discard, map[string]any{runKey: r}, t.config)
	if err == nil {
		return nil
	}
	if i, ok := err.(interrupt); ok {
		return i
	}
	return err.(error)
}

// handle is what Ruby does with an error in a node: note it and print it, unless
// the node prints nothing anyway. Interrupts and limits go up.
func (r *run) handle(h *head, err error) error {
	var inline *renderError
	var syntax *SyntaxError
	message := ""
	switch {
	case errors.As(err, &inline):
		message = "Liquid error" + place(r.world.template, h.line, r.options.LineNumbers) + ": " + inline.message
	case errors.As(err, &syntax):
		message = syntax.Error()
	default:
		return err
	}
	start := len(r.out)
	r.inlineError(h, message)
	if h.blank {
		return nil
	}
	if err := r.write(message); err != nil {
		return err
	}
	r.wrote(start, h, nil, errorPiece)
	return nil
}

// write appends s to the output.
func (r *run) write(s string) error {
	if r.written += len(s); r.written > r.limits.OutputBytes {
		return r.exceeded("OutputBytes", r.limits.OutputBytes)
	}
	r.out = append(r.out, s...)
	return nil
}

func (r *run) writeText(n *text) error {
	start := len(r.out)
	if err := r.write(n.text); err != nil {
		return err
	}
	r.wrote(start, &n.head, nil, textPiece)
	return nil
}

// print writes a value as the node h prints it.
func (r *run) print(h *head, from *variable, v Value) error {
	start := len(r.out)
	s, isString := v.(string)
	if !isString {
		var err error
		if s, err = r.printed(v); err != nil {
			return err
		}
	}
	if err := r.write(s); err != nil {
		return err
	}
	r.wrote(start, h, from, kindOf(v))
	return nil
}

// captured runs f with an output of its own and answers what was written.
func (r *run) captured(f func() error) (string, error) {
	outer := r.out
	r.out = nil
	r.capturing++
	err := f()
	text := string(r.out)
	r.capturing--
	r.out = outer
	return text, err
}

// here is the line and column of the node being rendered.
func (r *run) here() (line, column int) {
	if r.node == nil || r.node.source == nil {
		return 0, 0
	}
	return lineColumn(r.node.source.text, r.node.off)
}

// guard turns a panic into an error: a fault of this package must not take the
// emulator down. Stack and memory cannot run out, see Limits.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("liquid: fault: %v", p)
	}
}
