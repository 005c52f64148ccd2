package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// figure names a figure that a benchmark in the code prints.
type figure struct {
	pkg, bench string
	// times is go test's -benchtime; empty: once.
	times string
	// metric is the unit behind the figure, less that of one to take off.
	metric, less string
	// bar is what it may be at most; it is divided by scale (0: as it is) to be shown in unit.
	bar, scale float64
	unit       string
}

// goBench takes the greatest of the figures of the benchmark's parts, each the median of as many runs as there are rounds.
func (r *run) goBench(f figure) func() (got, error) {
	return func() (got, error) {
		cmd := exec.Command("go", "test", f.pkg, "-run", "^$", "-bench", "^"+f.bench+"$",
			"-benchtime", cmp.Or(f.times, "1x"), "-count", strconv.Itoa(r.rounds))
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return got{}, fmt.Errorf("go test -bench: %w\n%s", err, out)
		}
		parts := map[string][]float64{}
		for line := range strings.Lines(string(out)) {
			if name, n, ok := f.read(line); ok {
				parts[name] = append(parts[name], n)
			}
		}
		if len(parts) == 0 {
			return got{f.bench + " prints no " + f.metric + " here", false}, nil
		}
		worst, of := -1.0, ""
		for part, all := range parts {
			if m := median(all); m > worst {
				worst, of = m, part
			}
		}
		return got{fmt.Sprintf("%.3g %s (%s)", worst/cmp.Or(f.scale, 1), f.unit, of), worst <= f.bar}, nil
	}
}

// read takes the figure out of a line that go test prints.
func (f figure) read(line string) (part string, n float64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], f.bench) {
		return "", 0, false
	}
	for i := 2; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		switch {
		case err != nil:
		case fields[i+1] == f.metric:
			n, ok = n+value, true
		case fields[i+1] == f.less && f.less != "":
			n -= value
		}
	}
	return fields[0], n, ok
}
