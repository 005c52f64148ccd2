//go:build unix

package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	// told is the last event that was answered, sure the last one that an fsync had to cover before its answer, forgot the
	// last stub that was given up.
	told, sure, forgot uint64
	// kinds are what the events are by seq, ids the dedup ids of deploys.
	kinds   map[uint64]string
	ids     map[uint64]string
	stage   string
	looked  map[string]int
	crashes int
	// seen are the crashes that were looked at, by the digest of what was left, and how many events had to be in it.
	seen map[[sha256.Size]byte]uint64
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

// crashAt opens what is left with larger limits, with its own, so that it is trimmed to them, and with larger ones again: what an
// opening mends stays mended.
func (l *life) crashAt(when string, files map[string][]byte, atLeast uint64) {
	if sum := digest(files); l.seen[sum] > atLeast {
		return
	} else {
		l.seen[sum] = atLeast + 1
	}
	l.crashes++
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
	forgot := l.forgot
	for _, again := range []string{"", ", opened again and trimmed", ", opened once more"} {
		o := lifeOptions()
		if again != lifeTrims {
			o.Keep, o.KeepIDs = 1000, 1000
		}
		o.Path = filepath.Join(dir, "store.db")
		found := found{life: l, forgot: forgot}
		o.Replay, o.Forgotten = found.replay, func(d event.Derived) { forgot = max(forgot, d.Seq) }
		j, err := l.open(o)
		if err != nil {
			l.t.Errorf("%s: %s%s: %v", l.stage, when, again, err)
			return
		}
		j.Close()
		found.end(atLeast)
		for _, wrong := range found.wrong {
			l.t.Errorf("%s: %s%s: events up to %d are there, and up to %d were answered: %s", l.stage, when, again, found.last, atLeast, wrong)
		}
		if _, err := os.Stat(filepath.Join(dir, "store.db"+compactSuffix)); err == nil {
			l.t.Errorf("%s: %s%s: the half-made file is still there", l.stage, when, again)
		}
	}
}

const lifeTrims = ", opened again and trimmed"

// lifeOptions are those of the life itself.
func lifeOptions() Options {
	return Options{Keep: 4, KeepIDs: 25, tune: tuning{compactMin: 12_000, sliceRecords: 3, pageStubs: 3}, Warn: func(string) {}}
}

// open is Open, and counts what it finds on its way.
func (l *life) open(o Options) (*Journal, error) {
	o.setDefaults()
	j := newJournal(o)
	if err := j.openDisk(); err != nil {
		return nil, err
	}
	if ids := &j.window.ids; ids.full.len() > 0 {
		l.looked["a page"]++
		if ids.gone.len() > 0 {
			l.looked["what a page stands for"]++
		}
	}
	if err := j.trim(); err != nil {
		return nil, errors.Join(err, j.release())
	}
	j.start()
	return j, nil
}

