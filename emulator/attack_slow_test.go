package emulator_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// hasty is a listener for whose connections a minute of patience is over in sixty milliseconds.
type hasty struct{ net.Listener }

func (h hasty) Accept() (net.Conn, error) {
	conn, err := h.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return hastyConn{conn}, nil
}

type hastyConn struct{ net.Conn }

func (c hastyConn) SetReadDeadline(at time.Time) error {
	if left := time.Until(at); left > 0 {
		at = time.Now().Add(left / 1000)
	}
	return c.Conn.SetReadDeadline(at)
}

// TestAttackSlowClients: a client that sends its head, its body, or its next request for ever is let go, each within its
// limit. Without the limit the connection stays, and the test ends at its own.
func TestAttackSlowClients(t *testing.T) {
	head, whole, idle := emulator.Patience()
	if head > 10*time.Second || whole > time.Minute || idle > 2*time.Minute {
		t.Errorf("the limits are %s, %s and %s", head, whole, idle)
	}
	s := emulator.Start(t, emulator.Config{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.ServeOn(hasty{ln})
	request := rawPost(len(body()), body())
	for _, c := range []struct{ name, sent, drip, want string }{
		{"nothing", "", "", ""},
		{"a head without end", "POST / HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n", ""},
		{"a line without end", "POST /", "a", ""},
		{"a body without end", rawPost(4<<20, "{"), " ", " 400 "},
		{"a chunked body without end", fmt.Sprintf("POST /integrations/deploy/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", deployUUID), "1\r\n \r\n", " 400 "},
		{"no second request", request, "", " 202 "},
		{"half of a second request", request + "POST", "", " 202 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			io.WriteString(conn, c.sent)
			go func() { // a drop at a time, far from any limit of size
				drops := time.NewTicker(2 * time.Millisecond)
				defer drops.Stop()
				for range drops.C {
					if _, err := io.WriteString(conn, c.drip); err != nil {
						return
					}
				}
			}()
			got, err := io.ReadAll(conn)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Fatal("the connection is still held")
			}
			if c.want != "" && !strings.Contains(string(got), c.want) {
				t.Errorf("answered %q, want %q", got, c.want)
			}
		})
	}
}
