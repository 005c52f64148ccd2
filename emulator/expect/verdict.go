package expect

import (
	"fmt"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Outcome is the verdict on an expectation in a word.
type Outcome string

// The outcomes. Incomplete: it cannot be told, because events left the window unseen or the wait was broken off.
const (
	Met        Outcome = "met"
	NotMet     Outcome = "not_met"
	Incomplete Outcome = "incomplete"
)

// Verdict is what became of one expectation.
type Verdict struct {
	Outcome Outcome `json:"verdict"`
	// Query and Expected are the expectation: what, and how many in words.
	Query    string `json:"query"`
	Expected string `json:"expected"`
	// Count is how many events counted, Events the newest of them.
	Count  int      `json:"count"`
	Events []uint64 `json:"events,omitempty"`
	// Why is the verdict in a sentence or two.
	Why string `json:"why"`
	// Requests were looked at, those after the event After.
	Requests int    `json:"requests"`
	After    uint64 `json:"after"`
	Waited   string `json:"waited,omitempty"`
	// Evicted are events that left the window before anybody looked.
	Evicted *Gap `json:"evicted,omitempty"`
	// Lost are deploys that match and that OpsLevel does not have.
	Lost []Loss `json:"lost,omitempty"`
	// Near are the requests that came nearest, where too few matched.
	Near []Near `json:"near,omitempty"`
}

// Met says whether the expectation was met.
func (v *Verdict) Met() bool { return v.Outcome == Met }

// verdict is the verdict on t by what was read.
func (w *Watch) verdict(t *tally) Verdict {
	now := w.clock.Now()
	v := Verdict{
		Outcome: t.outcome(w.source, now), Query: t.x.Query.String(), Expected: t.x.expected(t.guard.noun()),
		Count: t.count, Requests: t.requests, After: t.start,
	}
	v.Events = append(v.Events, t.counted...)
	if waited := now.Sub(w.begun); waited >= time.Millisecond {
		v.Waited = waited.Round(time.Millisecond).String()
	}
	if gap := t.unseen(); gap != (Gap{}) {
		v.Evicted = &gap
	}
	if v.Outcome != Met {
		v.Lost = t.losses.list()
		if least, _ := t.x.bounds(); t.count < least {
			v.Near = t.near(w.source, now, v.Lost)
		}
	}
	v.Why = v.sentence(t)
	return v
}

// sentence says the verdict in words.
func (v *Verdict) sentence(t *tally) string {
	_, most := t.x.bounds()
	var b strings.Builder
	fmt.Fprintf(&b, "Expected %s%s, and %s", v.Expected, v.subject(), v.arrived(t.guard, most))
	if v.Waited != "" && v.Outcome != Met {
		b.WriteString(" in " + v.Waited)
	}
	if n := len(v.Lost); n > 0 {
		fmt.Fprintf(&b, ", but %s: %s", wasLost(n), lossNames(v.Lost))
	}
	b.WriteString(".")
	if v.Outcome == Incomplete {
		fmt.Fprintf(&b, " The events %d to %d have left the window, so this cannot be told; start the emulator with a larger --keep.", v.Evicted.From, v.Evicted.To)
	}
	return b.String()
}

// arrived says how many there were: "1 was recorded (event 3)".
func (v *Verdict) arrived(g guard, most int) string {
	was, were := "arrived", "arrived"
	if g.watchesLosses() && !g.anyKind {
		was, were = "was recorded", "were recorded"
	}
	if v.Count == 0 {
		return "none " + was
	}
	how := were
	if v.Count == 1 {
		how = was
	}
	only := ""
	if v.Outcome != Met && len(v.Lost) == 0 && (most == unbounded || v.Count < most) {
		only = "only "
	}
	return fmt.Sprintf("%s%d %s (%s)", only, v.Count, how, v.eventNames())
}

// subject is " for QUERY"; empty for the empty query.
func (v *Verdict) subject() string {
	if v.Query == "" {
		return ""
	}
	return " for " + event.Clean(v.Query, 400)
}

func wasLost(n int) string {
	if n == 1 {
		return "one that matches was lost"
	}
	return fmt.Sprintf("%d that match were lost", n)
}

// eventNames is "event 3" or "events 3, 5, 7 and 12 before them".
func (v *Verdict) eventNames() string {
	if len(v.Events) == 1 && v.Count == 1 {
		return fmt.Sprintf("event %d", v.Events[0])
	}
	names := make([]string, len(v.Events))
	for i, seq := range v.Events {
		names[i] = fmt.Sprint(seq)
	}
	s := "events " + strings.Join(names, ", ")
	if before := v.Count - len(v.Events); before > 0 {
		s += fmt.Sprintf(" and %d before them", before)
	}
	return s
}

// lossNames is "event 2 (silent.duplicate)" for each loss, of many the first few.
func lossNames(all []Loss) string {
	const most = 3
	var names []string
	for i, l := range all {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(all)-most))
			break
		}
		names = append(names, fmt.Sprintf("event %d (%s)", l.Seq, l.Findings[0].ID))
	}
	return strings.Join(names, ", ")
}
