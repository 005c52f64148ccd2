package tui

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// clipboard finds the way to the clipboard of the person: that of tmux where there is one, because tmux swallows the
// sequence that terminals understand; the terminal itself over ssh, where no program reaches the right screen; else the
// program that this machine has for it, then the terminal. What no way takes is written to a file.
type clipboard struct {
	env environ
	// osc writes an OSC 52 to the terminal; nil where there is none.
	osc func(base64 string) error
	// find and run are those of os/exec; tests have their own.
	find func(name string) error
	run  func(ctx context.Context, name string, args []string, in string) error
}

// maxOSC is the longest text, in base64, that terminals take.
const maxOSC = 74_994

// way is one way to a clipboard.
type way struct {
	name string
	args []string
	said string
	osc  bool
}

// ways are the ways to try, in order. Pure.
func (c *clipboard) ways() []way {
	osc := way{osc: true, said: "through the terminal (OSC 52)"}
	if c.env.get("TMUX") != "" {
		return []way{{name: "tmux", args: []string{"load-buffer", "-w", "-"}, said: "through tmux"}, osc}
	}
	if c.env.remote() {
		return []way{osc}
	}
	var ws []way
	if c.env.get("WAYLAND_DISPLAY") != "" {
		ws = append(ws, way{name: "wl-copy", said: "with wl-copy"})
	}
	if c.env.get("DISPLAY") != "" {
		ws = append(ws, way{name: "xclip", args: []string{"-selection", "clipboard"}, said: "with xclip"},
			way{name: "xsel", args: []string{"--clipboard", "--input"}, said: "with xsel"})
	}
	ws = append(ws, way{name: "pbcopy", said: "with pbcopy"}, way{name: "clip.exe", said: "with clip.exe"})
	return append(ws, osc)
}

// copy goes the first way that works and says which it was.
func (c *clipboard) copy(ctx context.Context, text, dir string) (how string, err error) {
	find, run := c.find, c.run
	if find == nil {
		find, run = findProgram, runProgram
	}
	for _, w := range c.ways() {
		if w.osc {
			b := base64.StdEncoding.EncodeToString([]byte(text))
			if c.osc != nil && len(b) <= maxOSC && c.osc(b) == nil {
				return w.said, nil
			}
			continue
		}
		if find(w.name) == nil && run(ctx, w.name, w.args, text) == nil {
			return w.said, nil
		}
	}
	path := filepath.Join(dir, "bubblelevel-copy.txt")
	if err := writeOwn(path, text); err != nil {
		return "", errors.Join(errors.New("no clipboard could be reached"), err)
	}
	return "to " + path + ", as no clipboard could be reached", nil
}

// writeOwn writes a file that is its owner's alone. What stands in its place is removed: a link is not followed.
func writeOwn(path, text string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func findProgram(name string) error {
	_, err := exec.LookPath(name)
	return err
}

func runProgram(ctx context.Context, name string, args []string, in string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = bytes.NewReader([]byte(in))
	return cmd.Run()
}
