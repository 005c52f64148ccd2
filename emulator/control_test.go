package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

const v1 = "/_emulator/v1"

func control(t testing.TB, s *emulator.Server, method, path, body string) answer {
	t.Helper()
	return send(t, method, s.ControlURL()+v1+path, "application/json", body)
}

func decode[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

func TestDeploysList(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	post(t, s, documented)
	post(t, s, documented)
	post(t, s, body(`"service":"nobody"`))
	post(t, s, `{}`)
	control(t, s, "GET", "/health", "")
	got := decode[struct {
		Deploys       []map[string]any `json:"deploys"`
		Next          *uint64          `json:"next"`
		EvictedBefore *uint64          `json:"evicted_before"`
	}](t, control(t, s, "GET", "/deploys", ""))
	if len(got.Deploys) != 4 || got.Next != nil || got.EvictedBefore == nil || *got.EvictedBefore != 1 {
		t.Fatalf("list = %+v", got)
	}
	var results []string
	for _, d := range got.Deploys {
		results = append(results, fmt.Sprint(d["result"]))
		for _, key := range []string{"seq", "received_at", "integration", "http", "result", "why", "request"} {
			if d[key] == nil {
				t.Errorf("deploy %v has no %s", d["seq"], key)
			}
		}
		request := d["request"].(map[string]any)
		for _, key := range []string{"method", "path", "headers", "body"} {
			if request[key] == nil {
				t.Errorf("request of deploy %v has no %s", d["seq"], key)
			}
		}
	}
	if want := "rejected no_service_found duplicate_deploy ok"; strings.Join(results, " ") != want {
		t.Errorf("results, the newest first = %v, want %s", results, want)
	}
	ok := got.Deploys[3]
	if ok["alias"] != "shopping_cart" || ok["service"] != "shopping_cart" || ok["deploy"].(map[string]any)["environment"] != "Production" {
		t.Errorf("the first deploy = %v", ok)
	}
	rejected := got.Deploys[0]
	if rejected["title"] != "Service Error" || rejected["detail"] == nil || rejected["http"] != 400.0 {
		t.Errorf("the rejected deploy = %v", rejected)
	}
	one := decode[map[string]any](t, control(t, s, "GET", "/deploys/2", ""))
	if one["result"] != "duplicate_deploy" || one["duplicate_of"] != 1.0 {
		t.Errorf("deploy 2 = %v", one)
	}
	if a := control(t, s, "GET", "/deploys/99", ""); a.status != 404 {
		t.Errorf("deploy 99 = %d", a.status)
	}
}

func TestPagesMeetWhileEventsArrive(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Keep: 50})
	for range 60 {
		post(t, s, body())
	}
	seen := map[uint64]bool{}
	var before uint64
	for {
		page := decode[client.Events](t, control(t, s, "GET", fmt.Sprintf("/events?limit=7&before=%d", before), ""))
		for _, e := range page.Events {
			if seen[e.Seq] {
				t.Fatalf("event %d came twice", e.Seq)
			}
			seen[e.Seq] = true
		}
		post(t, s, body()) // one more arrives, and one is evicted, between two pages
		if page.Next == nil {
			break
		}
		before = *page.Next
	}
	for seq := uint64(20); seq <= 60; seq++ {
		if !seen[seq] {
			t.Errorf("event %d was passed over", seq)
		}
	}
	if a := control(t, s, "GET", "/events/1", ""); a.status != 410 {
		t.Errorf("an evicted event = %d, want 410 Gone", a.status)
	}
	after := uint64(0)
	n := 0
	for {
		page := decode[client.Events](t, control(t, s, "GET", fmt.Sprintf("/events?limit=9&after=%d", after), ""))
		for _, e := range page.Events {
			if e.Seq <= after {
				t.Fatalf("event %d after %d", e.Seq, after)
			}
			after = e.Seq
			n++
		}
		if page.Next == nil {
			break
		}
	}
	if n != 50 {
		t.Errorf("upwards %d events, want the 50 that are kept", n)
	}
}

