package expect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// TestWhatMakesALossGood: each rule that lets a loss go is as narrow as it can be, and none is missing.
func TestWhatMakesALossGood(t *testing.T) {
	elsewhere := func(e *event.Event) { e.Integration = "another" }
	answered := func(http int) func(*event.Event) { return func(e *event.Event) { e.HTTP = http } }
	for _, c := range []struct {
		name   string
		events []*event.Event
		lost   []uint64
	}{
		{"refused, and then a duplicate of what came before", []*event.Event{sent("cart", "p", dedup("7")), sent("cart", "p", dedup("7"), rejected), sent("cart", "p", dedup("7"), retried)}, []uint64{2}},
		{"503 to a body nobody read, and then another integration", []*event.Event{sent("cart", "p", unavailable, unread), sent("cart", "p", elsewhere)}, []uint64{1}},
		{"408, and then anew", []*event.Event{sent("cart", "p", bare, dedup("7"), unavailable, answered(408)), sent("cart", "p", bare, dedup("8"))}, nil},
		{"425, and then anew", []*event.Event{sent("cart", "p", bare, dedup("7"), unavailable, answered(425)), sent("cart", "p", bare, dedup("8"))}, nil},
		{"429, and then anew", []*event.Event{sent("cart", "p", bare, dedup("7"), unavailable, answered(429)), sent("cart", "p", bare, dedup("8"))}, nil},
		{"422, and then anew", []*event.Event{sent("cart", "p", bare, dedup("7"), unavailable, answered(422)), sent("cart", "p", bare, dedup("8"))}, []uint64{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			audit := expect.NewAudit(newFake(c.events...), clock.NewManual(start), nil)
			audit.Read()
			var lost []uint64
			for _, l := range audit.Lost() {
				lost = append(lost, l.Seq)
			}
			if !slices.Equal(lost, c.lost) {
				t.Errorf("lost %v, want %v", lost, c.lost)
			}
		})
	}
}

// TestALossIsNoMatterOfTheWindow: what left the window unseen can have made up the number, and cannot undo a loss that was
// seen.
func TestALossIsNoMatterOfTheWindow(t *testing.T) {
	f := newFake()
	for i := range 5 {
		f.add(sent("cart", "prod", at(time.Duration(i)*time.Minute)))
	}
	f.add(sent("cart", "prod", rejected, at(5*time.Minute)))
	f.evict(6)
	if v := decide(t, f, expecting(t, "service:cart")); v.Outcome != expect.NotMet {
		t.Errorf("the verdict is %s, want %s: %s", v.Outcome, expect.NotMet, v.Why)
	}
}
