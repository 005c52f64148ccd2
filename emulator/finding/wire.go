package finding

import (
	"strconv"
	"strings"
)

// route is which of OpsLevel's paths a request is for.
type route uint8

const (
	strangeRoute route = iota // nothing of OpsLevel's
	deployRoute               // /integrations/deploy/{uuid}
	pingRoute                 // /api/ping
	vendorRoute               // a path that OpsLevel has and the emulator does not
	nearRoute                 // almost a deploy integration
)

const deployPath = "/integrations/deploy/"

// vendorPaths are those under which OpsLevel is known to answer; the emulator does not.
func vendorPath(path string) bool {
	for _, p := range [...]string{
		"/graphql", "/api/", "/upload/", "/integrations/custom_event", "/integrations/custom/", "/integrations/check",
		"/integrations/payload", "/integrations/kubernetes",
	} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

func (w *Wire) route() route {
	path := w.path()
	if rest, ok := strings.CutPrefix(path, deployPath); ok {
		if rest = strings.TrimSuffix(rest, "/"); rest != "" && strings.IndexByte(rest, '/') < 0 {
			return deployRoute
		}
		return nearRoute
	}
	switch {
	case path == "/api/ping":
		return pingRoute
	case vendorPath(path):
		return vendorRoute
	case strings.Contains(path, "/deploy"), strings.HasPrefix(strings.TrimLeft(path, "/"), "integration"):
		return nearRoute
	}
	return strangeRoute
}

// path is the path alone: without the query, and without the host that a client puts before it when it takes the
// emulator for a proxy.
func (w *Wire) path() string {
	path := w.Path
	if i := strings.IndexByte(path, '?'); i >= 0 {
		path = path[:i]
	}
	if path != "" && path[0] != '/' {
		if _, rest, ok := strings.Cut(path, "://"); ok {
			return rest[max(strings.IndexByte(rest, '/'), 0):]
		}
	}
	return path
}

// uuid is the last part of the path of a deploy integration.
func (w *Wire) uuid() string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(w.path(), deployPath), "/"), ".json")
}

// query is the query string of the path.
func (w *Wire) query() string {
	i := strings.IndexByte(w.Path, '?')
	if i < 0 {
		return ""
	}
	return w.Path[i+1:]
}

// writes says whether the method is one that brings a body.
func (w *Wire) writes() bool {
	return w.Method == "POST" || w.Method == "PUT" || w.Method == "PATCH"
}

// elsewhere are the findings about a request that is not for a deploy integration.
func elsewhere(c *Case, f []Finding) []Finding {
	r := c.Wire.route()
	if c.Wire.writes() && (r == nearRoute || r == strangeRoute) && likeDeploy(c, r) {
		return wrongPath(c, f)
	}
	if r == vendorRoute || r == nearRoute {
		return notEmulated(c, f)
	}
	return f
}

// likeDeploy says whether a request to a path that is none of OpsLevel's was meant as a deploy.
func likeDeploy(c *Case, r route) bool {
	return r == nearRoute && c.Wire.Body != Empty || strings.Contains(c.Wire.BodyPrefix, "deployed_at")
}

func wrongPath(c *Case, f []Finding) []Finding {
	evidence := "A deploy was sent to a path where OpsLevel has no integration."
	path := c.Wire.path()
	switch rest, ok := strings.CutPrefix(path, deployPath); {
	case ok && strings.Trim(rest, "/") == "":
		evidence = "A deploy was sent to " + deployPath + " with nothing where the uuid belongs."
	case strings.HasPrefix(path, "//"):
		evidence = "A deploy was sent to a path that starts with two slashes."
	case strings.Count(path, deployPath) > 1:
		evidence = "A deploy was sent to a path that holds " + deployPath + " twice."
	}
	return append(f, Finding{
		ID: "silent.wrong_path", Severity: Silent, Evidence: evidence,
		Explanation: "OpsLevel answers 404 and keeps nothing, and " + ignores(c),
		Cure:        "Use the integration URL exactly as OpsLevel shows it: https://app.opslevel.com" + deployPath + "UUID.",
	})
}

