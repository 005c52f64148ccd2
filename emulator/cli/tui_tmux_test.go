//go:build unix

package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The terminal UI of the real binary in tmux: a terminal that people use, with its own ideas about resizing, stopping and
// clipboards. Nothing here knows the inside; a test presses keys and waits for what the screen shows.

func TestTmux(t *testing.T) {
	if testing.Short() {
		t.Skip("drives the real binary in tmux, which takes half a minute")
	}
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	binary := filepath.Join(t.TempDir(), "bubblelevel")
	if out, err := exec.Command("go", "build", "-o", binary, "github.com/bubblelevel/bubblelevel").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for name, test := range map[string]func(*pane){
		"sitting": sitting, "clipboard of the terminal": clipboardOfTheTerminal, "pause under load": pauseUnderLoad, "elsewhere": elsewhere, "plain": plainLines, "hostile": hostileTitle,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(newPane(t, binary))
		})
	}
}

// pane is a tmux of its own with one pane, in which there is a shell.
type pane struct {
	t              *testing.T
	binary, socket string
	dir            string
}

func newPane(t *testing.T, binary string) *pane {
	t.Helper()
	dir, err := os.MkdirTemp("", "bl") // the name of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	p := &pane{t, binary, filepath.Join(dir, "s"), dir}
	t.Cleanup(func() {
		exec.Command("tmux", "-S", p.socket, "kill-server").Run()
		os.RemoveAll(dir)
	})
	p.tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "36", "env -i PATH=\"$PATH\" TERM=\"$TERM\" TMUX=\"$TMUX\" LANG=C.UTF-8 PS1='$ ' HOME="+dir+" sh")
	p.tmux("set", "-g", "status", "off")
	p.resize(120, 36)
	p.write("cd " + dir + "; set -m").press("Enter")
	return p
}

func (p *pane) tmux(args ...string) string {
	p.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", p.socket}, args...)...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TMUX=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("tmux %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// run starts bubblelevel in the shell; it says with what it ended.
func (p *pane) run(args string) *pane {
	return p.write(p.binary + " " + args + "; echo ended with $?").press("Enter")
}

// press sends keys by the names that tmux has for them.
func (p *pane) press(keys ...string) *pane {
	p.t.Helper()
	for _, k := range keys {
		p.tmux("send-keys", k)
	}
	return p
}

// write sends a text to the letter.
func (p *pane) write(text string) *pane {
	p.tmux("send-keys", "-l", text)
	return p
}

func (p *pane) resize(w, h int) *pane {
	p.tmux("resize-window", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h))
	return p
}

func (p *pane) screen() string { return p.tmux("capture-pane", "-p") }

// until waits until the screen shows every text, and shows none of those that begin with "no: ".
func (p *pane) until(texts ...string) *pane {
	p.t.Helper()
	p.untilTrue(strings.Join(texts, ", "), func() bool {
		screen := p.screen()
		for _, want := range texts {
			gone, not := strings.CutPrefix(want, "no: ")
			if not == strings.Contains(screen, gone) {
				return false
			}
		}
		return true
	})
	return p
}

func (p *pane) untilTrue(what string, holds func() bool) {
	p.t.Helper()
	for late := time.Now().Add(30 * time.Second); !holds(); {
		if time.Now().After(late) {
			p.t.Fatalf("never: %s\n%s", what, p.screen())
		}
		<-time.After(20 * time.Millisecond) // tmux has nothing to wait on
	}
}

// ready is what an emulator of this test writes once it is there.
func (p *pane) ready(file string) (integration, control string, pid int) {
	p.t.Helper()
	var r struct {
		IntegrationURL string `json:"integration_url"`
		ControlURL     string `json:"control_url"`
		PID            int    `json:"pid"`
	}
	p.untilTrue("the emulator is ready", func() bool {
		b, err := os.ReadFile(filepath.Join(p.dir, file))
		return err == nil && json.Unmarshal(b, &r) == nil
	})
	return r.IntegrationURL, r.ControlURL, r.PID
}

