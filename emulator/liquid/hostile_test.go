package liquid

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The hostile templates that kill, hang or bloat other engines. Each must come
// back with an error, inline or returned, within the bounds below.

const (
	hostileTime   = 2 * time.Second
	hostileMemory = 64 << 20
)

func TestHostileTemplates(t *testing.T) {
	if raceDetector {
		t.Skip("time and memory under the race detector say nothing about templates")
	}
	doublings := func(filter string, n int) string {
		return "{% assign s = 'aaaaaaaaaa' %}" + strings.Repeat("{% assign s = s | "+filter+" %}", n) + "{{ s | size }}"
	}
	partials := partialsOf(map[string]string{
		"self_include": "{% include 'self_include' %}",
		"self_render":  "{% render 'self_render' %}",
		"two":          "{% render 'two' %}{% render 'two' %}",
		"for":          "{% for i in (1..100) %}{% render 'for' %}{% endfor %}",
		"deep":         strings.Repeat("{% if true %}", 99) + "{% include 'deep' %}" + strings.Repeat("{% endif %}", 99),
	})
	cases := []struct {
		name, template string
		long           func() string // of templates too long to be kept
	}{
		{"recursive include", "{% include 'self_include' %}", nil},
		{"recursive render", "{% render 'self_render' %}", nil},
		{"render tree", "{% render 'two' %}", nil},
		{"render loops", "{% render 'for' %}", nil},
		{"deep partials", "{% include 'deep' %}", nil},
		{"a million nested ifs", "", func() string {
			return strings.Repeat("{% if true %}", 1_000_000) + strings.Repeat("{% endif %}", 1_000_000)
		}},
		{"nested ifs", strings.Repeat("{% if true %}", 4230) + strings.Repeat("{% endif %}", 8000), nil},
		{"nested liquid tags", "{% liquid " + strings.Repeat("liquid ", 17_142) + " echo 1 %}", nil},
		{"append doublings", doublings("append: s", 40), nil},
		{"prepend doublings", doublings("prepend: s", 40), nil},
		{"replace doublings", doublings("replace: 'a', s", 6), nil},
		{"replace of nothing", doublings("replace: '', s", 6), nil},
		{"replace with its surroundings", doublings("replace: 'a', '\\`\\''", 12), nil},
		{"join by itself", "{% assign a = (1..90000) %}{% assign s = a | join: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}{{ s | size }}", nil},
		{"join loop", "{% assign l = 'a,b,c,d,e,f,g,h' | split: ',' %}{% assign s = 'x' %}{% for i in (1..30) %}{% assign s = l | join: s %}{% endfor %}{{ s | size }}", nil},
		{"concat doublings", "{% assign l = 'a,b' | split: ',' %}" + strings.Repeat("{% assign l = l | concat: l %}", 40) + "{{ l | size }}", nil},
		{"split of a long text", doublings("append: s", 16) + "{% assign l = s | split: '' %}{{ l | size }}", nil},
		{"map of a hash of text", doublings("append: s", 16) + "{{ s | split: '' | sort_natural | uniq | join | size }}", nil},
		{"inspect doublings", "{% assign l = 'a' | split: ',' %}{% assign s = l %}" + strings.Repeat("{% assign s = s | append: s | split: ',' %}", 40) + "{{ s | append: '' | size }}", nil},
		{"capture doublings", "{% assign s = 'aaaaaaaaaa' %}" + strings.Repeat("{% capture s %}{{ s }}{{ s }}{% endcapture %}", 40), nil},
		{"a big range reversed", "{{ (1..1000000000) | reverse }}", nil},
		{"a huge range joined", "{{ (1..1000000000000000000) | join }}", nil},
		{"a range beyond int64", "{{ (1..100000000000000000000000) | join }}{% for i in (1..100000000000000000000000) %}{% endfor %}", nil},
		{"an empty loop", "{% for i in (1..1000000000) %}{% endfor %}", nil},
		{"a loop of comments", "{% for i in (1..1000000000) %}{% comment %}{% endcomment %}{% endfor %}", nil},
		{"nested loops", strings.Repeat("{% for i in (1..1000) %}", 6) + "x" + strings.Repeat("{% endfor %}", 6), nil},
		{"a wide tablerow", "{% tablerow i in (1..1000000000) cols: 3 %}{% endtablerow %}", nil},
		{"times by itself", "{% assign n = 12345678901234567890 %}" + strings.Repeat("{% assign n = n | times: n %}", 24) + "{{ n }}", nil},
		{"a number of many digits", "{{ '" + strings.Repeat("9", 120_000) + "' | plus: 1 }}", nil},
		{"a decimal of many digits", "{{ '1." + strings.Repeat("9", 120_000) + "' | plus: 1 }}", nil},
		{"a literal of many digits", "{{ " + strings.Repeat("9", 120_000) + " }}", nil},
		{"rounding far", "{{ 1.5 | round: 2000000000 }}{{ 15 | round: -2000000000 }}{{ 1.5 | round: 1e300 }}{{ 1 | divided_by: 0 }}", nil},
		{"a wide date", "{{ 0 | date: '%1000000000Y' }}", nil},
		{"many wide dates", "{% capture f %}" + strings.Repeat("%99999Y", 1000) + "{% endcapture %}{{ 0 | date: f }}", nil},
		{"a long source", "", func() string { return strings.Repeat("{{ x }}", 10<<20/7) }},
		{"unclosed tags", strings.Repeat("{%", 60_000), nil},
		{"unclosed outputs", strings.Repeat("{{", 60_000), nil},
		{"a long unclosed source", "", func() string { return strings.Repeat("{%", 5<<20) }},
		{"unclosed quotes", "{{ " + strings.Repeat("'\" ", 18_333) + "| a: }}{% if " + strings.Repeat("'\" ", 2000) + " %}", nil},
		{"unclosed brackets", "{{ " + strings.Repeat("a[", 60_000) + " }}{% endif %}", nil},
		{"nested brackets", "{{ " + strings.Repeat("a[", 27_500) + "b" + strings.Repeat("]", 55_000) + " }}{% endif %}", nil},
		{"nested ranges", "{{ " + strings.Repeat("(", 100_000) + "1" + strings.Repeat("..2)", 55_000/4) + " }}{% endif %}", nil},
		{"many filters", "{{ 'a'" + strings.Repeat(" | append: 'a'", 8571) + " }}{% endif %}", nil},
		{"many conditions", "{% if a" + strings.Repeat(" and a", 20_000) + " %}{% endif %}{% endif %}", nil},
		{"many pipes", "{{ a" + strings.Repeat("|", 120_000) + " }}{% endif %}", nil},
		{"many colons", "{% for i in a " + strings.Repeat(":", 120_000) + " %}{% endfor %}{% endif %}", nil},
		{"many raw tags", strings.Repeat("{% raw %}{%", 10_909), nil},
		{"many comments", strings.Repeat("{% comment %}", 9230), nil},
		{"many whens", "{% case a %}{% when " + strings.Repeat("a or ", 24_000) + "%}{% endcase %}{% endif %}", nil},
		{"html without end", doublings("append: s", 16) + "{% assign s = s | replace: 'a', '<' | strip_html %}{{ s | size }}{{ 1 | divided_by: 0 }}", nil},
		{"comments without end", doublings("append: s", 14) + "{% assign s = s | replace: 'a', '<!--' | strip_html %}{{ s | size }}{{ 1 | divided_by: 0 }}", nil},
		{"many variables", manyAssigns(5_000) + "{{ 1 | divided_by: 0 }}", nil},
		{"work on long text", doublings("append: s", 16) + "{% for i in (1..100000) %}{% assign x = s | upcase %}{% endfor %}", nil},
		{"comparing long lists", "{% assign l = (1..90000) | reverse %}{% assign m = (1..90000) | reverse %}{% for i in (1..100000) %}{% if l == m %}{% endif %}{% endfor %}", nil},
		{"searching long lists", "{% assign l = (1..90000) | reverse %}{% for i in (1..100000) %}{% if l contains 0 %}{% endif %}{% endfor %}", nil},
		{"searching long text", doublings("append: s", 16) + "{% for i in (1..100000) %}{% if s contains 'ab' %}{% endif %}{% endfor %}", nil},
		{"sizes of long text", doublings("append: s", 16) + "{% for i in (1..1000000) %}{% assign n = s.size %}{% endfor %}", nil},
		{"numbers of long text", doublings("append: s", 16) + "{% for i in (1..1000000) %}{% assign n = s | plus: 1 %}{% endfor %}", nil},
		{"keys of long text", doublings("append: s", 16) + "{% for i in (1..1000000) %}{% assign n = [s] %}{% endfor %}", nil},
		{"cycles of long text", doublings("append: s", 16) + "{% for i in (1..1000000) %}{% cycle s: 1 %}{% endfor %}", nil},
		{"dates of long text", doublings("append: s", 16) + "{% for i in (1..2000000) %}{% assign n = s | date: '%Y' %}{% endfor %}", nil},
		{"equal long text", doublings("append: s", 16) + "{% assign t = s | append: '' | replace: 'b', 'c' %}{% for i in (1..1000000) %}{% if s == t %}{% endif %}{% endfor %}", nil},
		{"lists of one long text", doublings("append: s", 16) + "{% assign l = s | split: '$' %}{% assign t = s | replace_last: 'a', 'b' | split: '$' %}" +
			strings.Repeat("{% assign l = l | concat: t | concat: l %}", 14) + "{{ l | sort | size }}", nil},
		{"searching lists of one long text", doublings("append: s", 16) + "{% assign l = s | split: '$' %}" +
			strings.Repeat("{% assign l = l | concat: l %}", 14) + "{{ l | map: 'b' | size }}{% assign t = s | replace_last: 'a', 'b' %}{% if l contains t %}{% endif %}", nil},
		{"a long body in a loop", "{% for i in (1..1000000) %}" + strings.Repeat("{% assign x = 1.5 | times: 2.5 %}", 3636) + "{% endfor %}", nil},
		{"a long condition in a loop", "{% for i in (1..1000000) %}{% if " + strings.Repeat("i and ", 20_000) + "i %}{% endif %}{% endfor %}", nil},
		{"a long path in a loop", "{% for i in (1..1000000) %}{% if a" + strings.Repeat(".b", 60_000) + " %}{% endif %}{% endfor %}", nil},
		{"many whens in a loop", "{% for i in (1..1000000) %}{% case i %}{% when 0" + strings.Repeat(", 0", 40_000) + " %}{% endcase %}{% endfor %}", nil},
		{"dates in a loop", "{% for i in (1..1000000) %}{% assign x = 'somewhen in may, 12pm, or so' | date: '%c' %}{% endfor %}", nil},
		{"big numbers in a loop", "{% assign n = 3 %}" + strings.Repeat("{% assign n = n | times: n %}", 10) + "{% for i in (1..1000000) %}{% assign x = n | divided_by: 7 | times: 1.5 %}{% endfor %}", nil},
		{"floats in a loop", "{% for i in (1..1000000) %}{% assign x = 1e300 | plus: 0.1 | round: 5 | divided_by: 3 | ceil | abs %}{% endfor %}", nil},
		{"many arguments in a loop", "{% for i in (1..1000000) %}{% assign x = 1 | append: 1" + strings.Repeat(", 1", 40_000) + " %}{% endfor %}", nil},
		{"many spans on one line", "{\"a\": \"" + strings.Repeat("{{ a.b }}", 13_333) + "{{ 1 | divided_by: 0 }}", nil},
		{"many values in JSON strings", "{\"a\": \"" + strings.Repeat("{{ 'x\"' | upcase }}", 6315) + "{{ 1 | divided_by: 0 }}", nil},
		{"unknown paths", "{% for i in (1..2000000) %}{{ nope.a.b.c }}{{ nope2 }}{% endfor %}", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			template := c.template
			if c.long != nil {
				template = c.long()
			}
			took, grown, got := measured(func() outcome {
				ctx, cancel := context.WithTimeout(context.Background(), hostileTime*3/4)
				defer cancel()
				tp, err := Parse(template, Options{Partials: partials, Now: recorded})
				if err != nil {
					return outcome{refused: err.Error()}
				}
				res, err := tp.Render(ctx, Input{Context: NewHash("a", int64(1))})
				if err != nil {
					return outcome{output: res.Output, refused: err.Error()}
				}
				return outcome{output: res.Output, errors: res.Errors}
			})
			if got.refused == "" && len(got.errors) == 0 {
				t.Errorf("no error; output %.100q", got.output)
			}
			if strings.Contains(got.refused, "fault") {
				t.Error(got.refused)
			}
			if took > hostileTime {
				t.Errorf("took %v", took)
			}
			if grown > hostileMemory {
				t.Errorf("took %d MB", grown>>20)
			}
			shown := got.refused
			if shown == "" {
				shown = got.errors[0]
			}
			t.Logf("%v, %d MB at most, %.80s", took.Round(time.Millisecond), grown>>20, shown)
		})
	}
}

