package scenarios

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// runText runs a scenario with these steps.
func runText(t *testing.T, head, steps string, o Options) Result {
	t.Helper()
	s, err := Parse(filepath.Join(t.TempDir(), "s.yaml"), []byte("version: 1\nname: x\n"+head+"\nsteps:\n"+steps))
	if err != nil {
		t.Fatal(err)
	}
	return Run(context.Background(), []*Scenario{s}, o).Results[0]
}

const cart = "account: {services: [{name: Cart}]}"

// What a sender would take for success and is none fails without anybody asking.
func TestSendMustBeRecorded(t *testing.T) {
	for step, why := range map[string]string{
		"- send: {set: {service: kart}}":                         `result should be "ok", and is "no_service_found"`,
		"- send: {set: {service: cart}, remove: [description]}":  `result should be "ok", and is "rejected"`,
		"- send: {set: {service: kart}, answer: {findings: []}}": `result should be "ok"`,
		"- send: {path: /nowhere, payload: {}}":                  "http should be less than 300",
		"- send: {set: {service: cart}, answer: {none: true}}":   "an answer came, HTTP 202",
		"- fire: nowhere":         "nowhere",
		"- fault: reset\n- send:": "there was no answer",
		"- accept: kart":          `the suggestion for "kart" could not be accepted`,
		"- send: {set: {service: cart}}\n- capture: {a: event.serivce}": `there is no "serivce" did you mean "service"?`,
		"- send: {integration: Nowhere}":                                `there is no integration "Nowhere"`,
	} {
		if r := runText(t, cart, step, Options{}); r.Outcome == Passed || !strings.Contains(r.Why, why) || r.Line == 0 || r.Excerpt == "" {
			t.Errorf("%s: %s: %q at %d, want %q", step, r.Outcome, r.Why, r.Line, why)
		}
	}
}

func TestMatchers(t *testing.T) {
	got := `{"n":5,"big":12345678901234567891,"s":"five","list":["a",{"b":1}],"o":{"a":1,"b":2},"null":null,"empty":""}`
	for want, holds := range map[string]bool{
		"{n: 5}": true, "{n: 5.0}": true, `{n: "5"}`: false, "{n: 6}": false, "{big: 12345678901234567891}": true, "{big: 12345678901234567892}": false,
		"{s: five}": true, "{s: Five}": false, "{list: [a, {b: 1}]}": true, "{list: [a]}": false, "{list: [{b: 1}, a]}": false,
		"{o: {a: 1}}": true, "{o: {equals: {a: 1}}}": false, "{o: {equals: {b: 2, a: 1}}}": true, "{o: {c: 1}}": false, "{o: {has: {b: {gt: 1}}}}": true,
		"{s: {contains: iv}}": true, "{list: {contains: a}}": true, "{list: {contains: b}}": false, "{o: {contains: a}}": false, "{gone: {contains: a}}": false,
		"{s: {matches: ^f.*e$}}": true, "{s: {matches: x}}": false, "{null: {matches: .*}}": false,
		"{n: {one_of: [4, 5]}}": true, "{n: {one_of: [4, {lt: 3}]}}": false,
		"{gone: {exists: false}}": true, "{null: {exists: false}}": true, "{empty: {exists: false}}": true, "{s: {exists: true}}": true, "{gone: {exists: true}}": false, "{gone: null}": true, "{s: null}": false,
		"{n: {not: 6}}": true, "{n: {not: 5}}": false, "{gone: {not: 5}}": false, "{gone: {not: {exists: true}}}": true, "{o: {not: {has: {c: 1}}}}": true,
		"{n: {gt: 4}}": true, "{n: {gt: 5}}": false, "{n: {lt: 6}}": true, "{s: {lt: 6}}": false, "{gone: {lt: 6}}": false,
	} {
		f, err := yamlfile.Parse("want", []byte(want))
		if err != nil {
			t.Fatal(err)
		}
		c := checker{f: f}
		m := compile(&c, f.Docs[0], deep)
		if len(c.errs) > 0 {
			t.Errorf("%s: %v", want, c.errs)
		}
		if misses := m.match(nil, "body", decodeJSON([]byte(got)), true); (len(misses) == 0) != holds {
			t.Errorf("%s: misses %v, want held %v", want, misses, holds)
		}
	}
}

