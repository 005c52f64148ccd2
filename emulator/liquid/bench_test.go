package liquid

import (
	"context"
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	osteele "github.com/osteele/liquid"
)

// benchTemplate is a payload of 1.8 KB as people write them: outputs, loops,
// conditions and filters in JSON.
const benchTemplate = `{
  "event_type": "service-created",
  "client_payload": {
    "service": "{{ service.name }}", "slug": "{{ service.slug }}", "id": "{{ service.id }}",
    "language": "{{ service.language | downcase }}", "framework": "{{ service.framework | default: 'none' }}",
    "owner": {% if service.owner %}"{{ service.owner.name | upcase }}"{% else %}null{% endif %},
    "manager": "{{ service.owner.manager.email }}",
    "created": "{{ service.owner.manager.created_at | date: '%Y-%m-%d' }}",
    "repositories": [{% for r in service.service_repositories %}
      {"name": "{{ r.display_name }}", "url": "{{ r.deep_url }}", "branch": "{{ r.repository.default_branch }}"}{% unless forloop.last %},{% endunless %}{% endfor %}
    ],
    "tags": [{% for t in service.tags %}{"key": "{{ t.key }}", "value": "{{ t.value }}"}{% unless forloop.last %},{% endunless %}{% endfor %}],
    "contacts": [{% for c in service.owner.contacts %}
      {"method": "{{ c.contact_method | downcase }}", "address": "{{ c.address }}", "name": "{{ c.display_name | strip }}"}{% unless forloop.last %},{% endunless %}{% endfor %}
    ],
    "checks": {% assign failing = service.owner.service_stat.num_checks | minus: service.owner.service_stat.num_passing_checks %}{{ failing }},
    "status": {% case failing %}{% when 0 %}"green"{% when 1, 2 %}"amber"{% else %}"red"{% endcase %},
    "inputs": [{% for i in names %}"{{ i | capitalize }}"{% unless forloop.last %},{% endunless %}{% endfor %}],
    "project": "{{ template_run.inputs.project_name | replace: ' ', '-' | downcase }}",
    "pull_request": "{{ template_run.outputs.merge_request_url }}",
    "repo": "{{ template_run.outputs.repo_url }}",
    "user": "{{ user.name }} <{{ user.email }}>",
    "admin": {% if user.role == 'admin' and user.deactivated != true %}true{% else %}false{% endif %}
  }
}
`

const benchData = `{"template_run":{"inputs":{"full_name":"First Last","email":"a@example.test","project_name":"Django Boilerplate","django_version":"4.2.2"},
"outputs":{"repo_url":"https://github.test/G/django-boilerplate","merge_request_url":"https://github.test/G/django-boilerplate/pull/1","merge_request_branch":"b"}},
"user":{"id":"U","name":"First Last","email":"a@example.test","role":"admin","deactivated":false,"api_token_count":3},"names":["one","two","three"],
"service":{"id":"S","name":"Django Test","href":"/services/django_test","product":null,"language":"Java","framework":"Spring","slug":"django_test","tier_index":null,
"tags":[{"key":"is_approved","value":"false"},{"key":"pd","value":"P1"}],
"service_repositories":[{"id":9999,"is_primary":false,"display_name":"G/django-test","deep_url":"https://github.test/G/django-test","repository":{"name":"django-test","default_branch":"main"}}],
"owner":{"id":"O","name":"Aes Sedai","service_stat":{"num_checks":38,"num_passing_checks":13},"manager":{"email":"m@example.test","created_at":"2022-06-29T22:43:06.619978Z"},
"contacts":[{"id":1,"address":"#tower","contact_method":"SLACK","display_name":"Slack Channel"},{"id":2,"address":"t@example.test","contact_method":"EMAIL","display_name":"Mail"}]}}}`

type benchSet struct {
	template *Template
	data     Value
	raw      *osteele.Template
	engine   *osteele.Engine
	bindings map[string]any
}

