package emulator

import (
	"cmp"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
	"github.com/bubblelevel/bubblelevel/emulator/ledger"
)

// bodyPrefix is how much of a body a finding may search, in bytes.
const bodyPrefix = 512

// find works out what OpsLevel would not tell about the request of e. It runs on the journal's writer, before the
// event is written.
func (s *Server) find(e *event.Event, c *httpapi.Call, integration catalog.Integration, standing ledger.Standing, o deploy.Outcome, u *finding.Upstream) {
	k := finding.Case{
		Wire: wire(c), Params: c.Params, Problems: e.Problems, Outcome: o,
		Integration: integration, Standing: standingOf(standing),
		Service: e.Service, CatalogGiven: s.catalogGiven(), Now: e.At, Machine: s.machineTime(), Upstream: u,
	}
	if e.Recorded() && e.Deploy.DedupID != "" {
		k.Forgotten = s.forgotten.say(s.ledger.Forgotten(), cmp.Or(s.config.KeepIDs, journal.DefaultKeepIDs))
	}
	if e.Deploy != nil {
		k.Deploy = *e.Deploy
	}
	if u != nil && u.Failure == "" {
		k.CatalogGiven = true // a real OpsLevel knows its services
		if k.Params == nil && len(k.Problems) == 0 {
			k.Params = deploy.NewObject(0) // it has read what could not be read here
		}
	}
	if e.Result == deploy.NoServiceFound && (u == nil || s.catalogGiven()) {
		k.Near = s.ledger.Nearest(e.Alias)
	}
	if e.Recorded() || e.Result == deploy.Duplicate {
		past := s.ledger.Past(e.Alias, e.Service, k.Deploy.Environment)
		k.Previous = s.prior(past.Previous)
		k.Environments = past.Environments
	}
	if e.DuplicateOf != 0 {
		k.Original = s.prior(e.DuplicateOf)
		k.Repeats = s.ledger.Repeats(e.DuplicateOf)
	}
	e.Findings = finding.Of(&k)
}

// forgotten is how many dedup ids were given up so far, and from how many on that is said again: a store that is full
// gives one up with each deploy, and to say so each time would only be noise.
type forgotten struct{ seen, next int }

// say says whether a deploy should tell that n ids have been given up, of those that are kept.
func (f *forgotten) say(n, kept int) bool {
	if n < f.seen { // the account was reset
		*f = forgotten{}
	}
	f.seen = n
	if n == 0 || n < f.next {
		return false
	}
	f.next = n + kept
	return true
}

// catalogGiven says whether somebody named the services there are: at the start, or by loading fixtures since.
func (s *Server) catalogGiven() bool {
	if replaced, named := s.ledger.Replaced(); replaced {
		return named
	}
	return s.config.CatalogGiven
}

// FixturesReplaced says that the fixtures in force are not those of the configuration, because others were loaded while
// the emulator ran, perhaps before a restart.
func (s *Server) FixturesReplaced() bool {
	replaced, _ := s.ledger.Replaced()
	return replaced
}

// prior is an earlier deploy; nil where there is none, and without its payload where only its trace is left.
func (s *Server) prior(seq uint64) *finding.Prior {
	if seq == 0 {
		return nil
	}
	e, ok := s.recent.get(seq)
	if !ok {
		e, ok = s.journal.Get(seq)
	}
	if !ok {
		return &finding.Prior{Seq: seq}
	}
	p := &finding.Prior{Seq: seq, At: e.At, Deploy: e.Deploy, Service: e.Service}
	if e.Fault != nil {
		p.Fault = e.Fault.Kind
	}
	return p
}

// recent holds the last events that were judged, since those of the group being written cannot be read back yet.
type recent [recentEvents]*event.Event

// recentEvents is more than the journal writes in one group (128), and few enough that what they hold is little.
const recentEvents = 256

func (r *recent) put(e *event.Event) { r[e.Seq%recentEvents] = e }

func (r *recent) get(seq uint64) (*event.Event, bool) {
	e := r[seq%recentEvents]
	return e, e != nil && e.Seq == seq
}

func wire(c *httpapi.Call) finding.Wire {
	r := c.Request
	w := finding.Wire{
		Method: r.Method, Path: r.Path,
		LooksLikeJSON: c.Body.LooksLikeJSON, InvalidUTF8: c.Body.NotUTF8, Ignored: c.Body.Ignored,
		Body: bodyKind(c), BodyPrefix: r.Body[:min(len(r.Body), bodyPrefix)],
	}
	w.ContentType = first(r.Headers["Content-Type"])
	w.UserAgent = first(r.Headers["User-Agent"])
	w.Referer = first(r.Headers["Referer"])
	return w
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func bodyKind(c *httpapi.Call) finding.BodyKind {
	if c.Request.BodyLength == 0 {
		return finding.Empty
	}
	switch strings.ToLower(c.Body.Kind) {
	case "json":
		return finding.JSON
	case "form":
		return finding.Form
	case "multipart":
		return finding.Multipart
	}
	return finding.Other
}

func standingOf(s ledger.Standing) finding.Standing {
	switch s {
	case ledger.Live:
		return finding.Live
	case ledger.Retired:
		return finding.Retired
	}
	return finding.Unknown
}
