package action

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// send makes the attempts that the settings allow. nil: the last one brought no whole answer.
func (r *rendering) send(ctx context.Context, s sender, t target) *answer {
	why, retries, redirects := "first", s.settings.Retries, s.settings.Redirects
	for {
		a, got, p := s.attempt(ctx, t, r.injection(s, t))
		a.Number, a.Why = len(r.firing.Attempts)+1, why
		r.firing.Attempts = append(r.firing.Attempts, a)
		r.firing.Request.Headers, r.firing.Request.SignedHeaders = p.headers, p.signed
		next, location := redirected(got, t)
		switch {
		case location && redirects > 0:
			redirects--
			why = "redirect"
			s.out = s.out.redirected(got.status, t, next)
			t = next
		case retries > 0 && worthRetrying(a, got) && s.wait(ctx):
			retries--
			why = "retry"
		default:
			r.conclude(a, got, t)
			return got
		}
	}
}

// conclude tells how the last attempt ended.
func (r *rendering) conclude(a Attempt, got *answer, t target) {
	if a.Failure != nil {
		r.tellFailure(a)
	}
	if got != nil && got.status >= 300 && got.status < 400 {
		location, _ := find(got.headers, "Location")
		r.firing.Problems = append(r.firing.Problems, Problem{
			ID: "response.redirect", Severity: Warning, Part: partAnswer, Expression: location,
			Message: "The answer is a redirect, which is not followed.", Cure: "Give the address it leads to: redirects lose the body in many clients.",
		})
	}
}

// worthRetrying: the failure may be gone next time.
func worthRetrying(a Attempt, got *answer) bool {
	if a.Failure != nil {
		return slices.Contains([]FailureKind{NameUnknown, ConnectFailed, TimedOut, Dropped}, a.Failure.Kind)
	}
	return slices.Contains([]int{429, 502, 503, 504}, got.status)
}

// wait lets the time between two attempts pass; false where the caller gave up.
func (s sender) wait(ctx context.Context) bool {
	fired, stop := s.deps.Clock.After(s.settings.RetryWait.duration())
	defer stop()
	select {
	case <-fired:
		return true
	case <-ctx.Done():
		return false
	}
}

// redirected is where an answer leads to. It is judged like any other target: nothing about it is trusted.
func redirected(got *answer, from target) (target, bool) {
	if got == nil || !slices.Contains([]int{301, 302, 303, 307, 308}, got.status) {
		return target{}, false
	}
	location, ok := find(got.headers, "Location")
	if !ok || location == "" {
		return target{}, false
	}
	u, err := from.url.Parse(location)
	if err != nil {
		return target{}, false
	}
	if u, err = parseURL(u.String()); err != nil {
		return target{}, false
	}
	return target{url: u, masked: u}, true
}

// redirected is the request for the next hop, as most clients make it: 301, 302 and 303 become a GET without a body. On
// another host none of the configured headers go along, for they may hold credentials.
func (o outgoing) redirected(status int, from, to target) outgoing {
	if status < 307 {
		o.payload = text{}
		o.method = "GET"
	}
	if !sameOrigin(from.url, to.url) {
		o.headers = slices.DeleteFunc(slices.Clone(o.headers), func(h headerLine) bool { return !strings.EqualFold(h.name, "Content-Type") })
	}
	return o
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}
