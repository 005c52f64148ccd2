package finding

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// sender are the findings about what a known sender does to a payload on its way.
func sender(c *Case, f []Finding) []Finding {
	f = brokenYAML(c, f)
	return deployerLenient(c, f)
}

// cliDescription is what the OpsLevel CLI sends when it was given, or could read, no description.
const cliDescription = "Event Created by OpsLevel CLI"

// brokenYAML is the trace of a YAML file that the OpsLevel CLI could not read: it goes on with nothing but defaults.
// Half broken is worse: quotes that were escaped once too often become a part of the value.
func brokenYAML(c *Case, f []Finding) []Finding {
	d := &c.Deploy
	if d.Service == "" && d.Description == cliDescription && fromCheckout(d.Commit) && d.DedupID == "" && d.DeployNumber == "" {
		return append(f, Finding{
			ID: "sender.broken_yaml", Severity: Silent, Field: "service",
			Evidence:    "The service is blank, and everything else is what the OpsLevel CLI sends by default.",
			Explanation: "The CLI says nothing of a YAML file that it cannot read and sends its defaults; a quote or \": \" in a description or commit message breaks the file.",
			Cure:        "Give the values to opslevel create deploy as flags or as OPSLEVEL_* variables, or write the file with a YAML writer.",
		})
	}
	for _, v := range [...]named{
		{"commit.sha", sha(d)}, {"service", d.Service}, {"environment", d.Environment}, {"dedup_id", d.DedupID},
		{"deploy_number", d.DeployNumber}, {"status", d.Status},
	} {
		if !quoted(v.value) {
			continue
		}
		f = append(f, Finding{
			ID: "sender.broken_yaml", Severity: Silent, Field: v.name,
			Evidence:    v.name + " arrived as " + quote(v.value) + ", with its quotes or backslashes.",
			Explanation: "A shell or a here-document escaped the quotes (PowerShell's here-string keeps backslashes), and OpsLevel keeps them as a part of the value.",
			Cure:        "Take the backslashes out of the template, or give the value as a flag.",
		})
	}
	return f
}

// fromCheckout says whether a commit is what the CLI sends by itself: none, or the last one of the folder it runs in, of
// which it does not know the branch.
func fromCheckout(c *deploy.Commit) bool { return c == nil || c.Branch == "" }

// named is a value with the name of its field.
type named struct{ name, value string }

// quoted says whether a value carries quotes that were meant to stand around it.
func quoted(s string) bool {
	if len(s) < 2 {
		return false
	}
	switch s[0] {
	case '"', '\'':
		return s[len(s)-1] == s[0]
	case '\\':
		return s[1] == '"' || s[1] == '\''
	}
	return false
}

// deployerLenient says that only the type of the integration saved a deploy without a deployer.
func deployerLenient(c *Case, f []Finding) []Finding {
	d := c.Deploy.Deployer
	if !accepted(c) || c.Integration.Type == "" || c.Integration.Type.RequiresDeployer() || d != nil && (d.Name != "" || d.Email != "") {
		return f
	}
	x := Finding{
		ID: "deployer.lenient", Severity: Warning, Field: "deployer",
		Evidence:    "The deploy names no deployer, and only an integration of type " + plain(string(c.Integration.Type)) + " takes it.",
		Explanation: "OpsLevel's page requires a deployer with an email or a name: any other kind of deploy integration answers 400.",
		Cure:        "Send deployer with an email or a name.",
	}
	if c.Wire.client() == jenkinsClient {
		// The official plugin leaves the deployer out unless it is configured, and says that this is enough.
		x.Severity = Note
		x.Cure = "Nothing to do; set the deployer in the Jenkins plugin to see who deployed."
	}
	return append(f, x)
}

// placeholder says whether a value still holds a variable that a shell, a template or a CI system should have filled.
func placeholder(s string) bool {
	if i := strings.IndexByte(s, '$'); i >= 0 && i+1 < len(s) {
		if next := s[i+1]; next == '{' || next == '(' || variable(s[i+1:]) || i == 0 && word(s[1:]) {
			return true
		}
	}
	if i := strings.IndexByte(s, '{'); i >= 0 {
		return strings.HasPrefix(s[i:], "{{") || i > 0 && s[i-1] == '#'
	}
	if s == "" || s[0] != '<' && s[0] != '%' {
		return false
	}
	return s == "<no value>" || len(s) > 2 && s[0] == '%' && s[len(s)-1] == '%' || strings.HasPrefix(s, "<%")
}

// variable says whether a text starts as the name of an environment variable: two capital letters or more, or the
// env: that PowerShell puts before it.
func variable(s string) bool {
	if strings.HasPrefix(s, "env:") {
		return true
	}
	n := 0
	for n < len(s) && ('A' <= s[n] && s[n] <= 'Z' || s[n] == '_') {
		n++
	}
	return n >= 2
}

// word says whether a text is one name of letters, digits and underscores.
func word(s string) bool {
	for i := range len(s) {
		if c := lower(s[i]); (c < 'a' || c > 'z') && c != '_' && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// nothing says whether a value is the word that some language prints for no value.
func nothing(s string) bool {
	switch s {
	case "null", "NULL", "nil", "None", "undefined", "<nil>", "NaN", "[object Object]", "System.Object":
		return true
	}
	return false
}
