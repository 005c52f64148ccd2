package expect

import (
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// CheckQuery refuses a query that asks for a finding which cannot be: `not:finding:silent.duplicat` would hold for
// everything, and a list of `finding:silent.duplicat` is empty whatever happened. Its error is an [*Error].
func CheckQuery(q query.Query) error {
	for _, t := range q.Terms() {
		if t.Field() != query.Finding {
			continue
		}
		text := strings.TrimPrefix(t.String(), "not:")
		value, ok := strings.CutPrefix(text, "finding:")
		if !ok {
			continue
		}
		for _, alternative := range alternatives(value) {
			if !known(alternative) {
				return wrong(findingHint(alternative), "there is no finding %s, so a query for it says nothing", alternative)
			}
		}
	}
	return nil
}

// CheckFinding says whether id is the id of a finding. Its error is an [*Error].
func CheckFinding(id string) error {
	if _, ok := finding.Lookup(id); ok {
		return nil
	}
	return wrong(findingHint(id), "there is no finding %q", id)
}

// alternatives splits the value of a term at its commas; what stands in quotes or is a regular expression stays whole.
func alternatives(value string) []string {
	if strings.ContainsAny(value, `"/\`) {
		return []string{value}
	}
	return strings.Split(value, ",")
}

// known says whether any finding that there is could answer one alternative.
func known(alternative string) bool {
	q, err := query.Parse("finding:" + alternative)
	if err != nil {
		return true // the query as a whole could be read, so this is no alternative of its own
	}
	return slices.ContainsFunc(finding.All(), func(d finding.Doc) bool { return q.Match(findingFields(d.ID), time.Time{}) })
}

// findingFields is an event with one finding, of every severity, since an id may come with several.
type findingFields string

func (f findingFields) Values(to []string, field query.Field) []string {
	if field != query.Finding {
		return to
	}
	return append(to, string(f), string(finding.Silent), string(finding.Warning), string(finding.Note))
}

func (findingFields) Number(query.Field) (int64, bool)   { return 0, false }
func (findingFields) Time(query.Field) (time.Time, bool) { return time.Time{}, false }

// findingHint names the findings whose ids share a part with the one that was asked for.
func findingHint(id string) string {
	const all = "`bubblelevel help findings` lists them; silent, warning and note are severities"
	parts := strings.FieldsFunc(strings.ToLower(id), func(r rune) bool { return r == '.' || r == '_' || r == '*' || r == '"' })
	best, most := "", 0
	for _, d := range finding.All() {
		n := 0
		for _, p := range parts {
			n += len(commonPrefix(p, d.ID))
			if strings.Contains(d.ID, p) {
				n += len(p)
			}
			if _, matter, ok := strings.Cut(d.ID, "."); ok {
				n += len(commonPrefix(p, matter))
			}
		}
		if n > most {
			best, most = d.ID, n
		}
	}
	if most < 4 {
		return all
	}
	return "did you mean " + best + "? " + all
}

func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
