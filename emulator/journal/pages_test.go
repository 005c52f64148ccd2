package journal

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// told are the events that an opening replays, and forgotten those of them that it forgets.
func told(o *Options) (told, forgotten *[]event.Derived) {
	told, forgotten = new([]event.Derived), new([]event.Derived)
	o.Replay = func(d event.Derived) error { *told = append(*told, d); return nil }
	o.Forgotten = func(d event.Derived) { *forgotten = append(*forgotten, d) }
	return told, forgotten
}

func seqsOf(ds []event.Derived) (s []uint64) {
	for _, d := range ds {
		s = append(s, d.Seq)
	}
	return s
}

func upTo(from, to uint64) (s []uint64) {
	for ; from <= to; from++ {
		s = append(s, from)
	}
	return s
}

// TestStoreOfSingleStubs opens a store of the time when each stub of a deploy had a record of its own. It was written with Keep 3: rejected,
// a, a change, b, c to an alias that nobody knows, rejected, d by a relay, one without an id, and e, f, g, which are whole.
func TestStoreOfSingleStubs(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "single-stubs.db"))
	if err != nil {
		t.Fatal(err)
	}
	p := path(t)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		t.Fatal(err)
	}
	stub := func(seq uint64, id string) event.Derived {
		d := deployEvent(id)(seq).Derived()
		d.Seq, d.Was, d.Kind, d.Integration = seq, event.KindDeploy, event.KindEvicted, ""
		return d
	}
	ofChange := change("x")(3).Derived()
	ofChange.Seq, ofChange.Was, ofChange.Kind = 3, event.KindChange, event.KindEvicted
	unknown, relayed := stub(5, "c"), stub(7, "d")
	unknown.Alias, unknown.Service, unknown.Result, unknown.Suggested = "unknown", "", deploy.NoServiceFound, true
	relayed.Relayed = true
	want := []event.Derived{stub(2, "a"), ofChange, stub(4, "b"), unknown, relayed, stub(8, "")}
	o := Options{Path: p, Keep: 3, KeepIDs: 5, Warn: func(s string) { t.Error(s) }}
	all, forgotten := told(&o)
	j := open(t, o)
	if len(*all) != 9 {
		t.Fatal(seqsOf(*all))
	}
	if d := cmp.Diff(want, (*all)[:6]); d != "" {
		t.Fatal(d)
	}
	if s := j.Stats(); s.Stubs != 5 || s.Changes != 1 || s.Events != 3 || len(*forgotten) != 0 {
		t.Errorf("%+v", s)
	}
	// The single ones are given up one by one, before those that are packed.
	for i := range 4 {
		add(t, j, tiny(strconv.Itoa(i)))
	}
	if d := cmp.Diff(append(want[:1:1], want[2:5]...), *forgotten); d != "" {
		t.Fatal(d)
	}
	shut(t, j)
	all, _ = told(&o)
	shut(t, open(t, o))
	if got, want := seqsOf(*all), append([]uint64{3}, upTo(8, 15)...); !slices.Equal(got, want) {
		t.Error("opened again, there are", got)
	}
}

// TestKeepChanged opens one store with other limits each time: the window is exactly what they say, and what is known too.
func TestKeepChanged(t *testing.T) {
	p := path(t)
	fill := open(t, Options{Path: p, Keep: 300, KeepIDs: 400})
	const last = 1000
	for i := range last {
		add(t, fill, deployEvent(strconv.Itoa(i)))
	}
	shut(t, fill)
	for _, c := range []struct{ keep, ids, whole, stubs int }{
		{300, 400, 300, 400}, {250, 400, 250, 400}, {250, 150, 250, 150}, {20, 20, 20, 20}, {1, 1, 1, 1},
	} {
		o := Options{Path: p, Keep: c.keep, KeepIDs: c.ids, Warn: func(s string) { t.Error(s) }}
		all, forgotten := told(&o)
		j := open(t, o)
		if s := j.Stats(); s.Events != c.whole || s.Stubs != c.stubs {
			t.Errorf("%+v: %+v", c, s)
		}
		if got := seqs(j); !slices.Equal(got, upTo(uint64(last-c.whole+1), last)) || j.EvictedBefore() != got[0] {
			t.Errorf("%+v: whole from %d on, evicted before %d", c, got[0], j.EvictedBefore())
		}
		known := seqsOf(*all)[len(*forgotten):]
		if !slices.Equal(known, upTo(uint64(last-c.whole-c.stubs+1), last)) || !slices.Equal(seqsOf((*all)[:len(*forgotten)]), seqsOf(*forgotten)) {
			t.Errorf("%+v: told %d, from %d on, forgot %d", c, len(*all), (*all)[0].Seq, len(*forgotten))
		}
		shut(t, j)
	}
	// More may be kept again: what is in no page yet is whole, and what of the oldest page was given up is known.
	o := Options{Path: p, Keep: 300, KeepIDs: 400}
	all, _ := told(&o)
	j := open(t, o)
	whole := seqs(j)
	if !slices.Equal(whole, upTo(whole[0], last)) || len(whole) > pageStubs || j.EvictedBefore() != whole[0] {
		t.Errorf("whole: %v, evicted before %d", whole, j.EvictedBefore())
	}
	if known := seqsOf(*all); !slices.Equal(known, upTo(known[0], last)) || len(known) > 2*pageStubs || j.Stats().Stubs != len(known)-len(whole) {
		t.Errorf("known: %v, %+v", known, j.Stats())
	}
}

