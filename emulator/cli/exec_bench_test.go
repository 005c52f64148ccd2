package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkExecTrue compares `bubblelevel exec -- true` with `true`, in turns: the bar is 60 ms more. The binary is built
// as it is delivered; the test's own starts slower.
func BenchmarkExecTrue(b *testing.B) {
	plain, err := exec.LookPath("true")
	if err != nil {
		b.Skip("no true here")
	}
	bin := filepath.Join(b.TempDir(), "bubblelevel")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "github.com/bubblelevel/bubblelevel")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	dir := b.TempDir()
	took := func(args ...string) time.Duration {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
		begun := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		return time.Since(begun)
	}
	var with, without []time.Duration
	for b.Loop() {
		without = append(without, took(plain))
		with = append(with, took(bin, "exec", "--allow", "silent.nothing_sent", "--", "true"))
	}
	slices.Sort(with)
	slices.Sort(without)
	n := len(with)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(without[n/2].Microseconds())/1000, "true-ms")
	b.ReportMetric(float64((with[n/2]-without[n/2]).Microseconds())/1000, "more-ms")
	b.ReportMetric(float64((with[n*9/10]-without[n*9/10]).Microseconds())/1000, "more-p90-ms")
}
