//go:build unix

package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// life looks at every step to the disk of a short life of a journal, and at each at what a crash may leave there: the files as
// they are; the files with a part of the last write; what fsyncs cover; that with zeros, or with noise, where more was
// on its way. Of each it opens a copy and wants every event back that was answered (after a power cut: that was promised).
type life struct {
	t         *testing.T
	dir, into string
	mu        sync.Mutex
	// told is the last event that was answered, sure the last one that an fsync had to cover before its answer.
	told, sure uint64
	// ids are the dedup ids of deploys by seq; a reset has none.
	ids     map[uint64]string
	stage   string
	looked  map[string]int
	crashes int
	// before are the files at the step before and toldBefore is told then, durable those of their last fsync, by inode.
	before           map[string][]byte
	toldBefore       uint64
	durable, pending map[uint64][]byte
	names            map[string]uint64
}

func (l *life) step(op string, file *os.File) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := observer{dir: l.dir}
	files, names := o.look()
	switch op {
	case opSync:
		l.pending[number(file)] = contents(file)
	case opSynced:
		l.durable[number(file)] = l.pending[number(file)]
	case opSyncedDir:
		l.names = names
	}
	l.looked[l.stage+": "+op]++
	l.killed(op, files)
	l.cut(op, files, names)
	l.before, l.toldBefore = files, l.told
	return nil
}

// killed is what a process leaves that is killed just now, or in the middle of the write that has just ended.
func (l *life) killed(op string, files map[string][]byte) {
	l.crash(op+": killed", files)
	for name, now := range files {
		was := len(l.before[name])
		if name == "store.db.lock" || len(now) <= was {
			continue
		}
		for _, part := range []int{1, (len(now) - was) / 2, len(now) - was - 1} {
			torn := map[string][]byte{}
			for n, b := range files {
				torn[n] = b
			}
			torn[name] = now[:was+part]
			// The write had not ended, so what it carried was not answered: at most what had been told before it.
			l.crashAt(op+": killed within a write of "+name, torn, l.toldBefore)
		}
	}
}

// cut is what a power cut leaves: of each file what its last fsync covers, under the names of the last fsync of the
// directory or those of now, and behind it nothing, zeros, or noise.
func (l *life) cut(op string, files map[string][]byte, names map[string]uint64) {
	for _, under := range []map[string]uint64{l.names, names} {
		if under == nil {
			continue
		}
		for _, tail := range []string{"", "zeros", "noise"} {
			left := map[string][]byte{}
			for name, id := range under {
				covered := l.durable[id]
				if more := len(files[name]) - len(covered); tail != "" && more > 0 {
					rest := make([]byte, more)
					if tail == "noise" {
						copy(rest[more/2:], files[name][len(covered)+more/2:])
					}
					covered = append(covered[:len(covered):len(covered)], rest...)
				}
				left[name] = covered
			}
			l.crashAt(op+": power cut, then "+tail, left, l.sure)
		}
	}
}

func (l *life) crash(when string, files map[string][]byte) { l.crashAt(when, files, l.told) }

// crashAt opens what is left, twice: what the first opening mends stays mended.
func (l *life) crashAt(when string, files map[string][]byte, atLeast uint64) {
	l.crashes++
	when = l.stage + ": " + when
	dir, err := os.MkdirTemp(l.into, "")
	if err != nil {
		l.t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			l.t.Fatal(err)
		}
	}
	for _, again := range []string{"", ", opened again"} {
		var last, since uint64 // since is from where on nothing may be missing: the last reset, else the beginning
		gap := ""
		j, err := Open(Options{Path: filepath.Join(dir, "store.db"), Keep: 1000, Warn: func(string) {}, Replay: func(d event.Derived) error {
			isReset := d.Kind == event.KindReset || d.Was == event.KindReset
			switch {
			case isReset:
				since, gap = d.Seq, ""
			case d.Seq != last+1:
				gap = fmt.Sprintf("event %d follows %d", d.Seq, last)
			}
			if !isReset && d.Dedup != event.NewDedupKey(testIntegration, l.ids[d.Seq]) {
				gap = fmt.Sprintf("event %d has lost its dedup id %q", d.Seq, l.ids[d.Seq])
			}
			last = d.Seq
			return nil
		}})
		if err != nil {
			l.t.Errorf("%s%s: %v", when, again, err)
			return
		}
		j.Close()
		if last < atLeast || gap != "" || since == 0 && last > 0 && l.ids[1] == "" {
			l.t.Errorf("%s%s: events up to %d are there, and up to %d were answered; %s", when, again, last, atLeast, gap)
		}
		if _, err := os.Stat(filepath.Join(dir, "store.db"+compactSuffix)); err == nil {
			l.t.Errorf("%s%s: the half-made file is still there", when, again)
		}
	}
}

