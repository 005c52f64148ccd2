package expect

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Source is a journal as an expectation reads it.
type Source interface {
	// Range visits events with after < seq < before (before 0: no end), the newest first if descending, until visit
	// says no. Events that have left the window are passed over.
	Range(after, before uint64, descending bool, visit func(*event.Event) bool)
	// Skim is Range, but that an event is valid only until visit returns.
	Skim(after, before uint64, descending bool, visit func(*event.Event) bool)
	// Get is one event; evicted says that it was there once.
	Get(seq uint64) (e *event.Event, evicted bool)
	// Last is the newest seq, EvictedBefore the oldest that is still whole.
	Last() uint64
	EvictedBefore() uint64
	// More wakes the reader when the journal has grown.
	More() (more <-chan struct{}, cancel func())
}

// Watch follows a journal and keeps the tallies of several expectations. It is for one goroutine.
type Watch struct {
	source  Source
	clock   clock.Clock
	at      uint64
	tallies []*tally
	begun   time.Time
}

// NewWatch begins to watch. c is the emulator's clock, from which ages in queries count.
func NewWatch(source Source, c clock.Clock, expectations ...Expectation) *Watch {
	w := &Watch{source: source, clock: c, begun: c.Now()}
	for _, x := range expectations {
		w.tallies = append(w.tallies, newTally(x))
	}
	return w
}

// Read takes in all that has happened since the last time.
func (w *Watch) Read() {
	last := w.source.Last()
	now := w.clock.Now()
	for _, t := range w.tallies {
		from := max(w.at, t.x.Since)
		if t.ages() {
			// Time goes by for what was seen before, too.
			t.restart(t.x.Since)
			from = t.x.Since
		}
		if last > from {
			w.read(t, from, last, now)
		}
	}
	w.at = max(w.at, last)
}

// read takes in the events with from < seq <= last.
func (w *Watch) read(t *tally, from, last uint64, now time.Time) {
	first := max(from+1, w.source.EvictedBefore())
	if first > from+1 {
		t.lose(from+1, first-1)
	}
	if first > last {
		return
	}
	var visited uint64
	for _, p := range w.parts(t, first-1, last, now, &visited) {
		t.add(w.source, p)
	}
	// Events may have left the window while it was read.
	if gone := w.source.EvictedBefore(); gone > first && visited < last+1-first && t.start < gone-1 {
		t.lose(first, min(gone-1, last))
	}
}

// stretch is how many events are worth a goroutine of their own: decoding is most of the work.
const stretch = 1024

// parts sifts the events with after < seq <= last in stretches, side by side.
func (w *Watch) parts(t *tally, after, last uint64, now time.Time, visited *uint64) []*part {
	n := min(uint64(runtime.GOMAXPROCS(0)), (last-after)/stretch+1)
	size := (last - after + n - 1) / n
	parts := make([]*part, n)
	counts := make([]uint64, n)
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			// In its own memory: neighbours in a slice would share a cache line.
			var p part
			count := uint64(0)
			lo := after + i*size
			w.source.Skim(lo, min(lo+size, last)+1, false, func(e *event.Event) bool {
				count++
				t.sift(&p, e, now)
				return true
			})
			parts[i], counts[i] = &p, count
		})
	}
	running.Wait()
	for _, c := range counts {
		*visited += c
	}
	return parts
}

// Settled says whether nothing that still comes can change any of the verdicts.
func (w *Watch) Settled() bool {
	for _, t := range w.tallies {
		if s := t.state(); s != settled && s != violated {
			return false
		}
	}
	return true
}

// Good says whether every expectation would be met if nothing more came.
func (w *Watch) Good() bool {
	for _, t := range w.tallies {
		if s := t.state(); s != settled && s != good {
			return false
		}
	}
	return true
}

// Verdicts are the verdicts on what was read, in the order of the expectations, as if nothing more came.
func (w *Watch) Verdicts() []Verdict {
	all := make([]Verdict, len(w.tallies))
	for i, t := range w.tallies {
		all[i] = w.verdict(t)
	}
	return all
}

// Wait waits until x is decided, and returns the verdict. c is the emulator's clock. When ctx ends, what is not decided
// is incomplete. x must have passed [Expectation.Check].
func Wait(ctx context.Context, source Source, c clock.Clock, x Expectation) Verdict {
	w := NewWatch(source, c, x)
	more, cancel := source.More()
	defer cancel()
	deadline := newAlarm(c)
	defer deadline.stop()
	if x.Within > 0 {
		deadline.set(time.Duration(x.Within))
	}
	quiet := newAlarm(c)
	defer quiet.stop()
	t := w.tallies[0]
	least, most := x.bounds()
	for count := -1; ; {
		w.Read()
		switch s := t.state(); {
		case x.Within == 0, s == settled, s == violated:
			return w.verdict(t)
		case s == pending || least != most || most == 0:
			quiet.stop()
			count = -1
		case t.count != count:
			quiet.set(x.settle())
			count = t.count
		}
		select {
		case <-more:
		case <-deadline.fired:
			return w.last(t)
		case <-deadline.machine:
			return w.last(t)
		case <-quiet.fired:
			return w.last(t)
		case <-quiet.machine:
			return w.last(t)
		case <-ctx.Done():
			return w.abandoned(t)
		}
	}
}

// last is the verdict at a deadline, which counts what came right before it.
func (w *Watch) last(t *tally) Verdict {
	w.Read()
	return w.verdict(t)
}

// abandoned is the verdict when the wait was broken off.
func (w *Watch) abandoned(t *tally) Verdict {
	w.Read()
	v := w.verdict(t)
	if s := t.state(); s != settled && s != violated {
		v.Outcome, v.Why = Incomplete, "The wait was broken off before it was decided. "+v.Why
	}
	return v
}

// alarm fires on the emulator's clock or on the machine's, whichever comes first.
type alarm struct {
	clock          clock.Clock
	fired, machine <-chan time.Time
	stops          []func()
}

func newAlarm(c clock.Clock) *alarm { return &alarm{clock: c} }

// set makes the alarm fire after d, and no more at what it was set to before.
func (a *alarm) set(d time.Duration) {
	a.stop()
	fired, stop := a.clock.After(d)
	a.fired, a.stops = fired, append(a.stops, stop)
	if _, same := a.clock.(clock.System); !same {
		fired, stop := clock.System{}.After(d)
		a.machine, a.stops = fired, append(a.stops, stop)
	}
}

func (a *alarm) stop() {
	for _, stop := range a.stops {
		stop()
	}
	*a = alarm{clock: a.clock}
}
