package scenarios

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// history is an emulator to which much happens.
type history struct {
	t      *testing.T
	s      *emulator.Server
	random *rand.Rand
	uuids  []string
}

func newHistory(t *testing.T, seed uint64) *history {
	s := emulator.Start(t, emulator.Config{Fixtures: &catalog.Contents{
		Services: []catalog.Service{{Name: "Cart", Aliases: []string{"acme/cart", "${weird} # alias: \"x\"", "e-mail@example.test"}}, {Name: "Parcel Tracking"}},
		Integrations: []catalog.Integration{
			{UUID: "12345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa", Type: "deploy"},
			{UUID: "22345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa", Type: "jenkins"},
		},
	}})
	return &history{t, s, rand.New(rand.NewPCG(seed, 2)), []string{"12345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "22345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa"}}
}

func pick[T any](h *history, all ...T) T { return all[h.random.IntN(len(all))] }

// deploy is a payload, mostly a good one.
func (h *history) deploy() string {
	alias := pick(h, "cart", "acme/cart", "parcel_tracking", "nobody", "nobody", "shoping_cart", "${weird} # alias: \\\"x\\\"", "e-mail@example.test", "")
	id := ""
	if h.random.IntN(3) > 0 {
		id = fmt.Sprintf(`,"dedup_id":"id-%d"`, h.random.IntN(4))
	}
	deployer := pick(h, `,"deployer":{"name":"x","email":"x@example.test"}`, `,"deployer":{"name":"x"}`, `,"deployer":{"id":"7"}`, `,"deployer":{"name":"${y}"}`, "")
	more := pick(h, "", `,"environment":"${env:HOME}"`, `,"deploy_number":1e3`, `,"description":"again"`, `,"commit":{"sha":"abc","message":"a \"quote\": \\n\u2028 ☃ $${x}"}`, `,"extra":[1.50,{"a":null,"b":[]},{},true]`, `,"tricky":{"contains":"x"},"y":"yes","n":"1_0","o":"0o17"`)
	return fmt.Sprintf(`{"service":"%s","description":"d"%s%s%s,"deployed_at":"%s"}`, alias, id, deployer, more,
		pick(h, "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", "2026-01-02T03:04:07+02:00", "2026-01-02 03:04", "2026-01-02 03:04:05", "", "soon"))
}

// happen lets one thing happen.
func (h *history) happen() {
	to := h.s.DeployURL(pick(h, h.uuids...))
	switch h.random.IntN(16) {
	default:
		h.post("POST", to, "application/json", h.deploy())
	case 0:
		h.post("POST", to, "application/x-www-form-urlencoded", "service=cart&description=d&deployed_at=2026-01-02T03:04:05Z&deployer[name]=x&dedup_id=id-1")
	case 1:
		h.post("POST", to, pick(h, "text/plain", "", "application/json; charset=utf-8", "multipart/form-data; boundary=x", "not a type"), h.deploy())
	case 2:
		h.post("POST", to, "application/json", pick(h, "", "{", `{"service":`, "[]", "null", `"text"`, "{\"service\":\"\xff\"}", "\x00\x01\xfe", strings.Repeat("[", 200), `{"a":1,"a":2,"service":"cart"}`, "{}\r\n"))
	case 3:
		h.post(pick(h, "GET", "PUT", "DELETE", "HEAD"), to, "", "")
	case 4:
		h.post("POST", h.s.URL()+pick(h, "/api/ping", "/graphql", "/integrations/deploy/", "/integrations/deploy/nonsense", "/integrations/deploy/99999999-1111-4111-8111-111111111111", "//integrations/deploy/x", "/a?b=${c}&d=%20"), "application/json", h.deploy())
	case 5:
		h.post("GET", h.s.URL()+pick(h, "/api/ping", "/", "/x?y=1"), "", "")
	case 6:
		h.post("POST", to+"?service=cart&environment=a%20b", "application/json", h.deploy())
	case 7:
		for _, open := range h.s.Suggestions() {
			if open.State == catalog.Open && h.random.IntN(2) == 0 {
				h.s.Accept(open.Alias, catalog.Service{})
			} else if open.State == catalog.Open {
				h.s.Bind(open.Alias, "cart")
			}
		}
	case 8:
		if h.random.IntN(3) == 0 {
			h.s.Reset()
			h.uuids = h.uuids[:2]
		}
	case 9:
		made, err := h.s.CreateIntegration(catalog.Integration{Type: pick[catalog.IntegrationType](h, "deploy", "jenkins")}, 0)
		if err != nil {
			h.t.Fatal(err)
		}
		h.uuids = append(h.uuids, made.UUID)
	case 10:
		if len(h.uuids) > 2 {
			h.s.Retire(h.uuids[len(h.uuids)-1])
		}
	case 11:
		if h.random.IntN(4) == 0 {
			h.post("POST", to, "application/json", `{"service":"cart","pad":"`+strings.Repeat("x", event.MaxBody)+`"}`)
		}
	}
}

func (h *history) post(method, to, contentType, body string) {
	req, err := http.NewRequest(method, to, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if h.random.IntN(4) == 0 {
		req.Header["Authorization"] = []string{"Bearer hunter2"}
		req.Header["X-Several"] = []string{"a", "${b}"}
	}
	resp, err := (&http.Transport{}).RoundTrip(req)
	if err != nil {
		h.t.Fatal(err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

func (h *history) recording(events []*event.Event) Recording {
	return Recording{Events: events, Integrations: h.s.Integrations(), Earlier: func(seq uint64) *event.Event {
		e, _ := h.s.Event(seq)
		return e
	}}
}

// passes writes a scenario and runs the file; what was left out is returned.
func (h *history) passes(r Recording) (left []string) {
	h.t.Helper()
	w, err := FromEvents(context.Background(), r)
	var empty *EmptyError
	if errors.As(err, &empty) {
		return empty.LeftOut
	}
	if err != nil {
		h.t.Fatalf("%v\n%s", err, lines(r.Events))
	}
	s, err := Parse("x.yaml", w.YAML)
	if err != nil {
		h.t.Fatalf("%v\n%s", err, w.YAML)
	}
	if out := Run(context.Background(), []*Scenario{s}, Options{}).Results[0]; out.Outcome != Passed {
		h.t.Fatalf("%s\n%s\n%s", out.Text, lines(r.Events), w.YAML)
	}
	for _, secret := range append([]string{"hunter2"}, h.uuids...) {
		if strings.Contains(string(w.YAML), secret) {
			h.t.Fatalf("%s is in the file:\n%s", secret, w.YAML)
		}
	}
	return w.LeftOut
}

func lines(events []*event.Event) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e.Line() + "\n")
	}
	return b.String()
}

// excused says whether what is left out cannot be shown.
func excused(why string) bool {
	return strings.Contains(why, "the journal keeps the first") || strings.Contains(why, "firing")
}

// TestFromEventsPasses: whatever was recorded, alone and together, the scenario reads back and passes, and only what cannot
// be shown is left out.
func TestFromEventsPasses(t *testing.T) {
	seeds := uint64(25)
	if testing.Short() {
		seeds = 5
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := newHistory(t, seed)
			for range 30 {
				h.happen()
			}
			all := h.s.Events()
			for _, why := range h.passes(h.recording(all)) {
				if !excused(why) {
					t.Errorf("of the whole: %s\n%s", why, lines(all))
				}
			}
			for _, e := range all {
				if e.Request == nil {
					continue
				}
				for _, why := range h.passes(h.recording([]*event.Event{e})) {
					if !excused(why) {
						t.Errorf("alone: %s\n%s%s", why, e.Line(), e.Text())
					}
				}
			}
			some := slices.DeleteFunc(slices.Clone(all), func(*event.Event) bool { return h.random.IntN(2) == 0 })
			h.passes(h.recording(some)) // what contradicts itself with a half missing may be left out
			h.passes(Recording{Events: some})
		})
	}
}
