package emulator_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// documented is the request of the page "Custom Deploys", its mail addresses made up.
const documented = `{
  "dedup_id": "9ae54794-dfc5-4ac8-b1b5-78789f20f3f8",
  "service": "shopping_cart",
  "deployer": {"id": "1a9f841f-9a3d-4423-a05a-7e9c31a02b16", "email": "michael.scott@example.test", "name": "Michael Scott"},
  "deployed_at": "2019-02-01 13:28:33",
  "environment": "Production",
  "description": "Deployed by CI Pipeline: Deploy #234",
  "deploy_url": "https://heroku.deploys.com",
  "deploy_number": "234",
  "commit": {
    "sha": "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "message": "Merge branch 'fix-tax-rate' into 'master'",
    "branch": "master", "date": "2019-02-01 09:23:43",
    "committer_name": "Michael Scott", "committer_email": "michael.scott@example.test",
    "author_name": "Michael Scott", "author_email": "michael.scott@example.test", "authoring_date": "2019-02-01 09:23:43"
  }
}`

const (
	deployUUID  = "11111111-1111-4111-8111-111111111111"
	jenkinsUUID = "22222222-2222-4222-8222-222222222222"
)

// answer is what came back from a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// send does one request over a real socket.
func send(t testing.TB, method, url, contentType, body string) answer {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return do(t, req)
}

