package journal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// sample is a small store with every form of command in it: whole events, pages, a stub, deletions, a change.
func sample(t testing.TB) []byte {
	p := path(t)
	j := open(t, Options{Path: p, Keep: 3, KeepIDs: 2})
	add(t, j, rejected)
	add(t, j, tiny("a"))
	add(t, j, change("x"))
	add(t, j, tiny("b"))
	add(t, j, tiny("c"))
	add(t, j, tiny("d"))
	add(t, j, tiny("e"))
	add(t, j, tiny("f"))
	add(t, j, tiny("g"))
	shut(t, j)
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(b, []byte(delStart)) < 3 {
		t.Fatal("no rejected event, no page that was given up, or no event that a page stands for is deleted in the sample")
	}
	return b
}

func tiny(id string) func(uint64) *event.Event {
	return func(seq uint64) *event.Event {
		e := deployEvent(id)(seq)
		e.Deploy.Commit, e.Request, e.Why, e.Deploy.DeployURL = nil, &event.Request{Method: "POST", Body: id}, "", ""
		return e
	}
}

// bounds are where the commands of a sound store begin, and its length.
func bounds(b []byte) []int {
	at := []int{0}
	for from := 0; ; {
		n := bytes.Index(b[from+1:], []byte("\n$3\r\n"))
		if n < 0 {
			return append(at, len(b))
		}
		from += 1 + n
		if start := from - len("*3\r"); start > 0 {
			at = append(at, start)
		}
	}
}

func before(bounds []int, offset int) int {
	last := 0
	for _, b := range bounds {
		if b <= offset {
			last = b
		}
	}
	return last
}

// TestScanFindsEveryDamage changes and cuts a store at every byte. Each change must be found in the very command that it hit.
func TestScanFindsEveryDamage(t *testing.T) {
	b := sample(t)
	at := bounds(b)
	if n, _, err := scan(bytes.NewReader(b), int64(len(b))); err != nil || n != int64(len(b)) {
		t.Fatal("the sample itself:", n, err)
	}
	check := func(what string, i int, damaged []byte) {
		t.Helper()
		got, _, err := scan(bytes.NewReader(damaged), int64(len(damaged)))
		if want := before(at, i); err != nil || got != int64(want) {
			t.Errorf("%s at %d: sound to %d, want %d (%v)", what, i, got, want, err)
		}
	}
	for i := range b {
		check("cut", i, b[:i])
		for bit := range 8 {
			d := bytes.Clone(b)
			d[i] ^= 1 << bit
			check(fmt.Sprint("bit ", bit), i, d)
		}
		for _, c := range []byte("\x00\xff09af*$\r\n") {
			if d := bytes.Clone(b); d[i] != c {
				d[i] = c
				check(fmt.Sprintf("%q", c), i, d)
			}
		}
	}
}

// TestOpenDamaged opens what is left of a store that was cut, or zeroed from there on, or changed. What is kept depends on nothing but
// what scan says, so it goes over fewer bytes than the test before.
func TestOpenDamaged(t *testing.T) {
	t.Parallel()
	b := sample(t)
	at := bounds(b)
	step := 13
	if testing.Short() {
		step = 97
	}
	for i := 0; i < len(b); i += step {
		sound := b[:before(at, i)]
		zeroed := append(bytes.Clone(b[:i]), make([]byte, len(b)-i)...)
		flipped := bytes.Clone(b)
		flipped[i] ^= 0x20
		checkRecovery(t, b[:i], sound)
		checkRecovery(t, flipped, sound)
		checkRecovery(t, zeroed, sound)
	}
}

// checkRecovery opens a damaged store and compares it with its sound part, opened.
func checkRecovery(t *testing.T, damaged, sound []byte) {
	t.Helper()
	got, warned, p := replayOf(t, damaged)
	want, _, _ := replayOf(t, sound)
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	if len(damaged) == len(sound) {
		if warned != "" {
			t.Fatal(warned)
		}
		return
	}
	aside, err := os.ReadFile(p + ".corrupt-1")
	if err != nil || !bytes.Equal(aside, damaged[len(sound):]) {
		t.Fatalf("moved aside %d bytes of %d: %v", len(aside), len(damaged)-len(sound), err)
	}
	if !strings.Contains(warned, p+".corrupt-1") || !strings.Contains(warned, fmt.Sprint(len(aside))) {
		t.Fatal(warned)
	}
}

