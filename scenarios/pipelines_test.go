package scenarios_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// samples is the folder of fixtures/pipelines.
func samples(elem ...string) string {
	return filepath.Join(append([]string{"..", "fixtures", "pipelines"}, elem...)...)
}

// hostile is a commit message that breaks every payload made by hand.
const hostile = "Merge \"fix: tax\" into 'main' 🚀\n\n: # ${HOME} $(exit 3) `exit 4` \\n \\ %s {{x}} #{y}\t<&>"

// sample is a script of a sample, and how it is judged.
type sample struct {
	name string
	// text is the script, in the language of sh.
	text string
	env  []string
	// exec are the flags of exec.
	exec []string
}

// TestPipelineSamples runs what of fixtures/pipelines can run here, with the real binary.
func TestPipelineSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary and runs the samples")
	}
	for _, program := range []string{"bash", "curl", "jq", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: the samples cannot run", program)
		}
	}
	b := newBench(t)
	t.Run("report", b.testReports)
	t.Run("service container", b.testServiceContainers)
	t.Run("compose", b.testCompose)
	t.Run("argocd", b.testArgoCD)
	t.Run("recipes", b.testRecipes)
}

// testReports runs the scripts as their systems do, with a hostile commit message, and lets exec judge them.
func (b *bench) testReports(t *testing.T) {
	gitlab := script(t, "gitlab/.gitlab-ci.yml", ".deploy", "script", 2)
	github := script(t, "github-actions/deploy.yml", "jobs", "contract", "steps", 2, "run")
	circle := script(t, "circleci/config.yml", "commands", "report", "steps", 0, "run", "command")
	// Octopus gives its scripts this function; probe brings one of its own.
	octopus := "type get_octopusvariable >/dev/null 2>&1 || get_octopusvariable() { printenv \"${1//./_}\" || true; }\n" +
		"function octopus() { case $1 in Opslevel.IntegrationUrl) echo \"$OPSLEVEL_INTEGRATION_URL\" ;; *) get_octopusvariable \"$1\" ;; esac; }\n" +
		strings.ReplaceAll(text(t, "octopus/report-deploy.sh"), "$(get_octopusvariable ", "$(octopus ")
	message := func(system string, more ...string) []string { return slices.Concat(systems[system], more) }
	for _, s := range []sample{
		{"shell", "./ci/report-deploy.sh", []string{"SERVICE=shopping_cart", "ENVIRONMENT=Staging", "COMMIT_MESSAGE=" + hostile, "DESCRIPTION=" + hostile},
			[]string{"--expect", "service:shopping_cart environment:Staging status:success"}},
		{"gitlab", gitlab, message("gitlab", "SERVICE=shopping_cart", "ENVIRONMENT=Production", "CI_COMMIT_MESSAGE="+hostile, "CI_COMMIT_TITLE="+hostile),
			[]string{"--type", "gitlabCi", "--expect", "service:shopping_cart environment:Production number:52"}},
		{"github", workflowVariables(t) + github, message("github", "GITHUB_EVENT_PATH="+pushEvent(t)),
			[]string{"--type", "githubActions", "--expect", "environment:Staging", "--expect", "environment:Production"}},
		{"circleci", circle, message("circleci", "SERVICE=shopping_cart", "ENVIRONMENT=Staging"),
			[]string{"--type", "circleci", "--expect", "service:shopping_cart environment:Staging number:911"}},
		{"jenkins", jenkinsStep(t), message("jenkins", "ENVIRONMENT=Production"),
			[]string{"--type", "jenkins", "--expect", "service:shopping_cart environment:Production number:61 branch:main"}},
		{"octopus", octopus, message("octopus", "Octopus_Release_Notes="+hostile, "Octopus_Task_Id=ServerTasks-7", "Octopus_Deployment_CreatedBy_DisplayName=Oct O'Pus"),
			[]string{"--type", "octopus", "--expect", "service:shopping_cart environment:Production number:1.10"}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b.judge(t, s)
			if systems[s.name] != nil {
				b.probe(t, s)
			}
		})
	}
}

// judge lets exec judge a sample.
func (b *bench) judge(t *testing.T, s sample) {
	t.Helper()
	field := "message"
	if s.name == "octopus" {
		field = "description"
	}
	arrived := field + ":/" + strings.NewReplacer("\n", `\s`, "\t", `\s`, " ", `\s`).Replace(regexp.QuoteMeta(hostile)) + "/"
	b.sample(t, s, append([]string{"exec", "--strict", "--expect", arrived}, s.exec...)...)
}

// probe runs a sample as the next run, as a second try and for each environment, with the values that break most.
func (b *bench) probe(t *testing.T, s sample) {
	t.Helper()
	args := []string{"probe", "--rerun", "--system", s.name, "--value", "double-quote", "--value", "command"}
	// Where a system has a place for it: a commit message for a line break, a release for the zero at its end.
	switch s.name {
	case "github", "gitlab":
		args = append(args, "--value", "newline")
	case "octopus":
		args = append(args, "--value", "newline", "--value", "trailing-zero")
	}
	b.sample(t, s, args...)
}

