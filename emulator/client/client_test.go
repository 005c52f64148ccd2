package client_test

import (
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/client"
)

// at is the address of a server that answers every request alike.
func at(t *testing.T, status int, body string) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	})}
	done := make(chan error)
	go func() { done <- s.Serve(ln) }()
	t.Cleanup(func() { s.Close(); <-done })
	return "http://" + ln.Addr().String()
}

// TestHealthOfOneThatFails: an emulator whose disk is full answers 503 and says who it is; whoever takes it for gone, or for
// a stranger, cannot even stop it.
func TestHealthOfOneThatFails(t *testing.T) {
	h, err := client.New(at(t, 503, `{"status":"failing","error":"no space left","pid":42,"integration_url":"http://x/"}`), "").Health(t.Context())
	if err != nil || h.Status != "failing" || h.Error != "no space left" || h.PID != 42 || h.IntegrationURL != "http://x/" {
		t.Errorf("health = %+v, %v", h, err)
	}
}

// TestHealthOfAStranger: a proxy's 503 is no emulator. The token would go to it.
func TestHealthOfAStranger(t *testing.T) {
	for _, body := range []string{"", "<html>upstream is down</html>", "{}", `{"message":"down"}`, "null"} {
		if h, err := client.New(at(t, 503, body), "").Health(t.Context()); err == nil {
			t.Errorf("503 %s is the health %+v", body, h)
		}
	}
}
