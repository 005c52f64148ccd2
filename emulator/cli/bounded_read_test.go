package cli

import (
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/fixtures"
)

// TestFilesAreReadToTheirLimit: what stands in a working copy may be of anybody and of any size, and may be a link to a
// device that has no end. Each is refused by its limit, and no more than that is read.
func TestFilesAreReadToTheirLimit(t *testing.T) {
	const size = 512 << 20 // of which the disk holds nothing
	dir := t.TempDir()
	path := func(name string) string {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(size); err != nil {
			t.Skip("files without content are not to be had here: ", err)
		}
		f.Close()
		return f.Name()
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	path("cookiecutter.json")
	path(settingsFile)
	path("payload.txt")
	scenario, list := path("scenario.yaml"), path("opslevel.yml")
	fixture := filepath.Join(dir, "fixture.yaml")
	text := "version: 1\ntemplates: [{name: a, forge: none, webhook: {url: 'receiver:a', payload_file: payload.txt}}]\n"
	if err := os.WriteFile(fixture, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	endless := filepath.Join(dir, "endless.yaml")
	if os.Symlink("/dev/zero", endless) != nil || goruntime.GOOS == "windows" {
		endless = scenario
	}
	for _, c := range []struct {
		name, want string
		read       func() error
	}{
		{"a cookiecutter.json that init finds", "larger than 1024 KiB", func() error {
			_, err := readCookie(root, "cookiecutter.json")
			return err
		}},
		{"bubblelevel.yaml", "larger than 4 MiB", func() error {
			_, _, err := (&app{IO: IO{Dir: dir}}).settings()
			return err
		}},
		{"a scenario", "larger than 1024 KiB", func() error { _, err := readScenario(scenario); return err }},
		{"a scenario without end", "larger than 1024 KiB", func() error { _, err := readScenario(endless); return err }},
		{"an opslevel.yml", "larger than 64 MiB", func() error { _, err := fixtures.Load([]string{list}); return err }},
		{"a text that a fixture names", "larger than 1 MiB", func() error { _, err := fixtures.Load([]string{fixture}); return err }},
	} {
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		err := c.read()
		goruntime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 {
			t.Errorf("%s took %d MiB", c.name, used)
		}
	}
}