func replayOf(t testing.TB, stored []byte) (ds []event.Derived, warned, p string) {
	t.Helper()
	p = path(t)
	if err := os.WriteFile(p, stored, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := Open(Options{
		Path: p, Warn: func(s string) { warned += s },
		Replay: func(d event.Derived) error { ds = append(ds, d); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	last := j.Last()
	if e, err := j.Append(tiny("next")); err != nil || e.Seq != last+1 {
		t.Fatal(e, err)
	}
	shut(t, j)
	return ds, warned, p
}

func TestOpenHostileFiles(t *testing.T) {
	b := string(sample(t))
	for name, tail := range map[string]string{
		"zeros":            strings.Repeat("\x00", 5000),
		"garbage":          "hello\nworld",
		"empty command":    "*1\r\n$0\r\n\r\n",
		"no parts":         "*0\r\n",
		"giant length":     setStart + keyOf(99) + "\r\n$99999999999999\r\n",
		"giant value":      setStart + keyOf(99) + "\r\n$4294967000\r\nabc",
		"giant count":      "*99999999999999\r\n",
		"flushdb":          "*1\r\n$7\r\nflushdb\r\n",
		"foreign set":      "*3\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\nb\r\n",
		"expiring set":     "*5\r\n$3\r\nset\r\n$1\r\na\r\n$1\r\nb\r\n$2\r\nex\r\n$1\r\n1\r\n",
		"foreign deletion": "*2\r\n$3\r\ndel\r\n$1\r\na\r\n",
		"flipped deletion": delStart + strings.Replace(keyOf(5), "5", "4", 1) + "\r\n",
		"leading zero":     setStart + keyOf(99) + "\r\n$00099\r\n",
		"no value":         setStart + keyOf(99) + "\r\n$0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			checkRecovery(t, []byte(b+tail), []byte(b))
			checkRecovery(t, []byte(b+tail+b), []byte(b))
			checkRecovery(t, []byte(tail), nil)
		})
	}
}

func TestCorruptTailsAreNotOverwritten(t *testing.T) {
	p := path(t)
	for n := range 3 {
		f, err := os.OpenFile(p, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(f, "garbage %d", n)
		f.Close()
		shut(t, open(t, Options{Path: p}))
	}
	for n := range 3 {
		b, err := os.ReadFile(fmt.Sprintf("%s.corrupt-%d", p, n+1))
		if err != nil || string(b) != fmt.Sprintf("garbage %d", n) {
			t.Error(string(b), err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	b := sample(f)
	for _, at := range bounds(b) {
		f.Add(b[:at])
	}
	f.Add(b[:len(b)-5])
	f.Add([]byte(setStart))
	f.Add([]byte(delStart + keyOf(3) + "\r\n"))
	f.Fuzz(func(t *testing.T, stored []byte) {
		dir := t.TempDir()
		p := filepath.Join(dir, "s")
		if err := os.WriteFile(p, stored, 0o600); err != nil {
			t.Fatal(err)
		}
		var first, second []event.Derived
		j, err := Open(Options{Path: p, Replay: func(d event.Derived) error { first = append(first, d); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		j.Range(0, 0, true, func(*event.Event) bool { return true })
		shut(t, j)
		kept, _ := os.ReadFile(p)
		aside, _ := os.ReadFile(p + ".corrupt-1")
		// What a page stands for, and what was before a reset, is deleted, which lengthens the file.
		sound := len(stored) - len(aside)
		if sound < 0 || len(kept) < sound || !bytes.Equal(kept[:sound], stored[:sound]) || !bytes.Equal(aside, stored[sound:]) {
			t.Fatalf("%d bytes kept and %d moved aside of %d", len(kept), len(aside), len(stored))
		}
		if n, _, err := scan(bytes.NewReader(kept), int64(len(kept))); err != nil || n != int64(len(kept)) {
			t.Fatalf("%d bytes are sound of %d: %v", n, len(kept), err)
		}
		j, err = Open(Options{Path: p, Warn: func(s string) { t.Error(s) }, Replay: func(d event.Derived) error { second = append(second, d); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		shut(t, j)
		if d := cmp.Diff(first, second); d != "" {
			t.Fatal(d)
		}
	})
}
