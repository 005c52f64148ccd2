package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// Integration is a webhook URL on the control API.
type Integration struct {
	catalog.Integration
	// URL is what a pipeline posts its deploys to.
	URL string `json:"integration_url"`
}

func (c *Control) integrations(w http.ResponseWriter, r *http.Request) {
	if !unasked(w, r) {
		return
	}
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
