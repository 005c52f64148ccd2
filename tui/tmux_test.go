//go:build unix

package tui

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// session is the binary in tmux: a terminal that people use, with its own ideas about resizing, stopping and clipboards.
type session struct {
	t      testing.TB
	socket string
}

func inTmux(t testing.TB, w, h int, what string, env ...string) *session {
	t.Helper()
	wholeProgram(t)
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	dir, err := os.MkdirTemp("", "tui") // the name of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t, filepath.Join(dir, "s")}
	t.Cleanup(func() {
		exec.Command("tmux", "-S", s.socket, "kill-server").Run()
		os.RemoveAll(dir)
	})
	cmd := child(t, what, env...)
	words := []string{"env", "-i"}
	for _, kv := range cmd.Env {
		if !strings.HasPrefix(kv, "TERM=") {
			words = append(words, shellWord(kv))
		}
	}
	words = append(words, `TERM="$TERM"`, `TMUX="$TMUX"`, shellWord(cmd.Path))
	s.run("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h), "sh")
	s.run("set", "-g", "status", "off")
	s.run("resize-window", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h))
	s.run("send-keys", "set -m; "+strings.Join(words, " ")+"; echo ended with $?", "Enter")
	return s
}

func shellWord(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func (s *session) run(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s *session) screen() string { return s.run("capture-pane", "-p") }

// press sends keys by the names that tmux has for them.
func (s *session) press(keys ...string) *session {
	s.t.Helper()
	for _, k := range keys {
		s.run("send-keys", k)
	}
	return s
}

// write sends a text to the letter.
func (s *session) write(text string) *session { s.run("send-keys", "-l", text); return s }

func (s *session) until(texts ...string) *session {
	s.t.Helper()
	late := time.Now().Add(patience)
	for {
		screen := s.screen()
		missing := ""
		for _, want := range texts {
			if !strings.Contains(screen, want) {
				missing = want
			}
		}
		if missing == "" {
			return s
		}
		if time.Now().After(late) {
			s.t.Fatalf("the screen never shows %q:\n%s", missing, screen)
		}
		<-time.After(20 * time.Millisecond) // tmux has nothing to wait on
	}
}

func (s *session) resize(w, h int) *session {
	s.run("resize-window", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h))
	return s
}

// One sitting: first run, sample, suggestion, duplicate, firing, playground, filter, copy, fault, resizing, suspending.
func TestTmuxSitting(t *testing.T) {
	s := inTmux(t, 120, 36, "empty")
	s.until("No deploys yet", "LISTENING")
	s.press("s").until("The service \"shopping_cart\" exists", "lesson 1 of 3")
	s.press("s").until("silent.unknown_alias").press("3").until("accept: make a service").press("a").until("is a service now")
	s.press("1", "s").until("duplicate_deploy").press("2").until("- kept  + dropped", "→ \"Staging\"")
	s.press("5", "f").until("project_name").press("Enter").until("201 Created", "▸ {{ service.name }} line 2")
	s.press("p").until("template: payload of Django Boilerplate").press("Enter", "End", "Enter").write("{{ service.ow").until("service.owner")
	s.press("Tab").write(".na").press("Tab").write(" }}").until("{{ service.owner.name }}", "Aes Sedai").press("Escape")
	s.press("1").until("FOLLOW").press("/").write("result:dup").until("duplicate_deploy").press("Tab", "Enter").until("1 of 3")
	s.press("y").until("copy as").press("d").until("copied 6 bytes through tmux")
	if got := s.run("show-buffer"); got != "demo-1" {
		t.Errorf("the buffer of tmux holds %q", got)
	}
	s.press("Escape").until("shoping_cart").press("x").until("Answers with an HTTP status").press("1").until("requests").press("Enter").until("FAULT status x1")
	s.press("s").until("sent: 503", "503 fault status")
	s.resize(30, 8).until("terminal is 30x8").resize(200, 60).until("6 Playground", "no_service_found").resize(120, 36).until("FOLLOW")
	s.press("C-z").until("topped").write("fg; echo ended with $?").press("Enter").until("FOLLOW", "1 Deploys")
	s.press("q").until("Quit stops the emulator").press("y").until("ended with 0")
	if strings.Contains(s.screen(), "1 Deploys") {
		t.Errorf("the terminal still shows the terminal UI:\n%s", s.screen())
	}
}

// Under load the list can be paused, and nothing moves under the cursor.
func TestTmuxPauseUnderLoad(t *testing.T) {
	s := inTmux(t, 100, 30, "load")
	s.until("FOLLOW", "/s").press("k").until("PAUSED +")
	row := func() string {
		for _, l := range strings.Split(s.screen(), "\n") {
			if strings.HasPrefix(l, "──") {
				return l
			}
		}
		return ""
	}
	at := row()
	s.until("PAUSED +1") // more came in
	if now := row(); now != at || at == "" {
		t.Errorf("the selected deploy changed from %q to %q", at, now)
	}
	s.press("G").until("FOLLOW")
	s.press("q").until("Requests are coming in").press("y").until("ended with 0")
}

// An emulator elsewhere that goes away and comes back.
func TestTmuxReconnects(t *testing.T) {
	s := inTmux(t, 100, 30, "flaky")
	s.until("FOLLOW", "attached")
	pid := strings.TrimSpace(s.run("display-message", "-p", "#{pane_pid}"))
	signal := func() {
		if out, err := exec.Command("sh", "-c", "kill -USR1 $(ps -o pid= --ppid "+pid+")").CombinedOutput(); err != nil {
			t.Skipf("the child cannot be reached: %v %s", err, out)
		}
	}
	signal()
	s.until("RECONNECTING", "connection refused")
	s.press("s").until("there is no connection")
	signal()
	s.until("FOLLOW", "connected again")
	s.press("q").until("ended with 0")
}