// TestPagesOfAFewDeploys: a page ends when the records that wait for it are many, or large, and not all of them deploys.
func TestPagesOfAFewDeploys(t *testing.T) {
	for _, c := range []struct {
		name          string
		o             Options
		each          int // of so many events one is recorded
		waits, within int // how many records may wait, of how many events a page is made in any case
	}{
		{"full", Options{Keep: 10}, 1, pageStubs, pageStubs},
		{"rejected", Options{Keep: 10}, 100, pageSpan, pageSpan + 100},
		{"given up", Options{Keep: 10, KeepIDs: 200}, 1, pageStubs, 3 * pageStubs},
		{"large", Options{Keep: 10, KeepBytes: 200_000}, 1, 200_000/pageWaits/1000 + 1, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Path = path(t)
			j := open(t, c.o)
			for i := range 2 * c.within {
				build := rejected
				if i%c.each == 0 {
					build = deployEvent(strconv.Itoa(i))
				}
				add(t, j, build)
			}
			shut(t, j)
			ids := &j.window.ids
			if ids.full.len() == 0 || len(ids.waiting) >= c.waits || ids.gone.len() != 0 || len(ids.ready) != 0 {
				t.Errorf("%d pages, %d wait, %d are gone and still there, %d are ready", ids.full.len(), len(ids.waiting), ids.gone.len(), len(ids.ready))
			}
			records := 0
			again := open(t, Options{Path: c.o.Path, Keep: 10_000})
			if _, err := again.disk.cur.each(0, 1<<30, 1<<40, func(string, string) { records++ }); err != nil {
				t.Fatal(err)
			}
			if want := ids.full.len() + len(ids.waiting) + 10; records != want {
				t.Errorf("%d records, want %d", records, want)
			}
		})
	}
}

// TestWindowAfterARejectedGiant: the second event pushed the first out of the window, and was then pushed out itself. It leaves no trace,
// but were it not in the file any more while the first is, the window of the next process would have room for the first again.
func TestWindowAfterARejectedGiant(t *testing.T) {
	o := Options{Path: path(t), KeepBytes: 10_000, tune: tuning{pageWaits: 1}}
	j := open(t, o)
	add(t, j, deployEvent("1"))
	add(t, j, func(seq uint64) *event.Event {
		e := rejected(seq)
		e.Request.Body = strings.Repeat("b", 9000)
		return e
	})
	add(t, j, deployEvent("3"))
	add(t, j, deployEvent("4"))
	for _, when := range []string{"at first", "opened again"} {
		if got := seqs(j); !slices.Equal(got, upTo(3, 4)) || j.EvictedBefore() != 3 || j.Stats().Stubs != 1 {
			t.Errorf("%s: whole are %v, evicted before %d, %+v", when, got, j.EvictedBefore(), j.Stats())
		}
		shut(t, j)
		j = open(t, o)
	}
}

// TestStubsAreSmall measures what a stub takes of the memory and of the file.
func TestStubsAreSmall(t *testing.T) {
	const stubs = 20_000
	for _, p := range []string{Memory, path(t)} {
		before := heap()
		j := open(t, Options{Path: p, Keep: 10, KeepIDs: stubs})
		for i := range stubs + 10 {
			add(t, j, deployEvent(strconv.Itoa(i)))
		}
		limit := int64(60)
		if each := (heap() - before) / stubs; each > limit {
			t.Errorf("%s: %d bytes of memory a stub", strings.TrimLeft(filepath.Base(p), ":"), each)
		}
		if s := j.Stats(); s.Stubs != stubs || s.LiveBytes/stubs > 40 {
			t.Errorf("%+v", s)
		}
		runtime.KeepAlive(j)
	}
}

