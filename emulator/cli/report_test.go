package cli_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// hostile is what a sender may write to reach past a report: workflow commands of three runners, Markdown, HTML,
// terminal control, and XML that is none.
const hostile = "x\r\n::error::owned\r\n::set-output name=a::b\n##[add-mask]c ##vso[task.complete] ##teamcity[x]\x1b[2J\x00 </failure>]]> | `code` <img src=x> @octocat #1 **bold** https://evil.example ![i](j) \u202e mary@example.com"

// writer is a script that sends a hostile deploy, which is refused or dropped, and a healthy one.
func hostileBench(t *testing.T) (b *bench, script string) {
	b = newBench(t)
	b.file("opslevel.yml", cartYML)
	payload, err := json.Marshal(map[string]any{
		"service": hostile, "description": hostile, "environment": hostile, "dedup_id": hostile, "deployed_at": "2026-01-02T03:04:05Z",
		"deployer": map[string]string{"name": hostile, "email": "mary@example.com"}, "status": hostile,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.file("hostile.json", string(payload))
	return b, `"$BL" send hostile.json >/dev/null 2>&1; ` + send + ">/dev/null 2>&1"
}

// junitFile is what both readers named below make of a report.
type junitFile struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    *int   `xml:"tests,attr"`
		Failures *int   `xml:"failures,attr"`
		Errors   *int   `xml:"errors,attr"`
		Skipped  *int   `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
		Cases    []struct {
			Name      string        `xml:"name,attr"`
			ClassName string        `xml:"classname,attr"`
			Time      string        `xml:"time,attr"`
			Failures  []junitResult `xml:"failure"`
			Errors    []junitResult `xml:"error"`
			Skipped   []junitResult `xml:"skipped"`
			Other     []struct {
				XMLName xml.Name
			} `xml:",any"`
			Attributes []xml.Attr `xml:",any,attr"`
		} `xml:"testcase"`
		Other []struct {
			XMLName xml.Name
		} `xml:",any"`
	} `xml:"testsuite"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func readJUnit(t *testing.T, text string) (f junitFile) {
	t.Helper()
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	checkJUnit(t, f)
	return f
}

// checkJUnit holds a report against the rules of two readers.
//
// The Jenkins JUnit plugin (its schema is that of the xunit plugin's junit-10.xsd): the root is testsuites or testsuite; a
// testsuite needs name and tests, and a testcase name and classname; a testcase holds at most one of skipped, error and
// failure, and besides these system-out and system-err only; message and type are attributes; time is a decimal number
// of seconds; a testcase has no other attributes than name, classname, time and group.
//
// GitLab's unit test reports: from each testcase name, classname and time are read, and the text of failure or error is
// shown; two testcases of one name in one suite are taken for one, so names are unique; the totals come from counting.
func checkJUnit(t *testing.T, f junitFile) {
	t.Helper()
	decimal := regexp.MustCompile(`^\d+\.\d+$`)
	for _, s := range f.Suites {
		failures, errs := 0, 0
		seen := map[string]bool{}
		if s.Name == "" || s.Tests == nil || *s.Tests != len(s.Cases) || len(s.Other) > 0 || !decimal.MatchString(s.Time) {
			t.Errorf("the suite breaks a rule: %+v", s)
		}
		for _, c := range s.Cases {
			failures += len(c.Failures)
			errs += len(c.Errors)
			switch {
			case c.Name == "" || c.ClassName == "" || !decimal.MatchString(c.Time) || len(c.Other)+len(c.Attributes) > 0,
				len(c.Failures)+len(c.Errors)+len(c.Skipped) > 1, seen[c.ClassName+" "+c.Name]:
				t.Errorf("the testcase breaks a rule: %+v", c)
			}
			seen[c.ClassName+" "+c.Name] = true
			for _, r := range append(c.Failures, c.Errors...) {
				if r.Message == "" || r.Type == "" || strings.TrimSpace(r.Text) == "" {
					t.Errorf("%s has a failure that says nothing: %+v", c.Name, r)
				}
			}
		}
		if *s.Failures != failures || *s.Errors != errs || f.Tests != *s.Tests || f.Failures != failures {
			t.Errorf("the totals are wrong: %+v", s)
		}
	}
}

func TestJUnit(t *testing.T) {
	b, script := hostileBench(t)
	got := b.exec(script, "--report-junit", "out/deep/junit.xml", "--expect", "service:cart", "--expect", "service:cart", "--expect", "environment:staging", "--strict")
	if got.code != 4 {
		t.Fatal(got)
	}
	f := readJUnit(t, b.read("out/deep/junit.xml"))
	var names []string
	for _, c := range f.Suites[0].Cases {
		state := "passed"
		if len(c.Failures) > 0 {
			state = "failed"
		}
		names = append(names, c.Name+": "+state)
	}
	want := []string{
		"the command succeeds: passed", "at least 1 deploy for service:cart: passed", "at least 1 deploy for service:cart (2): passed",
		"at least 1 deploy for environment:staging: failed", "no deploy is lost: failed", "no warnings: failed",
	}
	if strings.Join(names, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
	// A run that is green has the same tests, so that each keeps its history.
	if got := b.exec(send, "--report-junit", "green.xml"); got.code != 0 {
		t.Fatal(got)
	}
	if f := readJUnit(t, b.read("green.xml")); f.Failures != 0 || f.Tests != 3 {
		t.Errorf("got %+v", f)
	}
	if got := b.exec("exit 3", "--report-junit", "failed.xml"); got.code != 3 {
		t.Fatal(got)
	}
	if f := readJUnit(t, b.read("failed.xml")); len(f.Suites[0].Cases[0].Failures) != 1 {
		t.Errorf("got %+v", f)
	}
}

func TestJSONReport(t *testing.T) {
	b, script := hostileBench(t)
	if got := b.exec(script, "--report-json", "r.json"); got.code != 4 {
		t.Fatal(got)
	}
	var r struct {
		Version, Requests, Recorded int
		Verdict, Whose, Summary     string
		ExitCode                    int `json:"exit_code"`
		Expectations                []struct{ Verdict string }
		Lost                        []struct {
			Seq      int
			Findings []struct{ ID, Cure string }
		}
	}
	if err := json.Unmarshal([]byte(b.read("r.json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Version != 1 || r.Requests != 2 || r.Recorded != 1 || r.Verdict != "not_met" || r.Whose != "bubblelevel" || r.ExitCode != 4 ||
		len(r.Expectations) != 1 || len(r.Lost) != 1 || r.Lost[0].Seq != 1 || r.Lost[0].Findings[0].Cure == "" {
		t.Errorf("got %+v", r)
	}
}

// TestRedaction: reports leave the machine, so they hold neither secrets nor addresses unless somebody says so.
func TestRedaction(t *testing.T) {
	b, script := hostileBench(t)
	b.env = append(b.env, "DEPLOY_TOKEN=hush-hush-hush")
	flags := []string{"--report-json", "r.json", "--report-junit", "r.xml", "--expect",
		"deployer.email:bob@example.com message:~hush-hush-hush description:~ghp_0123456789abcdefghij not:url:https://me:pass@host"}
	if got := b.exec(script, flags...); got.code != 4 {
		t.Fatal(got)
	}
	secret := regexp.MustCompile(`mary@|bob@|hush-hush|ghp_0|me:pass`)
	for _, name := range []string{"r.json", "r.xml"} {
		if found := secret.FindString(b.read(name)); found != "" {
			t.Errorf("%s holds %s", name, found)
		}
	}
	if got := b.exec(script, append(flags, "--no-redact")...); got.code != 4 {
		t.Fatal(got)
	}
	for _, want := range []string{"mary@", "bob@", "hush-hush", "ghp_0", "me:pass"} {
		if want != "mary@" && !strings.Contains(b.read("r.json"), want) {
			t.Errorf("--no-redact leaves %s out", want)
		}
	}
}

// TestGitHub: annotations and the job summary say what is wrong, and nothing that a sender wrote is obeyed or rendered.
func TestGitHub(t *testing.T) {
	b, script := hostileBench(t)
	b.env = append(b.env, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(b.dir, "summary.md"))
	b.file("summary.md", "of an earlier step\n")
	got := b.exec(script, "--expect", "environment:staging")
	if got.code != 4 {
		t.Fatal(got)
	}
	annotations := 0
	for line := range strings.Lines(got.err) {
		line = strings.TrimRight(line, "\n")
		// The runner's rule for commands: a line that begins with "::" after blanks, or has "##[" anywhere.
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			annotations++
			if !regexp.MustCompile(`^::(error|warning) title=[^:,]*::`).MatchString(line) || strings.Count(line, "::") != 2 {
				t.Errorf("a workflow command that is not ours: %q", line)
			}
		}
		if strings.Contains(line, "##[") || strings.Contains(line, "##vso[") || strings.Contains(line, "##teamcity[") {
			t.Errorf("an older workflow command: %q", line)
		}
		for _, r := range line {
			if !unicode.IsPrint(r) {
				t.Errorf("%q in %q", r, line)
			}
		}
	}
	if annotations == 0 || annotations > 10 || !strings.HasPrefix(got.lastLine(), "bubblelevel: exit code 4") {
		t.Errorf("%d annotations; the last line is %q", annotations, got.lastLine())
	}
	summary := b.read("summary.md")
	if !strings.HasPrefix(summary, "of an earlier step\n### bubblelevel exec: not met\n") {
		t.Errorf("the summary begins so: %.80q", summary)
	}
	// What others wrote stands between <code> and </code>, with its punctuation as entities.
	rest := regexp.MustCompile(`<code>[\w &;#\x{80}-\x{10ffff}]*</code>`).ReplaceAllString(summary, "")
	if bad := regexp.MustCompile("[<>`*@]|https?:|!\\[").FindString(rest); bad != "" || strings.Contains(summary, "mary@") {
		t.Errorf("the summary holds %q outside of code:\n%s", bad, summary)
	}
	for line := range strings.Lines(rest) {
		if n := strings.Count(line, "|"); strings.HasPrefix(line, "|") && n != 4 && n != 5 {
			t.Errorf("a cell broke its row: %q", line)
		}
	}
	if got := b.exec(send); strings.Contains(got.err, "\n::") || got.code != 0 {
		t.Errorf("a green run is annotated: %s", got)
	}
}

// TestReportThatCannotBeWritten: a missing report is no verdict on the deploys, and not to be overlooked either.
func TestReportThatCannotBeWritten(t *testing.T) {
	b := newBench(t)
	b.file("taken", "a file where a folder is needed")
	if got := b.exec(send, "--report-junit", "taken/junit.xml"); got.code != 1 || !strings.Contains(got.lastLine(), "the report is missing") {
		t.Error(got)
	}
	if got := b.exec("exit 3", "--report-junit", "taken/junit.xml"); got.code != 3 {
		t.Error(got)
	}
	if got := b.exec(send, "--report-json", os.DevNull); got.code != 0 {
		t.Error(got)
	}
}

// TestSummaryThatCannotBeWritten: the summary of a job is nobody's wish by name. Where its file is not there, as in a container,
// a healthy pipeline stays green.
func TestSummaryThatCannotBeWritten(t *testing.T) {
	b := newBench(t)
	b.env = append(b.env, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(b.dir, "no", "such", "folder", "summary"))
	if got := b.exec(send); got.code != 0 || !strings.Contains(got.err, "the summary of the job is not written") {
		t.Error(got)
	}
	if got := b.exec("true"); got.code != 4 {
		t.Error(got)
	}
}

// TestScenarioReports: what a scenario and a sender write reaches past none of the reports of run.
func TestScenarioReports(t *testing.T) {
	b := newBench(t)
	quoted, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	b.file("s/hostile.yaml", "version: 1\nname: "+string(mustJSON(t, strings.ReplaceAll(strings.ReplaceAll(hostile, "\r", " "), "\n", " ")))+
		"\naccount: {services: [{name: Cart}]}\nsteps:\n  - send: {set: {service: "+string(quoted)+"}}\n")
	b.file("s/twin.yaml", "version: 1\nname: twin\naccount: {services: [{name: Cart}]}\nsteps:\n  - send: {set: {service: cart}}\n")
	b.file("s/twin2.yaml", "version: 1\nname: twin\nsteps:\n  - expect: {query: 'service:cart', within: 1h}\n")
	b.file("s/zkipped.yaml", "version: 1\nname: left out\nsteps:\n  - reset:\n")
	b.env = append(b.env, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(b.dir, "summary.md"))
	got := b.run("run", "s", "--timeout", "3s", "--parallel", "4", "--report-junit", "j.xml", "--report-json", "r.json")
	if got.code != 4 {
		t.Fatal(got)
	}
	f := readJUnit(t, b.read("j.xml"))
	if f.Tests != 4 || f.Failures != 1 || *f.Suites[0].Errors != 1 || f.Suites[0].Cases[2].Name != "twin (2)" {
		t.Errorf("got %+v", f)
	}
	for _, text := range []string{got.out, got.err} {
		for line := range strings.Lines(text) {
			trimmed := strings.TrimSpace(line)
			if strings.HasPrefix(trimmed, "::") && !strings.HasPrefix(trimmed, "::error file=s/") || strings.Contains(line, "##[") || strings.Contains(line, "\x1b") {
				t.Errorf("a workflow command or control that is not ours: %q", line)
			}
		}
	}
	summary := b.read("summary.md")
	rest := regexp.MustCompile(`<code>[\w &;#\x{80}-\x{10ffff}]*</code>`).ReplaceAllString(summary, "")
	if bad := regexp.MustCompile("[<>`*@]|https?:|!\\[").FindString(rest); bad != "" {
		t.Errorf("the summary holds %q outside of code:\n%s", bad, summary)
	}
	if all := b.read("j.xml") + b.read("r.json") + summary; strings.Contains(all, "mary@") {
		t.Error("a report holds an address")
	}
	// One that is left out has its place.
	got = b.run("run", "s/hostile.yaml", "s/zkipped.yaml", "--fail-fast", "--parallel", "1", "--report-junit", "k.xml")
	if f := readJUnit(t, b.read("k.xml")); got.code != 4 || len(f.Suites[0].Cases[1].Skipped) != 1 {
		t.Errorf("%s: %+v", got, f)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