func newBenchSet(t testing.TB) benchSet {
	t.Helper()
	var s benchSet
	var err error
	if s.template, err = Parse(benchTemplate, Options{LineNumbers: true}); err != nil {
		t.Fatal(err)
	}
	s.data = decoded(t, []byte(benchData))
	s.engine = osteele.NewEngine()
	if s.raw, err = s.engine.ParseString(benchTemplate); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(benchData), &s.bindings); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s benchSet) render(t testing.TB, skip bool) string {
	res, err := s.template.Render(context.Background(), Input{Context: s.data, SkipProblems: skip})
	if err != nil {
		t.Fatal(err)
	}
	return res.Output
}

func (s benchSet) renderRaw(t testing.TB) string {
	out, err := s.raw.RenderString(s.bindings)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func BenchmarkRender(b *testing.B) {
	s := newBenchSet(b)
	b.ReportAllocs()
	for b.Loop() {
		s.render(b, true)
	}
}

func BenchmarkRenderWithProblems(b *testing.B) {
	s := newBenchSet(b)
	b.ReportAllocs()
	for b.Loop() {
		s.render(b, false)
	}
}

func BenchmarkRenderOsteele(b *testing.B) {
	s := newBenchSet(b)
	b.ReportAllocs()
	for b.Loop() {
		s.renderRaw(b)
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(benchTemplate, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseOsteele(b *testing.B) {
	s := newBenchSet(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.engine.ParseString(benchTemplate); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeJSON(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeJSON([]byte(benchData)); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSameWork: what BenchmarkCost compares comes to the same text.
func TestSameWork(t *testing.T) {
	s := newBenchSet(t)
	if got := s.render(t, true); got != s.renderRaw(t) {
		t.Fatalf("the two do different work:\n%s\n%s", got, s.renderRaw(t))
	}
}

// BenchmarkCost gives what a render and a parse cost as parts of raw osteele's and, where Ruby is here, of its CPU time: medians of
// rounds in turns.
func BenchmarkCost(b *testing.B) {
	s := newBenchSet(b)
	work := []func(){
		func() { s.render(b, true) },
		func() { s.renderRaw(b) },
		func() { _, _ = Parse(benchTemplate, Options{}) },
		func() { _, _ = s.engine.ParseString(benchTemplate) },
		func() { s.render(b, false) },
	}
	const rounds, times = 9, 60
	costs := make([][]float64, len(work))
	for range rounds {
		for i, f := range work {
			start := time.Now()
			for range times {
				f()
			}
			costs[i] = append(costs[i], float64(time.Since(start).Nanoseconds())/times)
		}
	}
	median := func(i int) float64 {
		slices.Sort(costs[i])
		return costs[i][rounds/2]
	}
	render, raw, parse, rawParse, full := median(0), median(1), median(2), median(3), median(4)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(render/raw, "of-osteele")
	b.ReportMetric(full/raw, "with-problems-of-osteele")
	b.ReportMetric(parse/rawParse, "parse-of-osteele")
	if ruby, ok := rubyCost(b); ok {
		b.ReportMetric(slices.Min(costs[0])/ruby, "of-ruby") // against CPU time, the round with the least interruption
		b.ReportMetric(slices.Min(costs[4])/ruby, "with-problems-of-ruby")
	}
}

// rubyCost is the CPU time in nanoseconds that Ruby takes for a render.
func rubyCost(t testing.TB) (float64, bool) {
	t.Helper()
	const script = `require "liquid"; require "json"
template, data = JSON.parse($stdin.read)
t = Liquid::Template.parse(template)
clock = -> { Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) }
200.times { t.render(data) }
puts (1..9).map { s = clock.(); 100.times { t.render(data) }; (clock.() - s) / 100 * 1e9 }.sort[4]`
	input, err := json.Marshal([]any{benchTemplate, json.RawMessage(benchData)})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("ruby", "-e", script)
	cmd.Stdin = strings.NewReader(string(input))
	out, err := cmd.Output()
	if err != nil {
		return 0, false
	}
	cost, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	return cost, err == nil
}
