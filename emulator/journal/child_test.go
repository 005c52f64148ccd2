package journal

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The tests that need another process run this test binary again, with the name of what it is to do in childEnv.
const childEnv = "BUBBLELEVEL_JOURNAL_CHILD"

func TestMain(m *testing.M) {
	if name := os.Getenv(childEnv); name != "" {
		children[name](os.Args[1:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var children = map[string]func(args []string){"append": childAppend, "hold": childHold, "full": childFull}

// child starts another process; its lines come from out until it ends.
func child(t *testing.T, name string, args ...string) (c *exec.Cmd, out *bufio.Scanner) {
	t.Helper()
	c = exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), childEnv+"="+name)
	c.Stderr = os.Stderr
	stdin, err := c.StdinPipe() // a child that waits for its end ends with this process
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); c.Process.Kill(); c.Wait() })
	r, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewScanner(r)
}

// childAppend appends from 16 goroutines for ever and prints each id once it is answered.
func childAppend(args []string) {
	o := killOptions(args[0], args[2])
	j, err := Open(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%s-%d-%d", args[1], w, n)
				if _, err := j.Append(deployEvent(id)); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				os.Stdout.WriteString(id + "\n")
			}
		})
	}
	wg.Wait()
}

// killOptions make eviction and compaction part of every trial.
func killOptions(path, sync string) Options {
	o := Options{Path: path, Keep: 300, KeepIDs: 1 << 30, tune: tuning{compactMin: 1 << 20, sliceRecords: 64}}
	if sync == "always" {
		o.Sync = Always
	}
	return o
}

// TestKill kills a process in the middle of its work, again and again on one store.
func TestKill(t *testing.T) {
	t.Parallel()
	trials := 6
	if testing.Short() {
		trials = 2
	}
	for _, sync := range []string{"interval", "always"} {
		t.Run(sync, func(t *testing.T) {
			p := path(t)
			answered := map[event.DedupKey]string{}
			for trial := range trials {
				c, out := child(t, "append", p, fmt.Sprint(trial), sync)
				for n := 0; out.Scan(); n++ {
					if n == 700+trial*431 {
						if err := c.Process.Kill(); err != nil {
							t.Fatal(err)
						}
					}
					if id := out.Text(); strings.Count(id, "-") == 2 { // the last line may be cut
						answered[event.NewDedupKey(testIntegration, id)] = id
					}
				}
				c.Wait()
				checkKilled(t, killOptions(p, sync), answered)
			}
			t.Logf("%d answered", len(answered))
		})
	}
}

func checkKilled(t *testing.T, o Options, answered map[event.DedupKey]string) {
	t.Helper()
	found := map[event.DedupKey]int{}
	o.Replay = func(d event.Derived) error { found[d.Dedup]++; return nil }
	o.Warn = func(s string) { t.Log(s) }
	j, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	for key, id := range answered {
		if found[key] == 0 {
			t.Errorf("%s was answered and is lost", id)
		}
	}
	for key, n := range found {
		if n > 1 {
			t.Errorf("%q is there %d times", answered[key], n)
		}
	}
}

// childHold opens a store and holds it until its standard input ends.
func childHold(args []string) {
	_, err := Open(Options{Path: args[0]})
	fmt.Println(err)
	bufio.NewReader(os.Stdin).ReadByte()
}

func TestTwoProcesses(t *testing.T) {
	p := path(t)
	c, out := child(t, "hold", p)
	if !out.Scan() || out.Text() != "<nil>" {
		t.Fatal(out.Text())
	}
	_, err := Open(Options{Path: p})
	locked, ok := err.(*LockedError)
	if !ok || locked.PID != c.Process.Pid || locked.Path != p {
		t.Fatalf("%v, want it held by %d", err, c.Process.Pid)
	}
	c.Process.Kill()
	c.Wait()
	shut(t, open(t, Options{Path: p}))
}
