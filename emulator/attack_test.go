package emulator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// The attacks, and the tests that try them. Each test fails when its defence is taken out.
//
//	a web page: DNS rebinding, cross-site     TestAttackEveryRouteOfTheControlAPI (every route there is), TestStrangers,
//	  POST, streams                             TestVerifyNeedsTheToken
//	past the guard by the spelling of a path  TestAttackPaths
//	paths: integrations, receivers            TestAttackPaths, TestPathForms, TestReceiverTakesAnyMethodAndRefusesTricks,
//	                                            action.TestWhatWasRenderedIsJudgedBeforeSending
//	header injection by rendered values       TestAttackHeaders, action.TestWhatWasRenderedIsJudgedBeforeSending,
//	                                            action.TestReceiverRefusesWhatItCannotDo
//	a webhook that is sent elsewhere: odd     action.TestHostsThatAreRefused, TestRefusedHostIsAFiringThatSaysSo,
//	  spellings, redirects, DNS that changes,   TestRedirectBeyondLoopbackIsRefused, TestDialChecksTheAddress,
//	  proxy variables                           TestNameThatResolvesDifferentlyTheSecondTimeIsNotAskedAgain,
//	                                            TestProxyIsUsedOnlyIfSet; attacks.txtar
//	the same by the relay                     TestAttackUpstreamSpellings, TestUpstreamMustBeAllowed, TestUpstreamRedirect,
//	                                            TestUpstreamNotForOthers; attacks.txtar (proxy variables)
//	compressed bodies                         TestAttackCompressedBodies, action.TestBodyOfTenMegabytesIsBounded
//	slow clients                              TestAttackSlowClients, TestSlowBodies, TestShutdownDoesNotWaitForTheSilent
//	floods: connections, streams, bodies      TestAttackFloodOfConnections, TestAttackFloodOfStreams, TestAttackFloodOfBodies,
//	                                            TestAttackLargeBodies, TestTooLarge
//	floods: headers, faults, services,        TestHeaderFlood, TestAttackFloodOfTheAccount, TestChangesAreBounded,
//	  integrations, receivers, templates        fault.TestAddAndRemove, action.TestReceiverIsBounded, liquid.TestHostileTemplates
//	workflow commands, Markdown, XML          attacks.txtar, cli.TestGitHub, TestJUnit, TestScenarioReports, TestProbeReports
//	terminal escapes                          attacks.txtar, cli.TestTableIsSafe, tui.TestHostilePayloads,
//	                                            TestNothingLeavesThatActs, TestCopiesAreHarmless, TestPlainIsSafe
//	secrets in what is put out                TestSecretsAreNowhere, TestUpstreamSecret, action.TestSecretsAreNowhereInTheRecord,
//	                                            cli.TestRedaction, finding.TestNoSecretIsQuoted; attacks.txtar, relay.txtar
//	a mask that is sent for a secret          TestReplayNeverSendsTheMask, tui.TestFireAgainAsksForTheSecret; attacks.txtar
//	files that others read; links             attacks.txtar, init.txtar, journal.TestOpenCreatesForTheOwnerAlone,
//	                                            journal.TestOpenRefuses, scenarios.TestFilesOutsideAreNotRead
//	YAML bombs; files without end             attacks.txtar, TestAttackBombs, yamlfile.TestHostileFilesAreRefusedSoon,
//	                                            cli.TestFilesAreReadToTheirLimit
//	an untrusted scenario: programs,          run.txtar, attacks.txtar, scenarios.TestFilesOutsideAreNotRead
//	  variables, files

// routesOf are the routes of the control API, as its own document lists them: a new one is attacked with the rest.
func routesOf(t *testing.T, s *emulator.Server) (routes [][2]string) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	a := send(t, "GET", s.ControlURL()+"/_emulator/openapi.json", "", "")
	if err := json.Unmarshal([]byte(a.body), &document); err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("{seq}", "1", "{uuid}", deployUUID, "{alias}", "cart", "{id}", "down", "{name}", "box")
	for path, methods := range document.Paths {
		path = filled.Replace(path)
		if strings.Contains(path, "{") {
			t.Fatalf("no value for a part of %s", path)
		}
		for method := range methods {
			if method := strings.ToUpper(method); slices.Contains([]string{"GET", "POST", "PUT", "DELETE"}, method) && !strings.HasSuffix(path, "/health") {
				routes = append(routes, [2]string{method, path})
			}
		}
	}
	if len(routes) < 35 {
		t.Fatalf("only %d routes", len(routes))
	}
	return routes
}

