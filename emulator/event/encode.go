package event

import (
	"encoding/json"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Encode appends the stored form of e, all but its Seq (which is the key it is stored under), to dst.
func Encode(dst []byte, e *Event) ([]byte, error) {
	f := fields(dst)
	d := e.Derived()
	if err := d.encode(&f); err != nil {
		return dst, err
	}
	f.number(tagHTTP, uint64(e.HTTP))
	f.text(tagMessage, e.Message)
	f.text(tagTitle, e.Title)
	f.text(tagDetail, e.Detail)
	for _, p := range e.Problems {
		f.texts(tagProblem, string(rune(p.Status)), p.Title, p.Detail, p.Field)
	}
	f.number(tagDuplicateOf, e.DuplicateOf)
	f.text(tagWhy, e.Why)
	if x := e.Fault; x != nil {
		f.texts(tagFault, x.ID, x.Kind, judgedText(x.Judged))
	}
	for _, g := range e.Findings {
		f.texts(tagFinding, g.ID, string(g.Severity), g.Field, g.Evidence, g.Explanation, g.Cure)
	}
	if r := e.Request; r != nil {
		f.text(tagMethod, r.Method)
		f.text(tagPath, r.Path)
		for name, values := range r.Headers {
			for _, v := range values {
				f.texts(tagHeader, name, v)
			}
		}
		f.text(tagBody, r.Body)
		f.number(tagBodyLength, uint64(r.BodyLength))
		f.text(tagBodySHA256, r.BodySHA256)
	}
	if e.Deploy != nil {
		w := quoting{fields: &f}
		if e.Request != nil {
			w.body = e.Request.Body
		}
		w.deploy(e.Deploy)
	}
	if e.Firing != nil {
		b, err := json.Marshal(e.Firing)
		if err != nil {
			return dst, err
		}
		f.text(tagFiring, string(b))
	}
	if e.Upstream != nil {
		b, err := json.Marshal(e.Upstream)
		if err != nil {
			return dst, err
		}
		f.text(tagUpstream, string(b))
	}
	return f, nil
}

// judgedText is Fault.Judged as it is stored.
func judgedText(judged bool) string {
	if judged {
		return "judged"
	}
	return ""
}

// quoting writes the fields of a deploy. What stands in the request's body to the letter, as nearly all of it does, is
// written as its place there: an event is a third smaller for it.
type quoting struct {
	*fields
	body string
	// at is where the last text was found: the next mostly follows it.
	at int
}

// minQuoted is the shortest text, in bytes, for which its place is shorter.
const minQuoted = 8

func (w *quoting) text(t tag, s string) {
	if len(s) < minQuoted || !w.find(s) {
		w.fields.text(t, s)
		return
	}
	w.place(t, w.at, len(s))
	w.at += len(s)
}

// find looks for s in the body, and sets at to where it is.
func (w *quoting) find(s string) bool {
	if i := strings.Index(w.body[w.at:], s); i >= 0 {
		w.at += i
		return true
	}
	if i := strings.Index(w.body[:min(w.at+len(s), len(w.body))], s); i >= 0 {
		w.at = i
		return true
	}
	return false
}

func (w *quoting) deploy(d *deploy.Deploy) {
	w.flag(tagDeploy, true)
	w.text(tagDeployService, d.Service)
	w.text(tagDescription, d.Description)
	if !d.DeployedAt.IsZero() {
		w.time(tagDeployedAt, d.DeployedAt)
	}
	w.text(tagDeployedAtSent, d.DeployedAtSent)
	w.text(tagEnvironment, d.Environment)
	w.text(tagDeployURL, d.DeployURL)
	w.text(tagDeployNumber, d.DeployNumber)
	w.flag(tagNumberGenerated, d.DeployNumberGenerated)
	w.text(tagDedupID, d.DedupID)
	w.text(tagStatus, d.Status)
	if p := d.Deployer; p != nil {
		w.flag(tagDeployer, true)
		w.text(tagDeployerID, p.ID)
		w.text(tagDeployerEmail, p.Email)
		w.text(tagDeployerName, p.Name)
	}
	w.text(tagUser, d.AssociatedUser)
	if c := d.Commit; c != nil {
		w.commit(c)
	}
}

func (w *quoting) commit(c *deploy.Commit) {
	w.flag(tagCommit, true)
	w.text(tagSHA, c.SHA)
	w.text(tagCommitMessage, c.Message)
	w.text(tagBranch, c.Branch)
	if c.Date != nil {
		w.time(tagCommitDate, *c.Date)
	}
	w.text(tagCommitDateSent, c.DateSent)
	w.text(tagCommitterName, c.CommitterName)
	w.text(tagCommitterEmail, c.CommitterEmail)
	w.text(tagAuthorName, c.AuthorName)
	w.text(tagAuthorEmail, c.AuthorEmail)
	if c.AuthoringDate != nil {
		w.time(tagAuthoringDate, *c.AuthoringDate)
	}
	w.text(tagAuthoringDateSent, c.AuthoringDateSent)
}
