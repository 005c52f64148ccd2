package emulator

import (
	"log/slog"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
)

// Config says how an emulator is to be. The zero value is ready: everything in memory, the embedded fixtures, a free
// port of the loopback address, no files.
type Config struct {
	// Listen is the address to listen on, "127.0.0.1:0" where it is empty. A name such as "localhost:6775" listens on
	// both loopback families where the machine has both.
	Listen string
	// ControlListen is an address of its own for the control API; empty serves it beside OpsLevel's routes.
	ControlListen string
	// Store is the path of the journal's file; empty or ":memory:" keeps it in memory. Its lock, and a damaged end that was
	// moved aside, stand beside it. [Start] keeps everything in memory whatever stands here.
	Store string
	// Sync says how durable an event is before its answer is sent. The zero value, [journal.Interval], is in the file: a
	// killed process loses nothing, a power cut at most the last second.
	Sync journal.Sync
	// Keep, KeepBytes and KeepIDs bound the journal: events that are kept whole (0: [journal.DefaultKeep]), bytes of their
	// bodies ([journal.DefaultKeepBytes]), and dedup ids of evicted ones ([journal.DefaultKeepIDs]).
	Keep      int
	KeepBytes int64
	KeepIDs   int
	// Fixtures are what the account holds at the start, and again after a reset; nil means the embedded demonstration. They
	// are not to be changed afterwards.
	Fixtures *catalog.Contents
	// CatalogGiven says that Fixtures name the services there are, so that an alias which is not among them is a mistake
	// of the sender. Without it an unknown alias proves nothing, and is a note.
	CatalogGiven bool
	// Library are the service templates at the start; nil means those of the embedded demonstration where Fixtures is nil
	// too, else none.
	Library *action.Library
	// Environment holds the variables that the secrets of templates may be taken from, by name. The process's own are never
	// read.
	Environment map[string]string
	// AllowTargets are the hosts, besides loopback, that webhooks may be sent to: "ci.example.test", "10.0.0.5:8080".
	AllowTargets []string
	// Proxy is the HTTP proxy for webhooks that leave this machine; empty: none. Variables such as HTTP_PROXY are not read.
	Proxy string
	// Upstream is the URL of a real OpsLevel integration to which every deploy on a live integration is sent on, once and in
	// the order of arrival; its real answer goes back to the sender and is what counts. Empty: none. The URL is a secret, and
	// stands in no event, log or error. New returns an *UpstreamError where its host is not in AllowUpstream.
	Upstream string
	// AllowUpstream are the hosts that Upstream may name, loopback too: "app.opslevel.com", or with a port.
	AllowUpstream []string
	// UpstreamTimeout is how long one real answer may take; 0 means 30 s. A deploy without a real answer is answered 502.
	UpstreamTimeout time.Duration
	// OnDrift is called, one event after the other, for each deploy whose real answer is not the one that this emulator
	// would have given; see [event.Upstream]. The next deploy is not sent on before it returns.
	OnDrift func(*event.Event)
	// Token is asked for on the control API, as "Authorization: Bearer TOKEN"; empty asks for none.
	Token string
	// AllowHosts are further names under which the control API may be addressed.
	AllowHosts []string
	// PublicURL is how others reach this emulator, where that differs from the address it listens on (a mapped port, a
	// listener of one's own): scheme, host and port.
	PublicURL string
	// Faults are in force from the start; see [Server.AddFault]. Seed is what their probabilities are drawn from: the same
	// seed and the same requests give the same decisions, and 0 is a seed too.
	Faults []fault.Fault
	Seed   uint64
	// Clock is what the account lives by: when deploys arrive, how old they are, when an integration expires. It defaults to
	// a [clock.Adjustable], which runs with the machine's until it is moved (see [Server.Advance]). A [clock.Manual] and
	// [clock.NewSeeded] make a run repeatable.
	Clock clock.Clock
	// IDs draws uuids, of integrations and of requests; nil means [clock.Random].
	IDs clock.IDs
	// Logger gets what is not an event: a store that was mended, say. Default: nothing is logged.
	Logger *slog.Logger
	// Version is what GET /api/ping and the health answer name; empty means "dev".
	Version string
	// OnStop is called when somebody asks for an end over the control API; nil passes it over. It is called within the request
	// and must return at once: [Server.Shutdown] waits for requests.
	OnStop func()
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Clock == nil {
		c.Clock = clock.NewAdjustable()
	}
	if c.IDs == nil {
		c.IDs = clock.Random{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Version == "" {
		c.Version = "dev"
	}
	return c
}
