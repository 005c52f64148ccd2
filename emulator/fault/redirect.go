package fault

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// redirect sends the sender elsewhere.
type redirect struct {
	status   int
	location string
	delay    time.Duration
}

func redirectDoc() KindDoc {
	return KindDoc{
		Kind: KindRedirect, Settings: []string{"status", "location", "delay"}, read: readRedirect,
		Doc:     "Answers with a redirect (301), to the same address by https or to a location. Nothing is recorded. Many clients follow a 301 with a GET, which loses the body; a 307 keeps it.",
		Example: "bubblelevel faults add redirect --status 307 --location http://127.0.0.1:6775/elsewhere",
	}
}

func redirects() []int { return []int{301, 302, 303, 307, 308} }

func readRedirect(f Fault) (effect, *CheckError) {
	r := redirect{status: f.Status, location: f.Location}
	if r.status == 0 {
		r.status = http.StatusMovedPermanently
	}
	if !slices.Contains(redirects(), r.status) {
		return nil, wrong("status", "", "a redirect is 301, 302, 303, 307 or 308, not %d", f.Status)
	}
	if u, err := url.Parse(r.location); r.location != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "") {
		return nil, wrong("location", "write scheme and host: https://elsewhere.example.test/path", "this is the URL that it leads to, not %q", shortened(f.Location))
	}
	var err *CheckError
	r.delay, err = f.delays(0)
	return r, err
}

func (r redirect) hit(float64) Hit {
	return Hit{Kind: KindRedirect, Status: r.status, Location: r.location, Delay: r.delay}
}
