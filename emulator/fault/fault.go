// Package fault is failure on purpose: what OpsLevel, or the network before it, does to a request instead of answering
// it well, so that a sender's retries can be seen.
//
// A [Fault] says what happens (its kind) to which requests (its scope: a query, and how many of those that answer it). A
// [Set] holds the faults in force and decides for each request; a [Hit] is what then has to happen to it, which the room
// that has the connection carries out. Each kind has a file of its own with its settings and what it does.
//
// Faults are in memory alone: an emulator that starts again has those of its configuration. They are decided before
// OpsLevel has looked at a request, by what the request says. The same seed and the same requests give the same
// decisions.
package fault

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Side says which requests a fault is for.
type Side string

// The sides of the wire.
const (
	// Incoming: deploys that are posted to a webhook URL of this emulator.
	Incoming Side = "incoming"
	// Outgoing: deliveries of webhooks that this emulator fires.
	Outgoing Side = "outgoing"
)

// Kind says what a fault does; see [Kinds].
type Kind string

// Fault is a failure and its scope. The same fields are read from YAML, from JSON and by the command line.
type Fault struct {
	// ID names the fault. Empty: made of the kind. At most 64 letters, digits, dots, dashes and underscores.
	ID   string `json:"id,omitempty" yaml:"id"`
	Kind Kind   `json:"kind" yaml:"kind,required"`
	// On is the side; empty means incoming.
	On Side `json:"on,omitempty" yaml:"on"`

	// Query is what a request must answer; empty: every request of that side. What OpsLevel makes of a request (result,
	// http, finding, why, ...) is not known yet when a fault decides, so these fields are refused.
	Query string `json:"query,omitempty" yaml:"query"`
	// First ends the fault after so many hits; 0: it goes on.
	First int `json:"first,omitempty" yaml:"first"`
	// Every hits each Nth request that answers the query, the Nth first; 0 and 1: each.
	Every int `json:"every,omitempty" yaml:"every"`
	// Probability, above 0 and at most 1, lets chance decide for each of these; nil: always. See [Chance].
	Probability *float64 `json:"probability,omitempty" yaml:"probability"`

	// Status is that of the answer: of status (400 to 599; 503) and redirect (301, 302, 303, 307, 308; 301).
	Status int `json:"status,omitempty" yaml:"status"`
	// RetryAfter is the header of that name, of status: whole seconds, up to a day.
	RetryAfter Duration `json:"retry_after,omitempty" yaml:"retry_after"`
	// Delay is how long latency waits before the answer (1s), and how long no_answer holds the connection at most (2m);
	// other kinds wait so long before they do what they do (0s). At most [MaxDelay].
	Delay Duration `json:"delay,omitempty" yaml:"delay"`
	// Jitter is added to Delay, from nothing up to all of it by chance, of latency.
	Jitter Duration `json:"jitter,omitempty" yaml:"jitter"`
	// Bytes is how much of the body truncated leaves; 0: half of it. At least one byte is always cut.
	Bytes int `json:"bytes,omitempty" yaml:"bytes"`
	// Location is where redirect leads; empty: the same address by https.
	Location string `json:"location,omitempty" yaml:"location"`
}

// Chance is p for [Fault.Probability].
func Chance(p float64) *float64 { return &p }

// Limits.
const (
	// MaxFaults is how many faults may be in force at a time.
	MaxFaults = 100
	// MaxDelay is the longest delay, with its jitter.
	MaxDelay = 10 * time.Minute
	// MaxRetryAfter is the longest Retry-After.
	MaxRetryAfter = 24 * time.Hour
	// maxID is how long an id may be, in bytes.
	maxID = 64
)

// Duration is a time with its unit, such as 500ms or 2s.
type Duration string

// value is the duration; empty is 0.
func (d Duration) value() (time.Duration, error) {
	if d == "" {
		return 0, nil
	}
	v, err := time.ParseDuration(string(d))
	if err != nil {
		return 0, fmt.Errorf("%q is no time: write a number and its unit, such as 500ms or 2s", string(d))
	}
	return v, nil
}

// CheckError is what is wrong with one setting of a fault.
type CheckError struct {
	// Field is the setting, as YAML and JSON name it.
	Field   string
	Message string
	Hint    string
}

