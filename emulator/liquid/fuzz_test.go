package liquid

import (
	"context"
	"strings"
	"testing"
	"time"
)

// The fuzz targets: no template may panic, hang or outgrow its limits.

func fuzzSeeds(f *testing.F) {
	for _, s := range []string{
		"{{ s.name | upcase }}", "{% for i in list reversed limit: 2 offset: continue %}{{ forloop.index }}{% else %}{% endfor %}",
		"{% if a == b and c contains 'd' or nul != blank %}{% elsif 1 < 'a' %}{% else %}{% endif %}", "{% case x %}{% when 1, 'a' or b %}{% endcase %}",
		"{% liquid\nassign x = 1\necho x\n%}", "{%- raw -%}{{ x }}{%- endraw -%}", "{% tablerow i in (1..3) cols: 2 %}{% endtablerow %}", "{{ 'now' | date: '%Y %-d %10N' }}",
		"{% include 'p' with x as y %}{% render 'p' for list as z, a: 1 %}", "{{ a[b[0]]['c'].d.first | map: 'x' | sort: 'y' | join: ',' | jsonify }}",
		"{% cycle a: 1, 2 %}{% increment n %}{% ifchanged %}{% endifchanged %}{% capture q %}{% endcapture %}", "{% comment %}{% doc %}{% enddoc %}{% endcomment %}{% # x %}",
		"{\"a\": \"{{ s.name }}\", \"b\": {{ s | jsonify }}}", "{{ 1.5 | divided_by: 0 | round: 2 | times: 99999999999999999999 }}", "{{ \"a\" | replace: \"\", \"\\0\\`\" | truncatewords: 2 | slice: -1, 5 }}",
		"{{ (1..a) | where: 'x', 1 | find_index: 2 }}{% break %}", "{{ '12pm 3 jan 2020 -0500' | date: '%c' }}",
	} {
		f.Add(s)
	}
}

func FuzzParse(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, source string) {
		for _, mode := range []Mode{Lax, Strict} {
			tp, err := Parse(source, Options{Mode: mode, LineNumbers: true})
			if (tp == nil) == (err == nil) {
				t.Fatalf("got %v and %v", tp, err)
			}
			checkError(t, source, err)
		}
	})
}

func FuzzRender(f *testing.F) {
	fuzzSeeds(f)
	data, err := DecodeJSON([]byte(testData))
	if err != nil {
		f.Fatal(err)
	}
	limits := Limits{Iterations: 20_000, OutputBytes: 1 << 18, StringBytes: 1 << 16, ArrayItems: 5_000, WorkBytes: 4 << 20}
	f.Fuzz(func(t *testing.T, source string) {
		tp, err := Parse(source, Options{Limits: limits, Now: recorded, Partials: func(name string) (string, bool) { return source, name != "" }})
		if err != nil {
			checkError(t, source, err)
			return
		}
		// Far more than any of these limits allows, so that only a hang reaches it, and a busy machine does not.
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		start := cpuTime()
		res, err := tp.Render(ctx, Input{Context: data})
		checkError(t, source, err)
		if used := cpuTime() - start; used > 2*time.Second {
			t.Errorf("used the processor for %v", used)
		}
		if ctx.Err() != nil {
			t.Error("the limits did not end the render; its deadline had to")
		}
		if len(res.Output) > limits.OutputBytes {
			t.Errorf("wrote %d bytes", len(res.Output))
		}
		for _, s := range res.Spans {
			if s.Offset < 0 || s.Length < 0 || s.Offset+s.Length > len(res.Output) || s.Line < 1 || s.Column < 1 {
				t.Errorf("span %+v of %d bytes", s, len(res.Output))
			}
		}
		again, err2 := tp.Render(ctx, Input{Context: data, SkipProblems: true})
		if (err == nil) != (err2 == nil) || err == nil && again.Output != res.Output {
			t.Errorf("rendered %q, then %q", res.Output, again.Output)
		}
	})
}

// checkError refuses errors that hide a fault of this package.
func checkError(t *testing.T, source string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	switch err.(type) {
	case *SyntaxError, *LimitError:
	default:
		t.Errorf("%q: %T %v", source, err, err)
	}
	if strings.Contains(err.Error(), "fault") && !strings.Contains(source, "fault") {
		t.Errorf("%q: %v", source, err)
	}
}
