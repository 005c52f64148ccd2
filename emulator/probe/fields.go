package probe

import (
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// Run is what is known of one run of the sender.
type Run struct {
	// Events are what arrived, the oldest first.
	Events []*event.Event
	// Code is the exit code, and TimedOut says that the sender had to be ended.
	Code     int
	TimedOut bool
	// Took is how long it ran.
	Took time.Duration
}

// deploys are the requests of a run that were meant to be deploys, and recorded those that OpsLevel keeps.
func (r Run) deploys() (all []*event.Event) {
	for _, e := range r.Events {
		if e.Kind == event.KindDeploy {
			all = append(all, e)
		}
	}
	return all
}

func (r Run) recorded() (all []*event.Event) {
	for _, e := range r.deploys() {
		if e.Recorded() {
			all = append(all, e)
		}
	}
	return all
}

// Recorded is how many deploys OpsLevel keeps of a run.
func (r Run) Recorded() int { return len(r.recorded()) }

// refused is the first deploy that was not taken; nil for none.
func (r Run) refused() *event.Event {
	for _, e := range r.deploys() {
		if e.Result == deploy.Rejected {
			return e
		}
	}
	return nil
}

// field is one text of a deploy.
type field struct{ name, text string }

// texts are the texts of a deploy. Times are left out: they are another in each run.
func texts(d *deploy.Deploy) []field {
	if d == nil {
		return nil
	}
	all := []field{
		{"service", d.Service}, {"description", d.Description}, {"environment", d.Environment}, {"deploy_url", d.DeployURL},
		{"dedup_id", d.DedupID}, {"status", d.Status},
	}
	if !d.DeployNumberGenerated {
		all = append(all, field{"deploy_number", d.DeployNumber})
	}
	if p := d.Deployer; p != nil {
		all = append(all, field{"deployer.id", p.ID}, field{"deployer.name", p.Name}, field{"deployer.email", p.Email})
	}
	if c := d.Commit; c != nil {
		all = append(all, field{"commit.sha", c.SHA}, field{"commit.message", c.Message}, field{"commit.branch", c.Branch},
			field{"commit.author_name", c.AuthorName}, field{"commit.author_email", c.AuthorEmail},
			field{"commit.committer_name", c.CommitterName}, field{"commit.committer_email", c.CommitterEmail})
	}
	return slices.DeleteFunc(all, func(f field) bool { return f.text == "" })
}

// text is one field of a deploy; empty where it has none.
func text(d *deploy.Deploy, name string) string {
	for _, f := range texts(d) {
		if f.name == name {
			return f.text
		}
	}
	return ""
}

// found says whether an event has a finding.
func found(e *event.Event, id string) bool {
	return slices.ContainsFunc(e.Findings, func(f finding.Finding) bool { return f.ID == id })
}

// silent is the first finding of an event that says that something was lost; nil for none.
func silent(e *event.Event) *finding.Finding {
	for i := range e.Findings {
		if e.Findings[i].Severity == finding.Silent {
			return &e.Findings[i]
		}
	}
	return nil
}

// clip is at most n bytes of a text around a place in it, without half characters at its ends.
func clip(s string, at, n int) string {
	if len(s) <= n {
		return s
	}
	from := max(0, min(at-n/2, len(s)-n))
	part := strings.ToValidUTF8(s[from:min(len(s), from+n)], "")
	if from > 0 {
		part = "…" + part
	}
	if from+n < len(s) {
		part += "…"
	}
	return part
}
