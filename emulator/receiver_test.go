package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

const receiverPath = "/_emulator/receiver/"

func TestReceiverTakesAnyMethodAndRefusesTricks(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Token: "tok", ControlListen: "127.0.0.1:0"})
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"} {
		if a := send(t, method, s.URL()+receiverPath+"box", "text/plain", "x"); a.status != 200 {
			t.Errorf("%s = %d %s", method, a.status, a.body)
		}
	}
	if got := s.Receiver().Requests("box"); len(got) != 7 || got[6].Method != "PURGE" {
		t.Errorf("the box has %d", len(got))
	}
	for _, name := range []string{"", ".", "..", "a/b", "a%2Fb", "%2e%2e", "..%2Fv1%2Fhealth", "a%20b", strings.Repeat("a", 65), "b%6Fx", "%C3%A9"} {
		if a := send(t, "POST", s.URL()+receiverPath+name, "text/plain", "x"); a.status != 404 && a.status != 400 {
			t.Errorf("name %q = %d %s", name, a.status, a.body)
		}
	}
	if got := s.Receiver().Names(); len(got) != 1 {
		t.Errorf("names: %q", got)
	}
	if a := send(t, "POST", s.URL()+receiverPath+"box", "text/plain", strings.Repeat("x", httpapi.MaxReceived+1)); a.status != 413 {
		t.Errorf("a body that is too large = %d", a.status)
	}
	// What stands beside the receiver is not to be had on OpsLevel's side.
	if a := send(t, "GET", s.URL()+"/_emulator/v1/receivers", "", ""); a.status != 404 {
		t.Errorf("the control API on the vendor side = %d", a.status)
	}
}

func TestReceiverAnswersWhatItIsTold(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	c := client.New(s.ControlURL(), "")
	defer c.HTTP.CloseIdleConnections()
	ctx := context.Background()
	setup := `{"answers":[{"status":201,"headers":{"X-A":"b"},"body":"one"},{"drop":true},{"status":503,"delay":"1ms"}],"signing_secret":"s3cr3t-s3cr3t"}`
	if a := control(t, s, "PUT", "/receivers/box", setup); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w := action.Webhook{URL: "receiver:box", Payload: `{"a":1}`, SigningSecret: "s3cr3t-s3cr3t", ResponseTemplate: "{{ response.status }}"}
	for i, want := range []string{"SUCCESS 201", "FAILURE ", "FAILURE 503"} {
		f, _, err := s.FireWebhook(ctx, w, action.Context{}, false)
		if got := string(f.Result) + " " + f.RenderedResponse; err != nil || got != want {
			t.Errorf("firing %d: %q, want %q (%v)", i, got, want, err)
		}
	}
	got, err := c.Received(ctx, "box")
	if err != nil || len(got) != 3 || got[0].Signature != "valid" || got[1].Status != 0 || string(got[0].Body) != `{"a":1}` {
		t.Errorf("received %+v, %v", got, err)
	}
	for _, wrong := range []string{`{"answers":[{"status":99}]}`, `{"answers":[{"headers":{"a b":"c"}}]}`, `{"anwers":[]}`} {
		if a := control(t, s, "PUT", "/receivers/box", wrong); a.status != 400 {
			t.Errorf("%s = %d", wrong, a.status)
		}
	}
	s.Reset()
	if names := s.Receiver().Names(); len(names) != 0 {
		t.Errorf("after the reset: %v", names)
	}
}

