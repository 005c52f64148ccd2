package journal

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// TestCompactionThatFails: the old file has everything, so the journal goes on, says so, and tries again later.
func TestCompactionThatFails(t *testing.T) {
	for _, op := range []string{opCreate, opWrite, opSync, opRename} {
		t.Run(op, func(t *testing.T) {
			p := path(t)
			var failing atomic.Bool
			warned := make(chan string, 100)
			step := func(o string, f *os.File) error {
				if ofCopy := f == nil || strings.HasSuffix(f.Name(), compactSuffix); failing.Load() && ofCopy && o == op {
					return errBroken
				}
				return nil
			}
			o := Options{
				Path: p, Keep: 20, steps: step, tune: tuning{compactMin: 20_000, sliceRecords: 10}, Clock: clock.NewManual(testTime),
				Warn: func(s string) { warned <- s },
			}
			j := open(t, o)
			if err := j.Sync(); err != nil {
				t.Fatal(err)
			}
			failing.Store(true)
			for n := 0; len(warned) == 0; n++ {
				add(t, j, deployEvent(strconv.Itoa(n)))
				if n > 5000 {
					t.Fatal("no compaction")
				}
			}
			shut(t, j)
			if s := <-warned; len(warned) != 0 || !strings.Contains(s, "could not be compacted") || !strings.Contains(s, errBroken.Error()) {
				t.Error(s, len(warned))
			}
			if _, err := os.Stat(p + compactSuffix); !errors.Is(err, fs.ErrNotExist) {
				t.Error("the half-made file is still there:", err)
			}
			last := j.Last()
			failing.Store(false)
			j = open(t, o)
			if j.Last() != last {
				t.Errorf("%d events of %d", j.Last(), last)
			}
			for n := 0; j.Stats().Compactions == 0; n++ {
				add(t, j, deployEvent(strconv.Itoa(n)))
				if n > 5000 {
					t.Fatal("no compaction")
				}
			}
		})
	}
}

// BenchmarkCompactionStop is how long one append takes while a full journal is compacted, beside what it takes while it is not:
// a lone client that waits for each answer.
func BenchmarkCompactionStop(b *testing.B) {
	for _, policy := range []Sync{Interval, Always} {
		b.Run([]string{"interval", "always"}[policy], func(b *testing.B) {
			j := open(b, Options{Path: path(b), Sync: policy})
			fill := func(id string) error { _, err := j.Append(deployEvent(id)); return err }
			storeAll(b, fill, 111_000)
			var took [2][]time.Duration
			for b.Loop() {
				before := j.Stats().Compactions
				for n := 0; j.Stats().Compactions == before; n++ {
					compacting := 0
					if _, err := os.Stat(j.opts.Path + compactSuffix); err == nil {
						compacting = 1
					}
					start := clock.System{}.Now()
					if err := fill(strconv.Itoa(n)); err != nil {
						b.Fatal(err)
					}
					took[compacting] = append(took[compacting], clock.System{}.Now().Sub(start))
				}
			}
			for i, when := range []string{"otherwise", "compacting"} {
				slices.Sort(took[i])
				for _, p := range []struct {
					name string
					of   float64
				}{{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}} {
					d := took[i][int(float64(len(took[i])-1)*p.of)]
					b.ReportMetric(float64(d.Microseconds())/1000, "ms-"+p.name+"-"+when)
				}
			}
			b.ReportMetric(float64(len(took[1]))/float64(b.N), "appends-while-compacting")
		})
	}
}
