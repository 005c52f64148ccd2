package cli_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The senders of these tests end with post, which sends what it reads.
const (
	post = `curl -sS -o /dev/null -H 'Content-Type: application/json' --data-binary @- "$OPSLEVEL_INTEGRATION_URL"`

	// payload is healthy JSON.
	payload = `import json,os,subprocess,datetime
git = lambda *a: subprocess.run(["git", *a], capture_output=True, check=True).stdout.decode()
env = os.environ.get("ENVIRONMENT", "Production")
print(json.dumps({
  "service": "cart", "environment": env, "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
  "description": os.environ["CI_COMMIT_MESSAGE"], "deployer": {"name": git("log", "-1", "--format=%an").strip()},
  "commit": {"sha": git("rev-parse", "HEAD").strip(), "message": git("log", "-1", "--format=%B").strip(), "branch": os.environ["CI_COMMIT_REF_NAME"]},
  "dedup_id": DEDUP}))
`
	ownDedup = `"-".join(["cart", env, os.environ["CI_JOB_ID"]])`
)

// python is a sender that is healthy if its dedup id is.
func python(dedup string) string {
	return "python3 - <<'END' | " + post + "\n" + strings.Replace(payload, "DEDUP", dedup, 1) + "END\n"
}

// concatenated is JSON made of strings.
const concatenated = post + ` <<END
{"service":"cart","environment":"Production","deployed_at":"$(date -u +%FT%TZ)","deployer":{"name":"ci"},"description":"$CI_COMMIT_MESSAGE"}
END
`

// unquoted gives the text through a shell without quotes.
const unquoted = `python3 -c 'import json,sys; print(json.dumps({"service":"cart","environment":"Production","deployed_at":sys.argv[1],"deployer":{"name":"ci"},"description":" ".join(sys.argv[2:])}))' "$(date -u +%FT%TZ)" $CI_COMMIT_MESSAGE | ` + post

// yamlByPrintf writes the file of the OpsLevel CLI by hand, and reads it as that CLI does: what it cannot read is as if
// it were not there. The reader knows just the YAML that stands in such files.
const yamlByPrintf = `printf 'service: "cart"\nenvironment: "Production"\ndescription: "%s"\n' "$CI_COMMIT_MESSAGE" >data.yaml
python3 - <<'END' | ` + post + `
import json,re,datetime
body = {"service": "", "deployer": {"email": "automation@opslevel.com"}, "description": "Event Created by OpsLevel CLI", "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat()}
text = open("data.yaml", newline="").read()
lines = re.findall(r'([a-z]+): "((?:[^"\\]|\\["\\/ntu])*)"\n', text)
if "".join('%s: "%s"\n' % l for l in lines) == text:
    body.update({k: json.loads('"%s"' % v.replace("\n", " ").replace("\r", "")) for k, v in lines})
print(json.dumps(body))
END
`

// spliced is a step of a workflow with an expression in the midst of its script.
const spliced = `curl -sS -o /dev/null -H 'Content-Type: application/json' -d "{\"service\":\"cart\",\"deployed_at\":\"$(date -u +%FT%TZ)\",\"deployer\":{\"name\":\"x\"},\"description\":\"${{ github.event.head_commit.message }}\"}" "$OPSLEVEL_INTEGRATION_URL"`

// firstLine is a healthy sender that describes a deploy by the first line of its message.
func firstLine() string {
	return strings.Replace(python(ownDedup), `os.environ["CI_COMMIT_MESSAGE"]`, `os.environ["CI_COMMIT_MESSAGE"].split("\n")[0]`, 1)
}

