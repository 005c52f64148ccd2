package yamlfile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// width is a text, or a map with more to say.
type width struct {
	Text string `yaml:"text"`
	Line int
}

func (w *width) DecodeYAML(f *yamlfile.File, n *yamlfile.Node, o yamlfile.Options) ([]yamlfile.Note, error) {
	w.Line = n.Line
	switch n.Kind {
	case yamlfile.String:
		w.Text = n.Text
		return nil, nil
	case yamlfile.Map:
		type plain width
		return f.Decode(n, (*plain)(w), o)
	}
	return nil, errors.New("a width is a text or a map")
}

func TestTypesMayReadThemselves(t *testing.T) {
	var got struct {
		All  []width        `yaml:"all"`
		Raw  *yamlfile.Node `yaml:"raw"`
		None *width         `yaml:"none"`
	}
	notes, err := yamlfile.Unmarshal("f", []byte("all:\n  - wide\n  - {text: 1.10}\nraw: [a]\n"), &got, yamlfile.Options{})
	if err != nil || len(notes) != 1 || got.All[0] != (width{"wide", 2}) || got.All[1] != (width{"1.10", 3}) || got.None != nil {
		t.Errorf("%+v %v %v", got, notes, err)
	}
	if got.Raw.Find(0).Text != "a" {
		t.Error(got.Raw)
	}
	_, err = yamlfile.Unmarshal("f", []byte("all:\n  - [x]\n  - {txt: 1}\n"), &got, yamlfile.Options{})
	for _, want := range []string{"f:2:5: a width is a text or a map", `f:3:6: unknown key "txt" (did you mean "text"?)`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
}
