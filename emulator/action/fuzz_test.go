package action

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func FuzzTree(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,{"b":null}],"a":"<"}`, `"\ud800"`, "[[[", "{\"\":\"\xff\"}", "12345678901234567890.0e5"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		tree, err := parseTree(in)
		if err != nil {
			line, column, _ := syntaxPlace(in, err)
			if line < 0 || column < 0 {
				t.Errorf("%d:%d", line, column)
			}
			return
		}
		out := writeTree(tree)
		again, err := parseTree(out)
		if err != nil || !bytes.Equal(writeTree(again), out) {
			t.Errorf("%q became %q: %v", in, out, err)
		}
		var compact bytes.Buffer
		encoded, err := json.Marshal(json.RawMessage(out))
		if err != nil || json.Compact(&compact, encoded) != nil || compact.String() != string(out) {
			t.Errorf("%q does not stay what it is in a record: %q", out, encoded)
		}
	})
}

func FuzzCookiecutter(f *testing.F) {
	f.Add([]byte(cookiecutter))
	f.Add([]byte(`{"a":["{{b}}"]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		fields, err := ParseCookiecutter(in)
		if err != nil {
			return
		}
		for _, field := range fields {
			if hasJinja(field.Default) || hasJinja(asAny(field.Choices)) || strings.HasPrefix(field.Name, "_") {
				t.Errorf("%+v", field)
			}
		}
	})
}

// Whatever URL passes, what is dialled is what the URL says, and the request stays one request.
func FuzzTarget(f *testing.F) {
	for _, seed := range []string{"http://127.0.0.1/", "http://a@b:c@d/", "http://[::1%25lo]/", "http://x/%0d%0aX: y", "https://h:1/?a=b#c", "receiver:a", "http://0x7f.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, problem := targetOf(text{in, in}, "http://127.0.0.1:1/r")
		if problem != nil {
			return
		}
		p := outgoing{method: "GET"}.packet(got, false, noon)
		head, rest, _ := strings.Cut(string(p.real), "\r\n\r\n")
		for _, l := range strings.Split(head, "\r\n") {
			if strings.ContainsAny(l, "\r\n\x00") {
				t.Errorf("%q makes the line %q", in, l)
			}
		}
		if rest != "" || strings.Count(head, "\r\n") > 6 {
			t.Errorf("%q makes %q", in, p.real)
		}
		if u, err := url.Parse(got.url.String()); err != nil || u.Host != got.url.Host {
			t.Errorf("%q is read as %q", in, got.url)
		}
	})
}
