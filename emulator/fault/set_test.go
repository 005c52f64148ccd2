package fault_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// request is a request to one service.
type request string

func (r request) Values(to []string, f query.Field) []string {
	if f == query.Service {
		return append(to, string(r))
	}
	return to
}
func (request) Number(query.Field) (int64, bool)   { return 0, false }
func (request) Time(query.Field) (time.Time, bool) { return time.Time{}, false }

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func setOf(t *testing.T, seed uint64, faults ...fault.Fault) *fault.Set {
	t.Helper()
	s := fault.NewSet(seed)
	if _, err := s.AddAll(faults); err != nil {
		t.Fatal(err)
	}
	return s
}

// decisions are n requests to cart: an x for each that was hit.
func decisions(s *fault.Set, n int) string {
	var b strings.Builder
	for range n {
		if s.Decide(fault.Incoming, request("cart"), now) != nil {
			b.WriteByte('x')
		} else {
			b.WriteByte('.')
		}
	}
	return b.String()
}

func TestScope(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault fault.Fault
		want  string
	}{
		{"all", fault.Fault{}, "xxxxxxxx"},
		{"query", fault.Fault{Query: "service:cart"}, "xxxxxxxx"},
		{"another service", fault.Fault{Query: "service:other"}, "........"},
		{"negated", fault.Fault{Query: "not:service:cart"}, "........"},
		{"first", fault.Fault{First: 2}, "xx......"},
		{"every", fault.Fault{Every: 3}, "..x..x.."},
		{"every one", fault.Fault{Every: 1}, "xxxxxxxx"},
		{"the first two of every second", fault.Fault{Every: 2, First: 2}, ".x.x...."},
		{"certain", fault.Fault{Probability: fault.Chance(1)}, "xxxxxxxx"},
		{"outgoing", fault.Fault{On: fault.Outgoing}, "........"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.fault.Kind = fault.KindReset
			if got := decisions(setOf(t, 1, c.fault), 8); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestSeed: the same seed decides alike, whatever other faults there are; another seed otherwise; and about as often as
// was asked for.
func TestSeed(t *testing.T) {
	f := fault.Fault{ID: "flaky", Kind: fault.KindReset, Probability: fault.Chance(0.3)}
	const n = 2000
	first := decisions(setOf(t, 7, f), n)
	if again := decisions(setOf(t, 7, f), n); again != first {
		t.Error("the same seed decides otherwise")
	}
	beside := setOf(t, 7, fault.Fault{Kind: fault.KindReset, Query: "service:other", Probability: fault.Chance(0.5)}, f)
	if got := decisions(beside, n); got != first {
		t.Error("another fault changes the decisions")
	}
	if other := decisions(setOf(t, 8, f), n); other == first {
		t.Error("another seed decides the same")
	}
	if hits := strings.Count(first, "x"); hits < n*27/100 || hits > n*33/100 {
		t.Errorf("%d of %d are hit, want about 30 %%", hits, n)
	}
	rewound := setOf(t, 7, f)
	decisions(rewound, 17)
	rewound.Rewind()
	if got := decisions(rewound, n); got != first {
		t.Error("after Rewind chance decides otherwise")
	}
}

func TestCounters(t *testing.T) {
	s := setOf(t, 1, fault.Fault{Kind: fault.KindStatus, First: 2, Query: "service:cart"}, fault.Fault{Kind: fault.KindEmpty, Every: 2})
	decisions(s, 5)
	s.Decide(fault.Incoming, request("other"), now)
	type counts struct {
		ID              string
		Seen, Hit, Left int
		Over            bool
	}
	var got []counts
	for _, st := range s.List() {
		got = append(got, counts{st.ID, st.Seen, st.Hit, st.Left(), st.Over})
	}
	// The second fault does not see the two requests that the first one hit.
	want := []counts{{"status", 5, 2, 0, true}, {"empty", 4, 2, -1, false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAddAndRemove(t *testing.T) {
	s := fault.NewSet(0)
	for _, want := range []string{"reset", "reset-2", "reset-3"} {
		f, err := s.Add(fault.Fault{Kind: fault.KindReset})
		if err != nil || f.ID != want || f.On != fault.Incoming {
			t.Errorf("%+v %v, want %s", f, err, want)
		}
	}
	var taken fault.TakenError
	if _, err := s.Add(fault.Fault{ID: "reset-2", Kind: fault.KindReset}); !errors.As(err, &taken) || taken.ID != "reset-2" {
		t.Errorf("%v", err)
	}
	if _, err := s.AddAll([]fault.Fault{{Kind: fault.KindEmpty}, {Kind: "nonsense"}}); err == nil || len(s.List()) != 3 {
		t.Errorf("%v; %d faults, want the 3 that were there", err, len(s.List()))
	}
	if err := s.Remove("reset-2"); err != nil {
		t.Error(err)
	}
	if err := s.Remove("reset-2"); !errors.Is(err, fault.ErrNone) {
		t.Error(err)
	}
	s.Clear()
	if s.Any() || s.Decide(fault.Incoming, request("cart"), now) != nil {
		t.Error("a fault is left")
	}
	for range fault.MaxFaults {
		if _, err := s.Add(fault.Fault{Kind: fault.KindReset}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Add(fault.Fault{Kind: fault.KindReset}); !errors.Is(err, fault.ErrFull) {
		t.Error(err)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		fault fault.Fault
		field string
	}{
		{fault.Fault{}, "kind"},
		{fault.Fault{Kind: "stauts"}, "kind"},
		{fault.Fault{Kind: "status", On: "both"}, "on"},
		{fault.Fault{Kind: "status", ID: "a b"}, "id"},
		{fault.Fault{Kind: "status", ID: "any"}, "id"},
		{fault.Fault{Kind: "status", ID: "reset"}, "id"},
		{fault.Fault{Kind: "status", ID: strings.Repeat("x", 65)}, "id"},
		{fault.Fault{Kind: "status", Query: "svc:x"}, "query"},
		{fault.Fault{Kind: "status", Query: "result:ok"}, "query"},
		{fault.Fault{Kind: "status", Query: "not:has:finding"}, "query"},
		{fault.Fault{Kind: "status", Query: "fault:any"}, "query"},
		{fault.Fault{Kind: "status", Query: "status:FAILURE", On: fault.Outgoing}, "query"},
		{fault.Fault{Kind: "status", First: -1}, "first"},
		{fault.Fault{Kind: "status", Every: -1}, "every"},
		{fault.Fault{Kind: "status", Probability: fault.Chance(0)}, "probability"},
		{fault.Fault{Kind: "status", Probability: fault.Chance(1.1)}, "probability"},
		{fault.Fault{Kind: "status", Status: 200}, "status"},
		{fault.Fault{Kind: "status", Status: 600}, "status"},
		{fault.Fault{Kind: "status", RetryAfter: "2"}, "retry_after"},
		{fault.Fault{Kind: "status", RetryAfter: "25h"}, "retry_after"},
		{fault.Fault{Kind: "status", Location: "http://x.test"}, "location"},
		{fault.Fault{Kind: "latency", Delay: "-1s"}, "delay"},
		{fault.Fault{Kind: "latency", Delay: "11m"}, "delay"},
		{fault.Fault{Kind: "latency", Delay: "9m", Jitter: "2m"}, "jitter"},
		{fault.Fault{Kind: "latency", Status: 500}, "status"},
		{fault.Fault{Kind: "reset", Jitter: "1s"}, "jitter"},
		{fault.Fault{Kind: "truncated", Bytes: -1}, "bytes"},
		{fault.Fault{Kind: "redirect", Status: 304}, "status"},
		{fault.Fault{Kind: "redirect", Location: "/elsewhere"}, "location"},
		{fault.Fault{Kind: "redirect", Location: "https://x.test/\r\nSet-Cookie: a=b"}, "location"},
	} {
		err := c.fault.Check()
		var wrong *fault.CheckError
		if !errors.As(err, &wrong) || wrong.Field != c.field {
			t.Errorf("%+v: %v, want an error about %s", c.fault, err, c.field)
		}
	}
	for _, d := range fault.Kinds() {
		if err := (fault.Fault{Kind: d.Kind, Delay: "1s"}).Check(); err != nil {
			t.Errorf("%s: %v", d.Kind, err)
		}
		if d.Doc == "" || d.Example == "" || len(d.Settings) == 0 {
			t.Errorf("%s is not explained", d.Kind)
		}
	}
}

// TestBodies: whatever the body, a cut one is shorter and a malformed one is no JSON.
func TestBodies(t *testing.T) {
	for _, body := range []string{``, `1`, `12`, `{}`, `{"result":"ok"}`, `{"result":"ok","message":"{\"a\":1}"}`} {
		if json.Valid(fault.Malform([]byte(body))) {
			t.Errorf("%s is still JSON: %s", body, fault.Malform([]byte(body)))
		}
		for _, n := range []int{0, 1, 5, 1000} {
			h := fault.Hit{Bytes: n}
			if got := h.Cut([]byte(body)); len(body) > 0 && len(got) >= len(body) {
				t.Errorf("%q cut at %d is %q", body, n, got)
			}
		}
	}
}

func TestLatencyStaysWithin(t *testing.T) {
	s := setOf(t, 3, fault.Fault{Kind: fault.KindLatency, Delay: "1s", Jitter: "2s"})
	seen := map[time.Duration]bool{}
	for range 100 {
		h := s.Decide(fault.Incoming, request("cart"), now)
		if h.Delay < time.Second || h.Delay > 3*time.Second {
			t.Fatalf("a delay of %s", h.Delay)
		}
		seen[h.Delay] = true
	}
	if len(seen) < 90 {
		t.Errorf("only %d different delays in 100", len(seen))
	}
}

// TestConcurrent: every request is counted once, and First is kept to, whoever asks at the same time.
func TestConcurrent(t *testing.T) {
	s := setOf(t, 1, fault.Fault{Kind: fault.KindReset, First: 100, Query: "service:cart"})
	var wg sync.WaitGroup
	var mu sync.Mutex
	hits := 0
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if s.Decide(fault.Incoming, request("cart"), now) != nil {
					mu.Lock()
					hits++
					mu.Unlock()
				}
				s.List()
			}
		})
	}
	wg.Go(func() {
		for range 200 {
			f, err := s.Add(fault.Fault{Kind: fault.KindEmpty, Query: "service:other"})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Remove(f.ID); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	if st := s.List()[0]; hits != 100 || st.Seen != 4000 || st.Hit != 100 {
		t.Errorf("%d hits, %+v", hits, st)
	}
}

// TestNoFaultCostsNothing: a request where no fault is in force allocates nothing.
func TestNoFaultCostsNothing(t *testing.T) {
	s := fault.NewSet(1)
	var fields query.Fields = request("cart")
	if n := testing.AllocsPerRun(100, func() { s.Decide(fault.Incoming, fields, now) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
