package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// soak is a long run at full load with everything else at once: faults, readers of the event stream that come and go, some of them
// stopping to read, template runs, eviction and compaction. It counts for itself what was acknowledged, and asks at the end, after
// kill -9, for each of the newest deploys whether it is still known.
type soak struct {
	r      *run
	server *server
	// acked are answers of 202, refused those of 503 and lost the cut connections that the faults asked for; wrong is everything else.
	acked, refused, lost, wrong atomic.Int64
	firstWrong                  atomic.Pointer[error]
	runs, streams, streamed     atomic.Int64
	mu                          sync.Mutex
	slowest                     []time.Duration
	newest                      []uint64
}

// asked are the answers by which faults are told from failures: the environment of a deploy says what is asked for.
const (
	refusedEnvironment = "Refused"
	lostEnvironment    = "Lost"
	usualEnvironment   = "Production"
	// asks is how many of the newest acknowledged deploys are asked for at the end: fewer than --keep-ids.
	asks = 90_000
)

func (r *run) runSoak(during time.Duration) error {
	store := filepath.Join(r.folder, "soak.db")
	s := &soak{r: r}
	var err error
	if s.server, err = r.serve("--db", store); err != nil {
		return err
	}
	for _, f := range []string{
		`{"kind":"status","status":503,"query":"environment:` + refusedEnvironment + `"}`,
		`{"kind":"lost_answer","query":"environment:` + lostEnvironment + `"}`,
	} {
		if err := s.post("faults", f, http.StatusCreated); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), during)
	defer cancel()
	var wg sync.WaitGroup
	for i := range connections {
		wg.Go(func() { s.send(ctx, i) })
	}
	for range 4 {
		wg.Go(func() { s.read(ctx) })
	}
	wg.Go(func() { s.runTemplates(ctx) })
	memory := s.watch(ctx)
	wg.Wait()
	return s.tell(during, memory, store)
}

func (s *soak) fail(err error) {
	s.wrong.Add(1)
	s.firstWrong.CompareAndSwap(nil, &err)
}

// send posts deploys over one connection, and over a new one where a fault cut it.
func (s *soak) send(ctx context.Context, worker int) {
	chance := rand.New(rand.NewPCG(uint64(worker), 0))
	var c *sender
	var took []time.Duration
	var newest []uint64
	for ctx.Err() == nil {
		if c == nil {
			var err error
			if c, err = dial(s.server.url); err != nil {
				s.fail(err)
				return
			}
		}
		environment := usualEnvironment
		switch chance.IntN(200) {
		case 0:
			environment = refusedEnvironment
		case 1:
			environment = lostEnvironment
		}
		id := ids.Add(1)
		begun := time.Now()
		status, err := c.postAs(id, environment)
		switch {
		case err == nil && status == http.StatusAccepted && environment == usualEnvironment:
			s.acked.Add(1)
			took, newest = append(took, time.Since(begun)), append(newest, id)
			if len(newest) > 2*asks/connections {
				newest = slices.Clone(newest[len(newest)/2:])
			}
		case err == nil && status == http.StatusServiceUnavailable && environment == refusedEnvironment:
			s.refused.Add(1)
		case err != nil && environment == lostEnvironment:
			s.lost.Add(1)
			c.conn.Close()
			c = nil
		default:
			s.fail(fmt.Errorf("a deploy to %s: %d, %w", environment, status, err))
			c.conn.Close()
			c = nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowest, s.newest = append(s.slowest, took...), append(s.newest, newest...)
}

// read follows the event stream for a while, reads some of it or nothing, and comes back.
func (s *soak) read(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		stay, cancel := context.WithTimeout(ctx, time.Duration(1+n%5)*time.Second)
		req, _ := http.NewRequestWithContext(stay, http.MethodGet, s.server.control+"/_emulator/v1/events", nil)
		req.Header.Set("Accept", "text/event-stream")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			if ctx.Err() == nil && stay.Err() == nil {
				s.fail(fmt.Errorf("the event stream: %w", err))
			}
			cancel()
			continue
		}
		s.streams.Add(1)
		if n%4 == 3 {
			<-stay.Done() // one that does not read
		}
		for in := bufio.NewReader(resp.Body); ; {
			line, err := in.ReadString('\n')
			if err != nil {
				break
			}
			if strings.HasPrefix(line, "id: ") {
				s.streamed.Add(1)
			}
		}
		resp.Body.Close()
		cancel()
	}
}

