package scenarios

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// ErrNoRecording says that a file is of no form that a scenario is written from.
var ErrNoRecording = errors.New("this is neither an export of events, nor an HTTP request, nor a JSON payload")

// ReadRecording reads what a scenario can be written from: events as `events export` prints them, one raw HTTP request, or
// the JSON payload of a deploy. What is not known of a request, its answer, is asked of an emulator that knows its service.
func ReadRecording(ctx context.Context, b []byte) (Recording, error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	switch start := bytes.TrimLeft(b, " \t\r\n"); {
	case requestLine.Match(start):
		q, err := readRequest(start)
		if err != nil {
			return Recording{}, err
		}
		return observe(ctx, q)
	case len(start) == 0 || start[0] != '{':
		return Recording{}, ErrNoRecording
	}
	if events, err := readEvents(b); err != nil || len(events) > 0 {
		return Recording{Events: events}, err
	}
	if !json.Valid(b) {
		return Recording{}, ErrNoRecording
	}
	q := &event.Request{Method: http.MethodPost, Path: sampleURL, Body: string(b), Headers: map[string][]string{"Content-Type": {"application/json"}, "User-Agent": {userAgent}}}
	return observe(ctx, q)
}

// requestLine begins a raw request.
var requestLine = regexp.MustCompile(`^[A-Z]+ \S+ HTTP/1\.[01]\r?\n`)

const (
	sampleUUID = "11111111-1111-4111-8111-111111111111"
	sampleURL  = deployPath + sampleUUID
	deployPath = "/integrations/deploy/"
)

// readEvents reads lines of JSON; nil where the first is no event.
func readEvents(b []byte) ([]*event.Event, error) {
	var all []*event.Event
	d := json.NewDecoder(bytes.NewReader(b))
	for {
		var raw json.RawMessage
		err := d.Decode(&raw)
		if err == io.EOF {
			return all, nil
		}
		var known struct {
			Seq  uint64     `json:"seq"`
			Kind event.Kind `json:"kind"`
		}
		if err == nil {
			err = json.Unmarshal(raw, &known)
		}
		e := &event.Event{}
		if isEvent := err == nil && known.Seq > 0 && known.Kind != ""; isEvent {
			err = json.Unmarshal(raw, e)
		} else if len(all) == 0 {
			return nil, nil
		} else if err == nil {
			err = errors.New("it is no event")
		}
		if err != nil {
			return nil, fmt.Errorf("event %d of the export cannot be read: %w", len(all)+1, err)
		}
		all = append(all, e)
	}
}

// readRequest reads a request as it stood on the wire; the lines of its head may end without a carriage return.
func readRequest(b []byte) (*event.Request, error) {
	q, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
	if err != nil {
		return nil, fmt.Errorf("the HTTP request cannot be read: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(q.Body, MaxBody))
	if err != nil {
		return nil, fmt.Errorf("the body of the HTTP request cannot be read (is its Content-Length right?): %w", err)
	}
	path := q.RequestURI
	if rest, ok := strings.CutPrefix(path, deployPath); ok {
		uuid, query, asked := strings.Cut(rest, "?")
		if path = sampleURL; asked {
			path += "?" + query
		}
		if strings.Contains(uuid, "/") {
			path = q.RequestURI
		}
	}
	return &event.Request{Method: q.Method, Path: path, Headers: q.Header, Body: string(body), BodyLength: int64(len(body))}, nil
}

// observe sends a request to an emulator and records what becomes of it. A service that nobody has is taken for one that
// there is: who writes a test of a payload means it to arrive.
func observe(ctx context.Context, q *event.Request) (Recording, error) {
	account := catalog.Contents{Integrations: []catalog.Integration{{UUID: sampleUUID, Type: "deploy"}}}
	s, err := emulator.New(emulator.Config{Fixtures: &account})
	if err != nil {
		return Recording{}, err
	}
	defer s.Close()
	if err := s.Listen(); err != nil {
		return Recording{}, err
	}
	headers, masked := q.Again()
	req, err := http.NewRequestWithContext(ctx, q.Method, s.URL()+q.Path, strings.NewReader(q.Body))
	if err != nil {
		return Recording{}, fmt.Errorf("this request cannot be sent: %w", err)
	}
	req.Header = headers
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return Recording{}, err
	}
	resp.Body.Close()
	events := s.Events()
	if len(events) != 1 {
		return Recording{}, errors.New("the request was not recorded")
	}
	e := *events[0]
	for _, name := range masked {
		e.Request.Headers[name] = []string{event.Masked}
	}
	if e.Result == deploy.NoServiceFound {
		e.Result, e.Service = deploy.OK, catalog.Slug(e.Alias)
		if e.Service == "" {
			e.Service = "service"
		}
	}
	return Recording{Events: []*event.Event{&e}}, nil
}
