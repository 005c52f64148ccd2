//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/cli"
)

// leftovers is a script that leaves a process running which ignores every gentle signal. While it lives it holds the
// write end of the pipe "alive".
const leftovers = `(trap "" INT TERM HUP; echo ready; read x <never) 8>alive 7<>never & `

// gone waits until nobody holds the pipe any more. A process that outlives its command would make the test hang, and
// the deadline of the test say so.
func (b *bench) gone(alive *os.File) {
	b.t.Helper()
	if err := alive.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		b.t.Fatal(err)
	}
	if _, err := io.ReadAll(alive); err != nil {
		b.t.Errorf("something that the command left is still running: %v", err)
	}
}

func (b *bench) pipes() (alive *os.File) {
	b.t.Helper()
	for _, name := range []string{"alive", "never"} {
		if err := syscall.Mkfifo(filepath.Join(b.dir, name), 0o600); err != nil {
			b.t.Skip("no named pipes here")
		}
	}
	alive, err := os.OpenFile(filepath.Join(b.dir, "alive"), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { alive.Close() })
	return alive
}

// TestNoOrphans: what a command has started ends with it, also what does not listen (firebase-tools 2477).
func TestNoOrphans(t *testing.T) {
	for name, s := range map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			if signal.Ignored(s) {
				t.Skip("this test was started with the signal ignored, as nohup does, and so is exec")
			}
			t.Parallel()
			b := newBench(t)
			alive := b.pipes()
			run := b.begin(leftovers + "wait")
			if err := run.cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			if got := run.end(t); got.code != 128+int(s) || !strings.Contains(got.lastLine(), "ended by signal") {
				t.Error(got)
			}
			b.gone(alive)
		})
	}
	t.Run("after its end", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		alive := b.pipes()
		if got := b.exec(leftovers + send + ">&2"); got.code != 0 {
			t.Error(got)
		}
		b.gone(alive)
	})
}

// TestStubbornCommand: one that does not end when it is told to is killed, after its time or when it is told twice.
func TestStubbornCommand(t *testing.T) {
	stubborn := `trap "" TERM INT; ` + leftovers + `read x <never`
	t.Run("after its time", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		alive := b.pipes()
		got := b.exec(stubborn, "--timeout", "50ms", "--grace", "50ms")
		if got.code != 5 || !strings.Contains(got.lastLine(), "--timeout") {
			t.Error(got)
		}
		b.gone(alive)
	})
	t.Run("told twice", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		alive := b.pipes()
		run := b.begin(stubborn, "--grace", "1h")
		for range 2 {
			if err := run.cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			// A signal that is pending swallows a second one, so the second is sent when the first was taken.
			for pending(run.cmd.Process.Pid) {
				runtime.Gosched()
			}
		}
		// Two signals in one breath may still be one to the command; a third is one too many for it.
		_ = run.cmd.Process.Signal(syscall.SIGTERM)
		if got := run.end(t); got.code != 137 {
			t.Error(got)
		}
		b.gone(alive)
	})
}

// pending says whether a process has a signal that it has not taken yet.
func pending(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(b)) {
		if bits, ok := strings.CutPrefix(line, "ShdPnd:"); ok {
			return strings.Trim(strings.TrimSpace(bits), "0") != ""
		}
	}
	return false
}

// TestSignalsArePassedOn: the command decides what a signal means.
func TestSignalsArePassedOn(t *testing.T) {
	for s, want := range map[syscall.Signal]int{syscall.SIGTERM: 7, syscall.SIGINT: 7, syscall.SIGUSR1: 8} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.pipes()
			run := b.begin(`trap "exit 7" TERM INT; trap "exit 8" USR1; exec 7<>never; echo ready; read x <&7`)
			if err := run.cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			if got := run.end(t); got.code != want || !strings.Contains(got.lastLine(), "command's own") {
				t.Error(got)
			}
		})
	}
}

// TestContextEnds: a caller without signals ends the command by its context.
func TestContextEnds(t *testing.T) {
	b := newBench(t)
	alive := b.pipes()
	ctx, cancel := context.WithCancel(t.Context())
	ready, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	go func() {
		_, _ = ready.Read(make([]byte, 1))
		cancel()
	}()
	var errs bytes.Buffer
	code := cli.Run(ctx, []string{"exec", "--", "sh", "-c", leftovers + "read x <never"}, cli.IO{
		In: strings.NewReader(""), Out: out, Err: &errs, Getenv: func(string) string { return "" }, Dir: b.dir,
	})
	out.Close()
	if code != 143 || !strings.Contains(errs.String(), "ended by signal 15") {
		t.Errorf("code %d: %s", code, &errs)
	}
	b.gone(alive)
}

// TestSenderAfterTheEnd: a sender in the background that outlives its command is waited for, and its deploy counts.
func TestSenderAfterTheEnd(t *testing.T) {
	script := func(sender string) string {
		// The sender begins when the script has ended, and with it the last writer of its pipe.
		return `mkfifo over; (read x <over; ` + sender + `) >/dev/null & exec 3>over; exit 0`
	}
	t.Run("healthy", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		if got := b.exec(script(send)); got.code != 0 {
			t.Error(got)
		}
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.file("opslevel.yml", cartYML)
		if got := b.exec(script(send + "--set service=crat")); got.code != 4 || !strings.Contains(got.err, "silent.unknown_alias") {
			t.Error(got)
		}
	})
	t.Run("not waited for", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		alive := b.pipes()
		if got := b.exec(leftovers+"exit 0", "--settle", "0"); got.code != 4 {
			t.Error(got)
		}
		b.gone(alive)
	})
	t.Run("waited for in vain", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		alive := b.pipes()
		if got := b.exec(leftovers+"exit 0", "--settle", "50ms"); got.code != 4 {
			t.Error(got)
		}
		b.gone(alive)
	})
	t.Run("gone before its answer", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		if got := b.exec("TEST_AS=fire exec \"$BL\""); got.code != 0 {
			t.Error(got)
		}
	})
}
