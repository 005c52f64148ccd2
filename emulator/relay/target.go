package relay

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Target is the URL of a real integration. It prints as a mask: only its host may be seen.
type Target struct {
	url *url.URL
	// secret is the part of the path that must not be seen.
	secret string
}

// minSecret is the shortest last part of a path, in bytes, that is looked for in answers: "deploy" stands in innocent texts.
const minSecret = 8

// ParseTarget reads the URL of an integration. The error names no part of it but the host.
func ParseTarget(s string) (Target, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	switch {
	case err != nil:
		return Target{}, errors.New("it cannot be read as a URL") // the error of net/url repeats it
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return Target{}, errors.New("it does not begin with https:// and a host")
	case u.User != nil:
		return Target{}, fmt.Errorf("it has a user before the host %s", u.Hostname())
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return Target{}, fmt.Errorf("it has something behind the path, on the host %s", u.Hostname())
	case strings.Trim(u.EscapedPath(), "/") == "":
		return Target{}, fmt.Errorf("it has no path: it is the host %s alone", u.Hostname())
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return Target{}, errors.New("its port is not from 1 to 65535")
		}
	}
	t := Target{url: u}
	path := strings.TrimRight(u.EscapedPath(), "/")
	t.url.RawPath, t.url.Path = path, strings.TrimRight(u.Path, "/")
	t.secret = strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".json")
	if len(t.secret) < minSecret {
		t.secret = path
	}
	return t, nil
}

// Host is the host, with the port where the URL has one.
func (t Target) Host() string { return t.url.Host }

// Scheme is "https" or "http".
func (t Target) Scheme() string { return t.url.Scheme }

// Address is what to connect to.
func (t Target) Address() (host, port string) {
	port = t.url.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[t.url.Scheme]
	}
	return t.url.Hostname(), port
}

// String shows the host alone.
func (t Target) String() string { return t.url.Scheme + "://" + t.url.Host + "/********" }

// GoString keeps the secret from %#v.
func (t Target) GoString() string { return t.String() }

// line is what stands between the method and the protocol.
func (t Target) line(q Request, proxied bool) string {
	line := t.url.EscapedPath() + q.Suffix
	if strings.HasSuffix(t.url.EscapedPath(), ".json") {
		line = t.url.EscapedPath()
	}
	if q.Query != "" {
		line += "?" + q.Query
	}
	if proxied {
		line = t.url.Scheme + "://" + t.url.Host + line
	}
	return line
}

// conceal puts the sender's own uuid where the secret stands in b, in whatever letter case.
func (t Target) conceal(b []byte, own string) []byte {
	lower, secret := asciiLower(b), asciiLower([]byte(t.secret))
	if !bytes.Contains(lower, secret) {
		return b
	}
	var out []byte
	for {
		i := bytes.Index(lower, secret)
		if i < 0 {
			return append(out, b...)
		}
		out = append(append(out, b[:i]...), own...)
		b, lower = b[i+len(secret):], lower[i+len(secret):]
	}
}

// asciiLower is b in lower case, letter for letter: that of Unicode may have another length.
func asciiLower(b []byte) []byte {
	lower := bytes.Clone(b)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

// Match says whether host:port of the target is what was named: "app.opslevel.com", or with a port.
func (t Target) Match(named string) bool {
	host, port := t.Address()
	h, p, err := net.SplitHostPort(named)
	if err != nil {
		h, p = named, port
	}
	return p == port && strings.EqualFold(strings.TrimSuffix(strings.Trim(h, "[]"), "."), strings.TrimSuffix(host, "."))
}