func notEmulated(c *Case, f []Finding) []Finding {
	return append(f, Finding{
		ID: "wire.not_emulated", Severity: Warning,
		Evidence:    "The request was " + plain(c.Wire.Method) + " " + publicPath(c.Wire.path()) + ".",
		Explanation: "Of OpsLevel, only the deploy integrations and /api/ping are emulated, so this answer of 404 says nothing about the real one.",
		Cure:        "Send this request to the real OpsLevel, or leave it out of the run.",
	})
}

// publicPath is the start of a path, without what may be the uuid of an integration.
func publicPath(path string) string {
	parts := strings.SplitN(path, "/", 4)
	if len(parts) == 4 && parts[3] != "" {
		parts[3] = "..."
	}
	return quote(strings.Join(parts, "/"))
}

// otherMethod are the findings about a request for a deploy integration that is not a POST.
func otherMethod(c *Case, f []Finding) []Finding {
	if lostBody(&c.Wire) {
		return append(f, Finding{
			ID: "wire.redirect", Severity: Silent,
			Evidence:    "A " + plain(c.Wire.Method) + " without a body reached the integration URL, as a client sends it after a redirect of its POST.",
			Explanation: "After a 301 or 302 most clients repeat a POST as a GET and drop the body, so the deploy is lost, and " + ignores(c),
			Cure:        "Put the address that the redirect leads to (https://, not http://) into the integration URL.",
		})
	}
	x := Finding{
		ID: "wire.method", Severity: Warning, Field: "method",
		Evidence:    "A " + plain(c.Wire.Method) + " reached the integration URL.",
		Explanation: "A deploy integration takes POST alone: OpsLevel answers 404 to anything else and keeps nothing.",
		Cure:        "Send the deploy with POST.",
	}
	switch {
	case c.Wire.writes(), c.Wire.Body != Empty, strings.Contains(c.Wire.query(), "service="):
		x.Severity = Silent
	case c.Wire.Method == "HEAD", c.Wire.Method == "OPTIONS":
		x.Severity = Note
	}
	return append(f, x)
}

// lostBody says whether a GET shows the traces of a POST that followed a redirect: Go's clients name where they came
// from, curl keeps the content type, and some agents are never used by hand.
func lostBody(w *Wire) bool {
	return w.Method == "GET" && w.Body == Empty && (w.Referer != "" || w.ContentType != "" || w.client() != otherClient && w.client() != curlClient)
}

// deadURL is the finding about a POST to a webhook URL that takes no deploys.
func deadURL(c *Case, f []Finding) []Finding {
	uuid := c.Wire.uuid()
	which := "The uuid in the path"
	if n := len(uuid); n > 8 {
		which = "The uuid in the path (..." + strings.Trim(quote(uuid[n-4:]), `"`) + ")"
	}
	x := Finding{
		ID: "silent.unknown_integration", Severity: Silent,
		Evidence:    which + " belongs to no integration.",
		Explanation: "OpsLevel answers 404 and keeps nothing, and " + ignores(c),
		Cure:        "Copy the URL again from the integration's page, and look for a wrong account, secret or variable.",
	}
	const uuidLen = 36
	if n := len(uuid); n != uuidLen {
		x.Evidence += " It is " + plural(n, "character") + " long, and a uuid has " + strconv.Itoa(uuidLen) + "."
	}
	if c.Standing == Retired {
		x.ID = "silent.retired_integration"
		x.Evidence = which + " belongs to an integration that was retired" + retiredAt(c) + "."
		x.Cure = "Put the URL of the integration that took its place into the sender's settings."
	}
	return append(f, x)
}

func retiredAt(c *Case) string {
	at := c.Integration.RetiredAt
	if at == nil {
		at = c.Integration.ExpiresAt
	}
	if at == nil {
		return ""
	}
	return " on " + at.UTC().Format("2006-01-02 15:04 MST")
}
