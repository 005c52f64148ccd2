package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/scenarios"
)

// The line that shows how far a run is stays one line, whatever a scenario is called, and is gone at the end.
func TestLiveLine(t *testing.T) {
	var to bytes.Buffer
	l := &live{to: &to, all: 2}
	l.done(scenarios.Result{Name: "a\nb\x1b[2J" + strings.Repeat("x", 200), Outcome: scenarios.Failed})
	l.done(scenarios.Result{Name: "two", Outcome: scenarios.Passed})
	l.end()
	lines := strings.Split(to.String(), "\r\x1b[K")
	if len(lines) != 4 || len(lines[1]) > 80 || strings.ContainsAny(lines[1], "\n\x1b") || lines[2] != "2 of 2, 1 wrong: two" || lines[3] != "" {
		t.Errorf("got %q", lines)
	}
	to.Reset()
	silent := &live{to: &to, all: 1, silent: true}
	silent.done(scenarios.Result{})
	silent.end()
	if to.Len() > 0 {
		t.Errorf("got %q where there is no terminal", to.String())
	}
}