// TestProbe: real senders, healthy and with one defect each.
func TestProbe(t *testing.T) {
	needs(t, "python3", "curl", "git", "date")
	for _, c := range []struct {
		name, script string
		flags        []string
		code         int
		says         []string // on stdout
		not          string
	}{
		{"healthy", python(ownDedup), []string{"--rerun", "--system", "gitlab", "--system", "git"}, 0,
			[]string{"git message -> commit.message", "CI_COMMIT_MESSAGE -> description", "the next run, production"}, "bad:"},
		{"JSON by concatenation", concatenated, []string{"--system", "gitlab", "--value", "double-quote", "--value", "single-quote", "--value", "newline", "--value", "backslash"}, 4,
			[]string{"bad: double-quote in CI_COMMIT_MESSAGE: broken", "a quote ended the JSON string", "bad: newline", "bad: backslash", "cure: Build the JSON with"}, "bad: single-quote"},
		{"unquoted shell", unquoted, []string{"--system", "gitlab", "--value", "star", "--value", "spaces", "--value", "double-quote"}, 4,
			[]string{"bad: star in CI_COMMIT_MESSAGE: changed", "bad: spaces", "went through a shell unquoted"}, "bad: double-quote"},
		{"YAML by printf", yamlByPrintf, []string{"--system", "gitlab", "--value", "double-quote", "--value", "colon"}, 4,
			[]string{"bad: double-quote in CI_COMMIT_MESSAGE: broken", "broke the YAML that the OpsLevel CLI reads"}, "bad: colon"},
		{"text in the script", spliced, []string{"--system", "github", "--value", "command"}, 4, []string{"A shell ran the command that stands in the value"}, ""},
		{"a defect that is allowed", unquoted, []string{"--system", "gitlab", "--value", "star", "--allow", "star"}, 0, []string{"note: star"}, "bad:"},
		{"the first line alone", firstLine(), []string{"--system", "gitlab", "--value", "newline"}, 0, []string{"warning: newline", "cut at the first line break"}, "bad:"},
		{"the first line alone, strictly", firstLine(), []string{"--system", "gitlab", "--value", "newline", "--strict"}, 4, []string{"warning: newline"}, "bad:"},
		{"a variable of one's own", strings.Replace(concatenated, "CI_COMMIT_MESSAGE", "NOTES", 1), []string{"--system", "git", "--variable", "NOTES", "--value", "double-quote"}, 4, []string{"bad: double-quote in NOTES"}, ""},

		{"constant dedup id", python(`"deploy-cart-7"`), []string{"--rerun", "--no-values"}, 4, []string{"bad: the next run, staging", "drops every later one", "bad: the same run, production"}, ""},
		{"constant dedup id for each environment", python(`"deploy-" + env`), []string{"--rerun", "--no-values"}, 4, []string{"bad: the next run, staging"}, "bad: the same run"},
		{"dedup by sha", python(`os.environ["CI_COMMIT_SHA"]`), []string{"--rerun", "--no-values"}, 4, []string{"bad: the same run, production", "production never gets a deploy"}, "bad: the next run, staging"},
		{"dedup by the run", python(`os.environ["GITHUB_RUN_ID"] + env`), []string{"--rerun", "--no-values"}, 0, []string{"note: the same run, second try, production", "same deploy"}, "bad:"},
		{"dedup by the second", python(`"cart-%d" % datetime.datetime.now().timestamp()`), []string{"--rerun", "--no-values"}, 0, nil, "bad:"},
		{"environments not taken", strings.Replace(python(`os.environ["CI_PIPELINE_ID"]`), `os.environ.get("ENVIRONMENT", "Production")`, `"Production"`, 1),
			[]string{"--rerun", "--no-values", "--environment", "a", "--environment", "b"}, 0, []string{"was not checked", "the environment that arrived is the same in every run"}, "bad:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.file("a file", "for a * without quotes")
			got := b.run(append(append([]string{"probe"}, c.flags...), "--", "sh", "-c", c.script)...)
			if got.code != c.code || !strings.HasPrefix(got.lastLine(), "bubblelevel: exit code ") {
				t.Errorf("want code %d, got %s", c.code, got)
			}
			for _, says := range c.says {
				if !strings.Contains(got.out, says) {
					t.Errorf("it does not say %q: %s", says, got)
				}
			}
			if c.not != "" && strings.Contains(got.out, c.not) {
				t.Errorf("it says %q: %s", c.not, got)
			}
		})
	}
}

