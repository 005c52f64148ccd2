package tui

import "github.com/bubblelevel/bubblelevel/emulator/event"

// ring keeps the newest rows, addressed by their seq. It grows up to a limit, and then forgets the oldest.
type ring struct {
	rows  []row // a power of two long; the row of seq stands at seq modulo that
	first uint64
	next  uint64 // first <= seq < next are kept
	limit int    // a power of two
}

// maxRows is how many events the lists reach back.
const maxRows = 1 << 17

func newRing(limit int) *ring { return &ring{first: 1, next: 1, limit: limit} }

func (r *ring) len() int { return int(r.next - r.first) }

// at is the row of a seq; nil where it is not kept.
func (r *ring) at(seq uint64) *row {
	if seq < r.first || seq >= r.next {
		return nil
	}
	return &r.rows[seq&uint64(len(r.rows)-1)]
}

// push adds a row. One that does not follow the last one leaves a gap, whose rows say that they were lost.
func (r *ring) push(x row) {
	switch {
	case x.seq < r.next && r.len() > 0:
		return // seen before
	case r.len() == 0:
		r.first, r.next = x.seq, x.seq
	case x.seq-r.next >= uint64(r.limit):
		r.first, r.next = x.seq, x.seq
	}
	for r.next < x.seq {
		r.put(gap(r.next))
	}
	r.put(x)
}

func (r *ring) put(x row) {
	if r.len() == len(r.rows) {
		if len(r.rows) < r.limit {
			r.grow()
		} else {
			r.first++
		}
	}
	r.rows[r.next&uint64(len(r.rows)-1)] = x
	r.next++
}

func (r *ring) grow() {
	bigger := make([]row, max(1024, 2*len(r.rows)))
	for seq := r.first; seq < r.next; seq++ {
		bigger[seq&uint64(len(bigger)-1)] = *r.at(seq)
	}
	r.rows = bigger
}

// request says whether a row is one of the list of requests: what came over the wire, and what changed beside it.
func (r *row) request() bool {
	return r.kind != event.KindFiring && r.kind != event.KindEvicted
}
