package tui

import "github.com/bubblelevel/bubblelevel/emulator/event"

// cache keeps whole events for the panes that show them: the newest that came in, and those that were asked for.
type cache struct {
	events map[uint64]*event.Event
	order  []uint64
	bytes  int
	// gone are seqs that could not be had, with the reason.
	gone map[uint64]error
	// asked are seqs that are on their way.
	asked map[uint64]bool
}

const (
	maxCached      = 512
	maxCachedBytes = 8 << 20
)

func (c *cache) get(seq uint64) *event.Event { return c.events[seq] }

func (c *cache) add(e *event.Event) {
	if c.events == nil {
		c.clear()
	}
	delete(c.asked, e.Seq)
	delete(c.gone, e.Seq)
	if c.events[e.Seq] != nil {
		return
	}
	c.events[e.Seq] = e
	c.order = append(c.order, e.Seq)
	c.bytes += sizeOf(e)
	for len(c.order) > maxCached || c.bytes > maxCachedBytes && len(c.order) > 2 {
		old := c.order[0]
		c.bytes -= sizeOf(c.events[old])
		delete(c.events, old)
		c.order = c.order[1:]
	}
}

func (c *cache) fail(seq uint64, err error) {
	if c.events == nil {
		c.clear()
	}
	delete(c.asked, seq)
	if len(c.gone) >= maxCached {
		clear(c.gone)
	}
	c.gone[seq] = err
}

func (c *cache) clear() {
	*c = cache{events: map[uint64]*event.Event{}, gone: map[uint64]error{}, asked: map[uint64]bool{}}
}

func sizeOf(e *event.Event) int {
	n := 1024
	if e.Request != nil {
		n += len(e.Request.Body)
	}
	if f := e.Firing; f != nil {
		n += 2*len(f.Request.Body) + len(f.Context.JSON()) + len(f.RenderedResponse)
	}
	return n
}

// fetched is an event that was asked for.
type fetched struct {
	seq uint64
	e   *event.Event
	err error
}

// want asks for an event unless it is here, on its way or gone.
func (u *ui) want(seq uint64) command {
	c := &u.cache
	if seq == 0 || c.events[seq] != nil || c.gone[seq] != nil || c.asked[seq] {
		return nil
	}
	if c.events == nil {
		c.clear()
	}
	c.asked[seq] = true
	ctx, src := u.ctx, u.src
	return func() any {
		e, err := src.Event(ctx, seq)
		if err == nil && e == nil {
			err = ErrGone
		}
		return fetched{seq, e, err}
	}
}

func (u *ui) fetched(f fetched) command {
	if f.err != nil {
		u.cache.fail(f.seq, f.err)
		return nil
	}
	u.cache.add(f.e)
	return u.needs()
}
