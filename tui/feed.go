package tui

import (
	"context"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The feed pulls: one command waits for the journal, reads what is there and delivers it as one message; the next
// command waits out the rest of the frame first. So the emulator never waits for a terminal, there is at most one
// message a frame however much comes in, and none when nothing does.

const (
	maxBatch = 2000
	frame    = time.Second / 30
	// manyRows in one frame are more than anybody can read: half as many frames show as much.
	manyRows = 8
	// retryFirst and retryMost are how long a lost connection is left alone.
	retryFirst = 500 * time.Millisecond
	retryMost  = 5 * time.Second
)

// fed is what one pull brought.
type fed struct {
	rows   []row
	events []*event.Event
	lost   uint64
	err    error
	full   bool
	over   bool // another journal has taken the place of the one that was read
}

// feed makes the commands that pull. Only one of them runs at a time, so what it holds needs no lock.
type feed struct {
	src   Source
	maker rowMaker
}

// pull waits, then reads what is above after.
func (f *feed) pull(ctx context.Context, after uint64, wait time.Duration) command {
	return func() any {
		if !pause(ctx, wait) {
			return nil
		}
		b, err := f.src.Next(ctx, after, maxBatch)
		if ctx.Err() != nil {
			return nil
		}
		m := fed{events: b.Events, lost: b.Lost, err: err, full: len(b.Events) >= maxBatch}
		m.rows = make([]row, len(b.Events))
		for i, e := range b.Events {
			m.rows[i] = f.maker.row(e)
		}
		return m
	}
}

// retry is pull for a connection that was lost: the emulator may be another one by now.
func (f *feed) retry(ctx context.Context, after uint64, wait time.Duration) command {
	return func() any {
		if !pause(ctx, wait) {
			return nil
		}
		i, err := f.src.Info(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fed{err: err}
		case i.LastSeq < after:
			return fed{over: true}
		}
		return fed{} // it is there again, and that is said before the next event comes
	}
}

// pause waits unless ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// fed takes what a pull brought and asks for more.
func (u *ui) fed(b fed) command {
	if b.err != nil {
		return u.disconnected(b)
	}
	back := command(nil)
	if u.offline != nil {
		u.offline, u.retry = nil, 0
		u.note(good, "connected again")
		back = u.askAgain()
	}
	if b.over {
		u.startOver()
	}
	u.take(b)
	wait := frame
	switch {
	case b.full:
		wait = 0 // far behind
	case len(b.rows) > manyRows:
		wait = 2 * frame
	}
	return several(back, u.feed.pull(u.ctx, u.seen.last, wait), u.stateIfStale(), u.templatesIfReplaced(), u.faultsIfStruck(), u.needs(), u.ticking())
}

func (u *ui) disconnected(b fed) command {
	u.offline = b.err
	u.retry = min(max(retryFirst, 2*u.retry), retryMost)
	u.retryAt = u.now().Add(u.retry)
	return several(u.feed.retry(u.ctx, u.seen.last, u.retry), u.ticking())
}

// startOver forgets what was read of a journal that is gone.
func (u *ui) startOver() {
	u.seen.last = 0
	u.seen.clear()
	u.cleared()
	u.note(again, "the emulator was started anew, with another journal")
}

// take adds what came in to the lists.
func (u *ui) take(b fed) {
	u.seen.lost += b.lost
	if len(b.rows) == 0 {
		u.seen.last += b.lost // what is lost will not come again
	}
	arrived := 0
	for i := range b.rows {
		r := b.rows[i]
		if r.kind == event.KindReset {
			u.cleared()
		}
		if c := b.events[i].Change; r.kind == event.KindReset || c != nil && c.Library != nil {
			u.replaced = true
		}
		u.seen.take(r)
		u.stale = u.stale || r.kind != event.KindDeploy && r.kind != event.KindCall || b.events[i].Suggested || r.result == "no_service_found"
		switch r.kind {
		case event.KindDeploy, event.KindCall:
			arrived++
		}
		u.struck = u.struck || r.fault != ""
		u.deploys.took(b.events[i])
		u.duplicates.took(b.events[i])
		u.firings.took(b.events[i])
		u.lessons.took(&r)
		u.cache.add(b.events[i])
	}
	u.seen.rate.add(u.now(), arrived)
	u.follow()
}

// follow brings the lists up to date with what was forgotten.
func (u *ui) follow() {
	u.deploys.rows.forget(u.seen.rows.first)
	u.firings.rows.forget(u.seen.rows.first)
	u.duplicates.trim()
}

// cleared is what a reset does to the lists.
func (u *ui) cleared() {
	u.deploys.cleared()
	u.duplicates.cleared()
	u.firings.cleared()
	u.cache.clear()
}
