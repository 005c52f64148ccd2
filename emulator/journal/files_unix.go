//go:build !windows && !plan9

package journal

import (
	"os"
	"syscall"
)

// noFollow makes an open fail on a symbolic link, also on one that was put there after it was looked for.
const noFollow = syscall.O_NOFOLLOW

// dirsSync says that a directory can, and must, be synced for a new name in it to last.
const dirsSync = true

// replaceCloses says that replace closes both stores, so that no sync may run beside it.
const replaceCloses = false

// replace puts next in the place of cur, under its name. Both stay open and usable.
func replace(cur, next *store) error {
	if err := cur.step.before(opRename, next.path); err != nil {
		return err
	}
	if err := os.Rename(next.path, cur.path); err != nil {
		return err
	}
	next.path = cur.path
	return nil
}
