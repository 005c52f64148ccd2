package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

func renderer() *emulator.Renderer {
	return emulator.NewRenderer(clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
}

func TestRendererServesFirings(t *testing.T) {
	var r action.Renderer = renderer()
	in := action.Rendering{
		Template: `{"b": {{ b | jsonify }}, "n": {{ n }}, "t": "{{ 'now' | date: '%Y' }}", "s": "{{ 'token' | secret }}", "x": "{{ usr }}"}`,
		Context:  []byte(`{"b": {"z": 1.0, "a": 12345678901234567890}, "n": 10000000000000000000000, "user": 1}`),
		Secrets:  map[string]string{"token": "hunter2"},
		JSON:     true,
	}
	want := `{"b": {"z":1.0,"a":12345678901234567890}, "n": 10000000000000000000000, "t": "2026", "s": "hunter2", "x": ""}`
	out, err := r.Render(t.Context(), in)
	if err != nil || out.Output != want {
		t.Errorf("rendered %q, %v", out.Output, err)
	}
	if len(out.Problems) != 1 || out.Problems[0].ID != liquid.PathUnknown || out.Problems[0].Severity != action.Error && out.Problems[0].Severity != action.Warning ||
		out.Problems[0].Line != 1 || out.Problems[0].Column == 0 || out.Problems[0].Expression != "usr" || !strings.Contains(out.Problems[0].Cure, "user") {
		t.Errorf("problems %+v", out.Problems)
	}
	if len(out.Spans) != 5 || in.Template[out.Spans[0].Column-1:][:2] != "{{" || out.Output[out.Spans[3].Offset:][:out.Spans[3].Length] != "hunter2" {
		t.Errorf("spans %+v", out.Spans)
	}
	in.Mask = true
	if out, err = r.Render(t.Context(), in); err != nil || out.Output != strings.Replace(want, "hunter2", action.Mask, 1) {
		t.Errorf("masked %q, %v", out.Output, err)
	}
}

// TestRendererFormat: what is not to be JSON is not judged as such, and what is to be is.
func TestRendererFormat(t *testing.T) {
	r := renderer()
	for _, isJSON := range []bool{true, false} {
		out, err := r.Render(t.Context(), action.Rendering{Template: `{"a": }`, JSON: isJSON})
		if err != nil || (len(out.Problems) == 1 && out.Problems[0].ID == action.JSONInvalid) != isJSON {
			t.Errorf("JSON %v: %+v, %v", isJSON, out.Problems, err)
		}
	}
}

func TestRendererRefuses(t *testing.T) {
	r := renderer()
	for _, c := range []struct {
		template, context, problem string
		line, column               int
		err                        any
	}{
		{"a\n {% if %}", "", emulator.TemplateSyntax, 2, 2, new(*liquid.SyntaxError)},
		{strings.Repeat("x", liquid.DefaultSourceBytes+1), "{}", emulator.TemplateLimit, 0, 0, new(*liquid.LimitError)},
		{"a\n{% for i in (1..10000000) %}{% endfor %}", "{}", emulator.TemplateLimit, 2, 1, new(*liquid.LimitError)},
		{"", "[]", "", 0, 0, new(*emulator.ContextError)},
		{"", "{,}", "", 0, 0, new(*liquid.JSONError)},
	} {
		out, err := r.Render(t.Context(), action.Rendering{Template: c.template, Context: []byte(c.context)})
		if !errors.As(err, c.err) {
			t.Errorf("%.20q: %v", c.template, err)
		}
		if c.problem == "" {
			continue
		}
		if len(out.Problems) != 1 || out.Problems[0].ID != c.problem || out.Problems[0].Line != c.line || out.Problems[0].Column != c.column {
			t.Errorf("%.20q: problems %+v", c.template, out.Problems)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Render(ended, action.Rendering{Template: "a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

// TestRendererKeepsAFewTemplates: many goroutines, more templates than are kept, and the same answers.
func TestRendererKeepsAFewTemplates(t *testing.T) {
	r := renderer()
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 300 {
				n := i % 100
				template := fmt.Sprintf("%d-{{ a }}", n)
				if n == 99 {
					template += strings.Repeat(" ", 100<<10+i)
				}
				in := emulator.LiquidInput{Rendering: action.Rendering{Template: template, Context: fmt.Appendf(nil, `{"a": %d}`, worker)}, Strict: i%2 == 0}
				out, err := r.Liquid(t.Context(), in)
				if err != nil || strings.TrimRight(out.Output, " ") != fmt.Sprintf("%d-%d", n, worker) {
					t.Errorf("rendered %.40q, %v", out.Output, err)
				}
			}
		})
	}
	all.Wait()
	if n, bytes := r.Kept(); n > 64 || bytes > 512<<10 || n == 0 || bytes < n {
		t.Errorf("%d templates of %d bytes are kept", n, bytes)
	}
}

func TestRendererPartialsAndModes(t *testing.T) {
	r := renderer()
	in := emulator.LiquidInput{Rendering: action.Rendering{Template: "{% render 'p' %}"}}
	for _, partial := range []string{"one", "two", ""} {
		want := partial
		if in.Partials = map[string]string{"p": partial}; partial == "" {
			in.Partials, want = nil, "Liquid error (line 1): No such template 'p'"
		}
		if out, err := r.Liquid(t.Context(), in); err != nil || out.Output != want {
			t.Errorf("partial %q: %q, %v", partial, out.Output, err)
		}
	}
	lenient := emulator.LiquidInput{Rendering: action.Rendering{Template: "{{ a | upcase: , }}", Context: []byte(`{"a": "x"}`)}}
	if _, err := r.Liquid(t.Context(), lenient); err != nil {
		t.Errorf("lax: %v", err)
	}
	lenient.Strict = true
	if out, err := r.Liquid(t.Context(), lenient); err == nil {
		t.Errorf("strict: %q", out.Output)
	}
}

// TestTryTellsMoreThanAFiring: what a firing finds out by itself, such as disputed paths, is not told twice.
func TestTryTellsMoreThanAFiring(t *testing.T) {
	r := emulator.NewRenderer(clock.System{})
	const template = `{"href": "{{ service.href }}", "name": "{{ service.name }}"}`
	seen := []byte(`{"service": {"href": "/services/cart", "name": "a \"b\""}}`)
	ids := func(all []action.Problem) (ids []string) {
		for _, p := range all {
			ids = append(ids, fmt.Sprintf("%s %d:%d", p.ID, p.Line, p.Column))
		}
		return ids
	}
	tried, err := r.Try(t.Context(), template, seen)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ids(tried.Problems), ", "); !strings.Contains(got, "json.unescaped 1:41") || !strings.Contains(got, "context.disputed 1:14") {
		t.Errorf("tried: %s", got)
	}
	fired, err := r.Render(t.Context(), action.Rendering{Template: template, Context: seen})
	if err != nil || len(fired.Problems) != 0 {
		t.Errorf("a part of a webhook: %v, %v", ids(fired.Problems), err)
	}
	s := emulator.Start(t, emulator.Config{})
	out := render(t, s, `{"template": "{{ service.href }}", "context": {"service": {"href": "x"}}}`)
	if len(out.Problems) != 1 || out.Problems[0].ID != "context.disputed" || out.Problems[0].Offset != -1 {
		t.Errorf("the control API: %+v", out.Problems)
	}
}
