package journal

import (
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// window is what the journal holds: the whole events, which readers see, and behind them the stubs.
//
// Only the writer changes it, and only after a group is as durable as promised, so readers see nothing else. A reader
// holds mu for a slice at a time and decodes outside; the writer holds it to move a group in.
type window struct {
	mu sync.RWMutex
	// whole are the events kept whole, by seq. bodies and stored are the bytes of their requests' bodies and of their values.
	whole          deque
	bodies, stored int64
	// ids are the stubs of deploys, kept those of changes and resets.
	ids, kept deque
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
		g.evict(r, w.needed(r.seq))
		if len(g.ops) > 2*maxGroup { // the rest go with the next group
			break
		}
	}
	for w.ids.len()-g.forgotten > max(0, l.ids-g.idStubs) && g.forgotten < maxGroup {
		g.remove(w.ids.at(g.forgotten).seq)
		g.forgotten++
	}
}

// apply moves a group in. It returns the stubs that were given up, and the seqs of those that a reset made useless.
func (w *window) apply(g *group) (forgotten []record, useless []uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range g.evicted {
		r := w.whole.pop()
		w.bodies -= bodyLen(r.value)
		w.stored -= int64(len(r.value))
	}
	for range g.forgotten {
		forgotten = append(forgotten, w.ids.pop())
	}
	for _, r := range g.stubs {
		w.addStub(r)
	}
	for _, r := range g.news {
		w.addWhole(r)
	}
	for _, e := range g.events {
		if w.raiseFloor(e.Seq, e.Kind, e.Change) {
			useless = append(useless, w.dropUseless()...)
		}
	}
	w.settleFirst()
	return forgotten, useless
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

func (w *window) addStub(r record) {
	if r.lasting {
		w.kept.push(r)
	} else {
		w.ids.push(r)
	}
	w.last = max(w.last, r.seq)
	w.firstWhole = max(w.firstWhole, r.seq+1)
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
func (w *window) dropUseless() (useless []uint64) {
	for _, d := range []*deque{&w.ids, &w.kept} {
		for range d.len() {
			if r := d.pop(); w.needed(r.seq) {
				d.push(r)
			} else {
				useless = append(useless, r.seq)
			}
		}
	}
	return useless
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
