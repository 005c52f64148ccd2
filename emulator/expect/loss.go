package expect

import (
	"net/http"
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// Loss is a request whose deploy OpsLevel does not have, or has otherwise than it was meant. Of several tries of one
// deploy it is the last.
//
// It is no loss any more once the same deploy is recorded later: the same bytes, or the same alias, environment and
// status with the same dedup_id, commit or deploy number and none of the latter two that differs. Nor is a deploy for an
// unknown alias, once a service has the alias: OpsLevel attaches it then.
type Loss struct {
	Seq uint64 `json:"seq"`
	// Line is the event in one line.
	Line string `json:"line"`
	// Findings say what became of it, the gravest first; at least one.
	Findings []finding.Finding `json:"findings"`
}

// kept says whether OpsLevel has the deploy as it was meant. Findings whose ids are allowed do not speak against it.
func kept(e *event.Event, allowed map[string]bool) bool {
	return e.Kept() && len(graver(e, finding.Silent, allowed)) == 0
}

// missed says whether a request means that a deploy is lost: a finding of severity silent, or a refusal. The
// duplicate of a deploy that means the same is neither: it is there already.
func missed(e *event.Event, allowed map[string]bool) bool {
	if len(graver(e, finding.Silent, allowed)) > 0 {
		return true
	}
	if passing(e) && !e.Unanswered() {
		return !allowed[finding.NotRetried(0, "").ID]
	}
	// A refusal always has a silent finding; where it is allowed, so is the refusal.
	return e.Kind == event.KindDeploy && e.Result == deploy.Rejected && len(graver(e, finding.Silent, nil)) == 0
}

// graver are the findings of one severity that are not allowed.
func graver(e *event.Event, s finding.Severity, allowed map[string]bool) (found []finding.Finding) {
	for _, f := range e.Findings {
		if f.Severity == s && !allowed[f.ID] {
			found = append(found, f)
		}
	}
	return found
}

// passing says whether a deploy was answered with a failure that asks for another try, or kept from OpsLevel by a fault.
func passing(e *event.Event) bool {
	if e.Kind != event.KindDeploy {
		return false
	}
	if e.Fault != nil && !e.Fault.Judged {
		return true
	}
	switch e.HTTP {
	case http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusTooEarly:
		return true
	}
	return e.HTTP >= http.StatusInternalServerError
}

// losses are the lost deploys that were not made good so far. The zero value is ready.
type losses struct {
	allowed map[string]bool
	// open are lost requests by what a repetition of them has in common with them.
	open map[string][]*event.Event
}

// see takes in an event that matters.
func (l *losses) see(e *event.Event) {
	if e.Kind == event.KindChange {
		l.attach(e.Change)
		return
	}
	if missed(e, l.allowed) {
		if l.open == nil {
			l.open = map[string][]*event.Event{}
		}
		l.close(e, triedAgain)
		k := key(e)
		l.open[k] = append(l.open[k], e)
		return
	}
	if len(l.open) > 0 && amends(e) {
		l.close(e, madeGood)
	}
}

// amends says whether an event can make a loss good.
func amends(e *event.Event) bool { return e.Recorded() || e.Result == deploy.Duplicate }

// close takes away the open losses of which a later event says that they are none any more.
func (l *losses) close(later *event.Event, closes func(lost, later *event.Event) bool) {
	for _, k := range []string{key(later), ""} {
		l.open[k] = slices.DeleteFunc(l.open[k], func(lost *event.Event) bool { return closes(lost, later) })
		if len(l.open[k]) == 0 {
			delete(l.open, k)
		}
	}
}

// attach lets go of recorded deploys whose alias a service has got.
func (l *losses) attach(c *event.Change) {
	var aliases []string
	switch {
	case c == nil || len(l.open) == 0:
	case c.Alias != nil:
		aliases = []string{c.Alias.Alias}
	case c.Service != nil:
		aliases = append([]string{c.Service.Slug}, c.Service.Aliases...)
	case c.Suggestion != nil && c.Suggestion.Service != "":
		aliases = []string{c.Suggestion.Alias}
	}
	if len(aliases) == 0 {
		return
	}
	attached := func(e *event.Event) bool {
		return e.Result == deploy.NoServiceFound && slices.Contains(aliases, e.Alias) && len(graver(e, finding.Silent, unknownAlias())) == 0
	}
	for k := range l.open {
		if l.open[k] = slices.DeleteFunc(l.open[k], attached); len(l.open[k]) == 0 {
			delete(l.open, k)
		}
	}
}

func unknownAlias() map[string]bool { return map[string]bool{"silent.unknown_alias": true} }

// key groups requests that can be one deploy; empty where nothing of the payload was read.
func key(e *event.Event) string {
	if e.Deploy == nil {
		return ""
	}
	return e.Alias + "\x00" + e.Deploy.Environment
}

// madeGood says whether a later event shows that the deploy of a lost one is there after all.
func madeGood(lost, later *event.Event) bool {
	if later.Result == deploy.Duplicate && !passing(lost) {
		return false // the deploy that this one repeats came before
	}
	return repeats(lost, later) || triedAnew(lost, later)
}

// triedAgain says whether later, which is lost too, is the next try of a deploy that was to be tried again. One deploy is
// lost then, and what the last try was answered says why.
func triedAgain(lost, later *event.Event) bool { return passing(lost) && repeats(lost, later) }

// repeats says whether two requests are tries of one deploy.
func repeats(lost, later *event.Event) bool {
	if a, b := lost.Request, later.Request; a != nil && b != nil && a.BodyLength > 0 &&
		a.BodyLength == b.BodyLength && a.Body == b.Body && a.BodySHA256 == b.BodySHA256 {
		return true
	}
	if lost.Deploy == nil || later.Deploy == nil {
		// A request that nobody read and that was to be tried again: the sender has come again on the same way.
		return passing(lost) && lost.Deploy == nil && lost.Integration == later.Integration
	}
	return sameDeploy(lost.Deploy, later.Deploy)
}

// triedAnew says whether later is another try of a deploy that nobody recorded, under a dedup_id made for this try: it
// says the same, and has neither a number nor a commit by which it could be another deploy.
func triedAnew(lost, later *event.Event) bool {
	if lost.Deploy == nil || later.Deploy == nil {
		return false
	}
	a, b := *lost.Deploy, *later.Deploy
	if !passing(lost) || !later.Recorded() || a.Description == "" || a.Description != b.Description {
		return false
	}
	a.DedupID, b.DedupID = "", ""
	return sameDeploy(&a, &b)
}

// sameDeploy says whether two payloads mean one deploy.
func sameDeploy(a, b *deploy.Deploy) bool {
	if a.Service == "" || a.Service != b.Service || a.Environment != b.Environment || a.Status != b.Status {
		return false
	}
	numbers := [2]string{sentNumber(a), sentNumber(b)}
	shas := [2]string{sha(a), sha(b)}
	if differ(numbers) || differ(shas) {
		return false
	}
	if agree(numbers) || agree(shas) || agree([2]string{a.DedupID, b.DedupID}) {
		return true
	}
	// Nothing tells this deploy from another of its service and environment but its words. Its time does not either: a
	// script that tries again often takes a new one.
	return numbers[0] == "" && shas[0] == "" && a.DedupID == "" && (a.Description == "" || a.Description == b.Description)
}

func agree(pair [2]string) bool  { return pair[0] != "" && pair[0] == pair[1] }
func differ(pair [2]string) bool { return pair[0] != "" && pair[1] != "" && pair[0] != pair[1] }

// sentNumber is the deploy number that the sender gave.
func sentNumber(d *deploy.Deploy) string {
	if d.DeployNumberGenerated {
		return ""
	}
	return d.DeployNumber
}

func sha(d *deploy.Deploy) string {
	if d.Commit == nil {
		return ""
	}
	return d.Commit.SHA
}

// list are the open losses, the oldest first.
func (l *losses) list() []Loss {
	var all []*event.Event
	for _, some := range l.open {
		all = append(all, some...)
	}
	slices.SortFunc(all, bySeq)
	list := make([]Loss, len(all))
	for i, e := range all {
		list[i] = Loss{Seq: e.Seq, Line: e.Line(), Findings: lossFindings(e, l.allowed)}
	}
	return list
}

func (l *losses) empty() bool { return len(l.open) == 0 }

// lossFindings say why a request is a loss; a passing failure gets the finding that only the end of a run can raise.
func lossFindings(e *event.Event, allowed map[string]bool) []finding.Finding {
	found := graver(e, finding.Silent, allowed)
	if passing(e) && !e.Unanswered() {
		found = append(found, finding.NotRetried(e.HTTP, e.Alias))
	}
	if len(found) == 0 {
		found = append(found, finding.Finding{
			ID: "silent.rejected", Severity: finding.Silent, Evidence: e.Why,
			Explanation: "OpsLevel keeps nothing of this request.", Cure: "Send what OpsLevel takes, and let the sender fail on anything but a 202.",
		})
	}
	// A warning is often the cause: a body that was sent as a form, say.
	return append(found, graver(e, finding.Warning, allowed)...)
}

func bySeq(a, b *event.Event) int {
	switch {
	case a.Seq < b.Seq:
		return -1
	case a.Seq > b.Seq:
		return 1
	}
	return 0
}
