package httpapi

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// holder answers each deploy with one fault.
type holder struct{ hit fault.Hit }

func (h holder) Deploy(*Call) Answer                { return Answer{HTTP: 202, Body: []byte(`{}`), Fault: &h.hit} }
func (h holder) Other(_ *Call, given Answer) Answer { return given }

// holding is OpsLevel's side with that fault, on a socket, and a connection with a deploy written on it.
func holding(t *testing.T, v *Vendor) *net.TCPConn {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v.Clock, v.IDs = clock.System{}, clock.NewSeeded(1)
	s := &http.Server{Handler: v.Handler(), ReadTimeout: time.Minute}
	go s.Serve(ln) // ends with http.ErrServerClosed
	t.Cleanup(func() { s.Close() })
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	io.WriteString(conn, "POST /integrations/deploy/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
	return conn.(*net.TCPConn)
}

// held waits until so many connections are held.
func held(t *testing.T, v *Vendor, want int32) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); v.holds.Load() != want; {
		if time.Now().After(end) {
			t.Fatalf("%d connections are held, want %d", v.holds.Load(), want)
		}
		<-time.After(time.Millisecond)
	}
}

// TestHoldEnds: a held connection is let go when the client goes, when its time is over, and when the emulator ends.
func TestHoldEnds(t *testing.T) {
	for name, end := range map[string]func(*net.TCPConn, *clock.Manual, chan struct{}){
		"the client closes":      func(c *net.TCPConn, _ *clock.Manual, _ chan struct{}) { c.Close() },
		"the client resets":      func(c *net.TCPConn, _ *clock.Manual, _ chan struct{}) { c.SetLinger(0); c.Close() },
		"the time is over":       func(_ *net.TCPConn, m *clock.Manual, _ chan struct{}) { m.Advance(time.Minute) },
		"the emulator ends":      func(_ *net.TCPConn, _ *clock.Manual, ending chan struct{}) { close(ending) },
		"the client half-closes": func(c *net.TCPConn, _ *clock.Manual, _ chan struct{}) { c.CloseWrite() },
	} {
		manual, ending := clock.NewManual(time.Unix(0, 0)), make(chan struct{})
		v := &Vendor{Account: holder{fault.Hit{Kind: fault.KindNoAnswer, Delay: time.Minute}}, Waits: manual, Ending: ending}
		conn := holding(t, v)
		held(t, v, 1)
		for manual.Waiting() == 0 {
			<-time.After(time.Millisecond)
		}
		manual.Advance(59 * time.Second)
		if v.holds.Load() != 1 {
			t.Errorf("%s: let go too early", name)
		}
		end(conn, manual, ending)
		held(t, v, 0)
		if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("%s: a byte came", name)
		}
	}
}

// TestHoldIsBounded: beyond MaxHeld a connection is closed at once.
func TestHoldIsBounded(t *testing.T) {
	v := &Vendor{Account: holder{fault.Hit{Kind: fault.KindNoAnswer, Delay: time.Hour}}, Waits: clock.NewManual(time.Unix(0, 0))}
	v.holds.Store(MaxHeld)
	conn := holding(t, v)
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection ends with %v", err)
	}
	held(t, v, MaxHeld)
}

// TestLatencyAnswersAHalfClosedClient: one that has said all, and closed its half, still waits for its answer.
func TestLatencyAnswersAHalfClosedClient(t *testing.T) {
	manual := clock.NewManual(time.Unix(0, 0))
	v := &Vendor{Account: holder{fault.Hit{Kind: fault.KindLatency, Delay: time.Minute}}, Waits: manual}
	conn := holding(t, v)
	for manual.Waiting() == 0 {
		<-time.After(time.Millisecond)
	}
	conn.CloseWrite()
	manual.Advance(time.Minute)
	b := make([]byte, 12)
	if _, err := io.ReadFull(conn, b); err != nil || string(b) != "HTTP/1.1 202" {
		t.Errorf("%q %v", b, err)
	}
}

// TestNoConnectionToTakeOver: where a connection is not the server's to give, the answer is aborted, and never sent.
func TestNoConnectionToTakeOver(t *testing.T) {
	for _, kind := range []fault.Kind{fault.KindReset, fault.KindEmpty, fault.KindLostAnswer, fault.KindNoAnswer} {
		v := &Vendor{Account: holder{fault.Hit{Kind: kind}}, Clock: clock.System{}, IDs: clock.NewSeeded(1), Waits: clock.System{}}
		w := httptest.NewRecorder()
		func() {
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("%s: %v", kind, p)
				}
			}()
			v.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/integrations/deploy/x", nil))
		}()
		if w.Body.Len() > 0 {
			t.Errorf("%s: answered %s", kind, w.Body)
		}
	}
}
