package emulator_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// fakeTB is a test that fails without ending anybody.
type fakeTB struct{ log strings.Builder }

func (f *fakeTB) Helper()                           {}
func (f *fakeTB) Cleanup(func())                    {}
func (f *fakeTB) Failed() bool                      { return f.log.Len() > 0 }
func (f *fakeTB) Logf(string, ...any)               {}
func (f *fakeTB) Fatalf(format string, args ...any) { fmt.Fprintf(&f.log, format, args...) }

// catalogued is an emulator that knows the services there are.
func catalogued(t *testing.T) *emulator.Server {
	c := fixtures.Default()
	return emulator.Start(t, emulator.Config{Fixtures: &c, CatalogGiven: true})
}

func TestExpect(t *testing.T) {
	s := catalogued(t)
	post(t, s, body(`"environment":"Production"`, `"dedup_id":"1"`))
	s.Expect(t, "service:shopping_cart environment:Production", emulator.Times(1))
	s.Expect(t, "service:shopping_cart environment:staging", emulator.Never())
	s.Expect(t, "", emulator.Min(1), emulator.Max(2))
	s.Expect(t, "", emulator.Since(s.LastSeq()), emulator.Max(0))
}

// TestExpectFails: the failure of a lost deploy says what was lost, why, and what arrived.
func TestExpectFails(t *testing.T) {
	s := catalogued(t)
	post(t, s, body(`"environment":"staging"`, `"dedup_id":"77"`))
	post(t, s, body(`"environment":"Production"`, `"dedup_id":"77"`))
	var tb fakeTB
	s.Expect(&tb, "service:shopping_cart environment:Production")
	for _, want := range []string{"Expected at least 1 deploy", "none was recorded", "silent.duplicate", "cure:", "nearest: #2", "!=  duplicate_deploy", "bubblelevel at http://", "2 events"} {
		if !strings.Contains(tb.log.String(), want) {
			t.Errorf("the failure does not say %q:\n%s", want, &tb.log)
		}
	}
}

func TestExpectRefusesWhatSaysNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, q := range []string{"not:finding:silent.duplicat", "servce:cart", "result:okay"} {
		var tb fakeTB
		s.Expect(&tb, q, emulator.Never())
		if !tb.Failed() {
			t.Errorf("%s is accepted", q)
		}
	}
}

func TestWaitDeploy(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	go post(t, s, body(`"environment":"Production"`))
	e := s.WaitDeploy(t, "environment:Production", time.Minute)
	if e == nil || e.Result != deploy.OK || e.Deploy.Environment != "Production" {
		t.Errorf("got %v", e)
	}
	var tb fakeTB
	if e := s.WaitDeploy(&tb, "environment:staging", time.Millisecond); e != nil || !tb.Failed() {
		t.Errorf("got %v, %s", e, &tb.log)
	}
}

// TestExpectOnAManualClock: a test that moves the clock need not wait, and one that does not is not held for ever.
func TestExpectOnAManualClock(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s := emulator.Start(t, emulator.Config{Clock: c})
	post(t, s, body())
	timers := c.Waiting() // the journal's
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Expect(t, "", emulator.Max(1), emulator.Within(time.Hour))
	}()
	for c.Waiting() == timers {
		runtime.Gosched()
	}
	c.Advance(time.Hour)
	<-done
	s.Expect(t, "", emulator.Max(1), emulator.Within(time.Millisecond))
	s.Expect(t, "newer:30m", emulator.Never())
}

func TestExpectInParallel(t *testing.T) {
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			s := emulator.Start(t, emulator.Config{})
			for n := range 20 {
				go post(t, s, body(fmt.Sprintf(`"dedup_id":"%d"`, n)))
			}
			s.Expect(t, "service:shopping_cart", emulator.Times(20), emulator.Within(time.Minute))
		})
	}
}

// BenchmarkVerify asks ten thousand events: the bar is 20 ms.
func BenchmarkVerify(b *testing.B) {
	s := emulator.Start(b, emulator.Config{})
	for i := range 10_000 {
		post(b, s, body(fmt.Sprintf(`"dedup_id":"%d"`, i), fmt.Sprintf(`"environment":"e%d"`, i%50)))
	}
	b.Run("one reader's pass", func(b *testing.B) {
		for b.Loop() {
			s.Events()
		}
	})
	for name, c := range map[string]struct {
		query string
		times int
	}{"met": {"service:shopping_cart environment:e7", 200}, "not met": {"service:shopping_cart environment:E7", 1}} {
		b.Run(name, func(b *testing.B) {
			url := s.ControlURL() + "/_emulator/v1/verify"
			for b.Loop() {
				send(b, "POST", url, "application/json", fmt.Sprintf(`{"query":%q,"times":%d}`, c.query, c.times))
			}
		})
	}
}

// TestConditions: each says one thing of an expectation, and nothing else.
func TestConditions(t *testing.T) {
	for want, condition := range map[string]emulator.Expecting{
		`{"query":"","times":2}`:     emulator.Times(2),
		`{"query":"","min":2}`:       emulator.Min(2),
		`{"query":"","max":2}`:       emulator.Max(2),
		`{"query":"","never":true}`:  emulator.Never(),
		`{"query":"","within":"3s"}`: emulator.Within(3 * time.Second),
		`{"query":"","settle":"3s"}`: emulator.Settle(3 * time.Second),
		`{"query":"","since":2}`:     emulator.Since(2),
	} {
		var x expect.Expectation
		condition(&x)
		if got, err := json.Marshal(x); err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
