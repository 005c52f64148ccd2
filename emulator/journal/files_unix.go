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

// replace gives next the name of the store. Both stay open and usable.
func replace(cur, next *store, name string) error {
	if err := cur.step.before(opRename, next.file); err != nil {
		return err
	}
	return os.Rename(next.path, name)
}
