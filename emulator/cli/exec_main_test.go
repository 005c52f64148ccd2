package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/cli"
)

// asMain makes the test binary be something else: "bubblelevel", so that a test has real processes of it under the race
// detector and without a build, or "fire", a sender that is gone before it is answered.
const asMain = "TEST_AS"

func TestMain(m *testing.M) {
	switch os.Getenv(asMain) {
	case "bubblelevel":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop)
		dir, _ := os.Getwd()
		os.Exit(cli.Run(ctx, os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Dir: dir}))
	case "fire":
		os.Exit(fire(os.Getenv("OPSLEVEL_INTEGRATION_URL")))
	}
	os.Exit(m.Run())
}

// fire writes a request and does not wait for the answer.
func fire(to string) int {
	u, err := url.Parse(to)
	if err != nil {
		return 1
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return 1
	}
	body := `{"service":"cart","description":"d","deployed_at":"` + time.Now().UTC().Format(time.RFC3339) + `","deployer":{"name":"x"}}`
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", u.Path, len(body), body)
	return 0
}

// ended is a finished process.
type ended struct {
	code     int
	out, err string
}

func (e ended) String() string {
	return fmt.Sprintf("code %d\nstdout: %s\nstderr: %s", e.code, e.out, e.err)
}

// lastLine is the last line of stderr.
func (e ended) lastLine() string {
	lines := strings.Split(strings.TrimRight(e.err, "\n"), "\n")
	return lines[len(lines)-1]
}

// bench is a folder in which commands run.
type bench struct {
	t   testing.TB
	dir string
	env []string
	in  io.Reader
}

// newBench is a folder of its own, with BL for the command's scripts to call bubblelevel by.
func newBench(t testing.TB) *bench {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, dir: dir}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		// What a pipeline around this test has set is not part of it.
		if !strings.HasPrefix(name, "BUBBLELEVEL_") && !strings.HasPrefix(name, "GITHUB_") && !strings.Contains(strings.ToLower(name), "proxy") {
			b.env = append(b.env, pair)
		}
	}
	b.env = append(b.env, asMain+"=bubblelevel", "BL="+self, "HOME="+dir, "XDG_STATE_HOME="+filepath.Join(dir, ".state"))
	return b
}

func (b *bench) file(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) read(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, name))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// command is bubblelevel with args, not yet started. It is killed with the test.
func (b *bench) command(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.CommandContext(b.t.Context(), self, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = b.dir, b.env, b.in
	return cmd
}

// run runs bubblelevel to its end.
func (b *bench) run(args ...string) ended {
	b.t.Helper()
	cmd := b.command(args...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if runErr := cmd.Run(); runErr != nil && cmd.ProcessState == nil {
		b.t.Fatal(runErr)
	}
	return ended{cmd.ProcessState.ExitCode(), out.String(), err.String()}
}

// exec runs a script of the shell under exec; flags come before it.
func (b *bench) exec(script string, flags ...string) ended {
	b.t.Helper()
	return b.run(append(append([]string{"exec"}, flags...), "--", "sh", "-c", script)...)
}

// running is a process that is under way.
type running struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	err   *bytes.Buffer
}

// begin starts exec with a script and returns when the script has printed "ready".
func (b *bench) begin(script string, flags ...string) *running {
	b.t.Helper()
	cmd := b.command(append(append([]string{"exec"}, flags...), "--", "sh", "-c", script)...)
	// A file and not a pipe of ours: what the script leaves running must not keep this test waiting.
	r, w, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { r.Close() })
	errs := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = w, errs, time.Minute
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	w.Close()
	run := &running{cmd, bufio.NewScanner(r), errs}
	for run.lines.Scan() {
		if run.lines.Text() == "ready" {
			return run
		}
	}
	b.t.Fatalf("the script never got ready: %s", errs)
	return nil
}

func (r *running) end(t *testing.T) ended {
	t.Helper()
	if err := r.cmd.Wait(); err != nil && r.cmd.ProcessState == nil {
		t.Fatal(err)
	}
	var out []string
	for r.lines.Scan() {
		out = append(out, r.lines.Text())
	}
	return ended{r.cmd.ProcessState.ExitCode(), strings.Join(out, "\n"), r.err.String()}
}

// needs skips a test for which a program is missing.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("no %s here", p)
		}
	}
}

// direct is a client that goes to the address it is given.
func direct() *http.Client { return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} }
