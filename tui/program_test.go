//go:build unix

package tui

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// The first run teaches: a sample, a suggestion, a duplicate and a firing, with one key each.
func TestFirstRun(t *testing.T) {
	r := runOnTTY(t, newFake(), 100, 30)
	r.until("No deploys yet", "LISTENING", "curl -i", "demo-1")
	r.press("s").until("ok", "The service \"shopping_cart\" exists", "lesson 1 of 3")
	r.press("s").until("no_service_found", "unknown alias", "lesson 1 of 3", "Press 3")
	r.press("3").until("shoping_cart", "a  accept")
	r.press("b").until("now belongs to the service of", "lesson 2 of 3")
	r.press("1", "s").until("duplicate_deploy", "silent.duplicate", "lesson 3 of 3")
	r.press("2").until("environment \"Production\" → \"Staging\"", "- kept  + dropped")
	r.press("5", "f").until("run Django Boilerplate", "project_name")
	r.press("enter").until("201 Created", "{{ service.name }}")
	r.untilTrue("ends the lessons", func(s string) bool { return !strings.Contains(s, "lesson ") })
	r.press("q").until("Quit stops the emulator")
	r.press("n").untilTrue("forgets the question", func(s string) bool { return !strings.Contains(s, "Quit stops") })
	r.press("q").until("Quit stops").press("y")
	if err := <-r.err; err != nil {
		t.Fatal(err)
	}
	<-r.ended
	if raw := r.bytes(); !strings.Contains(raw, "\x1b[?1049l") || !strings.Contains(raw, "\x1b[?25h") || !strings.Contains(raw, "\x1b[?2026h") {
		t.Error("the terminal is not left as it was")
	}
}

// Keys that arrive in one read are single keys.
func TestKeysThatArriveTogether(t *testing.T) {
	r := runOnTTY(t, busy(), 120, 36)
	r.until("environment.case", "FOLLOW")
	r.press("kkk").until("PAUSED", "deploy 68")
	if row := r.selectedRow(); !strings.Contains(row, "400 Deployed") {
		t.Errorf("the selected row is %q\n%s", row, r.screen())
	}
	r.press("G").until("FOLLOW", "deploy 71")
}

// So are esc and the key after it, which look like one key with alt.
func TestEscapeAndAKeyTogether(t *testing.T) {
	r := runOnTTY(t, busy(), 120, 36)
	r.until("FOLLOW").press("6").until("first template").press("i").until("(typing)")
	r.press("\x1b5").until("firing 72")
}

// A rejected request is put right and sent again with one key.
func TestFixAndSend(t *testing.T) {
	r := runOnTTY(t, busy(), 120, 36)
	r.until("FOLLOW").press("/").until("tab service:").press("result:rejected").until("3 of 71")
	r.press("enter", "g").until("deploy 68", "deployer is an object")
	r.press("F").until("sent: 202 ok")
	r.press("esc").until("1 Deploys 72", "deploy 68", "payments-api").press("G").until("shopping_cart", "deployed 2019-02-01 13:28:33 UTC")
}

// A terminal that no longer reads holds up nobody: the emulator takes its deploys, and the end comes.
func TestStuckTerminal(t *testing.T) {
	wholeProgram(t)
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("there are no pseudo terminals here: ", err)
	}
	defer master.Close()
	defer slave.Close()
	if err := pty.Setsize(master, &pty.Winsize{Cols: 200, Rows: 60}); err != nil {
		t.Fatal(err)
	}
	src := busy()
	ctx, cancel := contextWithCancel()
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, src, Options{In: slave, Out: slave, Now: src.clock, Env: []string{"LANG=C.UTF-8", "TERM=xterm"}})
	}()
	one := make([]byte, 1)
	if _, err := master.Read(one); err != nil { // it has begun to write, and from here on nobody reads
		t.Fatal(err)
	}
	began := time.Now()
	for i := range 10_000 {
		src.post("dedup_id", fmt.Sprintf("run-%d", i))
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("10,000 deploys took %s while the terminal was stuck", took)
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the end does not come")
	}
}

// An emulator that comes back with another journal is shown from its beginning.
func TestAnotherJournal(t *testing.T) {
	src := busy()
	src.attached = true
	r := runOnTTY(t, src, 100, 30)
	r.until("FOLLOW", "1 Deploys 71")
	src.mu.Lock()
	src.down = errors.New("connection refused")
	src.mu.Unlock()
	src.hub.Publish()
	r.until("RECONNECTING", "connection refused")
	src.mu.Lock()
	src.down, src.events, src.first = nil, nil, 1
	src.mu.Unlock()
	src.post("service", "search", "dedup_id", "new")
	r.until("another journal", "1 Deploys 1", "search")
	src.post("service", "checkout", "dedup_id", "newer")
	r.until("1 Deploys 2", "checkout").press("q")
	if err := <-r.err; err != nil {
		t.Error(err)
	}
}

// The end of the context ends the program and gives the terminal back.
func TestContextEnds(t *testing.T) {
	r := runOnTTY(t, busy(), 80, 24)
	r.until("FOLLOW")
	r.cancel()
	if err := <-r.err; err != nil {
		t.Error(err)
	}
	<-r.ended
	if !strings.Contains(r.bytes(), "\x1b[?1049l") {
		t.Error("the terminal is not given back")
	}
}

// Over ssh a copy goes through the terminal, between frames.
func TestCopyOverSSH(t *testing.T) {
	r := runOnTTY(t, busy(), 80, 24, func(o *Options) { o.Env = append(o.Env, "SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22") })
	r.until("FOLLOW").press("y").until("copy as").press("u").until("through the terminal (OSC 52)")
	if want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(fakeURL)) + "\x07"; !strings.Contains(r.bytes(), want) {
		t.Error("no OSC 52 was written")
	}
}

// A request is edited in $EDITOR, which gets the terminal, and is sent.
func TestEditAndSend(t *testing.T) {
	editor := filepath.Join(t.TempDir(), "editor")
	script := "#!/bin/sh\ntest -t 0 && test -t 1 || exit 3\nsed -i s/production/QA/ \"$1\"\n"
	if err := os.WriteFile(editor, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	r := runOnTTY(t, busy(), 100, 30, func(o *Options) { o.Env = append(o.Env, "EDITOR="+editor, "PATH="+os.Getenv("PATH")) })
	r.until("FOLLOW", "environment.case").press("o").until("sent: 202 ok, event 73 (edited)", "QA")
	r.press("k", "k").until("PAUSED").press("o").until("nothing was changed")
}