// TestReceiverThatEndsSaysNothing: a sender whose answer was still to come when the emulator ended must not take the end for
// a 200.
func TestReceiverThatEndsSaysNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	if a := control(t, s, "PUT", "/receivers/slow", `{"answers":[{"status":500,"delay":"1h"}]}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	type end struct {
		status int
		err    error
	}
	ended := make(chan end, 1)
	go func() {
		req, err := http.NewRequest("POST", s.URL()+receiverPath+"slow", strings.NewReader("{}"))
		if err != nil {
			ended <- end{0, err}
			return
		}
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			ended <- end{0, err}
			return
		}
		resp.Body.Close()
		ended <- end{resp.StatusCode, nil}
	}()
	for len(s.Receiver().Requests("slow")) == 0 { // the request is on its way
		runtime.Gosched()
	}
	s.Close()
	if e := <-ended; e.err == nil {
		t.Errorf("the answer was %d, want none", e.status)
	}
}

// An emulator that others can reach sends to its own receiver and to the hosts that were allowed, and not to loopback.
func TestExposedEmulatorSendsToItsReceiverAlone(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") })}
	go server.Serve(ln) // ends with the test
	defer server.Close()
	here := "http://" + ln.Addr().String()
	s := emulator.Start(t, emulator.Config{Listen: "0.0.0.0:0", Token: "tok"})
	allowed := emulator.Start(t, emulator.Config{Listen: "0.0.0.0:0", Token: "tok", AllowTargets: []string{ln.Addr().String()}})
	local := emulator.Start(t, emulator.Config{})
	for _, c := range []struct {
		on   *emulator.Server
		url  string
		want action.Result
	}{
		{s, "receiver:x", action.Success}, {s, here, action.Failure}, {allowed, here, action.Success}, {local, here, action.Success},
		{local, "http://0.0.0.0:1/", action.Failure}, {local, "http://2130706433/", action.Failure}, {local, "http://10.0.0.1/", action.Failure},
	} {
		f, _, err := c.on.FireWebhook(context.Background(), action.Webhook{URL: c.url}, action.Context{}, false)
		if err != nil || f.Result != c.want {
			t.Errorf("%s: %s, want %s: %s (%v)", c.url, f.Result, c.want, f.Error, err)
		}
	}
}

func TestTemplateRoutes(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	list := decode[struct{ Templates []action.Template }](t, control(t, s, "GET", "/templates", ""))
	if len(list.Templates) != 1 || list.Templates[0].Name != "django-boilerplate" || len(list.Templates[0].Fields) != 4 {
		t.Errorf("templates = %+v", list)
	}
	for body, want := range map[string]int{
		`{"template":"django-boilerplate","inputs":{"project_name":"Parcel Tracking","django_version":5}}`: 201,
		`{"template":"django-boilerplate","inputs":[{"name":"project_name","value":"Two"}]}`:               201,
		`{"template":"django-boilerplate","dry_run":true}`:                                                 200,
		`{"template":"nothing-like-it"}`:                                                                   404,
		`{"template":"django-boilerplate","inputs":{"x":1}}`:                                               422,
		`{"template":"django-boilerplate","inputs":7}`:                                                     400,
		`{"template":"django-boilerplate","context_profile":"1999"}`:                                       400,
	} {
		if a := control(t, s, "POST", "/template-runs", body); a.status != want {
			t.Errorf("%s = %d %s, want %d", body, a.status, a.body, want)
		}
	}
	firings := decode[struct {
		Firings []struct {
			Seq    uint64
			Firing action.Firing
		}
	}](t, control(t, s, "GET", "/firings?limit=10", ""))
	if len(firings.Firings) != 2 || firings.Firings[0].Firing.Result != action.Success {
		t.Fatalf("firings = %+v", firings)
	}
	one := fmt.Sprintf("/firings/%d", firings.Firings[0].Seq)
	if a := control(t, s, "GET", one, ""); a.status != 200 {
		t.Errorf("%s = %d", one, a.status)
	}
	if a := control(t, s, "POST", one+"/replay", ""); a.status != 201 || !strings.Contains(a.body, `"result":"SUCCESS"`) {
		t.Errorf("replay = %d %s", a.status, a.body)
	}
	for path, want := range map[string]int{"/firings/1": 404, "/firings/99": 404} {
		if a := control(t, s, "GET", path, ""); a.status != want {
			t.Errorf("%s = %d", path, a.status)
		}
	}
	if a := control(t, s, "POST", "/firings", `{"webhook":{"webhookUrl":"receiver:x","liquidTemplate":"{}"},"context":"2026"}`); a.status != 201 {
		t.Errorf("a webhook by itself = %d %s", a.status, a.body)
	}
	for _, wrong := range []string{`{}`, `{"webhook":{"url":"x","payload_file":"/etc/passwd"}}`, `{"webhook":{"url":"receiver:x"},"context":"none"}`} {
		if a := control(t, s, "POST", "/firings", wrong); a.status != 400 {
			t.Errorf("%s = %d %s", wrong, a.status, a.body)
		}
	}
}

// The inputs that are wrong come through the client as what they are, so that a form can show each at its field.
func TestClientKnowsWrongInputs(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	c := client.New(s.ControlURL(), "")
	defer c.HTTP.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := c.RunTemplate(ctx, httpapi.TemplateRun{Template: "django-boilerplate", Inputs: httpapi.Inputs{{Name: "projct_name", Value: "x"}}})
	var wrong action.InputErrors
	if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Nearest != "project_name" {
		t.Errorf("%v", err)
	}
	f := httpapi.WebhookFiring{Webhook: action.WebhookSource{URL: "receiver:x"}, Context: json.RawMessage(`{"a":1}`)}
	if out, err := c.FireWebhook(ctx, f); err != nil || out.Firing.Result != action.Success {
		t.Errorf("%+v, %v", out, err)
	}
}
