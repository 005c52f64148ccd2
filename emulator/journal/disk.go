package journal

import (
	"errors"
	"os"
	"sync"
	"time"
)

// disk is the store's files and what keeps them durable. Without a file it is empty.
type disk struct {
	lock *lock
	// cur is the store. next, while a compaction runs, is the store to come.
	cur, next *store
	compact   compaction
	// targets are the files that a sync must cover, guarded by mu; rounds excludes two syncs, and a sync of a file that is being closed.
	mu      sync.Mutex
	targets []*store
	rounds  sync.Mutex
	// dirty has a token when something was written since the last sync began.
	dirty chan struct{}
}

// inFile says whether there is a file at all.
func (j *Journal) inFile() bool { return j.disk.lock != nil }

func (d *disk) soil() {
	select {
	case d.dirty <- struct{}{}:
	default:
	}
}

func (d *disk) aim(targets ...*store) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.targets = targets
}

// put carries out ops in the store and, as far as it has come, in the one to come.
func (j *Journal) put(ops []op) error {
	if !j.inFile() {
		return nil
	}
	if err := j.disk.cur.put(ops); err != nil {
		return j.fail(opWrite, err)
	}
	err := j.putNext(ops)
	j.count()
	return err
}

// count lets Stats know the size of the file.
func (j *Journal) count() {
	j.counts.fileBytes.Store(j.disk.cur.size)
	j.counts.liveBytes.Store(j.disk.cur.live)
}

// fail notes what failed, once, and returns what every Append is told from now on.
func (j *Journal) fail(op string, err error) error {
	f := &FailedError{Path: j.opts.Path, Op: op, Err: err, Synced: j.synced.Load(), Last: j.Last()}
	if j.failed.CompareAndSwap(nil, f) {
		j.warn(f.Error())
	}
	return j.failed.Load()
}

func (j *Journal) failure() error {
	if f := j.failed.Load(); f != nil {
		return f
	}
	return nil
}

// syncNow syncs for the writer, which has just put the event through.
func (j *Journal) syncNow(through uint64) error {
	if !j.inFile() {
		return nil
	}
	for _, s := range j.disk.targets { // the writer alone changes them
		if err := s.sync(); err != nil {
			return j.fail(opSync, err)
		}
	}
	j.synced.Store(through)
	j.counts.syncs.Add(1)
	return nil
}

// syncRound syncs for anyone. A failure is final: after it the kernel may have dropped what it could not write, and
// another fsync would say that all is well.
func (j *Journal) syncRound() error {
	if !j.inFile() {
		return nil
	}
	j.disk.rounds.Lock()
	defer j.disk.rounds.Unlock()
	through := j.Last()
	j.disk.mu.Lock()
	targets := j.disk.targets
	j.disk.mu.Unlock()
	for _, s := range targets {
		if err := s.sync(); err != nil {
			return j.fail(opSync, err)
		}
	}
	j.raiseSynced(through)
	j.counts.syncs.Add(1)
	return nil
}

func (j *Journal) raiseSynced(through uint64) {
	for {
		before := j.synced.Load()
		if before >= through || j.synced.CompareAndSwap(before, through) {
			return
		}
	}
}

// syncEvery is how long an answer of the policy Interval may wait for its sync.
const syncEvery = time.Second

// syncOften keeps the promise of the policy Interval.
func (j *Journal) syncOften() {
	for {
		select {
		case <-j.disk.dirty:
		case <-j.stop:
			return
		}
		fired, cancel := j.opts.Clock.After(syncEvery)
		select {
		case <-fired:
		case <-j.stop:
			cancel()
			return
		}
		if j.syncRound() != nil {
			return // the writer refuses everything from here on
		}
	}
}

// release lets go of everything that Open took.
func (j *Journal) release() error {
	d := &j.disk
	var errs []error
	if d.next != nil {
		errs = append(errs, d.next.close())
		if d.compact.phase != settling {
			errs = append(errs, os.Remove(d.next.path))
		}
	}
	if d.cur != nil {
		errs = append(errs, d.cur.close())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.release())
	}
	return errors.Join(errs...)
}
