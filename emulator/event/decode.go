package event

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// Decode reads the stored form of the event numbered seq. Its strings are parts of stored. An evicted event has its
// derived fields alone.
func Decode(seq uint64, stored string) (*Event, error) { return new(Decoder).Decode(seq, stored) }

// Decoder reads one stored event after the other into the same memory. The zero value is ready.
type Decoder struct {
	event    Event
	derived  Derived
	whole    bool // a field behind the derived ones has come
	request  Request
	headers  map[string][]string
	values   []string // of the headers
	deploy   deploy.Deploy
	deployer deploy.Deployer
	commit   deploy.Commit
	dates    [2]time.Time // of the commit
	fault    Fault
	problems deploy.Problems
	findings []finding.Finding
}

// Decode is [Decode], but that the event is only valid until the next one is decoded; [Event.Clone] keeps it.
func (d *Decoder) Decode(seq uint64, stored string) (*Event, error) {
	clear(d.headers)
	*d = Decoder{headers: d.headers, values: d.values[:0], problems: d.problems[:0], findings: d.findings[:0]}
	for s := stored; s != ""; {
		t, value, rest, err := next(s)
		if err != nil {
			return nil, err
		}
		if err := d.set(t, value); err != nil {
			return nil, err
		}
		s = rest
	}
	if d.derived.Kind == "" {
		return nil, ErrCorrupt
	}
	e, v := &d.event, &d.derived
	e.Seq, e.Kind, e.At, e.Integration, e.Alias, e.Service = seq, v.Kind, v.At, v.Integration, v.Alias, v.Service
	e.Ordinal, e.Result, e.Suggested, e.Change = v.Ordinal, v.Result, v.Suggested, v.Change
	if len(d.problems) > 0 {
		e.Problems = d.problems
	}
	if len(d.findings) > 0 {
		e.Findings = d.findings
	}
	if len(d.headers) > 0 {
		d.request.Headers = d.headers
	}
	return e, nil
}

// Clone is a copy of an event that shares nothing with the memory of a [Decoder].
func (e *Event) Clone() *Event {
	c := *e
	c.Problems, c.Findings = slices.Clone(e.Problems), slices.Clone(e.Findings)
	c.Fault = copied(e.Fault)
	if c.Request = copied(e.Request); c.Request != nil && c.Request.Headers != nil {
		c.Request.Headers = make(map[string][]string, len(e.Request.Headers))
		for name, values := range e.Request.Headers {
			c.Request.Headers[name] = slices.Clone(values)
		}
	}
	if c.Deploy = copied(e.Deploy); c.Deploy != nil {
		c.Deploy.Deployer = copied(e.Deploy.Deployer)
		if c.Deploy.Commit = copied(e.Deploy.Commit); c.Deploy.Commit != nil {
			c.Deploy.Commit.Date = copied(e.Deploy.Commit.Date)
			c.Deploy.Commit.AuthoringDate = copied(e.Deploy.Commit.AuthoringDate)
		}
	}
	return &c
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// set takes in one field.
func (d *Decoder) set(t tag, value string) error {
	if t < firstWholeTag {
		if d.whole { // where neither DecodeDerived nor Stub would find it
			return ErrCorrupt
		}
		return d.derived.set(t, value)
	}
	d.whole = true
	if t >= firstPlaceTag+firstDeployTag && t <= firstPlaceTag+tagDeployService {
		var err error
		if value, err = placed(d.request.Body, value); err != nil {
			return err
		}
		t -= firstPlaceTag
	}
	switch {
	case t < firstDeployTag:
		return d.setEvent(t, value)
	case t <= tagDeployService: // the last of them; what follows is of a newer version
		d.event.Deploy = &d.deploy
		return d.setDeploy(t, value)
	}
	return nil
}

// placed is the text whose place in the body is stored.
func placed(body, value string) (string, error) {
	at, rest, err := uvarint(value)
	if err != nil {
		return "", err
	}
	n, err := numberOf(rest)
	if err != nil || at > uint64(len(body)) || n > uint64(len(body))-at {
		return "", ErrCorrupt
	}
	return body[at : at+n], nil
}

func (d *Decoder) setEvent(t tag, value string) (err error) {
	e := &d.event
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
		d.problems = append(d.problems, p)
	case tagDuplicateOf:
		e.DuplicateOf, err = numberOf(value)
	case tagWhy:
		e.Why = value
	case tagFinding:
		var g finding.Finding
		var severity string
		err = textsOf(value, &g.ID, &severity, &g.Field, &g.Evidence, &g.Explanation, &g.Cure)
		g.Severity = finding.Severity(severity)
		d.findings = append(d.findings, g)
	case tagFault:
		var judged string
		e.Fault = &d.fault
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
	case tagHeader:
		e.Request = &d.request
		err = d.setHeader(value)
	case tagMethod, tagPath, tagBody, tagBodyLength, tagBodySHA256:
		e.Request = &d.request
		err = d.request.set(t, value)
	}
	return err
}

// setHeader adds one value of a header. The values share an array.
func (d *Decoder) setHeader(field string) error {
	var name, value string
	if err := textsOf(field, &name, &value); err != nil {
		return err
	}
	if d.headers == nil {
		d.headers, d.values = make(map[string][]string, usualHeaders), make([]string, 0, usualHeaders)
	}
	d.values = append(d.values, value)
	if have := d.headers[name]; have != nil {
		d.headers[name] = append(have, value)
		return nil
	}
	n := len(d.values)
	d.headers[name] = d.values[n-1 : n : n]
	return nil
}

// usualHeaders is how many headers most senders send.
const usualHeaders = 8

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

func (r *Decoder) setDeploy(t tag, value string) (err error) {
	d := &r.deploy
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
		d.Deployer = &r.deployer
	case tagDeployerID, tagDeployerEmail, tagDeployerName:
		d.Deployer = &r.deployer
		setDeployer(d.Deployer, t, value)
	}
	if t >= tagCommit && t <= tagAuthoringDateSent {
		d.Commit = &r.commit
		err = r.setCommit(t, value)
	}
	return err
}

func setDeployer(p *deploy.Deployer, t tag, value string) {
	switch t {
	case tagDeployerID:
		p.ID = value
	case tagDeployerEmail:
		p.Email = value
	case tagDeployerName:
		p.Name = value
	}
}

func (r *Decoder) setCommit(t tag, value string) (err error) {
	c := &r.commit
	switch t {
	case tagSHA:
		c.SHA = value
	case tagCommitMessage:
		c.Message = value
	case tagBranch:
		c.Branch = value
	case tagCommitDate:
		c.Date = &r.dates[0]
		r.dates[0], err = timeOf(value)
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
		c.AuthoringDate = &r.dates[1]
		r.dates[1], err = timeOf(value)
	case tagAuthoringDateSent:
		c.AuthoringDateSent = value
	}
	return err
}
