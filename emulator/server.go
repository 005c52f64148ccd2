package emulator

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
	"github.com/bubblelevel/bubblelevel/emulator/ledger"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// Server is one OpsLevel account with its webhooks. Many can live in one process; they share nothing.
type Server struct {
	config    Config
	renderer  *Renderer
	ledger    *ledger.Ledger
	journal   *journal.Journal
	hub       event.Hub
	conflicts []catalog.Conflict
	found     Found
	tally     tally
	// recent, forgotten and changes are used by the journal's writer alone.
	recent    recent
	forgotten forgotten
	changes   changes

	vendor  http.Handler
	guard   httpapi.Guard
	firings firings
	faults  *fault.Set
	// ending is closed when the server begins to end: connections that a fault holds are let go.
	ending chan struct{}
	end    sync.Once
	// large are the places of large bodies.
	large places
	// upstream is nil where nothing is relayed.
	upstream *upstream

	mu        sync.Mutex
	listeners []net.Listener
	servers   []*served
	url       string
	controls  string
}

// New makes an emulator: it reads the fixtures, opens the journal and brings the account up to date with it. It does
// not listen yet; see [Server.Listen] and [Server.Handler]. Who has made one ends it with [Server.Close].
//
// The error is a [*journal.LockedError] where another process holds the store, a [*journal.UnwritableError] where it cannot
// be written, a [*journal.RefusedError] where Config.Store is no plain file, an [*UpstreamError], or that of
// [Server.AddFaults] for Config.Faults.
func New(c Config) (*Server, error) {
	c = c.withDefaults()
	faults, err := openFaults(c)
	if err != nil {
		return nil, err
	}
	up, err := newUpstream(c, nil)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, renderer: NewRenderer(c.Clock), faults: faults, ending: make(chan struct{}), large: make(places, maxLargeBodies), upstream: up}
	s.firings.open(c)
	contents := fixtures.Default()
	if c.Fixtures != nil {
		contents = *c.Fixtures
	}
	s.ledger, s.conflicts = ledger.New(contents)
	j, err := journal.Open(journal.Options{
		Path: c.Store, Sync: c.Sync, Keep: c.Keep, KeepBytes: c.KeepBytes, KeepIDs: c.KeepIDs,
		// The journal keeps the machine's time: the disk has no other.
		Warn:      func(line string) { c.Logger.Warn(line) },
		Replay:    s.replay,
		Committed: func(events []*event.Event) { s.tally.add(events); s.hub.Publish() },
		Forgotten: s.ledger.Forget,
	})
	if err != nil {
		return nil, err
	}
	s.journal = j
	// What opening gave up, an earlier run has told of.
	s.forgotten = forgotten{next: s.ledger.Forgotten() + 1}
	s.guard = httpapi.Guard{Token: c.Token, Hosts: slices.Clone(c.AllowHosts)}
	s.vendor = (&httpapi.Vendor{Account: account{s}, Clock: c.Clock, IDs: c.IDs, Version: c.Version, Waits: clock.Either{Clock: c.Clock}, Ending: s.ending}).Handler()
	return s, nil
}

// replay brings the account up to date with one event of an opened store.
func (s *Server) replay(d event.Derived) error {
	s.ledger.Apply(d)
	s.changes.add(d.Change)
	loaded := d.Change != nil && d.Change.Fixtures != nil
	if loaded {
		s.firings.load(d.Change.Library)
	}
	switch {
	case loaded, d.Kind == event.KindReset, d.Was == event.KindReset:
		s.found, s.changes = Found{}, changes{}
	case d.Recorded():
		s.found.Deploys++
		s.found.Last = d.At
	}
	return nil
}

// Found is what the store held when it was opened.
func (s *Server) Found() Found { return s.found }

// SampleService is an alias of the account for which an example deploy is answered with ok; the page's own where the
// account has it.
func (s *Server) SampleService() string {
	if _, ok := s.ledger.Match(documentedService); ok {
		return documentedService
	}
	for _, service := range s.ledger.Services() {
		return service.Slug
	}
	return documentedService
}

// documentedService is the service of the example on the page "Custom Deploys".
const documentedService = "shopping_cart"

// Handler serves OpsLevel's routes and, below /_emulator/, the control API. It is for those who bring their own
// listener, and say in Config.PublicURL where that is: without [Server.Listen] no URL is known, and a webhook to
// receiver:NAME has nowhere to go.
func (s *Server) Handler() http.Handler {
	vendor, control, receiver := s.vendor, s.controlHandler(), s.receiverHandler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, httpapi.ReceiverPrefix) {
			receiver.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(r.URL.Path, httpapi.Prefix) {
			control.ServeHTTP(w, r)
			return
		}
		vendor.ServeHTTP(w, r)
	})
}

func (s *Server) controlHandler() http.Handler {
	return (&httpapi.Control{Store: store{s}, Clock: s.config.Clock, Guard: s.guard}).Handler()
}

