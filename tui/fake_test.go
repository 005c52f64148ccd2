package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// fake is an emulator in memory, small enough to be read: it judges deploys with the real rules and has no network.
type fake struct {
	mu       sync.Mutex
	hub      event.Hub
	more     <-chan struct{}
	events   []*event.Event
	first    uint64 // the oldest that is still there
	keep     int
	catalog  *catalog.Catalog
	suggest  []catalog.Suggestion
	dedup    map[string]uint64
	numbers  map[string]int
	faults   []Fault
	down     error
	now      time.Time
	step     time.Duration
	attached bool
}

const fakeURL = "http://127.0.0.1:6775/integrations/deploy/11111111-1111-4111-8111-111111111111"

func newFake() *fake {
	k, _ := catalog.New(catalog.Contents{
		Teams: []catalog.Team{{Name: "Order Management", Slug: "order_management"}},
		Services: []catalog.Service{
			{Name: "Shopping Cart", Slug: "shopping_cart", Aliases: []string{"cart", "acme/shopping-cart"}, Owner: "order_management", Tier: "tier_1", Lifecycle: "generally_available", Language: "Go"},
			{Name: "Checkout", Slug: "checkout", Owner: "order_management", Tier: "tier_2"},
			{Name: "Payments API", Slug: "payments_api", Aliases: []string{"payments-api"}},
			{Name: "Django Test", Slug: "django_test", Owner: "aes_sedai", Language: "Python"},
			{Name: "Search", Slug: "search"},
		},
	})
	f := &fake{catalog: k, dedup: map[string]uint64{}, numbers: map[string]int{}, first: 1, keep: 1 << 30,
		now: time.Date(2026, 11, 22, 14, 3, 12, 161e6, time.UTC), step: 9 * time.Millisecond}
	f.more, _ = f.hub.Subscribe()
	return f
}

func (f *fake) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fake) Info(context.Context) (Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down != nil {
		return Info{}, f.down
	}
	return Info{IntegrationURL: fakeURL, ControlURL: "http://127.0.0.1:6775", Store: "/home/someone/.local/state/bubblelevel/deploys.db", Version: "1.0.0", LastSeq: f.first + uint64(len(f.events)) - 1,
		StopsServer: !f.attached, Attached: f.attached}, nil
}

func (f *fake) Next(ctx context.Context, after uint64, limit int) (Batch, error) {
	for {
		b, err := f.Events(ctx, after, limit)
		if err != nil || len(b.Events) > 0 {
			return b, err
		}
		select {
		case <-f.more:
		case <-ctx.Done():
			return Batch{}, ctx.Err()
		}
	}
}

func (f *fake) Events(_ context.Context, after uint64, limit int) (Batch, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down != nil {
		return Batch{}, f.down
	}
	var b Batch
	if after+1 < f.first {
		b.Lost, after = f.first-1-after, f.first-1
	}
	from := int(after - (f.first - 1))
	to := min(len(f.events), from+limit)
	if from < to {
		b.Events = f.events[from:to:to]
	}
	return b, nil
}

func (f *fake) Event(_ context.Context, seq uint64) (*event.Event, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seq < f.first || seq >= f.first+uint64(len(f.events)) {
		return nil, ErrGone
	}
	return f.events[seq-f.first], nil
}

func (f *fake) Services(context.Context) ([]catalog.Service, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.catalog.Services(), f.down
}

func (f *fake) Suggestions(context.Context) ([]catalog.Suggestion, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]catalog.Suggestion(nil), f.suggest...), f.down
}

func (f *fake) Send(_ context.Context, r event.Request) (Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down != nil {
		return Answer{}, f.down
	}
	if r.Path == "" {
		r.Path = pathOf(fakeURL)
	}
	e := f.judge(r)
	f.add(e)
	return Answer{HTTP: e.HTTP, Body: answerOf(e), Seq: e.Seq}, nil
}

// post sends a deploy made of keys and values.
func (f *fake) post(pairs ...any) *event.Event {
	body := map[string]any{
		"service": "shopping_cart", "description": "Deployed by CI Pipeline: Deploy #234", "deployed_at": "2026-11-22T14:03:00Z", "environment": "Production",
		"deployer": map[string]any{"name": "Michael Scott", "email": "mscott@example.com"}, "commit": map[string]any{"sha": "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "branch": "main"},
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(body, pairs[i].(string))
			continue
		}
		body[pairs[i].(string)] = pairs[i+1]
	}
	b, _ := json.Marshal(body)
	return f.raw(string(b))
}