func do(t testing.TB, req *http.Request) answer {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

// post sends a deploy as JSON to the first integration.
func post(t testing.TB, s *emulator.Server, body string) answer {
	t.Helper()
	return send(t, "POST", s.IntegrationURL(), "application/json", body)
}

// body is a small deploy that lacks nothing, with fields changed or added.
func body(fields ...string) string {
	return `{"service":"shopping_cart","description":"d","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x"}` +
		strings.Join(append([]string{""}, fields...), ",") + "}"
}

func wantAnswer(t *testing.T, got answer, status int, body string) {
	t.Helper()
	if got.status != status || got.body != body {
		t.Errorf("answer = %d %s\nwant     %d %s", got.status, got.body, status, body)
	}
}

const (
	okBody        = `{"result":"ok"}`
	duplicateBody = `{"result":"duplicate_deploy","message":"Deploy not created due to existing deploy with identical dedup_id"}`
)

func TestDocumentedAnswers(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	without := func(field string) string {
		lines := strings.Split(documented, "\n")
		var kept []string
		for _, l := range lines {
			if !strings.Contains(l, `"`+field+`":`) || strings.Contains(l, `"sha"`) {
				kept = append(kept, l)
			}
		}
		return strings.Join(kept, "\n")
	}
	for _, c := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"first", documented, 202, okBody},
		{"again", documented, 202, duplicateBody},
		{"unknown service", strings.ReplaceAll(strings.Replace(documented, "shopping_cart", "not_found_alias", 1), "9ae5", "0000"), 202,
			`{"result":"no_service_found","message":"No service found matching alias 'not_found_alias'. Recording 'not_found_alias' as a suggestion."}`},
		{"no description", without("description"), 400,
			`{"errors":[{"status":400,"title":"Description Error","detail":"param is missing or the value is empty: description"}]}`},
		{"no deployed_at", without("deployed_at"), 400,
			`{"errors":[{"status":400,"title":"Deployed at Error","detail":"param is missing or the value is empty: deployed_at"}]}`},
		{"no service", without("service"), 400,
			`{"errors":[{"status":400,"title":"Service Error","detail":"param is missing or the value is empty: service"}]}`},
		{"no deployer", without("deployer"), 400,
			`{"errors":[{"status":400,"title":"Deployer Error","detail":"param is missing or the value is empty: deployer"}]}`},
		{"nothing", `{}`, 400,
			`{"errors":[{"status":400,"title":"Service Error","detail":"param is missing or the value is empty: service"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := post(t, s, c.body)
			wantAnswer(t, got, c.status, c.want)
			if ct := got.header.Get("Content-Type"); ct != "application/json; charset=utf-8" {
				t.Errorf("Content-Type = %q", ct)
			}
		})
	}
	d := s.Deploys()[0]
	if d.Why == "" || d.Request.Body != documented || d.Deploy.DeployedAtSent != "2019-02-01 13:28:33" {
		t.Errorf("the first event does not keep what was sent: %+v", d)
	}
	for _, e := range s.Deploys() {
		if e.Why == "" {
			t.Errorf("event %d has no why", e.Seq)
		}
	}
}

func TestDocumentedRequestHasNoGraveFinding(t *testing.T) {
	s := emulator.Start(t, emulator.Config{CatalogGiven: true})
	post(t, s, documented)
	for _, f := range s.Deploys()[0].Findings {
		if f.Severity != "note" {
			t.Errorf("the documented request has the finding %s %s: %s", f.Severity, f.ID, f.Evidence)
		}
	}
}

func TestAnswerHeaders(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	got := post(t, s, documented)
	for _, name := range []string{"X-Request-Id", "X-Runtime", "X-Bubblelevel-Event"} {
		if got.header.Get(name) == "" {
			t.Errorf("the answer has no %s", name)
		}
	}
	if seq := got.header.Get("X-Bubblelevel-Event"); seq != "1" {
		t.Errorf("X-Bubblelevel-Event = %s, want 1", seq)
	}
}

func TestAliasInSentence(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	got := post(t, s, `{"service":"it's <b> & \"q\" é","description":"d","deployed_at":"2026-01-02","deployer":{"name":"x"}}`)
	want := `{"result":"no_service_found","message":"No service found matching alias 'it's \u003cb\u003e \u0026 \"q\" é'. Recording 'it's \u003cb\u003e \u0026 \"q\" é' as a suggestion."}`
	wantAnswer(t, got, 202, want)
}

func TestDeployer(t *testing.T) {
	integrations := []catalog.Integration{}
	for i, kind := range catalog.IntegrationTypes() {
		integrations = append(integrations, catalog.Integration{UUID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Type: kind})
	}
	contents := catalog.Contents{Integrations: integrations, Services: []catalog.Service{{Name: "shopping_cart"}}}
	s := emulator.Start(t, emulator.Config{Fixtures: &contents})
	for _, i := range integrations {
		t.Run(string(i.Type), func(t *testing.T) {
			got := send(t, "POST", s.DeployURL(i.UUID), "application/json", `{"service":"shopping_cart","description":"d","deployed_at":"2026-01-02"}`)
			if i.Type == "jenkins" {
				wantAnswer(t, got, 202, okBody)
				return
			}
			wantAnswer(t, got, 400, `{"errors":[{"status":400,"title":"Deployer Error","detail":"param is missing or the value is empty: deployer"}]}`)
		})
	}
}

func TestAssociatedUser(t *testing.T) {
	contents := catalog.Contents{
		Integrations: []catalog.Integration{{UUID: deployUUID, Type: "deploy"}},
		Users:        []catalog.User{{ID: "u1", Name: "Michael Scott", Email: "michael.scott@example.test"}},
	}
	s := emulator.Start(t, emulator.Config{Fixtures: &contents})
	post(t, s, documented)
	post(t, s, body())
	d := s.Deploys()
	if d[0].Deploy.AssociatedUser != "u1" || d[1].Deploy.AssociatedUser != "" {
		t.Errorf("users = %q, %q; want u1 and none", d[0].Deploy.AssociatedUser, d[1].Deploy.AssociatedUser)
	}
}

func TestDeployNumber(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	numbers := []string{}
	for _, fields := range []string{
		`"deploy_number":""`, `"deploy_number":"77"`, `"x":1`, `"service":"django_test"`, `"service":"unknown"`, `"service":"unknown"`, `"deploy_number":5`,
	} {
		post(t, s, body(fields))
		d := s.Deploys()
		last := d[len(d)-1].Deploy
		numbers = append(numbers, fmt.Sprintf("%s %s %v", last.Service, last.DeployNumber, last.DeployNumberGenerated))
	}
	want := []string{
		"shopping_cart 1 true", "shopping_cart 77 false", "shopping_cart 3 true", "django_test 1 true", "unknown 1 true", "unknown 2 true", "shopping_cart 5 false",
	}
	for i := range want {
		if numbers[i] != want[i] {
			t.Errorf("deploy %d = %s, want %s", i, numbers[i], want[i])
		}
	}
}

func TestDedupScope(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	send2 := func(uuid, fields string) string {
		got := send(t, "POST", s.DeployURL(uuid), "application/json", body(fields))
		_, rest, _ := strings.Cut(got.body, `":"`)
		result, _, _ := strings.Cut(rest, `"`)
		return result
	}
	for i, c := range []struct{ uuid, fields, want string }{
		{deployUUID, `"dedup_id":"1"`, "ok"},
		{deployUUID, `"dedup_id":"1"`, "duplicate_deploy"},
		{jenkinsUUID, `"dedup_id":"1"`, "ok"},
		{deployUUID, `"dedup_id":1`, "duplicate_deploy"},
		{deployUUID, `"dedup_id":"1","service":"django_test","environment":"other","status":"failure"`, "duplicate_deploy"},
		{deployUUID, `"dedup_id":"1 "`, "ok"},
		{deployUUID, `"dedup_id":"a"`, "ok"},
		{deployUUID, `"dedup_id":"A"`, "ok"},
		{deployUUID, `"dedup_id":""`, "ok"},
		{deployUUID, `"dedup_id":""`, "ok"},
		{deployUUID, `"dedup_id":"n","service":"nobody"`, "no_service_found"},
		{deployUUID, `"dedup_id":"n"`, "duplicate_deploy"},
	} {
		if got := send2(c.uuid, c.fields); got != c.want {
			t.Errorf("%d: %s to %s = %s, want %s", i, c.fields, c.uuid[:4], got, c.want)
		}
	}
	// A rejected request leaves its dedup_id free.
	if got := post(t, s, `{"service":"shopping_cart","dedup_id":"late"}`); got.status != 400 {
		t.Fatalf("status = %d", got.status)
	}
	wantAnswer(t, post(t, s, body(`"dedup_id":"late"`)), 202, okBody)
}