// TestAttackEveryRouteOfTheControlAPI: a web page that has its name resolve to this machine, or that sends its visitor's
// browser here, and somebody without the token, get nothing from any route, and change nothing.
func TestAttackEveryRouteOfTheControlAPI(t *testing.T) {
	open := emulator.Start(t, emulator.Config{})
	locked := emulator.Start(t, emulator.Config{Token: "the-token"})
	attacks := []struct {
		name         string
		on           *emulator.Server
		host         string
		header       string
		value        string
		status       int
		alsoIfStream bool
	}{
		{"DNS rebinding", open, "evil.test", "", "", 403, true},
		{"DNS rebinding with a port", open, "evil.test:6775", "", "", 403, false},
		{"a name that begins like localhost", open, "localhost.evil.test", "", "", 403, false},
		{"a name that begins like an address", open, "127.0.0.1.evil.test", "", "", 403, false},
		{"localhost with a dot, which DNS may answer", open, "localhost.", "", "", 403, false},
		{"an address in one number", open, "2130706433", "", "", 403, false},
		{"every address", open, "0.0.0.0", "", "", 403, false},
		{"a page of another site", open, "", "Origin", "http://evil.test", 403, true},
		{"a sandboxed page", open, "", "Origin", "null", 403, true},
		{"a page of another port", open, "", "Origin", "http://localhost:1", 403, false},
		{"EventSource and forms without Origin", open, "", "Sec-Fetch-Site", "cross-site", 403, true},
		{"a page of a sister site", open, "", "Sec-Fetch-Site", "same-site", 403, false},
		{"no token", locked, "", "", "", 401, true},
		{"a wrong token", locked, "", "Authorization", "Bearer the-tokem", 401, false},
		{"a token of another scheme", locked, "", "Authorization", "Basic the-token", 401, false},
	}
	for _, route := range routesOf(t, open) {
		for _, a := range attacks {
			for _, accept := range []string{"*/*", "text/event-stream"} {
				if accept == "text/event-stream" && !a.alsoIfStream {
					continue
				}
				// A stream that is let in never ends by itself.
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				req, err := http.NewRequestWithContext(ctx, route[0], a.on.ControlURL()+route[1], strings.NewReader("{}"))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Accept", accept)
				req.Header.Set("Content-Type", "text/plain") // what a page may send without asking first
				req.Host = a.host
				if a.header != "" {
					req.Header.Set(a.header, a.value)
				}
				got := do(t, req)
				if got.status != a.status || got.header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s: %s %s = %d %.200s", a.name, route[0], route[1], got.status, got.body)
				}
			}
		}
	}
	for _, s := range []*emulator.Server{open, locked} {
		if all := s.Events(); len(all) != 0 {
			t.Errorf("an attack left %d events, the first %s", len(all), all[0].Line())
		}
	}
	// A browser asks first for what is no plain request. It is told of no permission.
	req, _ := http.NewRequest("OPTIONS", open.ControlURL()+v1+"/reset", nil)
	req.Header.Set("Origin", "http://evil.test")
	req.Header.Set("Access-Control-Request-Method", "POST")
	if got := do(t, req); got.status/100 == 2 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a preflight = %d %v", got.status, got.header)
	}
}

