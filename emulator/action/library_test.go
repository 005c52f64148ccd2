package action

import (
	"context"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

func TestReceiverIsBoundedInBytes(t *testing.T) {
	r := NewReceiver(clock.NewManual(noon))
	body := []byte(strings.Repeat("x", RecordBody))
	for i := range 4 * MaxReceiverRequests {
		name := string(rune('a' + i%4))
		if _, err := r.Receive(name, Incoming{Method: "POST", Path: "/" + name, Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	total, newest := 0, uint64(0)
	for _, name := range r.Names() {
		for _, q := range r.Requests(name) {
			total += q.size()
			newest = max(newest, q.Seq)
		}
	}
	if total > MaxReceiverBytes || total < MaxReceiverBytes/2 || newest != 4*MaxReceiverRequests {
		t.Errorf("%d bytes are kept, the newest is %d", total, newest)
	}
}

func TestLibrary(t *testing.T) {
	l := Library{Templates: []Template{{Name: "django-boilerplate"}, {Name: "go-service"}}, Secrets: []Secret{{"token", "CI_TOKEN"}, {"other", "OTHER"}}}
	if _, ok := l.Template("go-service"); !ok || l.Nearest("go_servise") != "go-service" || l.Nearest("zzzzzzzzzzzzzzzz") != "" {
		t.Errorf("names: %v, nearest %q", l.Names(), l.Nearest("go_servise"))
	}
	values := l.Values(map[string]string{"CI_TOKEN": "abc", "HOME": "/root"})
	if len(values) != 1 || values["token"] != "abc" {
		t.Errorf("values = %v: a secret is what its own variable holds, and nothing else", values)
	}
}

// TestDryRunSendsNothing: the request is rendered and signed, and nobody gets it.
func TestDryRunSendsNothing(t *testing.T) {
	c, _ := NamedContext("documented")
	d := Deps{Clock: clock.System{}, IDs: clock.NewSeeded(1), Renderer: plainRenderer{}, DryRun: true}
	f := Fire(context.Background(), d, Webhook{URL: "http://127.0.0.1:1/x", Payload: `{"a":1}`, SigningSecret: "s3cret-s3cret", ResponseTemplate: "no"}, c)
	if f.Result != "" || len(f.Attempts) != 0 || f.RenderedResponse != "" || string(f.Request.Body) != `{"a":1}` || len(f.Request.Headers) == 0 {
		t.Errorf("%+v", f)
	}
	if !strings.Contains(f.Error, "dry run") || len(f.Request.SignedHeaders) == 0 {
		t.Errorf("error %q, signed %v", f.Error, f.Request.SignedHeaders)
	}
}
