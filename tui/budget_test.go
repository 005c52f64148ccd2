//go:build unix

package tui

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// many is a journal of n deploys, made without judging them.
func many(n int) *fake {
	f := newFake()
	f.add(f.judge(event.Request{Method: "POST", Path: pathOf(fakeURL), Body: `{"service":"cart","description":"d","deployed_at":"2026-11-22T14:03:00Z","deployer":{"name":"x"},"environment":"Production","dedup_id":"0"}`}))
	first := *f.events[0]
	for i := 1; i < n; i++ {
		e := first
		d := *first.Deploy
		d.DedupID, d.DeployNumber = fmt.Sprintf("run-%d", i), fmt.Sprint(i)
		e.Deploy = &d
		switch i % 10 {
		case 3:
			e.Result, e.DuplicateOf = deploy.Duplicate, uint64(i/100+1)
		case 7:
			e.Result, e.Service, e.Alias = deploy.NoServiceFound, "", "legacy-"+fmt.Sprint(i%40)
		case 9:
			e.Result, e.HTTP, e.Title = deploy.Rejected, 400, "Description Error"
		}
		f.add(&e)
	}
	return f
}

// BenchmarkFrame draws the list of 100,000 deploys; the budget is half a millisecond.
func BenchmarkFrame(b *testing.B) {
	src := many(100_000)
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			d := newDesk(b, src, size[0], size[1])
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				// another row is selected each time, so that nothing but what may be is remembered
				d.u.deploys.rows.cursor = len(d.u.deploys.rows.ids) - 1 - i%20
				d.do(d.u.needs())
				io.Discard.Write([]byte(strings.Join(d.u.lines(), "\n")))
			}
		})
	}
}

// BenchmarkUpdate takes 1,000 events in one message; the budget is a millisecond.
func BenchmarkUpdate(b *testing.B) {
	src := many(100_000)
	d := newDesk(b, src, 120, 36)
	m := fed{}
	for i := range 1000 {
		e := *src.events[len(src.events)-1000+i]
		m.events = append(m.events, &e)
		m.rows = append(m.rows, d.u.feed.maker.row(&e))
	}
	for b.Loop() {
		for i := range m.rows {
			seq := d.u.seen.last + 1 + uint64(i)
			m.rows[i].seq, m.events[i].Seq = seq, seq
		}
		d.u.fed(m)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs/1000-events")
}

// BenchmarkFilter searches 100,000 deploys.
func BenchmarkFilter(b *testing.B) {
	d := newDesk(b, many(100_000), 120, 36)
	for b.Loop() {
		d.do(d.u.deploys.filter.apply("result:rejected number:9..200"))
		d.do(d.u.deploys.filter.apply(""))
	}
}

// BenchmarkRows turns events into rows, which the feed does outside of the update loop.
func BenchmarkRows(b *testing.B) {
	src := many(2000)
	var m rowMaker
	for i := 0; b.Loop(); i++ {
		m.row(src.events[i%len(src.events)])
	}
}

func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkLoad runs the program on a terminal for ten seconds a turn: 100,000 deploys are there, and 2,000 a second
// come in. It reports per cent of a core, the generator and the terminal emulator's reader included, and how much of
// that is the generator's alone.
func BenchmarkLoad(b *testing.B) {
	for _, rate := range []int{0, 2000} {
		b.Run(fmt.Sprintf("%d-a-second", rate), func(b *testing.B) {
			var spent, passed, alone time.Duration
			for range b.N {
				c, p := load(b, rate, true)
				a, _ := load(b, rate, false)
				spent, passed, alone = spent+c, passed+p, alone+a
			}
			b.ReportMetric(100*float64(spent)/float64(passed), "%core")
			b.ReportMetric(100*float64(alone)/float64(passed), "%core-generator")
		})
	}
}

// load is one turn: the CPU time that it took, and how long it was.
func load(b *testing.B, rate int, shown bool) (spent, passed time.Duration) {
	src := many(100_000)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan struct{})
	if shown {
		master, slave := openTTY(b, 120, 36)
		defer master.Close()
		defer slave.Close()
		up := make(chan struct{}, 1)
		go drain(master, up)
		go func() {
			defer close(ended)
			Run(ctx, src, Options{In: slave, Out: slave, Now: time.Now, Env: []string{"LANG=C.UTF-8", "TERM=xterm-256color"}})
		}()
		<-up
		settle(4 * time.Second)
	} else {
		close(ended)
	}
	runtime.GC()
	settle(time.Second)
	began, before := time.Now(), cpu()
	tick := time.NewTicker(10 * time.Millisecond)
	template := *src.events[0]
	for time.Since(began) < 10*time.Second {
		<-tick.C
		src.mu.Lock()
		for range rate / 100 {
			e := template
			src.add(&e)
		}
		src.mu.Unlock()
	}
	tick.Stop()
	spent, passed = cpu()-before, time.Since(began)
	cancel()
	<-ended
	return spent, passed
}

// settle lets the program read what is there before it is measured.
func settle(d time.Duration) { <-time.After(d) }

func drain(r io.Reader, up chan struct{}) {
	b := make([]byte, 64<<10)
	for {
		if _, err := r.Read(b); err != nil {
			return
		}
		select {
		case up <- struct{}{}:
		default:
		}
	}
}

// TestBudgets is the benchmarks' bar with a generous factor, so that a cliff is found where benchmarks are not run.
func TestBudgets(t *testing.T) {
	wholeProgram(t)
	if testing.Short() {
		t.Skip("budgets take a second")
	}
	src := many(100_000)
	d := newDesk(t, src, 200, 60)
	if got := len(d.u.deploys.rows.ids); got != 100_000 {
		t.Fatalf("%d rows", got)
	}
	began := time.Now()
	const frames = 200
	for i := range frames {
		d.u.deploys.rows.cursor = i * 400
		d.do(d.u.needs())
		d.u.lines()
	}
	if each := time.Since(began) / frames; each > 10*time.Millisecond {
		t.Errorf("a frame takes %s; the budget is 0.5 ms", each)
	}
}
