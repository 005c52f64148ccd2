package emulator

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// firings is what a server needs to fire webhooks: the templates and their secrets, its receiver, and the firings that are
// under way. Made by open.
type firings struct {
	receiver *action.Receiver

	mu      sync.Mutex
	library action.Library
	ctx     context.Context
	cancel  context.CancelFunc
	stopped bool
	working sync.WaitGroup
}

func (f *firings) open(c Config) {
	switch {
	case c.Library != nil:
		f.library = *c.Library
	case c.Fixtures == nil:
		f.library = fixtures.DefaultLibrary()
	}
	var secrets []string
	for _, value := range c.Environment {
		secrets = append(secrets, value)
	}
	f.receiver = action.NewReceiver(c.Clock, secrets...)
	f.ctx, f.cancel = context.WithCancel(context.Background())
}

// load replaces the templates; nil means none.
func (f *firings) load(l *action.Library) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.library = action.Library{}
	if l != nil {
		f.library = *l
	}
}

func (f *firings) current() action.Library {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.library
}

// begin says that a firing is under way, and gives it a context that ends with the caller's and with the server.
func (f *firings) begin(ctx context.Context) (under context.Context, done func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		return nil, nil, httpapi.ErrEnding
	}
	f.working.Add(1)
	under, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(f.ctx, cancel)
	return under, func() {
		stop()
		cancel()
		f.working.Done()
	}, nil
}

// stop ends the firings under way and waits until they are recorded.
func (f *firings) stop() {
	f.mu.Lock()
	f.stopped = true
	f.mu.Unlock()
	f.cancel()
	f.working.Wait()
}

// Library are the service templates of the account, and the names of their secrets.
func (s *Server) Library() action.Library { return s.firings.current() }

// Templates are the service templates of the account, in the order of the fixtures.
func (s *Server) Templates() []action.Template { return s.Library().Templates }

// Receiver is the emulator's own target for webhooks, which "receiver:NAME" in a webhook's url means.
func (s *Server) Receiver() *action.Receiver { return s.firings.receiver }

func (s *Server) receiverHandler() http.Handler {
	return &httpapi.Receiver{Receiver: s.firings.receiver, Clock: clock.Either{Clock: s.config.Clock}}
}

// receiverURL is where this process reaches its own receiver: never Config.PublicURL, which is for others.
func (s *Server) receiverURL() string {
	s.mu.Lock()
	base := s.url
	s.mu.Unlock()
	address, ok := strings.CutPrefix(base, "http://")
	if !ok {
		return ""
	}
	host, port, err := net.SplitHostPort(address)
	if ip, parseErr := netip.ParseAddr(host); err == nil && parseErr == nil && ip.IsUnspecified() {
		// Who listens everywhere listens on loopback.
		host = "127.0.0.1"
		if ip.Is6() {
			host = "::1"
		}
		base = "http://" + net.JoinHostPort(host, port)
	}
	return base + strings.TrimSuffix(httpapi.ReceiverPrefix, "/")
}

// deps are what a firing may use: the secrets of the account, and the hosts it may reach.
func (s *Server) deps(dry bool) action.Deps {
	return action.Deps{
		Clock: clock.Either{Clock: s.config.Clock}, IDs: s.config.IDs, Renderer: s.renderer, DryRun: dry,
		Secrets:  s.Library().Values(s.config.Environment),
		Receiver: s.receiverURL(),
		Policy: action.Policy{
			Allow: s.config.AllowTargets, Proxy: s.config.Proxy,
			Exposed: exposed(s.config.Listen) || s.config.ControlListen != "" && exposed(s.config.ControlListen),
		},
	}
}

// exposed says whether an address can be reached from other machines.
func exposed(address string) bool {
	host := hostOf(address)
	ip, err := netip.ParseAddr(host)
	return !strings.EqualFold(host, "localhost") && (err != nil || !ip.Unmap().IsLoopback())
}
