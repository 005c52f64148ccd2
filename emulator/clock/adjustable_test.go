package clock

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// rig is a machine that a test moves: what an Adjustable runs on.
type rig struct {
	mu    sync.Mutex
	now   time.Time
	calls map[int]rung
	next  int
}

type rung struct {
	at time.Time
	f  func()
}

func newRig() *rig { return &rig{now: start, calls: map[int]rung{}} }

func (r *rig) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) afterFunc(d time.Duration, f func()) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := r.next
	r.next++
	r.calls[id] = rung{r.now.Add(d), f}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.calls, id)
	}
}

// pass lets d pass on the machine, and calls what is due.
func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	r.now = r.now.Add(d)
	var due []func()
	for id, c := range r.calls {
		if !c.at.After(r.now) {
			due = append(due, c.f)
			delete(r.calls, id)
		}
	}
	r.mu.Unlock()
	for _, f := range due {
		f()
	}
}

var frozen, running = true, false

func move(t *testing.T, a *Adjustable, m Move) {
	t.Helper()
	if err := a.Move(m); err != nil {
		t.Fatal(err)
	}
}

func fired(ch <-chan time.Time) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func TestAdjustableGoesAsItIsMoved(t *testing.T) {
	r := newRig()
	a := newAdjustable(r, course{})
	want := func(offset time.Duration, frozen, moved bool) {
		t.Helper()
		if now := a.Now(); !now.Equal(start.Add(offset)) || a.Frozen() != frozen || a.Moved() != moved {
			t.Errorf("now is %v after the start, frozen %v, moved %v; want %v, %v, %v", now.Sub(start), a.Frozen(), a.Moved(), offset, frozen, moved)
		}
	}
	r.pass(time.Minute)
	want(time.Minute, false, false)
	move(t, a, Move{Freeze: &frozen})
	r.pass(time.Hour)
	want(time.Minute, true, true)
	move(t, a, Move{By: time.Second})
	want(time.Minute+time.Second, true, true)
	move(t, a, Move{Freeze: &running})
	r.pass(time.Second)
	want(time.Minute+2*time.Second, false, true)
	move(t, a, Move{To: start.Add(48 * time.Hour)})
	r.pass(time.Second)
	want(48*time.Hour+time.Second, false, true)
	move(t, a, Move{By: time.Hour, Freeze: &frozen})
	r.pass(time.Second)
	want(49*time.Hour+time.Second, true, true)
	if !a.Machine().Equal(r.Now()) {
		t.Error("the machine's time was moved, too")
	}
}

func TestAdjustableTimers(t *testing.T) {
	r := newRig()
	a := newAdjustable(r, course{})
	soon, _ := a.After(time.Minute)
	late, _ := a.After(time.Hour)
	_, stop := a.After(time.Hour)
	stop()
	move(t, a, Move{Freeze: &frozen})
	r.pass(2 * time.Hour)
	if fired(soon) || a.Waiting() != 2 {
		t.Fatal("a timer has fired while the clock stood still")
	}
	move(t, a, Move{By: 59 * time.Second})
	if fired(soon) {
		t.Fatal("a timer has fired a second early")
	}
	move(t, a, Move{By: time.Second})
	if !fired(soon) || fired(late) {
		t.Fatal("moved past the first timer and not the second, and other timers fired")
	}
	move(t, a, Move{Freeze: &running})
	r.pass(59*time.Minute - time.Nanosecond)
	if fired(late) {
		t.Fatal("a timer has fired early")
	}
	r.pass(time.Nanosecond)
	if !fired(late) || a.Waiting() != 0 || len(r.calls) != 0 {
		t.Fatalf("%d timers are left, %d on the machine", a.Waiting(), len(r.calls))
	}
	for _, d := range []time.Duration{0, -time.Second} {
		if at, _ := a.After(d); !fired(at) {
			t.Errorf("a timer of %v has not fired at once", d)
		}
	}
}

// A timer of the machine that went off just before the clock was frozen does not fire: its time has not come.
func TestAdjustableTimerThatIsTooLate(t *testing.T) {
	r := newRig()
	a := newAdjustable(r, course{})
	at, _ := a.After(time.Minute)
	var late func()
	for _, c := range r.calls {
		late = c.f
	}
	move(t, a, Move{Freeze: &frozen})
	late()
	if fired(at) || len(r.calls) != 0 {
		t.Error("a frozen clock has fired, or waits for the machine")
	}
	move(t, a, Move{By: time.Minute})
	late()
	if !fired(at) || fired(at) {
		t.Error("a timer has to fire once")
	}
}

