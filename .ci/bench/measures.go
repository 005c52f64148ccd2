package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// measure is a row of the table and how its figure is taken.
type measure struct {
	name, bar string
	take      func() (got, error)
}

// got is a figure, and whether it meets its bar.
type got struct {
	text string
	met  bool
}

func (r *run) measures() []measure {
	return []measure{
		{"deploys/s on a file, --sync interval, of the bare handler's", ">= 0.80", r.deploys(0.80, "interval", true)},
		{"deploys/s on a file, --sync always, of the bare handler's", ">= 0.65", r.deploys(0.65, "always", true)},
		{"deploys/s in memory, of the bare handler's", ">= 0.90", r.deploys(0.90, "interval", false)},
		{"p99 at 800 deploys/s, of the bare handler's", "<= 1.2", r.pacedRow},
		{"start to the first 202, empty store, over the bare handler", "<= +15 ms", r.startRow(15*time.Millisecond, 0)},
		{"start to the first 202, 10,000 events, over the bare handler", "<= +50 ms", r.startRow(50*time.Millisecond, 10_000)},
		{"memory under full load for a minute", "flat, <= 96 MiB", r.memoryRow},
		{"full load: the last third of that minute, of the first", ">= 0.95", r.lastThird},
		{"the binary, stripped", "<= 16 MiB", r.sizeRow},
		{"exec -- true, over true", "<= +60 ms", r.execRow},
		{"verify over 10,000 events", "<= 20 ms", r.verifyRow},
		{"TUI: a frame over 100,000 deploys", "< 0.5 ms", r.goBench(figure{pkg: "./tui", bench: "BenchmarkFrame", times: "300x", metric: "ns/op", bar: 0.5e6, scale: 1e6, unit: "ms"})},
		{"TUI: of a core at 2,000 events/s over 100,000 deploys", "< 5 %", r.goBench(figure{pkg: "./tui", bench: "BenchmarkLoad", metric: "%core", less: "%core-generator", bar: 5, unit: "%"})},
		{"100 scenarios", "<= 5 s", r.goBench(figure{pkg: "./scenarios", bench: "BenchmarkHundred", metric: "s/100", bar: 5, unit: "s"})},
		{"Liquid: a payload of 1.8 KB, CPU of Ruby's", "<= 0.20", r.goBench(figure{pkg: "./emulator/liquid", bench: "BenchmarkCost", metric: "of-ruby", bar: 0.2})},
	}
}

// deploys compares in turns: a round of the bare handler, a round of the emulator.
func (r *run) deploys(bar float64, sync string, file bool) func() (got, error) {
	return func() (got, error) {
		bare, err := r.bare()
		if err != nil {
			return got{}, err
		}
		defer bare.stop()
		store := ":memory:"
		if file {
			store = filepath.Join(r.folder, sync+".db")
		}
		ours, err := r.serve("--db", store, "--sync", sync)
		if err != nil {
			return got{}, err
		}
		defer ours.stop()
		if _, err := full(ours.url, r.round); err != nil { // its windows are full from here on
			return got{}, err
		}
		var ratios []float64
		var best float64
		for range r.rounds {
			floor, err := full(bare.url, r.round)
			if err != nil {
				return got{}, err
			}
			n, err := full(ours.url, r.round)
			if err != nil {
				return got{}, err
			}
			best = max(best, n)
			ratios = append(ratios, n/floor)
		}
		m := median(ratios)
		return got{fmt.Sprintf("%.2f (%.2f-%.2f), best %.0f/s", m, ratios[0], ratios[len(ratios)-1], best), m >= bar}, nil
	}
}

func (r *run) pacedRow() (got, error) {
	bare, err := r.bare()
	if err != nil {
		return got{}, err
	}
	defer bare.stop()
	ours, err := r.serve("--db", filepath.Join(r.folder, "paced.db"))
	if err != nil {
		return got{}, err
	}
	defer ours.stop()
	var ratios []float64
	var last [2]time.Duration
	for range r.rounds {
		for i, s := range []*server{bare, ours} {
			if last[i], err = paced(s.url, r.round); err != nil {
				return got{}, err
			}
		}
		ratios = append(ratios, float64(last[1])/float64(last[0]))
	}
	m := median(ratios)
	return got{fmt.Sprintf("%.2f (%.2f-%.2f), %v beside %v", m, ratios[0], ratios[len(ratios)-1],
		last[1].Round(10*time.Microsecond), last[0].Round(10*time.Microsecond)), m <= 1.2}, nil
}

