package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

// mend leaves in file only what scan finds sound, and moves the rest aside.
func (j *Journal) mend(path string, file *os.File) error {
	st, err := file.Stat()
	if err != nil {
		return err
	}
	sound, commands, err := scan(file, st.Size())
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	damaged := st.Size() - sound
	if damaged == 0 {
		return nil
	}
	aside, err := moveAside(path, file, sound, j.opts.steps)
	if err != nil {
		return fmt.Errorf("%s is damaged from byte %d on, and what follows could not be moved aside: %w", path, sound, err)
	}
	j.warn(fmt.Sprintf("the store %s is damaged from byte %d on: the %d records before are kept, the %d bytes from there on were moved to %s",
		path, sound, commands, damaged, aside))
	return nil
}

// moveAside copies what follows sound into a new file beside the store and then cuts it off. Whatever interrupts it, nothing is lost:
// until the copy is on the disk, the store is as it was.
func moveAside(path string, file *os.File, sound int64, step steps) (aside string, err error) {
	if err := step.before(opCreate, nil); err != nil {
		return "", err
	}
	to, err := createAside(path)
	if err != nil {
		return "", err
	}
	if _, err = file.Seek(sound, io.SeekStart); err == nil {
		_, err = io.Copy(to, file)
	}
	if err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return "", errors.Join(err, os.Remove(to.Name()))
	}
	if err := syncDir(step, path); err != nil {
		return "", err
	}
	if err := step.before(opWrite, file); err != nil {
		return "", err
	}
	if err := file.Truncate(sound); err != nil {
		return "", err
	}
	return to.Name(), file.Sync()
}

// createAside takes the first free name: an older tail is never overwritten.
func createAside(path string) (*os.File, error) {
	for n := 1; ; n++ {
		f, err := os.OpenFile(path+".corrupt-"+strconv.Itoa(n), os.O_RDWR|os.O_CREATE|os.O_EXCL|noFollow, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
