package deploy

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Problem is one entry of the documented error document: {"status":400,"title":"Description Error","detail":"..."}.
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	// Detail may be absent: OpsLevel's 503 is known without it.
	Detail string `json:"detail,omitempty"`
	// Field is the parameter at fault, dotted ("deployer.name"); it never reaches OpsLevel's side of the wire.
	Field string `json:"field,omitempty"`
}

// Problems are all that is wrong with a request, in the order in which OpsLevel checks. OpsLevel answers the first
// alone; the others are shown beside the wire.
type Problems []Problem

// Missing is Rails' ParameterMissing for a field, in OpsLevel's document: title and detail as on the page
// "Custom Deploys" ("Deployed at Error", "param is missing or the value is empty: deployed_at").
func Missing(field string) Problem {
	return Problem{
		Status: http.StatusBadRequest,
		Title:  humanize(field) + " Error",
		Detail: "param is missing or the value is empty: " + field,
		Field:  field,
	}
}

// Body is the document on the wire: an object with the key errors and one entry.
func (p Problem) Body() []byte {
	p.Field = ""
	b, err := json.Marshal(struct {
		Errors []Problem `json:"errors"`
	}{[]Problem{p}})
	if err != nil { // strings and an int always marshal
		panic(err)
	}
	return b
}

// humanize is Rails' humanize for a field name: "deployed_at" becomes "Deployed at".
func humanize(field string) string {
	s := strings.ReplaceAll(field, "_", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