// sample runs a sample in a checkout whose newest commit is hostile.
func (b *bench) sample(t *testing.T, s sample, judge ...string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(b.repository)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "ci"), 0o755); err != nil {
		t.Fatal(err)
	}
	copyFile(t, samples("opslevel.yml"), filepath.Join(dir, "opslevel.yml"))
	copyFile(t, samples("shell", "report-deploy.sh"), filepath.Join(dir, "ci", "report-deploy.sh"))
	env := slices.Concat([]string{"PATH=" + b.path, "HOME=" + t.TempDir(), "LANG=C.UTF-8"}, gitIdentity, s.env)
	commit := exec.Command("git", "commit", "-q", "--allow-empty", "-m", hostile)
	commit.Dir, commit.Env = dir, env
	if out, err := commit.CombinedOutput(); err != nil {
		t.Fatalf("git commit: %v\n%s", err, out)
	}
	cmd := exec.Command(filepath.Join(b.bin, "bubblelevel"), append(judge, "--", "bash", "-e", "-c", s.text)...)
	cmd.Dir, cmd.Env = dir, env
	if stdout, stderr, code := outcome(t, cmd); code != 0 {
		t.Errorf("%s: exit code %d\n%s\n%s", judge[0], code, stdout, stderr)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o755); err != nil {
		t.Fatal(err)
	}
}

// document reads a YAML file of the samples.
func document(t *testing.T, name string) *yamlfile.Node {
	t.Helper()
	f, err := yamlfile.Parse(name, []byte(text(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	return f.Docs[0]
}

// script is a text of a YAML file.
func script(t *testing.T, name string, path ...any) string {
	t.Helper()
	n := document(t, name).Find(path...)
	if n == nil || n.Kind != yamlfile.String {
		t.Fatalf("%s has no script at %v", name, path)
	}
	return n.Text
}

// text is a whole file of the samples.
func text(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(samples(filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// jenkinsStep is the sh step of the Jenkinsfile that reports.
func jenkinsStep(t *testing.T) string {
	t.Helper()
	_, rest, found := strings.Cut(text(t, "jenkins/Jenkinsfile.curl"), "sh '''\n")
	step, _, closed := strings.Cut(rest, "'''")
	if !found || !closed {
		t.Fatal("Jenkinsfile.curl has no step sh '''")
	}
	return step
}

// pushEvent is the file in which GitHub tells of a push.
func pushEvent(t *testing.T) string {
	t.Helper()
	event, err := json.Marshal(map[string]any{"head_commit": map[string]any{"message": hostile}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(path, event, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// workflowVariables sets those of the step that reports, with the expressions filled in as GitHub does: from its own
// variables, and from the file of the event.
func workflowVariables(t *testing.T) string {
	t.Helper()
	filled := strings.NewReplacer(
		"${{ github.run_id }}", "$GITHUB_RUN_ID", "${{ github.run_attempt }}", "$GITHUB_RUN_ATTEMPT", "${{ github.run_number }}", "$GITHUB_RUN_NUMBER",
		"${{ github.workflow }}", "$GITHUB_WORKFLOW", "${{ github.server_url }}", "$GITHUB_SERVER_URL", "${{ github.repository }}", "$GITHUB_REPOSITORY",
		"${{ github.actor }}", "$GITHUB_ACTOR", "${{ github.sha }}", "$GITHUB_SHA", "${{ github.head_ref || github.ref_name }}", "$GITHUB_REF_NAME",
		"${{ github.event.head_commit.message || github.event.pull_request.title }}", `$(jq -r '.head_commit.message' "$GITHUB_EVENT_PATH")`)
	var b strings.Builder
	for _, p := range document(t, "github-actions/deploy.yml").Find("jobs", "contract", "steps", 2, "env").Pairs {
		value := filled.Replace(p.Value.Text)
		if strings.Contains(value, "${{") {
			t.Fatalf("%s: nobody filled in %s", p.Key.Text, value)
		}
		b.WriteString("export " + p.Key.Text + "=\"" + value + "\"\n")
	}
	return b.String()
}

// TestSampleScriptsTakeNoExpressions: no system pastes a value into a script.
func TestSampleScriptsTakeNoExpressions(t *testing.T) {
	files, err := filepath.Glob(samples("*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	files = append(files, samples("gitlab", ".gitlab-ci.yml"))
	for _, path := range files {
		switch filepath.Ext(path) {
		case ".yml", ".yaml":
			name, _ := filepath.Rel(samples(), path)
			scripts(document(t, filepath.ToSlash(name)), "", func(at, text string) {
				for _, mark := range []string{"${{", "<<parameters", "<< parameters"} {
					if strings.Contains(text, mark) {
						t.Errorf("%s: %s pastes a value into a script: %s", name, at, text)
					}
				}
				if sh, err := exec.LookPath("sh"); err == nil && at != "args" {
					check := exec.Command(sh, "-n")
					check.Stdin = strings.NewReader(text)
					if out, err := check.CombinedOutput(); err != nil {
						t.Errorf("%s: %s: %v\n%s", name, at, err, out)
					}
				}
			})
		case ".sh":
			if sh, err := exec.LookPath("bash"); err == nil {
				if out, err := exec.Command(sh, "-n", path).CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", path, err, out)
				}
			}
		}
	}
}

// scripts calls with each text of a file that a shell reads.
func scripts(n *yamlfile.Node, key string, with func(at, text string)) {
	if n == nil {
		return
	}
	switch key {
	case "run", "command", "script", "args":
		if n.Kind == yamlfile.String {
			with(key, n.Text)
		}
	}
	for _, p := range n.Pairs {
		scripts(p.Value, p.Key.Text, with)
	}
	for _, item := range n.Items {
		if key == "script" || key == "args" {
			scripts(item, key, with)
		} else {
			scripts(item, "", with)
		}
	}
}
