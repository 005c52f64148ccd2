package cli

import (
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/tui"
)

// Every setting that a kind names can be set from the terminal UI.
func TestFaultOfTakesEverySetting(t *testing.T) {
	values := map[string]string{"status": "500", "bytes": "5", "retry_after": "2s", "delay": "1s", "jitter": "1s", "location": "http://127.0.0.1/elsewhere"}
	for _, k := range (faultMenu{}).FaultKinds() {
		o := tui.FaultOrder{Kind: k.Name, First: 2, Query: "service:cart", Settings: map[string]string{}}
		for _, s := range k.Settings {
			if o.Settings[s] = values[s]; k.Name == "redirect" && s == "status" {
				o.Settings[s] = "307"
			}
		}
		f, err := faultOf(o)
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		kept, err := fault.NewSet(1).Add(f)
		if err != nil || kept.First != 2 || kept.Query != "service:cart" {
			t.Errorf("%s: %v, %+v", k.Name, err, kept)
		}
	}
	for _, wrong := range []map[string]string{{"status": "many"}, {"colour": "red"}} {
		if _, err := faultOf(tui.FaultOrder{Kind: "status", Settings: wrong}); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
}

// A redirect is an answer, on the screen as for the command send: following it would turn the POST into a GET of another.
func TestScreenFollowsNoRedirect(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Faults: []fault.Fault{{Kind: fault.KindRedirect}}})
	l := &local{server: s, http: client.New("", "").HTTP}
	r := &remote{client: client.New(s.ControlURL(), "")}
	for i, screen := range []tui.Source{l, r} {
		got, err := screen.Send(t.Context(), event.Request{Method: "POST", Body: "{}", Headers: map[string][]string{"Content-Type": {"application/json"}}})
		if err != nil || got.HTTP != 301 || got.Seq != uint64(i+1) {
			t.Errorf("%T: %+v, %v", screen, got, err)
		}
	}
}