// TestProbeBaseline: a sender that does not even do with harmless values ends the probe as it would end exec.
func TestProbeBaseline(t *testing.T) {
	for _, c := range []struct {
		name   string
		flags  []string
		script string
		code   int
		says   string
	}{
		{"the command fails", nil, `printf 'no \033[2Jtoken\n' >&2; exit 3`, 3, `no \x1b[2Jtoken`},
		{"nothing is sent", nil, "true", 4, "silent.nothing_sent"},
		{"refused", nil, send + "--remove description || true", 4, "silent.rejected"},
		{"late", []string{"--timeout", "50ms", "--grace", "50ms"}, "sleep 60", 5, "--timeout"},
		{"no value reaches it", nil, send, 0, "no value that a probe can set reaches the payload"},
		{"a value that fits nowhere", []string{"--system", "git", "--variable", "NOTES", "--value", "trailing-zero"}, send + `--set description="$NOTES"`, 5, "can hold --value trailing-zero"},
		{"a value for a place that does not reach it", []string{"--system", "octopus", "--variable", "NOTES", "--value", "trailing-zero", "--value", "hash"}, send + `--set description="$NOTES"`, 5, "could stand in Octopus.Release.Number"},
		{"a value, and nothing reaches it", []string{"--value", "hash"}, send, 5, "so --value hash was put nowhere"},
		{"a value that need not be tried", []string{"--value", "hash", "--allow", "hash"}, send, 0, "no value that a probe can set reaches the payload"},
		{"harmless values alone", []string{"--variable", "NOTES", "--no-values"}, send + `--set description="$NOTES"`, 0, "nothing but harmless values was tried"},
		{"nothing is sent, and that is allowed", []string{"--allow", "silent.nothing_sent", "--rerun"}, "true", 0, "5 trials"},
		{"an unknown value", []string{"--value", "double-qote"}, send, 2, `did you mean "double-quote"`},
		{"an unknown system", []string{"--system", "travis"}, send, 2, "error: --system"},
		{"an unknown permission", []string{"--allow", "doublequote"}, send, 2, "double-quote"},
		{"contradicting", []string{"--no-values", "--value", "hash"}, send, 2, "contradict"},
		{"no runs", []string{"--max-runs", "0"}, send, 2, "--max-runs"},
		{"too few runs", []string{"--rerun", "--max-runs", "2"}, send + `--set dedup_id="$GITHUB_RUN_ID-$ENVIRONMENT"`, 5, "--max-runs is reached"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			got := b.run(append(append([]string{"probe"}, c.flags...), "--", "sh", "-c", c.script)...)
			if got.code != c.code || !strings.Contains(got.err, c.says) || strings.Contains(got.err+got.out, "\x1b") {
				t.Errorf("want code %d and %q, got %s", c.code, c.says, got)
			}
		})
	}
}

// TestProbeLeavesNoTrace: the repository and the job around the probe are as they were, and so are the temporary files.
func TestProbeLeavesNoTrace(t *testing.T) {
	needs(t, "git")
	b := newBench(t)
	temp := t.TempDir()
	b.env = append(b.env, "TMPDIR="+temp, "GITHUB_STEP_SUMMARY="+filepath.Join(b.dir, "summary"), "GITHUB_OUTPUT="+filepath.Join(b.dir, "output"))
	b.file("precious", "untracked\n")
	script := `git checkout -q -f HEAD -- . ; git reset -q --hard; git clean -qfdx; git -c user.name=x -c user.email=x@example.test commit -q --allow-empty -m own
		echo x=1 >>"$GITHUB_OUTPUT"; echo hi >>"$GITHUB_STEP_SUMMARY"; ` + send + `--set "commit.message=$(git log -2 --format=%s)"`
	got := b.run("probe", "--value", "hash", "--", "sh", "-c", script)
	if got.code != 0 || !strings.Contains(got.out, "git message -> commit.message") || b.read("precious") != "untracked\n" {
		t.Error(got)
	}
	for _, name := range []string{".git", "summary", "output"} {
		if _, err := os.Stat(filepath.Join(b.dir, name)); err == nil {
			t.Errorf("the command has written %s", name)
		}
	}
	if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestProbeInCopy: what reads .git itself sees the throw-away repository there, and the folder itself stays as it is.
func TestProbeInCopy(t *testing.T) {
	needs(t, "git")
	b := newBench(t)
	b.file("sub/words", "from the copy")
	b.file(".git/HEAD", "the real one")
	got := b.run("probe", "--in-copy", "--value", "newline", "--", "sh", "-c",
		`[ -z "$GIT_DIR" ] && [ -d .git/objects ] && [ "$(cat sub/words)" = "from the copy" ] && echo more >>sub/others && `+send+`--set "commit.message=$(git log -1 --format=%B)"`)
	if got.code != 0 || !strings.Contains(got.out, "git message -> commit.message") || b.read(".git/HEAD") != "the real one" {
		t.Error(got)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "sub", "others")); err == nil {
		t.Error("the command ran in the folder itself")
	}
}

