package httpapi

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Guard keeps strangers off the control API: web pages by Host (DNS rebinding) and Origin (cross-site requests), others by
// the token.
type Guard struct {
	// Token is asked for as "Authorization: Bearer TOKEN"; empty asks for none.
	Token string
	// Hosts are the names, besides loopback ones, under which the control API may be addressed: the host it listens on
	// and each --allow-host.
	Hosts []string
}

type refusal struct {
	status              int
	code, message, hint string
}

func (g *Guard) check(r *http.Request) *refusal {
	host := hostOnly(r.Host)
	if !loopbackName(host) && !slices.ContainsFunc(g.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return &refusal{http.StatusForbidden, "host_not_allowed",
			"the control API is not served under the host " + cut(host, 200),
			"start the emulator with --allow-host " + cut(host, 200) + ", or address it as localhost"}
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host {
		return &refusal{http.StatusForbidden, "cross_site", "a request from the site " + cut(origin, 200) + " may not use the control API",
			"call it from the same origin, or without an Origin header"}
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return &refusal{http.StatusForbidden, "cross_site", "another site's page may not use the control API",
			"call it from the same origin, or from outside a browser"}
	}
	if g.Token == "" {
		return nil
	}
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || subtle.ConstantTimeCompare([]byte(given), []byte(g.Token)) != 1 {
		return &refusal{http.StatusUnauthorized, "token_needed", "this emulator's control API asks for its token",
			"send Authorization: Bearer TOKEN; the token stands in the ready file and in BUBBLELEVEL_TOKEN of exec's child"}
	}
	return nil
}

// hostOnly is a Host header without its port, and an IPv6 address without its brackets.
func hostOnly(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		return h
	}
	return strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
}

// loopbackName says whether a host can only mean this machine: an address of loopback, or localhost.
func loopbackName(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
