package journal

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
