package expect_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// waiting runs Wait in the background and lets the test act once it waits.
type waiting struct {
	t      *testing.T
	clock  *clock.Manual
	done   chan expect.Verdict
	cancel context.CancelFunc
}

func wait(t *testing.T, f *fake, x expect.Expectation) *waiting {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	w := &waiting{t: t, clock: clock.NewManual(start), done: make(chan expect.Verdict, 1), cancel: cancel}
	go func() { w.done <- expect.Wait(ctx, f, w.clock, x) }()
	return w
}

// timers waits until so many timers of the manual clock run.
func (w *waiting) timers(n int) *waiting {
	for w.clock.Waiting() != n {
		runtime.Gosched()
	}
	return w
}

func (w *waiting) verdict(want expect.Outcome) expect.Verdict {
	w.t.Helper()
	v := <-w.done
	if v.Outcome != want {
		w.t.Errorf("want %s, got %s", want, describe(v))
	}
	return v
}

func (w *waiting) undecided() {
	w.t.Helper()
	select {
	case v := <-w.done:
		w.t.Fatalf("decided too early: %s", describe(v))
	default:
	}
}

const patience = time.Hour // of the manual clock; the machine's never gets there

func TestWaitEndsWhenEnoughCame(t *testing.T) {
	f := newFake()
	w := wait(t, f, expecting(t, "service:cart", least(2), within(patience))).timers(1)
	f.add(sent("cart", "a"))
	f.add(sent("card", "b"))
	w.undecided()
	f.add(sent("cart", "c"))
	w.verdict(expect.Met)
}

func TestWaitEndsAtTheDeadline(t *testing.T) {
	f := newFake(sent("card", "a"))
	w := wait(t, f, expecting(t, "service:cart", within(patience))).timers(1)
	w.clock.Advance(patience)
	if v := w.verdict(expect.NotMet); v.Waited != "1h0m0s" || len(v.Near) != 1 {
		t.Errorf("got %s after %s", describe(v), v.Waited)
	}
}

func TestNeverIsDecidedAtTheDeadlineOrAtOnce(t *testing.T) {
	f := newFake()
	w := wait(t, f, expecting(t, "service:cart", never, within(patience))).timers(1)
	w.undecided()
	w.clock.Advance(patience)
	w.verdict(expect.Met)

	w = wait(t, f, expecting(t, "service:cart", never, within(patience))).timers(1)
	f.add(sent("cart", "a", rejected))
	w.verdict(expect.NotMet)
}

func TestMaxWaitsForTheDeadline(t *testing.T) {
	f := newFake(sent("cart", "a"))
	w := wait(t, f, expecting(t, "service:cart", most(1), within(patience))).timers(1)
	w.undecided()
	f.add(sent("cart", "b"))
	w.verdict(expect.NotMet)
}

// TestTimesSettles: an exact number is believed once nothing more came for a while, and each arrival begins that anew.
func TestTimesSettles(t *testing.T) {
	f := newFake()
	w := wait(t, f, expecting(t, "service:cart", times(2), within(patience))).timers(1)
	f.add(sent("cart", "a"))
	f.add(sent("cart", "b"))
	w.timers(2)
	w.undecided()
	w.clock.Advance(expect.DefaultSettle)
	w.verdict(expect.Met)

	f = newFake(sent("cart", "a"), sent("cart", "b"))
	w = wait(t, f, expecting(t, "service:cart", times(2), within(patience))).timers(2)
	f.add(sent("cart", "c", commit("c")))
	w.verdict(expect.NotMet)
}

// TestLossStopsSettling: a deploy that is lost while an exact number settles can still be made good until the deadline.
func TestLossStopsSettling(t *testing.T) {
	f := newFake(sent("cart", "a"))
	x := expecting(t, "service:cart", least(1), within(patience))
	x.Times, x.Min = number(1), nil
	w := wait(t, f, x).timers(2)
	f.add(sent("cart", "a", unavailable))
	w.timers(1)
	f.add(sent("cart", "a", retried))
	w.timers(2)
	w.clock.Advance(expect.DefaultSettle)
	w.verdict(expect.Met)
}

func TestLossWaitsForTheRetry(t *testing.T) {
	f := newFake(sent("cart", "a"), sent("cart", "b", unavailable))
	w := wait(t, f, expecting(t, "service:cart", within(patience))).timers(1)
	w.undecided()
	f.add(sent("cart", "b"))
	w.verdict(expect.Met)
}

func TestWaitGivenUp(t *testing.T) {
	w := wait(t, newFake(sent("card", "a")), expecting(t, "service:cart", within(patience))).timers(1)
	w.cancel()
	w.verdict(expect.Incomplete)

	w = wait(t, newFake(), expecting(t, "service:cart", never, within(patience))).timers(1)
	w.cancel()
	w.verdict(expect.Incomplete)
}

// TestMachineClock: a clock that stands still makes nobody wait for ever.
func TestMachineClock(t *testing.T) {
	w := wait(t, newFake(), expecting(t, "service:cart", within(time.Millisecond)))
	w.verdict(expect.NotMet)
}

// TestAges: what a query says of ages changes while one waits.
func TestAges(t *testing.T) {
	f := newFake(sent("cart", "a"))
	w := wait(t, f, expecting(t, "service:cart older:30m", within(patience))).timers(1)
	w.clock.Advance(40 * time.Minute)
	f.add(sent("card", "b", at(40*time.Minute)))
	w.verdict(expect.Met)
}

func TestResetWhileWaiting(t *testing.T) {
	f := newFake(sent("cart", "a"))
	w := wait(t, f, expecting(t, "service:cart", least(2), within(patience))).timers(1)
	f.add(reset())
	f.add(sent("cart", "b"))
	f.add(sent("cart", "c"))
	if v := w.verdict(expect.Met); v.Count != 2 || v.After != 2 {
		t.Errorf("got after %d: %s", v.After, describe(v))
	}
}

func TestWatchSeveral(t *testing.T) {
	f := newFake(sent("cart", "a"))
	w := expect.NewWatch(f, clock.NewManual(start), expecting(t, "service:cart"), expecting(t, "service:card", times(1)))
	w.Read()
	if w.Good() || w.Settled() {
		t.Error("good before the second came")
	}
	f.add(sent("card", "b"))
	w.Read()
	if !w.Good() || w.Settled() {
		t.Error("one exact number is good and can still be spoilt")
	}
	for _, v := range w.Verdicts() {
		if !v.Met() {
			t.Error(describe(v))
		}
	}
}