// Error names the setting.
func (e *CheckError) Error() string { return e.Field + ": " + e.Message }

func wrong(field, hint, format string, args ...any) *CheckError {
	return &CheckError{field, fmt.Sprintf(format, args...), hint}
}

// Check says what is wrong with f, as a *[CheckError]; nil for nothing.
func (f Fault) Check() error {
	if _, err := f.compile(); err != nil {
		return err
	}
	return nil
}

// compiled is a fault that has been checked, ready to decide.
type compiled struct {
	query  query.Query
	effect effect
}

// effect is the settings of one kind, read and with their defaults.
type effect interface {
	// hit is what happens to one request; luck is a number from 0 to 1 by chance.
	hit(luck float64) Hit
}

// idPattern is what an id may be.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func (f Fault) compile() (compiled, *CheckError) {
	doc, ok := kindNamed(f.Kind)
	if !ok {
		return compiled{}, wrong("kind", "the kinds are "+strings.Join(kindNames(), ", "), "there is no fault of kind %q", shortened(string(f.Kind)))
	}
	if err := f.checkID(); err != nil {
		return compiled{}, err
	}
	if f.On != "" && f.On != Incoming && f.On != Outgoing {
		return compiled{}, wrong("on", "", "this is incoming or outgoing, not %q", shortened(string(f.On)))
	}
	if err := f.checkScope(); err != nil {
		return compiled{}, err
	}
	q, err := f.parseQuery()
	if err != nil {
		return compiled{}, err
	}
	for _, s := range f.given() {
		if !slices.Contains(doc.Settings, s) {
			return compiled{}, wrong(s, f.Kind.takes(doc), "a fault of kind %s has no such setting", f.Kind)
		}
	}
	e, err := doc.read(f)
	return compiled{q, e}, err
}

func (f Fault) checkID() *CheckError {
	switch {
	case f.ID == "":
		return nil
	case !idPattern.MatchString(f.ID):
		return wrong("id", "", "an id is at most %d letters, digits, dots, dashes and underscores, not %q", maxID, shortened(f.ID))
	case f.ID == Any, f.ID != string(f.Kind) && slices.Contains(kindNames(), f.ID):
		return wrong("id", "choose another", "%q already means something else in a query", f.ID)
	}
	return nil
}

// Any is the value of the query's field fault that stands for every fault.
const Any = "any"

func (f Fault) checkScope() *CheckError {
	switch {
	case f.First < 0:
		return wrong("first", "leave it out for no limit", "this cannot be negative")
	case f.Every < 0:
		return wrong("every", "leave it out for each request", "this cannot be negative")
	case f.Probability != nil && !(*f.Probability > 0 && *f.Probability <= 1):
		return wrong("probability", "leave the fault out where it should never hit", "this lies above 0 and goes up to 1")
	}
	return nil
}

// unknownYet are the fields that hold what OpsLevel makes of a request.
var unknownYet = [...]query.Field{
	query.Result, query.HTTP, query.Finding, query.Why, query.Title, query.Detail, query.Problem, query.DuplicateOf, query.Seq,
	query.User, query.Fault,
}

func (f Fault) parseQuery() (query.Query, *CheckError) {
	q, err := query.Parse(f.Query)
	if err != nil {
		return q, wrong("query", "`bubblelevel help query` explains the language", "%s", err.Error())
	}
	unknown := unknownYet[:]
	if f.On == Outgoing {
		unknown = append(unknown[:len(unknown):len(unknown)], query.Status)
	}
	for _, field := range unknown {
		if q.Mentions(field) {
			return q, wrong("query", "ask for what the request says: service, environment, dedup, header, body, ...",
				"%s is not known yet when a fault decides", field)
		}
	}
	return q, nil
}

// given are the settings of kinds that f has.
func (f Fault) given() (names []string) {
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"status", f.Status != 0}, {"retry_after", f.RetryAfter != ""}, {"delay", f.Delay != ""}, {"jitter", f.Jitter != ""},
		{"bytes", f.Bytes != 0}, {"location", f.Location != ""},
	} {
		if s.set {
			names = append(names, s.name)
		}
	}
	return names
}

func shortened(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// side is f.On with its default.
func (f Fault) side() Side {
	if f.On == "" {
		return Incoming
	}
	return f.On
}
