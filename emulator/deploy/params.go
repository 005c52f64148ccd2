package deploy

import (
	"net/http"
	"strconv"
	"time"
)

// Rules are the ways in which integrations differ about what a deploy must carry.
type Rules struct {
	// DeployerOptional accepts a deploy without a deployer. OpsLevel's page requires one, but OpsLevel's own Jenkins
	// plugin leaves it out unless it is configured, and promises that setting the URL is enough.
	DeployerOptional bool
}

// Parse reads a deploy out of a request's parameters as OpsLevel's Rails application would. The problems are in the
// order in which OpsLevel checks: service, description, deployed_at, deployer. The deploy is as complete as the
// parameters allow even when there are problems, for a rejected request is kept too.
//
// Blank means absent, a number or a boolean becomes the text Ruby prints for it, and a list or an object where a text
// belongs counts as absent (Rails' strong parameters permit scalars only). Nothing is trimmed: aliases and dedup ids
// are compared as they were sent.
func Parse(p Params, r Rules) (Deploy, Problems) {
	d := Deploy{
		Service:        text(p.Get("service")),
		Description:    text(p.Get("description")),
		DeployedAtSent: text(p.Get("deployed_at")),
		Environment:    text(p.Get("environment")),
		DeployURL:      text(p.Get("deploy_url")),
		DeployNumber:   text(p.Get("deploy_number")),
		DedupID:        text(p.Get("dedup_id")),
		Status:         text(p.Get("status")),
		Deployer:       parseDeployer(p.Get("deployer")),
		Commit:         parseCommit(p.Get("commit")),
	}
	d.DeployStatus = NormalStatus(d.Status)

	var problems Problems
	if d.Service == "" {
		problems = append(problems, Missing("service"))
	}
	if d.Description == "" {
		problems = append(problems, Missing("description"))
	}
	if d.DeployedAtSent == "" {
		problems = append(problems, Missing("deployed_at"))
	} else if at := readDate(p.Get("deployed_at")); at != nil {
		d.DeployedAt = *at
	} else {
		problems = append(problems, unreadableDate(d.DeployedAtSent))
	}
	if r.DeployerOptional {
		return d, problems
	}
	if d.Deployer == nil {
		problems = append(problems, Missing("deployer"))
	} else if d.Deployer.Name == "" && d.Deployer.Email == "" {
		problems = append(problems, namelessDeployer())
	}
	return d, problems
}

// parseDeployer is nil for anything but an object that is not empty: ParameterMissing's test.
func parseDeployer(v any) *Deployer {
	m, ok := v.(*Object)
	if !ok || m.Len() == 0 {
		return nil
	}
	return &Deployer{ID: text(m.Get("id")), Email: text(m.Get("email")), Name: text(m.Get("name"))}
}

// parseCommit is nil when no field of the commit says anything: official senders write "commit":{} outside a Git
// repository, and Segment's client writes every unset field as "".
func parseCommit(v any) *Commit {
	m, ok := v.(*Object)
	if !ok {
		return nil
	}
	c := Commit{
		SHA:               text(m.Get("sha")),
		Message:           text(m.Get("message")),
		Branch:            text(m.Get("branch")),
		DateSent:          text(m.Get("date")),
		CommitterName:     text(m.Get("committer_name")),
		CommitterEmail:    text(m.Get("committer_email")),
		AuthorName:        text(m.Get("author_name")),
		AuthorEmail:       text(m.Get("author_email")),
		AuthoringDateSent: text(m.Get("authoring_date")),
	}
	if c == (Commit{}) {
		return nil
	}
	c.Date, c.AuthoringDate = readDate(m.Get("date")), readDate(m.Get("authoring_date"))
	return &c
}

// readDate reads a date that was sent as text. A number or a boolean is not a date: Rails hands it to the database as
// it is, which keeps nothing, and no known sender writes one.
func readDate(v any) *time.Time {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	m, ok := ParseTime(s)
	if !ok {
		return nil
	}
	at := m.Time // alone: the whole moment would go to the heap
	return &at
}

// quotedLimit bounds how much of a sender's text a problem repeats.
const quotedLimit = 80

// unreadableDate is the problem of a deployed_at that is no date. What OpsLevel answers is not published (a Rails
// column would silently keep nothing), so title and status are the documented ones and the detail is ours.
func unreadableDate(sent string) Problem {
	p := Missing("deployed_at")
	if r := []rune(sent); len(r) > quotedLimit {
		sent = string(r[:quotedLimit]) + "..."
	}
	p.Detail = "deployed_at is not a date and time that can be read: " + strconv.Quote(sent)
	return p
}

// namelessDeployer is the problem of a deployer with neither of the two fields of which the page requires one. The
// page shows no such answer: the title follows its other titles, the detail is ours.
func namelessDeployer() Problem {
	return Problem{
		Status: http.StatusBadRequest,
		Title:  "Deployer Error",
		Detail: "param is missing or the value is empty: deployer needs a name or an email",
		Field:  "deployer.name",
	}
}
