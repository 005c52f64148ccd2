package emulator_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestFromAnotherModule: the package works in somebody else's go test.
func TestFromAnotherModule(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"go.mod": strings.Replace(readFile(t, "go.mod"), "module "+module+"\n", "module example.test/pipeline\n", 1) +
			"\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + root(t) + "\n",
		// What the module needs is what this one needs: no registry is asked.
		"go.sum": readFile(t, "go.sum"),
		"pipeline_test.go": `package pipeline

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

func TestPipelineReportsDeploy(t *testing.T) {
	t.Parallel()
	ol := emulator.Start(t, emulator.Config{})
	payload := ` + "`" + `{"service":"shopping_cart","description":"d","deployed_at":"2026-01-02","deployer":{"name":"x"}}` + "`" + `
	resp, err := http.Post(ol.IntegrationURL(), "application/json", strings.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	d := ol.Deploys()
	if len(d) != 1 || d[0].Result != deploy.OK || d[0].Deploy.Description != "d" {
		t.Errorf("deploys = %v", d)
	}
}
`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "test", "-mod=mod", "-count=1", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go test in another module: %v\n%s", err, out)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
