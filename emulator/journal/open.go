package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Open opens the store, or creates it with its directory, and replays what it holds.
//
// It returns a [*LockedError] where somebody else holds the store, a [*RefusedError] where the path is not that of a plain file, and
// a [*UnwritableError] where the file cannot be written. A damaged store is not an error: see the package's page.
func Open(o Options) (*Journal, error) {
	o.setDefaults()
	j := newJournal(o)
	if o.Path != "" && o.Path != Memory {
		if err := j.openDisk(); err != nil {
			return nil, err
		}
	}
	if err := j.trim(); err != nil {
		return nil, errors.Join(err, j.release())
	}
	j.start()
	return j, nil
}

func (j *Journal) openDisk() error {
	path := j.opts.Path
	if err := checkPlain(path); err != nil && !errors.As(err, new(*RefusedError)) {
		return &UnwritableError{Path: path, Err: err}
	} else if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &UnwritableError{Path: path, Err: err}
	}
	lock, err := takeLock(path)
	if err != nil {
		return err
	}
	j.disk.lock = lock
	if err := j.load(path); err != nil {
		return errors.Join(err, j.release())
	}
	return nil
}

// load opens the file behind the lock.
func (j *Journal) load(path string) error {
	if err := os.Remove(path + compactSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &UnwritableError{Path: path, Err: err}
	}
	file, err := openPlain(path, 0)
	if err != nil {
		if errors.As(err, new(*RefusedError)) {
			return err
		}
		return &UnwritableError{Path: path, Err: err}
	}
	err = j.mend(path, file)
	if err == nil {
		err = syncDir(j.opts.steps, path)
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	cur, err := openStore(path, file, j.opts.steps)
	if err != nil {
		return errors.Join(fmt.Errorf("opening %s: %w", path, err), file.Close())
	}
	j.disk.cur = cur
	j.disk.aim(cur)
	return j.replay()
}
