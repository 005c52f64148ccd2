package finding

import (
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// duplicate are the findings about a deploy that OpsLevel drops because its dedup_id is taken: a retry loses nothing,
// another status loses the update, and another meaning loses the deploy.
func duplicate(c *Case, f []Finding) []Finding {
	o := c.Original
	if o == nil && c.Upstream != nil {
		return append(f, lostDeploy(c, "the deploy that holds it was not sent through this emulator, so the two cannot be compared", "this deploy never shows"))
	}
	if o == nil || o.Deploy == nil {
		return append(f, lostDeploy(c, "the deploy that holds it can no longer be compared", "this deploy never shows"))
	}
	d, first := &c.Deploy, o.Deploy
	sameService := d.Service == first.Service || c.Service != "" && c.Service == o.Service
	switch {
	case !sameService:
		return append(f, lostDeploy(c, differs("service", first.Service, d.Service), quote(d.Service)+" never gets a deploy"))
	case d.Environment != "" && d.Environment != first.Environment:
		return append(f, lostDeploy(c, differs("environment", first.Environment, d.Environment), plain(d.Environment)+" never gets a deploy"))
	case sha(d) != "" && !sameSHA(sha(d), sha(first)):
		f = append(f, lostDeploy(c, differs("commit.sha", sha(first), sha(d)), "the new commit never shows"))
		return append(f, constantID(c))
	case numbered(d) && d.DeployNumber != first.DeployNumber && !first.DeployNumberGenerated:
		f = append(f, lostDeploy(c, differs("deploy_number", first.DeployNumber, d.DeployNumber), "the later deploy never shows"))
		return append(f, constantID(c))
	case d.Status != "" && d.Status != first.Status:
		return append(f, lostStatus(c, first))
	case rolledBack(c):
		return append(f, lostDeploy(c, "deploy #"+seq(c.Previous)+" has taken its place since", "OpsLevel does not learn of the way back"))
	case unnamed(d) && (d.Description != first.Description || d.DeployURL != "" && d.DeployURL != first.DeployURL):
		how := differs("description", first.Description, d.Description)
		if d.Description == first.Description {
			how = "deploy_url is another"
		}
		f = append(f, lostDeploy(c, how, "the later deploy never shows"))
		return append(f, constantID(c))
	case onlyNames(c, d.DedupID) && !d.DeployedAt.Equal(first.DeployedAt):
		f = append(f, lostDeploy(c, "deployed_at is another", "the later deploy never shows"))
		return append(f, constantID(c))
	}
	f = append(f, retry(c))
	if c.Repeats > 0 && d.DeployedAt.Sub(first.DeployedAt).Abs() > time.Hour {
		f = append(f, constantID(c))
	}
	return f
}

// sameSHA takes the short form of a commit's sha for the long one.
func sameSHA(a, b string) bool {
	const shortest = 7
	n := min(len(a), len(b))
	return a == b || n >= shortest && strings.EqualFold(a[:n], b[:n])
}

func sha(d *deploy.Deploy) string {
	if d.Commit == nil {
		return ""
	}
	return d.Commit.SHA
}

// numbered says whether the sender gave a number.
func numbered(d *deploy.Deploy) bool { return d.DeployNumber != "" && !d.DeployNumberGenerated }

// unnamed says whether nothing but its texts tells a deploy from another.
func unnamed(d *deploy.Deploy) bool { return sha(d) == "" && !numbered(d) }

// rolledBack says whether another deploy of the service reached the environment after the original, and this one came
// after that: an old run that is run again to go back keeps its id.
func rolledBack(c *Case) bool {
	p := c.Previous
	if p == nil || p.Deploy == nil || p.Seq <= c.Original.Seq || !c.Deploy.DeployedAt.After(p.Deploy.DeployedAt) {
		return false
	}
	return !sameSHA(sha(p.Deploy), sha(&c.Deploy)) || unnamed(&c.Deploy) && p.Deploy.Description != c.Deploy.Description
}

func seq(p *Prior) string { return strconv.FormatUint(p.Seq, 10) }

// differs is the clause of a sentence that names the two values of a field.
func differs(field, first, now string) string {
	return field + " is " + quoteOr(first, "value") + " there and " + quoteOr(now, "value") + " here"
}

// taken is the start of a sentence about a dedup_id that is taken.
func taken(c *Case) string {
	s := "The dedup_id " + quote(c.Deploy.DedupID) + " was used before"
	if c.Original != nil {
		s = "The dedup_id " + quote(c.Deploy.DedupID) + " is that of deploy #" + seq(c.Original)
	}
	if c.Repeats > 0 {
		s += " (" + plural(c.Repeats, "repetition") + " dropped before this one)"
	}
	return s
}

func lostDeploy(c *Case, how, loss string) Finding {
	return Finding{
		ID: "silent.duplicate", Severity: Silent, Field: "dedup_id",
		Evidence:    taken(c) + ", and " + how + ".",
		Explanation: "OpsLevel keeps the first deploy with a dedup_id and answers 202 duplicate_deploy to this one: " + loss + ", and " + believes(c),
		Cure:        "Make dedup_id unique for each deploy: put the service, the environment and the attempt into it beside the run's id.",
	}
}

func lostStatus(c *Case, first *deploy.Deploy) Finding {
	return Finding{
		ID: "silent.status_lost", Severity: Silent, Field: "status",
		Evidence:    taken(c) + ", and " + differs("status", first.Status, c.Deploy.Status) + ".",
		Explanation: "A second payload with the same dedup_id does not update the first: OpsLevel keeps the old status, and " + believes(c),
		Cure:        "Report the deploy once, when it has ended, with its final status.",
	}
}

func retry(c *Case) Finding {
	x := Finding{
		ID: "sender.retry", Severity: Note, Field: "dedup_id",
		Evidence:    taken(c) + ", and it means the same.",
		Explanation: "OpsLevel keeps the first and drops this one, as dedup_id is meant to work: nothing is lost.",
		Cure:        "Nothing to do, unless it was meant as a second deploy: that needs a dedup_id of its own.",
	}
	if !c.Deploy.DeployedAt.Equal(c.Original.Deploy.DeployedAt) {
		x.Evidence = taken(c) + ", and it means the same but for deployed_at."
	}
	return x
}

// constantID is the finding about an id that came back with another deploy of the same service and environment.
func constantID(c *Case) Finding {
	return Finding{
		ID: "dedup.constant", Severity: Warning, Field: "dedup_id",
		Evidence:    "The dedup_id " + quote(c.Deploy.DedupID) + " came back for the same service and environment.",
		Explanation: "An id that is the same in every run lets OpsLevel keep the first deploy alone and drop all later ones.",
		Cure:        "Use what changes with each run, such as the run's id with its attempt, never the name of a job.",
	}
}
