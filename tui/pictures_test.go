//go:build unix

package tui

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var pictures = flag.Bool("pictures", false, "draw pictures/*.png with xterm under Xvfb")

// picture is one screen, as a person sees it.
type picture struct {
	name  string
	what  string
	light bool
	w, h  int
	keys  string // for xdotool key, or "type words" for xdotool type, divided by semicolons
	env   []string
}

func allPictures() []picture {
	return []picture{
		{name: "first-run", what: "empty", w: 120, h: 36},
		{name: "lesson", what: "empty", w: 120, h: 36, keys: "s;s"},
		{name: "deploys", what: "busy", w: 120, h: 36, keys: "k;k;k;k"},
		{name: "deploys-light", what: "busy", light: true, w: 120, h: 36, keys: "k;k;k;k"},
		{name: "rejected", what: "busy", w: 120, h: 36, keys: "slash;type result:rejected;Return;g"},
		{name: "filter", what: "busy", w: 120, h: 36, keys: "slash;type finding:silent env"},
		{name: "duplicates", what: "busy", w: 120, h: 36, keys: "2"},
		{name: "duplicates-light", what: "busy", light: true, w: 120, h: 36, keys: "2"},
		{name: "suggestions", what: "busy", w: 120, h: 36, keys: "3;j"},
		{name: "services", what: "busy", w: 120, h: 36, keys: "4"},
		{name: "firings", what: "busy", w: 120, h: 36, keys: "5"},
		{name: "firings-light", what: "busy", light: true, w: 120, h: 36, keys: "5"},
		{name: "playground", what: "busy", w: 120, h: 36, keys: "6;Return;Down;End;Return;type {{ service.nmae }} {{ service.ow"},
		{name: "playground-light", what: "busy", light: true, w: 120, h: 36, keys: "5;p"},
		{name: "faults", what: "busy", w: 120, h: 36, keys: "x;1;BackSpace;Return;s;s;x"},
		{name: "help", what: "busy", w: 120, h: 36, keys: "question"},
		{name: "rejected-light", what: "busy", light: true, w: 120, h: 36, keys: "slash;type result:rejected;Return;g"},
		{name: "palette", what: "busy", w: 120, h: 36, keys: "colon"},
		{name: "small", what: "busy", w: 80, h: 24, keys: "k;k;k;k"},
		{name: "nocolor-ascii", what: "busy", w: 80, h: 24, env: []string{"NO_COLOR=1", "LC_ALL=C"}, keys: "k;k;k;k"},
		{name: "load", what: "load", w: 120, h: 36, env: []string{"LOADED=1"}},
	}
}

// TestPictures draws the pictures of the README; it needs xterm, Xvfb, xdotool, ImageMagick and DejaVu fonts.
func TestPictures(t *testing.T) {
	if !*pictures {
		t.Skip("only with -pictures")
	}
	for _, p := range []string{"xterm", "Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skip(p, " is not installed")
		}
	}
	display := startX(t)
	if err := os.MkdirAll("pictures", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range allPictures() {
		t.Run(p.name, func(t *testing.T) { p.draw(t, display) })
	}
}

// startX starts an X server on a display that is free.
func startX(t *testing.T) (display string) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "2000x1400x24", "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Skip("Xvfb does not start: ", err)
	}
	w.Close()
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb names no display: ", err)
	}
	return ":" + strings.TrimSpace(line)
}

func (p picture) draw(t *testing.T, display string) {
	colours := []string{"#16171b", "#d8d8dc", "#e05c5c", "#54b86c", "#d9a441", "#5c8fe0", "#b57edc", "#4bb5c9"}
	if p.light {
		colours = []string{"#fbfaf7", "#20222a", "#c03434", "#2f8a46", "#9a6300", "#2d5fb8", "#8a4bb8", "#1d7f93"}
	}
	title := "bubblelevel-" + p.name
	args := []string{"-fa", "DejaVu Sans Mono", "-fs", "11", "-geometry", fmt.Sprintf("%dx%d", p.w, p.h), "-T", title, "-b", "8", "-bg", colours[0], "-fg", colours[1],
		"-xrm", "XTerm*allowTitleOps: false", "-xrm", "XTerm*allowSendEvents: true"}
	for i, c := range colours[2:] {
		args = append(args, "-xrm", fmt.Sprintf("XTerm*color%d: %s", i+1, c))
	}
	cmd := child(t, p.what, p.env...)
	args = append(args, "-e", "env", "-i")
	for _, kv := range cmd.Env {
		if !strings.HasPrefix(kv, "TERM=") || len(p.env) == 0 {
			args = append(args, kv)
		}
	}
	args = append(args, "TERM=xterm-256color", cmd.Path)
	x := exec.Command("xterm", args...)
	x.Env = []string{"DISPLAY=" + display, "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { x.Process.Kill(); x.Wait() }()
	do := func(name string, args ...string) string {
		t.Helper()
		c := exec.Command(name, args...)
		c.Env = []string{"DISPLAY=" + display, "PATH=" + os.Getenv("PATH")}
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	window := strings.TrimSpace(do("xdotool", "search", "--sync", "--onlyvisible", "--name", title))
	window, _, _ = strings.Cut(window, "\n")
	do("xdotool", "mousemove", "--window", window, "300", "300")
	settle(700 * time.Millisecond)
	for k := range strings.SplitSeq(p.keys, ";") {
		if words, ok := strings.CutPrefix(k, "type "); ok {
			do("xdotool", "type", "--delay", "20", words)
		} else if k != "" {
			do("xdotool", "key", k)
		}
		settle(250 * time.Millisecond)
	}
	if p.what == "load" {
		settle(3 * time.Second)
	}
	settle(300 * time.Millisecond)
	path := filepath.Join("pictures", p.name+".png")
	do("import", "-display", display, "-window", window, "-colors", "64", "-depth", "8", "PNG8:"+path)
	if b, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Errorf("%s is no picture: %v", path, err)
	}
}
