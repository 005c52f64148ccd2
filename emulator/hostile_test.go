package emulator_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// TestMalformed sends what is broken in every way. Each gets a clear answer, and the emulator goes on.
func TestMalformed(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		detail                  string
	}{
		{"truncated", "application/json", documented[:len(documented)/2], 400, "Bad Request"},
		{"empty", "application/json", "", 400, "Service Error"},
		{"depth 10,000", "application/json", deep, 400, "Bad Request"},
		{"arrays of depth 100,000", "application/json", strings.Repeat("[", 100_000), 400, "Bad Request"},
		{"NUL", "application/json", "\x00\x00\x00", 400, "Bad Request"},
		{"NUL in a string", "application/json", body("\"x\":\"\x00\""), 400, "Bad Request"},
		{"escaped NUL", "application/json", body(`"x":"\u0000"`), 202, "ok"},
		{"not UTF-8", "application/json", body("\"x\":\"\xff\""), 400, "Bad Request"},
		{"byte order mark", "application/json", "\ufeff" + body(), 400, "Bad Request"},
		{"two documents", "application/json", body() + body(), 400, "Bad Request"},
		{"array", "application/json", "[" + body() + "]", 400, "Service Error"},
		{"number", "application/json", "12", 400, "Service Error"},
		{"broken form", "application/x-www-form-urlencoded", "service=a&service[b]=c", 400, "Bad Request"},
		{"broken multipart", "multipart/form-data; boundary=x", "--x\r\nnothing", 400, "Service Error"},
		{"no type", "", body(), 400, "Service Error"},
		{"gzip", "application/json", "\x1f\x8b\x08\x00\x00\x00", 400, "Bad Request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := send(t, "POST", s.IntegrationURL(), c.contentType, c.body)
			if got.status != c.status || !strings.Contains(got.body, c.detail) {
				t.Errorf("answer = %d %s, want %d with %q", got.status, got.body, c.status, c.detail)
			}
			all := s.Deploys()
			if last := all[len(all)-1]; last.Request.Body != c.body && len(c.body) <= 64<<10 || last.Why == "" {
				t.Error("the event does not hold what arrived")
			}
		})
	}
	wantAnswer(t, post(t, s, body()), 202, okBody)
}

func TestHeaderFlood(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	req, err := http.NewRequest("POST", s.IntegrationURL(), strings.NewReader(body()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := range 700 {
		req.Header.Set(fmt.Sprintf("X-Flood-%d", i), strings.Repeat("x", 50))
	}
	wantAnswer(t, do(t, req), 202, okBody)
	size := 0
	for name, values := range s.Deploys()[0].Request.Headers {
		size += len(name) + len(strings.Join(values, ""))
	}
	if size > 17<<10 {
		t.Errorf("the event keeps %d bytes of headers", size)
	}
	for i := range 3000 {
		req.Header.Set(fmt.Sprintf("X-Flood-%d", i), strings.Repeat("x", 50))
	}
	req.Body = io.NopCloser(strings.NewReader(body()))
	if got := do(t, req); got.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("200 KB of headers = %d, want 431", got.status)
	}
}

func dial(t *testing.T, s *emulator.Server) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn)
}

func rawPost(length int, body string) string {
	return fmt.Sprintf("POST /integrations/deploy/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", deployUUID, length, body)
}

// TestHalfClosed: a client that has sent all and closed its side is judged, recorded and answered.
func TestHalfClosed(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	conn := dial(t, s)
	io.WriteString(conn, rawPost(len(body()), body()))
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, readAnswer(t, conn), 202, okBody)
	if d := s.Deploys(); len(d) != 1 || d[0].Result != "ok" {
		t.Errorf("deploys = %v", d)
	}
}

// TestHalfSent: a body that ends early is no deploy, whatever was in it.
func TestHalfSent(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	conn := dial(t, s)
	io.WriteString(conn, rawPost(len(body())+100, body()))
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got := readAnswer(t, conn)
	wantAnswer(t, got, 400, `{"errors":[{"status":400,"title":"Bad Request","detail":"the connection ended before the whole body had arrived"}]}`)
	if d := s.Deploys(); len(d) != 1 || d[0].Result != "rejected" || d[0].Request.Body != body() {
		t.Errorf("deploys = %+v", d)
	}
}

// TestGoneClient: a request that was read whole is recorded although nobody waits for the answer.
func TestGoneClient(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	more := openStream(t, s, "/events", "0")
	conn := dial(t, s)
	io.WriteString(conn, rawPost(len(body()), body()))
	conn.SetLinger(0)
	conn.Close() // a reset
	wantRecorded := func() {
		if _, name, _ := more.next(); name != "deploy" {
			t.Errorf("event %s", name)
		}
	}
	wantRecorded()
}

// TestSlowBodies: many clients that promise a large body and send nothing cost next to nothing, and hold nobody up.
func TestSlowBodies(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const clients = 200
	for range clients {
		io.WriteString(dial(t, s), rawPost(4<<20, "{"))
	}
	wantAnswer(t, post(t, s, body()), 202, okBody)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if used := int64(after.HeapInuse) - int64(before.HeapInuse); used > clients*100<<10 {
		t.Errorf("%d slow clients hold %d KB each", clients, used/clients>>10)
	}
}

func TestPipelined(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	one := rawPost(len(body()), body())
	conn := dial(t, s)
	io.WriteString(conn, strings.Repeat(one, 3))
	var all bytes.Buffer
	conn.CloseWrite()
	if _, err := io.Copy(&all, conn); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(all.String(), okBody); n != 3 {
		t.Errorf("%d answers to 3 requests in one write", n)
	}
}

// TestManySenders: everything at once, and every answered deploy is there.
func TestManySenders(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Keep: 5000})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	const senders, each = 32, 50
	for i := range senders {
		wg.Go(func() {
			for n := range each {
				resp, err := client.Post(s.IntegrationURL(), "application/json", strings.NewReader(body(fmt.Sprintf(`"dedup_id":"%d-%d"`, i, n))))
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, d := range s.Deploys() {
		if d.Result != "ok" || seen[d.Deploy.DedupID] {
			t.Fatalf("event %d is %s for %s", d.Seq, d.Result, d.Deploy.DedupID)
		}
		seen[d.Deploy.DedupID] = true
	}
	if len(seen) != senders*each {
		t.Errorf("%d deploys are recorded, %d were answered", len(seen), senders*each)
	}
}
