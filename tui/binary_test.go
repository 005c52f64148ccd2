//go:build unix

package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The binary of these tests is also a program that imports the terminal UI: with this variable it runs one.
const mainVar = "BUBBLELEVEL_TUI_TEST"

func TestMain(m *testing.M) {
	switch os.Getenv(mainVar) {
	case "":
		os.Exit(inOwnTemp(m.Run))
	case "nothing": // a command of a binary that has the terminal UI and does not use it
		fmt.Println("done")
		return
	}
	if err := testMain(os.Getenv(mainVar)); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// inOwnTemp runs tests with a folder for temporary files that is gone afterwards: a fuzzer opens editors that never end.
func inOwnTemp(run func() int) int {
	dir, err := os.MkdirTemp("", "tui-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	os.Setenv("TMPDIR", dir)
	return run()
}

// testMain is the terminal UI on an emulator in memory, as a program of its own: "busy", "empty", "load" (2,000 deploys a
// second), "flaky" (an attached emulator that goes away and comes back on SIGUSR1).
func testMain(what string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	src := busy()
	if what == "empty" {
		src = newFake()
	}
	switch what {
	case "load":
		go func() {
			for t := time.Tick(10 * time.Millisecond); ; <-t {
				for range 20 {
					src.post("dedup_id", nil)
				}
			}
		}()
	case "panic":
		return Run(ctx, broken{src}, Options{Now: src.clock})
	case "flaky":
		src.attached = true
		usr := make(chan os.Signal, 1)
		signal.Notify(usr, syscall.SIGUSR1)
		go flap(src, usr)
	}
	return Run(ctx, src, Options{Now: src.clock, Sample: newSample(), Plain: os.Getenv("PLAIN") != "", Dir: os.Getenv("DIR"), Mouse: "off"})
}

// broken panics when something is sent.
type broken struct{ *fake }

func (broken) Send(context.Context, event.Request) (Answer, error) { panic("a planted mistake") }

// A crash gives the terminal back and says what happened.
func TestCrash(t *testing.T) {
	wholeProgram(t)
	cmd := child(t, "panic")
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 80, Rows: 24})
	if err != nil {
		t.Skip("there are no pseudo terminals here: ", err)
	}
	defer master.Close()
	x := newTTY(t, master, 80, 24)
	x.until("FOLLOW").press("s")
	if err := cmd.Wait(); err == nil {
		t.Error("a crash ends with success")
	}
	<-x.ended
	if raw := x.bytes(); !strings.Contains(raw, "\x1b[?1049l") || !strings.Contains(raw, "\x1b[?25h") || !strings.Contains(raw, "a planted mistake") {
		t.Errorf("the terminal is not given back, or nothing is said:\n%q", raw[max(0, len(raw)-600):])
	}
}

func flap(src *fake, usr <-chan os.Signal) {
	for range usr {
		src.mu.Lock()
		if src.down == nil {
			src.down = errors.New("dial tcp 127.0.0.1:6775: connection refused")
		} else {
			src.down = nil
		}
		src.mu.Unlock()
		src.post("service", "checkout", "dedup_id", nil)
	}
}

func child(t testing.TB, what string, env ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append([]string{mainVar + "=" + what, "TERM=xterm-256color", "LANG=C.UTF-8", "HOME=" + t.TempDir(), "DIR=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	return cmd
}

// A command that does not use the terminal UI starts as fast on a terminal that never answers as without one. Bubble Tea
// v1 by itself would make it wait for five seconds.
func TestImportCostsNothing(t *testing.T) {
	wholeProgram(t)
	run := func(on func(cmd *exec.Cmd) error) time.Duration {
		best := time.Hour
		for range 3 {
			began := time.Now()
			if err := on(child(t, "nothing")); err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(began))
		}
		return best
	}
	without := run(func(cmd *exec.Cmd) error { return cmd.Run() })
	mute := run(func(cmd *exec.Cmd) error {
		master, err := pty.Start(cmd)
		if err != nil {
			t.Skip("there are no pseudo terminals here: ", err)
		}
		defer master.Close()
		return cmd.Wait()
	})
	t.Logf("without a terminal %s, on a mute one %s", without, mute)
	if mute > without+time.Second {
		t.Errorf("a mute terminal costs every command %s", mute-without)
	}
}

// The binary on a terminal: the first frame comes soon, sizes change, the end gives the terminal back.
func TestBinary(t *testing.T) {
	wholeProgram(t)
	cmd := child(t, "busy")
	began := time.Now()
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 36})
	if err != nil {
		t.Skip("there are no pseudo terminals here: ", err)
	}
	defer master.Close()
	x := newTTY(t, master, 120, 36)
	x.until("FOLLOW", "environment.case")
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the first frame took %s", took)
	}
	resize := func(w, h int, want string) {
		t.Helper()
		x.vt.Resize(w, h)
		if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
			t.Fatal(err)
		}
		x.until(want)
	}
	resize(30, 8, "terminal is 30x8")
	resize(200, 60, "6 Playground")
	resize(80, 24, "1 Depl 71")
	x.press("q").until("Quit stops the emulator").press("y")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	<-x.ended
	raw := x.bytes()
	for what, s := range map[string]string{"leave the alternate screen": "\x1b[?1049l", "show the cursor": "\x1b[?25h", "end bracketed paste": "\x1b[?2004l"} {
		if !strings.Contains(raw, s) {
			t.Errorf("the end does not %s", what)
		}
	}
}

// Without a terminal there are lines.
func TestBinaryInAPipe(t *testing.T) {
	cmd := child(t, "busy")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 0, 64<<10)
	for !strings.Contains(string(b), "firing 72") {
		part := make([]byte, 4096)
		n, err := out.Read(part)
		if b = append(b, part[:n]...); err != nil {
			t.Fatalf("%v after:\n%s", err, b)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	s := string(b)
	for _, want := range []string{"plain lines, because the output is no terminal", "deploy 62 ", "duplicate_deploy", "silent: "} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in:\n%s", want, s)
		}
	}
	if strings.Contains(s, "\x1b") {
		t.Error("sequences in a pipe")
	}
}
