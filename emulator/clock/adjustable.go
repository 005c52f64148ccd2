package clock

import (
	"sync"
	"sync/atomic"
	"time"
)

// Adjustable runs with the machine's clock until it is moved: it can be frozen, set, advanced and let run again. Its timers
// count its own time, so that they fire when it is moved past them, and never while it is frozen. It never goes
// backwards. Use [NewAdjustable] or [NewFrozen].
type Adjustable struct {
	machine machine
	// course is read without a lock: every request asks for the time.
	course atomic.Pointer[course]

	mu     sync.Mutex
	timers map[*timer]bool
}

// machine is what an Adjustable runs on: [System], but for tests.
type machine interface {
	Now() time.Time
	// afterFunc calls f in its own goroutine after d.
	afterFunc(d time.Duration, f func()) (stop func())
}

func (System) afterFunc(d time.Duration, f func()) func() {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// course is how an Adjustable goes: it stands at a time, or runs ahead of the machine (behind it if negative).
type course struct {
	frozen bool
	at     time.Time
	ahead  time.Duration
}

// timer is one call of After that has not fired. stop releases its timer on the machine, if it has one.
type timer struct {
	at   time.Time
	ch   chan time.Time
	stop func()
}

// NewAdjustable is a clock that runs with the machine's.
func NewAdjustable() *Adjustable { return newAdjustable(System{}, course{}) }

// NewFrozen is a clock that stands at t until it is moved. The error is a [*MoveError] where t is too far away.
func NewFrozen(t time.Time) (*Adjustable, error) {
	if err := within(t, System{}.Now()); err != nil {
		return nil, err
	}
	return newAdjustable(System{}, course{frozen: true, at: t}), nil
}

func newAdjustable(m machine, c course) *Adjustable {
	a := &Adjustable{machine: m, timers: map[*timer]bool{}}
	a.course.Store(&c)
	return a
}

// Now is the time of this clock.
func (a *Adjustable) Now() time.Time {
	c := a.course.Load()
	if c.frozen {
		return c.at
	}
	return a.machine.Now().Add(c.ahead)
}

// After fires when d has passed on this clock, by running or by being moved.
func (a *Adjustable) After(d time.Duration) (<-chan time.Time, func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Now()
	t := &timer{at: now.Add(d), ch: make(chan time.Time, 1), stop: func() {}}
	if d <= 0 {
		t.ch <- now
		return t.ch, func() {}
	}
	a.timers[t] = true
	a.arm(t)
	return t.ch, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.release(t)
	}
}

// arm sets the machine's timer for t, where the clock runs. mu is held.
func (a *Adjustable) arm(t *timer) {
	t.stop()
	t.stop = func() {}
	if !a.course.Load().frozen {
		t.stop = a.machine.afterFunc(t.at.Sub(a.Now()), func() { a.ring(t) })
	}
}

// ring fires t if it is due. Its timer on the machine may have gone off while the clock was being moved.
func (a *Adjustable) ring(t *timer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.timers[t] {
		return
	}
	if now := a.Now(); !now.Before(t.at) {
		t.ch <- now
		a.release(t)
		return
	}
	a.arm(t)
}

// release forgets t. mu is held.
func (a *Adjustable) release(t *timer) {
	t.stop()
	delete(a.timers, t)
}

// Move moves the clock in one step, and wakes whoever is due. The error is a [*MoveError], and the clock is where it was.
func (a *Adjustable) Move(m Move) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	now, machine := a.Now(), a.machine.Now()
	to, err := m.from(now)
	if err == nil && !to.Equal(now) {
		err = within(to, machine)
	}
	if err != nil {
		return err
	}
	next := course{frozen: a.course.Load().frozen}
	if m.Freeze != nil {
		next.frozen = *m.Freeze
	}
	if next.frozen {
		next.at = to
	} else {
		next.ahead = to.Sub(machine)
		if !m.moves() && !a.course.Load().frozen {
			return nil // it runs as it ran
		}
	}
	a.course.Store(&next)
	for t := range a.timers {
		if to.Before(t.at) {
			a.arm(t)
			continue
		}
		t.ch <- to
		a.release(t)
	}
	return nil
}

// Frozen says whether the clock stands still.
func (a *Adjustable) Frozen() bool { return a.course.Load().frozen }

// Moved says whether the clock tells another time than the machine's.
func (a *Adjustable) Moved() bool { c := a.course.Load(); return c.frozen || c.ahead != 0 }

// Machine is the time on the clock beneath.
func (a *Adjustable) Machine() time.Time { return a.machine.Now() }

// Waiting counts the timers that have not fired.
func (a *Adjustable) Waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.timers)
}
