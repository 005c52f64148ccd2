package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TestAgainIsTheSame: whatever arrived, what is sent again is recorded as the same, and goes to this emulator.
func TestAgainIsTheSame(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	base := s.URL()
	host := strings.TrimPrefix(base, "http://")
	for _, raw := range []string{
		"POST /integrations/deploy/x?service=a%20b&x=%2F HTTP/1.1\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 3\r\n\r\n\xff\x00{",
		"POST //integrations//deploy/x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
		"GET //example.test/x HTTP/1.1\r\n\r\n",
		"PUT /a%2Fb;c?d&&e HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
		"GET /a'b\"c|d HTTP/1.1\r\n\r\n",
		"DELETE http://example.test:80/a/b HTTP/1.1\r\n\r\n",
	} {
		head, rest, _ := strings.Cut(raw, "\r\n")
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s\r\nHost: elsewhere.test\r\nConnection: close\r\n%s", head, rest)
		io.Copy(io.Discard, conn)
		conn.Close()
		all := s.Events()
		first := all[len(all)-1].Request
		req, masked, err := again(context.Background(), first, base, first.Path)
		if err != nil || masked != nil {
			t.Fatalf("%q: %v, %v", raw, masked, err)
		}
		if req.URL.Host != host {
			t.Fatalf("%q goes to %q", raw, req.URL.Host)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		resp.Body.Close()
		all = s.Events()
		second := all[len(all)-1].Request
		wantPath := strings.TrimPrefix(first.Path, "http://example.test:80")
		a, _ := first.Again()
		b, _ := second.Again()
		if first.Method != second.Method || second.Path != wantPath || first.Body != second.Body || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%q\nfirst  %+v\nsecond %+v", raw, first, second)
		}
	}
	if _, _, err := again(context.Background(), &event.Request{Method: "OPTIONS", Path: "*"}, base, "*"); err == nil {
		t.Error("a request for * has no path")
	}
}
