//go:build unix

package tui

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// tty is a terminal emulator behind a pseudo terminal: what is read from it is a screen, with a style for each cell, and
// what is written to it are keys as bytes.
type tty struct {
	t      testing.TB
	master *os.File
	vt     vt10x.Terminal

	mu      sync.Mutex
	raw     []byte
	changed chan struct{}
	ended   chan struct{}
}

// patience is how long a screen may take to show what is waited for, on a machine that is busy with other tests.
const patience = 20 * time.Second

func newTTY(t testing.TB, master *os.File, w, h int) *tty {
	x := &tty{t: t, master: master, changed: make(chan struct{}, 1), ended: make(chan struct{})}
	x.vt = vt10x.New(vt10x.WithSize(w, h), vt10x.WithWriter(master))
	go x.read()
	return x
}

func (x *tty) read() {
	defer close(x.ended)
	b := make([]byte, 32<<10)
	for {
		n, err := x.master.Read(b)
		x.vt.Write(b[:n])
		x.mu.Lock()
		x.raw = append(x.raw, b[:n]...)
		x.mu.Unlock()
		select {
		case x.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (x *tty) screen() string { return x.vt.String() }

func (x *tty) bytes() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.raw)
}

// until waits until the screen shows every text.
func (x *tty) until(texts ...string) *tty {
	x.t.Helper()
	x.untilTrue("shows "+strings.Join(texts, " and "), func(s string) bool {
		for _, want := range texts {
			if !strings.Contains(s, want) {
				return false
			}
		}
		return true
	})
	return x
}

func (x *tty) untilTrue(what string, holds func(screen string) bool) {
	x.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for !holds(x.screen()) {
		select {
		case <-x.changed:
		case <-late.C:
			x.t.Fatalf("the screen never %s:\n%s", what, x.screen())
		}
	}
}

// press writes keys.
func (x *tty) press(keys ...string) *tty {
	x.t.Helper()
	names := map[string]string{"enter": "\r", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "space": " ", "ctrl+c": "\x03", "ctrl+u": "\x15"}
	for _, k := range keys {
		if b, ok := names[k]; ok {
			k = b
		}
		if _, err := io.WriteString(x.master, k); err != nil {
			x.t.Fatal(err)
		}
	}
	return x
}

// selectedRow is the text of the row that stands in reverse.
func (x *tty) selectedRow() string {
	x.vt.Lock()
	defer x.vt.Unlock()
	const reverse = 1
	w, h := x.vt.Size()
	for y := 1; y < h-2; y++ {
		if c := x.vt.Cell(3, y); c.Mode&reverse != 0 || c.FG == vt10x.DefaultBG {
			row := ""
			for i := range w {
				row += string(x.vt.Cell(i, y).Char)
			}
			return row
		}
	}
	return ""
}

// program is Run on a terminal in this process.
type running struct {
	*tty
	src    *fake
	cancel context.CancelFunc
	err    chan error
}

// wholeProgram skips a test that runs Bubble Tea itself where the race detector looks on: at its end Bubble Tea v1 closes
// the terminal while its own reader may still hold it, which is not ours to mend. The model is under the detector in all
// other tests, and the run without it shows these.
func wholeProgram(t testing.TB) {
	t.Helper()
	if raceDetector {
		t.Skip("Bubble Tea v1 races with its own reader of the terminal when it ends")
	}
}

func runOnTTY(t *testing.T, src *fake, w, h int, change ...func(*Options)) *running {
	t.Helper()
	wholeProgram(t)
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("there are no pseudo terminals here: ", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		t.Fatal(err)
	}
	o := Options{In: slave, Out: slave, Now: src.clock, Sample: newSample(), Dir: t.TempDir(), Env: []string{"LANG=C.UTF-8", "TERM=xterm-256color"}}
	for _, c := range change {
		c(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{tty: newTTY(t, master, w, h), src: src, cancel: cancel, err: make(chan error, 1)}
	go func() { r.err <- Run(ctx, src, o); slave.Close() }()
	t.Cleanup(func() {
		// Asked by a key, Bubble Tea waits for its reader of the terminal before it returns. Killed, it does not, and the
		// reader may still hold the terminal while it is closed above.
		for range 200 {
			master.Write([]byte("\x03")) // closes what lies over the screen, asks, and is the yes to the question
			select {
			case <-r.ended:
				master.Close()
				cancel()
				return
			case <-time.After(patience / 200):
			}
		}
		t.Error("the program does not end")
		cancel()
		master.Close()
	})
	return r
}

func openTTY(t testing.TB, w, h int) (master, slave *os.File) {
	t.Helper()
	wholeProgram(t)
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("there are no pseudo terminals here: ", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		t.Fatal(err)
	}
	return master, slave
}