// TestAttackPaths: no spelling of a path leads past the guard, or from OpsLevel's side to the control API.
func TestAttackPaths(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Token: "the-token", ControlListen: "127.0.0.1:0"})
	joined := emulator.Start(t, emulator.Config{Token: "the-token"})
	long := strings.Repeat("a", 60_000)
	for _, base := range []string{s.URL(), joined.URL()} {
		for _, path := range []string{
			"/_emulator/v1/reset", "//_emulator/v1/reset", "/./_emulator/v1/reset", "/x/../_emulator/v1/reset", "/%5femulator/v1/reset", "/_emulator%2fv1%2freset",
			"/_emulator/v1/../v1/reset", "/_emulator/v1/health/../reset", "/_emulator/v1/%2e%2e/v1/reset", "/_emulator/receiver/../v1/reset", "/_emulator/receiver/%2e%2e/v1/reset",
			"/_emulator/receiver/..%2fv1%2freset", "/_emulator/v1/reset;x", "/_emulator/v1/reset%00", "/_EMULATOR/v1/reset", "/_emulator/v1/reset/", "/_emulator/v1//reset",
			"/integrations/deploy/../../_emulator/v1/reset", "/integrations/deploy/..%2f..%2f_emulator%2fv1%2freset", "/integrations/deploy/%2e%2e/" + deployUUID,
			"/integrations%2fdeploy/" + deployUUID, "/integrations%2fdeploy%2f" + deployUUID,
			"/integrations/deploy/%00", "/integrations/deploy/" + deployUUID + "%00", "/integrations/deploy/" + deployUUID + "%2f..", "/integrations/deploy/" + deployUUID + "%0d%0aX:%20y",
			"/integrations/deploy/" + long, "/_emulator/receiver/" + long, "/" + long,
		} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			payload := body()
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
				path, strings.TrimPrefix(base, "http://"), len(payload), payload)
			got := readAnswer(t, conn)
			conn.Close()
			if got.status/100 == 2 || got.status/100 == 5 {
				t.Errorf("POST %.80s = %d %.100s", path, got.status, got.body)
			}
		}
	}
	for _, s := range []*emulator.Server{s, joined} {
		for _, e := range s.Events() {
			if e.Kind == "reset" || e.Recorded() || len(e.Integration) > 100 || len(e.Request.Path) > 16<<10 {
				t.Errorf("it did something: %.300s", e.Line())
			}
		}
		if names := s.Receiver().Names(); len(names) != 0 {
			t.Errorf("receivers: %q", names)
		}
		for _, uuid := range []string{"..", "a/b", "%2e%2e", "a%2fb", "a\x00", "a\r\nb", "é", strings.Repeat("a", 65), "\x1b[2J"} {
			if _, err := s.CreateIntegration(catalog.Integration{UUID: uuid}, 0); err == nil {
				t.Errorf("an integration got the uuid %q", uuid)
			}
		}
	}
}

// TestAttackHeaders: a line break in a value that others choose never begins a header of its own.
func TestAttackHeaders(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	const evil = "a\r\nX-Admin: yes\r\n\r\nGET /owned HTTP/1.1"
	for name, w := range map[string]action.Webhook{
		"a header": {URL: "receiver:box", Headers: map[string]string{"X-Name": "{{ evil }}"}},
		"a method": {URL: "receiver:box", Method: "POST / HTTP/1.1\r\nX-Admin: yes\r\n\r\n"},
		"a name":   {URL: "receiver:box", Headers: map[string]string{"X-A: b\r\nX-Admin": "yes"}},
		"the URL":  {URL: s.URL() + "/_emulator/receiver/box?{{ evil }}"},
		"the host": {URL: strings.TrimSuffix(s.URL(), "/") + "{{ evil }}/"},
	} {
		var c action.Context
		if err := json.Unmarshal(fmt.Appendf(nil, `{"evil":%q}`, evil), &c); err != nil {
			t.Fatal(err)
		}
		f, _, err := s.FireWebhook(t.Context(), w, c, false)
		if err == nil && (len(f.Attempts) != 0 || !strings.HasPrefix(f.Error, "Nothing was sent: ")) {
			t.Errorf("%s: %d attempts, %s", name, len(f.Attempts), f.Error)
		}
	}
	if got := s.Receiver().Requests("box"); len(got) != 0 {
		t.Errorf("%d requests arrived, the first with %v", len(got), got[0].Headers)
	}
	for _, f := range []fault.Fault{{Kind: fault.KindRedirect, Location: "https://x.test/\r\nSet-Cookie: a=b"}, {Kind: fault.KindRedirect, Location: "https://x.test/\nx"}} {
		if _, err := s.AddFaults([]fault.Fault{f}); err == nil {
			a := post(t, s, body())
			if a.header.Get("Set-Cookie") != "" || strings.Contains(a.body, "Set-Cookie") {
				t.Errorf("the fault's Location became a header: %v", a.header)
			}
		}
	}
}