func TestOneWinner(t *testing.T) {
	const posts = 1000
	s := emulator.Start(t, emulator.Config{})
	var wg sync.WaitGroup
	results := make([]string, posts)
	gate := make(chan struct{})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	for i := range posts {
		wg.Go(func() {
			<-gate
			resp, err := client.Post(s.IntegrationURL(), "application/json", strings.NewReader(body(`"dedup_id":"one"`)))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			b, _ := io.ReadAll(resp.Body)
			results[i] = string(b)
		})
	}
	close(gate)
	wg.Wait()
	won := 0
	for _, r := range results {
		switch r {
		case okBody:
			won++
		case duplicateBody:
		default:
			t.Errorf("answer = %s", r)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d posts were answered ok, want exactly 1", won, posts)
	}
	wantAnswer(t, send(t, "POST", s.DeployURL(jenkinsUUID), "application/json", body(`"dedup_id":"one"`)), 202, okBody)
}

func TestAliasMatch(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for alias, want := range map[string]deploy.Result{
		"shopping_cart": deploy.OK, "SHOPPING_CART": deploy.NoServiceFound, "shopping_cart ": deploy.NoServiceFound, "shopping-cart": deploy.NoServiceFound,
	} {
		post(t, s, body(`"service":"`+alias+`"`))
		all := s.Deploys()
		if got := all[len(all)-1].Result; got != want {
			t.Errorf("%q = %s, want %s", alias, got, want)
		}
	}
}

func TestSuggestedOnce(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for range 3 {
		post(t, s, body(`"service":"new_one"`))
	}
	suggested := 0
	for _, d := range s.Deploys() {
		if d.Suggested {
			suggested++
		}
	}
	if all := s.Suggestions(); suggested != 1 || len(all) != 1 || all[0].Alias != "new_one" || all[0].Deploys != 3 {
		t.Errorf("suggested %d times, suggestions = %+v", suggested, all)
	}
}

func TestUnknownIntegration(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, b := range []string{body(), `{}`, `{"broken`} {
		got := send(t, "POST", s.DeployURL("99999999-9999-4999-8999-999999999999"), "application/json", b)
		wantAnswer(t, got, 404, `{"errors":[{"status":404,"title":"Not Found","detail":"the webhook URL is not valid: no integration has this id"}]}`)
	}
}

func TestOtherMethods(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		if got := send(t, method, s.IntegrationURL(), "application/json", body()); got.status != 404 {
			t.Errorf("%s = %d, want 404", method, got.status)
		}
	}
	events := s.Events()
	if len(events) != 6 || events[0].Kind != event.KindCall || events[0].Why == "" {
		t.Errorf("%d events, the first %+v", len(events), events[0])
	}
}

