package yamlfile_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// FuzzDecode reads anything: no panic, every error with a place inside the file, and what was read survives being
// written and read again.
func FuzzDecode(f *testing.F) {
	for _, src := range hostile() {
		if len(src) < 2000 {
			f.Add([]byte(src))
		}
	}
	f.Add([]byte("name: a\nbooks:\n  - {title: x, pages: 3}\nlabels: {a: b}\nextra: [1, {b: null}]\n"))
	f.Add([]byte("x: &x {name: y}\n<<: *x\nkind: 1.10\n"))
	f.Add([]byte("name: |-\n  a\n  b\nextra: >\n  c\n\n  d\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var got shelf
		_, err := yamlfile.Unmarshal("f", src, &got, kinds)
		if err != nil {
			checkPlaces(t, src, err)
			return
		}
		again := roundTrip(t, got)
		if again.Pos, got.Pos = (yamlfile.Pos{}), (yamlfile.Pos{}); !reflect.DeepEqual(tidy(got), tidy(again)) {
			t.Errorf("read %#v\nthen %#v", got, again)
		}
	})
}

func checkPlaces(t *testing.T, src []byte, err error) {
	t.Helper()
	var all yamlfile.Errors
	if !errors.As(err, &all) || len(all) == 0 || len(all) > yamlfile.MaxErrors {
		t.Fatalf("%T: %v", err, err)
	}
	lines := strings.Count(string(src), "\n") + 1
	for _, e := range all {
		if e.Line < 1 || e.Line > lines || e.Column < 1 || !utf8.ValidString(e.Error()) && utf8.Valid(src) {
			t.Errorf("%+v", e)
		}
	}
}

func roundTrip(t *testing.T, s shelf) shelf {
	t.Helper()
	out, err := yamlfile.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again shelf
	if notes, err := yamlfile.Unmarshal("written", out, &again, kinds); err != nil || len(notes) > 0 {
		t.Fatalf("notes %v, error %v\n%s", notes, err, out)
	}
	return again
}

// tidy drops what a file cannot tell from nothing.
func tidy(s shelf) shelf {
	if len(s.Books) == 0 {
		s.Books = nil
	}
	if len(s.Labels) == 0 {
		s.Labels = nil
	}
	return s
}

func FuzzMarshalText(f *testing.F) {
	for _, s := range []string{"", "yes", "1.10", "a: b", "a #b", "- a", "\u2028", "\x00", "ü", "null", "~", "<<", "=", "a\n\nb ", "\ufeff", "'", "{", "😀", "C++ (x)", "-", "/", "//x", "a/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || len(s) > 1000 {
			return
		}
		got := roundTrip(t, shelf{Name: s, Labels: map[string]string{s: s}, Extra: []any{s, map[string]any{s: s}}})
		if got.Name != s || got.Labels[s] != s || !reflect.DeepEqual(got.Extra, []any{s, map[string]any{s: s}}) {
			t.Errorf("%q became %#v", s, got)
		}
	})
}
