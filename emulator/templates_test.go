package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func run(t *testing.T, s *emulator.Server, template string, inputs ...action.Input) emulator.TemplateRunAnswer {
	t.Helper()
	out, err := s.RunTemplate(context.Background(), emulator.TemplateRun{Template: template, Inputs: inputs})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// target is a server that webhooks are sent to; it ends with the test.
func target(t *testing.T, h http.Handler) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go server.Serve(ln) // ends with the test
	t.Cleanup(func() { server.Close() })
	return "http://" + ln.Addr().String()
}

func parcelTracking() action.Input {
	return action.Input{Name: "project_name", Value: "Parcel Tracking"}
}

// library is one template with a webhook, under the name "t".
func library(w *action.Webhook, secrets ...action.Secret) *action.Library {
	return &action.Library{Secrets: secrets, Templates: []action.Template{{
		Name: "t", Forge: action.GitHub, Group: "acme", Fields: []action.Field{{Name: "project_name", Required: true}}, Webhook: w,
	}}}
}

func TestTemplateRunCreatesServiceAndFires(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	out := run(t, s, "django-boilerplate", parcelTracking())
	f := out.Firing
	if out.Service.Slug != "parcel_tracking" || f == nil || f.Result != action.Success || len(f.Problems) > 0 {
		t.Fatalf("run = %+v, firing = %+v", out, f)
	}
	if want := "Parcel Tracking is being provisioned: ok"; f.RenderedResponse != want {
		t.Errorf("rendered response = %q, want %q", f.RenderedResponse, want)
	}
	got := s.Receiver().Requests("provisioner")
	if len(got) != 1 || got[0].Body != f.Request.Body || !strings.Contains(string(got[0].Body), `"service": "parcel_tracking"`) {
		t.Fatalf("the receiver got %+v", got)
	}
	wantAnswer(t, post(t, s, body(`"service":"parcel_tracking"`)), 202, okBody)
	kinds := ""
	for _, e := range s.Events() {
		kinds += string(e.Kind) + " "
	}
	if kinds != "change firing deploy " {
		t.Errorf("events: %s", kinds)
	}
	e := s.WaitFiring(t, "service:parcel_tracking status:SUCCESS http:200 body:repository", time.Second)
	if e.Seq != out.Seq || e.Firing.Template != "django-boilerplate" || !strings.Contains(e.Line(), "firing SUCCESS 200 POST receiver:provisioner") {
		t.Errorf("firing = %s", e.Line())
	}
}

func TestTemplateRunResolvesTheSuggestion(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	post(t, s, body(`"service":"parcel_tracking"`))
	if g := s.Suggestions(); len(g) != 1 || g[0].State != "open" {
		t.Fatalf("suggestions = %+v", g)
	}
	run(t, s, "django-boilerplate", parcelTracking())
	if g := s.Suggestions(); len(g) != 1 || g[0].State == "open" || g[0].Service != "parcel_tracking" {
		t.Errorf("after the run: %+v", g)
	}
	post(t, s, body(`"service":"parcel_tracking","deploy_number":""`))
	d := s.Deploys()
	if d[1].Deploy.DeployNumber != "2" || d[1].Result != "ok" {
		t.Errorf("the second deploy is number %s, %s", d[1].Deploy.DeployNumber, d[1].Result)
	}
}

// A receiver that reports a deploy of the new service before it answers gets ok: the service came first.
func TestReceiverMayDeployAtOnce(t *testing.T) {
	var s *emulator.Server
	answered := make(chan string, 1)
	to := target(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answered <- post(t, s, body(`"service":"new_one"`)).body
	}))
	s = emulator.Start(t, emulator.Config{Library: library(&action.Webhook{URL: to})})
	run(t, s, "t", action.Input{Name: "project_name", Value: "New One"})
	if got := <-answered; got != okBody {
		t.Errorf("the deploy was answered %s", got)
	}
}

func TestTemplateWithoutWebhookFiresNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Library: library(nil)})
	out := run(t, s, "t", action.Input{Name: "project_name", Value: "Silent"})
	if out.Firing != nil || out.Seq != 0 || len(s.Events()) != 1 || out.Service.Slug != "silent" {
		t.Errorf("%+v, %d events", out, len(s.Events()))
	}
}

func TestRefusedRunMakesNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, r := range []emulator.TemplateRun{
		{Template: "django-boilerplte"}, {Template: "django-boilerplate", Inputs: []action.Input{{Name: "projct_name", Value: "x"}}},
		{Template: "django-boilerplate", User: "nobody@example.test"}, {Template: "django-boilerplate", Profile: "1999"},
		{Template: "django-boilerplate", Override: emulator.Override{Method: "FETCH"}},
		{Template: "django-boilerplate", Inputs: []action.Input{{Name: "project_name", Value: "!!"}}},
	} {
		out, err := s.RunTemplate(context.Background(), r)
		if err == nil {
			t.Errorf("%+v gave %+v", r, out)
		}
	}
	var unknown *emulator.UnknownTemplateError
	if _, err := s.RunTemplate(context.Background(), emulator.TemplateRun{Template: "django-boilerplte"}); !errors.As(err, &unknown) || unknown.Nearest != "django-boilerplate" {
		t.Errorf("unknown template: %v", err)
	}
	if n := len(s.Events()); n != 0 || len(s.Services()) != 2 || len(s.Receiver().Requests("provisioner")) != 0 {
		t.Errorf("%d events, %d services", n, len(s.Services()))
	}
}

func TestDryRunMakesAndSendsNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	out, err := s.RunTemplate(context.Background(), emulator.TemplateRun{Template: "django-boilerplate", DryRun: true, Inputs: []action.Input{parcelTracking()}})
	if err != nil || out.Service.Slug != "parcel_tracking" || !strings.Contains(string(out.Firing.Request.Body), "parcel_tracking") {
		t.Fatalf("%+v, %v", out, err)
	}
	if len(s.Events()) != 0 || len(s.Services()) != 2 || len(s.Receiver().Names()) != 0 {
		t.Errorf("a dry run left %d events, %d services", len(s.Events()), len(s.Services()))
	}
}

// A run and its templates are there again when the store is opened anew; a firing that was under way is not needed for it.
func TestTemplatesSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	s := open(t, emulator.Config{Store: path})
	run(t, s, "django-boilerplate", parcelTracking())
	fixture := `{"version":1,"services":[{"name":"One"}],"templates":[{"name":"own","group":"acme","fields":[{"name":"name","required":true}]}]}`
	if a := control(t, s, "PUT", "/fixtures", fixture); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	s.Close()
	s = open(t, emulator.Config{Store: path})
	defer s.Close()
	if l := s.Templates(); len(l) != 1 || l[0].Name != "own" {
		t.Errorf("templates = %+v", l)
	}
	run(t, s, "own", action.Input{Name: "name", Value: "Two"})
	if exported := control(t, s, "GET", "/fixtures", "").body; !strings.Contains(exported, `"name": "own"`) {
		t.Errorf("exported: %s", exported)
	}
	var firing *event.Event
	for _, e := range s.Events() {
		if e.Kind == event.KindFiring {
			firing = e
		}
	}
	if firing == nil || firing.Firing.RenderedResponse != "Parcel Tracking is being provisioned: ok" {
		t.Errorf("the firing came back as %+v", firing)
	}
}

// TestSecretsAreInNoStore: the value of a secret reaches the receiver and nothing that is kept.
func TestSecretsAreInNoStore(t *testing.T) {
	const secret, signing = "tok-4711-abcdef", "sign-0815-ghijkl"
	path := filepath.Join(t.TempDir(), "store")
	seen := make(chan *http.Request, 10)
	to := target(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r
		fmt.Fprintf(w, `{"you_sent":%q}`, r.Header.Get("Authorization"))
	}))
	s := open(t, emulator.Config{
		Store: path, Environment: map[string]string{"CI_TOKEN": secret, "SIGN": signing, "OTHER": "unused-unused"},
		Library: library(&action.Webhook{
			URL: to + "/?token={{ 'ci' | secret }}", Headers: map[string]string{"Authorization": "Bearer {{ 'ci' | secret }}"},
			Payload: `{"token":{{ 'ci' | secret | jsonify }}}`, ResponseTemplate: "{{ response.body.you_sent }}", SigningSecret: "signing",
		}, action.Secret{Name: "ci", Env: "CI_TOKEN"}, action.Secret{Name: "signing", Env: "SIGN"}),
	})
	out := run(t, s, "t", action.Input{Name: "project_name", Value: "Some Service"})
	r := <-seen
	if r.Header.Get("Authorization") != "Bearer "+secret || r.URL.Query().Get("token") != secret || r.Header.Get(action.SignatureHeader) == "" {
		t.Errorf("the receiver got %v %v", r.URL, r.Header)
	}
	if out.Firing.RenderedResponse != "Bearer "+action.Mask {
		t.Errorf("rendered response = %q", out.Firing.RenderedResponse)
	}
	if f, _, err := s.Replay(context.Background(), out.Seq); err != nil || f.Result != action.Success {
		t.Errorf("replay: %+v, %v", f, err)
	}
	if r := <-seen; r.Header.Get("Authorization") != "Bearer "+secret || r.Header.Get(action.SignatureHeader) == "" {
		t.Errorf("the replay sent %v", r.Header)
	}
	shown, _ := json.Marshal(s.Events())
	s.Close()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{signing, secret} {
		if strings.Contains(string(raw), text) || strings.Contains(string(shown), text) {
			t.Errorf("%q stands in the store or in an event", text)
		}
	}
}

