package expect

import (
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// Audit looks at all that reached an emulator, whether anybody expected it or not: what `exec` judges a command by. It is
// for one goroutine.
type Audit struct {
	source  Source
	clock   clock.Clock
	allowed map[string]bool
	asked   []Expectation
	at      uint64

	losses   losses
	recorded []*event.Event
	warned   []*event.Event
	requests int
	gap      Gap
}

// NewAudit begins an audit. Findings whose ids are allowed are passed over, as are deploys that one of the expectations
// asks for by what became of them (result:rejected, say).
func NewAudit(source Source, c clock.Clock, allow []string, expectations ...Expectation) *Audit {
	a := &Audit{source: source, clock: c, allowed: set(allow)}
	a.losses.allowed = a.allowed
	for _, x := range expectations {
		if g := newGuard(&x); g.asked && !g.sent {
			a.asked = append(a.asked, x)
		}
	}
	return a
}

// Read takes in all that has happened since the last time.
func (a *Audit) Read() {
	last := a.source.Last()
	if first := a.source.EvictedBefore(); first > a.at+1 {
		if a.gap == (Gap{}) {
			a.gap.From = a.at + 1
		}
		a.gap.To = first - 1
	}
	now := a.clock.Now()
	a.source.Range(a.at, last+1, false, func(e *event.Event) bool {
		if e.Kind == event.KindChange {
			a.losses.see(e)
		}
		if e.Request == nil {
			return true
		}
		a.requests++
		if e.Kept() {
			a.recorded = append(a.recorded, e)
		}
		if slices.ContainsFunc(a.asked, func(x Expectation) bool { return x.Query.Match(e, now) }) {
			return true
		}
		a.losses.see(e)
		if len(graver(e, finding.Warning, a.allowed)) > 0 {
			a.warned = append(a.warned, e)
		}
		return true
	})
	a.at = max(a.at, last)
}

// Requests is how many requests arrived.
func (a *Audit) Requests() int { return a.requests }

// Recorded are the deploys that OpsLevel keeps, the oldest first, also those that it keeps otherwise than was meant.
func (a *Audit) Recorded() []*event.Event { return a.recorded }

// Lost are the lost deploys that were not made good, the oldest first.
func (a *Audit) Lost() []Loss { return a.losses.list() }

// Sound says whether nothing is lost, without making a list.
func (a *Audit) Sound() bool { return a.losses.empty() }

// Warned are the requests with a warning, with their warnings. They are no losses.
func (a *Audit) Warned() []Loss {
	list := make([]Loss, len(a.warned))
	for i, e := range a.warned {
		list[i] = Loss{Seq: e.Seq, Line: e.Line(), Findings: graver(e, finding.Warning, a.allowed)}
	}
	return list
}

// Evicted are events that left the window before they were read; zero for none.
func (a *Audit) Evicted() Gap { return a.gap }
