package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Directory is the account as the control API shows and changes it. Its errors are refusals of what was asked, save
// those that are a [Fault].
type Directory interface {
	Services() []catalog.Service
	CreateService(catalog.Service) (catalog.Service, error)
	AddAlias(service, alias string) error
	Suggestions() []catalog.Suggestion
	Accept(alias string, s catalog.Service) (catalog.Service, error)
	Bind(alias, service string) error
	Ignore(alias string) error
	Integrations() []catalog.Integration
	CreateIntegration(i catalog.Integration, ttl time.Duration) (catalog.Integration, error)
	Retire(uuid string) error
	// DeployURL is the webhook URL of an integration.
	DeployURL(uuid string) string
	// ExportFixtures is the account as a fixture file in JSON; ImportFixtures replaces the account by a fixture of any form
	// that --fixtures reads, and returns what is worth knowing about it.
	ExportFixtures() ([]byte, error)
	ImportFixtures([]byte) (notes []string, err error)
}

// Fault is an error that is not the fault of what was asked: nothing can be recorded any more.
type Fault interface {
	error
	Fault()
}

func (c *Control) accountRoutes() []route {
	return []route{
		{http.MethodGet, "/services", c.services, "the services of the account", false},
		{http.MethodPost, "/services", c.createService, "add a service", false},
		{http.MethodPost, "/services/{alias}/aliases", c.addAlias, "give a service one more alias", false},
		{http.MethodGet, "/suggestions", c.suggestions, "the suggestions, the newest first", false},
		{http.MethodPost, "/suggestions/{alias}/accept", c.accept, "make a service of a suggestion", false},
		{http.MethodPost, "/suggestions/{alias}/bind", c.bind, "give the alias of a suggestion to a service", false},
		{http.MethodPost, "/suggestions/{alias}/ignore", c.ignore, "put a suggestion away", false},
		{http.MethodGet, "/integrations", c.integrations, "the webhook URLs, retired ones too", false},
		{http.MethodPost, "/integrations", c.createIntegration, "add a webhook URL", false},
		{http.MethodDelete, "/integrations/{uuid}", c.retire, "retire a webhook URL", false},
		{http.MethodGet, "/fixtures", c.exportFixtures, "the account as a fixture", false},
		{http.MethodPut, "/fixtures", c.importFixtures, "replace the account by a fixture", false},
	}
}

// pages cuts a list that is not numbered: limit, and after (the key of the last one seen).
func pages[T any](w http.ResponseWriter, r *http.Request, all []T, key func(T) string) (some []T, next *string, ok bool) {
	form := r.URL.Query()
	limit := DefaultPage
	if text := form.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > MaxPage {
			fail(w, http.StatusBadRequest, "bad_limit", "limit must be from 1 to 1000", "page with after")
			return nil, nil, false
		}
		limit = n
	}
	if after := form.Get("after"); after != "" {
		at := slices.IndexFunc(all, func(t T) bool { return key(t) == after })
		if at < 0 {
			fail(w, http.StatusBadRequest, "bad_after", "after names nothing of this list: "+cut(after, 100), "use next of an earlier answer")
			return nil, nil, false
		}
		all = all[at+1:]
	}
	if len(all) > limit {
		last := key(all[limit-1])
		return all[:limit], &last, true
	}
	return all, nil, true
}

func (c *Control) services(w http.ResponseWriter, r *http.Request) {
	q, ok := readQuery(w, r)
	if !ok {
		return
	}
	now := c.Clock.Now()
	all := slices.DeleteFunc(c.Store.Services(), func(s catalog.Service) bool { return !q.Match(serviceFields{&s}, now) })
	some, next, ok := pages(w, r, all, func(s catalog.Service) string { return s.Slug })
	if !ok {
		return
	}
	reply(w, http.StatusOK, struct {
		Services []catalog.Service `json:"services"`
		Next     *string           `json:"next"`
	}{notNil(some), next})
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func readQuery(w http.ResponseWriter, r *http.Request) (query.Query, bool) {
	q, err := query.Parse(r.URL.Query().Get("q"))
	if err != nil {
		badQuery(w, err)
		return q, false
	}
	var wrong *expect.Error
	if err := expect.CheckQuery(q); errors.As(err, &wrong) {
		fail(w, http.StatusBadRequest, "bad_query", wrong.Message, wrong.Hint)
		return q, false
	}
	return q, true
}

// badQuery answers a query that cannot be read: what is wrong with it, and the query with the word marked.
func badQuery(w http.ResponseWriter, err error) {
	message := err.Error()
	var e *query.Error
	if errors.As(err, &e) {
		message += "\n" + e.Mark()
	}
	fail(w, http.StatusBadRequest, "bad_query", message, "bubblelevel help query shows the language")
}

// serviceFields lets a service be queried by alias and by word.
type serviceFields struct{ s *catalog.Service }

func (f serviceFields) Values(to []string, field query.Field) []string {
	switch field {
	case query.Service, query.Alias:
		to = append(to, f.s.Slug)
		to = append(to, f.s.Aliases...)
		if field == query.Service {
			to = append(to, f.s.Name)
		}
	case query.Description:
		to = append(to, f.s.Description)
	}
	return to
}

func (serviceFields) Number(query.Field) (int64, bool)   { return 0, false }
func (serviceFields) Time(query.Field) (time.Time, bool) { return time.Time{}, false }

func (c *Control) createService(w http.ResponseWriter, r *http.Request) {
	var s catalog.Service
	if !readJSON(w, r, &s) {
		return
	}
	s.Origin = "api"
	kept, err := c.Store.CreateService(s)
	answer(w, http.StatusCreated, kept, err)
}

func (c *Control) addAlias(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Alias string `json:"alias"`
	}
	service, ok := pathValue(w, r, "alias")
	if !ok || !readJSON(w, r, &in) {
		return
	}
	err := c.Store.AddAlias(service, in.Alias)
	answer(w, http.StatusOK, struct {
		Service string `json:"service"`
		Alias   string `json:"alias"`
	}{service, in.Alias}, err)
}

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

