package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// serveFlags are what an emulator can be told at its start.
type serveFlags struct {
	listen, control, publicURL string
	db, sync, readyFile        string
	fresh                      bool
	keep, keepIDs              int
	keepBytes                  int64
	allowHosts                 []string
	now                        string
	seed                       uint64
}

func (a *app) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the emulator; a line for each event",
		Long: `serve runs the emulator until it is stopped (Ctrl-C, SIGTERM, or bubblelevel stop).

The first line on stdout is stable: "ready integration_url=... control_url=... pid=...". A curl that works as it stands
follows, and then a line for each event. --output json prints one JSON object a line instead.`,
		Example: "  bubblelevel serve\n  bubblelevel serve --listen 127.0.0.1:0 --db :memory: --ready-file ready.json",
		Args:    cobra.NoArgs,
	}
	a.serving(cmd)
	return cmd
}

// serving gives cmd the flags and the work of serve.
func (a *app) serving(cmd *cobra.Command) {
	var f serveFlags
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", defaultListen, "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.control, "control-listen", "", "address of its own for the control API")
	flags.StringVar(&f.publicURL, "public-url", "", "how others reach this emulator (behind a mapped port)")
	flags.StringVar(&f.db, "db", "", "file of the journal, or :memory: (default: in the user's state directory)")
	flags.BoolVar(&f.fresh, "fresh", false, "start empty: forget what the journal holds")
	flags.StringVar(&f.sync, "sync", "interval", "interval: in the file before the answer, on the disk every second; always: on the disk before the answer")
	flags.IntVar(&f.keep, "keep", 0, "events to keep whole (default 10000)")
	flags.Int64Var(&f.keepBytes, "keep-bytes", 0, "bytes of events to keep whole (default 33554432)")
	flags.IntVar(&f.keepIDs, "keep-ids", 0, "dedup ids to remember beyond them (default 100000)")
	flags.StringVar(&f.readyFile, "ready-file", "", "write how to reach the emulator to this file, as JSON, once it listens")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a further host name under which the control API may be addressed")
	flags.StringVar(&f.now, "now", "", "stand still at this time (RFC 3339) instead of using the machine's clock")
	flags.Uint64Var(&f.seed, "seed", 0, "draw ids from this seed, so that runs repeat")
	cmd.RunE = running(func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), f) })
}

func (a *app) runServe(ctx context.Context, f serveFlags) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c, err := a.config(f)
	if err != nil {
		return err
	}
	c.OnStop = stop
	s, err := a.open(&c)
	if err != nil {
		return err
	}
	if err := a.begin(s, c, f); err != nil {
		return errors.Join(err, s.Close())
	}
	printed := a.print(ctx, s)
	<-ctx.Done()
	removed := a.readyFiles(f)
	for _, path := range removed {
		removeReady(path)
	}
	err = s.Close()
	a.awaitPrinter(printed)
	return err
}

// config makes the emulator's configuration of the flags.
func (a *app) config(f serveFlags) (emulator.Config, error) {
	c := emulator.Config{
		Listen: f.listen, ControlListen: f.control, PublicURL: f.publicURL, Store: f.db,
		Keep: f.keep, KeepBytes: f.keepBytes, KeepIDs: f.keepIDs,
		Token: a.token, AllowHosts: f.allowHosts, Version: versionText(), Logger: a.logger(),
	}
	var ok bool
	if c.Sync, ok = journal.ParseSync(f.sync); !ok {
		return c, usage("--sync is interval or always, not %q", f.sync)
	}
	if f.keep < 0 || f.keepBytes < 0 || f.keepIDs < 0 {
		return c, usage("--keep, --keep-bytes and --keep-ids cannot be negative")
	}
	if f.seed != 0 {
		c.IDs = clock.NewSeeded(f.seed)
	}
	if f.now != "" {
		at, err := time.Parse(time.RFC3339, f.now)
		if err != nil {
			return c, usage("--now is a time such as 2026-01-02T03:04:05Z, not %q", f.now)
		}
		c.Clock = clock.NewManual(at)
	}
	if c.Token == "" && (exposed(f.control) || f.control == "" && exposed(f.listen)) {
		c.Token = clock.Random{}.Token()
		fmt.Fprintf(a.Err, "the control API can be reached from other machines, so it asks for this token: %s\n", c.Token)
	}
	return c, nil
}

