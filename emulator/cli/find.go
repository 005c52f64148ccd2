package cli

import (
	"context"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/client"
)

// defaultListen is where an emulator listens when nobody says otherwise.
const defaultListen = "127.0.0.1:6775"

// askPatience is how long a client command waits for a first answer.
const askPatience = 5 * time.Second

// emulator finds the running emulator: --url or BUBBLELEVEL_URL, else the ready file of this working directory, else the
// address that BUBBLELEVEL_LISTEN or bubblelevel.yaml name, else the default port. It has answered its health when it is
// returned.
func (a *app) emulator(ctx context.Context) (*client.Client, error) {
	candidates, err := a.candidates()
	if err != nil {
		return nil, err
	}
	var first error
	for _, c := range candidates {
		err := c.answers(ctx)
		if err == nil {
			return c.Client, nil
		}
		if first == nil {
			first = err
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, ctx.Err()
		}
	}
	return nil, &failure{code: exitNotReady, err: first, hint: startHint}
}

// errMute says that somebody takes connections and answers nothing.
var errMute = errors.New("the connection is taken, and no answer comes")

// errGone says that another process has taken the place of the emulator that was meant.
var errGone = errors.New("the emulator that was there has ended")

// candidate is where an emulator may be.
type candidate struct {
	*client.Client
	// pid is that of the emulator which is meant; 0 where any will do.
	pid int
	// tokenOf is the process that the token belongs to; 0 where a person named the token.
	tokenOf int
}

// answers asks for the health of a candidate. An emulator that a ready file tells of and that has died may have left its
// port to another: the process must be the same.
func (c candidate) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	stranger := *c.Client
	stranger.Token = "" // whoever listens there has yet to show that it is an emulator
	h, err := stranger.Health(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return &client.UnreachableError{URL: c.URL, Err: errMute}
	}
	if err == nil && c.pid != 0 && h.PID != c.pid {
		return &client.UnreachableError{URL: c.URL, Err: errGone}
	}
	if err == nil && c.tokenOf != 0 && h.PID != c.tokenOf {
		c.Token = "" // it is nobody else's business
	}
	return err
}

func (a *app) candidates() ([]candidate, error) {
	if a.url != "" {
		base, err := a.namedEmulator()
		if err != nil {
			return nil, err
		}
		return []candidate{a.named(base)}, nil
	}
	var found []candidate
	if p, err := a.place(); err == nil {
		if r, err := readReady(p.ready); err == nil {
			token := a.token
			if token == "" {
				token = r.Token
			}
			found = append(found, candidate{Client: client.New(r.ControlURL, token), pid: r.PID})
		}
	}
	for _, at := range a.usualAddresses() {
		found = append(found, candidate{Client: client.New("http://"+at, a.token)})
	}
	return found, nil
}

// named is the emulator at an address that a person wrote. If it is that of this working directory, its token is known.
func (a *app) named(base string) candidate {
	c := candidate{Client: client.New(base, a.token)}
	if p, err := a.place(); err == nil && a.token == "" {
		if r, err := readReady(p.ready); err == nil && r.ControlURL == base {
			c.Token, c.tokenOf = r.Token, r.PID
		}
	}
	return c
}

// namedEmulator is the emulator that --url or BUBBLELEVEL_URL names. A path in it is the person's own idea of where
// something goes: whoever drops it sends a deploy to another integration than the one that was named.
func (a *app) namedEmulator() (base string, err error) {
	u, err := url.Parse(a.url)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", hinted("write scheme, host and port: http://127.0.0.1:6775", "--url is a URL, not %q", a.url)
	}
	base = u.Scheme + "://" + u.Host
	switch {
	case strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil:
		return base, nil
	case strings.HasPrefix(u.Path, "/integrations/"):
		return "", hinted("name the emulator with --url "+base+", and an integration with `bubblelevel send --to URL`",
			"--url names an emulator, and %q names an integration", a.url)
	}
	return "", hinted("write scheme, host and port only: "+base, "--url names an emulator, and %q has more than that", a.url)
}

// usualAddresses are where an emulator is looked for that no ready file tells of. A machine may have the one loopback
// address or the other.
func (a *app) usualAddresses() (found []string) {
	for _, name := range []string{"control-listen", "listen"} {
		if at := reachable(a.setting(name)); at != "" {
			found = append(found, at)
			break
		}
	}
	for _, at := range append(found, defaultListen) {
		host, port, _ := net.SplitHostPort(at)
		if !contains(found, at) {
			found = append(found, at)
		}
		if twin := net.JoinHostPort("::1", port); host == "127.0.0.1" && !contains(found, twin) {
			found = append(found, twin)
		}
	}
	return found
}

// reachable is how this machine reaches an address that somebody listens on; empty where that cannot be told.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "0" {
		return ""
	}
	switch ip := net.ParseIP(host); {
	case host == "" || ip != nil && ip.IsUnspecified() && ip.To4() != nil:
		host = "127.0.0.1"
	case ip != nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}

// strangerOf names the ready file of another working directory whose emulator has this pid; empty where there is none.
func (a *app) strangerOf(pid int) string {
	p, err := a.place()
	if err != nil {
		return ""
	}
	others, _ := filepath.Glob(filepath.Join(filepath.Dir(p.ready), "*.ready.json")) // a fixed pattern
	for _, other := range others {
		if r, err := readReady(other); err == nil && r.PID == pid && other != p.ready {
			return other
		}
	}
	return ""
}
