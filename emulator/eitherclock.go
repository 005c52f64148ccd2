package emulator

import (
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// eitherClock tells the emulator's time, and waits until it has passed there or on the machine, whichever comes first: a
// socket hangs in real time, also where the emulator's clock stands still (serve --now).
type eitherClock struct{ clock.Clock }

// After fires once. Call stop when it is not needed any more.
func (c eitherClock) After(d time.Duration) (fired <-chan time.Time, stop func()) {
	if _, real := c.Clock.(clock.System); real {
		return c.Clock.After(d)
	}
	own, stopOwn := c.Clock.After(d)
	machine, stopMachine := clock.System{}.After(d)
	out, done := make(chan time.Time, 1), make(chan struct{})
	go func() {
		select {
		case t := <-own:
			out <- t
		case <-machine:
			out <- c.Now()
		case <-done:
		}
	}()
	var once sync.Once
	return out, func() {
		once.Do(func() { close(done) })
		stopOwn()
		stopMachine()
	}
}
