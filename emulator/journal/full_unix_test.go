//go:build unix

package journal

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// childFull appends to a store whose file may not grow beyond a limit, until it is refused.
func childFull(args []string) {
	signal.Ignore(syscall.SIGXFSZ)
	limit := uint64(100_000)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		fmt.Println("skip:", err)
		return
	}
	j, err := Open(Options{Path: args[0]})
	if err != nil {
		fmt.Println(err)
		return
	}
	for n := range 1000 {
		if _, err := j.Append(deployEvent(strconv.Itoa(n))); err != nil {
			_, again := j.Append(deployEvent("again"))
			fmt.Println(n, errors.As(err, new(*FailedError)), again == err, j.Last(), err)
			fmt.Println(j.Close())
			return
		}
	}
	fmt.Println("skip: the limit is not kept")
}

// TestFileThatCannotGrow has the system itself refuse a write, in the middle of an event.
func TestFileThatCannotGrow(t *testing.T) {
	p := path(t)
	_, out := child(t, "full", p)
	out.Scan()
	line := out.Text()
	if strings.HasPrefix(line, "skip") {
		t.Skip(line)
	}
	var n, last int
	var failed, same bool
	if _, err := fmt.Sscan(line, &n, &failed, &same, &last); err != nil || !failed || !same || last != n || n < 10 {
		t.Fatal(line)
	}
	if !strings.Contains(line, syscall.EFBIG.Error()) || !strings.Contains(line, p) {
		t.Error(line)
	}
	for out.Scan() { // until it has let go of the store
	}
	var found []string
	shut(t, open(t, Options{Path: p, Warn: func(s string) { t.Error(s) }, Replay: func(d event.Derived) error {
		found = append(found, strconv.Itoa(d.Ordinal))
		return nil
	}}))
	if len(found) != n {
		t.Errorf("%d of %d answered are there", len(found), n)
	}
	if b, err := os.Stat(p); err != nil || b.Size() > 100_000 {
		t.Error(b, err)
	}
}