func TestAdjustableNeverGoesBackwards(t *testing.T) {
	for name, m := range map[string]Mover{"adjustable": newAdjustable(newRig(), course{}), "manual": NewManual(start)} {
		for _, x := range []struct {
			move Move
			says string
		}{
			{Move{By: -time.Second}, "never goes backwards"},
			{Move{To: start.Add(-time.Nanosecond)}, "never goes backwards: it stands at 2026-01-02T03:04:05Z, and 2026-01-02T03:04:04.999999999Z is before that"},
			{Move{To: start.Add(time.Second), By: time.Second}, "not both"},
		} {
			err := m.Move(x.move)
			var e *MoveError
			if !errors.As(err, &e) || !strings.Contains(e.Message, x.says) || !m.Now().Equal(start) {
				t.Errorf("%s: %+v = %v at %v", name, x.move, err, m.Now())
			}
		}
		if err := m.Move(Move{To: start}); err != nil {
			t.Errorf("%s: where it stands already = %v", name, err)
		}
	}
	a := newAdjustable(newRig(), course{})
	if err := a.Move(Move{By: MaxApart}); err != nil {
		t.Error(err)
	}
	if err := a.Move(Move{By: 1}); err == nil {
		t.Error("further than MaxApart")
	}
	if err := NewManual(start).Move(Move{Freeze: &running}); err == nil {
		t.Error("a manual clock runs")
	}
	if _, err := Of(System{}); !errors.Is(err, ErrNotMovable) {
		t.Errorf("the machine's clock = %v", err)
	}
	for _, far := range []time.Time{{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if _, err := NewFrozen(far); err == nil {
			t.Errorf("frozen at %v", far)
		}
	}
}

// Whatever is done to it, in whatever order: the clock never goes back, no timer fires before its time, and each fires
// once its time has come.
func TestAdjustableProperty(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		r := newRig()
		a := newAdjustable(r, course{})
		type waiting struct {
			at time.Time
			ch <-chan time.Time
		}
		var timers []waiting
		before := a.Now()
		for step := range 60 {
			d := time.Duration(random.IntN(100)) * time.Second
			switch random.IntN(6) {
			case 0:
				ch, _ := a.After(d)
				timers = append(timers, waiting{a.Now().Add(d), ch})
			case 1:
				r.pass(d)
			case 2:
				move(t, a, Move{Freeze: &frozen})
			case 3:
				move(t, a, Move{Freeze: &running})
			case 4:
				move(t, a, Move{By: d})
			case 5:
				move(t, a, Move{To: a.Now().Add(d)})
			}
			now := a.Now()
			if now.Before(before) {
				t.Fatalf("seed %d, step %d: the clock goes back from %v to %v", seed, step, before, now)
			}
			before = now
			left := timers[:0]
			for _, w := range timers {
				due := !now.Before(w.at)
				if got := fired(w.ch); got != due {
					t.Fatalf("seed %d, step %d: a timer for %v at %v has fired: %v", seed, step, w.at, now, got)
				}
				if !due {
					left = append(left, w)
				}
			}
			timers = left
		}
		if a.Waiting() != len(timers) {
			t.Fatalf("seed %d: %d timers wait, want %d", seed, a.Waiting(), len(timers))
		}
	}
}

func TestAdjustableTogether(t *testing.T) {
	a := NewAdjustable()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				at, stop := a.After(time.Millisecond)
				a.Move(Move{By: time.Millisecond})
				<-at
				stop()
			}
		})
		group.Go(func() {
			for i := range 200 {
				halt := i%2 == 0
				a.Move(Move{Freeze: &halt})
				a.Now()
			}
		})
	}
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	late, stop := System{}.After(time.Minute) // a timer that is never fired must not hang until go test's own limit
	defer stop()
	select {
	case <-done:
	case <-late:
		t.Fatalf("a timer was not fired: %d wait", a.Waiting())
	}
	if a.Waiting() != 0 {
		t.Errorf("%d timers wait", a.Waiting())
	}
}

// What is measured is real, also while the clock is moved.
func TestElapsedIsReal(t *testing.T) {
	a, err := NewFrozen(start)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Clock{"itself": a, "either": Either{a}} {
		took := Elapsed(c)
		move(t, a, Move{By: time.Hour})
		at, _ := Real(c).After(time.Nanosecond)
		<-at
		if d := took(); d <= 0 || d > time.Minute {
			t.Errorf("%s: took %v", name, d)
		}
	}
	m := NewManual(start)
	took := Elapsed(m)
	m.Advance(time.Hour)
	if d := took(); d != time.Hour {
		t.Errorf("a test's own clock: took %v", d)
	}
}

// Neither a clock that stands still nor the machine alone holds an Either back.
func TestEither(t *testing.T) {
	a, err := NewFrozen(start)
	if err != nil {
		t.Fatal(err)
	}
	at, stop := Either{a}.After(time.Millisecond)
	<-at // the machine's time
	stop()
	at, stop = Either{a}.After(time.Hour)
	move(t, a, Move{By: time.Hour})
	<-at // its own
	stop()
	_, stop = Either{a}.After(time.Hour)
	stop()
	stop()
	if a.Waiting() != 0 {
		t.Errorf("%d timers wait", a.Waiting())
	}
}

// TestRunningOnMovesNothing: a clock that runs and is told to run tells the machine's time, and not one that was taken a moment
// before.
func TestRunningOnMovesNothing(t *testing.T) {
	a := NewAdjustable()
	run := false
	if err := a.Move(Move{Freeze: &run}); err != nil || a.Moved() {
		t.Errorf("%v; moved: %v", err, a.Moved())
	}
}

// TestEitherTellsTheTimeOfItsClock: what the machine ends is told in the time of the clock that stands still.
func TestEitherTellsTheTimeOfItsClock(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	frozen, err := NewFrozen(at)
	if err != nil {
		t.Fatal(err)
	}
	fired, stop := Either{frozen}.After(time.Millisecond)
	defer stop()
	if got := <-fired; !got.Equal(at) {
		t.Errorf("fired at %s", got)
	}
}
