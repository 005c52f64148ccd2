package emulator

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// inject is how the deliveries of one firing meet the faults. Each attempt is a request of its own, so that a retry can
// get through where the first one did not.
func (s *Server) inject(template, service string) func(action.Firing) *action.Injection {
	return func(f action.Firing) *action.Injection {
		if !s.faults.Any() {
			return nil
		}
		f.Template, f.Service = template, service
		now := s.config.Clock.Now()
		h := s.faults.Decide(fault.Outgoing, &event.Event{Kind: event.KindFiring, At: now.UTC(), Service: service, Firing: &f}, now)
		if h == nil {
			return nil
		}
		return injection(h, f.Request.Target)
	}
}

// injection is a fault as a delivery suffers it.
func injection(h *fault.Hit, target string) *action.Injection {
	x := &action.Injection{ID: h.ID, Kind: string(h.Kind), Delay: h.Delay, Reaches: h.Kind.Judged()}
	switch h.Kind {
	case fault.KindStatus:
		body := deploy.Problem{Status: h.Status, Title: http.StatusText(h.Status)}.Body()
		header := "Content-Type: application/json; charset=utf-8\r\n"
		if h.RetryAfter > 0 {
			header += fmt.Sprintf("Retry-After: %d\r\n", h.RetryAfter)
		}
		x.Answer = canned(h.Status, header, body)
	case fault.KindRedirect:
		location := h.Location
		if _, rest, ok := strings.Cut(target, "://"); ok && location == "" {
			location = "https://" + rest
		}
		x.Answer = canned(h.Status, "Location: "+location+"\r\n", nil)
	case fault.KindReset:
		x.Err = syscall.ECONNRESET
	case fault.KindEmpty, fault.KindNoAnswer:
		x.Err = io.ErrUnexpectedEOF
	case fault.KindLostAnswer:
		x.Lost = true
	case fault.KindTruncated:
		x.Body, x.Err = h.Cut, io.ErrUnexpectedEOF
	case fault.KindMalformed:
		x.Body = fault.Malform
	case fault.KindBare202:
		x.Body = func([]byte) []byte { return nil }
	}
	return x
}

// canned is an HTTP answer.
func canned(status int, header string, body []byte) []byte {
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n", status, http.StatusText(status), header, len(body))
	return append([]byte(head), body...)
}

// whyInjected says which attempts of a firing met a fault, with a blank before it; empty for none.
func whyInjected(f action.Firing) string {
	var met []string
	for _, a := range f.Attempts {
		if a.Fault != nil {
			met = append(met, fmt.Sprintf("attempt %d met the injected fault %s (%s)", a.Number, a.Fault.ID, a.Fault.Kind))
		}
	}
	if met == nil {
		return ""
	}
	return " On purpose, " + strings.Join(met, ", and ") + "."
}
