// Package quiet keeps Bubble Tea from asking the terminal for its background colour.
//
// Bubble Tea v1 asks while it is initialised, in every command of a binary that imports it, and waits five seconds for a
// terminal that does not answer. Lip Gloss asks only once, and not at all where it was told. Go initialises packages that
// are ready in the order of their import paths, and the path of this one sorts before Bubble Tea's; a test on a terminal
// that never answers guards it.
package quiet

import "github.com/charmbracelet/lipgloss"

// The terminal UI never asks for the background: its sixteen colours are right on both. So the answer does not matter.
func init() { lipgloss.SetHasDarkBackground(true) }
