package expect

import (
	"net/http"
	"time"

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
		asked: q.Mentions(query.Result, query.Finding, query.Title, query.Detail, query.Problem, query.DuplicateOf) || notAccepted(q),
		anyKind: q.Mentions(query.Kind, query.Path, query.Method) || q.Mentions(query.Result, query.Finding) ||
			notAccepted(q),
		sent: most == 0, allowed: set(x.Allow),
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

// notAccepted says whether the query asks for an HTTP status that is not the 202 which OpsLevel also gives for a deploy
// that it drops.
func notAccepted(q query.Query) bool {
	for _, t := range q.Terms() {
		if t.Field() != query.HTTP {
			continue
		}
		if one, err := query.New(t); err == nil && !one.Match(statusFields(http.StatusAccepted), time.Time{}) {
			return true
		}
	}
	return false
}

// statusFields is an answer of which only the HTTP status is known.
type statusFields int64

func (statusFields) Values(to []string, _ query.Field) []string { return to }

func (s statusFields) Number(f query.Field) (int64, bool) { return int64(s), f == query.HTTP }

func (statusFields) Time(query.Field) (time.Time, bool) { return time.Time{}, false }
