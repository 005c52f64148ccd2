package expect

import (
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// guard says which of the events that match a query count.
type guard struct {
	// asked: the query itself says what became of the deploy, so its matches count as they are.
	asked bool
	// anyKind: events that are no deploys count too.
	anyKind bool
	// sent: everything that was sent counts, whatever became of it.
	sent bool
	// allowed are findings that do not make a deploy a lost one.
	allowed map[string]bool
}

func newGuard(x *Expectation) guard {
	q := x.Query
	_, most := x.bounds()
	return guard{
		asked:   asksForLost(q),
		anyKind: q.Mentions(query.Kind, query.Path, query.Method) || asksForLost(q),
		sent:    most == 0, allowed: set(x.Allow),
	}
}

// counts says whether an event that matches counts.
func (g guard) counts(e *event.Event) bool {
	switch {
	case e.Kind != event.KindDeploy:
		return g.anyKind
	case g.asked || g.sent:
		return true
	}
	return kept(e, g.allowed)
}

// watchesLosses says whether a lost deploy makes the expectation fail.
func (g guard) watchesLosses() bool { return !g.asked && !g.sent }

// noun is what is counted.
func (g guard) noun() string {
	if g.anyKind {
		return "event"
	}
	return "deploy"
}

func set(ids []string) map[string]bool {
	all := map[string]bool{}
	for _, id := range ids {
		all[id] = true
	}
	return all
}
