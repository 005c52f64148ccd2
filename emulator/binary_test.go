package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// binary is the real bubblelevel, built once for all tests of this package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bubblelevel-test")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	path := filepath.Join(dir, "bubblelevel")
	out, err := exec.Command("go", "build", "-o", path, module).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}
	return path, nil
})

// binaryDir is where the binary was built; empty where no test asked for it.
var binaryDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if binaryDir != "" {
		os.RemoveAll(binaryDir)
	}
	os.Exit(code)
}

// process is a running bubblelevel.
type process struct {
	cmd            *exec.Cmd
	integrationURL string
	controlURL     string
	stderr         *strings.Builder
	wait           func() error
}

// serve starts the binary with a wrapper (a shell's beginning, say) and returns once it is ready.
func serve(t *testing.T, wrapper []string, args ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	argv := append(append(append([]string{}, wrapper...), path, "serve", "--listen", "127.0.0.1:0"), args...)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	p := &process{cmd: cmd, stderr: &strings.Builder{}}
	cmd.Stderr = p.stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.wait = sync.OnceValue(cmd.Wait)
	t.Cleanup(func() {
		cmd.Process.Kill()
		p.wait()
	})
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadString('\n')
	if err != nil {
		p.wait()
		t.Fatalf("no ready line: %v\n%s", err, p.stderr)
	}
	go io.Copy(io.Discard, lines)
	for field := range strings.FieldsSeq(first) {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "integration_url":
			p.integrationURL = value
		case "control_url":
			p.controlURL = value
		}
	}
	return p
}

// TestKill: kill -9 in the middle of a load loses no deploy that was answered, and keeps none twice.
func TestKill(t *testing.T) {
	for _, sync := range []string{"interval", "always"} {
		t.Run(sync, func(t *testing.T) {
			store := filepath.Join(t.TempDir(), "store.db")
			answered := map[string]bool{}
			for round := range 3 {
				p := serve(t, nil, "--db", store, "--sync", sync)
				checkAll(t, p, answered)
				loadAndKill(t, p, round, answered)
			}
			checkAll(t, serve(t, nil, "--db", store), answered)
			if len(answered) < 100 {
				t.Errorf("only %d deploys were answered: this is no load", len(answered))
			}
		})
	}
}