func (s *soak) runTemplates(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		body := fmt.Sprintf(`{"template":"django-boilerplate","inputs":{"project_name":"Soak %d"}}`, n)
		if err := s.post("template-runs", body, http.StatusCreated); err != nil {
			s.fail(err)
		}
		s.runs.Add(1)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (s *soak) post(path, body string, want int) error {
	resp, err := http.Post(s.server.control+"/_emulator/v1/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != want {
		b, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("POST %s: %s %s", path, resp.Status, b)
	}
	return nil
}

// watch samples the memory once a second.
func (s *soak) watch(ctx context.Context) *[]float64 {
	var seen []float64
	go func() {
		for tick := time.NewTicker(time.Second); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				if mib, err := s.server.resident(); err == nil {
					seen = append(seen, mib)
				}
			}
		}
	}()
	return &seen
}

// tell compares the counts with the emulator's, kills it, and asks the next one.
func (s *soak) tell(during time.Duration, memory *[]float64, store string) error {
	total, err := s.metric(`bubblelevel_deploys_total{result="ok"}`)
	if err != nil {
		return err
	}
	fmt.Printf("%v: %d acknowledged (%.0f/s), %d refused and %d answers lost as asked; %d template runs, %d readers of %d events\n", during,
		s.acked.Load(), float64(s.acked.Load())/during.Seconds(), s.refused.Load(), s.lost.Load(), s.runs.Load(), s.streams.Load(), s.streamed.Load())
	slices.Sort(s.slowest)
	if n := len(s.slowest); n > 0 {
		fmt.Printf("answers: p50 %v, p99 %v, p99.9 %v, slowest %v\n", s.slowest[n/2], s.slowest[n*99/100], s.slowest[n*999/1000], s.slowest[n-1])
	}
	if m := *memory; len(m) > 6 {
		third := len(m) / 3
		fmt.Printf("memory: %.0f, %.0f and %.0f MiB at most in each third\n", slices.Max(m[:third]), slices.Max(m[third:2*third]), slices.Max(m[2*third:]))
	}
	var failed []error
	if n := s.wrong.Load(); n > 0 {
		failed = append(failed, fmt.Errorf("%d answers that nobody asked for, the first: %w", n, *s.firstWrong.Load()))
	}
	if kept := s.acked.Load() + s.lost.Load(); int64(total) != kept {
		failed = append(failed, fmt.Errorf("the emulator counts %.0f deploys, and %d were sent and kept", total, kept))
	} else {
		fmt.Printf("counted by both: %d deploys\n", kept)
	}
	s.server.cmd.Process.Signal(syscall.SIGKILL)
	s.server.cmd.Wait()
	if err := s.ask(store); err != nil {
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func (s *soak) metric(name string) (float64, error) {
	resp, err := http.Get(s.server.control + "/_emulator/v1/metrics")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), "\n"+name+" ")
	value, _, _ := strings.Cut(rest, "\n")
	return strconv.ParseFloat(value, 64)
}

// ask posts the newest acknowledged deploys again: each must be known.
func (s *soak) ask(store string) error {
	if info, err := os.Stat(store); err == nil {
		fmt.Printf("killed with SIGKILL; the store has %d MiB\n", info.Size()>>20)
	}
	begun := time.Now()
	next, err := s.r.serve("--db", store)
	if err != nil {
		return err
	}
	defer next.stop()
	fmt.Printf("started again after %v\n", time.Since(begun).Round(time.Millisecond))
	c, err := dial(next.url)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	slices.Sort(s.newest)
	s.newest = s.newest[max(0, len(s.newest)-asks):]
	unknown := 0
	for _, id := range s.newest {
		status, err := c.postAs(id, usualEnvironment)
		if err != nil {
			return err
		}
		if status != http.StatusAccepted || !strings.Contains(string(c.body), "duplicate_deploy") {
			unknown++
		}
	}
	if unknown > 0 {
		return fmt.Errorf("%d of %d acknowledged deploys are not known after the kill", unknown, len(s.newest))
	}
	fmt.Printf("all of the newest %d acknowledged deploys are known after it\n", len(s.newest))
	return nil
}
