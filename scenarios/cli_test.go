package scenarios_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// TestCommandLine drives the built binary as a person or a pipeline would: a script for each subject, in testdata.
func TestCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary and runs it many times")
	}
	bin := buildBinary(t)
	testscript.Run(t, testscript.Params{
		Dir:                "testdata",
		RequireUniqueNames: true,
		Deadline:           time.Now().Add(patience),
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(filepath.ListSeparator)+env.Getenv("PATH"))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
			env.Setenv("STATE", filepath.Join(env.WorkDir, ".state", "bubblelevel"))
			return os.Mkdir(env.Getenv("HOME"), 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":           cmdCode,
			"ready":          cmdReady,
			"freeport":       cmdFreePort,
			"halfpost":       cmdHalfPost,
			"refuses":        cmdRefuses,
			"closedstdout":   cmdClosedStdout,
			"grammarqueries": cmdGrammarQueries,
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}

// patience is how long all scripts together may take: a hang shows itself, with what each process was doing.
const patience = 2 * time.Minute

// buildBinary makes the real binary, once for all scripts.
func buildBinary(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	name := "bubblelevel"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, name), "github.com/bubblelevel/bubblelevel")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

// cmdCode runs a program and wants an exit code of it: code 3 bubblelevel events list
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdReady waits for the emulator of this directory as a script would, and sets INTEGRATION, CONTROL, PORT, PID and TOKEN
// from a ready file: ready FILE
func cmdReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ready FILE")
	}
	ts.Check(ts.Exec("bubblelevel", "wait", "--timeout", "20s"))
	var r struct {
		Integration string `json:"integration_url"`
		Control     string `json:"control_url"`
		PID         int    `json:"pid"`
		Token       string `json:"token"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &r))
	u, err := url.Parse(r.Control)
	ts.Check(err)
	ts.Setenv("INTEGRATION", r.Integration)
	ts.Setenv("CONTROL", r.Control)
	ts.Setenv("PORT", u.Port())
	ts.Setenv("PID", strconv.Itoa(r.PID))
	ts.Setenv("TOKEN", r.Token)
}

// cmdFreePort sets a variable to a port that was free just now: freeport NAME
func cmdFreePort(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer ln.Close()
	setPort(ts, args, ln)
}

func setPort(ts *testscript.TestScript, args []string, ln net.Listener) {
	if len(args) != 1 {
		ts.Fatalf("usage: freeport NAME")
	}
	_, port, err := net.SplitHostPort(ln.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
}

// cmdHalfPost posts a file to the emulator, but for its last byte, runs a program, sends that byte and wants an answer
// that begins with a status line: halfpost URL FILE STATUS program args...
func cmdHalfPost(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: halfpost URL FILE STATUS program args...")
	}
	u, err := url.Parse(args[0])
	ts.Check(err)
	body := ts.ReadFile(args[1])
	conn, err := net.Dial("tcp", u.Host)
	ts.Check(err)
	defer conn.Close()
	ts.Check(conn.SetDeadline(time.Now().Add(20 * time.Second)))
	// The emulator asks for the body once it has taken the request on: from then on the request is under way.
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
		u.Path, u.Host, len(body))
	goOn := "HTTP/1.1 100 Continue\r\n\r\n"
	if _, err := io.ReadFull(conn, make([]byte, len(goOn))); err != nil {
		ts.Fatalf("no 100 Continue: %v", err)
	}
	_, err = io.WriteString(conn, body[:len(body)-1])
	ts.Check(err)
	ts.Check(ts.Exec(args[3], args[4:]...))
	awaitRefusal(ts, u.Host)
	_, err = io.WriteString(conn, body[len(body)-1:])
	ts.Check(err)
	answer, err := io.ReadAll(conn)
	ts.Check(err)
	if line, _, _ := strings.Cut(string(answer), "\r\n"); !strings.Contains(line, " "+args[2]+" ") {
		ts.Fatalf("the request under way was answered %q", answer)
	}
	fmt.Fprintf(ts.Stdout(), "%s", answer)
}

// awaitRefusal waits until nobody listens at an address any more.
func awaitRefusal(ts *testscript.TestScript, host string) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); runtime.Gosched() {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			return
		}
		conn.Close()
	}
	ts.Fatalf("%s still accepts connections", host)
}

// cmdRefuses wants that nobody listens at a port, or with ! that somebody does: refuses PORT
func cmdRefuses(ts *testscript.TestScript, neg bool, args []string) {
	conn, err := net.Dial("tcp", "127.0.0.1:"+args[0])
	if err == nil {
		conn.Close()
	}
	if neg == (err != nil) {
		ts.Fatalf("port %s: %v", args[0], err)
	}
}

// cmdClosedStdout runs a program whose stdout nobody reads, and wants its exit code and nothing on stderr:
// closedstdout N program args...
func cmdClosedStdout(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: closedstdout N program args...")
	}
	r, w, err := os.Pipe()
	ts.Check(err)
	r.Close()
	defer w.Close()
	program, err := lookPath(ts.Getenv("PATH"), args[1])
	ts.Check(err)
	cmd := exec.Command(program, args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "XDG_STATE_HOME", "BUBBLELEVEL_URL"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = w, &stderr
	err = cmd.Run()
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != args[0] || stderr.Len() > 0 {
		ts.Fatalf("%s: exit code %s (%v), stderr %q; want %s and nothing", strings.Join(args[1:], " "), got, err, stderr.String(), args[0])
	}
}

func lookPath(path, name string) (string, error) {
	for _, dir := range filepath.SplitList(path) {
		if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return found, nil
		}
	}
	return "", exec.ErrNotFound
}

// cmdGrammarQueries writes a shell script that types every query of the grammar's page behind a command, as the page
// tells a reader to: as it stands, or in single quotes where a shell would change it. grammarqueries FILE
func cmdGrammarQueries(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	b.WriteString("set -e\n")
	inside, found := false, 0
	for line := range strings.SplitSeq(query.Grammar(), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```query"
		case inside && line != "":
			q, _, _ := strings.Cut(line, "  #")
			q = strings.TrimSpace(q)
			if strings.HasPrefix(q, "-") {
				q = "not:" + q[1:] // the page: "In a shell, a command reads an argument that begins with - as a flag"
			}
			if strings.ContainsAny(q, "\"|(><&;\\") {
				q = "'" + q + "'"
			}
			fmt.Fprintf(&b, "bubblelevel events list %s >>found || { echo \"failed: %s\" >&2; exit 1; }\n", q, strings.NewReplacer(`"`, `\"`, "$", `\$`, "`", "").Replace(q))
			found++
		}
	}
	if found < 30 {
		ts.Fatalf("only %d queries found in the page", found)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}
