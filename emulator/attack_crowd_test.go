package emulator_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// flood opens connections until there are so many; the test is skipped where this machine has too few files for both ends.
func flood(t *testing.T, s *emulator.Server, n int) (all []net.Conn) {
	t.Helper()
	for range n {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			t.Skip("this machine gives a process too few files for a flood: ", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		all = append(all, conn)
	}
	return all
}

// answered says whether the connection gets an answer to a deploy before the patience is over.
func answered(conn net.Conn, patience time.Duration) bool {
	conn.SetDeadline(time.Now().Add(patience))
	n, err := conn.Read(make([]byte, 100))
	return n > 0 && err == nil
}

// TestAttackFloodOfConnections: beyond a number of connections the next one waits until another has gone, and is then served.
func TestAttackFloodOfConnections(t *testing.T) {
	most, _ := emulator.Crowd()
	s := emulator.Start(t, emulator.Config{})
	all := flood(t, s, most)
	for i, conn := range all { // each asks, so that it is let go only when it was idle for minutes
		io.WriteString(conn, "GET /_emulator/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if !answered(conn, 30*time.Second) {
			t.Fatalf("connection %d of %d was not served", i+1, most)
		}
	}
	late := flood(t, s, 1)[0]
	io.WriteString(late, rawPost(len(body()), body()))
	if answered(late, 2*time.Second) {
		t.Errorf("connection %d was served", most+1)
	}
	all[0].Close()
	if !answered(late, 30*time.Second) {
		t.Error("nobody was served once there was a place")
	}
}

// TestAttackFloodOfStreams: there are only so many readers of the event stream; one that ends makes room for the next.
func TestAttackFloodOfStreams(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	var first *stream
	for range httpapi.MaxStreams {
		if reader := openStream(t, s, "/events", ""); first == nil {
			first = reader
		}
	}
	ask := func() answer {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.ControlURL()+v1+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/event-stream")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return answer{status: 200}
		}
		text, _ := io.ReadAll(resp.Body)
		return answer{status: resp.StatusCode, body: string(text)}
	}
	if got := ask(); got.status != 503 || !strings.Contains(got.body, `"too_many_streams"`) {
		t.Errorf("one reader too many = %d %s", got.status, got.body)
	}
	wantAnswer(t, post(t, s, body()), 202, okBody)
	first.close()
	for end := time.Now().Add(30 * time.Second); ask().status != 200; {
		if time.Now().After(end) {
			t.Fatal("a reader that ended made no room")
		}
		runtime.Gosched()
	}
}

// TestAttackFloodOfBodies: of large bodies that are never finished only so many are read on. Deploys, which are small, are
// answered all the while, and a large one as soon as there is a place.
func TestAttackFloodOfBodies(t *testing.T) {
	_, most := emulator.Crowd()
	s := emulator.Start(t, emulator.Config{})
	part := strings.Repeat("x", 100<<10)
	reading := func(want int) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); s.LargeBodies() != want; runtime.Gosched() {
			if time.Now().After(end) {
				t.Fatalf("%d large bodies are read, want %d", s.LargeBodies(), want)
			}
		}
	}
	held := flood(t, s, most)
	for _, conn := range held {
		io.WriteString(conn, rawPost(4<<20, `{"service":"`+part))
	}
	reading(most)
	late := flood(t, s, 1)[0]
	whole := body(`"notes":"` + part + `"`)
	io.WriteString(late, rawPost(len(whole), whole))
	if answered(late, 300*time.Millisecond) {
		t.Errorf("%d large bodies were read at a time", most+1)
	}
	wantAnswer(t, post(t, s, body()), 202, okBody)
	held[0].Close()
	if !answered(late, 30*time.Second) {
		t.Error("no large body was read once there was a place")
	}
	for _, conn := range held {
		conn.Close()
	}
	reading(0)
}

// TestAttackLargeBodies: no route reads more than its limit, and of what is no route at all only what is kept as evidence.
func TestAttackLargeBodies(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, path := range []string{"/services", "/integrations", "/faults", "/verify", "/template-runs", "/firings", "/render", "/clock", "/services/cart/aliases"} {
		got := control(t, s, "POST", path, `{"a":"`+strings.Repeat("a", httpapi.MaxControlBody)+`"}`)
		if got.status != 413 || !strings.Contains(got.body, `"too_large"`) {
			t.Errorf("POST %s with more than a megabyte = %d %.200s", path, got.status, got.body)
		}
	}
	if got := control(t, s, "PUT", "/fixtures", "version: 1\nservices: [] #"+strings.Repeat("a", 16<<20)); got.status != 413 {
		t.Errorf("PUT /fixtures with more than 16 MiB = %d %.200s", got.status, got.body)
	}
	req, err := http.NewRequest("POST", s.URL()+"/graphql", io.MultiReader(strings.NewReader(strings.Repeat("a", 1<<20))))
	if err != nil {
		t.Fatal(err)
	}
	if got := do(t, req); got.status != 404 {
		t.Errorf("/graphql = %d", got.status)
	}
	all := s.Events()
	if e := all[len(all)-1]; e.Request.BodyLength > event.MaxBody {
		t.Errorf("%d bytes were read of a request that is for no route", e.Request.BodyLength)
	}
}
