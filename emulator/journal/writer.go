package journal

import "runtime"

// write is the writer: the only goroutine that builds events and changes the store.
func (j *Journal) write() {
	var spare []*call
	for {
		waiting, closed := j.queue.take(spare[:0])
		spare = waiting
		if len(waiting) == 0 {
			if closed {
				for j.tidyStubs() {
				}
				j.compactLast()
				return
			}
			j.idle()
			continue
		}
		for rest := waiting; len(rest) > 0; {
			rest = j.commitSome(rest)
			j.tidy()
		}
		clear(waiting)
		// Whoever is about to append does so now, and the next group is the larger for it. Nobody waits: with nothing
		// else to run this returns at once.
		runtime.Gosched()
	}
}

// idle tidies up or waits for something to do.
func (j *Journal) idle() {
	if j.tidy() {
		return
	}
	select {
	case <-j.queue.wake:
	case err := <-j.disk.compact.news: // nil and silent while there is none
		j.compactNews(err)
	}
}

// tidy does a little of what can wait: about a millisecond's work. It says whether it did anything.
func (j *Journal) tidy() bool {
	if !j.inFile() {
		return false
	}
	tidied := j.tidyStubs()
	if j.failed.Load() != nil {
		return false
	}
	return j.compact() || tidied
}

// tidyStubs puts the pages that are full, and then deletes some of what means nothing any more.
func (j *Journal) tidyStubs() bool {
	if !j.inFile() || j.failed.Load() != nil {
		return false
	}
	packed := j.putPages()
	if j.failed.Load() != nil {
		return false
	}
	return j.purge() || packed
}

// commitSome makes a group of the first calls, commits it and answers them. It returns the others.
func (j *Journal) commitSome(calls []*call) (rest []*call) {
	g := &j.group
	g.reset()
	for i, c := range calls {
		if err := j.failure(); err != nil {
			c.err = err
			g.calls = append(g.calls, c)
			continue
		}
		key, r, ok := j.build(c)
		g.calls = append(g.calls, c)
		if !ok {
			continue
		}
		if r.lasting && len(g.news) > 0 {
			// A change goes alone, so that no event which was judged by it can survive without it.
			g.calls = g.calls[:i]
			j.finish(g)
			g.reset()
			if err := j.failure(); err != nil {
				c.event, c.err = nil, err
				g.calls = append(g.calls, c)
				j.answer(g)
				return calls[i+1:]
			}
			g.calls = append(g.calls, c)
		}
		g.add(c.event, key, r)
		if r.lasting || j.full(g) {
			j.finish(g)
			return calls[i+1:]
		}
	}
	j.finish(g)
	return nil
}

// full keeps a group, and with it what the window may be over its bounds for a moment, small.
func (j *Journal) full(g *group) bool {
	return len(g.news) >= min(maxGroup, j.limits.events) || g.bodies >= j.limits.bodies/8 || g.stored >= j.limits.stored/8
}

func (j *Journal) build(c *call) (key string, r record, ok bool) {
	c.run(j.window.last + uint64(len(j.group.news)) + 1)
	if c.event == nil {
		return "", record{}, false
	}
	key, r, err := j.group.encode(c.event)
	if err != nil {
		c.event, c.err = nil, err
	}
	return key, r, err == nil
}

// finish commits the group and answers its calls.
func (j *Journal) finish(g *group) {
	if len(g.news) > 0 {
		j.window.plan(j.limits, g)
		if err := j.commit(g); err != nil {
			for _, c := range g.calls {
				c.event, c.err = nil, err
			}
		} else if j.opts.Committed != nil {
			j.opts.Committed(g.events)
		}
	}
	j.answer(g)
}

func (j *Journal) answer(g *group) {
	for _, c := range g.calls {
		c.answer()
	}
}

// commit brings a group that is planned into the store, as durably as promised, and then before the readers.
func (j *Journal) commit(g *group) error {
	if err := j.put(g.ops); err != nil {
		return err
	}
	if j.opts.Sync == Always && len(g.news) > 0 {
		if err := j.syncNow(g.news[len(g.news)-1].seq); err != nil {
			return err
		}
	}
	j.window.apply(g)
	if j.inFile() {
		j.disk.soil()
	}
	if j.opts.Forgotten != nil {
		for _, d := range g.forgotten {
			j.opts.Forgotten(d)
		}
	}
	return nil
}

// trim brings a store that was kept by larger bounds, or that was damaged, within the present ones.
func (j *Journal) trim() error {
	for {
		g := &j.group
		g.reset()
		j.window.plan(j.limits, g)
		if g.evicted == 0 && len(g.forgotten) == 0 {
			return nil
		}
		if err := j.commit(g); err != nil {
			return err
		}
		j.putPages()
		if err := j.failure(); err != nil {
			return err
		}
	}
}

// putPages puts the pages that are full, each in a write of its own.
func (j *Journal) putPages() bool {
	p := &j.window.ids
	if len(p.ready) == 0 {
		return false
	}
	for i := range p.ready {
		if err := j.put(p.ready[i : i+1]); err != nil { // noted for the next Append
			break
		}
	}
	clear(p.ready)
	p.ready = p.ready[:0]
	return true
}

// purge deletes some of the records that mean nothing any more: those that a page stands for, pages that were given up, and
// what a reset made useless.
func (j *Journal) purge() bool {
	gone := &j.window.ids.gone
	if gone.len() == 0 {
		return false
	}
	g := &j.group
	g.reset()
	g.removeNext(gone, min(2*maxGroup, gone.len()))
	_ = j.put(g.ops) // a failure is noted for the next Append
	return true
}
