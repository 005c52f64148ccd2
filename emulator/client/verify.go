package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// Verify has the emulator wait until x is decided, and returns the verdict: also one that is not met is no error.
func (c *Client) Verify(ctx context.Context, x expect.Expectation) (v expect.Verdict, err error) {
	resp, err := c.exchange(ctx, http.MethodPost, "/verify", x, "application/json", "")
	if err != nil {
		return v, err
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
