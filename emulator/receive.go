package emulator

import (
	"net/http"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/ledger"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
)

// account is OpsLevel's side: it judges each call and records it, one after the other.
type account struct{ *Server }

// Deploy judges a deploy. What depends on the request alone is done in the caller's goroutine; what depends on what is
// known, on the journal's writer, so that of a thousand equal dedup ids exactly one wins.
func (a account) Deploy(c *httpapi.Call) httpapi.Answer {
	j := judgement{server: a.Server, call: c}
	integration, standing := a.ledger.Integration(c.Integration, a.config.Clock.Now())
	if c.Problem == nil && standing == ledger.Live {
		j.deploy, j.problems = deploy.Parse(c.Params, deploy.Rules{DeployerOptional: !integration.Type.RequiresDeployer()})
		j.parsed = true
	}
	record := j.event
	if a.faults.Any() {
		if j.fault = j.meet(); j.fault != nil && !j.fault.Kind.Judged() {
			record = j.kept
		}
	}
	if a.upstream != nil && standing == ledger.Live && c.HTTP != nil && (j.fault == nil || j.fault.Kind.Judged()) {
		return a.relayed(&j)
	}
	e, err := a.journal.Append(record)
	if err != nil {
		return a.unavailable(err)
	}
	return httpapi.Answer{HTTP: e.HTTP, Body: j.body, Seq: e.Seq, Fault: j.fault}
}

// Other records a call that is not a deploy.
func (a account) Other(c *httpapi.Call, answer httpapi.Answer) httpapi.Answer {
	e, err := a.journal.Append(func(seq uint64) *event.Event {
		e := &event.Event{
			Seq: seq, Kind: event.KindCall, At: a.config.Clock.Now().UTC(), Integration: c.Integration,
			HTTP: answer.HTTP, Request: c.Request,
		}
		e.Why = whyOther(e)
		integration, standing := a.ledger.Integration(c.Integration, e.At)
		a.find(e, c, integration, standing, deploy.Outcome{}, nil)
		return e
	})
	if err != nil {
		return a.unavailable(err)
	}
	answer.Seq = e.Seq
	return answer
}

// unavailable is the answer once nothing can be recorded: OpsLevel's 503 is known without a detail.
func (a account) unavailable(err error) httpapi.Answer {
	a.config.Logger.Error("a request could not be recorded", "error", err)
	p := deploy.Problem{Status: http.StatusServiceUnavailable, Title: "Service Unavailable"}
	return httpapi.Answer{HTTP: p.Status, Body: p.Body()}
}

// judgement is one deploy on its way through the rooms.
type judgement struct {
	server   *Server
	call     *httpapi.Call
	parsed   bool
	deploy   deploy.Deploy
	problems deploy.Problems
	body     []byte
	// fault is what is injected; nil for nothing.
	fault *fault.Hit
	// reply is what became of the deploy upstream; nil where it was not relayed.
	reply *relay.Reply
}

// event judges the deploy and returns the record of it. It runs on the journal's writer.
func (j *judgement) event(seq uint64) *event.Event {
	s, c := j.server, j.call
	now := s.config.Clock.Now().UTC()
	e := &event.Event{Seq: seq, Kind: event.KindDeploy, At: now, Integration: c.Integration, Request: c.Request}
	integration, standing := s.ledger.Integration(c.Integration, now)
	if standing != ledger.Unknown {
		e.Integration = integration.UUID
	}
	var outcome deploy.Outcome
	switch {
	case standing != ledger.Live:
		j.reject(e, deploy.Problems{unknownIntegration()}, whyIntegration(standing))
	case c.Problem != nil:
		j.reject(e, deploy.Problems{*c.Problem}, whyUnreadable(*c.Problem))
	case !j.parsed:
		// The integration came to life between the first look and this one; it was not there when the request arrived.
		j.reject(e, deploy.Problems{unknownIntegration()}, whyIntegration(ledger.Unknown))
	case len(j.problems) > 0:
		e.Deploy, e.Alias = &j.deploy, j.deploy.Service
		j.reject(e, j.problems, whyMissing(j.problems))
	default:
		outcome = j.decide(e, integration)
	}
	if j.reply != nil {
		outcome = j.follow(e, integration)
	}
	s.find(e, c, integration, standing, outcome, j.upstreamCase(e))
	j.mark(e)
	s.ledger.Apply(e.Derived())
	s.ledger.Note(e)
	s.recent.put(e)
	return e
}

// decide answers a deploy that has all it needs.
func (j *judgement) decide(e *event.Event, integration catalog.Integration) deploy.Outcome {
	d := &j.deploy
	known := j.server.ledger.Known(integration.UUID, d)
	j.adopt(&known, d.Service)
	o := deploy.Decide(*d, known.Known)
	e.Deploy, e.Alias, e.Service = d, d.Service, known.Service
	e.HTTP, e.Result, e.Message, e.Why = o.HTTP, o.Result, o.Message, o.Why
	d.AssociatedUser = known.User
	if o.Result == deploy.Duplicate {
		e.DuplicateOf = known.Original
	} else {
		d.DeployNumber, d.DeployNumberGenerated = o.Number, o.Generated
		e.Ordinal = o.Ordinal
		e.Suggested = o.Result == deploy.NoServiceFound && !known.Suggested
	}
	j.body = o.Body()
	return o
}

func (j *judgement) reject(e *event.Event, problems deploy.Problems, why string) {
	first := problems[0]
	e.HTTP, e.Result, e.Title, e.Detail = first.Status, deploy.Rejected, first.Title, first.Detail
	e.Problems, e.Why = problems, why
	j.body = first.Body()
}
