package journal

import "sync/atomic"

// Stats is how much the journal holds.
type Stats struct {
	// Events are kept whole, with BodyBytes of request bodies in StoredBytes of memory.
	Events      int
	BodyBytes   int64
	StoredBytes int64
	// Stubs are those of deploys, Changes those of changes and resets.
	Stubs, Changes int
	// FileBytes is the length of the file, LiveBytes the part of it that a compaction would keep.
	FileBytes, LiveBytes int64
	// Synced is the last event that a good fsync covers.
	Synced uint64
	// Syncs and Compactions count since Open.
	Syncs, Compactions int64
}

type counts struct {
	syncs, compactions   atomic.Int64
	fileBytes, liveBytes atomic.Int64
}

// Stats is a snapshot.
func (j *Journal) Stats() Stats {
	w := &j.window
	w.mu.RLock()
	defer w.mu.RUnlock()
	return Stats{
		Events: w.whole.len(), BodyBytes: w.bodies, StoredBytes: w.stored,
		Stubs: w.stubs, Changes: w.kept.len(),
		FileBytes: j.counts.fileBytes.Load(), LiveBytes: j.counts.liveBytes.Load(),
		Synced: j.synced.Load(), Syncs: j.counts.syncs.Load(), Compactions: j.counts.compactions.Load(),
	}
}