// exposed says whether an address can be reached from other machines.
func exposed(address string) bool {
	if address == "" {
		return false
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	return host != "localhost" && (err != nil || !ip.Unmap().IsLoopback())
}

// open makes the emulator, with its store where --db says, else in the state directory, else in memory.
func (a *app) open(c *emulator.Config) (*emulator.Server, error) {
	if c.Store != "" {
		return emulator.New(*c)
	}
	p, err := a.place()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(p.store), 0o700)
	}
	if err == nil {
		c.Store = p.store
		s, openErr := emulator.New(*c)
		var unwritable *journal.UnwritableError
		if openErr == nil || !errors.As(openErr, &unwritable) {
			return s, openErr
		}
		err = openErr
	}
	fmt.Fprintf(a.Err, "nothing will be kept after the end: %v (choose a file with --db PATH)\n", err)
	c.Store = ":memory:"
	return emulator.New(*c)
}

// begin listens and says so: the ready line, the ready files, what the store held, and a curl that works as it stands.
func (a *app) begin(s *emulator.Server, c emulator.Config, f serveFlags) error {
	found := s.Found()
	if f.fresh && found.Deploys > 0 {
		if err := s.Reset(); err != nil {
			return err
		}
	}
	if err := s.Listen(); err != nil {
		return err
	}
	r := ready{IntegrationURL: s.IntegrationURL(), ControlURL: s.ControlURL(), PID: os.Getpid(), Token: c.Token}
	a.printReady(r, s)
	for _, path := range a.readyFiles(f) {
		if err := r.write(path); err != nil {
			if path == f.readyFile {
				return fmt.Errorf("cannot write the ready file: %w", err)
			}
			fmt.Fprintf(a.Err, "other commands will not find this emulator by themselves: %v\n", err)
		}
	}
	if found.Deploys > 0 && !f.fresh {
		fmt.Fprintf(a.Err, "found %s in %s; --fresh starts empty\n", found.Text(clock.System{}.Now()), c.Store)
	}
	for _, conflict := range s.Conflicts() {
		fmt.Fprintf(a.Err, "fixtures: %s\n", conflict)
	}
	return nil
}

// readyFiles are the ready file of the working directory, by which other commands find this emulator, and the one that
// was asked for.
func (a *app) readyFiles(f serveFlags) []string {
	var paths []string
	if p, err := a.place(); err == nil {
		paths = append(paths, p.ready)
	}
	if f.readyFile != "" {
		paths = append(paths, f.readyFile)
	}
	return paths
}

func (a *app) printReady(r ready, s *emulator.Server) {
	if a.output == "json" {
		b, _ := json.Marshal(struct {
			Ready ready `json:"ready"`
		}{ready{r.IntegrationURL, r.ControlURL, r.PID, ""}})
		fmt.Fprintf(a.Out, "%s\n", b)
		return
	}
	fmt.Fprintf(a.Out, "ready integration_url=%s control_url=%s pid=%d\n", r.IntegrationURL, r.ControlURL, r.PID)
	if r.IntegrationURL == "" {
		return
	}
	payload := fixtures.Sample(s.SampleService(), clock.Random{}.UUID(), clock.System{}.Now())
	fmt.Fprintf(a.Out, "try it:\ncurl -sS -X POST %s -H 'Content-Type: application/json' -d '%s'\n", r.IntegrationURL, payload)
}

// print writes a line for each event until ctx ends. It reads the journal as any other reader does, so a stdout that
// nobody reads holds up this goroutine and nothing else.
func (a *app) print(ctx context.Context, s *emulator.Server) (done <-chan struct{}) {
	finished := make(chan struct{})
	from := s.LastSeq()
	go func() {
		defer close(finished)
		s.Follow(ctx, from, maxBehind, func(e *event.Event, dropped uint64) {
			if dropped > 0 {
				fmt.Fprintf(a.Out, "… %d events are not printed here: this output is read too slowly\n", dropped)
			}
			if e != nil {
				a.printEvent(e)
			}
		})
	}()
	return finished
}

// maxBehind is how many events the printed lines may lag before the oldest of them are left out and counted.
const maxBehind = 2000

func (a *app) printEvent(e *event.Event) {
	if a.output == "json" {
		if b, err := json.Marshal(e); err == nil {
			fmt.Fprintf(a.Out, "%s\n", b)
		}
		return
	}
	fmt.Fprintln(a.Out, e.Line())
}

// printPatience is how long the end waits for the last lines to be read.
const printPatience = time.Second

func (a *app) awaitPrinter(printed <-chan struct{}) {
	fired, stop := clock.System{}.After(printPatience)
	defer stop()
	select {
	case <-printed:
	case <-fired:
	}
}
