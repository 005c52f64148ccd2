package scenarios

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// The steps that can be written as a single text or list. Each type below is the same without its method, so that the
// long form is read by its tags.
type (
	longCommand Command
	longFire    Fire
	longAccept  Accept
	longExpect  Expect
	longFault   Fault
)

// DecodeYAML reads a list of words, a script, or the long form.
func (c *Command) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	if n.Kind == yamlfile.List {
		return f.Decode(n, &c.Command, o)
	}
	if text, ok := shorthand(n); ok {
		c.Script = text
		return nil, nil
	}
	return f.Decode(n, (*longCommand)(c), o)
}

// DecodeYAML reads the name of a template, or the long form.
func (x *Fire) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	if text, ok := shorthand(n); ok {
		x.Template = text
		return nil, nil
	}
	return f.Decode(n, (*longFire)(x), o)
}

// DecodeYAML reads an alias, or the long form.
func (x *Accept) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	if text, ok := shorthand(n); ok {
		x.Alias = text
		return nil, nil
	}
	return f.Decode(n, (*longAccept)(x), o)
}

// DecodeYAML reads a query, or the long form.
func (x *Expect) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	if text, ok := shorthand(n); ok {
		x.Query = text
		return nil, nil
	}
	return f.Decode(n, (*longExpect)(x), o)
}

// DecodeYAML reads a kind of fault, off, or the long form.
func (x *Fault) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	if text, ok := shorthand(n); ok {
		x.Kind, x.Off = fault.Kind(text), text == "off"
		return nil, nil
	}
	return f.Decode(n, (*longFault)(x), o)
}

// DecodeYAML reads the name or uuid of an integration.
func (x *Retire) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, _ yamlfile.Options) (_ []yamlfile.Note, err error) {
	x.Integration, err = only(f, n, "the name or uuid of an integration")
	return nil, err
}

// DecodeYAML reads nothing: - reset:
func (x *Reset) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, _ yamlfile.Options) ([]yamlfile.Note, error) {
	return nil, f.Errorf(n, "write - reset:", "reset takes nothing, and this is %s", n.Kind)
}

// DecodeYAML reads a duration.
func (x *Advance) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	return f.Decode(n, &x.By, o)
}

// DecodeYAML reads names and their paths.
func (x *Capture) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	return f.Decode(n, &x.Paths, o)
}

// DecodeYAML reads 1m30s.
func (d *Duration) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, _ yamlfile.Options) ([]yamlfile.Note, error) {
	text, err := only(f, n, "a duration such as 1m30s")
	if err != nil {
		return nil, err
	}
	v, err := time.ParseDuration(text)
	if err != nil {
		return nil, f.Errorf(n, "write it as 300ms, 10s, 1m30s or 24h", "%q is not a duration", text)
	}
	*d = Duration(v)
	return nil, nil
}

func (d Duration) String() string { return time.Duration(d).String() }

// only reads a value that has to be a single text.
func only(f *yamlfile.File, n *yamlfile.Node, what string) (string, error) {
	text, ok := shorthand(n)
	if !ok || text == "" {
		return "", f.Errorf(n, "", "here belongs %s, and this is %s", what, n.Kind)
	}
	return text, nil
}
