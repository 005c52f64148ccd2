package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// stream reads Server-Sent Events off a live connection.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	close func()
}

func openStream(t *testing.T, s *emulator.Server, path, lastID string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", s.ControlURL()+v1+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if ct := resp.Header.Get("Content-Type"); !strings.HasPrefix(ct, "text/event-stream") {
		t.Fatalf("Content-Type = %s", ct)
	}
	return &stream{t, bufio.NewScanner(resp.Body), cancel}
}

// next is the following message: its id, its name and its data.
func (s *stream) next() (id, name, data string) {
	s.t.Helper()
	for s.lines.Scan() {
		line := s.lines.Text()
		switch {
		case strings.HasPrefix(line, "id: "):
			id = line[4:]
		case strings.HasPrefix(line, "event: "):
			name = line[7:]
		case strings.HasPrefix(line, "data: "):
			data = line[6:]
		case line == "" && name != "":
			return id, name, data
		}
	}
	s.t.Fatalf("the stream ended: %v", s.lines.Err())
	return "", "", ""
}

func TestStream(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	post(t, s, body())
	live := openStream(t, s, "/events?q=result:ok", "")
	post(t, s, `{}`)
	post(t, s, body())
	id, name, data := live.next()
	var e event.Event
	if err := json.Unmarshal([]byte(data), &e); err != nil || id != "3" || name != "deploy" || e.Seq != 3 {
		t.Errorf("first live message = %s %s %s (%v), want event 3 alone", id, name, data, err)
	}
	resumed := openStream(t, s, "/events", "1")
	for _, want := range []string{"2", "3"} {
		if id, _, _ := resumed.next(); id != want {
			t.Errorf("after resuming from 1: id %s, want %s", id, want)
		}
	}
	all := openStream(t, s, "/events?after=0", "")
	if id, _, _ := all.next(); id != "1" {
		t.Errorf("from the beginning: id %s", id)
	}
}

func TestStreamSaysWhatItMissed(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Keep: 10})
	for range 30 {
		post(t, s, body())
	}
	late := openStream(t, s, "/events", "5")
	id, name, data := late.next()
	var gap client.Gap
	if err := json.Unmarshal([]byte(data), &gap); err != nil || name != "gap" || gap.From != 6 || gap.To != 20 || id != "20" {
		t.Errorf("first message = %s %s %s, want the gap from 6 to 20", id, name, data)
	}
	if id, _, _ := late.next(); id != "21" {
		t.Errorf("then id %s, want 21", id)
	}
}

// TestStreamOfAnotherJournal: who resumes from an event that this journal does not have yet read another one, before the
// emulator was started anew. Waiting for that number would keep everything from them.
func TestStreamOfAnotherJournal(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	post(t, s, body())
	for _, st := range []*stream{openStream(t, s, "/events", "500"), openStream(t, s, "/events?after=500", "")} {
		if id, _, _ := st.next(); id != "1" {
			t.Errorf("first id %s, want 1", id)
		}
	}
	post(t, s, body())
	if id, _, _ := openStream(t, s, "/events", "1").next(); id != "2" {
		t.Errorf("then id %s, want 2", id)
	}
}

func TestStreamEndsWithTheServer(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	st := openStream(t, s, "/events", "")
	done := make(chan error, 1)
	go func() { done <- s.Close() }()
	for st.lines.Scan() { // ends when the server does
	}
	if err := <-done; err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestAttach(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for range 2 {
		post(t, s, body(`"service":"acme/cart"`))
	}
	a := control(t, s, "POST", "/suggestions/acme%2Fcart/accept", `{"name":"Cart"}`)
	if a.status != 201 {
		t.Fatalf("accept = %d %s", a.status, a.body)
	}
	wantAnswer(t, post(t, s, body(`"service":"acme/cart"`)), 202, okBody)
	all := s.Deploys()
	if last := all[len(all)-1]; last.Deploy.DeployNumber != "3" || last.Service != "cart" {
		t.Errorf("the third deploy has the number %s for %s; the two before it are not attached", last.Deploy.DeployNumber, last.Service)
	}
	if a := control(t, s, "POST", "/suggestions/acme%2Fcart/accept", ``); a.status != 400 {
		t.Errorf("accepted twice: %d", a.status)
	}
	post(t, s, body(`"service":"old_cart"`))
	if a := control(t, s, "POST", "/suggestions/old_cart/bind", `{"service":"cart"}`); a.status != 200 {
		t.Fatalf("bind = %d %s", a.status, a.body)
	}
	post(t, s, body(`"service":"old_cart"`))
	all = s.Deploys()
	if last := all[len(all)-1]; last.Deploy.DeployNumber != "5" || last.Service != "cart" {
		t.Errorf("after binding: number %s for %s, want 5 for cart", last.Deploy.DeployNumber, last.Service)
	}
	if a := control(t, s, "POST", "/suggestions/nobody/ignore", ``); a.status != 404 {
		t.Errorf("ignoring what is not there = %d", a.status)
	}
}
