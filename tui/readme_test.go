package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The keys of the first minutes stand in the README at the top; all of them in that of this folder.
func TestReadmeAtTheTopHasKeys(t *testing.T) {
	const begin, end = "<!-- keys: go test ./tui -run Readme -update -->\n", "<!-- end of keys -->"
	path := filepath.Join("..", "README.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(b), begin)
	had, after, closed := strings.Cut(rest, end)
	switch want := firstKeys(t); {
	case !found || !closed:
		t.Fatalf("README.md has no place for %s", begin)
	case *update:
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case had != want:
		t.Error("the keys in README.md are not those of the program: go test ./tui -run Readme -update")
	}
}

// firstKeys is a table of the keys that are worth knowing at once.
func firstKeys(t *testing.T) string {
	first := []string{"/", "F", "R", "s", "a", "f", "p", "x", "t", "y", "E", "space", "?", "q"}
	var b strings.Builder
	b.WriteString("| key | what | where |\n| --- | --- | --- |\n| `1` to `6` | Deploys, Duplicates, Suggestions, Services, Firings, Playground | everywhere |\n")
	for _, key := range first {
		found := false
		for _, a := range actionTable() {
			if len(a.keys) > 0 && a.keys[0] == key && !slices.Contains([]string{"filters"}, a.id) {
				fmt.Fprintf(&b, "| `%s` | %s | %s |\n", key, a.help, where(a.on))
				found = true
			}
		}
		if !found {
			t.Errorf("no action has the key %q", key)
		}
	}
	return b.String()
}
