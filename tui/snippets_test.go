package tui

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// A request can be copied as a test in Go, which is one, and as a command of HTTPie.
func TestSnippets(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	for _, e := range d.src.events {
		if e.Request == nil {
			continue
		}
		code := goTestOf(e, "http://127.0.0.1:6775")
		if _, err := parser.ParseFile(token.NewFileSet(), "x_test.go", "package x\n"+code, 0); err != nil {
			t.Fatalf("event %d: %v\n%s", e.Seq, err, code)
		}
		if !strings.Contains(code, "Content-Type") || !strings.Contains(code, "/integrations/deploy/") {
			t.Errorf("event %d lacks something:\n%s", e.Seq, code)
		}
		command := httpieOf(e.Request, "http://127.0.0.1:6775")
		if !strings.HasPrefix(command, "http --ignore-stdin POST ") || !strings.Contains(command, "'Content-Type:application/json'") || !strings.Contains(command, "--raw '") {
			t.Errorf("event %d: %s", e.Seq, command)
		}
	}
	d.press("y").shows("Go test", "HTTPie command")
}

// The form of the last time may not fit what is under the cursor now.
func TestCopyAgainOfSomethingElse(t *testing.T) {
	d := newDesk(t, busy(), 120, 36, func(o *Options) { o.Env = append(o.Env, "SSH_CONNECTION=x") })
	d.press("3", "a", "1", "G") // the decision about the suggestion is an event without a request
	for _, kind := range []string{"b", "c", "h", "g", "r", "d", "q"} {
		d.u.lastCopy = kind
		d.press("Y").shows("there is nothing to copy in this form")
		d.press("5", "Y", "1")
	}
}
