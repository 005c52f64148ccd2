package yamlfile_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

type shelf struct {
	Pos    yamlfile.Pos
	Name   string            `yaml:"name,required"`
	Kind   string            `yaml:"kind"`
	Books  []book            `yaml:"books"`
	Labels map[string]string `yaml:"labels"`
	Extra  any               `yaml:"extra"`
	Public bool              `yaml:"public"`
	Opened *time.Time        `yaml:"opened"`
	Height float64           `yaml:"height"`
	Inner  `yaml:",inline"`
}

type Inner struct {
	Floor int `yaml:"floor"`
}

type book struct {
	Title string `yaml:"title,required"`
	Pages int    `yaml:"pages"`
}

var kinds = yamlfile.Options{Enums: map[string][]string{"kind": {"wood", "steel"}}}

func TestDecodeFillsEveryType(t *testing.T) {
	const src = `name: Front # a comment
kind: wood
floor: 2
public: true
height: 1.85
opened: 2020-02-03 04:05:06
labels: {a: b, 'c d': "e\n"}
books:
  - title: >
      One
      two
    pages: 12
  - {title: "3"}
extra: [1, 2.5, null, "x", {y: true}]
`
	var got shelf
	notes, err := yamlfile.Unmarshal("shelf.yaml", []byte(src), &got, kinds)
	if err != nil || len(notes) > 0 {
		t.Fatalf("notes %v, error %v", notes, err)
	}
	opened := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
	want := shelf{
		Pos: yamlfile.Pos{Line: 1, Column: 1}, Name: "Front", Kind: "wood", Public: true, Height: 1.85, Opened: &opened,
		Labels: map[string]string{"a": "b", "c d": "e\n"},
		Books:  []book{{"One two\n", 12}, {Title: "3"}},
		Extra:  []any{int64(1), 2.5, nil, "x", map[string]any{"y": true}},
		Inner:  Inner{Floor: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsNamePlaceAndCure(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"unknown key": {"nmae: x\nname: y\n", "f:1:1: unknown key \"nmae\" (known keys: name, kind, books, labels, extra, public, opened, height, floor)\n    1 | nmae: x\n      | ^"},
		"meant key":   {"name: y\nbooks:\n  - titel: x\n    title: z\n  - titel: x\n", `f:5:5: unknown key "titel" in an entry of books (did you mean "title"?)`},
		"no list":     {"name: y\nbooks: {title: x}\n", "f:2:9: books must be a list, and this is a map (begin each entry with -)"},
		"no map":      {"- a\n", "f:1:1: the file must be a map, and this is a list (write it as key: value)"},
		"no number":   {"name: y\nfloor: two\n", `f:2:8: floor must be a whole number, and this is a text, "two"`},
		"hex number":  {"name: y\nfloor: 0x10\n", `floor must be a whole number, and this is a whole number, "0x10" (write it in decimal digits alone)`},
		"long number": {"name: y\nfloor: 99999999999999999999\n", `"99999999999999999999" (between -9223372036854775808 and 9223372036854775807)`},
		"text number": {"name: y\nfloor: \"5\"\n", `this is a text, "5" (leave the quotes out)`},
		"no truth":    {"name: y\npublic: yes\n", `f:2:9: public must be true or false, and this is a text, "yes" (write true)`},
		"enumeration": {"name: y\nkind: Stele\n", `f:2:7: kind cannot be "Stele" (did you mean "steel"?)`},
		"no text":     {"name: [y]\n", "f:1:7: name must be a text, and this is a list"},
		"missing":     {"kind: wood\n", "f:1:1: name is missing"},
		"blank":       {"name:\n", "f:1:1: name is missing"},
		"twice":       {"name: a\nfloor: 1\nname: b\n", `f:3:1: the key "name" is here for the second time; the first is in line 1`},
		"moment":      {"name: a\nopened: soon\n", `f:2:9: this must be a moment, and is a text, "soon" (write it as 2006-01-02T15:04:05Z)`},
		"indentation": {"name: a\nbooks:\n  - title: x\n   labels: y\n", "f:4:4: value is not allowed in this context (indent it like the line that it belongs with: this is 3 spaces in, and no key before it is)"},
		"tab":         {"name: a\nbooks:\n\t- title: x\n", "YAML is indented by spaces, not by tabs"},
		"no anchor":   {"x: &front a\nname: *frnt\n", `f:2:7: no anchor is named "frnt" before this place (did you mean "front"?)`},
		"itself":      {"name: &a [*a]\n", `no anchor is named "a" before this place`},
		"bad bytes":   {"name: a\nkind: \xff\n", "f:2:7: the byte 0xff is not text (save the file as UTF-8)"},
		"empty":       {"# nothing\n", "f:1:1: the file is empty"},
		"two":         {"name: a\n---\nname: b\n", "f:3:1: a second document; this file may have only one"},
		"tag":         {"name: !ruby/object x\n", "the tag !ruby/object is not known here (leave the tag out)"},
		"merge":       {"name: a\n<<: 5\n", "only maps can be merged by <<, and this is a whole number"},
		"empty entry": {"name: a\nbooks:\n  -\n", "an empty entry in books"},
	} {
		t.Run(name, func(t *testing.T) {
			var into shelf
			_, err := yamlfile.Unmarshal("f", []byte(c.src), &into, kinds)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:\n%s\nwant in it:\n%s", err, c.want)
			}
			var one *yamlfile.Error
			if !errors.As(err, &one) || one.Line < 1 || one.Column < 1 || one.Excerpt == "" {
				t.Errorf("place or excerpt is missing: %+v", one)
			}
		})
	}
}

func TestErrorsAreCollectedInOrderAndBounded(t *testing.T) {
	var into shelf
	_, err := yamlfile.Unmarshal("f", []byte("nam: x\nkind: Wood\nfloor: x\n"), &into, kinds)
	want := `f:1:1: unknown key "nam" (did you mean "name"?)
    1 | nam: x
      | ^
f:2:7: kind cannot be "Wood" (did you mean "wood"?)
    1 | nam: x
    2 | kind: Wood
      |       ^
f:3:8: floor must be a whole number, and this is a text, "x"
    2 | kind: Wood
    3 | floor: x
      |        ^
f:1:1: name is missing
    1 | nam: x
      | ^`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
	_, err = yamlfile.Unmarshal("f", []byte("books:\n"+strings.Repeat("  - a\n", 1000)), &into, kinds)
	if all := err.(yamlfile.Errors); len(all) != yamlfile.MaxErrors {
		t.Errorf("%d errors, want %d", len(all), yamlfile.MaxErrors)
	}
}

func TestAnchorsAndMergeKeys(t *testing.T) {
	const src = `
x-common: &common
  name: common
  floor: 3
  labels: &l {team: a}
x-more: &more {kind: steel, floor: 9}
shelf:
  <<: [*common, *more]
  name: own
  labels: *l
`
	f, err := yamlfile.Parse("f", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got shelf
	if _, err := f.Decode(f.Docs[0].Get("shelf"), &got, yamlfile.Options{}); err != nil {
		t.Fatal(err)
	}
	if got.Name != "own" || got.Floor != 3 || got.Kind != "steel" || got.Labels["team"] != "a" {
		t.Errorf("%+v", got)
	}
	if n := f.Docs[0].Find("shelf", "name"); n.Line != 9 || n.Column != 9 {
		t.Errorf("name is at %v", n.Pos)
	}
}

func TestEmptyEntriesSwallowNothing(t *testing.T) {
	for src, want := range map[string]string{
		"a:\n- x\n-\nb: 1\n":                 "a:\n  - x\n  - null\nb: 1\n",
		"a:\n  - x\n  -\nb: 1\n":             "a:\n  - x\n  - null\nb: 1\n",
		"a:\n-\n- # c\n- y\nb:\n- k: v\n-\n": "a:\n  - null\n  - null\n  - \"y\"\nb:\n  - k: v\n  - null\n",
		"- - a\n  -\n-\n- b\n":               "- - a\n  - null\n- null\n- b\n",
		"a:\n-\n  b: 1\n-\n  c\n":            "a:\n  - b: 1\n  - c\n",
		"a:\n-\n# c\n---\nb: 1\n":            "",
	} {
		f, err := yamlfile.Parse("f", []byte(src))
		if err != nil {
			t.Errorf("%q: %v", src, err)
			continue
		}
		var v any
		if _, err := f.Decode(f.Docs[0], &v, yamlfile.Options{}); err != nil {
			t.Error(err)
		}
		if out, err := yamlfile.Marshal(v); want != "" && string(out) != want || err != nil {
			t.Errorf("%q:\n%s%v", src, out, err)
		}
	}
}

func TestLenientTurnsUnknownIntoNotes(t *testing.T) {
	o := kinds
	o.Lenient = true
	var got shelf
	notes, err := yamlfile.Unmarshal("f", []byte("name: a\nwidht: 3\nkind: glass\n"), &got, o)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`f:2:1: the key "widht" is not read`, `f:3:7: kind cannot be "glass"; it is left out (one of wood, steel)`}
	var lines []string
	for _, n := range notes {
		lines = append(lines, n.String())
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

// The right column was recorded from Ruby 3.1: YAML.unsafe_load(scalar).to_s, where that differs from the scalar.
func TestYAML11Surprises(t *testing.T) {
	for text, want := range map[string]string{
		"1.10": "1.1", "5.0": "", "yes": "true", "No": "false", "on": "true", "OFF": "false", "true": "", "True": "true",
		"0123": "83", "089": "", "0o17": "", "0x1F": "31", "0b11": "3", "12:30": "45000", "1:02:03": "3723", "1,000": "1000",
		"1_000": "1000", "123": "", "+5": "5", "-7": "", ".5": "0.5", "1e3": "", "1.0e+3": "1000.0", "1.5e+20": "",
		"v1.10": "", "1.2.3": "", "y": "", "n": "", "12:99": "", "0.00001": "1.0e-05", "00": "0", "1.": "1.0", "~": "", ".": "",
		"-0123": "-83", "1__0": "", "-12:30": "-41400", "0_1": "1", "-.5": "-0.5", "1.5e3": "", "+1.5": "1.5", "0x": "",
		"1,5": "15", "1,2.5": "12.5", "1.1_0": "", "190:20:30": "685230", "123e4": "", "2019-02-01": "", "1e-5": "",
	} {
		n := &yamlfile.Node{Kind: yamlfile.String, Text: text, Plain: true}
		s, ok := yamlfile.Surprise(n)
		if ok && s.Text != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", text, s.Text, want)
		}
		n.Plain = false
		if _, ok := yamlfile.Surprise(n); ok {
			t.Errorf("%s in quotes is no surprise", text)
		}
	}
}

func TestSurprisesAreNoted(t *testing.T) {
	const src = "name: 1.10\nkind: yes\n"
	for _, yaml11 := range []bool{false, true} {
		var got shelf
		notes, err := yamlfile.Unmarshal("f", []byte(src), &got, yamlfile.Options{YAML11: yaml11})
		if err != nil || len(notes) != 2 {
			t.Fatalf("notes %v, error %v", notes, err)
		}
		want, note := "1.10", `f:1:7: unquoted 1.10 is taken as it stands; YAML 1.1 makes it the number 1.1 (quote it: "1.10")`
		if yaml11 {
			want, note = "1.1", `f:1:7: unquoted 1.10 is the number 1.1 in YAML 1.1, so name is "1.1" (quote it: "1.10")`
		}
		if got.Name != want || notes[0].String() != note {
			t.Errorf("name %q, note %s", got.Name, notes[0])
		}
	}
}
