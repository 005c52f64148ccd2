// Command bench measures the bars of the design and prints them as one table: go run ./.ci/bench.
//
// Each figure is a ratio to something plain that is measured in the same run, in turns with it: a bare handler, true, raw
// Liquid. It builds the program as it is handed out and drives it from a process of its own. -quick takes shorter rounds;
// -only NAME takes the rows whose name holds NAME; -soak 10m
// is another test, of endurance. Linux only: it reads /proc.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == bareCommand {
		serveBare()
		return
	}
	quick := flag.Bool("quick", false, "shorter rounds: for a look, not for a verdict")
	only := flag.String("only", "", "the rows whose name holds this")
	soak := flag.Duration("soak", 0, "no table: full load with faults, readers and template runs for so long (10m), and a count of what arrived")
	flag.Parse()
	if err := bench(*quick, *only, *soak); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run is one run of the bench.
type run struct {
	// program is the built binary, self this one, folder is where stores go.
	program, self, folder string
	// round is one measurement of load, of which there are rounds; minute is the long one.
	round, minute time.Duration
	rounds        int
}

func bench(quick bool, only string, soak time.Duration) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	r := &run{folder: folder, round: 5 * time.Second, minute: time.Minute, rounds: 5}
	if quick {
		r.round, r.minute, r.rounds = time.Second, 10*time.Second, 3
	}
	if r.self, err = os.Executable(); err != nil {
		return err
	}
	if err := r.build(); err != nil {
		return err
	}
	if soak > 0 {
		return r.runSoak(soak)
	}
	fmt.Printf("%-58s %-26s %-6s %s\n", "what", "bar", "met", "measured")
	for _, measure := range r.measures() {
		if !strings.Contains(measure.name, only) {
			continue
		}
		got, err := measure.take()
		if err != nil {
			return fmt.Errorf("%s: %w", measure.name, err)
		}
		met := "yes"
		if !got.met {
			met = "NO"
		}
		fmt.Printf("%-58s %-26s %-6s %s\n", measure.name, measure.bar, met, got.text)
	}
	return nil
}

// build makes the program as it is handed out.
func (r *run) build() error {
	out := filepath.Join(r.folder, "dist")
	release := exec.Command("go", "run", "./.ci/release", "-modified", "-out", out, "-targets", runtime.GOOS+"/"+runtime.GOARCH)
	if said, err := release.CombinedOutput(); err != nil {
		return fmt.Errorf("go run ./.ci/release, from the top of the repository: %w\n%s", err, said)
	}
	made, err := filepath.Glob(filepath.Join(out, "bubblelevel-*-"+runtime.GOARCH))
	if err != nil || len(made) != 1 {
		return fmt.Errorf("%d binaries in %s (%v)", len(made), out, err)
	}
	r.program = made[0]
	return nil
}
