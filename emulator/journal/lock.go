package journal

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// lock keeps other processes off a store: a lock file beside it, with the pid of its holder. The file stays when the
// lock is released, for to remove it would let two processes hold locks on two files of that name.
type lock struct{ flock *flock.Flock }

func takeLock(store string) (*lock, error) {
	path := store + ".lock"
	if err := checkPlain(path); err != nil {
		return nil, err
	}
	l := &lock{flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow), flock.SetPermissions(0o600))}
	held, err := l.flock.TryLock()
	switch {
	case err != nil:
		return nil, &UnwritableError{Path: store, Err: err}
	case !held:
		return nil, &LockedError{Path: store, PID: readPID(path)}
	}
	if err := writePID(path); err != nil {
		return nil, errors.Join(&UnwritableError{Path: store, Err: err}, l.release())
	}
	return l, nil
}

// writePID writes through a second descriptor, as flock keeps its own to itself. The pid starts at the second byte: where
// locks are mandatory, the first is locked.
func writePID(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|noFollow, 0)
	if err != nil {
		return err
	}
	line := fmt.Sprintf("%d\n", os.Getpid())
	_, err = f.WriteAt([]byte(line), 1)
	return errors.Join(err, f.Truncate(int64(1+len(line))), f.Close())
}

func readPID(path string) int {
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return 0
	}
	defer f.Close()
	var b [32]byte
	n, _ := f.ReadAt(b[:], 1) // ends with io.EOF
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	return pid
}

func (l *lock) release() error { return l.flock.Close() }
