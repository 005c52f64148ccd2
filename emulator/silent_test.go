package emulator_test

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// TestShutdownDoesNotWaitForTheSilent: a connection that never sent a request, or only half of its head, holds up the
// end by no more than its grace; net/http's own is five seconds. A request that was read is answered first.
func TestShutdownDoesNotWaitForTheSilent(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	host := strings.TrimPrefix(s.URL(), "http://")
	var silent []net.Conn
	for _, sent := range []string{"", "POST / HTTP/1.1\r\nHost: x\r\n"} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, sent)
		silent = append(silent, conn)
	}
	asked, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer asked.Close()
	payload := body()
	io.WriteString(asked, "POST "+strings.TrimPrefix(s.IntegrationURL(), s.URL())+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "+
		strconv.Itoa(len(payload))+"\r\n\r\n")
	if _, err := io.ReadFull(asked, make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	begun := time.Now()
	go func() { ended <- s.Shutdown(context.Background()) }()
	for _, conn := range silent {
		conn.SetReadDeadline(begun.Add(20 * time.Second))
		if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil || isTimeout(err) {
			t.Errorf("a silent connection: %d bytes, %v; want it closed", n, err)
		}
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("silent connections were closed after %s", took)
	}
	select {
	case err := <-ended:
		t.Fatalf("the end did not wait for the request under way: %v", err)
	default:
	}
	io.WriteString(asked, payload)
	answer, err := io.ReadAll(asked)
	if err != nil || !strings.Contains(string(answer), " 202 ") {
		t.Errorf("the request under way: %q, %v", answer, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func isTimeout(err error) bool {
	t, ok := err.(net.Error)
	return ok && t.Timeout()
}
