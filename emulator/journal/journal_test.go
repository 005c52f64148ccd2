package journal

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func TestAppendGetRange(t *testing.T) {
	for _, p := range []string{Memory, path(t)} {
		j := open(t, Options{Path: p})
		var want []*event.Event
		for i := range 300 {
			want = append(want, add(t, j, deployEvent(fmt.Sprint(i))))
		}
		var got []*event.Event
		j.Range(0, 0, false, func(e *event.Event) bool { got = append(got, e); return true })
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
		e, ok := j.Get(7)
		if d := cmp.Diff(want[6], e); !ok || d != "" {
			t.Fatal(ok, d)
		}
		if p == Memory {
			continue
		}
		shut(t, j)
		var replayed []event.Derived
		open(t, Options{Path: p, Replay: func(d event.Derived) error { replayed = append(replayed, d); return nil }})
		var derived []event.Derived
		for _, e := range want {
			derived = append(derived, e.Derived())
		}
		if d := cmp.Diff(derived, replayed); d != "" {
			t.Fatal(d)
		}
	}
}

func TestLocked(t *testing.T) {
	p := path(t)
	open(t, Options{Path: p})
	_, err := Open(Options{Path: p})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.PID == 0 {
		t.Fatal(err)
	}
}