func (f *fake) raw(body string) *event.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.judge(event.Request{Method: "POST", Path: pathOf(fakeURL), Body: body, BodyLength: int64(len(body)),
		Headers: map[string][]string{"Content-Type": {"application/json"}, "User-Agent": {"curl/8.5.0"}}})
	f.add(e)
	return e
}

// paramsOf are the parameters in a body of JSON.
func paramsOf(body string) (deploy.Params, error) {
	var m map[string]any
	err := json.Unmarshal([]byte(body), &m)
	return deploy.ObjectOf(m), err
}

func (f *fake) judge(r event.Request) *event.Event {
	e := &event.Event{Kind: event.KindDeploy, Integration: "11111111-1111-4111-8111-111111111111", Request: &r}
	r.BodyLength = int64(len(r.Body))
	if said, err := paramsOf(r.Body); err == nil {
		d, _ := deploy.Parse(said, deploy.Rules{})
		e.Deploy, e.Alias = &d, d.Service
	}
	for i := range f.faults {
		x := &f.faults[i]
		q, _ := query.Parse(x.Query)
		if x.Left == 0 || !q.Match(e, f.now) {
			continue
		}
		if x.Hit++; x.Left > 0 {
			x.Left--
		}
		e.HTTP, e.Result, e.Title = 503, deploy.Rejected, "Service Unavailable"
		e.Fault = &event.Fault{ID: x.ID, Kind: x.Kind}
		e.Why = "The injected fault " + x.ID + " answers 503 in its place, so OpsLevel never saw this request."
		return e
	}
	e.Deploy, e.Alias = nil, ""
	p, err := paramsOf(r.Body)
	if err != nil {
		e.HTTP, e.Result, e.Title, e.Detail = 400, deploy.Rejected, "Bad Request", "the body is not JSON"
		e.Why = "The body cannot be read as JSON: " + err.Error() + "."
		return e
	}
	d, problems := deploy.Parse(p, deploy.Rules{})
	e.Deploy, e.Alias = &d, d.Service
	if len(problems) > 0 {
		e.HTTP, e.Result, e.Title, e.Detail, e.Problems = 400, deploy.Rejected, problems[0].Title, problems[0].Detail, problems
		e.Why = "OpsLevel refuses a deploy without " + problems[0].Field + "."
		e.Findings = []finding.Finding{{ID: "silent.rejected", Severity: finding.Silent, Field: problems[0].Field, Evidence: "OpsLevel answered 400 (" + problems[0].Title + ").",
			Explanation: "OpsLevel keeps nothing of this deploy, and curl without --fail ends with success.", Cure: "Send " + problems[0].Field + "."}}
		return e
	}
	f.decide(e, d)
	return e
}

func (f *fake) decide(e *event.Event, d deploy.Deploy) {
	k := deploy.Known{Recorded: f.numbers[d.Service]}
	if s, ok := f.catalog.Match(d.Service); ok {
		k.Service, k.Recorded = s.Slug, f.numbers[s.Slug]
	}
	kept, dup := f.dedup[d.DedupID]
	k.Duplicate = dup && d.DedupID != ""
	o := deploy.Decide(d, k)
	d.DeployNumber, d.DeployNumberGenerated = o.Number, o.Generated
	e.Deploy, e.HTTP, e.Result, e.Message, e.Ordinal, e.Why, e.Service = &d, o.HTTP, o.Result, o.Message, o.Ordinal, o.Why, k.Service
	switch o.Result {
	case deploy.Duplicate:
		e.DuplicateOf = kept
		old := f.events[kept-f.first]
		if old.Deploy != nil && (old.Deploy.Environment != d.Environment || old.Deploy.Service != d.Service) {
			e.Findings = append(e.Findings, finding.Finding{ID: "silent.duplicate", Severity: finding.Silent, Field: "dedup_id",
				Evidence:    fmt.Sprintf("The dedup_id %q was used by deploy %d for environment %q; this one is for %q.", d.DedupID, kept, old.Deploy.Environment, d.Environment),
				Explanation: "OpsLevel keeps the first and drops this one with a 202, so " + d.Environment + " never gets a deploy.", Cure: "Make the environment a part of the dedup_id."})
		} else {
			e.Findings = append(e.Findings, finding.Finding{ID: "sender.retry", Severity: finding.Note, Evidence: "The same deploy was sent before.", Explanation: "A retry is dropped, as it should be.", Cure: "Nothing to do."})
		}
		return
	case deploy.NoServiceFound:
		near := f.catalog.Nearest(d.Service, 3)
		x := finding.Finding{ID: "silent.unknown_alias", Severity: finding.Silent, Field: "service", Evidence: fmt.Sprintf("No service has the alias %q.", d.Service),
			Explanation: "OpsLevel records the deploy for no service and answers 202, and curl ends with success.", Cure: "Send an alias that stands on the service's page."}
		if len(near) > 0 {
			x.Evidence = fmt.Sprintf("No service has the alias %q; the nearest is %q.", d.Service, near[0])
			x.Cure = fmt.Sprintf("Send %q.", near[0])
		}
		e.Findings = append(e.Findings, x)
		f.suggestion(d.Service, near)
		f.numbers[d.Service]++
	default:
		f.numbers[k.Service]++
	}
	if d.DedupID != "" {
		f.dedup[d.DedupID] = f.first + uint64(len(f.events))
	}
	if strings.HasPrefix(d.Environment, "prod") {
		e.Findings = append(e.Findings, finding.Finding{ID: "environment.case", Severity: finding.Warning, Field: "environment", Evidence: `"production" and "Production" are two environments.`, Explanation: "OpsLevel compares names to the letter.", Cure: `Send "Production".`})
	}
}