// TestWaitingIsBounded: of an event that has left the window memory has nothing, and a file so much as may wait for a page.
func TestWaitingIsBounded(t *testing.T) {
	for p, limit := range map[string]int64{Memory: 1 << 20, path(t): 2 * DefaultKeepBytes / pageWaits} {
		j := open(t, Options{Path: p, Keep: 1})
		large := func(n int) {
			for i := range n {
				add(t, j, func(seq uint64) *event.Event {
					e := deployEvent(strconv.Itoa(i))(seq)
					e.Request.Body = strings.Repeat("b", event.MaxBody)
					return e
				})
			}
		}
		large(2)
		before := heap()
		large(pageStubs - 3)
		if grown := heap() - before; grown > limit {
			t.Errorf("%d KiB stay of the events in a page that is not full", grown>>10)
		}
		runtime.KeepAlive(j)
	}
}

// TestFailedPages fails each write in turn, those of pages and of what is deleted behind them too. What was answered is there, once.
func TestFailedPages(t *testing.T) {
	failed := map[string]int{}
	for failing := 1; ; failing++ {
		p := path(t)
		writes := 0
		o := Options{Path: p, Keep: 2, KeepIDs: 6, tune: tuning{pageStubs: 4}, Clock: clock.NewManual(testTime)}
		o.steps = func(op string, _ *os.File) error {
			if op == opWrite {
				if writes++; writes == failing {
					stack := string(debug.Stack())
					for _, by := range []string{"putPages", "purge", "commit("} {
						if strings.Contains(stack, "Journal)."+by) {
							failed[by]++
						}
					}
					return errBroken
				}
			}
			return nil
		}
		_, forgotten := told(&o)
		j := open(t, o)
		answered := uint64(0)
		for i := range 20 {
			if _, err := j.Append(deployEvent(strconv.Itoa(i))); err != nil {
				break
			}
			answered++
		}
		if err := j.Close(); err == nil {
			break
		}
		oldest := uint64(len(*forgotten) + 1)
		again := Options{Path: p, Warn: func(s string) { t.Error(s) }}
		all, _ := told(&again)
		shut(t, open(t, again))
		known := seqsOf(*all)
		if len(known) > 0 && known[0] < oldest {
			oldest = known[0]
		}
		if !slices.Equal(known, upTo(oldest, answered)) {
			t.Errorf("write %d failed: %d were answered, %v are there", failing, answered, known)
		}
	}
	if failed["putPages"] < 3 || failed["purge"] < 3 || failed["commit("] < 20 {
		t.Error("failed:", failed)
	}
}

// TestPageOfAnotherVersion: a page whose checksum holds and that cannot be read is kept, said, and not shown.
func TestPageOfAnotherVersion(t *testing.T) {
	p := path(t)
	o := Options{Path: p, Keep: 2, KeepIDs: 100, tune: tuning{pageStubs: 2}}
	j := open(t, o)
	for i := range 9 {
		add(t, j, deployEvent(strconv.Itoa(i)))
	}
	shut(t, j)
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	page := event.Page{}
	stored, err := event.Encode(nil, deployEvent("x")(1))
	if err != nil {
		t.Fatal(err)
	}
	if added, err := page.Add(3, string(stored)); !added || err != nil {
		t.Fatal(added, err)
	}
	key, value := finishRecord(append(page.AppendTo(startRecord(nil, 3), 4), 0), 0) // a byte too many
	b = append(b, setStart+key+"\r\n$"+strconv.Itoa(len(value))+"\r\n"+value+"\r\n"...)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var warned []string
		o.Warn = func(s string) { warned = append(warned, s) }
		all, _ := told(&o)
		shut(t, open(t, o))
		if got, want := seqsOf(*all), append(upTo(1, 2), upTo(5, 9)...); !slices.Equal(got, want) {
			t.Error(got)
		}
		if len(warned) != 1 || !strings.Contains(warned[0], "event 3 of") || !strings.Contains(warned[0], "kept but not shown") {
			t.Error(warned)
		}
	}
}
