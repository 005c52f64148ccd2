package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

// prober runs a sender again and again.
type prober struct {
	app       *app
	flags     probeFlags
	args      []string
	place     *probePlace
	systems   []string
	carriers  []probe.Carrier
	given     map[string]string
	config    emulator.Config
	uuid      string
	catalogue string
	begun     time.Time
	runs      int
	// timeouts counts the runs in a row that did not come to their end.
	timeouts int
	// patient: --settle was given, so that senders elsewhere are waited for too.
	patient bool
}

// probed is one run: what arrived, and how exec would see it.
type probed struct {
	probe.Run
	end    ending
	judge  *judge
	report *report
	output string
}

// Reasons to end a probe early.
var (
	errRuns        = errors.New("--max-runs is reached")
	errTimeouts    = errors.New("two runs in a row did not come to their end; --timeout gives them longer")
	errInterrupted = errors.New("interrupted")
)

// maxTimeouts is how many runs in a row may reach their --timeout before the probe is given up.
const maxTimeouts = 2

// setting is what the emulator of one run has of its own: those with the same store share what they know.
type setting struct {
	store  string
	faults []fault.Fault
}

// run runs the sender in a scene, against an emulator of its own.
func (p *prober) run(ctx context.Context, scene probe.Scene, own setting) (r probed, err error) {
	if p.runs >= p.flags.maxRuns {
		return r, errRuns
	}
	if p.timeouts >= maxTimeouts {
		return r, errTimeouts
	}
	p.runs++
	p.app.progress(fmt.Sprintf("bubblelevel: run %d of the command", p.runs))
	scene.Systems, scene.Carriers, scene.Now = p.systems, p.carriers, p.begun
	set := scene.Build()
	variables, err := p.place.set(set)
	if err != nil {
		return r, err
	}
	c := p.config
	c.Store, c.Faults = own.store, own.faults
	s, err := emulator.New(c)
	if err != nil {
		return r, err
	}
	if err := s.Listen(); err != nil {
		return r, errors.Join(err, s.Close())
	}
	return p.runAt(ctx, s, set, variables)
}

func (p *prober) runAt(ctx context.Context, s *emulator.Server, set probe.Set, variables []string) (r probed, err error) {
	before := s.LastSeq()
	implied := expect.Expectation{Allow: p.flags.allow, Since: before}
	if contains(p.flags.allow, nothingSent) {
		implied.Min = new(int)
	}
	r.judge = newJudge(s, p.flags.execFlags, []expect.Expectation{implied})
	r.judge.patient = p.patient
	output := &tail{}
	words := make([]string, len(p.args))
	for i, word := range p.args {
		words[i] = set.Splice(word)
	}
	program, err := lookUp(words[0], p.place.dir)
	if err != nil {
		return r, errors.Join(p.app.notRun(words[0], err), s.Close())
	}
	child := &child{program: program, args: words, env: p.environment(s, set, variables), dir: p.place.dir,
		stdio: IO{Out: output, Err: output}, timeout: p.flags.timeout, grace: p.flags.grace}
	begun := clock.System{}.Now()
	r.end = child.run(ctx, r.judge)
	r.Took = clock.System{}.Now().Sub(begun)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutPatience)
	defer cancel()
	r.judge.drain(drain, s)
	s.Range(before, 0, false, func(e *event.Event) bool {
		r.Events = append(r.Events, e)
		return true
	})
	r.report = r.judge.report(p.args[0], r.end, r.Took)
	r.output, r.Code, r.TimedOut = output.String(), r.end.code, r.end.timedOut
	if errors.Is(r.end.err, syscall.E2BIG) {
		r.Code, r.end.err = exitNotExecutable, nil // the value is too much for a command line: that is what a runner says
	}
	return r, p.ended(r)
}

// ended says whether a run leaves any sense in going on.
func (p *prober) ended(r probed) error {
	switch {
	case r.end.err != nil:
		return p.app.notRun(p.args[0], r.end.err)
	case r.end.interrupted:
		return errInterrupted
	case r.TimedOut:
		p.timeouts++
	default:
		p.timeouts = 0
	}
	return nil
}

// environment is what exec gives a command, with the scene's variables over it.
func (p *prober) environment(s *emulator.Server, set probe.Set, variables []string) []string {
	base := s.URL()
	if p.flags.advertise != "" {
		base = "http://" + advertised(p.flags.advertise, base)
	}
	url := base + strings.TrimPrefix(s.DeployURL(p.uuid), s.URL())
	env := childEnv(base, url, p.config.Token, p.flags.advertise)
	env = slices.DeleteFunc(env, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return contains(ownGit(), name) && contains(p.systems, probe.Git)
	})
	return append(append(env, set.Variables...), variables...)
}

// gitHere says whether anybody could read the throw-away repository.
func gitHere() bool {
	_, err := exec.LookPath("git")
	return err == nil
}

// tail keeps the end of what a sender prints: what it says last explains most.
type tail struct {
	mu   sync.Mutex
	kept []byte
	cut  bool
}

// maxTail is how much of a run's output is kept, in bytes.
const maxTail = 8 << 10

// Write takes everything and keeps the last of it.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - maxTail; over > 0 {
		t.kept, t.cut = append(t.kept[:0], t.kept[over:]...), true
	}
	return len(b), nil
}

// String is the last of what was printed.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut {
		return "…" + strings.ToValidUTF8(string(t.kept), "")
	}
	return string(t.kept)
}

var _ io.Writer = (*tail)(nil)

// progress says on a terminal how far long work is, in one line that the next one replaces; an empty one takes it away.
func (a *app) progress(text string) {
	if terminal(a.Err) && a.Getenv("TERM") != "dumb" {
		fmt.Fprint(a.Err, "\r\x1b[K"+text)
	}
}
