package liquid

import (
	"context"
	"strings"
	"testing"
)

const problemData = `{"service":{"name":"My \"x\" service","slug":"x","product":null,"path":"C:\\new","lines":"a\nb","n":1,"owner":null,"tags":[{"key":"pd_id","value":"1"}],"tools":[]},
"template_run":{"outputs":{"merge_request_url":"https://x"}},"response":{"body":{"number":7}}}`

func problemsOf(t *testing.T, template string, in Input, partials map[string]string) Result {
	t.Helper()
	in.Context = decoded(t, []byte(problemData))
	tp, err := Parse(template, Options{LineNumbers: true, Partials: partialsOf(partials)})
	if err != nil {
		t.Fatal(err)
	}
	res, err := tp.Render(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	in.SkipProblems = true
	bare, err := tp.Render(context.Background(), in)
	if err != nil || bare.Output != res.Output || bare.Problems != nil || bare.Spans != nil {
		t.Errorf("reporting changes the output: %q and %q", res.Output, bare.Output)
	}
	return res
}

func TestProblems(t *testing.T) {
	cases := []struct {
		template   string
		id         string
		severity   Severity
		line, col  int
		expression string
		cure       string // a part of it
	}{
		{"{{ service.nmae }}", PathUnknown, Warning, 1, 4, "service.nmae", "Did you mean service.name?"},
		{"a\n {{ servce.name }}", PathUnknown, Warning, 2, 5, "servce.name", "Did you mean service.name?"},
		{"{{ merge_request_url }}", PathUnknown, Warning, 1, 4, "merge_request_url", "template_run.outputs.merge_request_url"},
		{"{{ service.merge_request_url }}", PathUnknown, Warning, 1, 4, "service.merge_request_url", "template_run.outputs.merge_request_url"},
		{"{{ service.tags.pd_id }}", PathUnknown, Warning, 1, 4, "service.tags.pd_id", "tag_value: 'pd_id'"},
		{"{{ service.tools.name }}", PathUnknown, Warning, 1, 4, "service.tools.name", "service.tools[0].name"},
		{"{{ service.name.size.x }}", PathUnknown, Warning, 1, 4, "service.name.size.x", "End the path at service.name.size"},
		{"{{ service.zzz }}", PathUnknown, Warning, 1, 4, "service.zzz", "such as name"},
		{"{% if service.nmae %}{% endif %}", PathUnknown, Note, 1, 7, "service.nmae", "service.name"},
		{"{% if service.n == 2 %}x{% elsif service.nmae == 'x' %}{% endif %}", PathUnknown, Note, 1, 34, "service.nmae", "service.name"},
		{"{{ service.nmae | default: 'x' }}", PathUnknown, Note, 1, 4, "service.nmae", "service.name"},
		{"{% assign my_name = 1 %}{{ my_nme }}", PathUnknown, Warning, 1, 28, "my_nme", "my_name"},
		{"{% for t in service.tag %}x{% endfor %}", PathUnknown, Warning, 1, 13, "service.tag", "service.tags"},
		{"{% for t in service.tag %}x{% else %}{% endfor %}", PathUnknown, Note, 1, 13, "service.tag", "service.tags"},
		{"{{ 'a' | append: service.nmae }}", PathUnknown, Warning, 1, 18, "service.nmae", "service.name"},
		{"{{ service.owner.name }}", PathNil, Warning, 1, 4, "service.owner.name", "{% if service.owner %}"},
		{"{{ service.product }}", ValueNull, Note, 1, 4, "service.product", "default"},
		{"{{ service.slug | jsonfy }}", FilterUnknown, Error, 1, 19, "jsonfy", "jsonify"},
		{"{{ service.slug | json }}", FilterUnknown, Error, 1, 19, "json", "jsonify"},
		{"{{ service | tag_value: 'pdid' }}", TagUnknown, Warning, 1, 26, "pdid", "'pd_id'"},
		{"{{ 'tok' | secret }}", SecretUnknown, Error, 1, 5, "tok", "secret"},
		{"a {{ 1 | divided_by: 0 }}", LiquidError, Error, 1, 3, "1 | divided_by: 0", "Mend"},
		{"{% assign x = 1 | divided_by: 0 %}", LiquidError, Error, 1, 1, "x = 1 | divided_by: 0", "Mend"},
		{`{"a": "{{ service.name }}"}`, JSONUnescaped, Error, 1, 8, "service.name", "{{ service.name | jsonify }}"},
		{`{"a": "{{ service.lines }}"}`, JSONUnescaped, Error, 1, 8, "service.lines", "jsonify"},
		{`{"a": "{{ service.path }}"}`, JSONUnescaped, Warning, 1, 8, "service.path", "jsonify"},
		{`{"a": "{{ service.slug | jsonify }}"}`, JSONUnescaped, Error, 1, 8, "service.slug | jsonify", "Take away the quotes around"},
		{`{"a": "{{ service.slug }}"}`, JSONUnsafe, Note, 1, 8, "service.slug", "jsonify"},
		{"{\n \"a\": {{ service.product }},\n \"b\": 1}", JSONInvalid, Error, 2, 7, "service.product", "jsonify"},
		{"{\n \"a\": {{ service.slug }}}", JSONInvalid, Error, 2, 7, "service.slug", "jsonify"},
		{"{\n \"a\": {{ service.n }},\n}", JSONInvalid, Error, 3, 1, "", "Mend the JSON"},
		{"{\"a\": {{ service.n }} \"b\": 1}", JSONInvalid, Error, 1, 23, "", "Mend the JSON"},
		{"{\"a\": {{ 1 | divided_by: 0 }}}", JSONInvalid, Error, 1, 7, "1 | divided_by: 0", "prints an error"},
	}
	for _, c := range cases {
		res := problemsOf(t, c.template, Input{}, nil)
		found := false
		for _, p := range res.Problems {
			if p.ID != c.id || found {
				continue
			}
			found = true
			if p.Severity != c.severity || p.Line != c.line || p.Column != c.col || p.Expression != c.expression || !strings.Contains(p.Cure, c.cure) {
				t.Errorf("%s\n got %+v", c.template, p)
			}
			if !strings.HasSuffix(p.Message, ".") || !strings.HasSuffix(p.Cure, ".") && !strings.HasSuffix(p.Cure, "?") {
				t.Errorf("%s: not sentences: %q %q", c.template, p.Message, p.Cure)
			}
		}
		if !found {
			t.Errorf("%s: no %s among %+v", c.template, c.id, res.Problems)
		}
	}
}

func TestProblemSaysWhatHappens(t *testing.T) {
	for template, want := range map[string]string{
		"{{ service.nmae }}":               "service has no 'nmae', so service.nmae renders as nothing.",
		"{{ service.nmae | jsonify }}":     "service has no 'nmae', so service.nmae is nil.",
		"{% if service.nmae %}{% endif %}": "service has no 'nmae', so service.nmae is nil.",
	} {
		problems := problemsOf(t, template, Input{}, nil).Problems
		if len(problems) == 0 || problems[0].Message != want {
			t.Errorf("%s: %+v", template, problems)
		}
	}
}

func TestNoProblems(t *testing.T) {
	for _, template := range []string{
		`{"a": {{ service.name | jsonify }}, "n": {{ service.n }}, "s": "{{ service.n }}", "u": "{{ service.name | url_encode }}", "l": "{{ 'x' }}"}`,
		`{"a": "{{ service.name | replace: '"', '\"' }}"}` + "{% comment %}deliberate{% endcomment %}",
		"[View the PR]({{ response.body.number }}) {{ service.name }}",
		"{{ service.tags.first.value }}{{ service.tags.size }}{{ service | tag_value: 'pd_id' }}{% for t in service.tags %}{{ t.key }}{{ forloop.index }}{% endfor %}",
		"{% capture c %}{{ service.slug }}{% endcapture %}{{ c }}{% increment i %}{{ i }}",
	} {
		for _, p := range problemsOf(t, template, Input{}, nil).Problems {
			if p.Severity != Note {
				t.Errorf("%s: %+v", template, p)
			}
		}
	}
}

func TestProblemOnceInALoop(t *testing.T) {
	res := problemsOf(t, "{% for i in (1..50) %}{{ service.nmae }}{{ 1 | divided_by: 0 }}{% endfor %}", Input{}, nil)
	if len(res.Problems) != 2 || len(res.Errors) != 50 {
		t.Errorf("%d problems, %d errors", len(res.Problems), len(res.Errors))
	}
}

func TestProblemInPartial(t *testing.T) {
	res := problemsOf(t, "{% render 'p' %}", Input{}, map[string]string{"p": "a\n{{ nope }}"})
	if len(res.Problems) != 1 || res.Problems[0].Template != "p" || res.Problems[0].Line != 2 || res.Problems[0].Column != 4 {
		t.Errorf("%+v", res.Problems)
	}
}

func TestFormat(t *testing.T) {
	const notJSON = `{"a": 1,}`
	for format, want := range map[Format]int{Guess: 1, JSON: 1, Text: 0} {
		if got := problemsOf(t, notJSON, Input{Format: format}, nil).Problems; len(got) != want {
			t.Errorf("format %d: %+v", format, got)
		}
	}
	if got := problemsOf(t, "hello", Input{Format: JSON}, nil).Problems; len(got) != 1 || got[0].ID != JSONInvalid {
		t.Errorf("text as JSON: %+v", got)
	}
}

func TestProblemsHoldNoValues(t *testing.T) {
	secrets := func(string) (string, bool) { return "s3cret\"", true }
	res := problemsOf(t, `{"a": "{{ 'x' | secret }}", "b": "{{ service.name }}" {{ 'x' | secret }}}`, Input{Secrets: secrets}, nil)
	for _, p := range res.Problems {
		if strings.Contains(p.Message+p.Cure+p.Expression, "s3cret") || strings.Contains(p.Message+p.Cure, "My ") {
			t.Errorf("%+v", p)
		}
	}
	if len(res.Problems) == 0 {
		t.Error("none found")
	}
}

func TestSpans(t *testing.T) {
	res := problemsOf(t, "é {{ service.slug }}-{{ service.product }}\n{% capture c %}{{ service.n }}{% endcapture %}{% echo c | plus: 1 %}{% cycle 'u', 'v' %}{{ 1 | divided_by: 0 }}", Input{}, nil)
	want := []struct {
		text, expression string
		line, column     int
	}{
		{"x", "service.slug", 1, 3}, {"", "service.product", 1, 22}, {"2", "c | plus: 1", 2, 47}, {"u", "'u', 'v'", 2, 69},
		{"Liquid error (line 2): divided by 0", "1 | divided_by: 0", 2, 89},
	}
	if len(res.Spans) != len(want) {
		t.Fatalf("%+v", res.Spans)
	}
	for i, s := range res.Spans {
		w := want[i]
		if text := res.Output[s.Offset : s.Offset+s.Length]; text != w.text || s.Expression != w.expression || s.Line != w.line || s.Column != w.column {
			t.Errorf("got %q %+v, want %+v", text, s, w)
		}
	}
}
