package journal

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// breaker lets steps pass until one is named that shall fail, and then that one fails.
type breaker struct {
	mu     sync.Mutex
	failOp string
	seen   func(op string)
}

var errBroken = errors.New("broken on purpose")

func (b *breaker) step(op string, _ *os.File) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen != nil {
		b.seen(op)
	}
	if op == b.failOp {
		return errBroken
	}
	return nil
}

func (b *breaker) fail(op string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failOp = op
}

func TestFailedWrite(t *testing.T) {
	for _, sync := range []Sync{Interval, Always} {
		var b breaker
		var warned []string
		p := path(t)
		j := open(t, Options{Path: p, Sync: sync, steps: b.step, Clock: clock.NewManual(testTime), Warn: func(s string) { warned = append(warned, s) }})
		add(t, j, deployEvent("1"))
		if err := j.Sync(); err != nil {
			t.Fatal(err)
		}
		add(t, j, deployEvent("2"))
		b.fail(opWrite)
		e, err := j.Append(deployEvent("3"))
		var failed *FailedError
		if e != nil || !errors.As(err, &failed) || failed.Op != opWrite || !errors.Is(err, errBroken) || failed.Path != p {
			t.Fatal(e, err)
		}
		first, last, unsure := failed.Unsure()
		if sync == Interval && (!unsure || first != 2 || last != 2) || sync == Always && unsure {
			t.Fatal(first, last, unsure)
		}
		b.fail("")
		ran := false
		if _, again := j.Append(func(uint64) *event.Event { ran = true; return nil }); again != err || ran {
			t.Error("after a failure, an append:", again, ran)
		}
		if j.Last() != 2 || len(warned) != 1 || warned[0] != err.Error() {
			t.Error(j.Last(), warned)
		}
		if err := j.Sync(); !errors.As(err, &failed) {
			t.Error(err)
		}
		if err := j.Close(); !errors.As(err, &failed) {
			t.Error(err)
		}
		j = open(t, Options{Path: p})
		if got := seqs(j); len(got) != 2 {
			t.Error(got)
		}
	}
}

func TestFailedSyncAlways(t *testing.T) {
	var b breaker
	committed := 0
	j := open(t, Options{Path: path(t), Sync: Always, steps: b.step, Committed: func(es []*event.Event) { committed += len(es) }})
	add(t, j, deployEvent("1"))
	if err := j.Sync(); err != nil {
		t.Fatal(err)
	}
	b.fail(opSync)
	_, err := j.Append(deployEvent("2"))
	var failed *FailedError
	if !errors.As(err, &failed) || failed.Op != opSync {
		t.Fatal(err)
	}
	if _, _, unsure := failed.Unsure(); unsure || !strings.Contains(err.Error(), "every event that was answered is safe") {
		t.Error(err)
	}
	if _, ok := j.Get(2); ok || j.Last() != 1 || committed != 1 {
		t.Error("an event that is not durable was shown")
	}
}

// TestFailedSyncInterval has the sync fail that a second's answers wait for.
func TestFailedSyncInterval(t *testing.T) {
	opened := make(chan struct{}, 100)
	b := breaker{seen: func(op string) {
		if op == opSynced {
			opened <- struct{}{}
		}
	}}
	c := clock.NewManual(testTime)
	warned := make(chan string, 1)
	j := open(t, Options{Path: path(t), steps: b.step, Clock: c, Warn: func(s string) { warned <- s }})
	<-opened
	add(t, j, deployEvent("1"))
	if err := j.Sync(); err != nil {
		t.Fatal(err)
	}
	add(t, j, deployEvent("2"))
	add(t, j, deployEvent("3"))
	b.fail(opSync)
	advance(c, time.Second)
	if s := <-warned; !strings.Contains(s, "events 2 to 3 were answered since the last good fsync") {
		t.Error(s)
	}
	_, err := j.Append(deployEvent("4"))
	var failed *FailedError
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
}

// advance moves the clock once somebody waits for it.
func advance(c *clock.Manual, d time.Duration) {
	for c.Waiting() == 0 {
		runtime.Gosched()
	}
	c.Advance(d)
}

func TestIntervalSyncsEachSecond(t *testing.T) {
	c := clock.NewManual(testTime)
	synced := make(chan struct{}, 100)
	b := breaker{seen: func(op string) {
		if op == opSynced {
			synced <- struct{}{}
		}
	}}
	j := open(t, Options{Path: path(t), Clock: c, steps: b.step})
	<-synced // what Open found
	for n := range uint64(3) {
		add(t, j, deployEvent("x"))
		advance(c, time.Second)
		<-synced
		if err := j.Sync(); err != nil { // waits for the round to end
			t.Fatal(err)
		}
		<-synced
		if s := j.Stats(); s.Synced != n+1 {
			t.Error(s.Synced, n)
		}
	}
}

// TestShownOnlyWhenDurable looks for the event at each step of its commit.
func TestShownOnlyWhenDurable(t *testing.T) {
	for _, sync := range []Sync{Interval, Always} {
		var j *Journal
		steps := 0
		b := breaker{seen: func(op string) {
			if j == nil || op == opSynced {
				return
			}
			steps++
			if _, ok := j.Get(1); ok || j.Last() != 0 {
				t.Error("shown before", op)
			}
		}}
		opened := open(t, Options{Path: path(t), Sync: sync, steps: b.step, Clock: clock.NewManual(testTime)})
		if err := opened.Sync(); err != nil {
			t.Fatal(err)
		}
		b.mu.Lock()
		j = opened
		b.mu.Unlock()
		add(t, opened, deployEvent("1"))
		b.mu.Lock()
		j = nil
		if steps == 0 {
			t.Error("no step")
		}
		b.mu.Unlock()
	}
}

func TestPanicInBuild(t *testing.T) {
	j := open(t, Options{Path: path(t)})
	add(t, j, deployEvent("1"))
	var p *PanicError
	if _, err := j.Append(func(uint64) *event.Event { panic("oh") }); !errors.As(err, &p) || p.Value != "oh" || len(p.Stack) == 0 {
		t.Fatal(err)
	}
	if e := add(t, j, deployEvent("2")); e.Seq != 2 {
		t.Error(e.Seq)
	}
	if e, err := j.Append(func(uint64) *event.Event { return nil }); e != nil || err != nil {
		t.Error(e, err)
	}
	shut(t, j)
	if _, err := j.Append(deployEvent("3")); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
