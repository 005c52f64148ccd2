//go:build unix

package cli_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// The traps that a wrapper of this kind has been caught in: each is a bug of the Firebase emulators' exec, or of a tool
// like it.

// TestCommandsCodeWins: a failing command must not be hidden (firebase-tools 1385).
func TestCommandsCodeWins(t *testing.T) {
	for script, want := range map[string]struct {
		code int
		last string
	}{
		"exit 3":                                {3, "exit code 3 is the command's own"},
		send + ">&2; exit 1":                    {1, "exit code 1 is the command's own; 1 deploy was recorded"},
		send + "--set service=crat >&2; exit 9": {9, "0 deploys"},
		"kill -TERM $$":                         {143, "ended by signal 15"},
		"kill -KILL $$":                         {137, "ended by signal 9"},
		"nosuchprogram":                         {127, "command's own"},
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.file("opslevel.yml", cartYML)
			got := b.exec(script)
			if want.last == "0 deploys" {
				want.last = "no deploy was recorded, and 1 was lost"
				if !strings.Contains(got.err, "silent.unknown_alias") {
					t.Errorf("the loss is not reported: %s", got)
				}
			}
			if got.code != want.code || !strings.Contains(got.lastLine(), want.last) {
				t.Errorf("want %d %q, got %s", want.code, want.last, got)
			}
		})
	}
}

