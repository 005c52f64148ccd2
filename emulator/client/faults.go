package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// Faults are the faults in force with their counters, in the order in which they decide.
func (c *Client) Faults(ctx context.Context) ([]fault.Status, error) {
	return all[fault.Status](ctx, c, "/faults", "faults", "")
}

// AddFault puts a fault into force and returns it as it is kept, with its id.
func (c *Client) AddFault(ctx context.Context, f fault.Fault) (kept fault.Fault, err error) {
	err = c.Do(ctx, http.MethodPost, "/faults", f, &kept)
	return kept, err
}

// AddFaults adds every one of the faults, or none.
func (c *Client) AddFaults(ctx context.Context, faults []fault.Fault) ([]fault.Fault, error) {
	var out struct {
		Faults []fault.Fault `json:"faults"`
	}
	err := c.Do(ctx, http.MethodPost, "/faults", map[string]any{"faults": faults}, &out)
	return out.Faults, err
}

// RemoveFault takes one fault out of force.
func (c *Client) RemoveFault(ctx context.Context, id string) error {
	return c.Do(ctx, http.MethodDelete, "/faults/"+url.PathEscape(id), nil, nil)
}

// ClearFaults takes every fault out of force.
func (c *Client) ClearFaults(ctx context.Context) error {
	return c.Do(ctx, http.MethodDelete, "/faults", nil, nil)
}
