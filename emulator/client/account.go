package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// pageSize is how much of a list is asked for at a time.
const pageSize = "1000"

// all reads a list that is paged by the key of its last entry.
func all[T any](ctx context.Context, c *Client, path, name, query string) ([]T, error) {
	found := []T{}
	after := ""
	for {
		v := url.Values{"limit": {pageSize}}
		if query != "" {
			v.Set("q", query)
		}
		if after != "" {
			v.Set("after", after)
		}
		page := map[string]json.RawMessage{}
		if err := c.Do(ctx, http.MethodGet, path+"?"+v.Encode(), nil, &page); err != nil {
			return nil, err
		}
		var some []T
		var next *string
		if err := errors.Join(json.Unmarshal(page[name], &some), json.Unmarshal(page["next"], &next)); err != nil {
			return nil, fmt.Errorf("the answer of %s%s cannot be read: %w", c.URL, path, err)
		}
		found = append(found, some...)
		if next == nil {
			return found, nil
		}
		after = *next
	}
}

// Services are the services of the account that answer a query; empty means all.
func (c *Client) Services(ctx context.Context, query string) ([]catalog.Service, error) {
	return all[catalog.Service](ctx, c, "/services", "services", query)
}

// CreateService adds a service and returns it as it is kept.
func (c *Client) CreateService(ctx context.Context, s catalog.Service) (kept catalog.Service, err error) {
	err = c.Do(ctx, http.MethodPost, "/services", s, &kept)
	return kept, err
}

// AddAlias gives a service one more alias.
func (c *Client) AddAlias(ctx context.Context, service, alias string) error {
	return c.Do(ctx, http.MethodPost, "/services/"+url.PathEscape(service)+"/aliases", map[string]string{"alias": alias}, nil)
}

// Suggestions are the suggestions that answer a query, settled ones too, the newest first.
func (c *Client) Suggestions(ctx context.Context, query string) ([]catalog.Suggestion, error) {
	return all[catalog.Suggestion](ctx, c, "/suggestions", "suggestions", query)
}

// Accept makes a service of the suggestion for alias. What s leaves out comes from the alias.
func (c *Client) Accept(ctx context.Context, alias string, s catalog.Service) (kept catalog.Service, err error) {
	err = c.Do(ctx, http.MethodPost, suggestion(alias, "accept"), s, &kept)
	return kept, err
}

// Bind gives the alias of a suggestion to a service that is there.
func (c *Client) Bind(ctx context.Context, alias, service string) error {
	return c.Do(ctx, http.MethodPost, suggestion(alias, "bind"), map[string]string{"service": service}, nil)
}

// Ignore puts the suggestion for alias away.
func (c *Client) Ignore(ctx context.Context, alias string) error {
	return c.Do(ctx, http.MethodPost, suggestion(alias, "ignore"), nil, nil)
}

func suggestion(alias, verb string) string {
	return "/suggestions/" + url.PathEscape(alias) + "/" + verb
}

// Integrations are the webhook URLs, retired ones too.
func (c *Client) Integrations(ctx context.Context) ([]httpapi.Integration, error) {
	return all[httpapi.Integration](ctx, c, "/integrations", "integrations", "")
}

// NewIntegration says what a webhook URL is to be.
type NewIntegration struct {
	UUID string                  `json:"uuid,omitempty"`
	Name string                  `json:"name,omitempty"`
	Type catalog.IntegrationType `json:"type,omitempty"`
	// TTL is a duration such as "1h", after which it retires by itself; empty keeps it.
	TTL string `json:"ttl,omitempty"`
}

// CreateIntegration adds a webhook URL.
func (c *Client) CreateIntegration(ctx context.Context, n NewIntegration) (kept httpapi.Integration, err error) {
	err = c.Do(ctx, http.MethodPost, "/integrations", n, &kept)
	return kept, err
}

// Retire makes a webhook URL invalid.
func (c *Client) Retire(ctx context.Context, uuid string) error {
	return c.Do(ctx, http.MethodDelete, "/integrations/"+url.PathEscape(uuid), nil, nil)
}

// Fixtures is the account as a fixture in JSON.
func (c *Client) Fixtures(ctx context.Context) (fixture []byte, err error) {
	var raw json.RawMessage
	err = c.Do(ctx, http.MethodGet, "/fixtures", nil, &raw)
	return raw, err
}

// LoadFixtures replaces the account by a fixture in JSON and returns what is worth knowing about it.
func (c *Client) LoadFixtures(ctx context.Context, fixture []byte) (notes []string, err error) {
	var out struct {
		Notes []string `json:"notes"`
	}
	err = c.Do(ctx, http.MethodPut, "/fixtures", json.RawMessage(fixture), &out)
	return out.Notes, err
}