func TestCommandThatCannotBeRun(t *testing.T) {
	b := newBench(t)
	b.file("plain.txt", "text")
	if err := os.Chmod(filepath.Join(b.dir, "plain.txt"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, code := range map[string]int{"nosuchprogram": 127, "./nowhere/at-all": 127, "./plain.txt": 126, "./": 126} {
		got := b.run("exec", "--", name)
		if got.code != code || !strings.Contains(got.lastLine(), "was not run") {
			t.Errorf("%s: want %d, got %s", name, code, got)
		}
	}
	if got := b.run("exec", "sh", "-c", "exit 4"); got.code != 4 || !strings.Contains(got.lastLine(), "command's own") {
		t.Errorf("without --: %s", got)
	}
}

// TestStartUpErrors are shown, and the command does not run (firebase-tools 7974).
func TestStartUpErrors(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	b := newBench(t)
	got := b.exec("echo it ran", "--bind", ln.Addr().String())
	if got.code != 3 || strings.Contains(got.out, "it ran") || !strings.Contains(got.err, "cannot listen on") {
		t.Error(got)
	}
}

// TestPortOfServe: the port that a file gives serve is not that of exec, which takes a free one.
func TestPortOfServe(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	b := newBench(t)
	b.file("bubblelevel.yaml", "listen: "+ln.Addr().String()+"\n")
	if got := b.exec(send); got.code != 0 {
		t.Error(got)
	}
}

// TestPortIsFree: the port is free once exec has ended (firebase-tools 3179), and each run has its own (2856).
func TestPortIsFree(t *testing.T) {
	b := newBench(t)
	got := b.exec(`echo "$BUBBLELEVEL_URL"; ` + send + ">&2")
	address := strings.TrimPrefix(strings.TrimSpace(got.out), "http://")
	if got.code != 0 {
		t.Fatal(got)
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	ln.Close()
}

// TestBothFamilies: a sender reaches the emulator under each name of loopback (firebase-tools 8501).
func TestBothFamilies(t *testing.T) {
	hosts := []string{"127.0.0.1", "localhost"}
	if ln, err := net.Listen("tcp", "[::1]:0"); err == nil {
		ln.Close()
		hosts = append(hosts, "[::1]")
	}
	for _, host := range hosts {
		b := newBench(t)
		script := send + `--to "$(echo "$OPSLEVEL_INTEGRATION_URL" | sed 's/127\.0\.0\.1/` + host + `/')"`
		if got := b.exec(script); got.code != 0 {
			t.Errorf("%s: %s", host, got)
		}
	}
}

// TestSenderElsewhere: with --settle exec waits for senders that the command did not start: an agent, a controller.
func TestSenderElsewhere(t *testing.T) {
	b := newBench(t)
	run := b.begin(`echo "$OPSLEVEL_INTEGRATION_URL" >url; echo ready`, "--settle", "1m")
	body := `{"service":"cart","description":"d","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x"}}`
	resp, err := direct().Post(strings.TrimSpace(b.read("url")), "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := run.end(t); got.code != 0 {
		t.Error(got)
	}
}

// TestExecWithinExec: each has its own emulator, and judges what reached that one.
func TestExecWithinExec(t *testing.T) {
	b := newBench(t)
	inner := `"$BL" exec -- sh -c '` + strings.ReplaceAll(send, "'", `'\''`) + `'`
	got := b.exec(`echo "$OPSLEVEL_INTEGRATION_URL $BUBBLELEVEL_TOKEN"; "$BL" exec -- sh -c 'echo "$OPSLEVEL_INTEGRATION_URL $BUBBLELEVEL_TOKEN"' 2>/dev/null; ` + inner)
	lines := strings.Split(got.out, "\n")
	if got.code != 4 || !strings.Contains(got.err, "silent.nothing_sent") || !strings.Contains(got.err, "exit code 0 is the command's own; 1 deploy was recorded") {
		t.Error(got)
	}
	outer, within := strings.Fields(lines[0]), strings.Fields(lines[1])
	if outer[0] == within[0] || outer[1] == within[1] {
		t.Errorf("they share an address or a token: %s %s", lines[0], lines[1])
	}
	if got := b.exec(inner + "; " + send); got.code != 0 {
		t.Error(got)
	}
}

// TestStreams: stdin, stdout and stderr are the command's, however much it writes.
func TestStreams(t *testing.T) {
	b := newBench(t)
	b.in = strings.NewReader("through\n")
	got := b.exec(`cat; head -c 8000000 /dev/zero | tr '\0' a; echo side >&2`)
	if want := "through\n" + strings.Repeat("a", 8000000); got.out != want {
		t.Errorf("stdout has %d bytes of %d, beginning %.20q", len(got.out), len(want), got.out)
	}
	if !strings.HasPrefix(got.err, "side\n") {
		t.Errorf("stderr: %s", got.err)
	}
}

// TestTerminal: on a terminal the command can read from it, and after it so can the shell.
func TestTerminal(t *testing.T) {
	b := newBench(t)
	cmd := b.command()
	cmd.Path, cmd.Args, cmd.Err = "/bin/sh", []string{"sh", "-c", `"$BL" exec -- sh -c 'read x; echo "got=$x"'; read y; echo "shell=$y"`}, nil
	master, err := pty.Start(cmd)
	if err != nil {
		t.Skipf("no terminal here: %v", err)
	}
	defer master.Close()
	if _, err := master.WriteString("one\ntwo\n"); err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(master) // ends with an error where the last program has gone
	_ = cmd.Wait()
	for _, want := range []string{"got=one", "shell=two", "exit code 4 is bubblelevel's"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the terminal does not show %q:\n%s", want, text)
		}
	}
}

// TestNoTerminalAtAll: in a session of its own, with every stream a file.
func TestNoTerminalAtAll(t *testing.T) {
	b := newBench(t)
	cmd := b.command("exec", "--", "sh", "-c", send)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}

// TestEnvironment is what the command gets, and what it keeps.
func TestEnvironment(t *testing.T) {
	b := newBench(t)
	b.env = append(b.env, "NO_PROXY=internal.example,127.0.0.1", "no_proxy=other.example", "KEPT=yes", "OPSLEVEL_INTEGRATION_URL=https://app.opslevel.com/x")
	got := b.exec("env")
	have := map[string]string{}
	for line := range strings.Lines(got.out) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		have[name] = value
	}
	const direct = "other.example,internal.example,127.0.0.1,localhost,::1,[::1]"
	if have["NO_PROXY"] != direct || have["no_proxy"] != direct || have["KEPT"] != "yes" {
		t.Errorf("got %v", have)
	}
	base := have["BUBBLELEVEL_URL"]
	if !strings.HasPrefix(base, "http://127.0.0.1:") || !strings.HasPrefix(have["OPSLEVEL_INTEGRATION_URL"], base+"/integrations/deploy/") ||
		have["OL_INTEGRATION_URL"] != have["OPSLEVEL_INTEGRATION_URL"] || len(have["BUBBLELEVEL_TOKEN"]) < 32 {
		t.Errorf("got %v", have)
	}
}

// TestAdvertise: a command in a container reaches this machine under another name.
func TestAdvertise(t *testing.T) {
	b := newBench(t)
	got := b.exec(`echo "$OPSLEVEL_INTEGRATION_URL $NO_PROXY"; `+send+`--to "$(echo "$OPSLEVEL_INTEGRATION_URL" | sed 's/host\.internal/127.0.0.1/')" --url "$(echo "$BUBBLELEVEL_URL" | sed 's/host\.internal/127.0.0.1/')" >&2`,
		"--advertise", "host.internal")
	if got.code != 0 || !strings.HasPrefix(got.out, "http://host.internal:") || !strings.Contains(got.out, ",host.internal") {
		t.Error(got)
	}
}

// TestProxy: a proxy of the environment does not come between the command and the emulator.
func TestProxy(t *testing.T) {
	for program, script := range map[string]string{
		"curl":    `curl -sS -X POST "$OPSLEVEL_INTEGRATION_URL" -H 'Content-Type: application/json' -d "$BODY"`,
		"python3": `python3 -c 'import os, urllib.request as r; r.urlopen(r.Request(os.environ["OPSLEVEL_INTEGRATION_URL"], os.environ["BODY"].encode(), {"Content-Type": "application/json"}))'`,
		"node":    `node -e 'fetch(process.env.OPSLEVEL_INTEGRATION_URL, {method: "POST", headers: {"Content-Type": "application/json"}, body: process.env.BODY})'`,
	} {
		t.Run(program, func(t *testing.T) {
			needs(t, program)
			t.Parallel()
			b := newBench(t)
			b.env = append(b.env, "http_proxy=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1", "all_proxy=http://127.0.0.1:1",
				`BODY={"service":"cart","description":"d","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x"}}`)
			if got := b.exec(script); got.code != 0 {
				t.Error(got)
			}
		})
	}
}
