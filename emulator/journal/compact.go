package journal

import (
	"errors"
	"fmt"
	"os"
)

// Compaction. The file only ever grows, and what was overwritten is dead weight in it. When that outweighs what lives,
// the writer makes a new file and copies the living into it, a slice between two groups, so that nobody waits. What is
// committed meanwhile goes to both files, and every sync covers both, until the new one has the old one's name for good.
// So at each moment the file under the store's name is whole, whatever stops the process or the machine.
const (
	compactSuffix = ".compact"
	// compactRatio is how many dead bytes a living one may carry. The more, the seldomer the copying, which costs under
	// full load what it copies, and the longer the next Open.
	compactRatio = 4
	// compactMin is the dead weight in bytes that is never worth a compaction.
	compactMin = 64 << 20
	// compactMinLast is the same for the end of a process, which has the time: the next one opens the file that it leaves,
	// and reads all of it.
	compactMinLast = 4 << 20
	// A slice is a quarter of a millisecond's work or so.
	sliceRecords = 64
	sliceBytes   = 128 << 10
)

// phase is how far a compaction has come.
type phase int

const (
	atRest   phase = iota
	copying        // the writer copies
	syncing        // the copy is complete, and a goroutine syncs it
	settling       // the new file has the name, and a goroutine makes the name durable
)

type compaction struct {
	phase phase
	// from is the first seq that is not copied yet; events after end are not copied but written to both.
	from, end uint64
	// news is how the goroutine of this compaction reports.
	news chan error
	// notBefore is the file size before which no other try is made after one that failed.
	notBefore int64
}

// compact does the next step of a compaction, if there is one to do now.
func (j *Journal) compact() bool {
	d := &j.disk
	switch d.compact.phase {
	case atRest:
		dead := d.cur.size - d.cur.live
		if dead < j.opts.tune.compactMin || dead < compactRatio*d.cur.live || d.cur.size < d.compact.notBefore {
			return false
		}
		j.compactStart()
		return true
	case copying:
		j.compactSlice()
		return true
	}
	select {
	case err := <-d.compact.news:
		j.compactNews(err)
		return true
	default:
		return false
	}
}

// compactLast ends a compaction that is under way, and leaves no more dead bytes than living ones behind. Nothing is
// appended any more.
func (j *Journal) compactLast() {
	d := &j.disk
	if !j.inFile() {
		return
	}
	j.compactOut()
	dead := d.cur.size - d.cur.live
	if dead > d.cur.live && dead > min(compactMinLast, j.opts.tune.compactMin) && d.cur.size >= d.compact.notBefore && j.failed.Load() == nil {
		j.compactStart()
		j.compactOut()
	}
}

// compactOut sees a compaction that is under way through to its end.
func (j *Journal) compactOut() {
	d := &j.disk
	for d.compact.phase != atRest && j.failed.Load() == nil {
		if d.compact.phase == copying {
			j.compactSlice()
			continue
		}
		j.compactNews(<-d.compact.news)
	}
}

func (j *Journal) compactStart() {
	d := &j.disk
	path := j.opts.Path + compactSuffix
	err := j.opts.steps.before(opCreate, nil)
	var file *os.File
	if err == nil {
		file, err = openPlain(path, os.O_EXCL)
	}
	if err != nil {
		j.compactGiveUp(err)
		return
	}
	next, err := openStore(path, file, j.opts.steps)
	if err != nil {
		j.compactGiveUp(errors.Join(err, file.Close(), os.Remove(path)))
		return
	}
	d.next = next
	d.compact = compaction{phase: copying, end: j.window.last, news: make(chan error, 1)}
}

