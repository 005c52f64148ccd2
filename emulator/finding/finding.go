// Package finding is the truth that OpsLevel does not tell: what a request did that its sender cannot see.
//
// A finding never changes the answer on the wire. It is worked out before the event is written, and stored with it.
package finding

// Severity orders findings by what they cost the sender.
type Severity string

// The severities. Silent: the sender believes in success, and OpsLevel has nothing or something else.
const (
	Silent  Severity = "silent"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one truth about one request.
type Finding struct {
	// ID is stable: severity or subject, dot, matter ("silent.unknown_alias").
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	// Field is the parameter concerned, dotted; empty where it is the whole request.
	Field string `json:"field,omitempty"`
	// Evidence is what was seen, Explanation what it means, Cure what to do about it: a sentence each.
	Evidence    string `json:"evidence"`
	Explanation string `json:"explanation"`
	Cure        string `json:"cure"`
}
