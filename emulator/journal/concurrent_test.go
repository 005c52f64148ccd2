package journal

import (
	"errors"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TestReadersBesideWriters reads in every way while a journal is written, evicted and compacted at full speed.
func TestReadersBesideWriters(t *testing.T) {
	for name, o := range map[string]Options{
		"memory":   {},
		"interval": {Path: path(t)},
		"always":   {Path: path(t), Sync: Always},
	} {
		t.Run(name, func(t *testing.T) {
			o.Keep, o.KeepIDs, o.tune = 200, 300, tuning{compactMin: 100_000, sliceRecords: 20}
			var committed atomic.Uint64
			o.Committed = func(es []*event.Event) {
				for _, e := range es {
					if !committed.CompareAndSwap(e.Seq-1, e.Seq) {
						t.Errorf("event %d was committed after %d", e.Seq, committed.Load())
					}
				}
			}
			j := open(t, o)
			done := make(chan struct{})
			var readers sync.WaitGroup
			for range 2 {
				readers.Go(func() {
					for {
						select {
						case <-done:
							return
						default:
							readOnce(t, j)
						}
					}
				})
			}
			appendFrom(t, j, 16, 200)
			close(done)
			readers.Wait()
			if s := j.Stats(); j.Last() != 3200 || s.Events != 200 || s.Stubs != 300 || o.Path != "" && s.Compactions == 0 {
				t.Errorf("last %d, %+v", j.Last(), s)
			}
		})
	}
}

// readOnce walks the window both ways. Only what was evicted meanwhile may be missing, and only at the old end.
func readOnce(t *testing.T, j *Journal) {
	last, prev := j.Last(), uint64(0)
	j.Range(0, 0, false, func(e *event.Event) bool {
		if prev != 0 && e.Seq != prev+1 && e.Seq > j.EvictedBefore() {
			t.Errorf("event %d follows %d", e.Seq, prev)
		}
		prev = e.Seq
		return true
	})
	if prev < last {
		t.Errorf("the walk ended at %d, and %d was there", prev, last)
	}
	prev = 0
	j.Range(0, last+1, true, func(e *event.Event) bool {
		if prev != 0 && e.Seq >= prev {
			t.Errorf("event %d before %d", prev, e.Seq)
		}
		prev = e.Seq
		return prev > last-50
	})
	if e, ok := j.Get(last); ok && e.Seq != last {
		t.Errorf("got %d, asked for %d", e.Seq, last)
	}
	j.Stats()
}

func appendFrom(t *testing.T, j *Journal, goroutines, each int) {
	t.Helper()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				if _, err := j.Append(deployEvent(strconv.Itoa(g*each + i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// TestJudgedOneByOne has build decide by what was decided before: of many with one id, one wins.
func TestJudgedOneByOne(t *testing.T) {
	j := open(t, Options{Path: path(t)})
	seen := map[string]bool{} // no lock: build has one caller at a time
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			first := false
			if _, err := j.Append(func(seq uint64) *event.Event {
				first = !seen["id"]
				seen["id"] = true
				return deployEvent("id")(seq)
			}); err != nil {
				t.Error(err)
			}
			if first {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || j.Last() != 1000 {
		t.Error(won.Load(), j.Last())
	}
}

// TestCloseAnswersEverybody closes while others append: each Append ends, and what it said is so.
func TestCloseAnswersEverybody(t *testing.T) {
	p := path(t)
	for round := range 10 {
		j := open(t, Options{Path: p})
		start := j.Last()
		var ok atomic.Uint64
		var wg sync.WaitGroup
		begun := make(chan struct{}, 8)
		for range 8 {
			wg.Go(func() {
				for n := 0; ; n++ {
					_, err := j.Append(deployEvent("x"))
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					ok.Add(1)
					if n == round {
						begun <- struct{}{}
					}
				}
			})
		}
		<-begun
		shut(t, j)
		wg.Wait()
		if got := j.Last() - start; got != ok.Load() {
			t.Fatalf("%d appended, %d answered", got, ok.Load())
		}
		j = open(t, Options{Path: p, Keep: 20})
		if got := j.Last() - start; got != ok.Load() {
			t.Fatalf("%d found, %d answered", got, ok.Load())
		}
		shut(t, j)
	}
}

// TestNothingWaitsForTheClock: an answer of Interval does not wait for its second.
func TestNothingWaitsForTheClock(t *testing.T) {
	j := open(t, Options{Path: path(t), Clock: clock.NewManual(testTime)})
	for range 50 {
		add(t, j, rejected)
	}
}

// TestChangeGoesAlone: what is judged by a change is never written with it, for of a torn group any part may be lost.
func TestChangeGoesAlone(t *testing.T) {
	var groups []string
	j := open(t, Options{Committed: func(es []*event.Event) {
		g := ""
		for _, e := range es {
			g += string(e.Kind) + " "
		}
		groups = append(groups, g)
	}})
	builds := []func(uint64) *event.Event{rejected, deployEvent("a"), rejected, change("b"), deployEvent("c"), reset, change("d"), rejected, rejected}
	var wg sync.WaitGroup
	wg.Go(func() {
		add(t, j, func(seq uint64) *event.Event { // holds the writer until all others wait, in this order
			for i, build := range builds {
				wg.Go(func() { add(t, j, build) })
				for waiting(j) <= i {
					runtime.Gosched()
				}
			}
			return rejected(seq)
		})
	})
	wg.Wait()
	want := []string{"deploy ", "deploy deploy deploy ", "change ", "deploy ", "reset ", "change ", "deploy deploy "}
	if !slices.Equal(groups, want) {
		t.Errorf("%q", groups)
	}
}

func waiting(j *Journal) int {
	j.queue.mu.Lock()
	defer j.queue.mu.Unlock()
	return len(j.queue.calls)
}
