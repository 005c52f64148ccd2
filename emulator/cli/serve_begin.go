package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// begin listens and says so: the ready line, a curl that works as it stands, the ready files, and what the store held.
func (a *app) begin(s *emulator.Server, c emulator.Config, f serveFlags) error {
	found := s.Found()
	if err := s.Listen(); err != nil {
		return err
	}
	r := ready{IntegrationURL: s.IntegrationURL(), ControlURL: s.ControlURL(), PID: os.Getpid(), Token: c.Token}
	greeting := a.greeting(r, s)
	io.WriteString(a.Out, greeting) // who does not read it may still use the emulator
	for _, path := range a.readyFiles(f) {
		if err := r.write(path); err != nil {
			if f.readyFile != "" && path == a.under(f.readyFile) {
				return &failure{code: exitRuntime, err: fmt.Errorf("cannot write the ready file: %w", err), hint: "name one with --ready-file in a folder that can be written"}
			}
			if !a.foundByAddress(f) {
				a.tell("other commands will not find this emulator by themselves: %v (name it with --url %s)", err, r.ControlURL)
			}
		}
	}
	if found.Deploys > 0 && !f.fresh {
		a.tell("found %s in %s; --fresh starts empty", found.Text(s.Clock().Now()), c.Store)
	}
	if c.Upstream != "" {
		a.tell("every deploy goes on to %s and is a real one there", s.UpstreamHost())
	}
	if c.Fixtures != nil && s.FixturesReplaced() {
		a.tell("fixtures that were loaded while it ran before are in force, not those of this start; --fresh starts with these")
	}
	if n := len(c.Faults); n > 0 {
		a.tell("faults in force: %d; `bubblelevel faults` lists them", n)
	}
	for _, conflict := range s.Conflicts() {
		a.tell("fixtures: %s", conflict)
	}
	return a.shakeHands(greeted{greeting, f.reachedAt(r.ControlURL)})
}

// reachedAt is where this machine reaches the control API: behind --public-url not by what others call it.
func (f serveFlags) reachedAt(controlURL string) string {
	if at := reachable(f.listen); f.publicURL != "" && f.control == "" && at != "" {
		return "http://" + at
	}
	return controlURL
}

// foundByAddress says whether other commands look for an emulator where this one listens, without a ready file.
func (a *app) foundByAddress(f serveFlags) bool {
	own := f.control
	if own == "" {
		own = f.listen
	}
	return slices.Contains(a.usualAddresses(), reachable(own))
}

// tell says something on stderr, in one line whatever stands in it.
func (a *app) tell(format string, args ...any) {
	for line := range strings.SplitSeq(strings.TrimRight(fmt.Sprintf(format, args...), "\n"), "\n") {
		fmt.Fprintln(a.Err, event.Clean(line, 1000))
	}
}

// readyFiles are the one that was asked for and that of the working directory, by which other commands find this
// emulator. The latter comes last: who has found the emulator by it finds the other one written.
func (a *app) readyFiles(f serveFlags) []string {
	var paths []string
	if f.readyFile != "" {
		paths = append(paths, a.under(f.readyFile))
	}
	if p, err := a.place(); err == nil {
		paths = append(paths, p.ready)
	}
	return paths
}

// under is a path that was given, seen from the working directory.
func (a *app) under(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(a.Dir, path)
}

// greeting is what stands first on stdout: the ready line, and a curl that is answered with ok. It is made of the
// fixtures' first service and a fresh dedup_id.
func (a *app) greeting(r ready, s *emulator.Server) string {
	if a.output == "json" {
		b, _ := json.Marshal(struct {
			Ready ready `json:"ready"`
		}{ready{r.IntegrationURL, r.ControlURL, r.PID, ""}})
		return string(b) + "\n"
	}
	line := fmt.Sprintf("ready integration_url=%s control_url=%s pid=%d\n", r.IntegrationURL, r.ControlURL, r.PID)
	if r.IntegrationURL == "" {
		return line
	}
	payload := fixtures.Sample(s.SampleService(), clock.Random{}.UUID(), s.Clock().Now())
	return line + fmt.Sprintf("try it:\ncurl -sS%s -X POST %s -H 'Content-Type: application/json' -d %s\n",
		a.pastProxy(), r.IntegrationURL, event.ShellQuote(string(payload)))
}

// pastProxy is curl's flag that keeps it from asking a proxy for an address of this machine, where one is set.
func (a *app) pastProxy() string {
	for _, name := range []string{"http_proxy", "all_proxy", "ALL_PROXY"} { // curl reads no HTTP_PROXY
		if a.Getenv(name) != "" {
			return " --noproxy '*'"
		}
	}
	return ""
}

// print writes a line for each event until ctx ends. It reads the journal as any other reader does, so a stdout that
// nobody reads holds up this goroutine and nothing else.
func (a *app) print(ctx context.Context, s *emulator.Server) (done <-chan struct{}) {
	finished := make(chan struct{})
	from := s.LastSeq()
	go func() {
		defer close(finished)
		// Lines go out together: a system call for each would cost under load what the answer itself does.
		out := bufio.NewWriterSize(a.Out, 64<<10)
		lines := &app{IO: IO{Out: out, Getenv: a.Getenv}, output: a.output}
		s.Watch(ctx, from, maxBehind, func(e *event.Event, dropped uint64) {
			switch {
			case e != nil:
				lines.printEvent(e) // an error here is the reader's: the emulator goes on without one
			case dropped > 0:
				fmt.Fprintf(out, "… %d events are not printed here: this output is read too slowly\n", dropped)
			default:
				out.Flush()
			}
		})
	}()
	return finished
}

// maxBehind is how many events the printed lines may lag before the oldest of them are left out and counted.
const maxBehind = 2000

// printEvent prints an event in one line.
func (a *app) printEvent(e *event.Event) error {
	if a.output == "json" {
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.Out, "%s\n", plainJSON(b))
		return err
	}
	_, err := fmt.Fprintln(a.Out, a.forPeople(e.Line()))
	return err
}
