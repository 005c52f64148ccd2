package liquid

import (
	"math"
	"strconv"
)

// SyntaxError is a template that Ruby refuses to parse.
type SyntaxError struct {
	Message  string // Ruby's words, without prefix
	Line     int    // from 1, in the template or the partial
	Column   int    // in characters, from 1
	Template string // the partial's name; empty for the template itself

	rubyLine int  // the line Ruby names: it counts a tag of several lines its own way
	numbered bool // Options.LineNumbers
	plain    bool // Ruby raises it as an ordinary error, without a position
}

// Error is Ruby's whole message, such as "Liquid syntax error (line 1): Unknown tag 'x'".
func (e *SyntaxError) Error() string {
	if e.plain {
		return "Liquid error: " + e.Message
	}
	return "Liquid syntax error" + place(e.Template, e.rubyLine, e.numbered) + ": " + e.Message
}

func place(template string, line int, numbered bool) string {
	switch {
	case !numbered || line == 0:
		return ""
	case template != "":
		return " (" + template + " line " + strconv.Itoa(line) + ")"
	}
	return " (line " + strconv.Itoa(line) + ")"
}

// A renderError is what Ruby raises while rendering and prints into the output.
type renderError struct{ message string }

func (e *renderError) Error() string { return e.message }

func argumentError(message string) error { return &renderError{message} }

func divisionError() error { return &renderError{"divided by 0"} }

// internalError is what Ruby prints where its own code breaks, for example on
// counting up a string.
func internalError() error { return &renderError{"internal"} }

func floatDomainError(f float64) error {
	s := "Computation results in '" + formatFloat(f) + "'"
	if math.IsNaN(f) {
		s += " (Not a Number)"
	}
	return &renderError{s}
}

// An interrupt ends the rendering of a body: break and continue. It passes
// through osteele's render loop as a parser.Error with a path, because such an
// error is handed up unwrapped.
type interrupt string

const (
	interruptBreak    interrupt = "break"
	interruptContinue interrupt = "continue"
)

func (i interrupt) Error() string   { return string(i) }
func (i interrupt) Path() string    { return string(i) }
func (i interrupt) LineNumber() int { return 0 }
func (i interrupt) Cause() error    { return nil }