func manyAssigns(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("{% assign v" + scalarText(int64(i)) + " = 1 %}")
	}
	return b.String()
}

// measured answers how long f took and by how much the memory in use rose
// above what it was before, sampled while f ran.
func measured(f func() outcome) (time.Duration, uint64, outcome) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc+m.StackInuse, uint64(0)
	done := make(chan struct{})
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		var m runtime.MemStats
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc+m.StackInuse)
		}
	}()
	start := cpuTime() // what a busy machine does not stretch
	got := f()
	took := cpuTime() - start
	close(done)
	<-sampled
	if most < before {
		return took, 0, got
	}
	return took, most - before, got
}

// TestLimits tests each field of Limits on its own.
func TestLimits(t *testing.T) {
	cases := []struct {
		limit    string
		limits   Limits
		template string
	}{
		{"SourceBytes", Limits{SourceBytes: 10}, "01234567890"},
		{"Iterations", Limits{Iterations: 10}, "{% for i in (1..11) %}{% endfor %}"},
		{"Operations", Limits{Operations: 10}, "{{ a.b.c.d.e.f | upcase | upcase | upcase | upcase }}"},
		{"OutputBytes", Limits{OutputBytes: 10}, "0123456789{{ 1 }}"},
		{"OutputBytes", Limits{OutputBytes: 10}, "{% capture x %}01234567890{% endcapture %}"},
		{"StringBytes", Limits{StringBytes: 10}, "{{ '012345' | append: '67890' }}"},
		{"ArrayItems", Limits{ArrayItems: 10}, "{{ '0,1,2,3,4,5,6,7,8,9,0' | split: ',' | size }}"},
		{"BigIntBits", Limits{BigIntBits: 100}, "{{ 12345678901234567890 | times: 12345678901234567890 }}"},
		{"WorkBytes", Limits{WorkBytes: 100}, "{% for i in (1..11) %}{{ '0123456789' | upcase | size }}{% endfor %}"},
	}
	for _, c := range cases {
		err := limitedRender(c.template, c.limits)
		var limit *LimitError
		if !errors.As(err, &limit) || limit.Limit != c.limit {
			t.Errorf("%s: got %v", c.limit, err)
			continue
		}
		if !strings.HasPrefix(limit.Error(), "Liquid error: Memory limits exceeded") {
			t.Errorf("%s: not in Ruby's words: %v", c.limit, limit)
		}
	}
	nested := strings.Repeat("{% if true %}", 4) + strings.Repeat("{% endif %}", 4)
	if err := limitedRender(nested, Limits{Nesting: 3}); err == nil || err.Error() != "Liquid error: Nesting too deep" {
		t.Errorf("Nesting: got %v", err)
	}
	if err := limitedRender(nested, Limits{Nesting: 4}); err != nil {
		t.Errorf("Nesting at its limit: got %v", err)
	}
}