func digest(files map[string][]byte) [sha256.Size]byte {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != "store.db.lock" {
			fmt.Fprintf(h, "%s %d ", name, len(files[name]))
			h.Write(files[name])
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// found is what one opening replays.
type found struct {
	life *life
	// forgot is the last stub that may be missing, last the last event that is there.
	forgot, last uint64
	wrong        []string
}

func (f *found) replay(d event.Derived) error {
	kind := d.Kind
	if kind == event.KindEvicted {
		kind = d.Was
	}
	switch {
	case d.Seq <= f.last:
		f.wrong = append(f.wrong, fmt.Sprintf("event %d comes after %d", d.Seq, f.last))
	case kind == event.KindReset:
		f.wrong = nil // of what was before it any part may be left
	default:
		f.missing(f.last+1, d.Seq)
	}
	var dedup event.DedupKey
	if f.life.kinds[d.Seq] == "deploy" {
		dedup = event.NewDedupKey(testIntegration, f.life.ids[d.Seq])
	}
	if d.Dedup != dedup || d.At != testTime || string(kind) != strings.TrimPrefix(f.life.kinds[d.Seq], "rejected ") {
		f.wrong = append(f.wrong, fmt.Sprintf("event %d, a %s, is %+v", d.Seq, f.life.kinds[d.Seq], d))
	}
	f.last = max(f.last, d.Seq)
	return nil
}

// missing looks at what is not there: a stub that was given up may be, and what left no trace and was evicted.
func (f *found) missing(from, to uint64) {
	for seq := from; seq < to; seq++ {
		switch kind := f.life.kinds[seq]; {
		case kind == "deploy" && seq <= f.forgot, kind == "rejected deploy" && seq+uint64(lifeOptions().Keep) <= f.life.told+1:
		default:
			f.wrong = append(f.wrong, fmt.Sprintf("event %d, a %s, is missing", seq, kind))
		}
	}
}

// end wants all that was answered.
func (f *found) end(atLeast uint64) {
	if f.last < atLeast {
		f.wrong = append(f.wrong, "some are missing at the end")
	}
}

// TestCrashAtEveryStep: a life in which everything happens that the journal does, crashed at every write, fsync and rename
// of it: appends, evictions, pages and what is deleted behind them, forgetting, two compactions, a reset, what is deleted
// after it, and the compaction at the close.
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
		t: t, dir: t.TempDir(), into: t.TempDir(), kinds: map[uint64]string{}, ids: map[uint64]string{}, looked: map[string]int{}, stage: "open",
		durable: map[uint64][]byte{}, pending: map[uint64][]byte{}, seen: map[[sha256.Size]byte]uint64{},
	}
	o := lifeOptions()
	o.Path, o.Sync, o.steps, o.Forgotten = filepath.Join(l.dir, "store.db"), policy, l.step, l.forget
	j := open(t, o)
	append1 := func(build func(uint64) *event.Event) {
		e := add(t, j, func(seq uint64) *event.Event {
			e := build(seq)
			l.mu.Lock()
			l.kinds[seq] = string(e.Kind)
			if e.Deploy != nil {
				l.ids[seq] = e.Deploy.DedupID
			} else if e.Kind == event.KindDeploy {
				l.kinds[seq] = "rejected deploy"
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
			switch {
			case n%5 == 3:
				append1(rejected)
			case n%11 == 7:
				append1(change(strconv.Itoa(n)))
			default:
				append1(deployEvent(strconv.Itoa(n)))
			}
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
	deploys("evict", more(16))
	deploys("compact", func() bool { return j.Stats().Compactions == 1 })
	deploys("forget", func() bool { l.mu.Lock(); defer l.mu.Unlock(); return l.forgot > 12 })
	l.enter("reset")
	append1(reset)
	deploys("after the reset", more(5))
	deploys("compact again", func() bool { return j.Stats().Compactions >= 2 }) // a reset leaves much that is dead, so it may have come already
	deploys("before the close", func() bool {                                   // enough that is dead for a compaction at the close, and not for one before it
		atRest := j.Stats().Compactions == l.compactionsBegun()
		s := j.Stats()
		dead := s.FileBytes - s.LiveBytes
		return atRest && dead > o.tune.compactMin+1000 && dead > s.LiveBytes+1000 && dead < compactRatio*s.LiveBytes
	})
	l.enter("close")
	shut(t, j)
	if l.looked["after the reset: "+opRename]+l.looked["compact again: "+opRename] == 0 {
		t.Error("never crashed at a second compaction")
	}
	for _, want := range []string{
		"a page", "what a page stands for", "forget: " + opWrite,
		"open: " + opSyncDir, "append: " + opWrite, "evict: " + opWrite, "compact: " + opCreate, "compact: " + opSync, "compact: " + opSynced, "compact: " + opRename,
		"compact: " + opSyncDir, "compact: " + opSyncedDir, "reset: " + opWrite, "close: " + opCreate, "close: " + opWrite, "close: " + opSynced, "close: " + opRename, "close: " + opSyncedDir,
	} {
		if l.looked[want] == 0 {
			t.Errorf("never crashed at %s", want)
		}
	}
	t.Log(l.crashes, "crashes;", strings.Trim(fmt.Sprint(l.looked), "map"))
}

// compactionsBegun is how many files were made for a compaction.
func (l *life) compactionsBegun() (n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for what, times := range l.looked {
		if strings.HasSuffix(what, ": "+opCreate) {
			n += int64(times)
		}
	}
	return n
}

func (l *life) forget(d event.Derived) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgot = d.Seq
}

func (l *life) enter(stage string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage = stage
}
