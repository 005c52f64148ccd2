// Package client speaks the control API of a running emulator: what the command line, the terminal UI of another process
// and a test in another language's process have in common.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// Client is a running emulator, seen from outside.
type Client struct {
	// URL is the address of the control API without a path: "http://127.0.0.1:6775".
	URL string
	// Token is sent with every request; empty sends none.
	Token string
	// HTTP does the requests. It must not use a proxy: the emulator is on this machine.
	HTTP *http.Client
}

// New is a client for the emulator at base.
func New(base, token string) *Client {
	return &Client{
		URL: strings.TrimSuffix(base, "/"), Token: token,
		HTTP: &http.Client{Transport: &http.Transport{Proxy: nil}},
	}
}

// Error is a refusal by the control API.
type Error struct {
	HTTP                int
	Code, Message, Hint string
	// Inputs are what is wrong with each input of a template run.
	Inputs action.InputErrors
	// body is the answer where it is no Failure.
	body []byte
}

// Error is what happened; the cure stands in Hint.
func (e *Error) Error() string { return e.Message }

// Unwrap is the [action.InputErrors], if there are any.
func (e *Error) Unwrap() error {
	if len(e.Inputs) == 0 {
		return nil
	}
	return e.Inputs
}

// UnreachableError says that nothing answered.
type UnreachableError struct {
	URL string
	Err error
}

// Error names the address.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no emulator answers at %s: %v", e.URL, e.Err)
}

// Unwrap is the network's error.
func (e *UnreachableError) Unwrap() error { return e.Err }

// Do sends one request to the control API and decodes the JSON of the answer into out (nil: it is dropped). in is sent
// as JSON; nil sends no body. An answer of 300 and more is an *Error: no emulator sends anybody elsewhere.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	resp, err := c.send(ctx, method, path, in, "application/json", "")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		_, err := io.Copy(io.Discard, resp.Body)
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("the answer of %s%s cannot be read: %w", c.URL, path, err)
	}
	return nil
}

// send puts one request on the wire; a status of 300 and more is an *Error.
func (c *Client) send(ctx context.Context, method, path string, in any, accept, lastID string) (*http.Response, error) {
	resp, err := c.exchange(ctx, method, path, in, accept, lastID)
	if err == nil && resp.StatusCode >= 300 {
		defer resp.Body.Close()
		return nil, refused(resp)
	}
	return resp, err
}

// exchange puts one request on the wire and returns the answer, whatever its status. lastID is the event that a stream goes on
// behind; empty for none.
func (c *Client) exchange(ctx context.Context, method, path string, in any, accept, lastID string) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.URL+httpapi.Prefix+"v1"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	once := *c.HTTP
	// To follow a redirect would make a GET of what changes something, and a success of its answer.
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := once.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return nil, &UnreachableError{c.URL, err}
	}
	return resp, nil
}

func refused(resp *http.Response) error {
	b, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	var f httpapi.Failure
	if json.Unmarshal(b, &f) != nil || f.Error.Code == "" {
		return &Error{HTTP: resp.StatusCode, Code: "not_bubblelevel", body: b,
			Message: fmt.Sprintf("%s answered %d, and not as an emulator does", resp.Request.URL.Host, resp.StatusCode),
			Hint:    "is another program listening there? name the emulator with --url"}
	}
	return &Error{HTTP: resp.StatusCode, Code: f.Error.Code, Message: f.Error.Message, Hint: f.Error.Hint, Inputs: f.Error.Inputs}
}

// Health asks how the emulator is, also one that can record nothing any more. It needs no token.
func (c *Client) Health(ctx context.Context) (h httpapi.Health, err error) {
	err = c.Do(ctx, http.MethodGet, "/health", nil, &h)
	var sick *Error
	if errors.As(err, &sick) && sick.HTTP == http.StatusServiceUnavailable && json.Unmarshal(sick.body, &h) == nil && h.Status != "" {
		err = nil // it answers 503, and the body is its health: not that of another program
	}
	return h, err
}

// Page is what a list is asked for. Before lists downwards from a seq, After upwards; not both.
type Page struct {
	Query  string
	Limit  int
	Before uint64
	After  *uint64
}

// Events is one page of a list: the events, where the following page begins (nil at the end) and the oldest seq that is
// still whole.
type Events struct {
	Events        []*event.Event `json:"events"`
	Next          *uint64        `json:"next"`
	EvictedBefore uint64         `json:"evicted_before"`
}

func (p Page) values() url.Values {
	v := url.Values{}
	if p.Query != "" {
		v.Set("q", p.Query)
	}
	if p.Limit != 0 {
		v.Set("limit", strconv.Itoa(p.Limit))
	}
	if p.Before != 0 {
		v.Set("before", strconv.FormatUint(p.Before, 10))
	}
	if p.After != nil {
		v.Set("after", strconv.FormatUint(*p.After, 10))
	}
	return v
}

// Events reads one page of events.
func (c *Client) Events(ctx context.Context, p Page) (out Events, err error) {
	err = c.Do(ctx, http.MethodGet, "/events?"+p.values().Encode(), nil, &out)
	return out, err
}

// Event reads one event.
func (c *Client) Event(ctx context.Context, seq uint64) (e *event.Event, err error) {
	err = c.Do(ctx, http.MethodGet, "/events/"+strconv.FormatUint(seq, 10), nil, &e)
	return e, err
}

// Reset puts the account back to its fixtures.
func (c *Client) Reset(ctx context.Context) error {
	return c.Do(ctx, http.MethodPost, "/reset", nil, nil)
}

// Stop asks the emulator to end.
func (c *Client) Stop(ctx context.Context) error {
	return c.Do(ctx, http.MethodPost, "/stop", nil, nil)
}
