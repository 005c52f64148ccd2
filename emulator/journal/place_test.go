package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func TestOpenCreatesForTheOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	p := filepath.Join(t.TempDir(), "a", "b", "store.db")
	shut(t, open(t, Options{Path: p}))
	for name, want := range map[string]fs.FileMode{p: 0o600, p + ".lock": 0o600, filepath.Dir(p): 0o700} {
		st, err := os.Stat(name)
		if err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, st.Mode(), err)
		}
	}
	if err := os.Chmod(p, 0o644); err != nil {
		t.Fatal(err)
	}
	shut(t, open(t, Options{Path: p}))
	if st, _ := os.Stat(p); st.Mode().Perm() != 0o600 {
		t.Error("a store that others could read stayed so:", st.Mode())
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	if err := os.WriteFile(target, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(name, to string) string {
		p := filepath.Join(dir, name)
		if err := os.Symlink(to, p); err != nil {
			t.Skip(err)
		}
		return p
	}
	lockLinked := filepath.Join(dir, "locked")
	link("locked.lock", target)
	for name, p := range map[string]string{
		"symlink": link("link", target), "dangling symlink": link("dangling", filepath.Join(dir, "nothing")), "directory": dir, "symlinked lock": lockLinked,
	} {
		_, err := Open(Options{Path: p})
		var refused *RefusedError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := os.ReadFile(target); string(b) != "somebody's" {
		t.Error("written through a link:", string(b), err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "nothing")); err == nil {
		t.Error("created through a link")
	}
}

func TestOpenUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(Options{Path: filepath.Join(file, "store.db")})
	var unwritable *UnwritableError
	if !errors.As(err, &unwritable) {
		t.Error("below a file:", err)
	}
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("the rest needs permissions that bind")
	}
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Path: filepath.Join(dir, "store.db")}); !errors.As(err, &unwritable) {
		t.Error("in a directory that may not be written:", err)
	}
}

func TestOpenIsUndoneWhenReplayFails(t *testing.T) {
	p := path(t)
	j := open(t, Options{Path: p})
	add(t, j, rejected)
	shut(t, j)
	bad := errors.New("no")
	if _, err := Open(Options{Path: p, Replay: func(d event.Derived) error { return bad }}); !errors.Is(err, bad) {
		t.Fatal(err)
	}
	shut(t, open(t, Options{Path: p})) // the lock is free again
}
