package httpapi

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// ReceiverPrefix is where the emulator's own receiver takes webhooks. It asks for no token, as no receiver of webhooks
// does, and is served wherever OpsLevel's side is.
const ReceiverPrefix = Prefix + "receiver/"

// MaxReceived is the largest body that a receiver takes, in bytes.
const MaxReceived = 8 << 20

// Receiver serves the emulator's receiver: any method, one name a path.
type Receiver struct {
	Receiver *action.Receiver
	Clock    clock.Clock
}

// ServeHTTP keeps the request and answers what the name was told to.
func (h *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The path as it was sent: an escaped slash or dot is part of no name.
	name := strings.TrimPrefix(r.URL.EscapedPath(), ReceiverPrefix)
	if decoded, err := url.PathUnescape(name); err != nil || decoded != name || !action.ValidReceiverName(name) {
		badReceiverName(w, name)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxReceived))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			fail(w, http.StatusRequestEntityTooLarge, "too_large", "a receiver takes bodies of up to 8 MiB", "send less")
		}
		return // else the sender has gone
	}
	answer, err := h.Receiver.Receive(name, action.Incoming{Method: r.Method, Path: r.URL.RequestURI(), Headers: headerLines(r), Body: body})
	if err != nil {
		fail(w, http.StatusTooManyRequests, "too_many_receivers", err.Error(), "DELETE "+Prefix+"v1/receivers forgets them")
		return
	}
	if answer.Delay > 0 && !h.wait(r, answer) || answer.Drop {
		// net/http's way to close a connection without an answer; to return would be a 200.
		panic(http.ErrAbortHandler)
	}
	for name, value := range answer.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(answer.Status)
	io.WriteString(w, string(answer.Body)) // who is gone needs no answer
}

// wait lets the delay pass; false where the sender gave up or the server ends.
func (h *Receiver) wait(r *http.Request, a action.ReceiverAnswer) bool {
	done, stop := h.Clock.After(time.Duration(a.Delay))
	defer stop()
	select {
	case <-done:
		return true
	case <-r.Context().Done():
		return false
	}
}

// headerLines are the headers of a request by name. net/http has dropped their order, and the case of HTTP/1 names.
func headerLines(r *http.Request) []action.Header {
	lines := []action.Header{{Name: "Host", Value: r.Host}}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range r.Header[name] {
			lines = append(lines, action.Header{Name: name, Value: value})
		}
	}
	return lines
}
