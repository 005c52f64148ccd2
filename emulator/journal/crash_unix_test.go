//go:build unix

package journal

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// observer stops at every step to the disk and looks at what a crash would leave just then: a killed process leaves the files as
// they are, a power cut (at its worst) of each file what its last fsync covered, under the old names or the new.
type observer struct {
	t         *testing.T
	dir, into string
	mu        sync.Mutex
	// answered is what a client has been told, promised what must survive a power cut.
	answered atomic.Uint64
	promised func() uint64
	looked   map[string]int
	steps    int
	// held are the copies whose first fsync was held up; done says that no more appends come.
	held map[*os.File]bool
	done atomic.Bool
	// durable is the content of each file at its last fsync, pending when the one that is under way began, names the
	// directory at its own last fsync.
	durable, pending map[uint64][]byte
	names            map[string]uint64
}

func (o *observer) step(op string, file *os.File) error {
	o.lookAt(op, file)
	o.mu.Lock()
	slow := op == opSyncDir
	if op == opSync && strings.HasSuffix(file.Name(), compactSuffix) && !o.held[file] {
		o.held[file], slow = true, true
	}
	o.mu.Unlock()
	// What only happens while the disk is slow happens here: some events come before the copy, or its name, is durable.
	for until := o.answered.Load() + 5; slow && o.answered.Load() < until && !o.done.Load(); {
		runtime.Gosched()
	}
	return nil
}

func (o *observer) lookAt(op string, file *os.File) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.steps++
	answered, promised := o.answered.Load(), o.promised()
	files, names := o.look()
	switch op {
	case opCreate: // a new file may have the number of one that is gone
		for id := range o.durable {
			if names["store.db"] != id {
				delete(o.durable, id)
			}
		}
	case opSync:
		o.pending[number(file)] = contents(file)
	case opSynced:
		o.durable[number(file)] = o.pending[number(file)]
	case opSyncedDir:
		o.names = names
	}
	_, compacting := names["store.db"+compactSuffix]
	often := op == opWrite || op == opSync || op == opSynced
	if often && (compacting && o.steps%5 != 0 || !compacting && o.steps%25 != 0) {
		return
	}
	o.looked[op]++
	o.crash(op+": killed", files, answered)
	if o.names != nil {
		o.crash(op+": power cut, old names", o.covered(o.names), promised)
	}
	if o.names != nil && !maps.Equal(o.names, names) {
		o.crash(op+": power cut, new names", o.covered(names), promised)
	}
}

func number(f *os.File) uint64 {
	st, err := f.Stat()
	if err != nil {
		return 0
	}
	return st.Sys().(*syscall.Stat_t).Ino
}

func contents(f *os.File) []byte {
	b, _ := io.ReadAll(io.NewSectionReader(f, 0, 1<<40))
	return b
}

// look reads the directory, but for what is renamed or removed meanwhile.
func (o *observer) look() (files map[string][]byte, names map[string]uint64) {
	files, names = map[string][]byte{}, map[string]uint64{}
	entries, _ := os.ReadDir(o.dir)
	for _, e := range entries {
		f, err := os.Open(filepath.Join(o.dir, e.Name()))
		if err != nil {
			continue
		}
		files[e.Name()], names[e.Name()] = contents(f), number(f)
		f.Close()
	}
	return files, names
}

func (o *observer) covered(names map[string]uint64) map[string][]byte {
	files := map[string][]byte{}
	for name, id := range names {
		files[name] = o.durable[id]
	}
	return files
}

// crash opens what is left in a directory of its own.
func (o *observer) crash(when string, files map[string][]byte, atLeast uint64) {
	dir, err := os.MkdirTemp(o.into, "")
	if err != nil {
		o.t.Error(err)
		return
	}
	defer os.RemoveAll(dir)
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			o.t.Error(err)
		}
	}
	next := uint64(1)
	j, err := Open(Options{Path: filepath.Join(dir, "store.db"), Keep: 1000, Replay: func(d event.Derived) error {
		if d.Seq != next {
			o.t.Errorf("%s: event %d follows %d", when, d.Seq, next-1)
		}
		next = d.Seq + 1
		return nil
	}})
	if err != nil {
		o.t.Errorf("%s: %v", when, err)
		return
	}
	j.Close()
	if next <= atLeast {
		o.t.Errorf("%s: %d events are there of %d", when, next-1, atLeast)
	}
	if _, err := os.Stat(filepath.Join(dir, "store.db"+compactSuffix)); err == nil {
		o.t.Errorf("%s: the half-made file is still there", when)
	}
}

// TestCrashAnywhere crashes at every step of appending, evicting and compacting.
func TestCrashAnywhere(t *testing.T) {
	for _, sync := range []Sync{Interval, Always} {
		t.Run(fmt.Sprint(sync), func(t *testing.T) { t.Parallel(); crashAnywhere(t, sync) })
	}
}

func crashAnywhere(t *testing.T, policy Sync) {
	dir := t.TempDir()
	o := &observer{
		t: t, dir: dir, into: t.TempDir(), looked: map[string]int{}, held: map[*os.File]bool{},
		durable: map[uint64][]byte{}, pending: map[uint64][]byte{}, promised: func() uint64 { return 0 },
	}
	o.done.Store(true) // Open itself waits for nobody
	j := open(t, Options{
		Path: filepath.Join(dir, "store.db"), Sync: policy, Keep: 20, KeepIDs: 1000, steps: o.step,
		tune: tuning{compactMin: 100_000, sliceRecords: 3, pageStubs: 7},
	})
	o.mu.Lock()
	o.promised = j.synced.Load
	if policy == Always {
		o.promised = o.answered.Load
	}
	o.mu.Unlock()
	o.done.Store(false)
	var syncs sync.WaitGroup
	syncs.Go(func() {
		for !o.done.Load() {
			if err := j.Sync(); err != nil {
				t.Error(err)
			}
		}
	})
	compactions := int64(2) // the second one replaces a file that a first one made
	if policy == Always {
		compactions = 1
	}
	for n := 0; j.Stats().Compactions < compactions; n++ {
		o.answered.Store(add(t, j, deployEvent(strconv.Itoa(n))).Seq)
		if n > 5000 {
			t.Fatal("no compaction")
		}
	}
	o.done.Store(true)
	syncs.Wait()
	shut(t, j)
	for _, op := range []string{opCreate, opWrite, opSync, opSynced, opRename, opSyncDir, opSyncedDir} {
		if o.looked[op] == 0 {
			t.Errorf("never looked at %s", op)
		}
	}
	t.Log(strings.Trim(fmt.Sprint(o.looked), "map"))
}
