package journal

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/buntdb"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// arm is one of several ways to store events that are compared in one run.
type arm struct {
	name  string
	store func(id string) error
	took  []time.Duration
}

// BenchmarkAppend stores events from 64 goroutines, in turn with each journal and with plain buntdb, and prints what each took
// as a ratio to buntdb without any sync. An event is made for each, which costs the same everywhere.
func BenchmarkAppend(b *testing.B) {
	const rounds, each = 7, 20_000
	arms := []*arm{
		{name: "bunt-never", store: plainBunt(b, buntdb.Never)},
		{name: "memory", store: journalled(b, Options{})},
		{name: "interval", store: journalled(b, Options{Path: path(b)})},
		{name: "always", store: journalled(b, Options{Path: path(b), Sync: Always})},
		{name: "bunt-always", store: plainBunt(b, buntdb.Always)},
	}
	for b.Loop() {
		for range rounds {
			for _, a := range arms {
				start := b.Elapsed()
				storeAll(b, a.store, each)
				a.took = append(a.took, b.Elapsed()-start)
			}
		}
	}
	for _, a := range arms {
		ratios := make([]float64, len(a.took))
		for i, d := range a.took {
			ratios[i] = float64(arms[0].took[i]) / float64(d)
		}
		slices.Sort(ratios)
		slices.Sort(a.took)
		n := len(ratios)
		b.Logf("%-11s %6.1f us an event, %.2f of bunt-never (%.2f-%.2f)", a.name, float64(a.took[n/2].Nanoseconds())/each/1000, ratios[n/2], ratios[0], ratios[n-1])
		b.ReportMetric(ratios[n/2], a.name+"/bunt-never")
	}
}

func storeAll(b *testing.B, store func(string) error, n int64) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for i := next.Add(1); i <= n; i = next.Add(1) {
				if err := store(strconv.FormatInt(i, 10)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func journalled(b *testing.B, o Options) func(string) error {
	j := open(b, o)
	return func(id string) error {
		_, err := j.Append(deployEvent(id))
		return err
	}
}

func plainBunt(b *testing.B, policy buntdb.SyncPolicy) func(string) error {
	db, err := buntdb.Open(path(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if err := db.SetConfig(buntdb.Config{SyncPolicy: policy, AutoShrinkDisabled: true}); err != nil {
		b.Fatal(err)
	}
	var last atomic.Uint64
	return func(id string) error {
		seq := last.Add(1)
		stored, err := event.Encode(nil, deployEvent(id)(seq))
		if err != nil {
			return err
		}
		return db.Update(func(tx *buntdb.Tx) error {
			_, _, err := tx.Set(fmt.Sprintf("%016x", seq), string(stored), nil)
			return err
		})
	}
}

// BenchmarkWriter is the writer's own work for one event: the whole of an append, save making the event, handing it over and
// what the disk does. The window is full, so each event evicts one.
func BenchmarkWriter(b *testing.B) {
	for _, o := range []Options{{}, {Path: path(b)}} {
		name := "memory"
		if o.Path != "" {
			name = "file"
		}
		b.Run(name, func(b *testing.B) {
			o.setDefaults()
			j := newJournal(o)
			if o.Path != "" {
				if err := j.openDisk(); err != nil {
					b.Fatal(err)
				}
			}
			b.Cleanup(func() { j.release() })
			group := make([]*call, 20)
			for i := range group {
				e := deployEvent(strconv.Itoa(i))(1)
				group[i] = &call{build: func(uint64) *event.Event { return e }, done: make(chan struct{}, 1)}
			}
			run := func() {
				j.commitSome(group)
				j.tidy()
				for _, c := range group {
					<-c.done
				}
			}
			for range 120_000 / len(group) {
				run()
			}
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(group)), "ns/event")
		})
	}
}

func BenchmarkOpen10k(b *testing.B) {
	p := path(b)
	j := open(b, Options{Path: p})
	for i := range 10_000 {
		add(b, j, deployEvent(strconv.Itoa(i)))
	}
	shut(b, j)
	b.ReportAllocs()
	for b.Loop() {
		j, err := Open(Options{Path: p})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		j.Close()
		b.StartTimer()
	}
}
