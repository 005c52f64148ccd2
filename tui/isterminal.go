package tui

import (
	"os"

	"github.com/charmbracelet/x/term"
)

// Terminal says whether f is a terminal, so that screens can be drawn on it. nil is none, and so is the null device, which
// is a device of characters as terminals are.
func Terminal(f *os.File) bool { return f != nil && isTerminal(f) }

func isTerminal(f *os.File) bool { return term.IsTerminal(f.Fd()) }