func TestListRefusals(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, path := range []string{
		"/events?limit=0", "/events?limit=1001", "/events?limit=x", "/events?before=x", "/events?after=-1", "/events?q=nofield:x", "/deploys?q=%22",
		"/nothing", "/services?after=nobody",
	} {
		a := control(t, s, "GET", path, "")
		var f struct {
			Error struct{ Code, Message, Hint string }
		}
		if err := json.Unmarshal([]byte(a.body), &f); err != nil || a.status < 400 || f.Error.Code == "" || f.Error.Message == "" {
			t.Errorf("GET %s = %d %s", path, a.status, a.body)
		}
	}
	if a := control(t, s, "DELETE", "/events", ""); a.status != 405 {
		t.Errorf("DELETE /events = %d", a.status)
	}
}

func TestReset(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	post(t, s, documented)
	post(t, s, body(`"service":"nobody"`))
	if a := control(t, s, "POST", "/reset", ""); a.status != 200 {
		t.Fatalf("reset = %d %s", a.status, a.body)
	}
	if n := len(s.Suggestions()); n != 0 {
		t.Errorf("%d suggestions are left", n)
	}
	wantAnswer(t, post(t, s, documented), 202, okBody)
}

// TestStrangers is the guard of the control API. Each row fails when its check is taken out.
func TestStrangers(t *testing.T) {
	open := emulator.Start(t, emulator.Config{AllowHosts: []string{"emulator.test"}})
	locked := emulator.Start(t, emulator.Config{Token: "the-token"})
	for _, c := range []struct {
		name   string
		server *emulator.Server
		method string
		path   string
		host   string
		header [2]string
		want   int
	}{
		{"loopback", open, "GET", "/events", "", [2]string{}, 200},
		{"localhost", open, "GET", "/events", "localhost:1", [2]string{}, 200},
		{"IPv6", open, "GET", "/events", "[::1]:1", [2]string{}, 200},
		{"allowed host", open, "GET", "/events", "emulator.test", [2]string{}, 200},
		{"DNS rebinding", open, "GET", "/events", "evil.test", [2]string{}, 403},
		{"DNS rebinding to a subdomain", open, "GET", "/events", "localhost.evil.test:80", [2]string{}, 403},
		{"DNS rebinding, stream", open, "GET", "/events", "evil.test", [2]string{"Accept", "text/event-stream"}, 403},
		{"cross-site POST", open, "POST", "/reset", "", [2]string{"Origin", "http://evil.test"}, 403},
		{"sandboxed page", open, "POST", "/reset", "", [2]string{"Origin", "null"}, 403},
		{"cross-site stream", open, "GET", "/events", "", [2]string{"Origin", "http://evil.test"}, 403},
		{"cross-site GET without Origin", open, "GET", "/events", "", [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"same origin", open, "POST", "/reset", "", [2]string{"Origin", "self"}, 200},
		{"another port of localhost", open, "POST", "/reset", "", [2]string{"Origin", "http://localhost:1"}, 403},
		{"health from any host", locked, "GET", "/health", "anything.test", [2]string{}, 200},
		{"no token", locked, "GET", "/events", "", [2]string{}, 401},
		{"wrong token", locked, "GET", "/events", "", [2]string{"Authorization", "Bearer wrong"}, 401},
		{"token", locked, "GET", "/events", "", [2]string{"Authorization", "Bearer the-token"}, 200},
		{"token, but cross-site", locked, "GET", "/events", "evil.test", [2]string{"Authorization", "Bearer the-token"}, 403},
		{"stop without token", locked, "POST", "/stop", "", [2]string{}, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequest(c.method, c.server.ControlURL()+v1+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.host != "" {
				req.Host = c.host
			}
			if value := c.header[1]; value == "self" {
				req.Header.Set("Origin", c.server.ControlURL())
			} else if value != "" {
				req.Header.Set(c.header[0], value)
			}
			if got := do(t, req); got.status != c.want {
				t.Errorf("%d %s, want %d", got.status, got.body, c.want)
			}
		})
	}
	// OpsLevel's own routes take any Host and ask for nothing.
	req, err := http.NewRequest("POST", locked.IntegrationURL(), strings.NewReader(documented))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "app.opslevel.com"
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", "http://evil.test")
	wantAnswer(t, do(t, req), 202, okBody)
}

func TestControlListen(t *testing.T) {
	s := emulator.Start(t, emulator.Config{ControlListen: "127.0.0.1:0"})
	if s.ControlURL() == s.URL() {
		t.Fatal("the control API has no address of its own")
	}
	if a := send(t, "GET", s.URL()+v1+"/events", "", ""); a.status != 404 {
		t.Errorf("the control API answers beside OpsLevel's routes: %d", a.status)
	}
	if a := send(t, "GET", s.URL()+v1+"/health", "", ""); a.status != 200 {
		t.Errorf("health = %d", a.status)
	}
	if a := send(t, "GET", s.ControlURL()+v1+"/events", "", ""); a.status != 200 {
		t.Errorf("the control API does not answer at its address: %d", a.status)
	}
	if a := send(t, "POST", s.ControlURL()+"/integrations/deploy/"+deployUUID, "application/json", documented); a.status != 404 {
		t.Errorf("OpsLevel's routes are served at the control address: %d", a.status)
	}
}

func TestIntegrations(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s := emulator.Start(t, emulator.Config{Clock: now})
	made := decode[struct {
		UUID string `json:"uuid"`
		URL  string `json:"integration_url"`
	}](t, control(t, s, "POST", "/integrations", `{"type":"jenkins","ttl":"1h"}`))
	wantAnswer(t, send(t, "POST", made.URL, "application/json", body()), 202, okBody)
	now.Advance(2 * time.Hour)
	if a := send(t, "POST", made.URL, "application/json", body()); a.status != 404 {
		t.Errorf("after its time = %d, want 404", a.status)
	}
	for _, b := range []string{`{"type":"x"}`, `{"ttl":"x"}`, `{"ttl":"-1s"}`, `{"unknown":1}`, `{`} {
		if a := control(t, s, "POST", "/integrations", b); a.status != 400 {
			t.Errorf("%s = %d", b, a.status)
		}
	}
	if a := control(t, s, "DELETE", "/integrations/"+deployUUID, ""); a.status != 200 {
		t.Fatalf("retire = %d", a.status)
	}
	retired := send(t, "POST", s.DeployURL(deployUUID), "application/json", body())
	never := send(t, "POST", s.DeployURL("99999999-9999-4999-8999-999999999999"), "application/json", body())
	if retired.status != 404 || retired.body != never.body {
		t.Errorf("retired = %d %s, never known = %s: not the same on the wire", retired.status, retired.body, never.body)
	}
	d := s.Deploys()
	if a, b := d[len(d)-2].Findings[0].ID, d[len(d)-1].Findings[0].ID; a != "silent.retired_integration" || b != "silent.unknown_integration" {
		t.Errorf("findings = %s, %s: not told apart beside the wire", a, b)
	}
	if a := control(t, s, "DELETE", "/integrations/nobody", ""); a.status != 404 {
		t.Errorf("retiring what is not there = %d", a.status)
	}
}

func TestFixturesRoundTrip(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	control(t, s, "POST", "/services", `{"name":"Parcel Tracking","aliases":["acme/parcels"]}`)
	exported := control(t, s, "GET", "/fixtures", "")
	other := emulator.Start(t, emulator.Config{Fixtures: &catalog.Contents{}})
	if a := control(t, other, "PUT", "/fixtures", exported.body); a.status != 200 {
		t.Fatalf("PUT = %d %s", a.status, a.body)
	}
	if again := control(t, other, "GET", "/fixtures", ""); again.body != exported.body {
		t.Errorf("the fixtures changed on the way:\n%s\n%s", exported.body, again.body)
	}
	wantAnswer(t, send(t, "POST", other.DeployURL(deployUUID), "application/json", body(`"service":"acme/parcels"`)), 202, okBody)
	if a := control(t, other, "PUT", "/fixtures", `{"version":1,"servces":[]}`); a.status != 400 || !strings.Contains(a.body, "services") {
		t.Errorf("a misspelt fixture = %d %s", a.status, a.body)
	}
}

func TestOpenAPIHasEveryRoute(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	doc := decode[struct {
		Paths map[string]map[string]any `json:"paths"`
	}](t, send(t, "GET", s.ControlURL()+"/_emulator/openapi.json", "", ""))
	routes := 0
	for path, methods := range doc.Paths {
		for method := range methods {
			routes++
			if strings.HasSuffix(path, "/stop") {
				continue
			}
			a := send(t, strings.ToUpper(method), s.ControlURL()+strings.NewReplacer("{seq}", "1", "{", "", "}", "").Replace(path), "application/json", "")
			if a.status == 405 || strings.Contains(a.body, "no_such_route") {
				t.Errorf("%s %s is described but not served", method, path)
			}
		}
	}
	if routes < 20 {
		t.Errorf("%d routes are described", routes)
	}
}

func TestMetrics(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	post(t, s, documented)
	post(t, s, documented)
	post(t, s, `{}`)
	a := control(t, s, "GET", "/metrics", "")
	for _, line := range []string{
		`bubblelevel_deploys_total{result="ok"} 1`, `bubblelevel_deploys_total{result="duplicate_deploy"} 1`,
		`bubblelevel_deploys_total{result="rejected"} 1`, `bubblelevel_findings_total{severity="silent"} 1`, `bubblelevel_journal_last_seq 3`,
	} {
		if !strings.Contains(a.body, line+"\n") {
			t.Errorf("the metrics lack %s in\n%s", line, a.body)
		}
	}
}

func TestClient(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Token: "tok"})
	c := client.New(s.ControlURL(), "tok")
	defer c.HTTP.CloseIdleConnections()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	post(t, s, documented)
	h, err := c.Health(ctx)
	if err != nil || h.Status != "ok" || h.Events != 1 {
		t.Errorf("health = %+v, %v", h, err)
	}
	e, err := c.Event(ctx, 1)
	if err != nil || e.Request.Body != documented {
		t.Errorf("event = %+v, %v", e, err)
	}
	zero := uint64(0)
	got := io.EOF
	err = c.Stream(ctx, "", &zero, func(item client.Item) error {
		if item.Event.Seq == 1 {
			return got
		}
		return nil
	})
	if err != got {
		t.Errorf("stream ended with %v", err)
	}
	if _, err := client.New(s.ControlURL(), "wrong").Event(ctx, 1); err == nil {
		t.Error("a wrong token was taken")
	}
	if err := c.Reset(ctx); err != nil {
		t.Error(err)
	}
}

// TestLoadedFixturesAreACatalog: fixtures that come over the API say which services there are, as --fixtures does, also
// after a restart.
func TestLoadedFixturesAreACatalog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, emulator.Config{Store: path})
	if a := control(t, s, "PUT", "/fixtures", `{"version":1,"services":[{"name":"cart"}]}`); a.status != 200 {
		t.Fatalf("PUT = %d %s", a.status, a.body)
	}
	for range 2 {
		post(t, s, body(`"service":"crat"`))
		all := s.Deploys()
		if f := all[len(all)-1].Findings; len(f) == 0 || f[0].ID != "silent.unknown_alias" {
			t.Errorf("findings of a misspelt alias = %+v", f)
		}
		if !s.FixturesReplaced() {
			t.Error("nothing says that other fixtures are in force")
		}
		s.Close()
		s = open(t, emulator.Config{Store: path})
	}
}

func TestEveryAddressIsReachable(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Listen: "0.0.0.0:0", Token: "tok"})
	if !strings.HasPrefix(s.IntegrationURL(), "http://127.0.0.1:") {
		t.Errorf("the URL of an emulator on every address is %s", s.IntegrationURL())
	}
	wantAnswer(t, post(t, s, documented), 202, okBody)
}
