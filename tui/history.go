package tui

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// history is a screen whose list is made of the journal: requests, duplicates, firings. Without a query it lists what was
// seen; with one it searches the journal, a page at a time, and what comes in later passes through the query, too.
type history struct {
	base
	// entry is the id under which an event stands on the list; false: it is none of it. Searches call it outside of the
	// update loop.
	entry func(e *event.Event) (id uint64, listed bool)
	// all are the ids of everything that was seen, in a slice of its own; of counts it.
	all func() []uint64
	of  func() int
	// newest is the newest event that answered, by id; nil where each event has an id of its own.
	newest map[uint64]uint64

	version   int // of the search: what an older one finds is dropped
	from, to  uint64
	searching bool
	later     []match
	asOf      time.Time // when it began
}

// match is an event that answered, and the id under which it stands on the list.
type match struct{ id, seq uint64 }

// newHistory is the list of one screen.
func newHistory(u *ui, entry func(e *event.Event) (uint64, bool), all func() []uint64, of func() int) history {
	return history{base: base{u: u}, entry: entry, all: all, of: of}
}

// listen joins the filter line to the list; the screen must not be copied after it.
func (h *history) listen(follow bool) {
	h.rows.follow = follow
	h.filter = filter{u: h.u, changed: h.refill, progress: h.progress}
}

func (h *history) live() bool { return true }

// took adds an event that came in, if the filter lets it through.
func (h *history) took(e *event.Event) {
	id, listed := h.entry(e)
	if !listed || h.filter.marked || h.filter.active() && !h.filter.query.Match(e, h.u.now()) {
		return
	}
	if !h.searching {
		h.add(match{id, e.Seq})
	} else if e.Seq > h.to {
		h.later = append(h.later, match{id, e.Seq})
	}
}

func (h *history) add(f match) {
	if h.newest != nil {
		if h.u.seen.groups[f.id] == nil {
			return // forgotten since
		}
		old, there := h.newest[f.id]
		h.newest[f.id] = max(old, f.seq)
		if there {
			return
		}
	}
	h.rows.push(f.id)
}

// refill is what a new filter does: without one everything is listed, with one the journal is searched.
func (h *history) refill() command {
	l, was := &h.rows, h.rows.at()
	h.version++
	h.searching, h.later, h.asOf = false, nil, h.u.now()
	if h.filter.marked {
		l.set(slices.Sorted(maps.Keys(l.marks)))
		return nil
	}
	h.drop()
	if h.filter.active() {
		h.from, h.to = h.u.seen.rows.first-1, h.u.seen.last
		h.searching = h.to > 0
		if h.searching {
			return h.search()
		}
		return nil
	}
	l.ids = h.all()
	if h.newest != nil {
		for _, id := range l.ids {
			h.newest[id] = 0
		}
	}
	if l.follow {
		l.cursor = max(0, len(l.ids)-1)
	} else if i := slices.Index(l.ids, was); i >= 0 {
		l.cursor = i
	}
	return nil
}

// drop takes everything off the list but the marks.
func (h *history) drop() {
	h.rows.ids, h.rows.unseen, h.rows.rule, h.rows.top, h.rows.cursor = nil, 0, 0, 0, 0
	if h.newest != nil {
		clear(h.newest)
	}
}

// cleared is what a reset does to the list: what was on it, and what was being searched for, is gone.
func (h *history) cleared() {
	h.drop()
	h.rows.marks, h.filter.marked = nil, false
	h.version++
	h.searching, h.later = false, nil
}

// found is a piece of a search: what matched, up to which seq it went, and whether that was all.
type found struct {
	matches []match
	at      uint64
	done    bool
}

// searchPage is how many events one step of a search reads.
const searchPage = 2000

// search goes through the journal, a page at a time.
func (h *history) search() command {
	version, after, to, q, u, now := h.version, h.from, h.to, h.filter.query, h.u, h.asOf
	return u.run(func(ctx context.Context) (func() command, error) {
		b, err := u.src.Events(ctx, after, searchPage)
		r := found{at: after, done: err != nil || len(b.Events) == 0}
		for _, e := range b.Events {
			if r.at = e.Seq; e.Seq > to {
				break
			}
			if id, listed := h.entry(e); listed && q.Match(e, now) {
				r.matches = append(r.matches, match{id, e.Seq})
			}
		}
		r.done = r.done || r.at >= to
		return func() command {
			if version != h.version {
				return nil
			}
			return h.got(r)
		}, err
	})
}

func (h *history) got(r found) command {
	for _, f := range r.matches {
		h.add(f)
	}
	h.from = r.at
	if !r.done {
		return h.search()
	}
	h.searching = false
	for _, f := range h.later {
		h.add(f)
	}
	h.later = nil
	return nil
}

// progress is what the filter line says of the search.
func (h *history) progress() string {
	n := commas(len(h.rows.ids))
	switch {
	case h.filter.marked:
		return n + " marked; M lists all"
	case h.searching && h.to > 0:
		return "searching " + commas(int(100*h.from/h.to)) + " %, " + n + " found"
	}
	return n + " of " + commas(h.of())
}

// listMarked lists only what is marked, or everything again.
func (h *history) listMarked() command {
	h.filter.marked = !h.filter.marked
	h.rows.pause()
	return h.refill()
}

// mark is the sign of a row that is marked.
func (h *history) mark(id uint64) string {
	if h.rows.marks[id] {
		return "*"
	}
	return " "
}

// unmark takes all marks away.
func (h *history) unmark() command {
	h.rows.marks = nil
	if h.filter.marked {
		h.filter.marked = false
		return h.refill()
	}
	return nil
}

// listAll takes the filter away, if there is one.
func (h *history) listAll() command {
	return h.filter.apply("")
}
