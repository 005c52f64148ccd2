package journal

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/tidwall/buntdb"
)

func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name string
		path bool
		sync Sync
	}{{"memory", false, Interval}, {"interval", true, Interval}, {"always", true, Always}} {
		b.Run(c.name, func(b *testing.B) {
			o := Options{Sync: c.sync}
			if c.path {
				o.Path = path(b)
			}
			j := open(b, o)
			var n atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(32)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					build := deployEvent(strconv.Itoa(int(n.Add(1))))
					if _, err := j.Append(build); err != nil {
						b.Error(err)
					}
				}
			})
			b.StopTimer()
			s := j.Stats()
			b.ReportMetric(float64(s.Compactions), "compactions")
		})
	}
}

// BenchmarkEvent is what making the event costs, in each of the above.
func BenchmarkEvent(b *testing.B) {
	var g group
	b.ReportAllocs()
	for i := range b.N {
		e := deployEvent(strconv.Itoa(i))(uint64(i + 1))
		g.encode(e)
	}
}

func BenchmarkBunt(b *testing.B) {
	for _, c := range []struct {
		name string
		sync buntdb.SyncPolicy
	}{{"never", buntdb.Never}, {"always", buntdb.Always}} {
		b.Run(c.name, func(b *testing.B) {
			db, err := buntdb.Open(path(b))
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			if err := db.SetConfig(buntdb.Config{SyncPolicy: c.sync, AutoShrinkDisabled: true}); err != nil {
				b.Fatal(err)
			}
			var n atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				var g group
				for pb.Next() {
					i := uint64(n.Add(1))
					e := deployEvent(strconv.Itoa(int(i)))(i)
					e.Seq = i
					key, r, err := g.encode(e)
					if err == nil {
						err = db.Update(func(tx *buntdb.Tx) error { _, _, err := tx.Set(key, r.value, nil); return err })
					}
					if err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func BenchmarkOpen10k(b *testing.B) {
	p := path(b)
	j := open(b, Options{Path: p})
	for i := range 10_000 {
		add(b, j, deployEvent(fmt.Sprint(i)))
	}
	shut(b, j)
	b.ReportAllocs()
	for b.Loop() {
		j, err := Open(Options{Path: p})
		if err != nil {
			b.Fatal(err)
		}
		j.Close()
	}
}
