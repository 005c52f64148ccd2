package httpapi

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
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

// ErrEnding is the answer of an emulator that is ending, to what it does not begin any more.
var ErrEnding = errors.New("the emulator is ending, and fires no more")

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
