package emulator

import (
	"context"
	"fmt"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// LastSeq is the seq of the newest event; 0 where nothing has happened.
func (s *Server) LastSeq() uint64 { return s.journal.Last() }

// EvictedBefore is the seq of the oldest event that is still whole; one more than LastSeq where none is.
func (s *Server) EvictedBefore() uint64 { return s.journal.EvictedBefore() }

// Event is one event. It is nil for one that is not there; evicted says that it was, and has left the window.
func (s *Server) Event(seq uint64) (e *event.Event, evicted bool) {
	if e, ok := s.journal.Get(seq); ok {
		return e, false
	}
	return nil, seq != 0 && seq <= s.journal.Last()
}

// Range visits the events after one seq and before another (0: no end) that are still whole, the newest first if
// descending, until visit says no.
func (s *Server) Range(after, before uint64, descending bool, visit func(*event.Event) bool) {
	s.journal.Range(after, before, descending, visit)
}

// More returns a channel that holds a token whenever something has happened since it was last drained, and the function
// that ends the subscription.
func (s *Server) More() (more <-chan struct{}, cancel func()) { return s.hub.Subscribe() }

// Follow calls each for every event after from, as it happens, until ctx ends; what happened before the end is still
// delivered. A follower that falls behind by more than maxBehind events (0: never) is told how many it lost, as it is of
// events that left the window; the emulator never waits for it. Each time it has caught up, each is called with nil and 0.
func (s *Server) Follow(ctx context.Context, from uint64, maxBehind uint64, each func(e *event.Event, dropped uint64)) {
	s.follow(ctx, from, maxBehind, s.journal.Range, each)
}

// Watch is Follow for those who only look: an event is valid until each returns ([event.Event.Clone] keeps it), and costs
// no memory.
func (s *Server) Watch(ctx context.Context, from uint64, maxBehind uint64, each func(e *event.Event, dropped uint64)) {
	s.follow(ctx, from, maxBehind, s.journal.Skim, each)
}

// reading is the journal's Range or Skim.
type reading func(after, before uint64, descending bool, visit func(*event.Event) bool)

func (s *Server) follow(ctx context.Context, from uint64, maxBehind uint64, read reading, each func(e *event.Event, dropped uint64)) {
	more, cancel := s.hub.Subscribe()
	defer cancel()
	for {
		from = s.catchUp(from, maxBehind, read, each)
		each(nil, 0)
		select {
		case <-more:
		case <-ctx.Done():
			s.catchUp(from, maxBehind, read, each)
			each(nil, 0)
			return
		}
	}
}

func (s *Server) catchUp(from, maxBehind uint64, read reading, each func(*event.Event, uint64)) uint64 {
	last := s.journal.Last()
	first := s.journal.EvictedBefore()
	if maxBehind > 0 && last > from+maxBehind {
		first = max(first, last-maxBehind/2)
	}
	if first > from+1 {
		each(nil, first-1-from)
		from = first - 1
	}
	read(from, last+1, false, func(e *event.Event) bool {
		each(e, 0)
		return true
	})
	return max(from, last)
}

// Found is what a store held when it was opened.
type Found struct {
	// Deploys counts those that OpsLevel has, since the last reset; Last is when the newest of them arrived.
	Deploys int
	Last    time.Time
}

// Text is "14 deploys, the last 3 days ago", as of now.
func (f Found) Text(now time.Time) string {
	noun := "deploys"
	if f.Deploys == 1 {
		noun = "deploy"
	}
	return fmt.Sprintf("%d %s, the last %s", f.Deploys, noun, ago(now.Sub(f.Last)))
}

func ago(d time.Duration) string {
	for _, u := range []struct {
		name string
		unit time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / u.unit); n == 1 {
			return "1 " + u.name + " ago"
		} else if n > 1 {
			return fmt.Sprintf("%d %ss ago", n, u.name)
		}
	}
	return "a moment ago"
}
