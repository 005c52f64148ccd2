package emulator

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/ledger"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
)

// UpstreamError says why Config.Upstream cannot be relayed to. It names no more of the URL than its host.
type UpstreamError struct {
	// Message is what is wrong, and Hint the cure in the words of the command line, such as --allow-upstream for
	// Config.AllowUpstream.
	Message, Hint string
}

// Error is the message.
func (e *UpstreamError) Error() string { return e.Message }

// upstream is what a server needs to relay.
type upstream struct {
	*relay.Relay
	unanswered unanswered
}

// forget is for an account that begins anew: what was sent before is no event of it any more.
func (u *upstream) forget() {
	if u != nil {
		u.unanswered = unanswered{}
	}
}

// UpstreamHost is the host that deploys are relayed to; empty for none.
func (s *Server) UpstreamHost() string {
	if s.upstream == nil {
		return ""
	}
	return s.upstream.Host()
}

// newUpstream judges the configuration; nil where it names no upstream.
func newUpstream(c Config, roots *tls.Config) (*upstream, error) {
	if c.Upstream == "" {
		return nil, nil
	}
	target, err := relay.ParseTarget(c.Upstream)
	if err != nil {
		return nil, &UpstreamError{"the upstream is not the URL of an integration: " + err.Error(), "copy the whole URL from the integration's page in OpsLevel"}
	}
	if !slices.ContainsFunc(c.AllowUpstream, target.Match) {
		return nil, &UpstreamError{
			fmt.Sprintf("deploys would go on to %s, which is not allowed: they would be real ones", target.Host()),
			"allow the host by name: --allow-upstream " + target.Host(),
		}
	}
	if c.UpstreamTimeout < 0 {
		return nil, &UpstreamError{"the time to wait for the upstream cannot be negative", "leave it out for " + relay.DefaultTimeout.String()}
	}
	host, _ := target.Address()
	deps := action.Deps{
		// Exposed: loopback is not free here, either; the host above was named.
		Policy: action.Policy{Allow: []string{host}, Exposed: true, Proxy: c.Proxy}, TLS: roots,
	}
	where := &url.URL{Scheme: target.Scheme(), Host: target.Host()}
	r := relay.New(relay.Options{
		Target: target, Timeout: c.UpstreamTimeout, Clock: clock.Either{Clock: clock.Real(c.Clock)},
		Connect: func(ctx context.Context) (relay.Line, error) {
			conn, err := action.Connect(ctx, deps, where)
			return relay.Line(conn), err
		},
	})
	return &upstream{Relay: r}, nil
}

// relayed sends a deploy on and records it with the real answer. The next one is sent when this is done.
func (a account) relayed(j *judgement) (answer httpapi.Answer) {
	a.upstream.Send(request(j.call), func(reply relay.Reply) {
		j.reply = &reply
		e, err := a.journal.Append(j.event)
		if err != nil {
			answer = a.unavailable(err)
			return
		}
		answer = httpapi.Answer{HTTP: e.HTTP, Body: j.body, Seq: e.Seq, Fault: j.fault}
		if reply.Failure == "" {
			answer.Header = reply.Header
		}
		if len(e.Upstream.Drift) > 0 && a.config.OnDrift != nil {
			a.config.OnDrift(e)
		}
	})
	return answer
}

// request is what a relay needs of a call.
func request(c *httpapi.Call) relay.Request {
	path := c.HTTP.URL.EscapedPath()
	rest := path[strings.LastIndex(strings.TrimSuffix(path, "/"), "/")+1:]
	return relay.Request{
		Header: c.HTTP.Header, Body: c.Whole, UUID: c.Integration,
		Suffix: strings.TrimPrefix(rest, c.Integration), Query: c.HTTP.URL.RawQuery,
	}
}

// adopt takes over from the real answer what no list of services says here: without one, whether OpsLevel knows an alias
// is a fact of the account, and no difference between its behaviour and ours.
func (j *judgement) adopt(k *ledger.Known, alias string) {
	if j.reply == nil || j.server.catalogGiven() {
		return
	}
	switch {
	case j.reply.Said.Result == deploy.NoServiceFound:
		k.Service = ""
	case k.Service == "":
		k.Service = alias
	}
}

