package expect

import (
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// What is remembered of the events that were looked at.
const (
	// maxCounted is how many of the events that count are named, the newest.
	maxCounted = 5
	// maxCandidates is how many of the newest events with one and the same number of matching terms may be near misses.
	maxCandidates = 32
)

// tally counts the events that answer one expectation.
type tally struct {
	x     Expectation
	guard guard
	total int // terms of the query

	count   int
	counted []uint64
	losses  losses
	// levels are the newest requests by the number of terms that hold for them.
	levels [][]uint64
	// requests were looked at, from after start on.
	requests int
	start    uint64
	// gap are events that left the window unseen; blind is one that may have made a loss good, and left it before that
	// could be told.
	gap   Gap
	blind uint64
}

// Gap is a range of events that have left the window unseen; zero for none.
type Gap struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

func newTally(x Expectation) *tally {
	t := &tally{x: x, guard: newGuard(&x), total: len(x.Query.Terms())}
	t.restart(x.Since)
	return t
}

// restart forgets everything up to the event start.
func (t *tally) restart(start uint64) {
	*t = tally{
		x: t.x, guard: t.guard, total: t.total, start: start,
		levels: make([][]uint64, t.total+1), losses: losses{allowed: t.guard.allowed},
	}
}

// lose notes that events have left the window unseen.
func (t *tally) lose(from, to uint64) {
	if t.gap != (Gap{}) {
		from = min(from, t.gap.From)
	}
	t.gap = Gap{from, to}
}

// unseen are the events that a verdict could not go by; zero for none.
func (t *tally) unseen() Gap {
	if t.gap == (Gap{}) && t.blind != 0 && !t.losses.empty() {
		return Gap{t.blind, t.blind}
	}
	return t.gap
}

// ages says whether the answer of the query changes as time goes by.
func (t *tally) ages() bool { return t.x.Query.Mentions(query.Newer, query.Older) }

// part is what one stretch of the journal says to a tally. Stretches are sifted side by side and added in order.
type part struct {
	// reset is the last event of the stretch that set the account anew, 0 for none; the rest is what came after it.
	reset    uint64
	seen     []seen
	levels   [][]uint64
	requests int
}

// seen is an event that a tally wants to know of.
type seen struct {
	seq uint64
	// counts says that the event is one of those that were expected.
	counts bool
	// event is set where it is a loss, or may undo losses whatever they are; amends says that it may make one good.
	event  *event.Event
	amends bool
}

// sift looks at one event.
func (t *tally) sift(p *part, e *event.Event, now time.Time) {
	if p.levels == nil {
		p.levels = make([][]uint64, t.total+1)
	}
	if setsAnew(e) {
		*p = part{reset: e.Seq, levels: make([][]uint64, t.total+1)}
	}
	n := t.x.Query.Count(e, now)
	if e.Request != nil {
		p.requests++
		p.levels[n] = keepNewest(p.levels[n], e.Seq)
	}
	if n == t.total || e.Kind == event.KindChange {
		p.seen = append(p.seen, t.look(e, n == t.total))
	}
}

// look says what there is to know of an event, which is not valid for long.
func (t *tally) look(e *event.Event, matches bool) seen {
	s := seen{seq: e.Seq, counts: matches && t.guard.counts(e)}
	switch {
	case !t.guard.watchesLosses() || e.Kind == event.KindCall:
	case e.Kind == event.KindChange, missed(e, t.guard.allowed):
		s.event = e.Clone()
	default:
		s.amends = amends(e)
	}
	return s
}

// setsAnew says whether the account forgot its deploys with this event.
func setsAnew(e *event.Event) bool {
	return e.Kind == event.KindReset || e.Kind == event.KindChange && e.Change != nil && e.Change.Fixtures != nil
}

// keepNewest appends seqs and keeps the last maxCandidates of them or a few more: there is twice the room, so that
// cutting is rare.
func keepNewest(seqs []uint64, more ...uint64) []uint64 {
	seqs = append(seqs, more...)
	if over := len(seqs) - maxCandidates; over >= maxCandidates {
		seqs = append(seqs[:0], seqs[over:]...)
	}
	return seqs
}

// add takes in what one stretch says.
func (t *tally) add(src Source, p *part) {
	if p.reset != 0 {
		t.restart(p.reset)
	}
	t.requests += p.requests
	for n, seqs := range p.levels {
		t.levels[n] = keepNewest(t.levels[n], seqs...)
	}
	for _, s := range p.seen {
		if s.counts {
			t.count++
			if len(t.counted) == maxCounted {
				t.counted = slices.Delete(t.counted, 0, 1)
			}
			t.counted = append(t.counted, s.seq)
		}
		if s.event == nil && s.amends && !t.losses.empty() {
			if s.event, _ = src.Get(s.seq); s.event == nil {
				t.blind = s.seq
			}
		}
		if s.event != nil {
			t.losses.see(s.event)
		}
	}
}

// state says how an expectation stands.
type state uint8

const (
	// pending: what is there does not do yet.
	pending state = iota
	// good: it would be met if nothing more came, and something more can still spoil it.
	good
	// settled and violated: nothing can change it any more.
	settled
	violated
)

func (t *tally) state() state {
	least, most := t.x.bounds()
	switch {
	case most != unbounded && t.count > most:
		return violated
	case t.count < least || !t.losses.empty():
		return pending
	case most != unbounded:
		return good
	}
	return settled
}

// outcome is the verdict when nothing more is waited for. Events that left the window unseen can have made up the
// number, or passed the bound; they cannot undo a loss that was seen, unless they came after it.
func (t *tally) outcome(src Source, now time.Time) Outcome {
	least, _ := t.x.bounds()
	switch t.state() {
	case violated:
		return NotMet
	case settled:
		return Met
	case good:
		if t.gapMatters(src, now) {
			return Incomplete
		}
		return Met
	}
	if t.count < least && t.losses.empty() && t.gapMatters(src, now) || t.blind != 0 && !t.losses.empty() {
		return Incomplete
	}
	return NotMet
}

// gapMatters says whether an event that left the window unseen could have matched.
func (t *tally) gapMatters(src Source, now time.Time) bool {
	if t.gap == (Gap{}) {
		return false
	}
	var first momentFields
	src.Range(t.gap.To, 0, false, func(e *event.Event) bool {
		first.at = e.At
		return false
	})
	if first.at.IsZero() {
		return true
	}
	// What is gone is older than what is left, so a query that asks for what is newer than that cannot have meant it.
	for _, term := range t.x.Query.Terms() {
		if term.Field() != query.Newer || term.Negated() {
			continue
		}
		if q, err := query.New(term); err == nil && !q.Match(first, now) {
			return false
		}
	}
	return true
}

// momentFields is an event of which only the time is known.
type momentFields struct{ at time.Time }

func (momentFields) Values(to []string, _ query.Field) []string { return to }
func (momentFields) Number(query.Field) (int64, bool)           { return 0, false }
func (m momentFields) Time(query.Field) (at time.Time, ok bool) { return m.at, true }
