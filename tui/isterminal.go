package tui

import "os"

// Terminal says whether f is a terminal, so that screens can be drawn on it. nil is none.
func Terminal(f *os.File) bool { return f != nil && isTerminal(f) }
