package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// Times that a command is given to come to its end.
const (
	// defaultGrace is how long it may go on after it was told to end.
	defaultGrace = 10 * time.Second
	// leftoverGrace is the same for what it left running.
	leftoverGrace = 500 * time.Millisecond
	// signalLag is how much later than the end of our context the signal may be seen that caused it.
	signalLag = 100 * time.Millisecond
	// pipeLag is how long a pipe of ours may stay open after the command's end, where something it left running holds
	// it. With plain files, which are handed on as they are, nothing is waited for.
	pipeLag = 2 * time.Second
)

// The codes of a shell for a command that cannot be run.
const (
	exitNotExecutable = 126
	exitNotFound      = 127
)

// lookUp finds the program of a command as a shell in dir would.
func lookUp(name, dir string) (string, error) {
	if strings.ContainsRune(name, filepath.Separator) && !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrDot) {
		return path, nil // the PATH names this folder, so a shell would run it as well
	}
	return path, err
}

// notRunCode is the code of a shell, and what it means.
func notRunCode(err error) (code int, why string) {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return exitNotFound, "was not found"
	}
	return exitNotExecutable, "cannot be run"
}

// child is the command that exec runs, with all that it starts: a process group of its own.
type child struct {
	program string
	args    []string
	env     []string
	dir     string
	stdio   IO
	timeout time.Duration
	grace   time.Duration

	cmd   *exec.Cmd
	group group
	// told: the command was told to end. killAt fires when it has had its time.
	told   bool
	killAt <-chan time.Time
}

// ending is how a command ended.
type ending struct {
	code int
	// signal that ended the command; empty for none.
	signal string
	// timedOut: it still ran at its deadline. interrupted: a signal that we passed on told it to end.
	timedOut, interrupted bool
	// err says why it could not be run.
	err error
}

// run runs the command to its end and lets j follow what it sends; then it waits for what may still arrive, and ends
// whatever the command left running.
func (c *child) run(ctx context.Context, j *judge) (end ending) {
	c.cmd = &exec.Cmd{
		Path: c.program, Args: c.args, Env: c.env, Dir: c.dir,
		Stdin: c.stdio.In, Stdout: c.stdio.Out, Stderr: c.stdio.Err, WaitDelay: pipeLag,
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, passedOn()...)
	defer signal.Stop(signals)
	c.group.prepare(c.cmd, c.stdio)
	if err := c.cmd.Start(); err != nil {
		return ending{err: err}
	}
	c.group.started(c.cmd.Process)
	defer c.group.restore()
	c.follow(ctx, j, signals, &end)
	if end.code == exitOK && !end.timedOut && !end.interrupted {
		j.await(ctx, c.group.alive, func() bool { return len(signals) > 0 })
	}
	c.endLeftovers()
	return end
}

// follow waits for the end of the command, and meanwhile passes signals on and keeps the deadline.
func (c *child) follow(ctx context.Context, j *judge, signals <-chan os.Signal, end *ending) {
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		_ = c.cmd.Wait() // the state of the process says more
	}()
	more, cancel := j.source.More()
	defer cancel()
	var deadline, asked <-chan time.Time
	if c.timeout > 0 {
		fired, stop := clock.System{}.After(c.timeout)
		defer stop()
		deadline = fired
	}
	done := ctx.Done()
	for {
		select {
		case <-waited:
			end.code, end.signal = endOf(c.cmd.ProcessState)
			return
		case <-more:
			j.read()
		case s := <-signals:
			end.interrupted = c.pass(s) || end.interrupted
			asked = nil
		case <-done:
			// Mostly a signal that reached our caller has ended the context, and reaches us as well.
			done = nil
			asked, _ = clock.System{}.After(signalLag)
		case <-asked:
			if !c.told {
				end.interrupted = c.pass(terminate)
			}
		case <-deadline:
			end.timedOut = true
			c.pass(terminate)
		case <-c.killAt:
			c.group.kill()
		}
	}
}

// pass gives a signal to the command and all that it started, and says whether it was told to end by it. The command has
// its time for that; being told twice, it is killed.
func (c *child) pass(s os.Signal) (end bool) {
	if !ends(s) {
		c.group.signal(s)
		return false
	}
	if c.told {
		c.group.kill()
		return true
	}
	c.told = true
	c.group.signal(s)
	c.killAt, _ = clock.System{}.After(c.grace)
	return true
}

// endLeftovers ends what the command left running in its group: first with a word, then without.
func (c *child) endLeftovers() {
	if !c.group.alive() {
		return
	}
	c.group.signal(terminate)
	end, stop := clock.System{}.After(leftoverGrace)
	defer stop()
	for c.group.alive() {
		tick, stopTick := clock.System{}.After(groupTick)
		select {
		case <-tick:
		case <-end:
			c.group.kill()
			stopTick()
			return
		}
		stopTick()
	}
}
