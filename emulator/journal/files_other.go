//go:build windows || plan9

package journal

import (
	"errors"
	"os"
)

const noFollow = 0

const dirsSync = false

// replaceCloses says that replace closes both stores, so that no sync may run beside it.
const replaceCloses = true

// replace gives next the name of the store. An open file cannot be renamed here, so next is closed, renamed
// and read again, and the writer stands still for as long as that takes.
func replace(cur, next *store, name string) error {
	if err := cur.step.before(opRename, next.file); err != nil {
		return err
	}
	live := next.live
	if err := errors.Join(cur.close(), next.close()); err != nil {
		return err
	}
	if err := os.Rename(next.path, name); err != nil {
		return err
	}
	file, err := openPlain(name, 0)
	if err != nil {
		return err
	}
	again, err := openStore(name, file, next.step)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	*next = *again
	next.live = live
	return nil
}
