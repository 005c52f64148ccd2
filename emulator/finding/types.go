package finding

import (
	"encoding/json"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// wrongType is a list or an object where a text belongs (or a text where an object does): OpsLevel counts it as
// absent. A number is read as text, which is only worth a note unless it loses a digit.
func wrongType(p param) Finding {
	x := Finding{ID: "field.wrong_type", Severity: Warning, Field: p.name()}
	switch v := p.value.(type) {
	case json.Number, bool:
		return scalarType(x, v)
	case []any:
		x.Evidence = p.name() + " is a list."
	case *deploy.Object:
		x.Evidence = p.name() + " is an object."
	default:
		x.Evidence = p.name() + " is text, and an object belongs there."
	}
	if p.key == "_json" {
		x.Field = ""
		x.Evidence = "The body is JSON, but not an object."
	}
	x.Explanation = "OpsLevel takes a value of another type for a missing one, without a word."
	if p.in == "" && p.key == "environment" {
		x.Severity = Silent
		x.Explanation = noEnvironment
	}
	x.Cure = "Send it as one text: " + place(p.name()) + "."
	switch {
	case p.key == "_json":
		x.Cure = `Send one object for each deploy: {"service": ...}.`
	case p.in == "" && p.key == "deployer":
		x.Cure = `Send an object: {"deployer": {"email": ...}}.`
	case p.in == "" && p.key == "commit":
		x.Cure = `Send an object: {"commit": {"sha": ...}}.`
	}
	return x
}

func scalarType(x Finding, v any) Finding {
	x.Severity = Note
	x.Explanation = "OpsLevel reads it as text."
	x.Cure = "Put quotes around it, so that no sender on the way can change it."
	n, number := v.(json.Number)
	if !number {
		x.Evidence = x.Field + " is true or false, and a text belongs there."
		return x
	}
	x.Evidence = x.Field + " is the number " + plain(string(n)) + ", and a text belongs there."
	if strings.ContainsAny(string(n), ".eE") {
		x.Severity = Warning
		x.Explanation = "Ruby reads it as a floating point number and prints it anew: 1.10 becomes 1.1, and 1e3 becomes 1000.0."
	}
	return x
}
