package action

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
)

// dialer connects to a target, as the policy allows, and measures the steps.
type dialer struct {
	deps    Deps
	elapsed func() Duration
	// told are filled in on the way.
	timings *Timings
	address *string
}

// failure is an error with its kind.
type failure struct {
	kind FailureKind
	err  error
}

func (f failure) Error() string { return f.err.Error() }
func (f failure) Unwrap() error { return f.err }

// connect is a connection to the target, with TLS where the URL says https. proxied says that requests on it need the
// absolute form of the request line. Errors are failures.
func (d dialer) connect(ctx context.Context, t target) (conn net.Conn, proxied bool, err error) {
	host, port := t.hostPort()
	proxy, err := d.proxyFor(t, host, port)
	if err != nil {
		return nil, false, err
	}
	if proxy != nil {
		conn, err = d.throughProxy(ctx, proxy, t, net.JoinHostPort(host, port))
	} else {
		conn, err = d.direct(ctx, host, port, t.trusted)
	}
	if err != nil {
		return nil, false, err
	}
	if t.url.Scheme != "https" {
		return conn, proxy != nil, nil
	}
	secure, err := d.secure(ctx, conn, host)
	return secure, false, err
}

// direct looks the host up, judges and dials what was judged.
func (d dialer) direct(ctx context.Context, host, port string, trusted bool) (net.Conn, error) {
	addrs, err := d.deps.Policy.addresses(ctx, d.deps.resolver(), host, port, trusted)
	d.timings.DNS = d.elapsed()
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return nil, failure{HostRefused, err}
	case err != nil:
		return nil, failure{NameUnknown, lookupError(host, err)}
	}
	conn, err := dialAny(ctx, addrs, port)
	if err != nil {
		return nil, failure{ConnectFailed, connectError(host, port, err)}
	}
	d.timings.Connect = d.elapsed()
	*d.address = conn.RemoteAddr().String()
	return conn, nil
}

// onlyThese is a check at the socket, a second lock on the door: whatever becomes of the code above it, nothing else than
// a judged address is connected to.
func onlyThese(addrs []netip.Addr) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || !slices.Contains(addrs, ap.Addr().Unmap()) {
			return fmt.Errorf("%s was not judged", address)
		}
		return nil
	}
}

// guarded dials judged addresses, and none else.
func guarded(addrs []netip.Addr) *net.Dialer { return &net.Dialer{ControlContext: onlyThese(addrs)} }

// dialAny tries the addresses in their order.
func dialAny(ctx context.Context, addrs []netip.Addr, port string) (net.Conn, error) {
	nd := guarded(addrs)
	err := errors.New("the name has no address")
	for _, a := range addrs {
		var conn net.Conn
		if conn, err = nd.DialContext(ctx, "tcp", net.JoinHostPort(a.String(), port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (d dialer) secure(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
	config := &tls.Config{}
	if d.deps.TLS != nil {
		config = d.deps.TLS.Clone()
	}
	config.ServerName, config.NextProtos = host, []string{"http/1.1"}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, failure{TLSFailed, fmt.Errorf("no TLS with %s: %w", host, err)}
	}
	d.timings.TLS = d.elapsed()
	return secure, nil
}

// proxyFor is the proxy to use for a target, nil for none. What a proxy is asked for it looks up itself, so only hosts
// that were allowed by name go through one.
func (d dialer) proxyFor(t target, host, port string) (*url.URL, error) {
	p := d.deps.Policy
	if p.Proxy == "" || t.trusted || !p.allows(host, port) || isLoopback(host) {
		return nil, nil
	}
	u, err := url.Parse(p.Proxy)
	if err != nil || u.Scheme != "http" || u.Hostname() == "" {
		return nil, failure{ConnectFailed, errors.New("the proxy should be an address such as http://proxy.example.test:3128")}
	}
	return u, nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

// throughProxy connects to the proxy, and for https has it open a tunnel.
func (d dialer) throughProxy(ctx context.Context, proxy *url.URL, t target, to string) (net.Conn, error) {
	port := proxy.Port()
	if port == "" {
		port = "80"
	}
	conn, err := d.direct(ctx, proxy.Hostname(), port, true)
	if err != nil || t.url.Scheme != "https" {
		return conn, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", to, to, proxyAuthorization(proxy))
	// One byte at a time: what follows the answer belongs to TLS.
	resp, err := http.ReadResponse(bufio.NewReaderSize(oneByte{conn}, 16), &http.Request{Method: http.MethodConnect})
	if err == nil && resp.StatusCode/100 != 2 {
		err = errors.New(resp.Status)
	}
	if err != nil {
		conn.Close()
		return nil, failure{ConnectFailed, fmt.Errorf("the proxy opens no tunnel to %s: %w", to, err)}
	}
	return conn, nil
}

// proxyAuthorization is a header line, empty for a proxy without a user.
func proxyAuthorization(proxy *url.URL) string {
	if proxy.User == nil {
		return ""
	}
	password, _ := proxy.User.Password()
	return "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(proxy.User.Username()+":"+password)) + "\r\n"
}

type oneByte struct{ net.Conn }

func (o oneByte) Read(p []byte) (int, error) { return o.Conn.Read(p[:min(1, len(p))]) }

func lookupError(host string, err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return fmt.Errorf("there is no host %s", host)
	}
	return fmt.Errorf("%s cannot be looked up: %w", host, err)
}

func connectError(host, port string, err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("nobody listens at %s", net.JoinHostPort(host, port))
	}
	return fmt.Errorf("%s cannot be reached: %w", net.JoinHostPort(host, port), err)
}