// loadAndKill posts from many connections, kills the process under way, and notes the dedup ids that were answered ok.
func loadAndKill(t *testing.T, p *process, round int, answered map[string]bool) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var wg sync.WaitGroup
	count := 0
	for w := range 16 {
		wg.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", round, w, n)
				resp, err := client.Post(p.integrationURL, "application/json", strings.NewReader(body(`"dedup_id":"`+id+`"`)))
				if err != nil {
					return // killed
				}
				b, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || string(b) != okBody {
					return
				}
				mu.Lock()
				answered[id] = true
				if count++; count == 300 {
					p.cmd.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	p.wait()
}

// checkAll reads every deploy back and posts a few ids again.
func checkAll(t *testing.T, p *process, answered map[string]bool) {
	t.Helper()
	kept := map[string]int{}
	after := uint64(0)
	for {
		a := send(t, "GET", fmt.Sprintf("%s%s/deploys?limit=1000&after=%d", p.controlURL, v1, after), "", "")
		page := decode[struct {
			Deploys []struct {
				Seq    uint64
				Result string
				Deploy struct {
					DedupID string `json:"dedup_id"`
				}
			}
			Next *uint64
		}](t, a)
		for _, d := range page.Deploys {
			if d.Result == "ok" {
				kept[d.Deploy.DedupID]++
			}
		}
		if page.Next == nil {
			break
		}
		after = *page.Next
	}
	tried := 0
	for id := range answered {
		if kept[id] != 1 {
			t.Errorf("the deploy %s was answered ok and is there %d times", id, kept[id])
		}
		if tried++; tried <= 20 {
			wantAnswer(t, send(t, "POST", p.integrationURL, "application/json", body(`"dedup_id":"`+id+`"`)), 202, duplicateBody)
		}
	}
}

// TestFailedStore: when the disk is full nothing more is accepted, what was accepted stays, and it is said.
func TestFailedStore(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a limit on the size of files needs a POSIX shell")
	}
	store := filepath.Join(t.TempDir(), "store.db")
	p := serve(t, []string{"sh", "-c", `ulimit -f 40; exec "$0" "$@"`}, "--db", store)
	accepted := 0
	for ; accepted < 1000; accepted++ {
		if got := send(t, "POST", p.integrationURL, "application/json", documentedWith(accepted)); got.status != 202 {
			wantAnswer(t, got, 503, `{"errors":[{"status":503,"title":"Service Unavailable"}]}`)
			break
		}
	}
	if accepted == 0 || accepted == 1000 {
		t.Fatalf("%d deploys were accepted by a store of 20 KB", accepted)
	}
	wantAnswer(t, send(t, "POST", p.integrationURL, "application/json", body()), 503, `{"errors":[{"status":503,"title":"Service Unavailable"}]}`)
	if a := send(t, "GET", p.controlURL+v1+"/health", "", ""); a.status != 503 || !strings.Contains(a.body, "file too large") {
		t.Errorf("health = %d %s", a.status, a.body)
	}
	if a := send(t, "POST", p.controlURL+v1+"/reset", "", ""); a.status != 503 {
		t.Errorf("reset = %d %s", a.status, a.body)
	}
	p.cmd.Process.Kill()
	p.wait()
	again := serve(t, nil, "--db", store)
	a := send(t, "GET", again.controlURL+v1+"/deploys?limit=1000", "", "")
	if n := len(decode[struct{ Deploys []json.RawMessage }](t, a).Deploys); n != accepted {
		t.Errorf("%d deploys after the restart, %d were accepted", n, accepted)
	}
	if !strings.Contains(p.stderr.String(), "file too large") {
		t.Errorf("stderr does not name the cause:\n%s", p.stderr)
	}
}

func documentedWith(n int) string {
	return strings.Replace(documented, "9ae54794", fmt.Sprintf("%08d", n), 1)
}

// TestTerm: SIGTERM drains and ends with 0.
func TestTerm(t *testing.T) {
	p := serve(t, nil, "--db", ":memory:")
	post := body()
	send(t, "POST", p.integrationURL, "application/json", post)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Skip("this system has no SIGTERM")
	}
	if err := p.wait(); err != nil {
		t.Errorf("after SIGTERM: %v\n%s", err, p.stderr)
	}
}

// TestMuteStdout: a stdout that nobody reads delays no request and not the end.
func TestMuteStdout(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	ready := filepath.Join(dir, "ready.json")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command(path, "serve", "--listen", "127.0.0.1:0", "--db", ":memory:", "--ready-file", ready)
	cmd.Env = []string{"HOME=" + dir}
	cmd.Stdout = w // and r is never read
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	wait := sync.OnceValue(cmd.Wait)
	defer func() { cmd.Process.Kill(); wait() }()
	waiting := exec.CommandContext(context.Background(), path, "wait")
	waiting.Env, waiting.Dir = cmd.Env, cmd.Dir
	if out, err := waiting.CombinedOutput(); err != nil {
		t.Fatalf("wait: %v %s", err, out)
	}
	var at struct {
		URL string `json:"integration_url"`
	}
	b, err := os.ReadFile(ready)
	if err := errors.Join(err, json.Unmarshal(b, &at)); err != nil {
		t.Fatal(err)
	}
	for n := range 3000 { // far more lines than a pipe holds
		if got := send(t, "POST", at.URL, "application/json", documentedWith(n)); got.status != 202 {
			t.Fatalf("post %d = %d", n, got.status)
		}
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if err := wait(); err != nil {
		t.Errorf("the end: %v", err)
	}
}
