package httpapi

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// MaxHeld is how many connections the fault no_answer holds at a time; one more is closed at once.
const MaxHeld = 1000

// HeaderFault names the fault that was injected into an answer, so that nobody takes it for OpsLevel's.
const HeaderFault = "X-Bubblelevel-Fault"

// inject does to an answer what a fault wants. The event is in the journal by now, whatever becomes of the connection.
func (v *Vendor) inject(w http.ResponseWriter, r *http.Request, a Answer, took func() time.Duration) {
	h := a.Fault
	if h.Kind == fault.KindNoAnswer {
		v.hold(w, h.Delay)
		return
	}
	v.pass(h.Delay)
	w.Header().Set(HeaderFault, h.ID)
	switch h.Kind {
	case fault.KindReset:
		hangUp(w, true)
		return
	case fault.KindEmpty, fault.KindLostAnswer:
		hangUp(w, false)
		return
	case fault.KindTruncated:
		// A promise that the server cannot keep makes it close the connection behind what was written.
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
		a.Body = h.Cut(a.Body)
	case fault.KindMalformed:
		a.Body = fault.Malform(a.Body)
	case fault.KindStatus:
		if h.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(h.RetryAfter))
		}
	case fault.KindRedirect:
		w.Header().Set("Location", location(h, r))
		bare(w, a, v, took)
		return
	case fault.KindBare202:
		bare(w, a, v, took)
		return
	}
	v.write(w, a, took)
}

// bare sends an answer without a body, and without the type of one.
func bare(w http.ResponseWriter, a Answer, v *Vendor, took func() time.Duration) {
	v.head(w, a, took)
	w.Header()["Content-Type"] = nil
	w.WriteHeader(a.HTTP)
}

// location is where a redirect leads.
func location(h *fault.Hit, r *http.Request) string {
	if h.Location != "" {
		return h.Location
	}
	to := url.URL{Scheme: "https", Host: r.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	return to.String()
}

// pass lets time go by; the end of the emulator ends it early. The client's end does not: one that has closed only its
// own half of the connection still waits for the answer.
func (v *Vendor) pass(d time.Duration) {
	if d <= 0 {
		return
	}
	fired, stop := v.Waits.After(d)
	defer stop()
	select {
	case <-fired:
	case <-v.Ending:
	}
}

// hold says nothing until the client closes its half of the connection, the time is over, or the emulator ends.
func (v *Vendor) hold(w http.ResponseWriter, d time.Duration) {
	conn := takeOver(w)
	defer conn.Close()
	if v.holds.Add(1) > MaxHeld {
		v.holds.Add(-1)
		return
	}
	defer v.holds.Add(-1)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		drain(conn)
	}()
	fired, stop := v.Waits.After(d)
	defer stop()
	select {
	case <-gone:
	case <-fired:
	case <-v.Ending:
	}
}

// drain reads until there is no more.
func drain(conn net.Conn) {
	b := make([]byte, 512)
	for {
		if _, err := conn.Read(b); err != nil {
			return
		}
	}
}

// hangUp ends the connection without an answer: with a reset, or with the quiet end of one that has said all.
func hangUp(w http.ResponseWriter, reset bool) {
	conn := takeOver(w)
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok && reset {
		tcp.SetLinger(0) // a connection that is gone already needs no reset
	}
	conn.Close()
}

// takeOver takes the connection from the server. Where it is not the server's to give (HTTP/2, a recorder), the answer
// is aborted, which closes what there is.
func takeOver(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	conn.SetDeadline(time.Time{}) // that of the server, to read a request, is over
	return conn
}
