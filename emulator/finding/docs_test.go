package finding

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestDocsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	last := 0
	for _, d := range All() {
		if d.Title == "" || d.What == "" || d.Cure == "" || d.Example == "" {
			t.Errorf("%s: something is empty: %+v", d.ID, d)
		}
		if !strings.HasSuffix(d.What, ".") || !strings.HasSuffix(d.Cure, ".") || strings.HasSuffix(d.Title, ".") {
			t.Errorf("%s: What and Cure are sentences, Title is none", d.ID)
		}
		if seen[d.ID] {
			t.Errorf("%s stands twice", d.ID)
		}
		seen[d.ID] = true
		if d.Severity.rank() < last {
			t.Errorf("%s: the gravest come first", d.ID)
		}
		last = d.Severity.rank()
	}
	if _, ok := Lookup("silent.nothing"); ok {
		t.Error("Lookup found an id that does not exist")
	}
}

// TestEveryIDInTheSourceIsDescribed finds an id that a function can return and no example reaches.
func TestEveryIDInTheSourceIsDescribed(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	id := regexp.MustCompile(`(?:ID: |ID = |readAs\()"([a-z0-9_.]+)"`)
	used := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "docs") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range id.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
			if _, ok := Lookup(m[1]); !ok {
				t.Errorf("%s: %s is not in All", file, m[1])
			}
		}
	}
	for _, d := range All() {
		if !used[d.ID] {
			t.Errorf("%s is in All, and nothing returns it", d.ID)
		}
	}
}

func TestConstructedFindings(t *testing.T) {
	f := []Finding{NothingSent(0), NothingSent(3), NotRetried(503, "cart"), NotRetried(429, "")}
	sane(t, f)
	if Worst(f) != Silent || Worst(nil) != "" {
		t.Error("worst severity")
	}
}
