package finding

import (
	"strings"
	"time"
)

// dedupConstant warns of an id that will come back: one made only of names, or one that several deploys share.
func dedupConstant(c *Case, f []Finding) []Finding {
	id := c.Deploy.DedupID
	if id == "" {
		return f
	}
	if onlyNames(c, id) {
		return append(f, Finding{
			ID: "dedup.constant", Severity: Warning, Field: "dedup_id",
			Evidence:    "The dedup_id " + quote(id) + " is made of names that do not change from one deploy to the next.",
			Explanation: "OpsLevel keeps the first deploy with an id and drops all later ones with a 202, so only the first deploy ever shows.",
			Cure:        "Use what changes with each run, such as the run's id with its attempt, never the name of a job.",
		})
	}
	switch id {
	case sha(&c.Deploy):
		return append(f, narrow(id, "the commit's sha", "the same commit in the next environment, or deployed again, is dropped with a 202"))
	case c.Deploy.DeployNumber:
		return append(f, narrow(id, "the deploy_number", "another service or environment that reaches the same number is dropped with a 202"))
	}
	return f
}

func narrow(id, what, then string) Finding {
	return Finding{
		ID: "dedup.narrow", Severity: Note, Field: "dedup_id",
		Evidence:    "The dedup_id " + quote(id) + " is also " + what + ".",
		Explanation: "A dedup_id holds for the whole integration: " + then + ".",
		Cure:        "Put the service, the environment and the run's id into dedup_id.",
	}
}

// onlyNames says whether every word of an id is the name of something that stays the same.
func onlyNames(c *Case, id string) bool {
	for i := range len(id) {
		if '0' <= id[i] && id[i] <= '9' {
			return false // the usual case: a number or a uuid
		}
	}
	words := strings.FieldsFunc(id, between)
	for _, w := range words {
		if !lastingWord(w) && !holdsWord(c.Deploy.Service, w) && !holdsWord(c.Deploy.Environment, w) &&
			(c.Deploy.Commit == nil || !holdsWord(c.Deploy.Commit.Branch, w)) {
			return false
		}
	}
	return len(words) > 0
}

func between(r rune) bool { return strings.ContainsRune("-_./: \t\r\n", r) }

func holdsWord(name, word string) bool {
	for w := range strings.FieldsFuncSeq(name, between) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// lastingWord says whether a word of an id names a job, an environment or a branch, as the names of CI jobs do.
func lastingWord(w string) bool {
	switch strings.ToLower(w) {
	case "deploy", "deploys", "deployment", "release", "build", "job", "pipeline", "workflow", "ci", "cd", "run",
		"prod", "production", "staging", "stage", "stg", "dev", "development", "test", "qa", "uat", "live", "preview",
		"main", "master", "trunk", "develop", "to", "and", "the", "app", "service", "default", "report", "notify", "opslevel",
		"null", "nil", "none", "undefined", "unknown":
		return true
	}
	return false
}

// deployedTwice are the findings about a deploy that was recorded a second time.
func deployedTwice(c *Case, f []Finding) []Finding {
	if p := c.Previous; p != nil && p.Deploy != nil && p.Fault != "" && sameButTime(c, p) && c.Now.Sub(p.At) < retryWindow {
		return append(f, lostAnswer(c, p))
	}
	return dedupMissing(c, f)
}

// retryWindow is how long after a spoiled answer the same deploy is taken for another try, not for another run.
const retryWindow = 10 * time.Minute

func lostAnswer(c *Case, p *Prior) Finding {
	how := "neither has a dedup_id"
	if c.Deploy.DedupID != "" || p.Deploy.DedupID != "" {
		how = "its dedup_id was " + quoteOr(p.Deploy.DedupID, "dedup_id") + " and is " + quoteOr(c.Deploy.DedupID, "dedup_id") + " now"
	}
	return Finding{
		ID: "silent.deployed_twice", Severity: Silent, Field: "dedup_id",
		Evidence:    "Deploy #" + seq(p) + " says the same; the fault " + p.Fault + " spoiled its answer, and " + how + ".",
		Explanation: "OpsLevel had recorded the first try, and cannot know that this one is the same deploy: it shows two.",
		Cure:        "Make the dedup_id once for each deploy, before the first try, and send the same one with each try.",
	}
}

// dedupMissing warns of a deploy without dedup_id that was recorded a second time.
func dedupMissing(c *Case, f []Finding) []Finding {
	p := c.Previous
	if c.Deploy.DedupID != "" || p == nil || p.Deploy == nil || !sameDeploy(c, p) {
		return f
	}
	return append(f, Finding{
		ID: "dedup.missing", Severity: Warning, Field: "dedup_id",
		Evidence:    "Deploy #" + seq(p) + " says the same, with the same deployed_at, and neither has a dedup_id.",
		Explanation: "A sender that tries again without a dedup_id makes OpsLevel record one deploy twice.",
		Cure:        "Send a dedup_id that is unique for each deploy and the same for each try of it.",
	})
}

func sameDeploy(c *Case, p *Prior) bool {
	return c.Deploy.DeployedAt.Equal(p.Deploy.DeployedAt) && sameButTime(c, p)
}

// sameButTime says whether two deploys mean the same; a sender may take the time anew for each try.
func sameButTime(c *Case, p *Prior) bool {
	d, o := &c.Deploy, p.Deploy
	return d.Service == o.Service && d.Environment == o.Environment &&
		sha(d) == sha(o) && d.Description == o.Description && d.Status == o.Status &&
		(!numbered(d) || d.DeployNumber == o.DeployNumber)
}

// dedupForgotten says that a duplicate may have passed for new.
func dedupForgotten(c *Case, f []Finding) []Finding {
	if !c.Forgotten || c.Deploy.DedupID == "" {
		return f
	}
	return append(f, Finding{
		ID: "dedup.forgotten", Severity: Note, Field: "dedup_id",
		Evidence:    "The oldest dedup ids have been given up.",
		Explanation: "OpsLevel remembers every dedup_id, the emulator only as many as --keep-ids says: a repetition of a very old one passes here as a new deploy.",
		Cure:        "Raise --keep-ids, or reset the emulator.",
	})
}