// TestMethodOverride: what Rack's MethodOverride would obey is a header and a field like any other here.
func TestMethodOverride(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	form := url.Values{
		"service": {"shopping_cart"}, "description": {"d"}, "deployed_at": {"2026-01-02T03:04:05Z"}, "deployer[name]": {"M"}, "_method": {"put"},
	}
	wantAnswer(t, send(t, "POST", s.IntegrationURL(), "application/x-www-form-urlencoded", form.Encode()), 202, okBody)
	for _, method := range []string{"PUT", "GET", "DELETE"} {
		req, err := http.NewRequest("POST", s.IntegrationURL(), strings.NewReader(body()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-HTTP-Method-Override", method)
		wantAnswer(t, do(t, req), 202, okBody)
		if req, err = http.NewRequest(method, s.IntegrationURL(), strings.NewReader(body())); err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-HTTP-Method-Override", "POST")
		if got := do(t, req); got.status != 404 {
			t.Errorf("a %s that says it is a POST = %d %s", method, got.status, got.body)
		}
	}
}

func TestPathForms(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, suffix := range []string{"", "/", ".json", "?agent=jenkins-1.2.6"} {
		wantAnswer(t, send(t, "POST", s.IntegrationURL()+suffix, "application/json", body()), 202, okBody)
	}
	for _, path := range []string{"/integrations/deploy", "/integrations/deploy/", "/integrations//deploy/" + deployUUID, "/integrations/deploy/" + deployUUID + "/x", "/", "/x"} {
		if got := send(t, "POST", s.URL()+path, "application/json", body()); got.status != 404 {
			t.Errorf("POST %s = %d, want 404", path, got.status)
		}
	}
}

func TestTolerated(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	req, err := http.NewRequest("POST", s.IntegrationURL()+"?agent=jenkins-1.2.6&x[y]=1", strings.NewReader(body(`"unknown":{"a":[1]},"commit":null`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer very-secret")
	req.Header.Set("X-Vault-Token", "also-secret")
	req.Header.Set("Cookie", "session=third-secret")
	wantAnswer(t, do(t, req), 202, okBody)
	kept := fmt.Sprint(s.Deploys()[0].Request.Headers)
	for _, secret := range []string{"very-secret", "also-secret", "third-secret"} {
		if strings.Contains(kept, secret) {
			t.Errorf("the event keeps %s", secret)
		}
	}
	if !strings.Contains(kept, "********") {
		t.Error("the event does not show that there was a secret")
	}
}

func TestTooLarge(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	fits := body(`"padding":"` + strings.Repeat("x", 4<<20-200) + `"`)
	wantAnswer(t, post(t, s, fits), 202, okBody)
	over := body(`"padding":"` + strings.Repeat("x", 5<<20) + `"`)
	want := `{"errors":[{"status":413,"title":"Payload Too Large","detail":"JSON must be smaller than 4MiB"}]}`
	wantAnswer(t, post(t, s, over), 413, want)
	chunked, err := http.NewRequest("POST", s.IntegrationURL(), io.MultiReader(bytes.NewBufferString(over)))
	if err != nil {
		t.Fatal(err)
	}
	chunked.Header.Set("Content-Type", "application/json")
	wantAnswer(t, do(t, chunked), 413, want)
	for _, d := range s.Deploys() {
		if len(d.Request.Body) != event.MaxBody {
			t.Errorf("event %d keeps %d bytes of the body, want %d", d.Seq, len(d.Request.Body), event.MaxBody)
		}
	}
	if first := s.Deploys()[0].Request; first.BodyLength != int64(len(fits)) || len(first.BodySHA256) != 64 {
		t.Errorf("the record says %d bytes, digest %q", first.BodyLength, first.BodySHA256)
	}
}

func TestPing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Version: "1.2.3"})
	got := send(t, "GET", s.URL()+"/api/ping", "", "")
	wantAnswer(t, got, 200, `{"app_commit":"bubblelevel","app_version":"1.2.3"}`)
}

func TestNotEmulated(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, path := range []string{"/graphql", "/integrations/custom_event/" + deployUUID, "/integrations/check/x", "/upload/documents/sbom/1"} {
		if got := send(t, "POST", s.URL()+path, "application/json", `{}`); got.status != 404 || !strings.HasPrefix(got.body, `{"errors":[{"status":404,`) {
			t.Errorf("POST %s = %d %s", path, got.status, got.body)
		}
	}
	for _, e := range s.Events() {
		if len(e.Findings) == 0 || e.Findings[0].ID != "wire.not_emulated" {
			t.Errorf("%s has the findings %+v", e.Request.Path, e.Findings)
		}
	}
}
