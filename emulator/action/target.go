package action

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// receiverScheme begins the URL of this emulator's own receiver: "receiver:NAME".
const receiverScheme = "receiver:"

// target is where a request goes.
type target struct {
	url *url.URL
	// masked is the URL as it may be recorded.
	masked *url.URL
	// trusted: it is this emulator's own receiver.
	trusted bool
}

// targetOf reads a rendered URL. base is the address of this emulator's receiver, without the name; empty: none.
func targetOf(rendered text, base string) (target, *Problem) {
	if name, ok := strings.CutPrefix(rendered.real, receiverScheme); ok {
		return receiverTarget(name, base)
	}
	u, err := parseURL(rendered.real)
	if err != nil {
		return target{}, &Problem{
			ID: "url.invalid", Severity: Error, Part: PartURL, Rendered: true, Message: err.Error(),
			Cure: "Give the whole address, and put what comes from the context through the url_encode filter.",
		}
	}
	masked, err := parseURL(rendered.shown)
	if err != nil { // the mask does not fit everywhere: a port, for one, is a number
		masked = &url.URL{Scheme: u.Scheme, Host: Mask, Path: "/"}
	}
	return target{url: u, masked: masked}, nil
}

func receiverTarget(name, base string) (target, *Problem) {
	bad := Problem{ID: "url.receiver", Severity: Error, Part: PartURL, Rendered: true}
	if !ValidReceiverName(name) {
		bad.Message = fmt.Sprintf("%q is no name for a receiver.", name)
		bad.Cure = "Write receiver:NAME with up to 64 letters, digits, dots, dashes and underscores."
		return target{}, &bad
	}
	u, err := url.Parse(strings.TrimRight(base, "/") + "/" + name)
	if base == "" || err != nil || u.Host == "" {
		bad.Message = "There is no receiver here: no emulator is running."
		bad.Cure = "Run it against an emulator, or give an http URL."
		return target{}, &bad
	}
	return target{url: u, masked: u, trusted: true}, nil
}

// parseURL is as strict as Ruby's URI, which OpsLevel's side would send the rendered text through: a space or a letter
// with an accent is an error there, and must not pass here.
func parseURL(s string) (*url.URL, error) {
	if s == "" {
		return nil, fmt.Errorf("the URL is empty")
	}
	for i, r := range s {
		if !strings.ContainsRune("-._~:/?#[]@!$&'()*+,;=%", r) && !(r < 0x80 && isAlphanumeric(byte(r))) {
			return nil, fmt.Errorf("the URL has %s at place %d, which cannot stand in an address", visible(r), i+1)
		}
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("the URL cannot be read: %s", reasonOf(err))
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the URL has the scheme %q, and should be http or https", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("the URL has no host")
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("the URL has the port %s, and ports go from 1 to 65535", p)
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// reasonOf is the error of net/url without the URL, which may hold a secret.
func reasonOf(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}

// visible names a character so that it can be seen.
func visible(r rune) string {
	switch r {
	case ' ':
		return "a space"
	case '\n', '\r':
		return "a line break"
	case '\t':
		return "a tab"
	}
	return strconv.QuoteRune(r)
}

// hostPort is what to connect to.
func (t target) hostPort() (host, port string) {
	port = t.url.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[t.url.Scheme]
	}
	return t.url.Hostname(), port
}

// shown is the URL for a record.
func (t target) shown() string {
	if t.masked.User == nil {
		return t.masked.String()
	}
	plain := *t.masked
	plain.User = nil
	shown := Mask // a name without a password is a token
	if _, ok := t.masked.User.Password(); ok {
		shown = t.masked.User.Username() + ":" + Mask
	}
	return strings.Replace(plain.String(), "://", "://"+shown+"@", 1)
}

// line is what stands between method and protocol; a proxy wants the whole URL there.
func line(u *url.URL, proxied bool) string {
	if !proxied {
		return u.RequestURI()
	}
	plain := *u
	plain.User = nil
	return plain.String()
}
