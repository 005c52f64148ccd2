package emulator_test

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// TestAdvanceTimesNothingOut: the account's clock is moved a day while a webhook and a relayed deploy are on their way. How
// long a socket may take is told by the machine's clock, so both arrive.
func TestAdvanceTimesNothingOut(t *testing.T) {
	arrived, proceed := make(chan struct{}), make(chan struct{})
	to := target(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-proceed
	}))
	s := emulator.Start(t, emulator.Config{})
	fired := make(chan action.Firing)
	go func() {
		f, _, _ := s.FireWebhook(t.Context(), action.Webhook{URL: to}, action.Context{}, false)
		fired <- f
	}()
	<-arrived
	before := s.Clock().Now()
	if err := s.Advance(24 * time.Hour); err != nil || s.Clock().Now().Sub(before) < 24*time.Hour {
		t.Fatalf("%v; it is %s, and was %s", err, s.Clock().Now(), before)
	}
	proceed <- struct{}{}
	if f := <-fired; f.Result != action.Success || len(f.Attempts) != 1 || f.Took >= action.Duration(time.Hour) {
		t.Errorf("%s after %s, %d attempts: %s", f.Result, f.Took, len(f.Attempts), f.Error)
	}

	up := startRaw(t, func(_ int, _ []byte, conn net.Conn) {
		arrived <- struct{}{}
		<-proceed
		io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 15\r\n\r\n"+okBody)
	})
	relay := relaying(t, up.url(), emulator.Config{})
	answered := make(chan answer)
	go func() { answered <- post(t, relay, body()) }()
	<-arrived
	if err := relay.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	proceed <- struct{}{}
	wantAnswer(t, <-answered, 202, okBody)
	if e := lastDeploy(t, relay); e.Upstream.Failure != "" || e.Upstream.Seconds > 3600 {
		t.Errorf("%q after %g seconds", e.Upstream.Failure, e.Upstream.Seconds)
	}
}