func TestLimitErrorKnowsItsPlace(t *testing.T) {
	err := limitedRender("a\n  {{ '012345' | append: '67890' }}", Limits{StringBytes: 10})
	var limit *LimitError
	if !errors.As(err, &limit) || limit.Line != 2 || limit.Column != 3 {
		t.Errorf("got %+v", limit)
	}
}

func limitedRender(template string, l Limits) error {
	tp, err := Parse(template, Options{Limits: l})
	if err == nil {
		_, err = tp.Render(context.Background(), Input{})
	}
	return err
}

func TestProblemsAndSpansAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 50 {
		b.WriteString("{{ nope" + scalarText(int64(i)) + " }}")
	}
	tp, err := Parse(b.String(), Options{Limits: Limits{Problems: 10, Spans: 20}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := tp.Render(context.Background(), Input{})
	if err != nil || len(res.Problems) != 10 || len(res.Spans) != 20 {
		t.Errorf("%d problems, %d spans, %v", len(res.Problems), len(res.Spans), err)
	}
}

func TestContextStopsRendering(t *testing.T) {
	tp, err := Parse("a{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}", Options{Limits: Limits{Iterations: 1 << 40}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	res, err := tp.Render(ctx, Input{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if res.Output != "a" {
		t.Errorf("the output so far is lost: %q", res.Output)
	}
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	if _, err := tp.Render(cancelled, Input{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
