package tui

import (
	"errors"
	"strings"
	"testing"
)

// A fault is chosen, limited to a query, seen in the status line while it lasts, and marked on the rows that it hit.
func TestFaults(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("X").shows("no fault is in force")
	d.press("x").shows("status", "Answers with an HTTP status from 400 to 599", "lost_answer").press("1")
	d.press("type:x", "enter").shows("requests: a number from 1, or nothing").press("backspace", "backspace", "type:2", "tab", "type:nosuch:x", "enter").shows("unknown field nosuch")
	d.press("ctrl+u", "type:service:checkout", "enter").shows("! FAULT status x2")
	d.src.post("service", "checkout", "dedup_id", "f1")
	d.src.post("service", "search", "dedup_id", "f2")
	d.pull()
	d.shows("FAULT status x1", "503 fault status")
	d.src.now = d.src.now.Add(toastTime)
	d.do(d.u.handle(tick{}))
	d.shows("!1 faulted")
	d.press("k").shows("injected on purpose as status.", "never saw the request")
	if c := d.u.seen.counts; c.rejected != 3 {
		t.Errorf("what a fault answers counts as refused: %d", c.rejected)
	}
	d.press("x").shows("1 in force", "end status", "hit 1, 1 left, only service:checkout")
	d.press("esc", "X").shows("no fault is in force")
	if s := d.screen(); strings.Contains(s, "FAULT") {
		t.Errorf("a fault that has ended still shows:\n%s", s)
	}
}

// Faults that another client injects are seen when they strike, and one of several can be ended.
func TestFaultsOfOthers(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	for _, o := range []FaultOrder{{Kind: "status", First: 3}, {Kind: "latency"}} {
		if err := d.src.AddFault(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	d.src.post("service", "checkout", "dedup_id", "f1")
	d.pull()
	d.shows("FAULT status x2 +1").press("x", "up").press("down", "down", "down", "down", "down", "enter").shows("the fault status is over", "FAULT latency")
}

// Without faults the key says why; without a connection, too.
func TestFaultsCannotBe(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.u.src = struct{ Source }{d.src}
	d.press("x").shows("this emulator has no faults to inject")
	d = newDesk(t, busy(), 120, 36)
	d.u.offline = errors.New("refused")
	d.press("x").shows("there is no connection to the emulator")
}
