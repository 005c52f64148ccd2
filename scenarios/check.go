package scenarios

import (
	"errors"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// checker collects what is wrong with a file beyond its types.
type checker struct {
	f    *yamlfile.File
	errs yamlfile.Errors
	// captured are the names that earlier steps capture.
	captured map[string]bool
}

func (c *checker) fail(n *yamlfile.Node, hint, format string, args ...any) {
	if len(c.errs) < yamlfile.MaxErrors {
		c.errs = append(c.errs, c.f.Errorf(n, hint, format, args...))
	}
}

// result is the errors, or nil.
func (c *checker) result() error {
	if len(c.errs) == 0 {
		return nil
	}
	return c.errs
}

func (c *checker) steps(steps []Step) {
	c.captured = map[string]bool{}
	for i := range steps {
		s := &steps[i]
		c.references(s)
		// What stands for other texts is checked once it is replaced.
		if !hasReferences(s.value) || s.Run != nil || s.Capture != nil {
			s.action().check(c, s.value)
		}
		if s.Capture != nil {
			for name := range s.Capture.Paths {
				c.captured[name] = true
			}
		}
	}
}

// action is the field that is set.
func (s *Step) action() action {
	switch {
	case s.Send != nil:
		return s.Send
	case s.Run != nil:
		return s.Run
	case s.Fire != nil:
		return s.Fire
	case s.Accept != nil:
		return s.Accept
	case s.Bind != nil:
		return s.Bind
	case s.Retire != nil:
		return s.Retire
	case s.Reset != nil:
		return s.Reset
	case s.Fault != nil:
		return s.Fault
	case s.Advance != nil:
		return s.Advance
	case s.Expect != nil:
		return s.Expect
	}
	return s.Capture
}

// referring are the nodes of a step in which references are replaced: all but scripts, which take their values from
// variables, so that nothing a sender wrote becomes a command.
func referring(s *Step, visit func(*yamlfile.Node)) {
	eachText(s.value, func(n *yamlfile.Node) {
		if s.kind == "run" && (n == s.value || n == s.value.Get("script")) {
			return
		}
		visit(n)
	})
}

func (c *checker) references(s *Step) {
	referring(s, func(n *yamlfile.Node) {
		parts, wrong, hint := split(n.Text)
		if wrong != "" {
			c.fail(n, hint, "%s", wrong)
			return
		}
		for _, p := range parts {
			if p.ref == nil || p.ref.space != "captured" || c.captured[p.ref.name] {
				continue
			}
			hint := yamlfile.DidYouMean(p.ref.name, sortedKeys(c.captured))
			if hint == "" {
				hint = "name it with - capture: {" + p.ref.name + ": PATH} in a step before"
			}
			c.fail(n, hint, "nothing was captured as %q before this step", p.ref.name)
		}
	})
}

// query reads a query.
func (c *checker) query(n *yamlfile.Node, text string) query.Query {
	q, err := query.Parse(text)
	var wrong *query.Error
	if errors.As(err, &wrong) {
		c.fail(n, wrong.Hint, "%s: %s", text, wrong.Message)
	} else if err != nil {
		c.fail(n, "", "%v", err)
	}
	return q
}

// expectation checks an expectation as a whole.
func (c *checker) expectation(n *yamlfile.Node, x expect.Expectation) {
	err := x.Check()
	var wrong *expect.Error
	if errors.As(err, &wrong) {
		c.fail(n, wrong.Hint, "%s", wrong.Message)
	} else if err != nil {
		c.fail(n, "", "%v", err)
	}
}
