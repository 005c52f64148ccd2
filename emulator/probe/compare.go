package probe

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Outcome is what became of a value.
type Outcome string

// The outcomes. Trimmed: white space around it is gone, or CRLF became LF. Shortened: only the first line arrived, or
// only so many characters. Misplaced: it arrived, and another field of the deploy was changed by it. Broken: OpsLevel
// refused what was sent, or took it for something else. Missing: no deploy arrived at all. Failed: the same, and the
// command said so by its exit code.
const (
	Unchanged Outcome = "unchanged"
	Trimmed   Outcome = "trimmed"
	Shortened Outcome = "shortened"
	Changed   Outcome = "changed"
	Misplaced Outcome = "misplaced"
	Broken    Outcome = "broken"
	Twice     Outcome = "twice"
	Missing   Outcome = "missing"
	Failed    Outcome = "failed"
)

// Result is what became of one value in one carrier.
type Result struct {
	Carrier Carrier `json:"carrier"`
	Value   string  `json:"value"`
	Outcome Outcome `json:"outcome"`
	Grade   Grade   `json:"grade"`
	// Field is the field of the deploy that this is about.
	Field string `json:"field,omitempty"`
	// Put and Arrived are the two texts, each cut to what is around the first byte that differs; At is that byte's place
	// in what was put in, from 0.
	Put     string `json:"put"`
	Arrived string `json:"arrived"`
	At      int    `json:"at"`
	// Event is the request that shows it; 0 where none arrived.
	Event uint64 `json:"event,omitempty"`
	// Cause is the likely cause in a sentence, and Cure what helps.
	Cause string `json:"cause,omitempty"`
	Cure  string `json:"cure,omitempty"`
	// Exit is the exit code of the sender.
	Exit int `json:"exit,omitempty"`
	// put and arrived are the two texts uncut, to tell the cause by.
	put, arrived string
}

// evidenceBytes is how much of a text stands in a result.
const evidenceBytes = 160

// Compare says what became of the values of a round. Where the deploy itself came to harm and several carriers held the
// value, nobody can tell which of them did it: the results are the same for all, and Blurred says so.
func (b *Baseline) Compare(round Round, run Run) []Result {
	harm := b.harm(run)
	var all []Result
	for _, c := range round.Carriers {
		r := Result{Carrier: c, Value: round.Value.Name, put: round.of(c), Exit: run.Code}
		if harm != "" {
			r.Outcome = harm
			b.explainHarm(&r, run)
		} else {
			b.compareSpots(&r, run)
		}
		r.grade()
		r.explain(run)
		r.cut()
		all = append(all, r)
	}
	return all
}

// Blurred says whether results do not tell which of several carriers did harm.
func Blurred(all []Result) bool {
	if len(all) < 2 {
		return false
	}
	switch all[0].Outcome {
	case Broken, Twice, Missing, Failed, Misplaced:
		return true
	}
	return false
}

// harm is what came of the deploys of a run as a whole; empty where as many were recorded as without hostile values.
func (b *Baseline) harm(run Run) Outcome {
	n := run.Recorded()
	switch {
	case n > len(b.deploys):
		return Twice
	case n < len(b.deploys) && run.refused() != nil:
		return Broken
	case n < len(b.deploys) && (run.Code != 0 || run.TimedOut):
		return Failed
	case n < len(b.deploys):
		return Missing
	}
	for i, was := range b.deploys {
		if e := b.match(i, run.recorded()); e == nil || found(e, "sender.broken_yaml") && !found(was, "sender.broken_yaml") {
			return Broken
		}
	}
	return ""
}

func (b *Baseline) explainHarm(r *Result, run Run) {
	if e := run.refused(); e != nil {
		r.Event, r.Field = e.Seq, e.Title
		r.arrived = e.Detail
		if e.Request != nil {
			r.arrived = e.Request.Body
		}
		return
	}
	if all := run.recorded(); len(all) > 0 {
		e := all[len(all)-1]
		r.Event, r.arrived = e.Seq, e.Deploy.Description
	}
}

// compareSpots looks at every field in which the tame value of the carrier arrived, and keeps the worst.
func (b *Baseline) compareSpots(r *Result, run Run) {
	recorded := run.recorded()
	for _, spot := range b.spots(r.Carrier) {
		e := b.match(spot.Deploy, recorded)
		one := *r
		one.Event, one.Field, one.arrived = e.Seq, spot.Field, text(e.Deploy, spot.Field)
		if one.Outcome = compareText(r.Carrier, one.put, one.arrived); spot.Reshaped && one.Outcome == Changed {
			one.Outcome = reshaped(r.Carrier, one.arrived)
		}
		one.At = firstDifference(r.Carrier, one.put, one.arrived)
		if r.Outcome == "" || rank(one.Outcome) > rank(r.Outcome) {
			*r = one
		}
	}
	b.otherFields(r, recorded)
}

