package emulator_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

const realUUID = "5ec4e700-0000-4000-8000-00000000beef"

// real is an account that stands for the real OpsLevel: it knows cart, and the one integration of it is a secret.
func real(t testing.TB, c emulator.Config) *emulator.Server {
	t.Helper()
	c.Fixtures = &catalog.Contents{
		Services:     []catalog.Service{{Name: "Cart", Aliases: []string{"cart"}}},
		Integrations: []catalog.Integration{{UUID: realUUID, Type: "deploy"}},
	}
	return emulator.Start(t, c)
}

// relaying is an account with no list of services that relays to the URL.
func relaying(t testing.TB, to string, c emulator.Config) *emulator.Server {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	c.Upstream, c.AllowUpstream = to, []string{u.Hostname()}
	if c.Fixtures == nil {
		c.Fixtures = &catalog.Contents{Integrations: []catalog.Integration{{UUID: deployUUID, Type: "deploy"}, {UUID: jenkinsUUID, Type: "jenkins"}}}
	}
	return emulator.Start(t, c)
}

func payload(service, dedup string) string {
	b, _ := json.Marshal(map[string]any{
		"service": service, "dedup_id": dedup, "description": "d", "environment": "Production",
		"deployed_at": time.Now().UTC().Format(time.RFC3339), "deployer": map[string]string{"name": "M"},
	})
	return string(b)
}

func lastDeploy(t testing.TB, s *emulator.Server) *event.Event {
	t.Helper()
	all := s.Deploys()
	if len(all) == 0 {
		t.Fatal("no deploy arrived")
	}
	return all[len(all)-1]
}

func findingIDs(e *event.Event) (ids []string) {
	for _, f := range e.Findings {
		ids = append(ids, f.ID)
	}
	return ids
}

func driftOf(e *event.Event) map[string]event.Difference {
	all := map[string]event.Difference{}
	for _, d := range e.Upstream.Drift {
		all[d.Field] = d
	}
	return all
}

// TestUpstreamDecides: with an upstream the real answer is the truth, and a silent 202 of it is a finding with no fixture
// at all.
func TestUpstreamDecides(t *testing.T) {
	up := real(t, emulator.Config{})
	s := relaying(t, up.IntegrationURL(), emulator.Config{})

	got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
	if e := lastDeploy(t, s); got.status != 202 || got.body != `{"result":"ok"}` || e.Result != deploy.OK || len(e.Upstream.Drift) > 0 || len(e.Findings) > 0 {
		t.Errorf("a known service: %v, %+v, %v", got, e.Upstream, findingIDs(e))
	}
	if len(s.Suggestions()) != 0 {
		t.Errorf("a service that the real OpsLevel has was suggested: %v", s.Suggestions())
	}

	got = send(t, "POST", s.IntegrationURL(), "application/json", payload("crat", "run-2"))
	e := lastDeploy(t, s)
	if got.status != 202 || !strings.Contains(got.body, "no_service_found") || e.Result != deploy.NoServiceFound || finding.Worst(e.Findings) != finding.Silent {
		t.Errorf("an unknown service: %v, %v", got, findingIDs(e))
	}
	if !slices.Contains(findingIDs(e), "silent.unknown_alias") || len(e.Upstream.Drift) > 0 {
		t.Errorf("findings %v, drift %v", findingIDs(e), e.Upstream.Drift)
	}
	if all := s.Suggestions(); len(all) != 1 || all[0].Alias != "crat" {
		t.Errorf("suggestions %v", all)
	}

	send(t, "POST", up.IntegrationURL(), "application/json", payload("cart", "elsewhere"))
	send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "elsewhere"))
	e = lastDeploy(t, s)
	if e.Result != deploy.Duplicate || !slices.Contains(findingIDs(e), "silent.duplicate") || driftOf(e)["result"].Theirs != "duplicate_deploy" {
		t.Errorf("a duplicate of what was sent elsewhere: %v, drift %v", findingIDs(e), e.Upstream.Drift)
	}

	if len(up.Deploys()) != 4 {
		t.Errorf("%d deploys arrived upstream", len(up.Deploys()))
	}
}

// TestUpstreamRetired: what the real OpsLevel refuses is refused, whatever would be said here.
func TestUpstreamRetired(t *testing.T) {
	up := real(t, emulator.Config{})
	to := up.IntegrationURL()
	if err := up.Retire(realUUID); err != nil {
		t.Fatal(err)
	}
	var drifts []uint64
	s := relaying(t, to, emulator.Config{OnDrift: func(e *event.Event) { drifts = append(drifts, e.Seq) }})
	got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
	e := lastDeploy(t, s)
	if got.status != 404 || e.HTTP != 404 || e.Result != deploy.Rejected || e.Title != "Not Found" || !slices.Contains(findingIDs(e), "silent.rejected") {
		t.Errorf("%v, %v", got, findingIDs(e))
	}
	d := driftOf(e)
	if d["http"].Ours != "202" || d["http"].Theirs != "404" || !slices.Contains(d["http"].Fidelity, "integration.unknown") {
		t.Errorf("drift %+v", d)
	}
	if !slices.Contains(findingIDs(e), "upstream.drift") || !slices.Equal(drifts, []uint64{e.Seq}) {
		t.Errorf("findings %v, told of %v", findingIDs(e), drifts)
	}
	if s.Recorded("cart") != 0 || s.Original(deployUUID, "run-1") != 0 {
		t.Error("the ledger keeps a deploy that the real OpsLevel refused")
	}
}