// Integration is a webhook URL on the control API.
type Integration struct {
	catalog.Integration
	// URL is what a pipeline posts its deploys to.
	URL string `json:"integration_url"`
}

func (c *Control) integrations(w http.ResponseWriter, r *http.Request) {
	all := []Integration{}
	for _, i := range c.Store.Integrations() {
		all = append(all, Integration{i, c.Store.DeployURL(i.UUID)})
	}
	some, next, ok := pages(w, r, all, func(i Integration) string { return i.UUID })
	if !ok {
		return
	}
	reply(w, http.StatusOK, struct {
		Integrations []Integration `json:"integrations"`
		Next         *string       `json:"next"`
	}{notNil(some), next})
}

func (c *Control) createIntegration(w http.ResponseWriter, r *http.Request) {
	var in struct {
		UUID string                  `json:"uuid"`
		Name string                  `json:"name"`
		Type catalog.IntegrationType `json:"type"`
		// TTL is a duration such as "1h"; empty keeps the integration until it is retired.
		TTL string `json:"ttl"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	if in.Type == "" {
		in.Type = "deploy"
	}
	if !slices.Contains(catalog.IntegrationTypes(), in.Type) {
		fail(w, http.StatusBadRequest, "bad_type", "there is no integration of type "+cut(string(in.Type), 40), "use one of "+typeNames())
		return
	}
	var ttl time.Duration
	if in.TTL != "" {
		var err error
		if ttl, err = time.ParseDuration(in.TTL); err != nil || ttl <= 0 {
			fail(w, http.StatusBadRequest, "bad_ttl", "ttl is not a duration: "+cut(in.TTL, 40), "use one such as 90s or 1h")
			return
		}
	}
	i, err := c.Store.CreateIntegration(catalog.Integration{UUID: in.UUID, Name: in.Name, Type: in.Type, Origin: "api"}, ttl)
	answer(w, http.StatusCreated, Integration{i, c.Store.DeployURL(i.UUID)}, err)
}

func typeNames() string {
	var names []string
	for _, t := range catalog.IntegrationTypes() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

func (c *Control) retire(w http.ResponseWriter, r *http.Request) {
	uuid, ok := pathValue(w, r, "uuid")
	if !ok {
		return
	}
	err := c.Store.Retire(uuid)
	answer(w, http.StatusOK, struct {
		UUID    string `json:"uuid"`
		Retired bool   `json:"retired"`
	}{uuid, true}, err)
}

func (c *Control) exportFixtures(w http.ResponseWriter, _ *http.Request) {
	b, err := c.Store.ExportFixtures()
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.Write(b) // a client that is gone is no error of ours
}

// maxFixtures is the largest fixture that PUT takes, in bytes: a catalog of some ten thousand services.
const maxFixtures = 16 << 20

func (c *Control) importFixtures(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, http.StatusRequestEntityTooLarge, "too_large", "the fixture is larger than 16 MiB, or it did not arrive whole", "split it")
		return
	}
	notes, err := c.Store.ImportFixtures(b)
	answer(w, http.StatusOK, struct {
		Loaded bool     `json:"loaded"`
		Notes  []string `json:"notes"`
	}{true, notNil(notes)}, err)
}

// pathValue is a part of the path with its escapes undone, so that an alias may hold a slash.
func pathValue(w http.ResponseWriter, r *http.Request, name string) (string, bool) {
	v, err := url.PathUnescape(mux.Vars(r)[name])
	if err != nil {
		fail(w, http.StatusBadRequest, "bad_path", "the path has a broken escape", "escape the alias as in a URL: %2F for a slash")
		return "", false
	}
	return v, true
}

// readJSON reads a JSON object; an empty body is an empty object. It has answered when it returns false.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil || errors.Is(err, io.EOF) {
		return true
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		fail(w, http.StatusRequestEntityTooLarge, "too_large", "the body is larger than this route takes", "send less")
		return false
	}
	fail(w, http.StatusBadRequest, "bad_json", "the body cannot be read: "+err.Error(), "GET "+Prefix+"openapi.json shows its form")
	return false
}

// answer replies with v, or refuses with err.
func answer(w http.ResponseWriter, status int, v any, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, status, v)
}

// refuse answers an error of the account: 404 for what is not there, 409 for what is taken or full, 503 where nothing can be
// recorded, 400 for the rest.
func refuse(w http.ResponseWriter, err error) {
	var fault Fault
	var conflict catalog.Conflict
	switch {
	case errors.As(err, &fault):
		failStore(w, err)
	case errors.As(err, &conflict):
		fail(w, http.StatusConflict, "conflict", err.Error(), "choose another, or change the one that has it")
	case errors.Is(err, catalog.ErrFull):
		fail(w, http.StatusConflict, "full", err.Error(), "start another emulator, or put a smaller account in its place with PUT "+Prefix+"v1/fixtures")
	case errors.Is(err, catalog.ErrNoService), errors.Is(err, catalog.ErrNoIntegration), errors.Is(err, catalog.ErrNoSuggestion):
		fail(w, http.StatusNotFound, "not_found", err.Error(), "list what is there first")
	default:
		fail(w, http.StatusBadRequest, "refused", err.Error(), "")
	}
}
