package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// Verify has the emulator wait until x is decided, and returns the verdict: also one that is not met is no error.
func (c *Client) Verify(ctx context.Context, x expect.Expectation) (v expect.Verdict, err error) {
	b, err := json.Marshal(x)
	if err != nil {
		return v, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+httpapi.Prefix+"v1/verify", bytes.NewReader(b))
	if err != nil {
		return v, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return v, c.broken(ctx, err)
	}
	defer resp.Body.Close()
	// 406 is the verdict of a working emulator, and no refusal.
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNotAcceptable {
		return v, refused(resp)
	}
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		return v, fmt.Errorf("the verdict of %s cannot be read: %w", c.URL, err)
	}
	if v.Outcome == "" || v.Met() != (resp.StatusCode == http.StatusOK) {
		return v, fmt.Errorf("%s answered %d to a verify, and no verdict that goes with it: is another program listening there?", c.URL, resp.StatusCode)
	}
	return v, nil
}

// broken is an exchange that failed: given up by the caller, or by a network.
func (c *Client) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return &UnreachableError{c.URL, err}
}
