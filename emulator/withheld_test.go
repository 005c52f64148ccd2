package emulator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// TestReplayNeverSendsTheMask: a secret that came with a run stands in no record, so what was made of it cannot be sent a
// second time. The refusal says where it stood and which input to give again.
func TestReplayNeverSendsTheMask(t *testing.T) {
	const secret = "tok-4711-abcdef"
	l := library(&action.Webhook{URL: "receiver:box", Payload: `{"key":"{{ template_run.inputs.key }}"}`}, action.Secret{Name: "ci", Env: "CI_TOKEN"})
	l.Templates[0].Fields = append(l.Templates[0].Fields, action.Field{Name: "key"})
	s := emulator.Start(t, emulator.Config{Environment: map[string]string{"CI_TOKEN": secret}, Library: l})
	out := run(t, s, "t", parcelTracking(), action.Input{Name: "key", Value: "Bearer " + secret})
	if got := s.Receiver().Requests("box"); len(got) != 1 || !strings.Contains(string(got[0].Body), action.Mask) {
		t.Fatalf("the receiver has %+v", got)
	}
	_, _, err := s.Replay(t.Context(), out.Seq)
	var withheld *httpapi.WithheldError
	if !errors.As(err, &withheld) || withheld.Path != "template_run.inputs.key" || strings.Join(withheld.Inputs, " ") != "key" {
		t.Errorf("replayed: %v", err)
	}
	a := control(t, s, "POST", fmt.Sprintf("/firings/%d/replay", out.Seq), "")
	if a.status != 409 || !strings.Contains(a.body, `"secret_not_recorded"`) || !strings.Contains(a.body, "template_run.inputs.key held a secret") ||
		!strings.Contains(a.body, "give key again: bubblelevel fire 't' --input 'key=...'") {
		t.Errorf("replayed over the API: %d %s", a.status, a.body)
	}
	var c action.Context
	if err := json.Unmarshal(fmt.Appendf(nil, `{"list":[{"a":1},{"b":"x%sx"}]}`, secret), &c); err != nil {
		t.Fatal(err)
	}
	_, seq, err := s.FireWebhook(t.Context(), action.Webhook{URL: "receiver:box", Payload: "{{ list[1].b }}"}, c, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Replay(t.Context(), seq); !errors.As(err, &withheld) || withheld.Path != "list[1].b" || !strings.Contains(withheld.Hint(), "whole context") {
		t.Errorf("replayed: %v", err)
	}
	if got := s.Receiver().Requests("box"); len(got) != 2 {
		t.Errorf("the receiver has %d requests, want those of the two firings", len(got))
	}
	// Without a secret in it, a firing of the same template is fired again as ever.
	out = run(t, s, "t", action.Input{Name: "project_name", Value: "Another"}, action.Input{Name: "key", Value: "plain"})
	if f, _, err := s.Replay(t.Context(), out.Seq); err != nil || string(f.Request.Body) != `{"key":"plain"}` {
		t.Errorf("replayed %q: %v", f.Request.Body, err)
	}
}