func (f *fake) suggestion(alias string, near []string) {
	for i := range f.suggest {
		if f.suggest[i].Alias == alias {
			f.suggest[i].Deploys++
			f.suggest[i].LastSeen = f.now
			return
		}
	}
	f.suggest = append([]catalog.Suggestion{{Alias: alias, State: catalog.Open, Deploys: 1, FirstSeq: f.first + uint64(len(f.events)), FirstSeen: f.now, LastSeen: f.now, Near: near}}, f.suggest...)
}

// add appends an event; the caller holds the lock.
func (f *fake) add(e *event.Event) {
	e.Seq, e.At = f.first+uint64(len(f.events)), f.now
	f.now = f.now.Add(f.step)
	f.events = append(f.events, e)
	if len(f.events) > f.keep {
		f.events = f.events[1:]
		f.first++
	}
	f.hub.Publish()
}

func (f *fake) Accept(_ context.Context, alias string) error {
	return f.settle(alias, catalog.Accepted, alias)
}
func (f *fake) Bind(_ context.Context, alias, service string) error {
	return f.settle(alias, catalog.Bound, service)
}
func (f *fake) Ignore(_ context.Context, alias string) error {
	return f.settle(alias, catalog.Ignored, "")
}

func (f *fake) settle(alias string, state catalog.SuggestionState, service string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch state {
	case catalog.Accepted:
		if _, err := f.catalog.AddService(catalog.Service{Name: alias, Slug: alias}); err != nil {
			return err
		}
	case catalog.Bound:
		if err := f.catalog.AddAlias(service, alias); err != nil {
			return err
		}
	}
	for i := range f.suggest {
		if f.suggest[i].Alias == alias {
			f.suggest[i].State, f.suggest[i].Service = state, service
		}
	}
	f.add(&event.Event{Kind: event.KindChange, Why: "Somebody decided.", Change: &event.Change{Suggestion: &event.SuggestionChange{Alias: alias, State: state, Service: service}}})
	return nil
}

func (f *fake) AddAlias(_ context.Context, service, alias string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.catalog.AddAlias(service, alias); err != nil {
		return err
	}
	f.add(&event.Event{Kind: event.KindChange, Change: &event.Change{Alias: &event.AliasChange{Alias: alias, Service: service}}})
	return nil
}

func (f *fake) Reset(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.suggest, f.dedup, f.numbers = nil, map[string]uint64{}, map[string]int{}
	f.add(&event.Event{Kind: event.KindReset, Why: "Somebody asked for a reset."})
	return nil
}

func (f *fake) Scenario(_ context.Context, seqs []uint64) ([]byte, error) {
	return fmt.Appendf(nil, "version: 1\nname: from %v\n", seqs), nil
}

func (f *fake) Fixture(_ context.Context, services []string) ([]byte, error) {
	return fmt.Appendf(nil, "version: 1\nservices: %q\n", services), nil
}

// ReadAccount knows the two files that the tests ask for.
func (f *fake) ReadAccount(_ context.Context, path string) (Account, error) {
	if path != "account.yaml" {
		return Account{}, fmt.Errorf("%s:3:5: there is no key \"sevices\"", path)
	}
	return Account{Says: "account.yaml (1 service)", Notes: []string{"account.yaml:2:1: nobody owns it"}, Replace: func(context.Context) ([]string, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		k, _ := catalog.New(catalog.Contents{Services: []catalog.Service{{Name: "Loaded", Slug: "loaded"}}})
		f.catalog = k
		return nil, f.down
	}}, nil
}

