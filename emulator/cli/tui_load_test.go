//go:build unix

package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/tui"
)

// The terminal UI on the emulator of this process, as `bubblelevel` shows it: what it costs, and whom it holds up.

// shownServer is an emulator with n deploys, and its source.
func shownServer(tb testing.TB, n int) (*emulator.Server, *local) {
	tb.Helper()
	s, err := emulator.New(emulator.Config{Keep: max(n, 20_000), KeepBytes: 1 << 30})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	if err := s.Listen(); err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		if code := postTo(s, i); code != http.StatusAccepted {
			tb.Fatalf("deploy %d: %d", i, code)
		}
	}
	return s, &local{liquidBench: newLiquidBench(), server: s, store: ":memory:"}
}

// postTo posts the i-th deploy, without a network: every tenth for an alias that no service has, every tenth a duplicate.
func postTo(s *emulator.Server, i int) int {
	service, dedup := "shopping_cart", i
	switch i % 10 {
	case 3:
		service = fmt.Sprint("legacy-", i%40)
	case 7:
		dedup = i - 1
	}
	body := fmt.Sprintf(`{"service":%q,"environment":"Production","description":"Deployed by CI Pipeline","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x","email":"x@example.com"},"dedup_id":"run-%d","commit":{"sha":"38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5","branch":"main"}}`, service, dedup)
	r := httptest.NewRequest(http.MethodPost, s.IntegrationURL(), strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Code
}

// shownOn runs the terminal UI on a pseudo terminal until stop is called.
func shownOn(tb testing.TB, src tui.Source) (master *os.File, stop func() error) {
	tb.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		tb.Skip("there are no pseudo terminals here: ", err)
	}
	tb.Cleanup(func() { master.Close(); slave.Close() })
	if err := pty.Setsize(master, &pty.Winsize{Cols: 120, Rows: 36}); err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- tui.Run(ctx, src, tui.Options{In: slave, Out: slave, Now: clock.System{}.Now, Env: []string{"LANG=C.UTF-8", "TERM=xterm-256color"}})
	}()
	return master, func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(20 * time.Second):
			return fmt.Errorf("the terminal UI does not end")
		}
	}
}

// A terminal that is no longer read holds up no sender: 10,000 deploys are all answered, and soon.
func TestStuckTerminalHoldsUpNobody(t *testing.T) {
	skipUnderRace(t)
	s, src := shownServer(t, 0)
	master, stop := shownOn(t, src)
	if _, err := master.Read(make([]byte, 1)); err != nil { // it has begun to write, and from here on nobody reads
		t.Fatal(err)
	}
	worst := time.Duration(0)
	for i := range 10_000 {
		one := time.Now()
		if code := postTo(s, i); code != http.StatusAccepted {
			t.Fatalf("deploy %d is answered with %d", i, code)
		}
		worst = max(worst, time.Since(one))
	}
	// Whoever waits for this terminal waits for ever: the bound is for a machine that does many other things.
	if worst > 30*time.Second {
		t.Errorf("the slowest of 10,000 deploys took %s while the terminal was stuck", worst)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// BenchmarkTUI is what the terminal UI costs in per cent of a core over 100,000 deploys of an emulator, idle and at 2,000
// deploys a second; what the emulator and the generator need without it is taken off.
func BenchmarkTUI(b *testing.B) {
	for _, rate := range []int{0, 2000} {
		b.Run(fmt.Sprintf("%d-a-second", rate), func(b *testing.B) {
			s, src := shownServer(b, 100_000)
			var with, without float64
			for range b.N {
				without += cores(b, s, rate)
				master, stop := shownOn(b, src)
				go drainTerminal(master)
				<-time.After(4 * time.Second) // it reads what is there
				with += cores(b, s, rate)
				if err := stop(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(100*(with-without)/float64(b.N), "%core-tui")
			b.ReportMetric(100*without/float64(b.N), "%core-emulator")
		})
	}
}

func drainTerminal(master *os.File) {
	b := make([]byte, 64<<10)
	for {
		if _, err := master.Read(b); err != nil {
			return
		}
	}
}

// cores is how many cores this process uses while deploys come in for ten seconds.
func cores(b *testing.B, s *emulator.Server, rate int) float64 {
	b.Helper()
	began, before := time.Now(), cpuTime(b)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := 0; time.Since(began) < 10*time.Second; {
		<-tick.C
		for range rate / 100 {
			i++
			postTo(s, 1_000_000_000+int(began.UnixNano()%1e9)*1000+i*10+5) // none of them a duplicate
		}
	}
	return float64(cpuTime(b)-before) / float64(time.Since(began))
}

func cpuTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
