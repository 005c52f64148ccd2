package expect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// TestTriesOfOneLoss: of several tries of one deploy the last is the loss, and nobody who tried again is told that he did
// not; what is another deploy stays a loss of its own.
func TestTriesOfOneLoss(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []*event.Event
		// lost are the sequence numbers of the losses.
		lost []uint64
		says string
		not  string
	}{
		{"503, then 400", []*event.Event{sent("cart", "p", unavailable), sent("cart", "p", rejected)}, []uint64{2}, "400.", "did not try again"},
		{"503, 503, 503", []*event.Event{sent("cart", "p", unavailable), sent("cart", "p", unavailable), sent("cart", "p", unavailable)}, []uint64{3}, "did not try again", ""},
		{"503, 400, and then there", []*event.Event{sent("cart", "p", unavailable), sent("cart", "p", rejected), sent("cart", "p")}, nil, "", ""},
		{"no answer, then 400", []*event.Event{sent("cart", "p", kept), sent("cart", "p", rejected)}, []uint64{2}, "", "did not try again"},
		{"503 to a body nobody read, then 400", []*event.Event{sent("cart", "p", unavailable, unread), sent("cart", "p", rejected)}, []uint64{2}, "", "did not try again"},
		{"503, then 400 to another commit", []*event.Event{sent("cart", "p", unavailable), sent("cart", "p", commit("b2"), rejected)}, []uint64{1, 2}, "did not try again", ""},
		{"503, then 400 to another environment", []*event.Event{sent("cart", "a", unavailable), sent("cart", "p", rejected)}, []uint64{1, 2}, "", ""},
		{"two that were refused are two", []*event.Event{sent("cart", "p", rejected), sent("cart", "p", rejected)}, []uint64{1, 2}, "", ""},
		{"two that were dropped are two", []*event.Event{sent("cart", "p", dropped), sent("cart", "p", dropped)}, []uint64{1, 2}, "", ""},
		{"a retry under a new id, and then the old one", []*event.Event{sent("cart", "p", bare, dedup("7")), sent("cart", "p", bare, dedup("8"), unavailable), sent("cart", "p", bare, dedup("7"), retried)}, []uint64{2}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			audit := expect.NewAudit(newFake(c.events...), clock.NewManual(start), nil)
			audit.Read()
			var lost []uint64
			var text strings.Builder
			for _, l := range audit.Lost() {
				lost = append(lost, l.Seq)
				for _, f := range l.Findings {
					text.WriteString(f.Evidence + "\n")
				}
			}
			if !slices.Equal(lost, c.lost) || !strings.Contains(text.String(), c.says) || c.not != "" && strings.Contains(text.String(), c.not) {
				t.Errorf("lost %v, want %v, %q and not %q:\n%s", lost, c.lost, c.says, c.not, &text)
			}
		})
	}
}
