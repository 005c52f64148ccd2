package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// survivePipes makes a write to a stdout that nobody reads any more an error of that write (EPIPE) instead of the end of
// the process: an emulator whose log was cut off (`serve | head -1`) goes on, other commands end quietly. The signal is
// received and not ignored, since children would inherit that.
func survivePipes() (undo func()) {
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGPIPE)
	return func() { signal.Stop(received) }
}
