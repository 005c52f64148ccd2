package deploy

import (
	"encoding/json"
	"fmt"
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
			Why: fmt.Sprintf("This integration has already recorded a deploy with dedup_id %s, so OpsLevel answers 202 and keeps nothing.",
				strconv.Quote(d.DedupID)),
		}
	}
	o := Outcome{HTTP: http.StatusAccepted, Ordinal: k.Recorded + 1, Number: d.DeployNumber}
	if o.Number == "" {
		o.Number, o.Generated = strconv.Itoa(o.Ordinal), true
	}
	if k.Service == "" {
		o.Result = NoServiceFound
		o.Message = fmt.Sprintf("No service found matching alias '%s'. Recording '%s' as a suggestion.", d.Service, d.Service)
		o.Why = fmt.Sprintf("No service has the alias %s, so OpsLevel records the deploy without a service and suggests one.",
			strconv.Quote(d.Service))
		return o
	}
	o.Result = OK
	o.Why = fmt.Sprintf("The alias %s belongs to the service %s, and the deploy is recorded for it.",
		strconv.Quote(d.Service), strconv.Quote(k.Service))
	if k.Service == d.Service {
		o.Why = fmt.Sprintf("The service %s exists, and the deploy is recorded for it.", strconv.Quote(k.Service))
	}
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
