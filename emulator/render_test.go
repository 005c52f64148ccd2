package emulator_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
)

type rendered struct {
	Output   *string
	Error    *string
	Problems []struct {
		ID, Severity, Template, Expression, Message, Cure string
		Line, Column, Offset                              int
	}
	Spans []struct {
		Offset, Length, Line, Column int
		Template, Expression         string
	}
}

func render(t testing.TB, s *emulator.Server, body string) rendered {
	t.Helper()
	a := control(t, s, "POST", "/render", body)
	if a.status != 200 {
		t.Fatalf("%d %s to %.200s", a.status, a.body, body)
	}
	out := decode[rendered](t, a)
	if out.Output == nil || out.Problems == nil || out.Spans == nil || !strings.Contains(a.body, `"error":`) {
		t.Fatalf("a field is missing or null in %s", a.body)
	}
	return out
}

// TestRenderKeepsTheContextAsItWasSent: the order of keys and the text of numbers reach the output.
func TestRenderKeepsTheContextAsItWasSent(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	out := render(t, s, `{"template": "{{ a | jsonify }} {{ a }}", "context": {"z": 0, "a": {"z": 1.0, "m": 12345678901234567890123, "a": "<é>"}}}`)
	if want := `{"z":1.0,"m":12345678901234567890123,"a":"<é>"} {"z"=>1.0, "m"=>12345678901234567890123, "a"=>"<é>"}`; *out.Output != want || out.Error != nil {
		t.Errorf("rendered %s, error %v", *out.Output, out.Error)
	}
}

func TestRenderTellsProblemsAndSpans(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	out := render(t, s, `{"template": "{\n \"a\": \"{{ user.nam }}\",\n \"b\": \"{{ user.name }}\"}", "context": {"user": {"name": "a \"b\""}}}`)
	ids := map[string]string{}
	for _, p := range out.Problems {
		ids[p.ID] = fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Expression)
		if p.Message == "" || p.Cure == "" || p.Severity == "" {
			t.Errorf("problem %+v", p)
		}
	}
	if ids["path.unknown"] != "2:11 user.nam" || ids["json.unescaped"] != "3:8 user.name" || ids["json.invalid"] == "" {
		t.Errorf("problems %v", ids)
	}
	if len(out.Spans) != 2 || (*out.Output)[out.Spans[1].Offset:][:out.Spans[1].Length] != `a "b"` || out.Spans[1].Line != 3 {
		t.Errorf("spans %+v", out.Spans)
	}
}

func TestRenderModesPartialsAndErrors(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, c := range []struct{ body, output, error string }{
		{`{"template": ""}`, "", ""},
		{`{"template": "{{ 1 | divided_by: 0 }}", "context": null}`, "Liquid error (line 1): divided by 0", ""},
		{`{"template": "a\n{% bogus %}", "context": {}}`, "", "Liquid syntax error (line 2): Unknown tag 'bogus'"},
		{`{"template": "{{ a | upcase: , }}", "context": {"a": "x"}, "error_mode": "lax"}`, "X", ""},
		{`{"template": "{{ a b }}", "context": {"a": "x"}, "error_mode": "strict"}`, "", `Liquid syntax error (line 1): Expected end_of_string but found id in "{{ a b }}"`},
		{`{"template": "{% include 'p' %}", "partials": {"p": "<{{ 2 | plus: 2 }}>"}}`, "<4>", ""},
		{`{"template": "{% include 'q' %}", "partials": {"p": ""}}`, "Liquid error (line 1): No such template 'q'", ""},
		{`{"template": "a{% for i in (1..2000000) %}{% endfor %}"}`, "a", "Liquid error: Memory limits exceeded (Iterations, at most 1048576)"},
	} {
		out := render(t, s, c.body)
		got := ""
		if out.Error != nil {
			got = *out.Error
		}
		if *out.Output != c.output || got != c.error {
			t.Errorf("%s: %q, error %q", c.body, *out.Output, got)
		}
		if got != "" && (len(out.Problems) == 0 || out.Problems[0].Severity != "error" || out.Problems[0].Line == 0) {
			t.Errorf("%s: problems %+v", c.body, out.Problems)
		}
	}
}

func TestRenderRefusesWhatIsNoQuestion(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		``:                                   {400, "no_template"},
		`{}`:                                 {400, "no_template"},
		`{"template": 1}`:                    {400, "bad_json"},
		`{"template": "a"`:                   {400, "bad_json"},
		`{"template": "a", "contxt": {}}`:    {400, "bad_json"},
		`{"template": "a", "context": [1]}`:  {400, "bad_context"},
		`{"template": "a", "context": "{}"}`: {400, "bad_context"},
		`{"template": "a", "context": {"a": ` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}}`: {400, "bad_context"},
		`{"template": "a", "error_mode": "strict2"}`:                                                         {400, "bad_error_mode"},
		`{"template": "` + strings.Repeat("a", 2<<20) + `"}`:                                                 {413, "too_large"},
	} {
		a := control(t, s, "POST", "/render", body)
		got := decode[struct {
			Error struct{ Code, Message, Hint string }
		}](t, a)
		if a.status != want.status || got.Error.Code != want.code || got.Error.Message == "" || got.Error.Hint == "" {
			t.Errorf("%.60s: %d %s", body, a.status, a.body)
		}
	}
	if a := control(t, s, "GET", "/render", ""); a.status != 405 {
		t.Errorf("GET: %d", a.status)
	}
}

// TestRenderManyAtOnce: hostile and harmless templates side by side, all answered.
func TestRenderManyAtOnce(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			body := fmt.Sprintf(`{"template": "{{ n }}", "context": {"n": %d}}`, i)
			if i%4 == 0 {
				body = `{"template": "{% assign s = 'x' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}"}`
			}
			out := render(t, s, body)
			if i%4 == 0 && out.Error == nil || i%4 != 0 && *out.Output != fmt.Sprint(i) {
				t.Errorf("%d: %q %v", i, *out.Output, out.Error)
			}
		})
	}
	all.Wait()
}

// TestRenderRecordedCases sends the recorded renderings of our domain over the wire.
func TestRenderRecordedCases(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "liquid-oracle", "domain_cases.json"))
	if err != nil {
		t.Skip("the recorded cases are not here")
	}
	var f struct {
		Contexts map[string]json.RawMessage
		Cases    []struct {
			ID, Template  string
			ContextRef    string  `json:"context_ref"`
			RubyOutput    *string `json:"ruby_output"`
			RubyError     *string `json:"ruby_error"`
			TimeDependent bool    `json:"time_dependent"`
		}
	}
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	s := emulator.Start(t, emulator.Config{})
	right, all := 0, 0
	for _, c := range f.Cases {
		if c.TimeDependent {
			continue
		}
		all++
		raw := f.Contexts[c.ContextRef]
		var quoted string
		if json.Unmarshal(raw, &quoted) == nil {
			raw = json.RawMessage(quoted)
		}
		template, err := json.Marshal(c.Template)
		if err != nil {
			t.Fatal(err)
		}
		out := render(t, s, fmt.Sprintf(`{"template": %s, "context": %s}`, template, raw))
		switch {
		case c.RubyError != nil && (out.Error == nil || *out.Error != *c.RubyError),
			c.RubyError == nil && (out.Error != nil || *out.Output != *c.RubyOutput):
			t.Errorf("%s: %q, error %v", c.ID, *out.Output, out.Error)
		default:
			right++
		}
	}
	t.Logf("%d of %d", right, all)
}
