package tui

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What no clipboard takes goes to a file of its owner's alone. A link in its place is replaced and not followed.
func TestCopyToAFileFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	victim, path := filepath.Join(dir, "victim"), filepath.Join(dir, "bubblelevel-copy.txt")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, path); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	nobody := clipboard{find: func(string) error { return os.ErrNotExist }}
	for _, text := range []string{"first", "second"} {
		if _, err := nobody.copy(t.Context(), text, dir); err != nil {
			t.Fatal(err)
		}
		at, err := os.Lstat(path)
		if b, _ := os.ReadFile(path); err != nil || string(b) != text || !at.Mode().IsRegular() || at.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%v, %v: %q", err, at.Mode(), b)
		}
	}
	if b, _ := os.ReadFile(victim); string(b) != "precious" {
		t.Errorf("written through the link: %q", b)
	}
}