// TestAttackUpstreamSpellings: only the host that was named is relayed to, however another one is written.
func TestAttackUpstreamSpellings(t *testing.T) {
	for _, host := range []string{
		"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:7f00:1]:1", "0.0.0.0", "169.254.169.254", "[fe80::1]", "localhost", "localhost.", "127.0.0.1.evil.test",
		"127.0.0.1@10.0.0.1", "10.0.0.1#127.0.0.1", "10.0.0.1?127.0.0.1", `10.0.0.1\@127.0.0.1`, "127.0.0.1%2f@10.0.0.1", "127.0.0.1:80:80",
	} {
		s, err := emulator.New(emulator.Config{Upstream: "http://" + host + "/integrations/deploy/" + realUUID, AllowUpstream: []string{"127.0.0.1"}})
		if err == nil {
			if host != "[::ffff:7f00:1]:1" { // the same address, so it was named
				t.Errorf("%s was taken for 127.0.0.1", host)
			}
			s.Close()
		} else if strings.Contains(err.Error(), realUUID) {
			t.Errorf("the error names the secret: %v", err)
		}
	}
}

// bomb is a gzip of so many MiB of spaces and a success behind them.
func bomb(t *testing.T, mib int) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range mib {
		z.Write(blank)
	}
	io.WriteString(z, `{"result":"ok"}`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAttackCompressedBodies: nobody makes the emulator unpack what is a thousand times what was sent. A deploy is not
// unpacked at all (nor by Rails), and of a real OpsLevel's answer no more than its limit.
func TestAttackCompressedBodies(t *testing.T) {
	packed := bomb(t, 128)
	allocated := func(attack func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		attack()
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) >> 20
	}
	s := emulator.Start(t, emulator.Config{})
	used := allocated(func() {
		req, _ := http.NewRequest("POST", s.IntegrationURL(), strings.NewReader(packed))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", "gzip")
		if got := do(t, req); got.status != 400 {
			t.Errorf("a packed deploy = %d %s", got.status, got.body)
		}
	})
	if used > 64 {
		t.Errorf("a packed deploy of %d KiB took %d MiB", len(packed)>>10, used)
	}
	up := startRaw(t, says(fmt.Sprintf("HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(packed), packed)))
	relay := relaying(t, up.url(), emulator.Config{})
	used = allocated(func() {
		req, _ := http.NewRequest("POST", relay.IntegrationURL(), strings.NewReader(body()))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept-Encoding", "gzip") // set by hand, so that the client leaves the body alone
		do(t, req)
	})
	if e := lastDeploy(t, relay); used > 64 || e.Result == deploy.OK {
		t.Errorf("a packed answer took %d MiB and was read as %q", used, e.Result)
	}
	target := startRaw(t, says(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(packed), packed)))
	used = allocated(func() {
		f, _, err := s.FireWebhook(t.Context(), action.Webhook{URL: "http://" + target.address + "/", ResponseTemplate: "{{ response.body }}"}, action.Context{}, false)
		if err != nil || len(f.RenderedResponse) > 2<<20 {
			t.Errorf("a packed answer rendered %d bytes: %v", len(f.RenderedResponse), err)
		}
	})
	if used > 64 {
		t.Errorf("a packed answer of a webhook took %d MiB", used)
	}
}

// TestAttackBombs: a fixture that grows without end when its aliases are written out is refused soon, and changes nothing.
func TestAttackBombs(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	for _, text := range []string{laughs, "version: 1\nservices: " + strings.Repeat("[", 100_000), "version: 1\nservices:\n" + strings.Repeat("- {name: &a x, description: *a}\n", 100_000)} {
		if got := control(t, s, "PUT", "/fixtures", text); got.status != 400 || !strings.Contains(got.body, "more than ") {
			t.Errorf("a bomb = %d %.200s", got.status, got.body)
		}
	}
	if n := len(s.Events()); n != 0 || len(s.Services()) == 0 {
		t.Errorf("a bomb changed the account: %d events", n)
	}
}

// TestAttackFloodOfTheAccount: 10,000 of each are taken or refused at once; what is beyond a limit is refused by name, and
// deploys are answered all the while.
func TestAttackFloodOfTheAccount(t *testing.T) {
	many := make([]catalog.Integration, catalog.MaxIntegrations-1)
	for i := range many {
		many[i].UUID = fmt.Sprintf("filler-%d", i)
	}
	many = append(many, catalog.Integration{UUID: deployUUID})
	full := emulator.Start(t, emulator.Config{Fixtures: &catalog.Contents{Integrations: many}})
	if got := control(t, full, "POST", "/integrations", `{}`); got.status != 409 || !strings.Contains(got.body, `"full"`) {
		t.Errorf("one integration too many = %d %s", got.status, got.body)
	}
	services := make([]catalog.Service, catalog.MaxServices)
	for i := range services {
		services[i].Name = fmt.Sprintf("filler %d", i)
	}
	crowded := emulator.Start(t, emulator.Config{Fixtures: &catalog.Contents{Services: services, Integrations: []catalog.Integration{{UUID: deployUUID}}}})
	post(t, crowded, body(`"service":"stranger"`))
	for _, r := range [][2]string{{"/services", `{"name":"one more"}`}, {"/services/filler_1/aliases", `{"alias":"one_more"}`}, {"/suggestions/stranger/accept", `{}`}, {"/suggestions/stranger/bind", `{"service":"filler_1"}`}} {
		if got := control(t, crowded, "POST", r[0], r[1]); got.status != 409 || !strings.Contains(got.body, `"full"`) {
			t.Errorf("%s on a full account = %d %s", r[0], got.status, got.body)
		}
	}
	if a := post(t, crowded, body(`"service":"filler_1"`)); a.status != 202 {
		t.Errorf("a deploy to a full account = %d %s", a.status, a.body)
	}
	called := make([]catalog.Service, 100)
	for i := range called {
		called[i].Name = fmt.Sprintf("called %d", i)
		for j := range catalog.MaxAliases/len(called) - 1 { // its slug is one, too
			called[i].Aliases = append(called[i].Aliases, fmt.Sprintf("%d/%d", i, j))
		}
	}
	named := emulator.Start(t, emulator.Config{Fixtures: &catalog.Contents{Services: called}})
	if got := control(t, named, "POST", "/services/called_1/aliases", `{"alias":"one_more"}`); got.status != 409 || !strings.Contains(got.body, `"full"`) {
		t.Errorf("one alias too many = %d %s", got.status, got.body)
	}
	s := emulator.Start(t, emulator.Config{})
	faults := make([]fault.Fault, 10_000)
	for i := range faults {
		faults[i] = fault.Fault{Kind: fault.KindStatus, Status: 503}
	}
	text, _ := json.Marshal(map[string]any{"faults": faults})
	if got := control(t, s, "POST", "/faults", string(text)); got.status != 409 || len(s.Faults()) != 0 {
		t.Errorf("10,000 faults = %d %.200s, and %d are in force", got.status, got.body, len(s.Faults()))
	}
	for i := range 10_000 {
		if _, err := s.CreateIntegration(catalog.Integration{}, 0); err != nil {
			t.Fatalf("integration %d: %v", i, err)
		}
	}
	for _, path := range []string{"/integrations", "/integrations?limit=1000"} {
		if got := control(t, s, "GET", path, ""); got.status != 200 || len(got.body) > 1<<20 {
			t.Errorf("%s = %d, %d bytes", path, got.status, len(got.body))
		}
	}
	wantAnswer(t, post(t, s, body()), 202, okBody)
}