// Captured values keep their types, and never become commands or YAML.
func TestReferences(t *testing.T) {
	r := runText(t, cart, `
- send: {set: {service: cart, dedup_id: a, description: "': [${emulator.now} $${kept}"}}
- capture: {seq: event.seq, text: event.deploy.description, all: event.findings, url: event.request.path}
- send:
    payload: {seq: "${captured.seq}", both: "n ${captured.seq}", text: "${captured.text}", service: cart, description: d, deployed_at: "${emulator.now}", deployer: {name: x}}
    answer: {result: ok}
- capture: {body: event.request.body}
- send: {set: {service: cart, dedup_id: "${captured.body}"}, answer: {deploy: {dedup_id: {contains: '"seq":1,"both":"n 1"'}}}}
- send: {set: {service: cart, dedup_id: x}, answer: {deploy: {dedup_id: {not: "${captured.body}"}}}}
`, Options{})
	if r.Outcome != Passed {
		t.Error(explain(r))
	}
	// What is wrong only once it is replaced is wrong at its place.
	r = runText(t, cart, "- send: {set: {service: cart}}\n- capture: {d: event.deploy.description}\n- expect: \"nowhere:${captured.d}\"\n", Options{})
	if r.Outcome != Broken || r.Line != 7 || !strings.Contains(r.Why, "unknown field nowhere") {
		t.Error(explain(r))
	}
}

