package emulator

import (
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// Limits of the sockets. A real OpsLevel has its own; these keep a slow or hostile client from holding the emulator.
const (
	// readHeaderTimeout and readTimeout bound how long a request may take to arrive.
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	// maxHeaderBytes is the largest head of a request; beyond it Go answers 431.
	maxHeaderBytes = 64 << 10
	// closePatience is how long Close waits for requests under way.
	closePatience = 5 * time.Second
)

// BindError says that an address could not be listened on.
type BindError struct {
	// Address is the one of the configuration, and Err what the system said, or what is wrong with the address.
	Address string
	Err     error
}

// Error names the address and what the system said.
func (e *BindError) Error() string { return fmt.Sprintf("cannot listen on %s: %v", e.Address, e.Err) }

// Unwrap is the system's error.
func (e *BindError) Unwrap() error { return e.Err }

// listen binds address. Where it is a loopback one, it binds the same port of the other family too if it can: some
// clients try ::1 for "localhost", others 127.0.0.1, and a machine may have only one of them.
func listen(address string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &BindError{address, err}
	}
	if !loopback(host) {
		ln, err := net.Listen("tcp", address)
		if err != nil {
			return nil, &BindError{address, err}
		}
		return []net.Listener{ln}, nil
	}
	first, second := "127.0.0.1", "::1"
	if host == second {
		first, second = second, first
	}
	ln, err := net.Listen("tcp", net.JoinHostPort(first, port))
	if err != nil {
		// Only a machine without the one family falls back to the other: a port that is taken stays an error.
		if twin, twinErr := net.Listen("tcp", net.JoinHostPort(second, port)); twinErr == nil && !inUse(err) {
			return []net.Listener{twin}, nil
		} else if twinErr == nil {
			twin.Close()
		}
		return nil, &BindError{address, err}
	}
	_, bound, _ := net.SplitHostPort(ln.Addr().String())
	if twin, err := net.Listen("tcp", net.JoinHostPort(second, bound)); err == nil {
		return []net.Listener{ln, twin}, nil
	}
	return []net.Listener{ln}, nil
}

// reachable is the URL of a listener as this machine can use it: one that listens on every address is at the loopback
// one, too.
func reachable(ln net.Listener) string {
	address := ln.Addr().String()
	if at, ok := ln.Addr().(*net.TCPAddr); ok && at.IP.IsUnspecified() {
		address = net.JoinHostPort("127.0.0.1", strconv.Itoa(at.Port))
	}
	return "http://" + address
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && (a == netip.IPv6Loopback() || a == netip.AddrFrom4([4]byte{127, 0, 0, 1}))
}

func inUse(err error) bool { return errors.Is(err, errAddrInUse) }

// errorLog is net/http's own log, which speaks of broken connections: of interest only to somebody who looks for it.
func errorLog(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
