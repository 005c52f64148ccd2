package emulator_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// TestAttackSecretsOnEveryRoute: whatever is read off the control API, as a list, a stream or a metric, holds no credential of
// a sender and no secret of a webhook, also not where the target repeats it.
func TestAttackSecretsOnEveryRoute(t *testing.T) {
	const secret, signing, credential, late = "tok-4711-abcdef", "sign-0815-ghijkl", "sender-2342-mnopqr", "late-6666-stuvwx"
	s := emulator.Start(t, emulator.Config{
		Environment: map[string]string{"CI_TOKEN": secret, "SIGN": signing},
		Library: library(&action.Webhook{
			URL: "receiver:box", Headers: map[string]string{"Authorization": "Bearer {{ 'ci' | secret }}", "X-Plain": "{{ 'ci' | secret }}"},
			Payload: `{"token":{{ 'ci' | secret | jsonify }}}`, ResponseTemplate: "{{ response.body }} {{ response.headers.X-Echo }}", SigningSecret: "signing",
		}, action.Secret{Name: "ci", Env: "CI_TOKEN"}, action.Secret{Name: "signing", Env: "SIGN"}),
	})
	setup := `{"answers":[{"status":401,"headers":{"X-Echo":"` + secret + `"},"body":"you sent ` + secret + `"}],"signing_secret":"` + late + `"}`
	if got := control(t, s, "PUT", "/receivers/box", setup); got.status != 200 {
		t.Fatal(got)
	}
	for _, url := range []string{"receiver:box", s.URL() + "/_emulator/receiver/box?x={{ 'ci' | secret }}"} {
		out, err := s.RunTemplate(t.Context(), emulator.TemplateRun{
			Template: "t", Inputs: []action.Input{{Name: "project_name", Value: "A" + strconv.Itoa(len(url))}}, Override: emulator.Override{URL: url},
		})
		if err != nil || out.Firing.Error != "" {
			t.Fatalf("%v, %+v", err, out.Firing)
		}
	}
	for _, path := range []string{s.IntegrationURL(), s.URL() + "/graphql", s.URL() + "/_emulator/receiver/box"} {
		req, err := http.NewRequest("POST", path, strings.NewReader(body()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "X-Vault-Token", "X-Client-Secret", "X-Secret-Key", "X-Password"} {
			req.Header.Set(name, "Basic "+credential)
		}
		do(t, req)
	}
	control(t, s, "POST", "/faults", `{"faults":[{"id":"down","kind":"status","status":503}]}`)
	looked, held := 0, ""
	look := func(place, text string) {
		looked++
		held += text
		for _, word := range []string{secret, signing, credential, late} {
			if at := strings.Index(text, word); at >= 0 {
				t.Errorf("%s holds %s: %.200s", place, word, text[max(0, at-100):])
			}
		}
	}
	for _, route := range routesOf(t, s) {
		if route[0] != "GET" {
			continue
		}
		look(route[1], send(t, "GET", s.ControlURL()+route[1], "", "").body)
		if base, ok := strings.CutSuffix(route[1], "/1"); ok {
			for seq := range s.LastSeq() {
				path := base + "/" + strconv.FormatUint(seq+1, 10)
				look(path, send(t, "GET", s.ControlURL()+path, "", "").body)
			}
		}
	}
	look("verify", control(t, s, "POST", "/verify", `{"query":"service:nobody"}`).body)
	look("the stream", streamed(t, s, int(s.LastSeq())))
	if looked < 30 || strings.Count(held, action.Mask) < 20 {
		t.Errorf("looked at %d places, with %d masks", looked, strings.Count(held, action.Mask))
	}
}

// streamed is the text of the event stream up to the event seq.
func streamed(t *testing.T, s *emulator.Server, seq int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.ControlURL()+v1+"/events?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var text strings.Builder
	part := make([]byte, 4096)
	for !strings.Contains(text.String(), "\nid: "+strconv.Itoa(seq)+"\n") || !strings.HasSuffix(text.String(), "\n\n") {
		n, err := resp.Body.Read(part)
		if text.Write(part[:n]); err != nil {
			t.Fatalf("the stream ended before event %d: %v\n%s", seq, err, text.String())
		}
	}
	return text.String()
}