// TestCrashAtEveryStep: a life in which everything happens that the journal does, crashed at every write, fsync and rename
// of it: appends, evictions, forgetting, two compactions, a reset, what is deleted after it, and the compaction at the close.
func TestCrashAtEveryStep(t *testing.T) {
	for _, policy := range []Sync{Interval, Always} {
		t.Run([]string{"interval", "always"}[policy], func(t *testing.T) {
			if testing.Short() && policy == Always {
				t.Skip("one of the two in short mode")
			}
			t.Parallel()
			live(t, policy)
		})
	}
}

func live(t *testing.T, policy Sync) {
	l := &life{
		t: t, dir: t.TempDir(), into: t.TempDir(), ids: map[uint64]string{}, looked: map[string]int{}, stage: "open",
		durable: map[uint64][]byte{}, pending: map[uint64][]byte{},
	}
	j := open(t, Options{
		Path: filepath.Join(l.dir, "store.db"), Sync: policy, Keep: 4, KeepIDs: 1000, steps: l.step,
		tune: tuning{compactMin: 12_000, sliceRecords: 3},
	})
	append1 := func(build func(uint64) *event.Event) {
		e := add(t, j, func(seq uint64) *event.Event {
			e := build(seq)
			l.mu.Lock()
			l.ids[seq] = ""
			if e.Deploy != nil {
				l.ids[seq] = e.Deploy.DedupID
			}
			l.mu.Unlock()
			return e
		})
		l.mu.Lock()
		l.told = e.Seq
		if policy == Always {
			l.sure = e.Seq
		}
		l.mu.Unlock()
	}
	n := 0
	deploys := func(stage string, until func() bool) {
		l.enter(stage)
		for ; !until(); n++ {
			if n > 500 {
				t.Fatalf("%s takes no end", stage)
			}
			append1(deployEvent(strconv.Itoa(n)))
			if n%7 == 0 && policy == Interval {
				told := l.told
				if err := j.Sync(); err != nil {
					t.Fatal(err)
				}
				l.mu.Lock()
				l.sure = told
				l.mu.Unlock()
			}
		}
	}
	more := func(k int) func() bool { end := n + k; return func() bool { return n >= end } }
	deploys("append", more(3))
	deploys("evict", more(6))
	deploys("compact", func() bool { return j.Stats().Compactions == 1 })
	l.enter("reset")
	append1(reset)
	deploys("after the reset", more(5))
	deploys("compact again", func() bool { return j.Stats().Compactions >= 2 }) // a reset leaves much that is dead, so it may have come already
	deploys("before the close", more(8))
	l.enter("close")
	shut(t, j)
	if l.looked["after the reset: "+opRename]+l.looked["compact again: "+opRename] == 0 {
		t.Error("never crashed at a second compaction")
	}
	for _, want := range []string{
		"open: " + opSyncDir, "append: " + opWrite, "evict: " + opWrite, "compact: " + opCreate, "compact: " + opSync, "compact: " + opSynced, "compact: " + opRename,
		"compact: " + opSyncDir, "compact: " + opSyncedDir, "reset: " + opWrite, "close: " + opCreate, "close: " + opWrite, "close: " + opSynced, "close: " + opRename, "close: " + opSyncedDir,
	} {
		if l.looked[want] == 0 {
			t.Errorf("never crashed at %s", want)
		}
	}
	t.Log(l.crashes, "crashes;", strings.Trim(fmt.Sprint(l.looked), "map"))
}

func (l *life) enter(stage string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage = stage
}
