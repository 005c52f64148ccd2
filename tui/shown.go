package tui

import (
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Suggestions and services are no events: what their lists show of them is put in the words of the query language here.
// A word without a field looks through all that is shown, which stands in the place of the body.

// suggestionShown is a suggestion as a query sees it.
type suggestionShown struct{ *catalog.Suggestion }

func suggestionFields() []query.Field {
	return []query.Field{query.Service, query.Alias, query.Status, query.Seq, query.At, query.Newer, query.Older, query.Body}
}

// Values are the texts: the alias, those that look alike and the service it went to, and what was decided as the status.
func (s suggestionShown) Values(to []string, f query.Field) []string {
	switch f {
	case query.Alias:
		return append(to, s.Alias)
	case query.Service:
		return append(append(to, s.Alias, s.Service), s.Near...)
	case query.Status:
		return append(to, string(s.State))
	case query.Body:
		return append(to, strings.Join(append([]string{s.Alias, s.Service, string(s.State)}, s.Near...), "\n"))
	}
	return to
}

// Number is the deploy that made the suggestion.
func (s suggestionShown) Number(f query.Field) (int64, bool) {
	return int64(s.FirstSeq), f == query.Seq
}

// Time is when the alias came last.
func (s suggestionShown) Time(f query.Field) (time.Time, bool) {
	return s.LastSeen, !s.LastSeen.IsZero() && slices.Contains([]query.Field{query.At, query.Newer, query.Older}, f)
}

// serviceShown is a service with what came in for it, as a query sees it.
type serviceShown struct {
	*catalog.Service
	tally tally
}

func serviceFields() []query.Field {
	return []query.Field{query.Service, query.Alias, query.Environment, query.Description, query.At, query.Newer, query.Older, query.Body}
}

// Values are the texts: name and aliases, and the environments that deploys came for.
func (s serviceShown) Values(to []string, f query.Field) []string {
	switch f {
	case query.Alias:
		return append(to, names(s.Service)...)
	case query.Service:
		return append(append(to, s.Name), names(s.Service)...)
	case query.Environment:
		for _, e := range s.tally.envs {
			to = append(to, e.name)
		}
		return to
	case query.Description:
		return append(to, s.Description)
	case query.Body:
		all := []string{s.Name, s.Description, s.Owner, s.Product, s.System, s.Tier, s.Lifecycle, s.Language, s.Framework, s.ID, s.Origin}
		return append(to, strings.Join(append(all, names(s.Service)...), "\n"))
	}
	return to
}

// Number is nothing: a service has no number.
func (s serviceShown) Number(query.Field) (int64, bool) { return 0, false }

// Time is when its last deploy came.
func (s serviceShown) Time(f query.Field) (time.Time, bool) {
	return s.tally.last, !s.tally.last.IsZero() && slices.Contains([]query.Field{query.At, query.Newer, query.Older}, f)
}

// of says how many of a list are shown.
func (l *list) of(all int) string { return commas(len(l.ids)) + " of " + commas(all) }
