package scenarios

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// Step is one thing to do; exactly one of its fields is set.
type Step struct {
	yamlfile.Pos
	Send    *Send    `yaml:"send"`
	Run     *Command `yaml:"run"`
	Fire    *Fire    `yaml:"fire"`
	Accept  *Accept  `yaml:"accept"`
	Bind    *Bind    `yaml:"bind"`
	Retire  *Retire  `yaml:"retire"`
	Reset   *Reset   `yaml:"reset"`
	Fault   *Fault   `yaml:"fault"`
	Advance *Advance `yaml:"advance"`
	Expect  *Expect  `yaml:"expect"`
	Capture *Capture `yaml:"capture"`

	// kind is the step's key and value what stands behind it, with its references as they were written.
	kind  string
	value *yamlfile.Node
}

// action is what a step does, once it is read.
type action interface {
	// check says what is wrong with it as it was written.
	check(c *checker, n *yamlfile.Node)
	// do does it; the first error ends the scenario.
	do(r *run) error
}

// Kind is the step's key: "send".
func (s *Step) Kind() string { return s.kind }

// kinds are the keys of steps in the order of the manual.
func kinds() []string {
	return []string{"send", "run", "fire", "accept", "bind", "retire", "reset", "fault", "advance", "expect", "capture"}
}

// fresh makes the field of a kind, empty.
func (s *Step) fresh(kind string) action {
	switch kind {
	case "send":
		s.Send = &Send{}
		return s.Send
	case "run":
		s.Run = &Command{}
		return s.Run
	case "fire":
		s.Fire = &Fire{}
		return s.Fire
	case "accept":
		s.Accept = &Accept{}
		return s.Accept
	case "bind":
		s.Bind = &Bind{}
		return s.Bind
	case "retire":
		s.Retire = &Retire{}
		return s.Retire
	case "reset":
		s.Reset = &Reset{}
		return s.Reset
	case "fault":
		s.Fault = &Fault{}
		return s.Fault
	case "advance":
		s.Advance = &Advance{}
		return s.Advance
	case "expect":
		s.Expect = &Expect{}
		return s.Expect
	case "capture":
		s.Capture = &Capture{}
		return s.Capture
	}
	return nil
}

// DecodeYAML reads a step: a map of one key.
func (s *Step) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, _ yamlfile.Options) ([]yamlfile.Note, error) {
	if n.Kind != yamlfile.Map || len(n.Pairs) == 0 {
		return nil, f.Errorf(n, "write it as - send: or - expect: QUERY", "a step is a map of one key, and this is %s", n.Kind)
	}
	p := n.Pairs[0]
	if len(n.Pairs) > 1 {
		return nil, f.Errorf(n.Pairs[1].Key, "begin each step with its own -", "a step has one key, and %q is its second", n.Pairs[1].Key.Text)
	}
	*s = Step{Pos: n.Pos, kind: p.Key.Text, value: p.Value}
	a := s.fresh(s.kind)
	if a == nil {
		hint := yamlfile.DidYouMean(s.kind, kinds())
		if hint == "" {
			hint = "the steps are " + strings.Join(kinds(), ", ")
		}
		return nil, f.Errorf(p.Key, hint, "there is no step %q", s.kind)
	}
	return nil, decodeAction(f, p.Value, a)
}

// decodeAction reads what stands behind a step's key. Nothing is a step with all of its defaults.
func decodeAction(f *yamlfile.File, n *yamlfile.Node, a action) error {
	if n.Kind == yamlfile.Null {
		return nil
	}
	_, err := f.Decode(n, a, yamlfile.Options{})
	return err
}

// shorthand reads a step that is a single text: - accept: cart.
func shorthand(n *yamlfile.Node) (text string, ok bool) {
	switch n.Kind {
	case yamlfile.Map, yamlfile.List, yamlfile.Null:
		return "", false
	}
	return n.Text, true
}