// post sends a deploy made of more fields than it needs.
func (p *pane) post(to, service, dedup, more string) {
	p.t.Helper()
	if err := p.send(to, service, dedup, more); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pane) send(to, service, dedup, more string) error {
	name, err := json.Marshal(service)
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"service":%s,"description":"d","deployed_at":"2026-11-22T14:03:00Z","deployer":{"name":"x"},"dedup_id":%q%s}`, name, dedup, more)
	resp, err := http.Post(to, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	io.Copy(io.Discard, resp.Body)
	return resp.Body.Close()
}

// sitting is one from the first run to the end.
func sitting(p *pane) {
	p.run("--listen 127.0.0.1:0 --db :memory:")
	p.until("No deploys yet. The emulator is listening.", "LISTENING", "curl -i 'http://127.0.0.1:")
	p.press("s").until("The service \"shopping_cart\" exists", "lesson 1 of 3", "sent: 202 ok")
	p.press("s").until("No service has the alias \"shoping_cart\"", "Press 3")
	p.press("3").until("a  accept: make a service", "near     shopping_cart").press("a").until("is a service now", "lesson 2 of 3")
	p.press("1", "s").until("duplicate_deploy", "silent.duplicate", "lesson 3 of 3")
	p.press("2").until("environment \"Production\" → \"Staging\"", "- kept  + dropped", "1 lost")
	p.press("5", "f").until("run django-boilerplate", "project_name").press("Enter").until("200", "▸ {{ service.slug | jsonify }} line 2", "no: lesson")

	p.press("p").until("template: payload of django-boilerplate", "no problems").press("Enter", "End", "Enter").write("{{ service.nmae }}").until("1 problem", "service.name")
	p.press("C-r").until("{{ service.name }}", "Django Test", "no problems").press("Escape").until("enter edit")

	p.press("1").until("FOLLOW").press("/").write("result:dup").until("duplicate_deploy").press("Tab", "Enter").until("1 of ")
	p.press("y").until("copy as").press("d").until("bytes through tmux")
	id := p.tmux("show-buffer")
	if len(id) != 36 || !strings.Contains(p.screen(), id[:20]) {
		p.t.Errorf("the buffer of tmux holds %q:\n%s", id, p.screen())
	}
	p.press("y").until("copy as").press("s")
	p.untilTrue("a scenario is in the buffer of tmux", func() bool { return strings.Contains(p.tmux("show-buffer"), "steps:") })
	p.press("E").until("scenario in ").press("Escape").until("shoping_cart", "no: 1 of ").press("e").until("events in ")
	p.press("3", "/").write("status:acc").press("Tab", "Enter").until("1 of 1").press("Escape", "1")

	p.press("x").until("Answers with an HTTP status", "lost_answer").press("1").until("requests", "retry after").press("Enter").until("FAULT status x1")
	p.press("s").until("503 fault status", "OpsLevel never saw the request", "no: FAULT status")
	p.press("x", "4").until("fault: reset").press("BSpace", "Enter").until("FAULT reset").press("s").until("no answer fault reset").press("X").until("no: FAULT reset")
	p.press("s").until("sent: 202 ok")

	p.resize(30, 8).until("terminal is 30x8, needs 40x10").resize(200, 60).until("6 Playground", "no_service_found").resize(120, 36).until("FOLLOW")
	p.press("C-z").until("topped").write("fg; echo ended with $?").press("Enter").until("FOLLOW", "1 Deploys")
	p.press("q").until("Quit stops the emulator", "N stay").press("n").until("no: Quit stops").press("q").until("Quit stops").press("y").until("ended with 0")
	if s := p.screen(); strings.Contains(s, "1 Deploys") {
		p.t.Errorf("the terminal still shows the terminal UI:\n%s", s)
	}
	p.write("echo typed").press("Enter").until("\ntyped") // the terminal echoes and breaks lines again
}

// clipboardOfTheTerminal copies where there is no tmux to ask: through the terminal itself, which here is tmux.
func clipboardOfTheTerminal(p *pane) {
	p.tmux("set", "-s", "set-clipboard", "on")
	p.write("unset TMUX; export SSH_CONNECTION='10.0.0.1 1 10.0.0.2 22'").press("Enter")
	p.run("--listen 127.0.0.1:0 --db :memory: --ready-file ready")
	url, _, _ := p.ready("ready")
	p.until("LISTENING").press("y").until("copy as").press("u").until("through the terminal (OSC 52)")
	p.untilTrue("the terminal has the address", func() bool {
		out, err := exec.Command("tmux", "-S", p.socket, "show-buffer").Output()
		return err == nil && string(out) == url
	})
	p.press("C-c").until("Quit stops").press("C-c").until("ended with 0")
}

// pauseUnderLoad shows that nothing moves under the cursor while much comes in.
func pauseUnderLoad(p *pane) {
	p.run("--listen 127.0.0.1:0 --db :memory: --ready-file ready")
	url, _, _ := p.ready("ready")
	p.until("LISTENING")
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				p.send(url, "shopping_cart", fmt.Sprint("run-", i), "")
			}
		}
	}()
	p.until("FOLLOW", "/s", "run-").press("k").until("PAUSED +")
	heading := func() string {
		_, after, _ := strings.Cut(p.screen(), "── deploy ")
		number, _, _ := strings.Cut(after, " ")
		return number
	}
	at := heading()
	first := p.unseen()
	p.untilTrue("more comes in", func() bool { return p.unseen() > first+50 })
	if now := heading(); now != at || at == "" {
		p.t.Errorf("the deploy under the cursor changed from %q to %q", at, now)
	}
	p.press("G").until("FOLLOW", "no: PAUSED").press("Space").until("PAUSED +").press("Space").until("FOLLOW")
	p.press("q").until("Requests are coming in").press("y").until("ended with 0")
	close(stop)
	<-stopped
}

// unseen is the count behind PAUSED.
func (p *pane) unseen() (n int) {
	_, after, _ := strings.Cut(p.screen(), "PAUSED +")
	fmt.Sscan(after, &n)
	return n
}

// elsewhere attaches to an emulator that is killed and starts again, first with its journal and then with another one.
func elsewhere(p *pane) {
	start := func(file string, args ...string) *exec.Cmd {
		cmd := exec.Command(p.binary, append([]string{"serve", "--ready-file", file}, args...)...)
		cmd.Dir, cmd.Env = p.dir, []string{"HOME=" + p.dir}
		if err := cmd.Start(); err != nil {
			p.t.Fatal(err)
		}
		p.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
		return cmd
	}
	server := start("first", "--listen", "127.0.0.1:0", "--db", "store.db")
	url, control, _ := p.ready("first")
	_, listen, _ := strings.Cut(control, "://")
	listen, _, _ = strings.Cut(listen, "/")
	p.post(url, "shopping_cart", "one", "")
	p.run("tui "+control).until("FOLLOW", "attached", "1 Deploys 1", "shopping_cart")

	server.Process.Kill()
	server.Wait()
	p.until("RECONNECTING", "no connection").press("s").until("there is no connection to the emulator")
	server = start("second", "--listen", listen, "--db", "store.db")
	p.ready("second")
	p.until("FOLLOW", "no: RECONNECTING")
	p.post(url, "shopping_cart", "two", "")
	p.until("1 Deploys 2").press("s").until("sent: 202 ok", "1 Deploys 3")
	p.press("x", "1").until("fault: status").press("Enter").until("FAULT status x1").press("X").until("no: FAULT")

	server.Process.Kill()
	server.Wait()
	p.until("RECONNECTING")
	start("third", "--listen", listen, "--db", ":memory:")
	p.ready("third")
	p.until("no: RECONNECTING", "1 Deploys 0")
	p.post(url, "shopping_cart", "one", "")
	p.until("FOLLOW", "1 Deploys 1")
	p.press("q").until("ended with 0") // the emulator goes on, so nobody is asked
	p.post(url, "shopping_cart", "two", "")
}

// plainLines does without a screen.
func plainLines(p *pane) {
	p.run("--listen 127.0.0.1:0 --db :memory: --plain").until("plain lines, because it was asked for", "type help and enter")
	p.write("send").press("Enter").until("sent: 202 ok", "deploy 1 ")
	p.write("why").press("Enter").until("The service \"shopping_cart\" exists")
	p.write("fault status 1").press("Enter").until("the fault status is in force").write("send").press("Enter").until("sent: 503")
	p.write("suggestions").press("Enter").until("0 wait for a decision")
	p.write("quit").press("Enter").until("ended with 0")
}

// hostileTitle sends what could move, colour, name or reprogram a terminal; the terminal stays as it is.
func hostileTitle(p *pane) {
	p.run("--listen 127.0.0.1:0 --db :memory: --ready-file ready")
	url, _, _ := p.ready("ready")
	before := p.tmux("display-message", "-p", "#{pane_title}")
	p.until("LISTENING")
	p.post(url, "shopping_cart", "a", `,"environment":"\u001b]0;owned\u0007\u001b[2J\u001b[31m","status":"\u202eevil"`)
	p.post(url, "\u009b2J\x1b]52;c;b3duZWQ=\x07", "b", `,"environment":"宽宽e\u0301\u0301\u0301"`)
	for screen, shows := range map[string]string{"1": "result", "2": "No duplicates", "3": "unknown alias", "4": "Shopping Cart", "5": "No firings"} {
		p.press(screen).until("1 Deploys 2", shows)
		lines := strings.Split(p.screen(), "\n")
		if len(lines) < 36 || !strings.HasPrefix(lines[0], " 1 Deploys 2") || !strings.Contains(lines[35], "? help") {
			p.t.Errorf("screen %s has lost its place:\n%s", screen, p.screen())
		}
	}
	p.press("1").until("received").press("y").until("copy as").press("c").until("through tmux")
	if after := p.tmux("display-message", "-p", "#{pane_title}"); after != before {
		p.t.Errorf("the title is %q now", after)
	}
	if b := p.tmux("show-buffer"); strings.ContainsAny(b, "\x1b\x07\u009b") || !strings.HasPrefix(b, "curl ") {
		p.t.Errorf("the clipboard holds %q", b)
	}
	p.press("q").until("Quit stops").press("y").until("ended with 0")
}
