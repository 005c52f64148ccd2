// Package event is the one record of everything that happened, and the JSON of it that the control API speaks.
//
// An [Event] is written once and never changed, save that an old one is cut down to its stub ([Stub], and [Page] of many) when
// the journal's window moves on. [Encode] and [Decode] are its form in the journal: tagged fields, those that the ledger
// replays first, so that opening a store reads a few bytes of each. [Hub] tells live readers that there is more.
package event

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// Kind says what happened.
type Kind string

// The kinds of event.
const (
	// KindDeploy is a POST to a deploy integration, whatever came of it.
	KindDeploy Kind = "deploy"
	// KindCall is any other request to OpsLevel's side: the ping, a wrong method, a path that is not emulated.
	KindCall Kind = "call"
	// KindChange is a change of the account that was made beside the wire; see [Change].
	KindChange Kind = "change"
	// KindReset empties the account back to its fixtures. Sequence numbers go on.
	KindReset Kind = "reset"
	// KindFiring is one firing of a service-creation webhook. The service it was fired for was created by a change before
	// it, so that a crash between the two loses the record of a delivery, and never a service that somebody was told of.
	KindFiring Kind = "firing"
	// KindEvicted is what is left of an event that has left the window.
	KindEvicted Kind = "evicted"
)

// Event is one thing that happened.
type Event struct {
	// Seq is the place in the journal, from 1, without gaps.
	Seq  uint64    `json:"seq"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"received_at"`
	// Integration is the uuid in the path of the request.
	Integration string `json:"integration,omitempty"`
	// HTTP is the status of the answer.
	HTTP    int           `json:"http,omitempty"`
	Result  deploy.Result `json:"result,omitempty"`
	Message string        `json:"message,omitempty"`
	// Title and Detail are those of the error document of a rejected request; Problems are all that was wrong.
	Title    string          `json:"title,omitempty"`
	Detail   string          `json:"detail,omitempty"`
	Problems deploy.Problems `json:"problems,omitempty"`
	// Alias is what the sender sent as service; Service the alias of the service it matched.
	Alias   string `json:"alias,omitempty"`
	Service string `json:"service,omitempty"`
	// Deploy is what was understood of the payload; also for a rejected one, as far as it goes.
	Deploy *deploy.Deploy `json:"deploy,omitempty"`
	// DuplicateOf is the deploy whose dedup_id this one repeats.
	DuplicateOf uint64 `json:"duplicate_of,omitempty"`
	// Ordinal is the place among the deploys of the service (or alias), from 1; 0 where nothing was recorded.
	Ordinal int `json:"ordinal,omitempty"`
	// Suggested says that this deploy made the suggestion for its alias.
	Suggested bool `json:"suggested,omitempty"`
	// Fault is the failure that was injected into this request; nil for none. Those of a firing stand on its attempts.
	Fault *Fault `json:"fault,omitempty"`
	// Why says in a sentence why OpsLevel answers so.
	Why      string            `json:"why,omitempty"`
	Findings []finding.Finding `json:"findings,omitempty"`
	Request  *Request          `json:"request,omitempty"`
	// Upstream is set where the deploy was relayed to a real integration.
	Upstream *Upstream      `json:"upstream,omitempty"`
	Change   *Change        `json:"change,omitempty"`
	Firing   *action.Firing `json:"firing,omitempty"`
}

// Fault names an injected failure.
type Fault struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	// Judged says that OpsLevel has seen the request all the same: the fault spoiled the answer alone. Where it is false
	// nothing of the request entered the account, and HTTP is 0 where no answer was sent at all.
	Judged bool `json:"judged"`
}

// Recorded says whether OpsLevel keeps a deploy for this event.
func (e *Event) Recorded() bool {
	return e.Result == deploy.OK || e.Result == deploy.NoServiceFound
}

// Change is a change of the account; exactly one of its fields is set, save that Library goes with Fixtures.
type Change struct {
	// Service was created or replaced.
	Service *catalog.Service `json:"service,omitempty"`
	// Alias was added to a service.
	Alias *AliasChange `json:"alias,omitempty"`
	// Suggestion was accepted, bound or ignored.
	Suggestion *SuggestionChange `json:"suggestion,omitempty"`
	// Integration was created, or retired where its RetiredAt is set.
	Integration *catalog.Integration `json:"integration,omitempty"`
	// Fixtures replaced the contents of the account.
	Fixtures *catalog.Contents `json:"fixtures,omitempty"`
	// Library are the service templates that came with Fixtures; nil for none.
	Library *action.Library `json:"library,omitempty"`
}

// AliasChange adds Alias to the service known as Service.
type AliasChange struct {
	Alias   string `json:"alias"`
	Service string `json:"service"`
}

// SuggestionChange is what became of the suggestion for Alias. Service is set for accepted and bound, and Created for
// accepted: the service that was made of it.
type SuggestionChange struct {
	Alias   string                  `json:"alias"`
	State   catalog.SuggestionState `json:"state"`
	Service string                  `json:"service,omitempty"`
	Created *catalog.Service        `json:"created,omitempty"`
}

// Request is what arrived, as it arrived: also for a request that was refused.
type Request struct {
	Method string `json:"method"`
	// Path is the path with its query string.
	Path    string              `json:"path"`
	Headers map[string][]string `json:"headers,omitempty"`
	// Body holds at most [MaxBody] bytes; BodyLength is the length of the whole and BodySHA256 (hexadecimal) its
	// digest, set only where Body is a part.
	Body       string `json:"-"`
	BodyLength int64  `json:"body_length"`
	BodySHA256 string `json:"body_sha256,omitempty"`
}

// MaxBody is how many bytes of a request's body the journal keeps.
const MaxBody = 64 << 10

// requestJSON is Request on the control API: a body that is text stands as text, any other in base64.
type requestJSON struct {
	Method     string              `json:"method"`
	Path       string              `json:"path"`
	Headers    map[string][]string `json:"headers,omitempty"`
	Body       *string             `json:"body,omitempty"`
	BodyBase64 []byte              `json:"body_base64,omitempty"`
	BodyLength int64               `json:"body_length"`
	BodySHA256 string              `json:"body_sha256,omitempty"`
}

// MarshalJSON writes body where the body is valid UTF-8, else body_base64.
func (r Request) MarshalJSON() ([]byte, error) {
	j := requestJSON{Method: r.Method, Path: r.Path, Headers: r.Headers, BodyLength: r.BodyLength, BodySHA256: r.BodySHA256}
	if utf8.ValidString(r.Body) {
		j.Body = &r.Body
	} else {
		j.BodyBase64 = []byte(r.Body)
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Request) UnmarshalJSON(b []byte) error {
	var j requestJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*r = Request{Method: j.Method, Path: j.Path, Headers: j.Headers, Body: string(j.BodyBase64), BodyLength: j.BodyLength, BodySHA256: j.BodySHA256}
	if j.Body != nil {
		r.Body = *j.Body
	}
	return nil
}
