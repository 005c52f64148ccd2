// Package journal keeps events: in order, durably, and no more of them than it was told to.
//
// One event is one key of a buntdb file, which this package alone opens. buntdb keeps the order and the file's form; the rest is
// here, because buntdb was measured to lack it: a checked fsync, a lock, checksums, one writer, bounds, and compaction
// that stops nobody.
//
// # What an answer means
//
// [Journal.Append] returns when its event is as durable as [Options.Sync] promises, and readers see it no sooner. Appends that come
// together are committed together, in one write; one that comes alone waits for no other.
//
// # What is kept
//
// The newest events are kept whole. Of an older one its stub stays ([event.Stub]: what the ledger needs), or nothing where it left
// no trace. The stubs of deploys are packed, many in one record that takes the place of the first of their events ([event.Page]);
// until a page is full, the records of the events in it stay in the file, though no reader sees them. These stubs are
// bounded too, and the oldest are given up ([Options.Forgotten]). Those of changes of the account have a record each, in place
// of the event, and are not given up: without them the account would be another. An event that sets the account anew (a reset, or
// fixtures that were loaded) makes every stub before it useless, and these are deleted; only the fixtures that were loaded
// last outlive a reset.
//
// So Open may be told of a little more than was kept: [Options.Replay] of events that wait for their page, as if they were
// whole, and of the stubs in the oldest page that had been given up already. Before it returns the window and the stubs are
// again what the limits say, and [Options.Forgotten] was called for what is over.
//
// # Damage
//
// Opening reads the whole file and believes nothing that has no checksum. From the first damage on, the rest is moved to
// PATH.corrupt-N and [Options.Warn] says so; what stands before it is kept, and nothing is ever made up. buntdb writes the keys
// of a group in any order, so a torn group, none of whose events was answered, may leave a hole in the numbers; a
// change or a reset is a group by itself.
package journal

import (
	"sync"
	"sync/atomic"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Sync says how durable an event is when it is answered.
type Sync int

const (
	// Interval: the event is in the file, and the file is synced every second. A killed process loses nothing, a power
	// cut what was answered in the last second.
	Interval Sync = iota
	// Always: the file was synced. A power cut loses nothing.
	Always
)

// Memory is the path of a journal without a file.
const Memory = ":memory:"

// The defaults of Options.
const (
	DefaultKeep      = 10_000
	DefaultKeepBytes = 32 << 20
	DefaultKeepIDs   = 100_000
)

// Options say where a journal is kept, how much of it, and who is told. The functions may be nil; they must not call the
// journal's Append, Sync or Close.
type Options struct {
	// Path is the buntdb file; the lock, moved-aside tails and for a moment the compacted file stand beside it. Empty or
	// [Memory] means no file.
	Path string
	Sync Sync
	// Keep is how many events are kept whole, KeepBytes how many bytes of their requests' bodies (and four times as many
	// in all), KeepIDs how many stubs of deploys. At least one event is always kept. Zero means the default.
	Keep      int
	KeepBytes int64
	KeepIDs   int
	// Clock paces the syncs of Interval; nil means the machine's.
	Clock clock.Clock
	// Warn is told in one sentence what a person should know: a damaged tail and where it is now, a failed fsync.
	Warn func(string)
	// Replay is called during Open for every event that is in the file, in order. An error ends Open.
	Replay func(event.Derived) error
	// Committed is called with the events of a group when they are as durable as promised and before they are
	// answered, by one goroutine at a time and in order. The slice is used again afterwards.
	Committed func([]*event.Event)
	// Forgotten is called, like Committed, for a stub that was given up because of KeepIDs.
	Forgotten func(event.Derived)

	// For tests.
	steps steps
	tune  tuning
}

// tuning are the numbers that a test makes small. Zero means the constant of that name.
type tuning struct {
	compactMin                         int64
	sliceRecords, pageStubs, pageWaits int
}

func (o *Options) setDefaults() {
	if o.Keep <= 0 {
		o.Keep = DefaultKeep
	}
	if o.KeepBytes <= 0 {
		o.KeepBytes = DefaultKeepBytes
	}
	if o.KeepIDs <= 0 {
		o.KeepIDs = DefaultKeepIDs
	}
	o.tune.setDefaults()
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
}

func (t *tuning) setDefaults() {
	if t.compactMin == 0 {
		t.compactMin = compactMin
	}
	if t.sliceRecords == 0 {
		t.sliceRecords = sliceRecords
	}
	if t.pageStubs == 0 {
		t.pageStubs = pageStubs
	}
	if t.pageWaits == 0 {
		t.pageWaits = pageWaits
	}
}

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	opts   Options
	limits limits
	queue  queue
	window window
	disk   disk
	group  group
	// synced is the last event that a good fsync covers; failed is set once, by what failed first.
	synced atomic.Uint64
	failed atomic.Pointer[FailedError]
	counts counts

	stop    chan struct{}
	running sync.WaitGroup
	closing sync.Once
	closed  error
}

