package fault

import (
	"net/http"
	"time"
)

// status answers with an error of the server, or of a proxy before it.
type status struct {
	status            int
	retryAfter, delay time.Duration
}

func statusDoc() KindDoc {
	return KindDoc{
		Kind: KindStatus, Settings: []string{"status", "retry_after", "delay"}, read: readStatus,
		Doc:     "Answers with an HTTP status from 400 to 599 (503), with Retry-After where it is set. Nothing is recorded.",
		Example: "bubblelevel faults add status --status 503 --retry-after 2s --first 2 'service:cart'",
	}
}

func readStatus(f Fault) (effect, *CheckError) {
	s := status{status: f.Status}
	if s.status == 0 {
		s.status = http.StatusServiceUnavailable
	}
	if s.status < 400 || s.status > 599 {
		return nil, wrong("status", "bare_202 and redirect are kinds of their own", "this is a status from 400 to 599, not %d", f.Status)
	}
	var err *CheckError
	if s.retryAfter, err = bounded("retry_after", f.RetryAfter, 0, MaxRetryAfter); err != nil {
		return nil, err
	}
	s.delay, err = f.delays(0)
	return s, err
}

func (s status) hit(float64) Hit {
	return Hit{Kind: KindStatus, Status: s.status, RetryAfter: int((s.retryAfter + time.Second - 1) / time.Second), Delay: s.delay}
}
