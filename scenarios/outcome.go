package scenarios

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// failure is a step that found something else than was expected, or that could not be decided.
type failure struct {
	outcome Outcome
	// why is a sentence, text all there is to say, in lines.
	why, text string
	misses    []Miss
	verdict   *expect.Verdict
}

func (f *failure) Error() string { return f.why }

// failed is a failure with one sentence.
func failed(format string, args ...any) *failure {
	why := fmt.Sprintf(format, args...)
	return &failure{outcome: Failed, why: why, text: why}
}

// result is what became of the scenario: err is what ended it, if anything did.
func (r *run) result(err error, timeout time.Duration) Result {
	out := r.scenario.blank(Passed)
	if err == nil {
		return out
	}
	out.Outcome, out.Why = Incomplete, event.Clean(err.Error(), maxShown)
	r.place(&out)
	var f *failure
	var bad yamlfile.Errors
	var one *yamlfile.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.Why = fmt.Sprintf("the scenario was not done after %s", timeout)
	case errors.Is(err, context.Canceled):
		out.Why = "the run was broken off"
	case errors.As(err, &f):
		out.Outcome, out.Why, out.Text, out.Misses, out.Verdict = f.outcome, f.why, f.text, f.misses, f.verdict
	case errors.As(err, &bad):
		out.broken(bad[0])
		out.Text = bad.Error()
	case errors.As(err, &one):
		out.broken(one)
	}
	if out.Text == "" {
		out.Text = out.Why
	}
	out.Text = strings.TrimRight(out.Text, "\n")
	return out
}

// broken puts the place of an error in the file into the result.
func (r *Result) broken(e *yamlfile.Error) {
	r.Outcome, r.Why, r.Line, r.Column, r.Excerpt = Broken, e.Message, e.Line, e.Column, e.Excerpt
	if e.Hint != "" {
		r.Why += " (" + e.Hint + ")"
	}
	r.Text = r.Why
}

// place says at which step it ended.
func (r *run) place(out *Result) {
	if r.step == nil {
		return
	}
	for i := range r.scenario.Steps {
		if &r.scenario.Steps[i] == r.step {
			out.Step = i + 1
		}
	}
	out.Kind, out.Line, out.Column = r.step.kind, r.step.Line, r.step.Column
	out.Excerpt = r.scenario.file.Errorf(&yamlfile.Node{Pos: r.step.Pos}, "", "").Excerpt
}

// misplaced makes an error at a node one of the file.
func (r *run) misplaced(err error) error {
	var m *misplaced
	if errors.As(err, &m) {
		return r.scenario.file.Errorf(m.at, m.hint, "%s", m.what)
	}
	return err
}

// differs is what differs first, in a sentence.
func differs(what string, misses []Miss) string {
	m := misses[0]
	text := fmt.Sprintf("%s: %s should be %s, and is %s", what, m.Path, event.Clean(m.Expected, maxBrief), event.Clean(m.Arrived, maxBrief))
	if len(misses) > 1 {
		text += fmt.Sprintf(" (and %d more)", len(misses)-1)
	}
	return text
}

// maxBrief is how many characters of a value a sentence shows.
const maxBrief = 120

// missText is what differs in two columns, a line each.
func missText(misses []Miss) string {
	path, expected := 0, 0
	for _, m := range misses {
		path, expected = max(path, len([]rune(m.Path))), max(expected, len([]rune(m.Expected)))
	}
	path, expected = min(path, 30), min(expected, 60)
	var b strings.Builder
	line := func(mark, at, want, got string) {
		fmt.Fprintf(&b, "  %2s %-*s  %-*s  %s\n", mark, path, at, expected, want, got)
	}
	expected = max(expected, len("expected"))
	line("", "", "expected", "arrived")
	for _, m := range misses {
		line("!=", m.Path, m.Expected, m.Arrived)
	}
	return b.String()
}