// TestReplayKeepsWhatTheRunHad: a webhook that is signed always has something masked in its record; the url and the payload
// that a run had in place of the template's are fired again all the same.
func TestReplayKeepsWhatTheRunHad(t *testing.T) {
	const signing = "sign-0815-ghijkl"
	secrets := []action.Secret{{Name: "ci", Env: "CI_TOKEN"}, {Name: "signing", Env: "SIGN"}}
	s := emulator.Start(t, emulator.Config{
		Environment: map[string]string{"CI_TOKEN": "tok-4711-abcdef", "SIGN": signing},
		Library:     library(&action.Webhook{URL: "receiver:usual", Payload: `{"usual":1}`, SigningSecret: "signing"}, secrets...),
	})
	payload := `{"this":"run"}`
	out, err := s.RunTemplate(t.Context(), emulator.TemplateRun{
		Template: "t", Inputs: []action.Input{{Name: "project_name", Value: "Some Service"}},
		Override: emulator.Override{URL: "receiver:other", Payload: payload},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := s.Replay(t.Context(), out.Seq)
	if err != nil || string(f.Request.Body) != payload {
		t.Errorf("the replay sent %q, want %q (%v)", f.Request.Body, payload, err)
	}
	if got := s.Receiver().Requests("other"); len(got) != 2 || string(got[1].Body) != payload || got[1].Signature == "unsigned" {
		t.Errorf("the run's receiver has %+v", got)
	}
	if got := s.Receiver().Requests("usual"); len(got) != 0 {
		t.Errorf("the template's receiver got %+v", got)
	}
	// A secret that stood in a part which the template has otherwise by now cannot be had any more.
	secret := map[string]string{"Authorization": "Bearer tok-4711-abcdef"}
	if out, err = s.RunTemplate(t.Context(), emulator.TemplateRun{
		Template: "t", Inputs: []action.Input{{Name: "project_name", Value: "Next Service"}}, Override: emulator.Override{Headers: secret},
	}); err != nil {
		t.Fatal(err)
	}
	if f, _, err := s.Replay(t.Context(), out.Seq); err == nil {
		t.Errorf("replayed to %s", f.Request.Target)
	}
}

func TestUnsetSigningSecretSendsNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Library: library(&action.Webhook{URL: "receiver:x", SigningSecret: "signing"}, action.Secret{Name: "signing", Env: "SIGN"})})
	_, err := s.RunTemplate(context.Background(), emulator.TemplateRun{Template: "t", Inputs: []action.Input{{Name: "project_name", Value: "x"}}})
	if err == nil || !strings.Contains(err.Error(), "the variable SIGN") || len(s.Events()) != 0 {
		t.Errorf("%v, %d events", err, len(s.Events()))
	}
}

// A firing that hangs ends with the server, and is recorded.
func TestFiringEndsWithTheServer(t *testing.T) {
	arrived := make(chan struct{})
	to := target(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	path := filepath.Join(t.TempDir(), "store")
	s := open(t, emulator.Config{Store: path})
	result := make(chan error, 1)
	go func() {
		_, seq, err := s.FireWebhook(context.Background(), action.Webhook{URL: to}, action.Context{}, false)
		if err == nil && seq == 0 {
			err = errors.New("not recorded")
		}
		result <- err
	}()
	<-arrived
	s.Close()
	if err := <-result; err != nil {
		t.Error(err)
	}
	if _, _, err := s.FireWebhook(context.Background(), action.Webhook{URL: to}, action.Context{}, false); err == nil {
		t.Error("an ended server fires")
	}
}

// A receiver that hangs is given up after the timeout, also where the emulator's clock stands still.
func TestFiringTimesOutWhileTheClockStandsStill(t *testing.T) {
	to := target(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	s := emulator.Start(t, emulator.Config{Clock: clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))})
	w := action.Webhook{URL: to, Settings: action.Settings{Timeout: action.Duration(20 * time.Millisecond)}}
	f, _, err := s.FireWebhook(context.Background(), w, action.Context{}, false)
	if err != nil || len(f.Attempts) != 1 || f.Attempts[0].Failure == nil || f.Attempts[0].Failure.Kind != action.TimedOut {
		t.Errorf("%+v, %v", f, err)
	}
	if a := control(t, s, "PUT", "/receivers/slow", `{"answers":[{"delay":"1ms"}]}`); a.status != 200 {
		t.Fatal(a.body)
	}
	if f, _, err := s.FireWebhook(context.Background(), action.Webhook{URL: "receiver:slow"}, action.Context{}, false); err != nil || f.Result != action.Success {
		t.Errorf("a slow receiver: %s %s, %v", f.Result, f.Error, err)
	}
}
