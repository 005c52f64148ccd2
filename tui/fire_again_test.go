package tui

import (
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// An input that was a secret is not in the record: to fire again asks for it, and never sends its mask.
func TestFireAgainAsksForTheSecret(t *testing.T) {
	src := newFake()
	if _, err := src.Fire(t.Context(), "Django Boilerplate", []action.Input{{Name: "project_name", Value: "x" + masked}}); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, src, 120, 36)
	fired := len(src.events)
	d.press("5", "r").shows("run Django Boilerplate", "was a secret, which is not kept")
	d.press("enter").shows("give project_name again: it was a secret, and the record has only its mask")
	if len(src.events) != fired {
		t.Fatal("it was fired without the secret")
	}
	d.press("type:again", "enter")
	if len(src.events) != fired+1 {
		t.Fatalf("%d events, want one more than %d", len(src.events), fired)
	}
	if in := src.events[fired].Firing.Inputs; in[0].Value != "again" {
		t.Errorf("inputs %+v", in)
	}
}