func (f *fake) ScenarioNames() []ScenarioName {
	return []ScenarioName{{"dedup-drops-the-second", "A dedup_id is kept once"}, {"alias-is-exact", "An alias is matched to the letter"}, {"fault-503", "A sender that gives up loses the deploy"}}
}

func (f *fake) RunScenario(_ context.Context, what string) ([]ScenarioRun, error) {
	switch what {
	case "alias-is-exact":
		return []ScenarioRun{{Name: "An alias is matched to the letter", File: "alias-is-exact", Outcome: "passed", Passed: true, Steps: 4}}, nil
	case "mine.yaml":
		return []ScenarioRun{{Name: "Mine", File: "mine.yaml", Outcome: "failed", Step: 2, Steps: 3, Line: 9, Kind: "expect",
			Excerpt: "  8 | - send: cart\n> 9 | - expect: 1 deploy\x1b[2J", Text: "expected 1 deploy, found 0"}}, nil
	}
	return nil, fmt.Errorf("there is no file and no embedded scenario %q", what)
}

func (f *fake) Templates(context.Context) ([]action.Template, error) {
	return []action.Template{{Name: "Django Boilerplate", Description: "A Django service with CI", Fields: []action.Field{
		{Name: "project_name", Default: "Django Test"}, {Name: "use_celery", Kind: action.Boolean, Default: "false"}, {Name: "database", Choices: []string{"postgres", "mysql"}, Default: "postgres"},
	}, Webhook: &action.Webhook{URL: "receiver:ci"}}}, nil
}