// TestUpstreamKnowsLess: the real account's word stands against a list of services that was given.
func TestUpstreamKnowsLess(t *testing.T) {
	up := real(t, emulator.Config{})
	s := relaying(t, up.IntegrationURL(), emulator.Config{CatalogGiven: true, Fixtures: &catalog.Contents{
		Services:     []catalog.Service{{Name: "Shop", Aliases: []string{"shop"}}},
		Integrations: []catalog.Integration{{UUID: deployUUID, Type: "jenkins"}},
	}})
	send(t, "POST", s.IntegrationURL(), "application/json", payload("shop", "run-1"))
	e := lastDeploy(t, s)
	if e.Result != deploy.NoServiceFound || e.Service != "" || driftOf(e)["result"].Ours != "ok" || !slices.Contains(driftOf(e)["result"].Fidelity, "alias.exact") {
		t.Errorf("%s %q, drift %v", e.Result, e.Service, e.Upstream.Drift)
	}
	if all := s.Suggestions(); len(all) != 1 || all[0].Alias != "shop" {
		t.Errorf("suggestions %v", all)
	}
	// Ours is lenient about the deployer, theirs is not.
	send(t, "POST", s.IntegrationURL(), "application/json", `{"service":"shop","description":"d","deployed_at":"2026-01-01T00:00:00Z"}`)
	e = lastDeploy(t, s)
	if e.HTTP != 400 || e.Title != "Deployer Error" || e.Upstream.Here.HTTP != 202 || !slices.Contains(driftOf(e)["http"].Fidelity, "deployer.jenkins") && !slices.Contains(driftOf(e)["http"].Fidelity, "deployer.other_types") {
		t.Errorf("%d %q, here %+v, drift %+v", e.HTTP, e.Title, e.Upstream.Here, e.Upstream.Drift)
	}
}

// TestUpstreamSecret: the real uuid stands nowhere but in the request that goes upstream.
func TestUpstreamSecret(t *testing.T) {
	up := real(t, emulator.Config{})
	s := relaying(t, up.IntegrationURL(), emulator.Config{})
	send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
	send(t, "POST", s.IntegrationURL(), "application/json", `{`)
	up.Close()
	send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-2"))
	var b strings.Builder
	for _, e := range s.Events() {
		j, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(j)
		b.WriteString(e.Line() + e.Text())
	}
	if strings.Contains(b.String(), realUUID) || !strings.Contains(b.String(), "upstream.no_answer") {
		t.Errorf("the secret stands in an event, or nothing does: %s", b.String())
	}
}

// TestUpstreamMustBeAllowed: nothing is made real that nobody named.
func TestUpstreamMustBeAllowed(t *testing.T) {
	for _, c := range []emulator.Config{
		{Upstream: "https://app.opslevel.com/integrations/deploy/" + realUUID},
		{Upstream: "https://app.opslevel.com/integrations/deploy/" + realUUID, AllowUpstream: []string{"opslevel.com", "app.opslevel.com:8443", "app.opslevel.com.evil.test"}},
		{Upstream: "http://127.0.0.1:1/integrations/deploy/" + realUUID},
		{Upstream: "https://user:" + realUUID + "@app.opslevel.com/x", AllowUpstream: []string{"app.opslevel.com"}},
		{Upstream: "https://app.opslevel.com/integrations/deploy/" + realUUID + "?token=1", AllowUpstream: []string{"app.opslevel.com"}},
		{Upstream: "https://app.opslevel.com/", AllowUpstream: []string{"app.opslevel.com"}},
		{Upstream: "app.opslevel.com/integrations/deploy/" + realUUID, AllowUpstream: []string{"app.opslevel.com"}},
		{Upstream: "https://app.opslevel.com/%zz/" + realUUID, AllowUpstream: []string{"app.opslevel.com"}},
	} {
		s, err := emulator.New(c)
		if err == nil {
			s.Close()
			t.Errorf("%s was taken", c.Upstream)
			continue
		}
		if strings.Contains(err.Error(), realUUID) {
			t.Errorf("the error names the secret: %v", err)
		}
	}
	s, err := emulator.New(emulator.Config{Upstream: "https://APP.opslevel.com./integrations/deploy/x", AllowUpstream: []string{"app.opslevel.com"}})
	if err != nil {
		t.Fatalf("an allowed host: %v", err)
	}
	s.Close()
}

// TestUpstreamNotForOthers: what is no deploy on a live integration stays here.
func TestUpstreamNotForOthers(t *testing.T) {
	up := real(t, emulator.Config{})
	s := relaying(t, up.IntegrationURL(), emulator.Config{})
	for _, r := range []struct{ method, path string }{{"POST", "/integrations/deploy/nobody"}, {"GET", "/integrations/deploy/" + deployUUID}, {"POST", "/graphql"}} {
		if got := send(t, r.method, s.URL()+r.path, "application/json", payload("cart", "run-1")); got.status != 404 {
			t.Errorf("%s %s: %d", r.method, r.path, got.status)
		}
	}
	if n := len(up.Events()); n != 0 {
		t.Errorf("%d requests went upstream", n)
	}
}
