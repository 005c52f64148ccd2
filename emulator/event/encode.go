package event

import (
	"encoding/json"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
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
		encodeDeploy(&f, e.Deploy)
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

func encodeDeploy(f *fields, d *deploy.Deploy) {
	f.flag(tagDeploy, true)
	f.text(tagDeployService, d.Service)
	f.text(tagDescription, d.Description)
	if !d.DeployedAt.IsZero() {
		f.time(tagDeployedAt, d.DeployedAt)
	}
	f.text(tagDeployedAtSent, d.DeployedAtSent)
	f.text(tagEnvironment, d.Environment)
	f.text(tagDeployURL, d.DeployURL)
	f.text(tagDeployNumber, d.DeployNumber)
	f.flag(tagNumberGenerated, d.DeployNumberGenerated)
	f.text(tagDedupID, d.DedupID)
	f.text(tagStatus, d.Status)
	if p := d.Deployer; p != nil {
		f.flag(tagDeployer, true)
		f.text(tagDeployerID, p.ID)
		f.text(tagDeployerEmail, p.Email)
		f.text(tagDeployerName, p.Name)
	}
	f.text(tagUser, d.AssociatedUser)
	if c := d.Commit; c != nil {
		encodeCommit(f, c)
	}
}

func encodeCommit(f *fields, c *deploy.Commit) {
	f.flag(tagCommit, true)
	f.text(tagSHA, c.SHA)
	f.text(tagCommitMessage, c.Message)
	f.text(tagBranch, c.Branch)
	if c.Date != nil {
		f.time(tagCommitDate, *c.Date)
	}
	f.text(tagCommitDateSent, c.DateSent)
	f.text(tagCommitterName, c.CommitterName)
	f.text(tagCommitterEmail, c.CommitterEmail)
	f.text(tagAuthorName, c.AuthorName)
	f.text(tagAuthorEmail, c.AuthorEmail)
	if c.AuthoringDate != nil {
		f.time(tagAuthoringDate, *c.AuthoringDate)
	}
	f.text(tagAuthoringDateSent, c.AuthoringDateSent)
}

// Decode reads the stored form of the event numbered seq. Its strings are parts of stored. An evicted event has its
// derived fields alone.
func Decode(seq uint64, stored string) (*Event, error) {
	e := &Event{Seq: seq}
	d := Derived{Seq: seq}
	whole := false
	for s := stored; s != ""; {
		t, value, rest, err := next(s)
		if err != nil {
			return nil, err
		}
		if t < firstWholeTag && whole { // where neither DecodeDerived nor Stub would find it
			return nil, ErrCorrupt
		}
		whole = t >= firstWholeTag
		switch {
		case !whole:
			err = d.set(t, value)
		case t == tagHeader:
			rest, err = e.setHeaders(s)
		case t < firstDeployTag:
			err = e.set(t, value)
		case t <= tagDeployService: // the last of them; what follows is of a newer version
			if e.Deploy == nil {
				e.Deploy = &deploy.Deploy{}
			}
			err = setDeploy(e.Deploy, t, value)
		}
		if err != nil {
			return nil, err
		}
		s = rest
	}
	if d.Kind == "" {
		return nil, ErrCorrupt
	}
	e.Kind, e.At, e.Integration, e.Alias, e.Service = d.Kind, d.At, d.Integration, d.Alias, d.Service
	e.Ordinal, e.Result, e.Suggested, e.Change = d.Ordinal, d.Result, d.Suggested, d.Change
	return e, nil
}

func (e *Event) set(t tag, value string) (err error) {
	switch t {
	case tagHTTP:
		var n uint64
		n, err = numberOf(value)
		e.HTTP = int(n)
	case tagMessage:
		e.Message = value
	case tagTitle:
		e.Title = value
	case tagDetail:
		e.Detail = value
	case tagProblem:
		var status string
		var p deploy.Problem
		err = textsOf(value, &status, &p.Title, &p.Detail, &p.Field)
		for _, r := range status {
			p.Status = int(r)
		}
		e.Problems = append(e.Problems, p)
	case tagDuplicateOf:
		e.DuplicateOf, err = numberOf(value)
	case tagWhy:
		e.Why = value
	case tagFinding:
		var g finding.Finding
		var severity string
		err = textsOf(value, &g.ID, &severity, &g.Field, &g.Evidence, &g.Explanation, &g.Cure)
		g.Severity = finding.Severity(severity)
		e.Findings = append(e.Findings, g)
	case tagFault:
		var judged string
		e.Fault = new(Fault)
		err = textsOf(value, &e.Fault.ID, &e.Fault.Kind, &judged)
		e.Fault.Judged = judged != ""
	case tagFiring:
		e.Firing = new(action.Firing)
		if json.Unmarshal([]byte(value), e.Firing) != nil {
			err = ErrCorrupt
		}
	case tagUpstream:
		e.Upstream = new(Upstream)
		if json.Unmarshal([]byte(value), e.Upstream) != nil {
			err = ErrCorrupt
		}
	case tagMethod, tagPath, tagBody, tagBodyLength, tagBodySHA256:
		if e.Request == nil {
			e.Request = &Request{}
		}
		err = e.Request.set(t, value)
	}
	return err
}

// setHeaders reads all headers that s begins with at once: a map of the right size and one array of values, since a
// search decodes ten thousand events.
func (e *Event) setHeaders(s string) (rest string, err error) {
	n := 0
	for rest = s; rest != ""; n++ {
		t, _, after, err := next(rest)
		if err != nil {
			return "", err
		}
		if t != tagHeader {
			break
		}
		rest = after
	}
	if e.Request == nil {
		e.Request = &Request{}
	}
	if e.Request.Headers == nil {
		e.Request.Headers = make(map[string][]string, n)
	}
	values := make([]string, n)
	for i := range n {
		_, field, after, err := next(s)
		if err != nil {
			return "", err
		}
		var name string
		if err := textsOf(field, &name, &values[i]); err != nil {
			return "", err
		}
		if have := e.Request.Headers[name]; have != nil {
			e.Request.Headers[name] = append(have, values[i])
		} else {
			e.Request.Headers[name] = values[i : i+1 : i+1]
		}
		s = after
	}
	return rest, nil
}

func (r *Request) set(t tag, value string) (err error) {
	switch t {
	case tagMethod:
		r.Method = value
	case tagPath:
		r.Path = value
	case tagBody:
		r.Body = value
	case tagBodyLength:
		var n uint64
		n, err = numberOf(value)
		r.BodyLength = int64(n)
	case tagBodySHA256:
		r.BodySHA256 = value
	}
	return err
}

func setDeploy(d *deploy.Deploy, t tag, value string) (err error) {
	switch t {
	case tagDeployService:
		d.Service = value
	case tagDescription:
		d.Description = value
	case tagDeployedAt:
		d.DeployedAt, err = timeOf(value)
	case tagDeployedAtSent:
		d.DeployedAtSent = value
	case tagEnvironment:
		d.Environment = value
	case tagDeployURL:
		d.DeployURL = value
	case tagDeployNumber:
		d.DeployNumber = value
	case tagNumberGenerated:
		d.DeployNumberGenerated = true
	case tagDedupID:
		d.DedupID = value
	case tagStatus:
		d.Status = value
		d.DeployStatus = deploy.NormalStatus(value)
	case tagUser:
		d.AssociatedUser = value
	case tagDeployer:
		d.Deployer = &deploy.Deployer{}
	case tagDeployerID, tagDeployerEmail, tagDeployerName:
		setDeployer(d, t, value)
	}
	if t >= tagCommit && t <= tagAuthoringDateSent {
		if d.Commit == nil {
			d.Commit = &deploy.Commit{}
		}
		err = setCommit(d.Commit, t, value)
	}
	return err
}

func setDeployer(d *deploy.Deploy, t tag, value string) {
	if d.Deployer == nil {
		d.Deployer = &deploy.Deployer{}
	}
	switch t {
	case tagDeployerID:
		d.Deployer.ID = value
	case tagDeployerEmail:
		d.Deployer.Email = value
	case tagDeployerName:
		d.Deployer.Name = value
	}
}

func setCommit(c *deploy.Commit, t tag, value string) (err error) {
	date := func() *time.Time {
		var at time.Time
		at, err = timeOf(value)
		return &at
	}
	switch t {
	case tagSHA:
		c.SHA = value
	case tagCommitMessage:
		c.Message = value
	case tagBranch:
		c.Branch = value
	case tagCommitDate:
		c.Date = date()
	case tagCommitDateSent:
		c.DateSent = value
	case tagCommitterName:
		c.CommitterName = value
	case tagCommitterEmail:
		c.CommitterEmail = value
	case tagAuthorName:
		c.AuthorName = value
	case tagAuthorEmail:
		c.AuthorEmail = value
	case tagAuthoringDate:
		c.AuthoringDate = date()
	case tagAuthoringDateSent:
		c.AuthoringDateSent = value
	}
	return err
}
