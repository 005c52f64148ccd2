package journal

import (
	"fmt"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// replayChunk is how many records are taken out under buntdb's lock at once.
const replayChunk = 4096

// replay rebuilds the window from the store, and lets the caller rebuild what it derives.
func (j *Journal) replay() error {
	p := replayer{j: j, w: &j.window}
	for from, more := uint64(0), true; more; {
		var chunk []record
		var err error
		more, err = j.disk.cur.each(from, replayChunk, maxPayload, func(key, value string) {
			seq, _ := seqOf([]byte(key)) // scanned
			chunk = append(chunk, record{seq: seq, value: value})
			j.disk.cur.live += setSize(len(value))
		})
		if err != nil {
			return err
		}
		for _, r := range chunk {
			if err := p.record(r); err != nil {
				return err
			}
			from = r.seq + 1
		}
	}
	p.w.dropUseless()
	p.w.stubs = p.w.ids.stubs
	p.w.settleFirst()
	j.count()
	return nil
}

// replayer takes the records of a store in their order.
type replayer struct {
	j *Journal
	w *window
	// covered is the last event that the page before stands for.
	covered uint64
	stubs   []event.Derived
}

func (p *replayer) record(r record) error {
	if r.seq <= p.covered {
		// A crash came between the page and the deletion of this. The page says all of it.
		p.w.ids.gone.push(r.seq)
		return nil
	}
	if event.IsPage(payload(r.value)) {
		return p.page(r)
	}
	d, err := event.DecodeDerived(r.seq, payload(r.value))
	if err != nil {
		p.unreadable(r)
		return nil
	}
	r.lasting = lasting(d.Kind, d.Was, d.Change)
	switch {
	case d.Kind != event.KindEvicted:
		p.w.addWhole(r)
		p.w.raiseFloor(d.Seq, d.Kind, d.Change)
	case r.lasting:
		p.w.addStub(r)
		p.w.raiseFloor(d.Seq, d.Was, d.Change)
	default: // of a store that was written before there were pages
		p.w.ids.load(r, 1)
		p.w.evictedThrough(r.seq)
	}
	return p.show(d)
}

func (p *replayer) page(r record) error {
	through, err := p.unpack(r)
	if err != nil {
		p.unreadable(r)
		return nil
	}
	p.w.ids.load(r, len(p.stubs))
	p.w.evictedThrough(through)
	p.covered = through
	for _, d := range p.stubs {
		if err := p.show(d); err != nil {
			return err
		}
	}
	return nil
}

// unpack reads all stubs of a page before any is shown.
func (p *replayer) unpack(r record) (through uint64, err error) {
	p.stubs = p.stubs[:0]
	var page event.Stubs
	if err := page.Open(r.seq, payload(r.value)); err != nil {
		return 0, err
	}
	for page.Left() > 0 {
		d, err := page.Next()
		if err != nil {
			return 0, err
		}
		p.stubs = append(p.stubs, d)
	}
	return page.Through(), nil
}

// unreadable keeps a record whose checksum holds, so that another version wrote it. It is shown to nobody.
func (p *replayer) unreadable(r record) {
	p.j.warn(fmt.Sprintf("event %d of %s is not readable by this version: it is kept but not shown", r.seq, p.j.opts.Path))
	r.lasting = true
	p.w.addStub(r)
}

func (p *replayer) show(d event.Derived) error {
	if p.j.opts.Replay == nil {
		return nil
	}
	return p.j.opts.Replay(d)
}
