package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tidwall/buntdb"
)

// store is one buntdb file and what buntdb does not do for it: a checked fsync, on a descriptor of its own so that
// nobody waits for the disk under buntdb's lock.
type store struct {
	// path is the name it was opened by; a compacted store has another by now.
	path string
	db   *buntdb.DB
	file *os.File
	// size is the length of the file, live that part of it which holds the present values. Only the writer uses them.
	size, live int64
	step       steps
	// stuck says that buntdb panicked and may hold its lock for good.
	stuck bool
}

// steps is asked before each thing that is done to the disk, with the file where it is one that is open. Tests look at the
// disk there, or make the step fail; otherwise it is nil.
type steps func(op string, file *os.File) error

func (s steps) before(op string, file *os.File) error {
	if s == nil {
		return nil
	}
	return s(op, file)
}

// The steps.
const (
	opCreate  = "create"
	opWrite   = "write"
	opSync    = "fsync"
	opRename  = "rename"
	opSyncDir = "fsync of the directory"
	// opSynced and opSyncedDir come after, for who wants to know what a power cut would leave.
	opSynced    = "after fsync"
	opSyncedDir = "after fsync of the directory"
)

// openPlain opens path for reading and writing, creating it for the owner alone, and never through a symbolic link.
func openPlain(path string, flags int) (*os.File, error) {
	if err := checkPlain(path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow|flags, 0o600)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && opened.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// checkPlain refuses a path that is there and is not a plain file.
func checkPlain(path string) error {
	found, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case found.Mode()&os.ModeSymlink != 0:
		return &RefusedError{Path: path, Is: "a symbolic link"}
	case found.IsDir():
		return &RefusedError{Path: path, Is: "a directory"}
	case !found.Mode().IsRegular():
		return &RefusedError{Path: path, Is: "a device or pipe"}
	}
	return nil
}

// openStore hands the file to buntdb, which reads it whole. The file must have been scanned: buntdb does not survive
// every damage.
func openStore(path string, file *os.File, step steps) (*store, error) {
	db, err := buntdb.Open(path)
	if err != nil {
		return nil, fmt.Errorf("buntdb: %w", err)
	}
	s := &store{path: path, db: db, file: file, step: step}
	if err := s.configure(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *store) configure() error {
	// buntdb opened the path by name: it must be the file that was checked.
	named, err := os.Lstat(s.path)
	if err != nil {
		return err
	}
	ours, err := s.file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(named, ours) {
		return fmt.Errorf("%s was replaced while it was opened", s.path)
	}
	s.size = ours.Size()
	return s.db.SetConfig(buntdb.Config{SyncPolicy: buntdb.Never, AutoShrinkDisabled: true})
}

// put carries out ops in one write. Either all of them are done or, with an error, none (that this process sees).
func (s *store) put(ops []op) (err error) {
	if len(ops) == 0 {
		return nil
	}
	if err := s.step.before(opWrite, s.file); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			// buntdb panics when it cannot take back half a write. The checksums will find that half.
			s.stuck = true
			err = fmt.Errorf("%v", p)
		}
	}()
	var size, live int64
	err = s.db.Update(func(tx *buntdb.Tx) error {
		size, live = 0, 0
		for _, o := range ops {
			n, l, err := o.do(tx)
			if err != nil {
				return err
			}
			size, live = size+n, live+l
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.size += size
	s.live += live
	return nil
}

// do tells by how many bytes the file and its live part grow.
func (o op) do(tx *buntdb.Tx) (size, live int64, err error) {
	if o.value == "" {
		prev, err := tx.Delete(o.key)
		if errors.Is(err, buntdb.ErrNotFound) {
			return 0, 0, nil
		}
		size, live = delSize, -setSize(len(prev))
		if err == nil && o.loosens() {
			size += delSize
			err = loosen(tx, o.seq-looseBehind)
		}
		return size, live, err
	}
	prev, replaced, err := tx.Set(o.key, o.value, nil)
	size = setSize(len(o.value))
	live = size
	if replaced {
		live -= setSize(len(prev))
	}
	if replaced && err == nil && o.loosens() {
		size += delSize
		err = loosen(tx, o.seq-looseBehind)
	}
	return size, live, err
}

// buntdb's tree splits a full node by letting both halves share the one array. When the right half grows it moves out,
// but the array, which the left half still has, goes on holding what the right half held then: values that were
// went long ago stay in memory, about one in two. A node whose array must grow gets one of its own, so every
// looseEvery events (fewer than a node has) a key is put into the node of an event that is looseBehind older (far enough
// for its node to have been split off) and taken out again. It reaches the file as a deletion, which means
// nothing.
const (
	looseEvery  = 64
	looseBehind = 512
	looseMark   = "~~~~~~~~"
)

// loosens says whether it is time for it, when the value of an event goes.
func (o op) loosens() bool { return o.seq%looseEvery == 0 && o.seq > looseBehind }

func loosen(tx *buntdb.Tx, seq uint64) error {
	key := keyOf(seq)[:seqDigits] + looseMark
	if _, _, err := tx.Set(key, "", nil); err != nil {
		return err
	}
	_, err := tx.Delete(key)
	return err
}

// sync returns when all that was put so far is on the disk.
func (s *store) sync() error {
	if err := s.step.before(opSync, s.file); err != nil {
		return err
	}
	if err := syncFile(s.file); err != nil {
		return err
	}
	return s.step.before(opSynced, s.file)
}

// each hands over up to limit records from seq on, in order. more says whether there are others after them.
func (s *store) each(from uint64, limit int, bytes int64, take func(key, value string)) (more bool, err error) {
	n := 0
	err = s.db.View(func(tx *buntdb.Tx) error {
		return tx.AscendGreaterOrEqual("", keyOf(from)[:seqDigits], func(key, value string) bool {
			if n == limit || bytes <= 0 {
				more = true
				return false
			}
			n++
			bytes -= setSize(len(value))
			take(key, value)
			return true
		})
	})
	return more, err
}

func (s *store) close() error {
	if s.stuck {
		return s.file.Close()
	}
	return errors.Join(s.db.Close(), s.file.Close())
}

// syncDir makes the names in the directory of path durable.
func syncDir(step steps, path string) error {
	if err := step.before(opSyncDir, nil); err != nil {
		return err
	}
	if dirsSync {
		d, err := os.Open(filepath.Dir(path))
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return err
		}
	}
	return step.before(opSyncedDir, nil)
}
