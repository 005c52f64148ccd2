// Package clock is the only place that reads the time and draws at random.
//
// Every other room takes a [Clock] and an [IDs], so a test holds both: [Manual] stands still until it is moved, and
// [Seeded] draws the same ids every time. [Adjustable] is the clock of a running emulator, which people may move.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time and wakes.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// After sends once, no earlier than d from now. stop releases the timer early.
	After(d time.Duration) (fired <-chan time.Time, stop func())
}

// System is the machine's clock.
type System struct{}

// Now is time.Now.
func (System) Now() time.Time { return time.Now() }

// After is a time.Timer.
func (System) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// Manual is a clock that a test moves. The zero value is not ready: use [NewManual].
type Manual struct {
	mu      sync.Mutex
	now     time.Time
	waiters map[*waiter]bool
}

type waiter struct {
	at time.Time
	ch chan time.Time
}

// NewManual is a clock that stands at t.
func NewManual(t time.Time) *Manual {
	return &Manual{now: t, waiters: map[*waiter]bool{}}
}

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// After fires when the clock has been moved d onwards.
func (m *Manual) After(d time.Duration) (<-chan time.Time, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := &waiter{at: m.now.Add(d), ch: make(chan time.Time, 1)}
	if d <= 0 {
		w.ch <- m.now
		return w.ch, func() {}
	}
	m.waiters[w] = true
	return w.ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.waiters, w)
	}
}

// Advance moves the clock by d (also backwards) and wakes whoever is due.
func (m *Manual) Advance(d time.Duration) { m.Set(m.Now().Add(d)) }

// Set moves the clock to t and wakes whoever is due.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t
	for w := range m.waiters {
		if !w.at.After(t) {
			w.ch <- t
			delete(m.waiters, w)
		}
	}
}

// Waiting counts the timers that have not fired, so that a test can move the clock once somebody waits.
func (m *Manual) Waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.waiters)
}
