package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
)

// serveFlags are what an emulator can be told at its start.
type serveFlags struct {
	listen, control, publicURL string
	db, sync, readyFile        string
	fresh, detach              bool
	keep, keepIDs              int
	keepBytes                  int64
	allowHosts, fixtures       []string
	faults                     []string
	now                        string
	seed                       uint64
	// screen: the terminal UI is shown where there is a terminal.
	screen bool
	tui    tuiFlags
	// delivery says where webhooks may be sent, secretEnv which variables later fixtures may take secrets from.
	delivery  deliveryFlags
	secretEnv []string
	upstream  upstreamFlags
}

func (a *app) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the emulator; a line for each event",
		Long: `serve runs the emulator until it is stopped (Ctrl-C, SIGTERM, or bubblelevel stop).

The first line on stdout is stable: "ready integration_url=... control_url=... pid=...". A curl that works as it stands
follows, and then a line for each event. --output json prints one JSON object a line instead. --detach leaves the
emulator running in the background once it answers; its output goes to a log in the user's state directory.

With --upstream URL every deploy goes on to a real OpsLevel integration, once and in the order of arrival, and the real
answer goes back and is what counts. Its host is to be allowed by name, since such deploys are real ones. Where the
answer is not the one that the emulator would have given, stderr says so, and --drift-report adds it to a file; the
query drift:any finds it later.`,
		Example: `  bubblelevel serve
  bubblelevel serve --listen 127.0.0.1:0 --db :memory: --ready-file ready.json
  bubblelevel serve --fixtures 'services/**/opslevel.yml' --detach && bubblelevel send && bubblelevel stop
  BUBBLELEVEL_LISTEN=0.0.0.0:6775 BUBBLELEVEL_TOKEN=secret bubblelevel serve`,
		Args: a.noArgs,
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
	flags.StringArrayVar(&f.fixtures, "fixtures", nil, "what the account holds: a fixture, an opslevel.yml, a folder or a pattern; repeatable (default: the opslevel.yml of the repository, else a demonstration, also as \":default:\")")
	flags.StringVar(&f.db, "db", "", "file of the journal, or :memory: (default: in the user's state directory)")
	flags.BoolVar(&f.fresh, "fresh", false, "start empty: forget what the journal holds")
	flags.StringVar(&f.sync, "sync", "interval", "interval: in the file before the answer, on the disk every second; always: on the disk before the answer")
	flags.IntVar(&f.keep, "keep", 0, "events to keep whole (default 10000)")
	flags.Int64Var(&f.keepBytes, "keep-bytes", 0, "bytes of events to keep whole (default 33554432)")
	flags.IntVar(&f.keepIDs, "keep-ids", 0, "dedup ids to remember beyond them (default 100000)")
	flags.StringVar(&f.readyFile, "ready-file", "", "write how to reach the emulator to this file, as JSON, once it listens")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a further host name under which the control API may be addressed")
	flags.StringVar(&f.now, "now", "", "let the clock stand still at this time (RFC 3339); bubblelevel clock moves it")
	flags.Uint64Var(&f.seed, "seed", 0, "draw ids and the chance of faults from this seed, so that runs repeat")
	flags.StringArrayVar(&f.faults, "faults", nil, "a file of faults to inject, in YAML or JSON; repeatable (bubblelevel help faults)")
	flags.BoolVar(&f.detach, "detach", false, "run in the background: return once the emulator answers")
	f.delivery.add(cmd)
	f.upstream.add(cmd)
	flags.StringArrayVar(&f.secretEnv, "secret-env", nil, "a variable that fixtures loaded later may take a secret from; those of --fixtures may anyway; repeatable")
	for _, name := range []string{"fixtures", "allow-host", "secret-env", "faults"} {
		flags.SetAnnotation(name, separated, nil) // fails for a flag that is not there only
	}
	complete(cmd, "sync", "interval", "always")
	if !cmd.HasParent() && cmd.Name() == "bubblelevel" {
		f.tui.flags(cmd)
		a.completeQueries(cmd, "filter")
	}
	cmd.RunE = running(func(cmd *cobra.Command, _ []string) error {
		f.screen = cmd == cmd.Root()
		return a.runServe(cmd.Context(), f)
	})
}

func (a *app) runServe(ctx context.Context, f serveFlags) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := f.check(); err != nil {
		return err
	}
	if f.detach {
		return a.detach(ctx)
	}
	in, out, screen := a.terminal()
	if screen = screen && f.screen && a.output == "text"; screen {
		defer a.behindScreen()()
	}
	c, err := a.config(f)
	if err != nil {
		return err
	}
	drift := f.upstream.apply(a, &c, true)
	c.OnStop = stop
	s, err := a.open(&c)
	if err == nil && f.fresh && s.LastSeq() > 0 {
		s, err = anew(s, c)
	}
	if err != nil {
		return err
	}
	if err := drift.open(false); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := a.begin(s, c, f); err != nil {
		return errors.Join(err, s.Close())
	}
	var printed <-chan struct{}
	if screen {
		err = a.show(ctx, s, c.Store, f.tui, in, out)
		stop()
	} else {
		printed = a.print(ctx, s)
	}
	<-ctx.Done()
	err = errors.Join(err, s.Close(), drift.close())
	for _, path := range a.readyFiles(f) {
		removeReady(path) // at the end, so that who waits for it finds the store free
	}
	if !screen {
		a.awaitPrinter(printed)
	}
	return err
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
	a.tell("nothing will be kept after the end: %v (choose a file with --db PATH)", err)
	c.Store = ":memory:"
	return emulator.New(*c)
}

// anew takes away the store that s has just opened, and so is not another process's, and begins with none: what was
// loaded into the account while it ran is to be forgotten as well, which a reset would keep.
func anew(s *emulator.Server, c emulator.Config) (*emulator.Server, error) {
	if err := s.Close(); err != nil {
		return nil, err
	}
	if err := os.Remove(c.Store); err != nil {
		return nil, fmt.Errorf("--fresh cannot take the old store away: %w", err)
	}
	return emulator.New(c)
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
