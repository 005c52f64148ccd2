package journal

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TestBounded fills a journal ten times over. It must hold what it was told to, in memory and in its file.
func TestBounded(t *testing.T) {
	for _, p := range []string{Memory, path(t)} {
		o := Options{Path: p, Keep: 100, KeepIDs: 200, tune: tuning{compactMin: 200_000, sliceRecords: 50}}
		forgotten := 0
		o.Forgotten = func(d event.Derived) {
			if forgotten++; d.Dedup == (event.DedupKey{}) || d.Was != event.KindDeploy {
				t.Errorf("forgotten: %+v", d)
			}
		}
		j := open(t, o)
		for i := range 3000 {
			add(t, j, deployEvent(strconv.Itoa(i)))
			if s := j.Stats(); s.Events > 100 || s.Stubs > 200 {
				t.Fatalf("after %d: %+v", i, s)
			}
		}
		s := j.Stats()
		if s.Events != 100 || s.Stubs != 200 || s.BodyBytes != 100*int64(len(body("1234"))) || forgotten != 2700 {
			t.Errorf("%+v, %d forgotten", s, forgotten)
		}
		if p == Memory {
			continue
		}
		for n := 0; j.Stats().Compactions == 0; n++ {
			add(t, j, rejected)
			if n > 100_000 {
				t.Fatalf("no compaction: %+v", j.Stats())
			}
		}
		shut(t, j)
		s = j.Stats()
		if st, err := os.Stat(p); err != nil || st.Size() != s.FileBytes {
			t.Errorf("the file has %d bytes, %+v", st.Size(), s)
		}
		if s.FileBytes > 2*s.LiveBytes+o.tune.compactMin {
			t.Errorf("the next process has to read %+v", s)
		}
	}
}

// TestGiantsAreBounded: what is not body counts too.
func TestGiantsAreBounded(t *testing.T) {
	j := open(t, Options{KeepBytes: 1 << 20})
	for range 200 {
		add(t, j, func(uint64) *event.Event {
			return &event.Event{Kind: event.KindCall, At: testTime, Why: strings.Repeat("w", 100_000)}
		})
	}
	if s := j.Stats(); s.StoredBytes > storedPerBody<<20 || s.Events < 30 {
		t.Errorf("%+v", s)
	}
	add(t, j, func(uint64) *event.Event {
		return &event.Event{Kind: event.KindCall, At: testTime, Why: strings.Repeat("w", 10<<20)}
	})
	if got := seqs(j); len(got) != 1 || got[0] != 201 {
		t.Error("of an event that alone is over the bounds, and those before it, are there:", got)
	}
	if _, err := j.Append(func(uint64) *event.Event {
		return &event.Event{Kind: event.KindCall, At: testTime, Why: strings.Repeat("w", maxPayload)}
	}); err == nil || j.Last() != 201 {
		t.Error("an event over the limit of a record:", err)
	}
}

// TestMemoryIsGivenBack holds that nothing of an evicted event stays in memory.
func TestMemoryIsGivenBack(t *testing.T) {
	for _, p := range []string{Memory, path(t)} {
		j := open(t, Options{Path: p, Keep: 10, KeepIDs: 10})
		large := func(id int) {
			add(t, j, func(seq uint64) *event.Event {
				e := deployEvent(strconv.Itoa(id))(seq)
				e.Request.Body = strings.Repeat("b", event.MaxBody)
				return e
			})
		}
		for i := range 200 {
			large(i)
		}
		before := heap()
		for i := range 600 {
			large(i)
		}
		if grown := heap() - before; grown > 8<<20 {
			t.Errorf("%d MiB stay of 600 evicted events", grown>>20)
		}
		runtime.KeepAlive(j)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestReset leaves nothing of the account that was, but the events in the window and the fixtures that were loaded.
func TestReset(t *testing.T) {
	p := path(t)
	o := Options{Path: p, Keep: 5, Warn: func(s string) { t.Error(s) }}
	j := open(t, o)
	fixtures := add(t, j, loadFixtures).Seq
	for i := range 700 {
		add(t, j, deployEvent(strconv.Itoa(i)))
		add(t, j, change(strconv.Itoa(i)))
	}
	if s := j.Stats(); s.Stubs+s.Changes < 1390 {
		t.Fatalf("%+v", s)
	}
	at := add(t, j, reset).Seq
	if s := j.Stats(); s.Stubs != 0 || s.Changes != 1 {
		t.Errorf("after a reset: %+v", s)
	}
	for range 20 {
		add(t, j, rejected)
	}
	shut(t, j)
	var got []uint64
	o.Replay = func(d event.Derived) error { got = append(got, d.Seq); return nil }
	j = open(t, o)
	if len(got) != 7 || got[0] != fixtures || got[1] != at || got[6] != at+20 {
		t.Error(got)
	}
	if s := j.Stats(); s.LiveBytes > 5000 {
		t.Errorf("deleted, but still in the file: %+v", s)
	}
}

func loadFixtures(uint64) *event.Event {
	return &event.Event{Kind: event.KindChange, At: testTime, Change: &event.Change{Fixtures: &catalog.Contents{}}}
}

func TestRangeStops(t *testing.T) {
	j := open(t, Options{})
	for range 400 {
		add(t, j, rejected)
	}
	for _, descending := range []bool{false, true} {
		n := 0
		j.Range(0, 0, descending, func(*event.Event) bool { n++; return n < 150 })
		if n != 150 {
			t.Error(n)
		}
	}
	j.Range(1<<64-1, 0, false, func(*event.Event) bool { t.Error("after the last there is nothing"); return false })
	j.Range(400, 0, false, func(*event.Event) bool { t.Error("after the last there is nothing"); return false })
	if _, ok := j.Get(0); ok {
		t.Error("there is no event 0")
	}
	if _, ok := j.Get(1<<64 - 1); ok {
		t.Error("there is no such event")
	}
}
