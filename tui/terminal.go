package tui

import (
	"os"
	"sync"
)

// terminal is the output of the program: it puts each frame between the two sequences that make terminals show it at
// once, and lets the clipboard's sequence in between frames. Bubble Tea writes a frame with one Write.
type terminal struct {
	mu  sync.Mutex
	out *os.File
}

const (
	beginFrame = "\x1b[?2026h"
	endFrame   = "\x1b[?2026l"
)

// Write writes one frame.
func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	frame := make([]byte, 0, len(b)+len(beginFrame)+len(endFrame))
	frame = append(append(append(frame, beginFrame...), b...), endFrame...)
	if _, err := t.out.Write(frame); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Read and Close are there because Bubble Tea asks whether its output is a terminal, and a terminal has them.
func (t *terminal) Read(b []byte) (int, error) { return t.out.Read(b) }

// Close does nothing: the file is not ours.
func (t *terminal) Close() error { return nil }

// Fd is what the size and the mode of the terminal are asked of.
func (t *terminal) Fd() uintptr { return t.out.Fd() }

// osc sends text to the clipboard of the terminal.
func (t *terminal) osc(base64 string) error {
	if t == nil || t.out == nil {
		return os.ErrInvalid
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := t.out.WriteString("\x1b]52;c;" + base64 + "\x07")
	return err
}

// framesPerSecond is lower where every byte goes over a network.
func framesPerSecond(env environ) int {
	if env.remote() {
		return 15
	}
	return 30
}

// wantsMouse says whether the mouse is on at first: not over ssh and in tmux, where people select text with it.
func wantsMouse(o Options, env environ) bool {
	switch o.Mouse {
	case "on":
		return true
	case "off":
		return false
	}
	return !env.remote() && env.get("TMUX") == ""
}