// reshaped judges a value that the sender makes something else of even when it is tame: it is well as long as some of
// it arrives.
func reshaped(c Carrier, arrived string) Outcome {
	if strings.Contains(strings.ToLower(arrived), c.open()) {
		return Unchanged
	}
	return Changed
}

func rank(o Outcome) int {
	for i, one := range []Outcome{Unchanged, Trimmed, Shortened, Changed} {
		if one == o {
			return i
		}
	}
	return len(o)
}

// otherFields looks whether the value has changed what decides about a deploy, though no carrier stands there.
func (b *Baseline) otherFields(r *Result, recorded []*event.Event) {
	if rank(r.Outcome) >= rank(Changed) {
		return
	}
	for i, was := range b.deploys {
		e := b.match(i, recorded)
		for _, name := range []string{"service", "environment", "status"} {
			before, now := text(was.Deploy, name), text(e.Deploy, name)
			if before != now && !b.carried(i, name) {
				r.Outcome, r.Event, r.Field, r.put, r.arrived, r.At = Misplaced, e.Seq, name, before, now, prefix(before, now)
				return
			}
		}
	}
}

// carried says whether a field holds the value of a carrier.
func (b *Baseline) carried(i int, field string) bool {
	for _, u := range b.Used {
		for _, s := range u.Spots {
			if s.Deploy == i && s.Field == field {
				return true
			}
		}
	}
	return false
}

// compareText says what became of put in a field that holds arrived, in which other text may stand around it.
func compareText(c Carrier, put, arrived string) Outcome {
	unix := strings.ReplaceAll(put, "\r\n", "\n")
	switch {
	case strings.Contains(arrived, put):
		return Unchanged
	case strings.Contains(arrived, strings.TrimSpace(put)), strings.Contains(arrived, strings.TrimSpace(unix)):
		return Trimmed
	case shortened(c, put, arrived):
		return Shortened
	}
	return Changed
}

// fewest is how many characters a sender must leave of a text for it to be shortened on purpose, and not cut by chance.
const fewest = 40

// shortened says whether arrived holds the beginning of put up to its first line break, or a good part of a long text.
func shortened(c Carrier, put, arrived string) bool {
	if strings.Contains(arrived, c.shut()) {
		return false // its end arrived: what is missing is missing in the middle
	}
	line, _, several := strings.Cut(put, "\n")
	if line = strings.TrimRight(line, "\r"); several && strings.Contains(arrived, strings.TrimSpace(line)) {
		return true
	}
	at := strings.Index(arrived, c.open())
	return at >= 0 && len(put) >= LongBytes/2 && prefix(put, arrived[at:]) >= fewest
}

// firstDifference is the place in put of the first byte that did not arrive; the length of put where all of it did.
func firstDifference(c Carrier, put, arrived string) int {
	if strings.Contains(arrived, put) {
		return len(put)
	}
	from, at := strings.Index(put, c.open()), strings.Index(arrived, c.open())
	if from < 0 || at < 0 {
		return prefix(put, arrived)
	}
	if !strings.HasSuffix(arrived[:at], put[:from]) {
		return 0 // what stands before the first word did not arrive
	}
	return from + prefix(put[from:], arrived[at:])
}

// prefix is how many bytes two texts have in common at their beginning.
func prefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// grade says how bad the outcome is. A text of 100 kB that makes a command fail aloud is for its people to decide: no
// deploy is lost without a word.
func (r *Result) grade() {
	switch {
	case r.Outcome == Unchanged:
		r.Grade = Good
	case r.Outcome == Trimmed:
		r.Grade = Note
	case r.Outcome == Shortened, r.Outcome == Failed && r.Value == "long":
		r.Grade = Warning
	default:
		r.Grade = Bad
	}
}

// cut leaves of the two texts what is around the first byte that differs.
func (r *Result) cut() {
	at := 0
	if i := strings.Index(r.arrived, r.Carrier.open()); i >= 0 {
		at = i + r.At
	}
	r.Put, r.Arrived = clip(r.put, r.At, evidenceBytes), clip(r.arrived, at, evidenceBytes)
}

// rejection is the answer to a refused deploy: "400 Service Error".
func rejection(e *event.Event) string {
	if e == nil || e.Result != deploy.Rejected {
		return ""
	}
	return e.Title + ": " + e.Detail
}
