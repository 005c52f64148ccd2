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

// sum is how many of the healthy senders, or of the others, were judged green and red, and of which classes they are.
func (y *tally) sum(healthy bool) (green, red int, classes []string) {
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
	return green, red, classes
}

// table is the confusion table as a whole.
func (y *tally) table() string {
	var b strings.Builder
	b.WriteString("| senders | judged green | judged red |\n| --- | ---: | ---: |\n")
	for _, healthy := range []bool{true, false} {
		green, red, _ := y.sum(healthy)
		fmt.Fprintf(&b, "| %s | %d | %d |\n", label(healthy), green, red)
	}
	return b.String()
}

// byClass is the same, a line for each class.
func (y *tally) byClass() string {
	var b strings.Builder
	b.WriteString("| senders | class | green | red |\n| --- | --- | ---: | ---: |\n")
	for _, healthy := range []bool{true, false} {
		_, _, classes := y.sum(healthy)
		for _, class := range classes {
			fmt.Fprintf(&b, "| %s | %s | %d | %d |\n", label(healthy), class, y.count[row{healthy, class, true}], y.count[row{healthy, class, false}])
		}
	}
	return b.String()
}

func label(healthy bool) string {
	if healthy {
		return "healthy"
	}
	return "with one defect"
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