func (f *fake) Fire(_ context.Context, template string, in []action.Input) (uint64, error) {
	if len(in) > 0 && in[0].Value == "" {
		return 0, action.InputErrors{{Field: in[0].Name, Kind: "missing"}}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.add(&event.Event{Kind: event.KindFiring, Service: "django_test", Firing: sampleFiring(f.now, template, in)})
	return f.first + uint64(len(f.events)) - 1, nil
}

const sampleContext = `{"service":{"id":"Z2lkOi8vb3BzbGV2ZWwvU2VydmljZS8x","name":"Django Test","slug":"django_test","language":"Python","framework":"Django","tier_index":null,` +
	`"owner":{"name":"Aes Sedai","slug":"aes_sedai","manager":{"name":"Siuan Sanche","email":"siuan@example.com"},"contacts":[{"contact_method":"slack","address":"#the-white-tower"}]}},` +
	`"template_run":{"inputs":{"project_name":"Django Test"},"outputs":{"repo_url":"https://github.com/GROUP/django-boilerplate"}},"user":{"name":"Edgar","email":"edgar@example.com"}}`

func sampleFiring(now time.Time, template string, in []action.Input) *action.Firing {
	var c action.Context
	if err := json.Unmarshal([]byte(sampleContext), &c); err != nil {
		panic(err)
	}
	body := "{\n  \"name\": \"Django Test\",\n  \"repo\": \"https://github.com/GROUP/django-boilerplate\",\n  \"owner\": \"Aes Sedai\",\n  \"channel\": \"#the-white-tower\",\n  \"tier\": \n}"
	payload := "{\n  \"name\": \"{{ service.name }}\",\n  \"repo\": \"{{ template_run.outputs.repo_url }}\",\n  \"owner\": \"{{ service.owner.name }}\",\n  \"channel\": \"{{ service.owner.contacts[0].address }}\",\n  \"tier\": {{ service.tier_index }}\n}"
	span := func(in, value, expression string, line int) action.Span {
		return action.Span{Offset: strings.Index(in, value), Length: len(value), Line: line, Column: 5, Expression: expression}
	}
	status := 201
	url := "http://127.0.0.1:9000/hooks/django_test"
	return &action.Firing{
		ID: "7b1f1f8e-0000-4000-8000-000000000001", At: now, Template: template, Inputs: in, Service: "django_test",
		Webhook: action.Webhook{URL: "http://127.0.0.1:9000/hooks/{{ service.slug }}", Method: "POST", Headers: map[string]string{"Content-Type": "application/json", "X-Owner": "{{ service.owner.slug }}"}, Payload: payload, ResponseTemplate: "Created {{ response.body.url }} with status {{ response.status }}"},
		Context: c,
		Request: action.Request{Method: "POST", URL: url, Headers: []action.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Owner", Value: "aes_sedai"}}, Body: action.Bytes(body)},
		Spans: map[string][]action.Span{
			"url": {span(url, "django_test", "service.slug", 1)}, "header:X-Owner": {{Offset: 0, Length: 9, Line: 1, Expression: "service.owner.slug"}},
			"payload": {span(body, "Django Test", "service.name", 2), span(body, "https://github.com/GROUP/django-boilerplate", "template_run.outputs.repo_url", 3), span(body, "Aes Sedai", "service.owner.name", 4),
				span(body, "#the-white-tower", "service.owner.contacts[0].address", 5), {Offset: strings.Index(body, "\"tier\": ") + 8, Length: 0, Line: 6, Expression: "service.tier_index"}},
			"response_template": {{Offset: 8, Length: 12, Line: 1, Expression: "response.body.url"}, {Offset: 33, Length: 3, Line: 1, Expression: "response.status"}},
		},
		Attempts: []action.Attempt{{Number: 1, At: now, Why: "first", URL: url, Address: "127.0.0.1:9000", Timings: action.Timings{Total: action.Duration(14 * time.Millisecond)},
			Response: &action.Response{Status: 201, Proto: "HTTP/1.1", Reason: "Created", Headers: []action.Header{{Name: "Location", Value: "/jobs/77"}, {Name: "Content-Type", Value: "application/json"}}, Body: `{"job": 77, "url": "http://ci/77"}`, Length: 34, Complete: true}}},
		Response:         action.Coerced{Status: &status, Headers: json.RawMessage(`{"Location":"/jobs/77"}`), Body: json.RawMessage(`{"job":77,"url":"http://ci/77"}`)},
		RenderedResponse: "Created http://ci/77 with status 201", Result: action.Success, Took: action.Duration(15 * time.Millisecond),
		Problems: []action.Problem{{ID: "payload.not_json", Severity: action.Error, Part: "payload", Line: 7, Rendered: true, Message: "The rendered payload is not JSON.", Cure: "Write {{ service.tier_index | jsonify }}."}},
	}
}

func (f *fake) Contexts(context.Context) ([]NamedContext, error) {
	return []NamedContext{{"documented", []byte(sampleContext)}, {"2026", []byte(strings.Replace(sampleContext, `"tier_index":null`, `"tier_index":1`, 1))}}, nil
}

// Render knows {{ path }} alone.
func (f *fake) Render(_ context.Context, template string, contextJSON []byte) (action.Rendered, error) {
	root, err := parseJSON(string(contextJSON))
	if err != nil {
		return action.Rendered{}, err
	}
	var r action.Rendered
	var b strings.Builder
	line := 1
	for rest := template; ; {
		before, tail, ok := strings.Cut(rest, "{{")
		b.WriteString(before)
		line += strings.Count(before, "\n")
		if !ok {
			break
		}
		expression, after, ok := strings.Cut(tail, "}}")
		if !ok {
			return r, fmt.Errorf("line %d: Variable '{{' was not properly terminated with regexp: /\\}\\}/", line)
		}
		path := strings.TrimSpace(expression)
		n := lookup(root, path)
		if n == nil {
			p := action.Problem{ID: "path.unknown", Severity: action.Warning, Line: line, Expression: path, Message: path + " is not in the context, so it renders as nothing."}
			if path == "service.nmae" {
				p.Cure = "Did you mean service.name?"
			}
			r.Problems = append(r.Problems, p)
		}
		value := ""
		if n != nil && n.kind != 'n' {
			value = n.text
		}
		r.Spans = append(r.Spans, action.Span{Offset: b.Len(), Length: len(value), Line: line, Expression: path})
		b.WriteString(value)
		rest = after
	}
	r.Output = b.String()
	return r, nil
}

// newSample is the sample of these tests, with a dedup_id that counts.
func newSample() func() []byte {
	n := 0
	return func() []byte {
		n++
		return fmt.Appendf(nil, `{"service":"shopping_cart","environment":"Production","description":"first deploy","deployed_at":"2026-11-22T14:03:12Z","deployer":{"name":"Michael Scott"},"dedup_id":"demo-%d"}`, n)
	}
}

var _ = []any{Source(&fake{}), Suggester(&fake{}), Aliaser(&fake{}), Firer(&fake{}), Workbench(&fake{}), Breaker(&fake{}), Exporter(&fake{}), Resetter(&fake{}), Loader(&fake{}), Runner(&fake{})}