// compactSlice copies a few records. The store's own tree says what lives; both trees share the strings.
func (j *Journal) compactSlice() {
	d := &j.disk
	g := &j.group
	g.reset()
	more, err := d.cur.each(d.compact.from, j.opts.tune.sliceRecords, sliceBytes, func(key, value string) {
		seq, _ := seqOf([]byte(key))
		if seq <= d.compact.end {
			g.ops = append(g.ops, op{seq: seq, key: key, value: value})
		}
	})
	if err == nil {
		err = d.next.put(g.ops)
	}
	if err != nil {
		j.compactGiveUp(err)
		return
	}
	if more && len(g.ops) > 0 {
		d.compact.from = g.ops[len(g.ops)-1].seq + 1
		return
	}
	d.compact.phase, d.compact.from = syncing, d.compact.end+1
	// From here on every sync covers both. The first one of the new file is long, and so is a goroutine's.
	if j.opts.Sync == Interval {
		d.aim(d.cur, d.next)
	}
	next, news := d.next, d.compact.news
	j.running.Go(func() { news <- next.sync() })
}

// putNext brings the store to come up to date: with what it has a copy of, and with all that is newer than the copy.
func (j *Journal) putNext(ops []op) error {
	d := &j.disk
	if d.next == nil {
		return nil
	}
	both := ops[:0:0]
	for _, o := range ops {
		if o.seq < d.compact.from || o.seq > d.compact.end {
			both = append(both, o)
		}
	}
	err := d.next.put(both)
	if err == nil {
		return nil
	}
	if d.compact.phase == settling {
		return j.fail(opWrite, err)
	}
	j.compactGiveUp(err)
	return nil
}

// compactNews takes the report of the goroutine and goes on.
func (j *Journal) compactNews(err error) {
	d := &j.disk
	switch d.compact.phase {
	case syncing:
		if err != nil {
			j.compactGiveUp(err)
			return
		}
		j.compactSwap()
	case settling:
		if err != nil {
			_ = j.fail(opSyncDir, err)
			return
		}
		j.compactEnd()
	}
}

// compactSwap gives the new file the name. It has all that was promised: the goroutine's sync covers what was put before it began,
// and so do the syncs since.
func (j *Journal) compactSwap() {
	d := &j.disk
	if j.opts.Sync == Always {
		if err := d.next.sync(); err != nil {
			j.compactGiveUp(err)
			return
		}
	}
	if err := j.swap(); err != nil && replaceCloses {
		_ = j.fail(opRename, err)
		return
	} else if err != nil {
		j.compactGiveUp(err)
		return
	}
	d.aim(d.cur, d.next)
	d.compact.phase = settling
	news := d.compact.news
	j.running.Go(func() { news <- syncDir(j.opts.steps, j.opts.Path) })
}

func (j *Journal) swap() error {
	if replaceCloses {
		j.disk.rounds.Lock()
		defer j.disk.rounds.Unlock()
	}
	return replace(j.disk.cur, j.disk.next, j.opts.Path)
}

// compactEnd lets go of the old file. To close it frees its blocks, which takes time that is not the writer's.
func (j *Journal) compactEnd() {
	d := &j.disk
	old := d.cur
	d.cur, d.next = d.next, nil
	d.compact = compaction{}
	d.aim(d.cur)
	j.count() // first: who has seen the compaction counted sees the size of the new file
	j.counts.compactions.Add(1)
	j.running.Go(func() {
		d.rounds.Lock()
		defer d.rounds.Unlock()
		_ = old.close() // nothing depends on it any more
	})
}

// compactGiveUp goes on with the old file, which has everything.
func (j *Journal) compactGiveUp(err error) {
	d := &j.disk
	size := d.cur.size
	j.warn(fmt.Sprintf("the store %s could not be compacted and stays at %d MiB: %v", j.opts.Path, size>>20, err))
	if next := d.next; next != nil {
		d.aim(d.cur)
		d.next = nil
		j.running.Go(func() {
			d.rounds.Lock()
			defer d.rounds.Unlock()
			_ = errors.Join(next.close(), os.Remove(next.path)) // also removed by the next Open
		})
	}
	d.compact = compaction{notBefore: size + size/2}
}
