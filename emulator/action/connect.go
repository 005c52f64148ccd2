package action

import (
	"context"
	"net"
	"net/url"
)

// Connection is a connection to the host of a URL, or to the proxy before it.
type Connection struct {
	net.Conn
	// Proxied says that a request on it needs the whole URL in its first line, and ProxyHeader as a line of its header
	// (empty where the proxy asks for no name).
	Proxied     bool
	ProxyHeader string
}

// Connect opens a connection to the host of u, with TLS where u says https, as webhooks are connected to: the policy is
// asked, the address that was judged is the one that is dialled, and TLS is checked. Of deps it needs Policy, Resolver and
// TLS. Errors are sentences for people, and name no more of u than its host and port.
func Connect(ctx context.Context, deps Deps, u *url.URL) (Connection, error) {
	d := dialer{deps: deps, elapsed: func() Duration { return 0 }, timings: new(Timings), address: new(string)}
	conn, proxied, err := d.connect(ctx, target{url: u})
	if err != nil {
		return Connection{}, err
	}
	c := Connection{Conn: conn, Proxied: proxied}
	if proxy, err := url.Parse(deps.Policy.Proxy); proxied && err == nil {
		c.ProxyHeader = proxyAuthorization(proxy)
	}
	return c, nil
}