// follow puts the real answer in the place of ours: result, status and texts of e, and with them findings and ledger. It
// runs on the journal's writer.
func (j *judgement) follow(e *event.Event, integration catalog.Integration) deploy.Outcome {
	reply := j.reply
	ours := relay.Said{
		HTTP: e.HTTP, Result: e.Result, Message: e.Message, ContentType: httpapi.JSONType, Body: j.body, Problems: e.Problems,
	}
	u := &event.Upstream{
		Host: j.server.upstream.Host(), Failure: reply.Failure, Sent: reply.Sent, Seconds: reply.Took.Round(time.Millisecond).Seconds(),
		Here: event.Answer{HTTP: e.HTTP, Result: e.Result, Message: e.Message, Title: e.Title, Detail: e.Detail, Body: string(j.body)},
	}
	e.Upstream = u
	d := &j.deploy
	e.Result, e.Message, e.Title, e.Detail, e.Problems = "", "", "", "", nil
	e.DuplicateOf, e.Ordinal, e.Suggested = 0, 0, false
	if d.DeployNumberGenerated {
		d.DeployNumber, d.DeployNumberGenerated = "", false
	}
	known := j.server.ledger.Known(integration.UUID, d)
	e.Service = known.Service
	if reply.Failure != "" {
		j.unanswered(e)
		return deploy.Outcome{}
	}
	said := reply.Said
	u.HTTP, u.ContentType = said.HTTP, said.ContentType
	u.SetBody(said.Body)
	u.Drift = drifted(ours, said, integration.Type)
	j.body = reply.Body
	e.HTTP, e.Result, e.Message, e.Problems = said.HTTP, said.Result, said.Message, said.Problems
	e.Title, e.Detail = said.Title(), said.Detail()
	e.Why = whyUpstream(e)
	if said.Result != deploy.Rejected {
		e.Deploy = d // as far as it was read here
	}
	switch said.Result {
	case deploy.OK, deploy.NoServiceFound:
		return j.place(e, known)
	case deploy.Duplicate:
		e.DuplicateOf = known.Original
		if e.DuplicateOf == 0 {
			e.DuplicateOf = j.settle(e)
		}
		if u.Settles != 0 {
			u.Drift = nil // the emulator would have said the same, had it been told that the first try arrived
		}
		return deploy.Outcome{HTTP: said.HTTP, Result: said.Result, Message: said.Message}
	}
	return deploy.Outcome{}
}

// place gives a deploy that the real OpsLevel keeps its place here.
func (j *judgement) place(e *event.Event, known ledger.Known) deploy.Outcome {
	if e.Result == deploy.NoServiceFound {
		e.Service = ""
	}
	d := e.Deploy
	known.Duplicate = false
	o := deploy.Decide(*d, known.Known)
	o.HTTP, o.Result, o.Message = e.HTTP, e.Result, e.Message
	d.DeployNumber, d.DeployNumberGenerated, e.Ordinal = o.Number, o.Generated, o.Ordinal
	e.Suggested = e.Result == deploy.NoServiceFound && e.Alias != "" && !known.Suggested
	return o
}

// unanswered makes an event of a deploy without a real answer: a 5xx, so that a sender may try again, and never a success.
func (j *judgement) unanswered(e *event.Event) {
	p := deploy.Problem{Status: http.StatusBadGateway, Title: "Bad Gateway", Detail: "the upstream gave no answer: " + j.reply.Failure}
	if j.reply.Full {
		p = deploy.Problem{Status: http.StatusServiceUnavailable, Title: "Service Unavailable", Detail: j.reply.Failure}
	}
	j.reject(e, deploy.Problems{p}, "The deploy was to be relayed, and no real answer came back: "+j.reply.Failure+".")
	if j.reply.Sent && j.deploy.DedupID != "" {
		j.server.upstream.unanswered.add(event.NewDedupKey(e.Integration, j.deploy.DedupID), e.Seq)
	}
}

// settle finds the deploy without an answer that a real answer calls the original of e; 0 for none. It then did arrive.
func (j *judgement) settle(e *event.Event) uint64 {
	e.Upstream.Settles = j.server.upstream.unanswered.find(event.NewDedupKey(e.Integration, e.Deploy.DedupID))
	return e.Upstream.Settles
}

func whyUpstream(e *event.Event) string {
	why := fmt.Sprintf("The real OpsLevel at %s answered %d", e.Upstream.Host, e.HTTP)
	switch {
	case e.Result != deploy.Rejected:
		why += " " + string(e.Result)
	case e.Title != "":
		why += " " + e.Title
	}
	return why + "; what bubblelevel would have said stands beside it."
}

// upstreamCase is what findings are told of the relay; nil for a deploy that was not relayed.
func (j *judgement) upstreamCase(e *event.Event) *finding.Upstream {
	u := e.Upstream
	if u == nil {
		return nil
	}
	return &finding.Upstream{
		Host: u.Host, Failure: u.Failure, Sent: u.Sent, Strange: j.reply.Said.Strange, HTTP: u.HTTP, Drift: u.DriftFields(),
	}
}