func (r *run) startRow(bar time.Duration, events int) func() (got, error) {
	return func() (got, error) {
		store := filepath.Join(r.folder, fmt.Sprintf("start-%d.db", events))
		if events > 0 {
			s, err := r.serve("--db", store)
			if err != nil {
				return got{}, err
			}
			if err := fill(s.url, events); err != nil {
				return got{}, err
			}
			s.stop()
		}
		var ours, bare []float64
		for range 3 * r.rounds {
			if events == 0 {
				os.Remove(store)
			}
			for _, c := range []struct {
				start func() (*server, error)
				into  *[]float64
			}{{r.bare, &bare}, {func() (*server, error) { return r.serve("--db", store) }, &ours}} {
				took, err := firstAnswer(c.start)
				if err != nil {
					return got{}, err
				}
				*c.into = append(*c.into, float64(took)/float64(time.Millisecond))
			}
		}
		more := median(ours) - median(bare)
		return got{fmt.Sprintf("%+.1f ms (%.1f beside %.1f)", more, median(ours), median(bare)), more <= float64(bar)/float64(time.Millisecond)}, nil
	}
}

func firstAnswer(start func() (*server, error)) (time.Duration, error) {
	begun := time.Now()
	s, err := start()
	if err != nil {
		return 0, err
	}
	defer s.stop()
	c, err := dial(s.url)
	if err != nil {
		return 0, err
	}
	defer c.conn.Close()
	err = c.post()
	return time.Since(begun), err
}

// fill posts that many deploys.
func fill(url string, events int) error {
	s, err := dial(url)
	if err != nil {
		return err
	}
	defer s.conn.Close()
	for range events {
		if err := s.post(); err != nil {
			return err
		}
	}
	return nil
}

// memoryRow looks at the memory a second at a time, once the windows of events and of ids are full.
func (r *run) memoryRow() (got, error) {
	s, err := r.serve("--db", filepath.Join(r.folder, "memory.db"))
	if err != nil {
		return got{}, err
	}
	defer s.stop()
	if _, err := full(s.url, 2*r.round); err != nil {
		return got{}, err
	}
	var seen []float64
	for range int(r.minute / time.Second) {
		if _, err := full(s.url, time.Second); err != nil {
			return got{}, err
		}
		mib, err := s.resident()
		if err != nil {
			return got{}, err
		}
		seen = append(seen, mib)
	}
	half := len(seen) / 2
	first, second := slices.Max(seen[:half]), slices.Max(seen[half:])
	most := max(first, second)
	return got{fmt.Sprintf("%.0f MiB at most (first half %.0f, second %.0f)", most, first, second), most <= 96 && second <= 1.1*first}, nil
}

func (r *run) lastThird() (got, error) {
	s, err := r.serve("--db", filepath.Join(r.folder, "third.db"))
	if err != nil {
		return got{}, err
	}
	defer s.stop()
	if _, err := full(s.url, r.round); err != nil {
		return got{}, err
	}
	var thirds [3]float64
	for i := range thirds {
		if thirds[i], err = full(s.url, r.minute/3); err != nil {
			return got{}, err
		}
	}
	ratio := thirds[2] / thirds[0]
	return got{fmt.Sprintf("%.2f (%.0f, %.0f, %.0f deploys/s)", ratio, thirds[0], thirds[1], thirds[2]), ratio >= 0.95}, nil
}

func (r *run) sizeRow() (got, error) {
	info, err := os.Stat(r.program)
	if err != nil {
		return got{}, err
	}
	mib := float64(info.Size()) / (1 << 20)
	return got{fmt.Sprintf("%.1f MiB", mib), mib <= 16}, nil
}

func (r *run) execRow() (got, error) {
	var ours, plain []float64
	for range 3 * r.rounds {
		took, err := r.timed("true")
		if err != nil {
			return got{}, err
		}
		plain = append(plain, float64(took)/1e6)
		if took, err = r.timed(r.program, "exec", "--allow", "silent.nothing_sent", "--", "true"); err != nil {
			return got{}, err
		}
		ours = append(ours, float64(took)/1e6)
	}
	more := median(ours) - median(plain)
	return got{fmt.Sprintf("%+.1f ms", more), more <= 60}, nil
}

func (r *run) verifyRow() (got, error) {
	s, err := r.serve("--db", ":memory:")
	if err != nil {
		return got{}, err
	}
	defer s.stop()
	if err := fill(s.url, 10_000); err != nil {
		return got{}, err
	}
	var all []float64
	for range 5 * r.rounds {
		begun := time.Now()
		resp, err := http.Post(s.control+"/_emulator/v1/verify", "application/json", strings.NewReader(`{"query":"service:shopping_cart environment:Production","min":1}`))
		if err != nil {
			return got{}, err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return got{}, fmt.Errorf("verify answers %s", resp.Status)
		}
		all = append(all, float64(time.Since(begun))/1e6)
	}
	m := median(all)
	return got{fmt.Sprintf("%.1f ms (%.1f-%.1f)", m, all[0], all[len(all)-1]), m <= 20}, nil
}

// median sorts the figures and returns the one in the middle.
func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
