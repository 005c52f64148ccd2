package action

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFidelityNamesTestsThatExist(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	seen := map[string]bool{}
	for _, b := range Fidelity() {
		if seen[b.ID] || !strings.HasPrefix(b.ID, "action.") {
			t.Errorf("%s stands twice, or is not of this room", b.ID)
		}
		seen[b.ID] = true
		if !strings.Contains(tests.String(), "func "+b.Test+"(t *testing.T)") {
			t.Errorf("%s: there is no %s", b.ID, b.Test)
		}
		if b.Behaviour == "" || b.Evidence == "" || (b.Label == isAssumed) != (b.Falsify != "") {
			t.Errorf("%s says too little, or too much", b.ID)
		}
	}
}
