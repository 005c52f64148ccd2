package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// meet asks the faults about a deploy, before OpsLevel looks at it, by all that the request says.
func (j *judgement) meet() *fault.Hit {
	now := j.server.config.Clock.Now()
	return j.server.faults.Decide(fault.Incoming, j.unjudged(0, now.UTC()), now)
}

// unjudged is the record of a deploy that OpsLevel has not looked at.
func (j *judgement) unjudged(seq uint64, now time.Time) *event.Event {
	s, c := j.server, j.call
	e := &event.Event{Seq: seq, Kind: event.KindDeploy, At: now, Integration: c.Integration, Request: c.Request}
	if i, _ := s.ledger.Integration(c.Integration, now); i.UUID != "" {
		e.Integration = i.UUID
	}
	if !j.parsed && c.Params != nil {
		j.deploy, j.problems = deploy.Parse(c.Params, deploy.Rules{DeployerOptional: true})
	}
	if c.Params != nil {
		e.Deploy, e.Alias = &j.deploy, j.deploy.Service
		if service, ok := s.ledger.Match(e.Alias); ok && e.Alias != "" {
			e.Service = service.Slug
		}
	}
	return e
}

// kept is the record of a deploy that a fault keeps from OpsLevel. Nothing of it enters the account, and no finding is
// made of it: only the end of a run can tell whether its sender came again.
func (j *judgement) kept(seq uint64) *event.Event {
	e := j.unjudged(seq, j.server.config.Clock.Now().UTC())
	h := j.fault
	e.HTTP, e.Result, e.Title = h.Status, deploy.Rejected, http.StatusText(h.Status)
	switch h.Kind {
	case fault.KindStatus:
		j.body = deploy.Problem{Status: h.Status, Title: e.Title}.Body()
	case fault.KindRedirect:
	default:
		e.Title = "No answer"
	}
	j.mark(e)
	return e
}

// mark says on an event what was injected.
func (j *judgement) mark(e *event.Event) {
	h := j.fault
	if h == nil {
		return
	}
	e.Fault = &event.Fault{ID: h.ID, Kind: string(h.Kind), Judged: h.Kind.Judged()}
	e.Why = strings.TrimSpace(e.Why + " " + whyFault(h))
}

// whyFault says what a fault does to a request.
func whyFault(h *fault.Hit) string {
	does := map[fault.Kind]string{
		fault.KindLatency:    "keeps this answer back for " + h.Delay.Round(time.Millisecond).String(),
		fault.KindNoAnswer:   "gives no answer and holds the connection, so OpsLevel never saw this request",
		fault.KindReset:      "reset the connection, so OpsLevel never saw this request",
		fault.KindEmpty:      "closed the connection without a byte, so OpsLevel never saw this request",
		fault.KindTruncated:  "cut this answer's body",
		fault.KindMalformed:  "made this answer's body no JSON",
		fault.KindBare202:    "took this answer's body away",
		fault.KindLostAnswer: "lost this answer: the connection was closed without a byte",
		fault.KindStatus:     fmt.Sprintf("answers %d in its place, so OpsLevel never saw this request", h.Status),
		fault.KindRedirect:   fmt.Sprintf("answers %d in its place, so OpsLevel never saw this request", h.Status),
	}[h.Kind]
	return "The injected fault " + h.ID + " " + does + "."
}
