package deploy

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Result is the word in the body of an accepted deploy, and [Rejected] for what was not accepted.
type Result string

// The three results of the page "Custom Deploys", and the one that never appears on the wire.
const (
	OK             Result = "ok"
	NoServiceFound Result = "no_service_found"
	Duplicate      Result = "duplicate_deploy"
	Rejected       Result = "rejected"
)

// Known is what the account knows about a deploy before it is judged.
type Known struct {
	// Duplicate says that this integration has recorded a deploy with the same dedup_id.
	Duplicate bool
	// Service is the alias of the service that the sent alias matched, empty for none.
	Service string
	// Recorded counts the deploys recorded so far for that service or, without one, for the sent alias.
	Recorded int
	// User is the id of the user whose e-mail address the deployer carries, empty for none.
	User string
}

// Outcome is OpsLevel's answer to one deploy, and what it keeps of it.
type Outcome struct {
	HTTP    int
	Result  Result
	Message string
	// Number is the deploy number to keep and Generated whether it was not sent.
	Number    string
	Generated bool
	// Ordinal is the place of this deploy among those of its service (or alias), from 1; 0 when nothing is kept.
	Ordinal int
	// Why says in one sentence why OpsLevel answers so.
	Why string
}

// Decide judges a deploy that [Parse] accepted: a duplicate is dropped, an unknown alias is recorded and suggested, and
// anything else is recorded for its service.
func Decide(d Deploy, k Known) Outcome {
	if k.Duplicate {
		return Outcome{
			HTTP: http.StatusAccepted, Result: Duplicate,
			Message: "Deploy not created due to existing deploy with identical dedup_id",
			Why: "This integration has already recorded a deploy with dedup_id " + strconv.Quote(d.DedupID) +
				", so OpsLevel answers 202 and keeps nothing.",
		}
	}
	o := Outcome{HTTP: http.StatusAccepted, Ordinal: k.Recorded + 1, Number: d.DeployNumber}
	if o.Number == "" {
		o.Number, o.Generated = strconv.Itoa(o.Ordinal), true
	}
	if k.Service == "" {
		o.Result = NoServiceFound
		o.Message = "No service found matching alias '" + d.Service + "'. Recording '" + d.Service + "' as a suggestion."
		o.Why = "No service has the alias " + strconv.Quote(d.Service) +
			", so OpsLevel records the deploy without a service and suggests one."
		return o
	}
	o.Result = OK
	if k.Service == d.Service {
		o.Why = "The service " + strconv.Quote(k.Service) + " exists, and the deploy is recorded for it."
		return o
	}
	o.Why = "The alias " + strconv.Quote(d.Service) + " belongs to the service " + strconv.Quote(k.Service) +
		", and the deploy is recorded for it."
	return o
}

// Body is the answer on the wire: a JSON object with result and, where the page documents one, message. It escapes as
// Rails does (<, > and & as \u003c, \u003e and \u0026).
func (o Outcome) Body() []byte {
	if o.Message == "" && o.Result == OK {
		return []byte(`{"result":"ok"}`)
	}
	b, err := json.Marshal(struct {
		Result  Result `json:"result"`
		Message string `json:"message"`
	}{o.Result, o.Message})
	if err != nil { // two strings always marshal
		panic(err)
	}
	return b
}
