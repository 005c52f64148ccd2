package finding

import (
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// values are the findings about single values that OpsLevel takes as they are.
func values(c *Case, f []Finding) []Finding {
	d := &c.Deploy
	texts := [...]named{
		{"service", d.Service}, {"environment", d.Environment}, {"dedup_id", d.DedupID}, // the three that decide come first
		{"deploy_number", d.DeployNumber}, {"status", d.Status}, {"deploy_url", d.DeployURL},
		{}, {}, {}, {},
	}
	if d.Commit != nil {
		texts[6], texts[7] = named{"commit.sha", d.Commit.SHA}, named{"commit.branch", d.Commit.Branch}
	}
	if d.Deployer != nil {
		texts[8], texts[9] = named{"deployer.email", d.Deployer.Email}, named{"deployer.name", d.Deployer.Name}
	}
	for i, v := range texts {
		switch {
		case v.value == "":
		case placeholder(v.value) && v.name != "deploy_url":
			f = append(f, unfilled(v, i < 3))
		case nothing(v.value):
			f = append(f, unfilled(v, false))
		case padded(v.value) && !(v.name == "service" && sameNear(c) != ""):
			f = append(f, whitespace(v))
		}
	}
	f = shaMalformed(c, f)
	f = statusUnknown(c, f)
	return environmentCase(c, f)
}

func unfilled(v named, decides bool) Finding {
	x := Finding{
		ID: "field.placeholder", Severity: Warning, Field: v.name,
		Evidence:    v.name + " arrived as " + quote(v.value) + ".",
		Explanation: "A variable or template was not filled in before the deploy was sent, and OpsLevel takes the text as it is.",
		Cure:        "Set the variable where the sender runs, and look at its quotes: a shell fills in nothing between single quotes.",
	}
	if decides {
		x.Severity = Silent
		x.Explanation = "A variable or template was not filled in, and OpsLevel takes the text as it is: every deploy goes under the same wrong " + v.name + "."
	}
	if decides && v.name == "dedup_id" {
		x.Explanation = "A variable or template was not filled in, so the id is the same each time: OpsLevel keeps the first deploy and drops all later ones with a 202."
	}
	return x
}

// padded says whether there is white space at an end of a value.
func padded(s string) bool { return s[0] <= ' ' || s[len(s)-1] <= ' ' }

func whitespace(v named) Finding {
	return Finding{
		ID: "field.whitespace", Severity: Warning, Field: v.name,
		Evidence:    v.name + " arrived as " + quote(v.value) + ", with white space at an end.",
		Explanation: "Nothing says that OpsLevel trims it, so this is another value than the one without the white space.",
		Cure:        "Trim the value before it is sent: echo adds a line break, printf %s does not, and files from Windows end lines with \\r.",
	}
}

func shaMalformed(c *Case, f []Finding) []Finding {
	s := sha(&c.Deploy)
	if s == "" || (len(s) == 40 || len(s) == 64) && hex(s) && strings.Trim(s, "0") != "" || quoted(s) || placeholder(s) || nothing(s) || padded(s) {
		return f
	}
	x := Finding{
		ID: "sha.malformed", Severity: Warning, Field: "commit.sha",
		Evidence:    "commit.sha is " + quote(s) + ", not 40 (or 64) hexadecimal digits.",
		Explanation: "OpsLevel takes any text, but by this one nobody finds the commit.",
		Cure:        "Send the output of git rev-parse HEAD.",
	}
	const shortest = 7 // what git itself abbreviates to
	switch {
	case hex(s) && strings.Trim(s, "0") == "":
		x.Evidence = "commit.sha is all zeros, which is how Git writes \"no commit\"."
	case hex(s) && len(s) >= shortest && len(s) < 40:
		x.Severity = Note
		x.Evidence = "commit.sha is the short form " + quote(s) + "."
		x.Explanation = "OpsLevel takes it, but a short form stops being unique as the repository grows."
	}
	return append(f, x)
}

func hex(s string) bool {
	for i := range len(s) {
		if c := lower(s[i]); (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func statusUnknown(c *Case, f []Finding) []Finding {
	if c.Deploy.DeployStatus != deploy.NoStatus {
		return f
	}
	x := Finding{
		ID: "status.unknown", Severity: Warning, Field: "status",
		Evidence:    "status is " + quote(c.Deploy.Status) + ".",
		Explanation: "OpsLevel keeps the text and makes no_status of it: it knows queued, running, canceled, failure and success, in lower case.",
		Cure:        "Send one of queued, running, canceled, failure and success.",
	}
	if near := nearStatus(c.Deploy.Status); near != "" {
		x.Cure = "Send " + strconv.Quote(string(near)) + "."
	}
	return append(f, x)
}

// nearStatus is the status that a word stands for: by the words of other systems, else by its spelling.
func nearStatus(raw string) deploy.Status {
	word := strings.ToLower(strings.TrimSpace(raw))
	switch word {
	case "succeeded", "successful", "succeed", "ok", "passed", "completed", "complete", "done", "finished", "healthy", "synced", "deployed":
		return deploy.Success
	case "failed", "fail", "error", "errored", "broken", "unhealthy", "degraded", "unstable", "timed_out":
		return deploy.Failure
	case "cancelled", "cancel", "aborted", "stopped", "skipped":
		return deploy.Canceled
	case "pending", "waiting", "created", "scheduled", "requested":
		return deploy.Queued
	case "in_progress", "in-progress", "inprogress", "started", "progressing", "deploying":
		return deploy.Running
	}
	for _, s := range [...]deploy.Status{deploy.Queued, deploy.Running, deploy.Canceled, deploy.Failure, deploy.Success} {
		if _, ok := spell.Within(word, string(s), 2); ok {
			return s
		}
	}
	return ""
}

// environmentCase compares an environment with those seen before it: the name that came first stands.
func environmentCase(c *Case, f []Finding) []Finding {
	env := c.Deploy.Environment
	if env == "" {
		return f
	}
	for _, e := range c.Environments {
		if e == env {
			return f
		}
		same := looksSame(e, env)
		if !same && !sameShortForm(e, env) {
			continue
		}
		x := Finding{
			ID: "environment.case", Severity: Warning, Field: "environment",
			Evidence:    "environment is " + quote(env) + ", and " + quote(e) + " was used before.",
			Explanation: "OpsLevel keeps the name as it was sent, so the deploys are spread over two environments.",
			Cure:        "Write one and the same name in every pipeline.",
		}
		if !same {
			x.Severity = Note
		}
		return append(f, x)
	}
	return f
}

// sameShortForm says whether two names are the long and the short name of one kind of environment, in whatever case.
func sameShortForm(a, b string) bool {
	if a == "" || b == "" || lower(a[0]) != lower(b[0]) {
		return false // the usual case, for this runs on every request
	}
	long := longForm(a)
	return long != "" && long == longForm(b)
}

func longForm(env string) string {
	switch strings.ToLower(env) {
	case "prod", "prd", "production":
		return "production"
	case "stg", "stage", "staging":
		return "staging"
	case "dev", "development":
		return "development"
	}
	return ""
}
