package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the corpus's table in README.md anew")

// The marks between which the table stands in the README.
const (
	tableBegin = "<!-- corpus: go test ./scenarios -run Corpus -count=1 -update -->\n"
	tableEnd   = "<!-- end of corpus -->\n"
)

// table is the confusion table: as a whole, then by class.
func (y *tally) table() string {
	var b strings.Builder
	b.WriteString("| senders | | green | red |\n| --- | --- | ---: | ---: |\n")
	for _, healthy := range []bool{true, false} {
		var classes []string
		green, red := 0, 0
		for r, n := range y.count {
			switch {
			case r.healthy != healthy:
				continue
			case r.green:
				green += n
			default:
				red += n
			}
			if !slices.Contains(classes, r.class) {
				classes = append(classes, r.class)
			}
		}
		slices.Sort(classes)
		fmt.Fprintf(&b, "| **%s** | %s | **%d** | **%d** |\n", label(healthy), "all", green, red)
		for _, class := range classes {
			fmt.Fprintf(&b, "| | %s | %d | %d |\n", class, y.count[row{healthy, class, true}], y.count[row{healthy, class, false}])
		}
	}
	return b.String()
}

func label(healthy bool) string {
	if healthy {
		return "healthy"
	}
	return "one defect"
}

// compareTable wants the table between the marks of a file, or writes it there.
func compareTable(t *testing.T, path, table string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), tableBegin)
	had, after, closed := strings.Cut(rest, tableEnd)
	switch {
	case !found || !closed:
		t.Errorf("%s has no place for the table: a line %q and one %q", path, tableBegin, tableEnd)
	case had == table:
	case *update:
		if err := os.WriteFile(path, []byte(before+tableBegin+table+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table in %s is not the one that was measured; -update writes it anew", path)
	}
}
