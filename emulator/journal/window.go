package journal

import (
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// window is what the journal holds: the whole events, which readers see, and behind them the stubs.
//
// Only the writer changes it, and what readers see only after a group is as durable as promised, so they see nothing else. A
// reader holds mu for a slice at a time and decodes outside; the writer holds it to move a group in.
type window struct {
	mu sync.RWMutex
	// whole are the events kept whole, by seq. bodies and stored are the bytes of their requests' bodies and of their values.
	whole          deque
	bodies, stored int64
	// ids are the stubs of deploys, packed, and no reader's; stubs is their number when the last group was moved in. kept
	// are the stubs of changes and resets.
	ids   pages
	stubs int
	kept  deque
	// last is the newest event; from firstWhole on none is missing.
	last, firstWhole uint64
	// floor is the newest event that set the account anew (a reset, or fixtures loaded): a stub before it would say
	// nothing. fixtures is the newest one that loaded fixtures: a reset goes back to these, so it outlives the floor.
	floor, fixtures uint64
}

// limits bound a window.
type limits struct {
	events, ids    int
	bodies, stored int64
}

// storedPerBody bounds what a window may hold in all, as a multiple of the limit on bodies: an event also stores
// headers, the fields of its deploy and findings, in practice about as much again as its body.
const storedPerBody = 4

// needed says whether the account still depends on an event as old as seq.
func (w *window) needed(seq uint64) bool { return seq >= w.floor || seq == w.fixtures }

// plan completes a group: which events leave the window for those that come, and which stubs are given up.
func (w *window) plan(l limits, g *group) {
	n := w.whole.len() + len(g.news)
	bodies, stored := w.bodies+g.bodies, w.stored+g.stored
	for g.evicted < w.whole.len() && n > 1 && (n > l.events || bodies > l.bodies || stored > l.stored) {
		r := w.whole.at(g.evicted)
		n, bodies, stored = n-1, bodies-bodyLen(r.value), stored-int64(len(r.value))
		g.evicted++
		w.evict(g, r)
		if len(g.news)+g.evicted > 2*maxGroup { // the rest go with the next group
			break
		}
	}
	for w.ids.stubs > l.ids && len(g.forgotten) < maxGroup {
		d, err := w.ids.forget()
		if err != nil { // it was read before
			break
		}
		g.forgotten = append(g.forgotten, d)
	}
}

// evict makes a stub of an event that leaves, or none where nothing depends on it any more.
func (w *window) evict(g *group, r record) {
	needed := w.needed(r.seq)
	switch {
	case r.lasting:
		w.ids.end()
		g.evict(r, needed)
	case needed && w.ids.add(r), w.ids.span(r):
	default:
		g.remove(r.seq)
	}
}

// apply moves a group in.
func (w *window) apply(g *group) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range g.evicted {
		r := w.whole.pop()
		w.bodies -= bodyLen(r.value)
		w.stored -= int64(len(r.value))
	}
	for _, r := range g.stubs {
		w.addStub(r)
	}
	for _, r := range g.news {
		w.addWhole(r)
	}
	for _, e := range g.events {
		if w.raiseFloor(e.Seq, e.Kind, e.Change) {
			w.dropUseless()
		}
	}
	w.stubs = w.ids.stubs
	w.settleFirst()
}

func (w *window) addWhole(r record) {
	w.whole.push(r)
	w.bodies += bodyLen(r.value)
	w.stored += int64(len(r.value))
	if r.seq != w.last+1 {
		w.firstWhole = r.seq // a hole, which only a damaged store has
	}
	w.last = r.seq
}

// addStub takes the stub of a change or a reset.
func (w *window) addStub(r record) {
	w.kept.push(r)
	w.evictedThrough(r.seq)
}

// evictedThrough notes that no event up to this one is whole.
func (w *window) evictedThrough(seq uint64) {
	w.last = max(w.last, seq)
	w.firstWhole = max(w.firstWhole, seq+1)
}

func (w *window) settleFirst() {
	first := w.last + 1
	if w.whole.len() > 0 {
		first = w.whole.at(0).seq
	}
	w.firstWhole = max(w.firstWhole, first)
}

// raiseFloor notes an event that sets the account anew.
func (w *window) raiseFloor(seq uint64, kind event.Kind, c *event.Change) bool {
	loads := c != nil && c.Fixtures != nil
	if loads {
		w.fixtures = seq
	}
	if loads || kind == event.KindReset {
		w.floor = seq
		return true
	}
	return false
}

// dropUseless empties the stubs before the floor.
func (w *window) dropUseless() {
	w.ids.drop(w.floor)
	for range w.kept.len() {
		if r := w.kept.pop(); w.needed(r.seq) {
			w.kept.push(r)
		} else if w.ids.inFile {
			w.ids.gone.push(r.seq)
		}
	}
}

// slice appends to dst up to limit whole events with a seq between after and before (both excluded), the nearest to
// the start of the walk first.
func (w *window) slice(dst []record, after, before uint64, descending bool, limit int) []record {
	w.mu.RLock()
	defer w.mu.RUnlock()
	lo, hi := w.whole.search(after), w.whole.len()
	if lo < hi && w.whole.at(lo).seq == after {
		lo++
	}
	if before != 0 {
		hi = w.whole.search(before)
	}
	if descending {
		for i := hi - 1; i >= max(lo, hi-limit); i-- {
			dst = append(dst, w.whole.at(i))
		}
		return dst
	}
	for i := lo; i < min(hi, lo+limit); i++ {
		dst = append(dst, w.whole.at(i))
	}
	return dst
}
