package client

import (
	"context"
	"net/http"

	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// Clock is the clock of the emulator.
func (c *Client) Clock(ctx context.Context) (s httpapi.ClockState, err error) {
	err = c.Do(ctx, http.MethodGet, "/clock", nil, &s)
	return s, err
}

// MoveClock freezes, sets or advances the clock, or lets it run, and returns how it is then.
func (c *Client) MoveClock(ctx context.Context, m httpapi.ClockMove) (s httpapi.ClockState, err error) {
	err = c.Do(ctx, http.MethodPost, "/clock", m, &s)
	return s, err
}