// Listen binds the addresses of the configuration and begins to serve. When it returns, the emulator answers. It is called
// once. The error is a [*BindError] where an address cannot be had.
func (s *Server) Listen() error {
	if err := s.mayListen(); err != nil {
		return err
	}
	listeners, err := listen(s.config.Listen)
	if err != nil {
		return err
	}
	for _, address := range []string{s.config.Listen, s.config.ControlListen} {
		if host := hostOf(address); host != "" { // every address: no name says that
			s.guard.Hosts = append(s.guard.Hosts, host)
		}
	}
	base := reachable(listeners[0])
	s.mu.Lock()
	s.url, s.controls = base, base
	s.mu.Unlock()
	handler := s.Handler()
	if s.config.ControlListen != "" {
		control, err := listen(s.config.ControlListen)
		if err != nil {
			closeAll(listeners)
			return err
		}
		s.mu.Lock()
		s.controls = reachable(control[0])
		s.mu.Unlock()
		handler = s.vendorOnly()
		s.serve(control, s.controlHandler())
	}
	s.serve(listeners, handler)
	return nil
}

// mayListen refuses a server that listens, which would forget its first address, and one that has ended, which could record
// nothing.
func (s *Server) mayListen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ending:
		return errors.New("the emulator has ended, and listens no more: make another")
	default:
	}
	if len(s.listeners) > 0 {
		return errors.New("the emulator listens already")
	}
	return nil
}

// vendorOnly is OpsLevel's side where the control API has its own address: what is below /_emulator/ is a 404 of
// OpsLevel's, except for health, which a container's check asks for wherever it can reach, and the receiver of webhooks.
func (s *Server) vendorOnly() http.Handler {
	all := s.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, httpapi.Prefix) && r.URL.Path != httpapi.Prefix+"v1/health" &&
			!strings.HasPrefix(r.URL.Path, httpapi.ReceiverPrefix) {
			s.vendor.ServeHTTP(w, r)
			return
		}
		all.ServeHTTP(w, r)
	})
}

// served is one HTTP server, and those of its connections that have not asked for anything yet.
type served struct {
	http.Server
	silent silent
	places places
}

// watch is the ConnState of the server.
func (s *served) watch(conn net.Conn, state http.ConnState) {
	s.silent.watch(conn, state)
	if state == http.StateClosed || state == http.StateHijacked {
		s.places.leave()
	}
}

func (s *Server) serve(listeners []net.Listener, h http.Handler) {
	ctx, cancel := context.WithCancel(context.Background())
	server := &served{places: make(places, maxConnections), Server: http.Server{
		Handler:           oneByOne(s.large, h),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          errorLog(s.config.Logger),
	}}
	server.ConnState = server.watch
	// An event stream ends only when its context does.
	server.RegisterOnShutdown(cancel)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.servers = append(s.servers, server)
	s.listeners = append(s.listeners, listeners...)
	for _, ln := range listeners {
		go server.Serve(newDoor(ln, server.places)) // ends with http.ErrServerClosed
	}
}

// Shutdown stops listening, lets the requests under way finish until ctx ends, and closes the journal: whatever was
// answered is in the store. The errors are those of the connections that did not end in time and of the last write.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	servers := s.servers
	s.servers = nil
	s.mu.Unlock()
	s.end.Do(func() { close(s.ending) })
	// Firings under way end early, and are recorded, before the requests that wait for them are.
	s.firings.stop()
	var errs []error
	for _, server := range servers {
		stop := server.silent.closeSoon()
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, err, server.Close())
		}
		stop()
	}
	if s.upstream != nil {
		s.upstream.Stop() // what has no answer by now is recorded so
	}
	return errors.Join(append(errs, s.journal.Close())...)
}

// Close is Shutdown without patience for connections that are idle, and with some for requests under way.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	return s.Shutdown(ctx)
}

// URL is where OpsLevel's routes are served: Config.PublicURL, else the address listened on. Empty before Listen.
func (s *Server) URL() string {
	if s.config.PublicURL != "" {
		return strings.TrimSuffix(s.config.PublicURL, "/")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// ControlURL is where the control API is served, without a path. Empty before Listen.
func (s *Server) ControlURL() string {
	if s.config.PublicURL != "" && s.config.ControlListen == "" {
		return s.URL()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.controls
}

// IntegrationURL is the webhook URL of the account's first integration that is not retired: what a pipeline posts its deploys
// to. Empty where there is none.
func (s *Server) IntegrationURL() string {
	for _, i := range s.ledger.Contents().Integrations {
		if i.RetiredAt == nil {
			return s.DeployURL(i.UUID)
		}
	}
	return ""
}

// DeployURL is the webhook URL of the integration with this uuid.
func (s *Server) DeployURL(uuid string) string {
	return s.URL() + "/integrations/deploy/" + uuid
}

// Conflicts are the contradictions in the fixtures of the configuration; the first claim of an alias holds.
func (s *Server) Conflicts() []catalog.Conflict { return s.conflicts }

// Stats says how full the journal is: events, stubs and bytes.
func (s *Server) Stats() journal.Stats { return s.journal.Stats() }

// Reset puts the account back to its fixtures. Sequence numbers go on, and the event of the reset is the first that is
// left. Faults stay in force and count from nothing again. The error is the journal's where it can record nothing any more.
func (s *Server) Reset() error {
	_, err := s.reset()
	return err
}

func (s *Server) reset() (*event.Event, error) {
	return s.journal.Append(func(seq uint64) *event.Event {
		e := &event.Event{Seq: seq, Kind: event.KindReset, At: s.config.Clock.Now().UTC(), Why: "Everything but the fixtures was forgotten, because somebody asked for a reset."}
		s.ledger.Apply(e.Derived())
		s.firings.receiver.Reset()
		s.faults.Rewind()
		s.upstream.forget()
		s.changes = changes{}
		return e
	})
}

func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

func closeAll(listeners []net.Listener) {
	for _, ln := range listeners {
		ln.Close()
	}
}
