package expect_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// start is when every test begins.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fake is a journal in a slice, with a window that a test moves.
type fake struct {
	hub   event.Hub
	mu    sync.Mutex
	all   []*event.Event
	first uint64
	// reading, where it is set, is called once before a Range visits anything.
	reading func()
	// skimmed, where it is set, is called once after a Skim.
	skimmed func()
}

func newFake(events ...*event.Event) *fake {
	f := &fake{first: 1}
	f.add(events...)
	return f
}

func (f *fake) add(events ...*event.Event) {
	f.mu.Lock()
	for _, e := range events {
		e.Seq = uint64(len(f.all) + 1)
		if e.At.IsZero() {
			e.At = start
		}
		f.all = append(f.all, e)
	}
	f.mu.Unlock()
	f.hub.Publish()
}

func (f *fake) evict(before uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.first = before
}

func (f *fake) Range(after, before uint64, descending bool, visit func(*event.Event) bool) {
	f.mu.Lock()
	if hook := f.reading; hook != nil {
		f.reading = nil
		f.mu.Unlock()
		hook()
		f.mu.Lock()
	}
	var some []*event.Event
	for _, e := range f.all {
		if e.Seq > after && (before == 0 || e.Seq < before) && e.Seq >= f.first {
			some = append(some, e)
		}
	}
	f.mu.Unlock()
	for _, e := range some {
		if !visit(e) {
			return
		}
	}
}

// Skim spoils each event when it has been visited.
func (f *fake) Skim(after, before uint64, descending bool, visit func(*event.Event) bool) {
	f.Range(after, before, descending, func(e *event.Event) bool {
		c := e.Clone()
		more := visit(c)
		if c.Deploy != nil {
			*c.Deploy = deploy.Deploy{Service: "spoilt"}
		}
		*c = event.Event{Kind: event.KindReset, Alias: "spoilt", Seq: 1 << 40}
		return more
	})
	if hook := f.skimmed; hook != nil {
		f.skimmed = nil
		hook()
	}
}

func (f *fake) Get(seq uint64) (*event.Event, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seq == 0 || seq > uint64(len(f.all)) {
		return nil, false
	}
	if seq < f.first {
		return nil, true
	}
	return f.all[seq-1], false
}

func (f *fake) Last() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return uint64(len(f.all))
}

func (f *fake) EvictedBefore() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.first
}

func (f *fake) More() (<-chan struct{}, func()) { return f.hub.Subscribe() }

// change makes one more thing true of an event.
type change func(*event.Event)

// sent is a deploy that OpsLevel recorded, changed.
func sent(alias, environment string, changes ...change) *event.Event {
	e := &event.Event{
		Kind: event.KindDeploy, HTTP: 202, Result: deploy.OK, Alias: alias, Service: alias, Integration: "i",
		Deploy:  &deploy.Deploy{Service: alias, Environment: environment, Description: "d", Commit: &deploy.Commit{SHA: "a1"}},
		Request: &event.Request{Method: "POST", Path: "/integrations/deploy/i"},
		Why:     "The service is known.",
	}
	for _, c := range changes {
		c(e)
	}
	return e
}

func dropped(e *event.Event) {
	e.Result = deploy.Duplicate
	e.Findings = append(e.Findings, finding.Finding{ID: "silent.duplicate", Severity: finding.Silent, Evidence: "The id is taken.", Explanation: "It is dropped.", Cure: "Send another."})
}

func retried(e *event.Event) {
	e.Result = deploy.Duplicate
	e.Findings = append(e.Findings, finding.Finding{ID: "sender.retry", Severity: finding.Note})
}

func rejected(e *event.Event) {
	e.Result, e.HTTP, e.Service = deploy.Rejected, 400, ""
	e.Findings = append(e.Findings, finding.Finding{ID: "silent.rejected", Severity: finding.Silent, Evidence: "400.", Explanation: "Nothing is kept.", Cure: "Send it."})
}

func unknown(e *event.Event) {
	e.Result, e.Service = deploy.NoServiceFound, ""
	e.Findings = append(e.Findings, finding.Finding{ID: "silent.unknown_alias", Severity: finding.Silent})
}

func unavailable(e *event.Event) {
	e.Result, e.HTTP, e.Service = deploy.Rejected, 503, ""
	e.Findings = append(e.Findings, finding.Finding{ID: "wire.try_again", Severity: finding.Note})
}

// kept: a fault has kept it from OpsLevel, and cut the connection.
func kept(e *event.Event) {
	e.Result, e.HTTP, e.Service, e.Title = deploy.Rejected, 0, "", "No answer"
	e.Fault = &event.Fault{ID: "reset", Kind: "reset"}
}

// bare: nothing but its words and its dedup_id tells it from another deploy of its service and environment.
func bare(e *event.Event) { e.Deploy.Commit = nil }

func worded(s string) change { return func(e *event.Event) { e.Deploy.Description = s } }

func titled(e *event.Event) { e.Title = "Service Error" }

func warned(e *event.Event) {
	e.Findings = append(e.Findings, finding.Finding{ID: "environment.case", Severity: finding.Warning})
}

func placeholder(e *event.Event) {
	e.Findings = append(e.Findings, finding.Finding{ID: "field.placeholder", Severity: finding.Silent})
}

func unread(e *event.Event)  { e.Deploy, e.Alias, e.Service = nil, "", "" }
func dedup(id string) change { return func(e *event.Event) { e.Deploy.DedupID = id } }
func commit(sha string) change {
	return func(e *event.Event) { e.Deploy.Commit = &deploy.Commit{SHA: sha} }
}
func status(s string) change    { return func(e *event.Event) { e.Deploy.Status = s } }
func at(d time.Duration) change { return func(e *event.Event) { e.At = start.Add(d) } }
func reset() *event.Event       { return &event.Event{Kind: event.KindReset} }
func call(path string) *event.Event {
	return &event.Event{Kind: event.KindCall, HTTP: 404, Request: &event.Request{Method: "GET", Path: path}}
}

func number(n int) *int { return &n }

// expecting is an expectation of a query.
func expecting(t testing.TB, q string, changes ...func(*expect.Expectation)) expect.Expectation {
	t.Helper()
	parsed, err := query.Parse(q)
	if err != nil {
		t.Fatal(err)
	}
	x := expect.Expectation{Query: parsed}
	for _, c := range changes {
		c(&x)
	}
	if err := x.Check(); err != nil {
		t.Fatal(err)
	}
	return x
}

func times(n int) func(*expect.Expectation) { return func(x *expect.Expectation) { x.Times = &n } }
func least(n int) func(*expect.Expectation) { return func(x *expect.Expectation) { x.Min = &n } }
func most(n int) func(*expect.Expectation)  { return func(x *expect.Expectation) { x.Max = &n } }
func never(x *expect.Expectation)           { x.Never = true }
func since(n uint64) func(*expect.Expectation) {
	return func(x *expect.Expectation) { x.Since = n }
}
func within(d time.Duration) func(*expect.Expectation) {
	return func(x *expect.Expectation) { x.Within = expect.Duration(d) }
}

// at once decides x by what is there.
func decide(t testing.TB, f *fake, x expect.Expectation) expect.Verdict {
	t.Helper()
	return expect.Wait(t.Context(), f, clock.NewManual(start), x)
}

func describe(v expect.Verdict) string {
	return fmt.Sprintf("%s (%d)\n%s", v.Outcome, v.Count, v.Text())
}
