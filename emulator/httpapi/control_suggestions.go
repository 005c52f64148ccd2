package httpapi

import (
	"net/http"
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func (c *Control) suggestions(w http.ResponseWriter, r *http.Request) {
	q, ok := readQuery(w, r)
	if !ok {
		return
	}
	now := c.Clock.Now()
	all := slices.DeleteFunc(c.Store.Suggestions(), func(s catalog.Suggestion) bool { return !q.Match(suggestionFields{&s}, now) })
	some, next, ok := pages(w, r, all, func(s catalog.Suggestion) string { return s.Alias })
	if !ok {
		return
	}
	reply(w, http.StatusOK, struct {
		Suggestions []catalog.Suggestion `json:"suggestions"`
		Next        *string              `json:"next"`
	}{notNil(some), next})
}

// suggestionFields lets a suggestion be queried by alias, word and age.
type suggestionFields struct{ s *catalog.Suggestion }

func (f suggestionFields) Values(to []string, field query.Field) []string {
	switch field {
	case query.Service:
		return append(to, f.s.Alias, f.s.Service)
	case query.Alias:
		return append(to, f.s.Alias)
	}
	return to
}

func (suggestionFields) Number(query.Field) (int64, bool) { return 0, false }

func (f suggestionFields) Time(field query.Field) (time.Time, bool) {
	return f.s.LastSeen, field == query.Newer || field == query.Older || field == query.At
}

func (c *Control) accept(w http.ResponseWriter, r *http.Request) {
	var s catalog.Service
	alias, ok := pathValue(w, r, "alias")
	if !ok || !readJSON(w, r, &s) {
		return
	}
	s.Origin = "suggestion"
	kept, err := c.Store.Accept(alias, s)
	answer(w, http.StatusCreated, kept, err)
}

func (c *Control) bind(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Service string `json:"service"`
	}
	alias, ok := pathValue(w, r, "alias")
	if !ok || !readJSON(w, r, &in) {
		return
	}
	err := c.Store.Bind(alias, in.Service)
	answer(w, http.StatusOK, settled{alias, catalog.Bound, in.Service}, err)
}

func (c *Control) ignore(w http.ResponseWriter, r *http.Request) {
	alias, ok := pathValue(w, r, "alias")
	if !ok {
		return
	}
	err := c.Store.Ignore(alias)
	answer(w, http.StatusOK, settled{Alias: alias, State: catalog.Ignored}, err)
}

// settled is what became of a suggestion.
type settled struct {
	Alias   string                  `json:"alias"`
	State   catalog.SuggestionState `json:"state"`
	Service string                  `json:"service,omitempty"`
}
