package journal

import (
	"errors"
	"os"
	"syscall"
)

// syncFile returns when all that was written to the file is on the disk. It leaves out what nobody reads back, the time of
// the last change, which costs the disk about as much as the events of a group.
func syncFile(file *os.File) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) {
		for {
			if failed = syscall.Fdatasync(int(fd)); failed != syscall.EINTR {
				return
			}
		}
	}); err != nil {
		return errors.Join(failed, err)
	}
	if failed != nil {
		return &os.PathError{Op: "fdatasync", Path: file.Name(), Err: failed}
	}
	return nil
}
