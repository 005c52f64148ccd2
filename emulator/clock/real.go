package clock

import (
	"sync"
	"time"
)

// Real is the clock that the real world is measured with, such as how long a socket takes: the machine's beneath an
// [Adjustable], otherwise c itself, so that with a [Manual] a test holds that too.
func Real(c Clock) Clock {
	inner := c
	if e, ok := c.(Either); ok {
		inner = e.Clock
	}
	if _, ok := inner.(*Adjustable); ok {
		return System{}
	}
	return c
}

// Elapsed measures from now on, by [Real].
func Elapsed(c Clock) func() time.Duration {
	r := Real(c)
	start := r.Now()
	return func() time.Duration { return r.Now().Sub(start) }
}

// Either tells the time of a clock, and waits until it has passed there or on the machine, whichever comes first: what
// others wait for comes to an end also where the clock stands still.
type Either struct{ Clock }

// After fires once. Call stop when it is not needed any more.
func (c Either) After(d time.Duration) (fired <-chan time.Time, stop func()) {
	if _, real := c.Clock.(System); real {
		return c.Clock.After(d)
	}
	own, stopOwn := c.Clock.After(d)
	machine, stopMachine := System{}.After(d)
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
