package expect

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Near is a request that came near to what was expected. All texts in it are cleaned: they hold no control characters.
type Near struct {
	Seq uint64 `json:"seq"`
	// Line is the event in one line, Why the reason of OpsLevel's answer.
	Line string `json:"line"`
	Why  string `json:"why,omitempty"`
	// Matched of the Total terms hold.
	Matched int     `json:"matched"`
	Total   int     `json:"total"`
	Away    float64 `json:"away"`
	// Rows are the terms one by one; a last row tells of a deploy that matches and was lost.
	Rows []Row `json:"rows"`
}

// Row is one line of the two columns expected and arrived.
type Row struct {
	Field    string `json:"field"`
	Expected string `json:"expected"`
	Arrived  string `json:"arrived"`
	Differs  bool   `json:"differs"`
}

// How much a report shows.
const (
	maxNear = 3
	maxCell = 80
	maxWhy  = 300
)

// near are the requests that come nearest to the query, ranked by the number of terms that hold and then by how far off
// the others are; of equals the newest. Those that count are not among them.
func (t *tally) near(src Source, now time.Time, lost []Loss) []Near {
	var found []Near
	for n := t.total; n >= 0 && len(found) < maxCandidates; n-- {
		for _, seq := range slices.Backward(t.levels[n]) {
			if len(found) == maxCandidates {
				break
			}
			e, _ := src.Get(seq)
			if e == nil || n == t.total && t.guard.counts(e) || t.total > 0 && n == 0 && e.Kind == event.KindCall {
				continue
			}
			d := t.x.Query.Distance(e, now)
			found = append(found, Near{Seq: seq, Matched: d.Matched, Total: d.Total, Away: d.Away})
		}
	}
	slices.SortStableFunc(found, func(a, b Near) int {
		if a.Matched != b.Matched {
			return cmp.Compare(b.Matched, a.Matched)
		}
		return cmp.Compare(a.Away, b.Away)
	})
	found = found[:min(len(found), maxNear)]
	for i := range found {
		if e, _ := src.Get(found[i].Seq); e != nil {
			found[i].fill(t, e, now, lost)
		}
	}
	return found
}

func (n *Near) fill(t *tally, e *event.Event, now time.Time, lost []Loss) {
	n.Line, n.Why = e.Line(), event.Clean(e.Why, maxWhy)
	for _, term := range t.x.Query.Terms() {
		n.Rows = append(n.Rows, row(term, e, now)...)
	}
	if n.Matched < n.Total {
		return
	}
	became := Row{Field: "became", Expected: "a recorded deploy", Arrived: string(e.Result), Differs: true}
	if e.Kind != event.KindDeploy {
		became.Arrived = "no deploy but a " + string(e.Kind) + ", which counts for a query with kind:" + string(e.Kind)
	}
	if at := slices.IndexFunc(lost, func(l Loss) bool { return l.Seq == e.Seq }); at >= 0 {
		became.Arrived += " (" + lost[at].Findings[0].ID + ")"
	}
	n.Rows = append(n.Rows, became)
}

// row shows one term beside what arrived; a term with several fields has a row for each that differs.
func row(term query.Term, e *event.Event, now time.Time) []Row {
	q, err := query.New(term)
	if err != nil {
		return nil
	}
	misses := q.Distance(e, now).Misses
	differs := len(misses) > 0
	if !differs {
		// What holds for a term is what is missed by its contrary.
		if contrary, err := query.New(query.Not(term)); err == nil {
			misses = contrary.Distance(e, now).Misses
		}
	}
	var rows []Row
	for _, m := range misses {
		r := Row{Field: string(m.Field), Expected: m.Want, Arrived: m.Got, Differs: differs}
		if !differs {
			r.Expected = wanted(term)
		}
		if m.Field == "text" && r.Arrived == "" {
			r.Arrived = "nowhere"
			if differs == term.Negated() {
				r.Arrived = "there"
			}
		}
		if r.Arrived == "" {
			r.Arrived = "(nothing)"
		}
		r.Expected, r.Arrived = event.Clean(r.Expected, maxCell), event.Clean(r.Arrived, maxCell)
		rows = append(rows, r)
		if !differs {
			break
		}
	}
	return rows
}

// wanted is a term without the name of its field.
func wanted(t query.Term) string {
	s, negated := strings.CutPrefix(t.String(), "not:")
	if t.Field() != "" {
		s = strings.TrimPrefix(s, string(t.Field())+":")
	}
	if negated {
		s = "anything but " + s
	}
	return s
}
