package scenarios_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// service is an emulator that runs as a service container does: variables only, a token, no fixture of its own.
type service struct {
	b    *bench
	home string
	// integration is the URL that deploys go to, control that of the control API.
	integration, control string
}

const serviceToken = "only-for-this-job"

func (b *bench) serve(t *testing.T, args ...string) *service {
	t.Helper()
	s := &service{b: b, home: t.TempDir()}
	cmd := exec.Command(filepath.Join(b.bin, "bubblelevel"), append([]string{"serve"}, args...)...)
	cmd.Dir = s.home
	cmd.Env = []string{"PATH=" + b.path, "HOME=" + s.home, "BUBBLELEVEL_LISTEN=127.0.0.1:0", "BUBBLELEVEL_DB=:memory:", "BUBBLELEVEL_TOKEN=" + serviceToken}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, lines)
	for _, field := range strings.Fields(line) {
		switch name, value, _ := strings.Cut(field, "="); name {
		case "integration_url":
			s.integration = value
		case "control_url":
			s.control = value
		}
	}
	if s.integration == "" || s.control == "" {
		t.Fatalf("the first line is %q", line)
	}
	return s
}

// bash runs a script of a job beside the service.
func (s *service) bash(t *testing.T, text string, env ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command("bash", "-e", "-c", text)
	cmd.Dir = s.home
	cmd.Env = slices.Concat([]string{"PATH=" + s.b.path, "HOME=" + s.home, "LANG=C.UTF-8", "NO_PROXY=127.0.0.1,localhost",
		"BUBBLELEVEL_URL=" + s.control, "BUBBLELEVEL_TOKEN=" + serviceToken, "OPSLEVEL_INTEGRATION_URL=" + s.integration}, env)
	return outcome(t, cmd)
}

// testServiceContainers runs what the samples do round the report, in the order of the job: our services, the report,
// the verdict. The verdict is red where the report is missing.
func (b *bench) testServiceContainers(t *testing.T) {
	for _, job := range []struct {
		name, services, verdict string
		environments            []string
	}{
		{"github", script(t, "github-actions/deploy.yml", "jobs", "contract", "steps", 1, "run"),
			script(t, "github-actions/deploy.yml", "jobs", "contract", "steps", 3, "run"), []string{"Staging", "Production"}},
		{"gitlab", script(t, "gitlab/.gitlab-ci.yml", "contract", "script", 0) + "\n" + script(t, "gitlab/.gitlab-ci.yml", "contract", "script", 1),
			script(t, "gitlab/.gitlab-ci.yml", "contract", "script", 3), []string{"Staging"}},
		{"circleci", script(t, "circleci/config.yml", "jobs", "contract", "steps", 1, "run", "command"),
			script(t, "circleci/config.yml", "jobs", "contract", "steps", 4, "run", "command"), []string{"Staging", "Production"}},
	} {
		t.Run(job.name, func(t *testing.T) {
			t.Parallel()
			s := b.serve(t)
			copyFile(t, samples("opslevel.yml"), filepath.Join(s.home, "opslevel.yml"))
			copyFile(t, samples("shell", "report-deploy.sh"), filepath.Join(s.home, "report-deploy.sh"))
			if out, errs, code := s.bash(t, job.services); code != 0 {
				t.Fatalf("our services: exit code %d\n%s\n%s", code, out, errs)
			}
			hasty := strings.ReplaceAll(job.verdict, "10s", "10ms")
			if out, _, code := s.bash(t, hasty); code == 0 {
				t.Errorf("the verdict is green before anything was reported:\n%s", out)
			}
			for _, environment := range job.environments {
				if out, errs, code := s.bash(t, "./report-deploy.sh", "SERVICE=shopping_cart", "ENVIRONMENT="+environment, "RUN=7"); code != 0 || !strings.Contains(out, `"ok"`) {
					t.Fatalf("report: exit code %d\n%s\n%s", code, out, errs)
				}
			}
			if out, errs, code := s.bash(t, job.verdict); code != 0 {
				t.Errorf("verdict: exit code %d\n%s\n%s", code, out, errs)
			}
		})
	}
}

// testCompose plays compose.yaml: the emulator with its command, the report with its variables, the verdict.
func (b *bench) testCompose(t *testing.T) {
	services := document(t, "compose/compose.yaml").Get("services")
	fixture, err := filepath.Abs(samples("opslevel.yml"))
	if err != nil {
		t.Fatal(err)
	}
	command := list(t, services.Find("opslevel", "command"))
	if command[0] != "serve" {
		t.Fatalf("the emulator's command is %v", command)
	}
	for i, word := range command {
		if word == "/etc/bubblelevel/opslevel.yml" {
			command[i] = fixture
		}
	}
	s := b.serve(t, command[1:]...)
	report, err := filepath.Abs(samples("shell", "report-deploy.sh"))
	if err != nil {
		t.Fatal(err)
	}
	var env []string
	for _, p := range services.Find("report", "environment").Pairs {
		value := p.Value.Text
		if name, rest, ok := strings.Cut(value, ":-"); ok && strings.HasPrefix(name, "${") {
			value = strings.TrimSuffix(rest, "}")
		}
		env = append(env, p.Key.Text+"="+strings.Replace(value, "http://opslevel:6775", s.control, 1))
	}
	verdict := "bubblelevel \"$@\""
	verify := func() (string, string, int) {
		return s.bash(t, "set -- "+quoted(list(t, services.Find("verify", "command")))+"\n"+verdict)
	}
	if out, errs, code := s.bash(t, "sh "+report, env...); code != 0 {
		t.Fatalf("report: exit code %d\n%s\n%s", code, out, errs)
	}
	if out, errs, code := verify(); code != 0 {
		t.Errorf("verdict: exit code %d\n%s\n%s", code, out, errs)
	}
	if out, _, code := s.bash(t, "bubblelevel reset --yes 2>/dev/null || bubblelevel reset; set -- verify --within 10ms service:shopping_cart; "+verdict); code != 4 {
		t.Errorf("the verdict on nothing has exit code %d\n%s", code, out)
	}
}

