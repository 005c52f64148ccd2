package event

import (
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Values shows the text fields of e to a query.
func (e *Event) Values(to []string, f query.Field) []string {
	switch f {
	case query.Service:
		return append(to, e.Alias, e.Service)
	case query.Alias:
		return append(to, e.Alias)
	case query.Result:
		return append(to, string(e.Result))
	case query.Why:
		return append(to, e.Why)
	case query.Title:
		return append(to, e.Title)
	case query.Detail:
		return append(to, e.Detail)
	case query.Kind:
		return append(to, string(e.Kind))
	case query.Integration:
		return append(to, e.Integration)
	case query.Fault:
		return e.faultValues(to)
	case query.Drift:
		if e.Upstream == nil || len(e.Upstream.Drift) == 0 {
			return to
		}
		return append(append(to, "any"), e.Upstream.DriftFields()...)
	case query.Problem:
		if e.Firing != nil {
			return firingValues(to, e.Firing, f)
		}
		for _, p := range e.Problems {
			to = append(to, p.Field)
		}
		return to
	case query.Finding:
		for _, g := range e.Findings {
			to = append(to, g.ID, string(g.Severity))
		}
		return to
	}
	if e.Firing != nil {
		return firingValues(to, e.Firing, f)
	}
	if e.Request != nil {
		to = e.Request.values(to, f)
	}
	if e.Deploy != nil {
		to = deployValues(to, e.Deploy, f)
	}
	return to
}

// faultValues are the kinds and ids of what was injected, and the word any.
func (e *Event) faultValues(to []string) []string {
	if e.Fault != nil {
		to = append(to, e.Fault.Kind, e.Fault.ID, "any")
	}
	if e.Firing != nil {
		for i := range e.Firing.Attempts {
			if x := e.Firing.Attempts[i].Fault; x != nil {
				to = append(to, x.Kind, x.ID, "any")
			}
		}
	}
	return to
}

func (r *Request) values(to []string, f query.Field) []string {
	switch f {
	case query.Method:
		return append(to, r.Method)
	case query.Path:
		return append(to, r.Path)
	case query.Body:
		return append(to, r.Body)
	case query.Header:
		for name, values := range r.Headers {
			for _, v := range values {
				to = append(to, name+": "+v)
			}
		}
		return to
	}
	if name, ok := strings.CutPrefix(string(f), string(query.Header)+"."); ok {
		for have, values := range r.Headers {
			if strings.EqualFold(have, name) {
				to = append(to, values...)
			}
		}
	}
	return to
}

func deployValues(to []string, d *deploy.Deploy, f query.Field) []string {
	switch f {
	case query.Environment:
		return append(to, d.Environment)
	case query.Status:
		return append(to, d.Status, string(d.DeployStatus))
	case query.Description:
		return append(to, d.Description)
	case query.DeployNumber:
		return append(to, d.DeployNumber)
	case query.Dedup:
		return append(to, d.DedupID)
	case query.URL:
		return append(to, d.DeployURL)
	case query.User:
		return append(to, d.AssociatedUser)
	}
	if d.Deployer != nil {
		to = deployerValues(to, d.Deployer, f)
	}
	if d.Commit != nil {
		to = commitValues(to, d.Commit, f)
	}
	return to
}

func deployerValues(to []string, p *deploy.Deployer, f query.Field) []string {
	switch f {
	case query.Deployer:
		return append(to, p.Name, p.Email, p.ID)
	case query.DeployerID:
		return append(to, p.ID)
	case query.DeployerEmail:
		return append(to, p.Email)
	case query.DeployerName:
		return append(to, p.Name)
	}
	return to
}

func commitValues(to []string, c *deploy.Commit, f query.Field) []string {
	switch f {
	case query.SHA:
		return append(to, c.SHA)
	case query.Branch:
		return append(to, c.Branch)
	case query.Message:
		return append(to, c.Message)
	case query.Author:
		return append(to, c.AuthorName, c.AuthorEmail)
	case query.AuthorName:
		return append(to, c.AuthorName)
	case query.AuthorEmail:
		return append(to, c.AuthorEmail)
	case query.Committer:
		return append(to, c.CommitterName, c.CommitterEmail)
	case query.CommitterName:
		return append(to, c.CommitterName)
	case query.CommitterEmail:
		return append(to, c.CommitterEmail)
	}
	return to
}

// Number shows the fields of e that are whole numbers to a query.
func (e *Event) Number(f query.Field) (int64, bool) {
	switch f {
	case query.HTTP:
		if e.Firing != nil && e.Firing.Response.Status != nil {
			return int64(*e.Firing.Response.Status), true
		}
		return int64(e.HTTP), e.HTTP != 0
	case query.Seq:
		return int64(e.Seq), true
	case query.DuplicateOf:
		return int64(e.DuplicateOf), e.DuplicateOf != 0
	}
	return 0, false
}

// Time shows the fields of e that are moments to a query.
func (e *Event) Time(f query.Field) (time.Time, bool) {
	switch f {
	case query.At, query.Newer, query.Older:
		return e.At, true
	case query.DeployedAt:
		if e.Deploy != nil && !e.Deploy.DeployedAt.IsZero() {
			return e.Deploy.DeployedAt, true
		}
	case query.CommitDate:
		if e.Deploy != nil && e.Deploy.Commit != nil && e.Deploy.Commit.Date != nil {
			return *e.Deploy.Commit.Date, true
		}
	case query.AuthoringDate:
		if e.Deploy != nil && e.Deploy.Commit != nil && e.Deploy.Commit.AuthoringDate != nil {
			return *e.Deploy.Commit.AuthoringDate, true
		}
	}
	return time.Time{}, false
}
