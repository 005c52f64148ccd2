package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// Templates are the service templates of the account, in the order of its fixtures.
func (c *Client) Templates(ctx context.Context) ([]action.Template, error) {
	return all[action.Template](ctx, c, "/templates", "templates", "")
}

// RunTemplate creates a service and fires the template's webhook. What is wrong with the inputs is an
// [action.InputErrors] in the error.
func (c *Client) RunTemplate(ctx context.Context, r httpapi.TemplateRun) (out httpapi.TemplateRunAnswer, err error) {
	err = c.Do(ctx, http.MethodPost, "/template-runs", r, &out)
	return out, err
}

// FireWebhook fires a webhook by itself.
func (c *Client) FireWebhook(ctx context.Context, f httpapi.WebhookFiring) (out httpapi.FiringAnswer, err error) {
	err = c.Do(ctx, http.MethodPost, "/firings", f, &out)
	return out, err
}

// Firings reads one page of firings.
func (c *Client) Firings(ctx context.Context, p Page) (out Events, err error) {
	var in struct {
		Firings       []*event.Event `json:"firings"`
		Next          *uint64        `json:"next"`
		EvictedBefore uint64         `json:"evicted_before"`
	}
	err = c.Do(ctx, http.MethodGet, "/firings?"+p.values().Encode(), nil, &in)
	return Events{in.Firings, in.Next, in.EvictedBefore}, err
}

// Firing reads one firing.
func (c *Client) Firing(ctx context.Context, seq uint64) (e *event.Event, err error) {
	err = c.Do(ctx, http.MethodGet, "/firings/"+strconv.FormatUint(seq, 10), nil, &e)
	return e, err
}

// ReplayFiring fires again what an event records.
func (c *Client) ReplayFiring(ctx context.Context, seq uint64) (out httpapi.FiringAnswer, err error) {
	err = c.Do(ctx, http.MethodPost, "/firings/"+strconv.FormatUint(seq, 10)+"/replay", nil, &out)
	return out, err
}

// TellReceiver says how a name of the emulator's own receiver answers from now on.
func (c *Client) TellReceiver(ctx context.Context, name string, s action.ReceiverSetup) error {
	return c.Do(ctx, http.MethodPut, "/receivers/"+url.PathEscape(name), s, nil)
}

// Received is what a name has received, the oldest first.
func (c *Client) Received(ctx context.Context, name string) ([]action.Received, error) {
	var out struct {
		Requests []action.Received `json:"requests"`
	}
	err := c.Do(ctx, http.MethodGet, "/receivers/"+url.PathEscape(name), nil, &out)
	return out.Requests, err
}