// TestProbeReports: JSON and JUnit hold every trial, and nothing that a sender wrote gives a runner a command.
func TestProbeReports(t *testing.T) {
	needs(t, "curl", "date")
	b := newBench(t)
	b.env = append(b.env, "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(b.dir, "summary.md"))
	got := b.run("probe", "--system", "gitlab", "--value", "double-quote", "--value", "hash", "--output", "json",
		"--report-junit", "out/junit.xml", "--report-json", "out/report.json", "--", "sh", "-c", concatenated)
	var printed, written struct {
		Verdict string
		Results []struct {
			Value, Outcome, Grade, Put, Arrived, Cause, Cure string
			Carrier                                          struct{ Name string }
		}
	}
	if err := json.Unmarshal([]byte(got.out), &printed); err != nil {
		t.Fatal(err, got)
	}
	if err := json.Unmarshal([]byte(b.read("out/report.json")), &written); err != nil {
		t.Fatal(err)
	}
	if printed.Verdict != "not_met" || len(printed.Results) != 2 || printed.Results[0].Outcome != "broken" || printed.Results[1].Outcome != "unchanged" || len(written.Results) != 2 {
		t.Errorf("%+v\n%+v", printed, written)
	}
	var suites struct {
		Suite struct {
			Case []struct {
				Name    string  `xml:"name,attr"`
				Failure *string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(b.read("out/junit.xml")), &suites); err != nil {
		t.Fatal(err)
	}
	if c := suites.Suite.Case; len(c) != 3 || c[1].Failure == nil || c[2].Failure != nil || c[1].Name != "double-quote in CI_COMMIT_MESSAGE" {
		t.Errorf("%+v", suites)
	}
	if !strings.HasPrefix(got.err, "::error title=deploy broken%3A double-quote::") {
		t.Error(got)
	}
	// What was put in and what arrived stands between <code> and </code>, with its punctuation as entities.
	summary := b.read("summary.md")
	rest := regexp.MustCompile(`<code>[\w &;#\x{80}-\x{10ffff}]*</code>`).ReplaceAllString(summary, "")
	if bad := regexp.MustCompile("[<>`\"'*@{}\\[]").FindString(rest); bad != "" || !strings.HasPrefix(summary, "### bubblelevel probe: not met\n") {
		t.Errorf("the summary holds %q outside of code:\n%s", bad, summary)
	}
}

// Senders for faults. The faults of the tests wait for nothing, so that no test does.
const (
	faultsFile = `version: 1
faults:
  - {id: down, kind: status, status: 503}
  - {id: once, kind: status, status: 503, first: 1}
  - {id: lost, kind: lost_answer, first: 1}
  - {id: gone, kind: status, status: 404, first: 1}
`
	// try sends a payload with the dedup id that stands for ID, and fails unless the answer is a 202.
	try = `try() { [ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d '{"service":"cart","environment":"Production","description":"d","deployed_at":"2026-07-01T10:00:00Z","deployer":{"name":"ci"},"dedup_id":"'"$1"'"}' "$OPSLEVEL_INTEGRATION_URL")" = 202 ]; }
`
)

// TestProbeFaults: what a sender does about a failure, healthy and with one defect each.
func TestProbeFaults(t *testing.T) {
	needs(t, "curl")
	for _, c := range []struct {
		name, script string
		flags        []string
		code         int
		says         []string
		not          string
	}{
		{"tries again with the same id", try + "try 7 || try 7 || try 7", nil, 0,
			[]string{"down   3  ", "once   2  ", "lost   2  ", "tries again once", "with the same dedup_id: good", "warning: down"}, "bad"},
		{"no retry, aloud", try + "try 7", nil, 0, []string{"the deploy is there, and yet the command fails", "A report that fails breaks your pipeline; decide whether you want it"}, "bad"},
		{"no retry, in silence", try + "try 7; true", nil, 4, []string{"once   1  ", "bad      does not try again: the deploy is lost and the command ends with 0", "bad: once", "bad: gone"}, "bad: lost"},
		{"a new id for each try", try + "try 7a || try 7b || try 7c", nil, 4, []string{"lost   2  ", "one deploy became 2", "cure: Make the dedup_id once"}, "bad: once"},
		{"without an id", try + "try '' || try ''", nil, 4, []string{"bad: lost", "none"}, ""},
		{"strictly", try + "try 7", []string{"--strict"}, 4, nil, "bad"},
		{"a defect that is allowed", try + "try 7; true", []string{"--allow", "once", "--allow", "gone"}, 0, nil, "bad"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.file("faults.yaml", faultsFile)
			got := b.run(append(append([]string{"probe", "--no-values", "--faults=faults.yaml"}, c.flags...), "--", "sh", "-c", c.script)...)
			if got.code != c.code {
				t.Errorf("want code %d, got %s", c.code, got)
			}
			for _, says := range c.says {
				if !strings.Contains(got.out, says) {
					t.Errorf("it does not say %q: %s", says, got)
				}
			}
			if c.not != "" && strings.Contains(got.out, c.not) {
				t.Errorf("it says %q: %s", c.not, got)
			}
		})
	}
}

// TestProbeFaultsFile: the file may stand behind a space, too, and what is wrong with it is said before anything runs.
func TestProbeFaultsFile(t *testing.T) {
	for _, c := range []struct {
		name, file string
		args       []string
		code       int
		says       string
	}{
		{"behind a space", "version: 1\nfaults:\n  - {kind: latency, delay: 1ms}\n", []string{"--faults", "faults.yaml", "--"}, 0, "in 1 trial"},
		{"the faults of the file, one at a time", "version: 1\nfaults:\n  - {kind: latency, delay: 1ms}\n  - {kind: latency, delay: 1ms}\n", []string{"--faults=faults.yaml", "--"}, 0, "in 2 trials"},
		{"no such kind", "version: 1\nfaults:\n  - {kind: latenc}\n", []string{"--faults=faults.yaml", "--"}, 2, "faults.yaml:3:"},
		{"for webhooks", "version: 1\nfaults:\n  - {kind: reset, on: outgoing}\n", []string{"--faults=faults.yaml", "--"}, 2, "for webhooks"},
		{"not there", "version: 1\n", []string{"--faults=nowhere.yaml", "--"}, 2, "nowhere.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.file("faults.yaml", c.file)
			got := b.run(append(append([]string{"probe", "--no-values"}, c.args...), "sh", "-c", "echo >>ran; "+send)...)
			if got.code != c.code || !strings.Contains(got.err, c.says) {
				t.Errorf("want code %d and %q, got %s", c.code, c.says, got)
			}
			if _, err := os.Stat(filepath.Join(b.dir, "ran")); (err == nil) != (c.code == 0) {
				t.Error("the command ran, or did not:", err)
			}
		})
	}
}

// TestExecTellsBehaviour: exec says of each fault what the command did about it, and leaves the exit code alone.
func TestExecTellsBehaviour(t *testing.T) {
	needs(t, "curl")
	b := newBench(t)
	b.file("faults.yaml", "version: 1\nfaults:\n  - {id: once, kind: status, first: 1}\n")
	got := b.exec(try+"try 7 || try 7", "--faults", "faults.yaml", "--report-json", "report.json")
	if got.code != 0 || !strings.Contains(got.err, "once   2 ") || !strings.Contains(got.err, "with the same dedup_id: good") || got.out != "" {
		t.Error(got)
	}
	var r struct {
		Faults []struct {
			Fault, Grade string
			Retries      int
		}
	}
	if err := json.Unmarshal([]byte(b.read("report.json")), &r); err != nil || len(r.Faults) != 1 || r.Faults[0].Retries != 1 || r.Faults[0].Grade != "good" {
		t.Errorf("%+v %v", r, err)
	}
	if got = b.exec(try+"try 7; true", "--faults", "faults.yaml"); got.code != 4 || !strings.Contains(got.err, "does not try again: the deploy is lost") {
		t.Error(got)
	}
}

// TestProbeGivesUp: a sender that hangs over every value costs two runs' time, and not twenty's.
func TestProbeGivesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.run("probe", "--system", "gitlab", "--timeout", "3s", "--grace", "10ms", "--", "sh", "-c",
		`echo >>runs; case "$CI_COMMIT_TITLE" in *tame*) `+send+`--set "description=$CI_COMMIT_TITLE";; *) sleep 60;; esac`)
	if got.code != 4 || !strings.Contains(got.err, "two runs in a row did not come to their end") || strings.Count(b.read("runs"), "\n") != 3 {
		t.Error(got, b.read("runs"))
	}
}

// TestProbeInterrupted: Ctrl-C ends the command and the probe, and nothing is left.
func TestProbeInterrupted(t *testing.T) {
	needs(t, "mkfifo")
	b := newBench(t)
	temp := t.TempDir()
	b.env = append(b.env, "TMPDIR="+temp)
	if out, err := exec.Command("mkfifo", filepath.Join(b.dir, "ready")).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	cmd := b.command("probe", "--", "sh", "-c", "echo $$ >ready; exec sleep 60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid, err := os.ReadFile(filepath.Join(b.dir, "ready"))
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the state says more
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	if err := exec.Command("kill", "-0", strings.TrimSpace(string(pid))).Run(); err == nil {
		t.Error("the command still runs")
	}
	if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
