package journal

import "github.com/bubblelevel/bubblelevel/emulator/event"

// Pages. The stubs of deploys are packed, many under one key ([event.Page]): the key of the first of them. A stub of its own
// costs several times as much, most of it in the tree and in the garbage collector's work.
//
// An event that leaves the window goes into the page that is being filled, in memory, and its record stays in the file.
// When the page is full it takes the place of its first event's record, in one put, and the other records that it stands for are
// deleted by later puts. A file is recovered as a beginning of what was written, so a page always stands there before its
// deletions do, and what a crash leaves of the records is known by the page that covers them: they are not replayed, and are
// deleted then. The page that was being filled is made anew, for its events are still there.
//
// Pages are put one after another, never two at once, since buntdb writes the keys of one put in any order: a page
// must not be there without the one before it. An event that outlives deploys (see lasting) has its own record and ends the
// page before it. So the order of the keys is that of the events.
const (
	// pageStubs is how many stubs fill a page.
	pageStubs = 128
	// pageSpan is how many events fill a page, those without a trace too.
	pageSpan = 4 * pageStubs
	// pageWaits fills a page when the records that wait for it are that part of KeepBytes.
	pageWaits = 16
)

// pages are the stubs of deploys. Only the writer uses them.
type pages struct {
	// full are the pages, and the single stubs of older stores, oldest first; stubs counts what is in them and in page.
	full  deque
	stubs int
	// head reads the oldest of full, from which some stubs may have been given up; it has none left where it is not begun.
	head event.Stubs
	// page is being filled. waiting are the events that it stands for, whose records are still in the file; bytes is
	// their size.
	page    event.Page
	waiting []uint64
	bytes   int64
	// ready are full pages that are not in the file yet.
	ready []op
	// gone are the events whose records in the file mean nothing any more. They must not be deleted before ready is put.
	gone seqQueue
	buf  []byte

	inFile bool
	// size is how many stubs fill a page, limit how many bytes that wait for it.
	size  int
	limit int64
}

// add packs the stub of r, and says false where it has none.
func (p *pages) add(r record) bool {
	added, err := p.page.Add(r.seq, payload(r.value))
	if err != nil || !added { // what cannot be read was not replayed either
		return false
	}
	p.stubs++
	p.wait(r)
	return true
}

// span has the record of r, which left no trace, deleted with those that wait for the page. Were it deleted before them, the
// next Open would find a hole behind them. It says false where none waits.
func (p *pages) span(r record) bool {
	if p.page.Len() == 0 {
		return false
	}
	p.wait(r)
	return true
}

func (p *pages) wait(r record) {
	p.waiting = append(p.waiting, r.seq)
	if p.inFile {
		p.bytes += int64(len(r.value))
	}
	if p.page.Len() >= p.size || len(p.waiting) >= pageSpan || p.bytes >= p.limit {
		p.end()
	}
}

// end completes the page that is being filled, if one is.
func (p *pages) end() {
	if p.page.Len() == 0 {
		return
	}
	first := p.page.First()
	p.buf = p.page.AppendTo(startRecord(p.buf[:0], first), p.waiting[len(p.waiting)-1])
	key, value := finishRecord(p.buf, 0)
	p.full.push(record{seq: first, value: value})
	if p.inFile {
		p.ready = append(p.ready, op{seq: first, key: key, value: value})
		p.gone.push(p.waiting[1:]...)
	}
	p.clear()
}

func (p *pages) clear() {
	p.page.Reset()
	p.waiting, p.bytes = p.waiting[:0], 0
}

// load takes a page of the store, or a single stub, that has that many stubs.
func (p *pages) load(r record, stubs int) {
	p.full.push(r)
	p.stubs += stubs
}

// forget gives up the oldest stub.
func (p *pages) forget() (event.Derived, error) {
	if p.full.len() == 0 {
		p.end()
	}
	r := p.full.at(0)
	if p.head.Left() == 0 {
		if err := p.head.Open(r.seq, payload(r.value)); err != nil {
			return event.Derived{}, err
		}
	}
	d, err := p.head.Next()
	p.stubs--
	if p.head.Left() == 0 {
		p.pop()
	}
	return d, err
}

// pop lets go of the oldest page.
func (p *pages) pop() {
	p.head = event.Stubs{}
	r := p.full.pop()
	if p.inFile {
		p.gone.push(r.seq)
	}
}

// drop lets go of the stubs before floor, before which or from which on all of a page is.
func (p *pages) drop(floor uint64) {
	for p.full.len() > 0 && p.full.at(0).seq < floor {
		if p.head.Left() == 0 {
			r := p.full.at(0)
			_ = p.head.Open(r.seq, payload(r.value)) // it was opened before, or was made here
		}
		p.stubs -= p.head.Left()
		p.pop()
	}
	if p.page.Len() > 0 && p.page.First() < floor {
		p.stubs -= p.page.Len()
		if p.inFile {
			p.gone.push(p.waiting...)
		}
		p.clear()
	}
}

// seqQueue is a queue of numbers that uses its memory again.
type seqQueue struct {
	all  []uint64
	next int
}

func (q *seqQueue) len() int { return len(q.all) - q.next }

func (q *seqQueue) push(more ...uint64) { q.all = append(q.all, more...) }

// seqsKept is how many numbers a queue that is empty keeps the memory of.
const seqsKept = 4096

func (q *seqQueue) pop() uint64 {
	seq := q.all[q.next]
	q.next++
	switch {
	case q.next < len(q.all):
	case cap(q.all) > seqsKept:
		*q = seqQueue{}
	default:
		q.all, q.next = q.all[:0], 0
	}
	return seq
}
