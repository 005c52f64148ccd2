package tui

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func filledList(n int, follow bool) *list {
	l := &list{follow: follow}
	for i := 1; i <= n; i++ {
		l.push(uint64(i))
	}
	return l
}

func ids(l *list, h int) (out []uint64) {
	for _, i := range l.window(h) {
		if i == ruleLine {
			out = append(out, 0)
			continue
		}
		out = append(out, l.ids[i])
	}
	return out
}

// Nothing moves under the cursor of a list that does not follow, whatever comes in and whatever is forgotten.
func TestListStands(t *testing.T) {
	l := filledList(100, true)
	if got := ids(l, 5); !slices.Equal(got, []uint64{96, 97, 98, 99, 100}) {
		t.Fatalf("follows with %v", got)
	}
	l.move(-2)
	before := ids(l, 5)
	for i := uint64(101); i <= 300; i++ {
		l.push(i)
		if now := ids(l, 5); !slices.Equal(now, before) || l.at() != 98 {
			t.Fatalf("moved from %v to %v", before, now)
		}
	}
	if l.unseen != 200 {
		t.Errorf("%d unseen", l.unseen)
	}
	l.forget(90)
	if now := ids(l, 5); !slices.Equal(now, before) || l.at() != 98 {
		t.Errorf("forgetting moved %v to %v", before, now)
	}
	l.resume()
	if l.at() != 300 || l.unseen != 0 || l.ids[l.rule] != 101 {
		t.Errorf("resumed at %d with the rule at %d", l.at(), l.ids[l.rule])
	}
	l.seek(103)
	if got := ids(l, 8); !slices.Contains(got, 0) && l.top > 100 {
		t.Errorf("no rule in %v", got)
	}
	l.forget(1000)
	if len(l.ids) != 0 || l.at() != 0 || l.window(5) != nil {
		t.Error("an empty list shows something")
	}
}

// The cursor is always in the window, with and without the rule, whatever the height.
func TestListShowsItsCursor(t *testing.T) {
	for h := 1; h < 12; h++ {
		for n := range 30 {
			for unseen := 0; unseen <= n; unseen++ {
				l := filledList(n-unseen, true)
				l.window(h)
				l.pause()
				for i := n - unseen + 1; i <= n; i++ {
					l.push(uint64(i))
				}
				l.resume()
				for range n {
					w := l.window(h)
					if len(w) > h || !slices.Contains(w, l.cursor) {
						t.Fatalf("h %d, n %d, unseen %d: cursor %d is not in %v", h, n, unseen, l.cursor, w)
					}
					l.move(-1)
				}
			}
		}
	}
}

func TestListKeepsItsPlaceWhenReplaced(t *testing.T) {
	l := filledList(20, false)
	l.window(5)
	l.to(10)
	l.window(5)
	offset := l.cursor - l.top
	l.set([]uint64{3, 5, 7, 9, 10, 11, 12, 15, 16, 17})
	if l.at() != 11 || l.cursor-l.top != offset && l.top != 0 {
		t.Errorf("at %d, offset %d instead of %d", l.at(), l.cursor-l.top, offset)
	}
	l.set(nil)
	if l.at() != 0 {
		t.Error("an empty list has an entry")
	}
}

func TestRing(t *testing.T) {
	r := newRing(2048)
	for i := uint64(1); i <= 5000; i++ {
		r.push(row{seq: i, kind: event.KindDeploy})
	}
	if r.len() != 2048 || r.at(5000).seq != 5000 || r.at(5000-2047).seq != 5000-2047 || r.at(5000-2048) != nil {
		t.Errorf("%d rows from %d", r.len(), r.first)
	}
	r.push(row{seq: 4999})
	r.push(row{seq: 5010, kind: event.KindDeploy})
	if r.at(5005).kind != event.KindEvicted || r.at(5010).kind != event.KindDeploy {
		t.Error("a gap has no rows of its own")
	}
	r.push(row{seq: 1 << 40, kind: event.KindDeploy})
	if r.len() != 1 || r.at(1<<40) == nil {
		t.Error("a gap that is longer than the ring empties it")
	}
}

func TestRate(t *testing.T) {
	var r rate
	now := time.Unix(1000, 0)
	for range 10 {
		r.add(now, 200)
		now = now.Add(time.Second)
	}
	if got := r.perSecond(); got < 190 || got > 210 {
		t.Errorf("%d a second", got)
	}
	r.turn(now.Add(time.Minute))
	if !r.quiet() {
		t.Error("not quiet after a minute")
	}
}

// Rows of a journal whose window moves on: they are lost with a number, and the list says what is gone.
func TestEviction(t *testing.T) {
	src := newFake()
	src.keep = 50
	for range 30 {
		src.post("dedup_id", nil)
	}
	d := newDesk(t, src, 100, 30)
	d.press("g").shows("deploy 1 ")
	for range 200 {
		src.post("dedup_id", nil)
	}
	d.u.cache.clear()
	d.pull()
	if d.u.seen.lost != 150 {
		t.Errorf("%d lost", d.u.seen.lost)
	}
	d.shows("deploy 1 ", "has left the window of the journal")
	d.press("G").shows("deploy 230")
}

// An emulator that is there again is said to be, although nothing happens there.
func TestBackBeforeTheNextEvent(t *testing.T) {
	d := newDesk(t, busy(), 100, 30)
	d.u.disconnected(fed{err: context.DeadlineExceeded})
	d.shows("RECONNECTING")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	m, ok := d.u.feed.retry(ctx, d.u.seen.last, 0)().(fed)
	if !ok {
		t.Fatal("it waits for an event first")
	}
	d.u.fed(m)
	d.shows("connected again", "FOLLOW")
}

func TestMouse(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	click := func(x, y, wheel int) {
		d.do(d.u.handle(mouse{x, y, wheel}))
		d.pull()
	}
	click(5, 10, -1)
	d.shows("PAUSED")
	click(5, 5, 0)
	d.shows("deploy 4")
	click(20, 0, 0)
	d.shows("dedup_id", "kept")
	d.u.handle(resized{120, 18})
	d.screen()
	click(100, 10, 1)
	if d.u.duplicates.side.y == 0 {
		t.Error("the wheel does not scroll the pane")
	}
}
