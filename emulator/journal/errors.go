package journal

import (
	"errors"
	"fmt"
)

// ErrClosed is the answer to an Append that came after Close.
var ErrClosed = errors.New("journal: closed")

// LockedError says that another process (or another Journal of this one) holds the store.
type LockedError struct {
	Path string
	// PID is the process that holds it, 0 where that could not be read.
	PID int
}

func (e *LockedError) Error() string {
	by := "another process"
	if e.PID != 0 {
		by = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("the store %s is held by %s: stop it first, or choose another file", e.Path, by)
}

// UnwritableError says that the store cannot be written where it should be, so that the caller may do without a file.
type UnwritableError struct {
	Path string
	Err  error
}

func (e *UnwritableError) Error() string {
	return fmt.Sprintf("the store %s cannot be written: %v", e.Path, e.Err)
}

func (e *UnwritableError) Unwrap() error { return e.Err }

// RefusedError says that the path is nothing that a store may be kept in: a symbolic link, a directory, a device.
type RefusedError struct {
	Path string
	// Is is what the path is ("a symbolic link").
	Is string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s is %s, and a store is kept in a plain file only: name another path", e.Path, e.Is)
}

// FailedError is the answer to every Append after the first write or fsync that failed, until the store is opened anew.
// The requests that were refused with it may still be found in the store then; those that were answered before are
// there too, unless the machine itself went down and they are named by [FailedError.Unsure].
type FailedError struct {
	Path string
	// Op is what failed: "write", "fsync", "rename".
	Op  string
	Err error
	// Synced is the last event that a good fsync covers, Last the last that was answered.
	Synced, Last uint64
}

// Unsure is the range of events that were answered since the last good fsync; ok is false where there are none.
func (e *FailedError) Unsure() (first, last uint64, ok bool) {
	return e.Synced + 1, e.Last, e.Synced < e.Last
}

func (e *FailedError) Error() string {
	s := fmt.Sprintf("the store %s failed (%s: %v) and takes no more events until a restart", e.Path, e.Op, e.Err)
	if first, last, ok := e.Unsure(); ok {
		return fmt.Sprintf("%s; events %d to %d were answered since the last good fsync", s, first, last)
	}
	return s + "; every event that was answered is safe"
}

func (e *FailedError) Unwrap() error { return e.Err }

// TooLargeError says that an event does not fit into a record.
type TooLargeError struct{ Bytes int }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("journal: an event of %d bytes is over the limit of %d", e.Bytes, maxPayload)
}