func TestFilesOutsideAreNotRead(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.json")
	mustWrite(t, secret, `{"service":"cart","description":"d","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x"}}`)
	mustWrite(t, filepath.Join(dir, "account.yaml"), "version: 1\nservices: [{name: Cart}]\n")
	inner := filepath.Join(dir, "inner")
	mustWrite(t, filepath.Join(inner, "own.json"), `{"service":"x"}`)
	for link, to := range map[string]string{"link.json": secret, "link.yaml": filepath.Join(dir, "account.yaml")} {
		if err := os.Symlink(to, filepath.Join(inner, link)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	mustWrite(t, filepath.Join(inner, "template.yaml"), "version: 1\ntemplates: [{name: a, forge: none, webhook: {url: 'receiver:a', payload_file: ../secret.json}}]\n")
	for head, step := range map[string]string{
		"description: a": "- send: {file: ../secret.json}", "description: b": "- send: {file: '" + secret + "'}", "description: c": "- send: {file: link.json}",
		"fixtures: [../account.yaml]": "- reset:", "fixtures: [link.yaml]": "- reset:", "fixtures: [template.yaml]": "- reset:",
	} {
		s, err := Parse(filepath.Join(inner, "s.yaml"), []byte("version: 1\nname: x\n"+head+"\nsteps:\n"+step))
		if err != nil {
			t.Errorf("%s: %v", step, err)
			continue
		}
		if r := Run(context.Background(), []*Scenario{s}, Options{}).Results[0]; r.Outcome != Broken || !strings.Contains(r.Text, "folder") {
			t.Errorf("%s %s: %s", head, step, explain(r))
		}
	}
	big := filepath.Join(inner, "big.json")
	mustWrite(t, big, strings.Repeat("a", MaxBody+1))
	s, err := Parse(filepath.Join(inner, "s.yaml"), []byte("version: 1\nname: x\nsteps:\n- send: {file: big.json}"))
	if err != nil {
		t.Fatal(err)
	}
	if r := Run(context.Background(), []*Scenario{s}, Options{}).Results[0]; !strings.Contains(r.Why, "larger than 8 MiB") {
		t.Error(explain(r))
	}
}

func mustWrite(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Isolation: scenarios that run at the same time see nothing of each other, and each waits on its own clock.
func TestEachHasItsOwn(t *testing.T) {
	src := "version: 1\nname: x\nnow: 2026-01-02T03:04:05Z\n" + cart + `
steps:
- send: {set: {service: cart, dedup_id: same}}
- expect: {query: "service:cart", times: 1}
- advance: 24h
- send: {set: {service: cart, dedup_id: other, deployed_at: "${emulator.now}"}, answer: {deploy: {deployed_at: {matches: ^2026-01-03}}}}
- expect: {query: "service:cart newer:1h", times: 1}
- expect: {query: "service:search", never: true, within: 20ms}
`
	var all []*Scenario
	for range 20 {
		s, err := Parse("s.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	report := Run(context.Background(), all, Options{Parallel: MaxParallel + 1})
	for _, r := range report.Results {
		if r.Outcome != Passed {
			t.Fatal(explain(r))
		}
	}
}

// A deadline, and an end from outside, are no verdict.
func TestIncomplete(t *testing.T) {
	slow := "- expect: {query: 'service:cart', within: 1h}"
	if r := runText(t, cart, slow, Options{Timeout: 30 * time.Millisecond}); r.Outcome != Incomplete || !strings.Contains(r.Why, "not done after 30ms") {
		t.Error(explain(r))
	}
	s, err := Parse("s.yaml", []byte("version: 1\nname: x\nsteps:\n"+slow))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	report := Run(ctx, []*Scenario{s}, Options{})
	if report.Results[0].Outcome != Skipped {
		t.Error(explain(report.Results[0]))
	}
	// One that was under way is incomplete.
	ctx, cancel = context.WithCancel(context.Background())
	report = Run(ctx, []*Scenario{mustParse(t, "- reset:"), s}, Options{Done: func(Result) { cancel() }})
	if o := report.Results[1].Outcome; o != Skipped && o != Incomplete {
		t.Error(explain(report.Results[1]))
	}
}

func mustParse(t *testing.T, steps string) *Scenario {
	t.Helper()
	s, err := Parse("s.yaml", []byte("version: 1\nname: x\nsteps:\n"+steps))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFailFastAndOrder(t *testing.T) {
	all := []*Scenario{mustParse(t, "- reset:"), mustParse(t, "- accept: nothing"), mustParse(t, "- reset:")}
	var seen []Outcome
	report := Run(context.Background(), all, Options{FailFast: true, Done: func(r Result) { seen = append(seen, r.Outcome) }})
	if got := []Outcome{report.Results[0].Outcome, report.Results[1].Outcome, report.Results[2].Outcome}; got[0] != Passed || got[1] != Failed || got[2] != Skipped || len(seen) != 3 {
		t.Errorf("got %v, told of %v", got, seen)
	}
	if report.Outcome() != Failed || report.Count(Passed) != 1 {
		t.Errorf("the whole is %s", report.Outcome())
	}
	if b, err := json.Marshal(report); err != nil || !strings.Contains(string(b), `"outcome":"skipped"`) {
		t.Errorf("%s, %v", b, err)
	}
}

// A bound on what a program writes: the beginning is kept, the program is not stopped.
func TestOutputIsBounded(t *testing.T) {
	var k kept
	for range 3 {
		if n, err := k.Write(make([]byte, MaxOutput/2+1)); n != MaxOutput/2+1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if len(k.b) != MaxOutput {
		t.Errorf("%d bytes were kept", len(k.b))
	}
}

// TestProgramsDoNotGetTheRealURL: a program of a scenario finds the scenario's emulator, and nothing of a real integration.
func TestProgramsDoNotGetTheRealURL(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	r := runText(t, "", `
- run:
    script: 'echo "[$BUBBLELEVEL_UPSTREAM] [$KEPT] [${OPSLEVEL_INTEGRATION_URL%%:*}]"'
    stdout: {equals: "[] [yes] [http]\n"}
`, Options{AllowRun: true, Environ: []string{"PATH=" + os.Getenv("PATH"), "BUBBLELEVEL_UPSTREAM=https://app.opslevel.com/integrations/deploy/secret", "KEPT=yes"}})
	if r.Outcome != Passed {
		t.Error(explain(r))
	}
}