func list(t *testing.T, n *yamlfile.Node) (words []string) {
	t.Helper()
	if n == nil || len(n.Items) == 0 {
		t.Fatal("a command is missing")
	}
	for _, item := range n.Items {
		words = append(words, item.Text)
	}
	return words
}

func quoted(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(" '" + strings.ReplaceAll(w, "'", `'\''`) + "'")
	}
	return b.String()
}

// testArgoCD renders the notification template as Argo CD does, for applications with plain and with odd names, and
// posts the bodies: they are recorded, each with a dedup_id of its own.
func (b *bench) testArgoCD(t *testing.T) {
	s := b.serve(t, "--fixtures", samplePath(t, "opslevel.yml"))
	inner, err := yamlfile.Parse("template", []byte(script(t, "argocd/argocd-notifications-cm.yaml", "data", "template.report-deploy")))
	if err != nil {
		t.Fatal(err)
	}
	body := inner.Docs[0].Find("webhook", "opslevel", "body").Text
	functions := template.FuncMap{"toJson": func(v any) (string, error) {
		text, err := json.Marshal(v)
		return string(text), err
	}}
	page, err := template.New("body").Funcs(functions).Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, started := range []string{"2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z"} {
		for _, environment := range []string{"Staging", `Prod "eu": 1`} {
			var out bytes.Buffer
			if err := page.Execute(&out, application(started, environment)); err != nil {
				t.Fatal(err)
			}
			resp, err := http.Post(s.integration, "application/json", &out)
			if err != nil {
				t.Fatal(err)
			}
			answer, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if string(answer) != `{"result":"ok"}` {
				t.Errorf("%s %s: %s %s", started, environment, resp.Status, answer)
			}
		}
	}
}

func samplePath(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(samples(name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// application is what Argo CD gives to a template, as far as the sample looks at it.
func application(started, environment string) map[string]any {
	return map[string]any{
		"context": map[string]any{"argocdUrl": "https://argocd.acme.test"},
		"app": map[string]any{
			"metadata": map[string]any{
				"name": `shop "blue"`, "uid": "b1d7b7a8-3c1f-4a55-9f57-1f2f7f6c1e9a",
				"labels": map[string]any{"opslevel-service": "shopping_cart", "environment": environment},
			},
			"status": map[string]any{"operationState": map[string]any{
				"startedAt": started, "finishedAt": strings.Replace(started, ":00:00", ":00:41", 1),
				"syncResult": map[string]any{"revision": "53e28ff20cc530b9ada2173fbbd64d48338583ba"},
			}},
		},
	}
}

// testRecipes types what the samples' page says for senders that run elsewhere, at one emulator that both share: each
// verify is red before its sender has posted, and green after.
func (b *bench) testRecipes(t *testing.T) {
	s := b.serve(t, "--fixtures", samplePath(t, "opslevel.yml"))
	post := func(environment, number string) string {
		return `curl -sS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL?agent=jenkins-1.2.6" -d '{"service":"shopping_cart","environment":"` +
			environment + `","description":"d","deployed_at":"2026-07-01T10:00:00Z","deploy_number":"` + number + `","commit":{"sha":"53e28ff20cc530b9ada2173fbbd64d48338583ba"}}'` + "\n"
	}
	for _, recipe := range []struct{ section, post string }{
		{"## Jenkins with the plugin", post("Staging", "61")}, {"## Octopus", post("Development", "1.10")},
	} {
		create, verify := "", ""
		_, rest, _ := strings.Cut(text(t, "README.md"), recipe.section)
		rest, _, _ = strings.Cut(rest, "\n## ")
		for line := range strings.SplitSeq(rest, "\n") {
			switch {
			case strings.HasPrefix(line, "bubblelevel integrations create"), strings.HasPrefix(line, "set -a"):
				create += line + "\n"
			case strings.HasPrefix(line, "bubblelevel verify"):
				verify = line
			}
		}
		if create == "" || verify == "" {
			t.Fatalf("%s: the recipe is missing", recipe.section)
		}
		if out, errs, code := s.bash(t, create); code != 0 {
			t.Fatalf("%s: exit code %d\n%s\n%s", recipe.section, code, out, errs)
		}
		begin := "set -a; . ./shop.env; set +a\n"
		hasty := strings.NewReplacer("30s", "10ms", "60s", "10ms").Replace(verify)
		if out, errs, code := s.bash(t, begin+hasty); code != 4 {
			t.Errorf("%s: before the deploy: exit code %d\n%s\n%s", recipe.section, code, out, errs)
		}
		if recipe.section == "## Octopus" {
			recipe.post = strings.Replace(recipe.post, `"service"`, `"deployer":{"name":"octo"},"service"`, 1)
		}
		if out, errs, code := s.bash(t, begin+recipe.post+verify); code != 0 {
			t.Errorf("%s: after the deploy: exit code %d\n%s\n%s", recipe.section, code, out, errs)
		}
	}
}