func newJournal(o Options) *Journal {
	j := &Journal{
		opts:   o,
		limits: limits{events: o.Keep, ids: o.KeepIDs, bodies: o.KeepBytes, stored: storedPerBody * o.KeepBytes},
		stop:   make(chan struct{}),
	}
	j.queue.wake = make(chan struct{}, 1)
	j.disk.dirty = make(chan struct{}, 1)
	j.window.firstWhole = 1
	j.window.ids = pages{
		inFile: o.Path != "" && o.Path != Memory,
		// A page has no more stubs than are kept, so that the oldest one is always in a page that is full.
		size: min(o.tune.pageStubs, o.KeepIDs), limit: max(1, o.KeepBytes/int64(o.tune.pageWaits)),
	}
	return j
}

func (j *Journal) start() {
	j.running.Go(j.write)
	if !j.inFile() {
		return
	}
	// What a process that was killed left to the kernel becomes durable now.
	j.running.Go(func() { _ = j.syncRound() })
	if j.opts.Sync == Interval {
		j.running.Go(j.syncOften)
	}
}

// Append has build make the event numbered seq, and returns it when it is as durable as promised.
//
// build is called by the journal's one writer: calls never overlap and come in the order of seq, so build may read and
// change what the answer depends on. It must not wait for the journal. Where it returns nil, nothing is stored and no
// seq used, and Append returns nil when all events before are durable (so that "there is nothing to do" is never said
// of something that a crash would undo). Where it panics, that is the error of this Append alone.
//
// The errors are [ErrClosed], a [*FailedError] and, for one event, a [*TooLargeError] or a [*PanicError].
func (j *Journal) Append(build func(seq uint64) *event.Event) (*event.Event, error) {
	c := newCall(build)
	if !j.queue.push(c) {
		c.free()
		return nil, ErrClosed
	}
	<-c.done
	e, err := c.event, c.err
	c.free()
	return e, err
}

// Get is the event numbered seq, if it is still whole.
func (j *Journal) Get(seq uint64) (*event.Event, bool) {
	if seq == 0 {
		return nil, false
	}
	var one [1]record
	found := j.window.slice(one[:0], seq-1, 0, false, 1)
	if len(found) == 0 || found[0].seq != seq {
		return nil, false
	}
	e, err := event.Decode(seq, payload(found[0].value))
	return e, err == nil
}

// Range visits the whole events with a seq above after and below before (0: no limit), from the oldest or, descending,
// from the newest on, until visit returns false. Each is decoded as it is visited, and its strings are parts of what is stored: to
// keep one keeps the event's bytes. Range holds no lock while visit runs, so events may come and go meanwhile; those
// that have gone are skipped ([Journal.EvictedBefore] tells).
func (j *Journal) Range(after, before uint64, descending bool, visit func(*event.Event) bool) {
	j.walk(event.Decode, after, before, descending, visit)
}

// Skim is Range for those who only look: an event is valid until visit returns, and costs no memory. [event.Event.Clone]
// keeps one.
func (j *Journal) Skim(after, before uint64, descending bool, visit func(*event.Event) bool) {
	j.walk(new(event.Decoder).Decode, after, before, descending, visit)
}

// walk decodes what lies between after and before, and hands it to visit.
func (j *Journal) walk(decode func(uint64, string) (*event.Event, error), after, before uint64, descending bool, visit func(*event.Event) bool) {
	var buf [rangeChunk]record
	for {
		chunk := j.window.slice(buf[:0], after, before, descending, rangeChunk)
		for _, r := range chunk {
			if e, err := decode(r.seq, payload(r.value)); err == nil && !visit(e) {
				return
			}
		}
		if len(chunk) < rangeChunk {
			return
		}
		if last := chunk[len(chunk)-1].seq; descending {
			before = last
		} else {
			after = last
		}
	}
}

// rangeChunk is how many events Range takes out of the window at once.
const rangeChunk = 128

// Last is the seq of the newest event, 0 for none.
func (j *Journal) Last() uint64 {
	j.window.mu.RLock()
	defer j.window.mu.RUnlock()
	return j.window.last
}

// EvictedBefore is the seq from which on every event is still whole: one more than Last where none is.
func (j *Journal) EvictedBefore() uint64 {
	j.window.mu.RLock()
	defer j.window.mu.RUnlock()
	return j.window.firstWhole
}

// Sync returns when all that was answered is on the disk.
func (j *Journal) Sync() error {
	if err := j.failure(); err != nil {
		return err
	}
	return j.syncRound()
}

// Close answers what has been appended, syncs, and lets go of the store. Whoever appends later gets [ErrClosed].
func (j *Journal) Close() error {
	j.closing.Do(func() { j.closed = j.shut() })
	return j.closed
}

func (j *Journal) shut() error {
	j.queue.close()
	close(j.stop)
	j.running.Wait()
	err := j.failure()
	if err == nil {
		err = j.syncRound()
	}
	if rel := j.release(); err == nil {
		err = rel
	}
	return err
}

func (j *Journal) warn(sentence string) {
	if j.opts.Warn != nil {
		j.opts.Warn(sentence)
	}
}
