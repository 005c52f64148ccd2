package cli

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// TestGivenUpWhileReading: Ctrl-C ends a command that waits for stdin, at once and with its code.
func TestGivenUpWhileReading(t *testing.T) {
	for _, args := range [][]string{{"send", "-"}, {"render", "-"}} {
		in, typed := io.Pipe()
		ctx, interrupt := context.WithCancel(t.Context())
		code := make(chan int, 1)
		go func() {
			code <- Run(ctx, args, IO{In: in, Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Dir: t.TempDir()})
		}()
		if _, err := typed.Write([]byte("{")); err != nil { // it reads now
			t.Fatal(err)
		}
		interrupt()
		late, stop := clock.System{}.After(30 * time.Second)
		select {
		case got := <-code:
			if got != exitInterrupted {
				t.Errorf("%v: exit code %d", args, got)
			}
		case <-late:
			t.Errorf("%v: it still reads", args)
		}
		stop()
		typed.Close()
	}
}
