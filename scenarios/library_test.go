package scenarios

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// shuffledLibrary are the embedded scenarios in an order drawn from a seed.
func shuffledLibrary(seed uint64) []*Scenario {
	all := Library()
	for i := len(all) - 1; i > 0; i-- {
		j := int(clock.Draw(seed, "library", uint64(i)) * float64(i+1))
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// explain tells what went wrong with a scenario.
func explain(r Result) string {
	return fmt.Sprintf("%s is %s at %d:%d: %s\n%s\n%s", r.File, r.Outcome, r.Line, r.Column, r.Why, r.Excerpt, r.Text)
}

// TestLibrary runs the embedded scenarios twenty times, each time in another order, more of them at a time than there are
// processors, and with processors that are busy otherwise.
func TestLibrary(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	stop := make(chan struct{})
	defer close(stop)
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
					runtime.Gosched()
				}
			}
		}()
	}
	for round := range rounds {
		report := Run(context.Background(), shuffledLibrary(uint64(round)), Options{Parallel: 4 * runtime.GOMAXPROCS(0)})
		for _, r := range report.Results {
			if r.Outcome != Passed {
				t.Errorf("round %d: %s", round, explain(r))
			}
		}
		if t.Failed() {
			return
		}
	}
}

// TestLibraryIsReadable: each file has a name of its own, and what it takes to be read.
func TestLibraryIsReadable(t *testing.T) {
	names := map[string]string{}
	for _, s := range Library() {
		if other, twice := names[s.Name]; twice {
			t.Errorf("%s and %s have one name", s.Path, other)
		}
		names[s.Name] = s.Path
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(s.Path) {
			t.Errorf("%s is no good name for a file", s.Path)
		}
		if s.Description == "" && len(s.Name) < 25 {
			t.Errorf("%s does not say what it shows", s.Path)
		}
		for i, line := range strings.Split(string(LibrarySource(s.Path)), "\n") {
			if len(line) > 128 && !strings.Contains(line, "body: '{") && !strings.Contains(line, "_template:") && !strings.Contains(line, "payload: '") {
				t.Errorf("%s:%d has %d letters", s.Path, i+1, len(line))
			}
		}
	}
	if len(names) < 25 {
		t.Errorf("there are only %d scenarios", len(names))
	}
}

// A hundred scenarios: each an emulator, a socket and some requests.
func BenchmarkHundred(b *testing.B) {
	var hundred []*Scenario
	for library := Library(); len(hundred) < 100; {
		hundred = append(hundred, library[len(hundred)%len(library)])
	}
	for b.Loop() {
		report := Run(context.Background(), hundred, Options{Parallel: runtime.GOMAXPROCS(0)})
		if report.Count(Passed) != len(hundred) {
			b.Fatal("not all passed")
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/100")
}
