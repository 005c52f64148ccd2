package expect

import (
	"net/http"
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// asksForLost says whether a query means deploys that OpsLevel does not keep: it is about nothing else
// (result:rejected, http:404, not:result:ok), or names them beside others (result:ok,no_service_found). A query that
// only keeps them out (not:finding:silent, result:ok) does not, and http:202 does not either: OpsLevel gives that for a
// deploy that it drops.
//
// It is found out by trying: the terms that are about what became of a deploy are asked about deploys of every fate.
func asksForLost(q query.Query) bool {
	var terms []query.Term
	var byResult, byFinding bool
	for _, t := range q.Terms() {
		one, err := query.New(t)
		if err != nil {
			continue
		}
		switch {
		case one.Mentions(query.Title, query.Detail, query.Problem, query.DuplicateOf):
			if !t.Negated() {
				return true // only what is not kept has these
			}
		case one.Mentions(query.Result, query.Finding):
			byResult = byResult || !t.Negated() && one.Mentions(query.Result)
			byFinding = byFinding || !t.Negated() && one.Mentions(query.Finding)
			terms = append(terms, t)
		case one.Mentions(query.HTTP):
			terms = append(terms, t)
		}
	}
	if len(terms) == 0 {
		return false
	}
	fate, err := query.New(terms...)
	if err != nil {
		return false
	}
	matches := func(e *event.Event) bool { return fate.Match(e, time.Time{}) }
	switch {
	case !slices.ContainsFunc(keptFates(), matches):
		return true
	case byFinding && slices.ContainsFunc(spoiltFates(), matches):
		return true
	}
	return (byResult || byFinding) && slices.ContainsFunc(lostFates(), matches)
}

// spoiltFates are deploys that are recorded, and otherwise than they were meant.
func spoiltFates() (fates []*event.Event) {
	for _, d := range finding.All() {
		if d.Severity == finding.Silent {
			fates = append(fates, fate(deploy.OK, http.StatusAccepted, d.ID, finding.Silent))
		}
	}
	return fates
}

// keptFates are deploys that OpsLevel has as they were meant.
func keptFates() []*event.Event {
	fates := []*event.Event{fate(deploy.OK, http.StatusAccepted, "", "")}
	for _, d := range finding.All() {
		for _, s := range []finding.Severity{finding.Warning, finding.Note} {
			fates = append(fates, fate(deploy.OK, http.StatusAccepted, d.ID, s))
		}
	}
	return fates
}

// lostFates are deploys that OpsLevel does not have, or for no service.
func lostFates() []*event.Event {
	fates := []*event.Event{
		fate(deploy.Duplicate, http.StatusAccepted, "sender.retry", finding.Note),
		fate(deploy.Rejected, http.StatusServiceUnavailable, "wire.try_again", finding.Note),
	}
	for _, d := range finding.All() {
		if d.Severity != finding.Silent {
			continue
		}
		for _, r := range []deploy.Result{deploy.NoServiceFound, deploy.Duplicate} {
			fates = append(fates, fate(r, http.StatusAccepted, d.ID, finding.Silent))
		}
		fates = append(fates, fate(deploy.Rejected, http.StatusBadRequest, d.ID, finding.Silent))
	}
	return fates
}

func fate(r deploy.Result, status int, id string, s finding.Severity) *event.Event {
	e := &event.Event{Kind: event.KindDeploy, Result: r, HTTP: status}
	if id != "" {
		e.Findings = []finding.Finding{{ID: id, Severity: s}}
	}
	return e
}
