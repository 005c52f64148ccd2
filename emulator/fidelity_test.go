package emulator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// TestFidelityTable: every behaviour says what it rests on, and names a test that exists.
func TestFidelityTable(t *testing.T) {
	tests := map[string]map[string]bool{}
	seen := map[string]bool{}
	for _, b := range emulator.Fidelity() {
		if seen[b.ID] {
			t.Errorf("%s is there twice", b.ID)
		}
		seen[b.ID] = true
		switch b.Label {
		case emulator.Documented, emulator.Observed:
		case emulator.Assumed:
			if b.Falsify == "" {
				t.Errorf("%s is assumed and does not say what would show it wrong", b.ID)
			}
		default:
			t.Errorf("%s has the label %q", b.ID, b.Label)
		}
		if b.Behaviour == "" || b.Evidence == "" {
			t.Errorf("%s does not say what or why", b.ID)
		}
		dir, name, _ := strings.Cut(b.Test, ".")
		if tests[dir] == nil {
			tests[dir] = testsIn(t, filepath.Join(root(t), dir))
		}
		if !tests[dir][name] {
			t.Errorf("%s names the test %s, which does not exist", b.ID, b.Test)
		}
	}
	if len(seen) < 60 {
		t.Errorf("the table has %d behaviours", len(seen))
	}
}

// testsIn are the test functions of the package in dir.
func testsIn(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				found[fn.Name.Name] = true
			}
		}
	}
	return found
}
