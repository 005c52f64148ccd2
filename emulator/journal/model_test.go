package journal

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// model says what a journal should hold, from all the events that ever went in and the limits.
type model struct {
	keep      int
	keepBytes int64
	keepIDs   int
	all       []*event.Event
}

func (m *model) whole() []*event.Event {
	n, bytes := 0, int64(0)
	for n < len(m.all) {
		e := m.all[len(m.all)-n-1]
		if e.Request != nil {
			bytes += int64(len(e.Request.Body))
		}
		if n > 0 && (n == m.keep || bytes > m.keepBytes) {
			break
		}
		n++
	}
	return m.all[len(m.all)-n:]
}

func (m *model) floor() (floor, fixtures uint64) {
	for _, e := range m.all {
		loads := e.Change != nil && e.Change.Fixtures != nil
		if loads {
			fixtures = e.Seq
		}
		if loads || e.Kind == event.KindReset {
			floor = e.Seq
		}
	}
	return floor, fixtures
}

// derived is what a reopened journal must know.
func (m *model) derived() (ds []event.Derived) {
	whole := m.whole()
	gone := m.all[:len(m.all)-len(whole)]
	floor, fixtures := m.floor()
	ids := 0
	for i := len(gone) - 1; i >= 0; i-- {
		d := gone[i].Derived()
		deploys := d.Change == nil && d.Kind != event.KindReset
		if d.Seq < floor && d.Seq != fixtures || deploys && (!d.Recorded() || ids == m.keepIDs) {
			continue
		}
		if deploys {
			ids++
		}
		d.Was, d.Kind, d.Integration = d.Kind, event.KindEvicted, ""
		ds = append([]event.Derived{d}, ds...)
	}
	for _, e := range whole {
		ds = append(ds, e.Derived())
	}
	return ds
}

func randomEvent(r *rand.Rand) func(uint64) *event.Event {
	switch n := r.IntN(100); {
	case n < 70:
		return deployEvent(fmt.Sprint(r.Uint64()))
	case n < 80:
		return rejected
	case n < 88:
		size := r.IntN(3000)
		return func(seq uint64) *event.Event {
			e := rejected(seq)
			e.Request.Body = padding[:size/3] + padding[:size/3] + padding[:size/3]
			return e
		}
	case n < 96:
		return change(fmt.Sprint(r.IntN(1000)))
	case n < 98:
		return reset
	}
	return func(uint64) *event.Event {
		return &event.Event{Kind: event.KindChange, At: testTime, Change: &event.Change{Fixtures: &catalog.Contents{}}}
	}
}

func TestModel(t *testing.T) {
	for seed := range uint64(20) {
		for _, inFile := range []bool{false, true} {
			t.Run(fmt.Sprintf("seed=%d/file=%t", seed, inFile), func(t *testing.T) { t.Parallel(); runModel(t, seed, inFile) })
		}
	}
}

func runModel(t *testing.T, seed uint64, inFile bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	m := model{keep: 1 + r.IntN(40), keepBytes: int64(1 + r.IntN(30_000)), keepIDs: 1 + r.IntN(60)}
	o := Options{Keep: m.keep, KeepBytes: max(m.keepBytes, 2000), KeepIDs: m.keepIDs, tune: tuning{1 + int64(r.IntN(100_000)), 1 + r.IntN(50), 1 + r.IntN(20), 1 + r.IntN(16)}}
	m.keepBytes = o.KeepBytes
	if inFile {
		o.Path, o.Sync = path(t), Sync(r.IntN(2))
	}
	forgotten := map[uint64]bool{}
	o.Forgotten = func(d event.Derived) {
		if forgotten[d.Seq] {
			t.Errorf("event %d was forgotten twice", d.Seq)
		}
		forgotten[d.Seq] = true
	}
	j := open(t, o)
	for range 300 {
		m.all = append(m.all, add(t, j, randomEvent(r)))
		if r.IntN(20) == 0 && inFile {
			shut(t, j)
			clear(forgotten) // what a page has is replayed and forgotten again
			j = m.reopen(t, o, forgotten)
		}
		m.check(t, j, r)
		for _, d := range m.derived() {
			if forgotten[d.Seq] {
				t.Fatalf("event %d was forgotten too early", d.Seq)
			}
		}
	}
}

// reopen wants to be told all that the model has. What is told beyond that is forgotten again at once, or means nothing: a record
// that is not deleted yet.
func (m *model) reopen(t *testing.T, o Options, forgotten map[uint64]bool) *Journal {
	t.Helper()
	var told, got []event.Derived
	o.Replay = func(d event.Derived) error { told = append(told, d); return nil }
	o.Warn = func(s string) { t.Error(s) }
	j := open(t, o)
	floor, fixtures := m.floor()
	for _, d := range told {
		if evicted := d.Seq < j.EvictedBefore(); evicted && d.Kind != event.KindEvicted { // it waits for its page
			d.Was, d.Kind, d.Integration = d.Kind, event.KindEvicted, ""
		}
		traces := d.Recorded() || d.Change != nil || d.Was == event.KindReset
		useless := d.Seq < floor && d.Seq != fixtures || !traces
		if !forgotten[d.Seq] && (d.Kind != event.KindEvicted || !useless) {
			got = append(got, d)
		}
	}
	if d := cmp.Diff(m.derived(), got); d != "" {
		t.Fatal(d)
	}
	return j
}

func (m *model) check(t *testing.T, j *Journal, r *rand.Rand) {
	t.Helper()
	whole := m.whole()
	if got, want := j.EvictedBefore(), whole[0].Seq; got != want {
		t.Fatalf("evicted before %d, want %d", got, want)
	}
	if got, want := j.Last(), uint64(len(m.all)); got != want {
		t.Fatalf("last %d, want %d", got, want)
	}
	stubs, changes := 0, 0
	for _, d := range m.derived() {
		switch {
		case d.Kind != event.KindEvicted:
		case d.Change != nil || d.Was == event.KindReset:
			changes++
		default:
			stubs++
		}
	}
	if s := j.Stats(); s.Stubs != stubs || s.Changes != changes || s.Events != len(whole) {
		t.Fatalf("%+v, want %d whole, %d stubs, %d changes", s, len(whole), stubs, changes)
	}
	after, before := uint64(r.IntN(len(m.all)+2)), uint64(r.IntN(len(m.all)+2))
	descending := r.IntN(2) == 0
	var want, got []*event.Event
	for _, e := range whole {
		if e.Seq > after && (before == 0 || e.Seq < before) {
			if descending {
				want = append([]*event.Event{e}, want...)
			} else {
				want = append(want, e)
			}
		}
	}
	j.Range(after, before, descending, func(e *event.Event) bool { got = append(got, e); return true })
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("range %d %d %t: %s", after, before, descending, d)
	}
	seq := uint64(1 + r.IntN(len(m.all)+1))
	if e, ok := j.Get(seq); ok != (seq >= whole[0].Seq && seq <= uint64(len(m.all))) || ok && e.Seq != seq {
		t.Fatalf("get %d: %v %t", seq, e, ok)
	}
}
