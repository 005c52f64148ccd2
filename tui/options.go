package tui

import (
	"os"
	"time"
)

// Options are the terminal and the tastes of the person in front of it. The zero value of a field means its default;
// only Now must be given.
type Options struct {
	// In and Out are the terminal; by default standard input and output.
	In, Out *os.File
	// Env is the environment as KEY=value; nil means that of the process. It decides on colour (NO_COLOR, TERM), on
	// glyphs (LANG and its kin), on the clipboard (TMUX, SSH_CONNECTION, DISPLAY) and on the editor (VISUAL, EDITOR).
	Env []string
	// Color is "auto", "always" or "never".
	Color string
	// Theme is "auto", "mono", "16" or "colorblind".
	Theme string
	// Plain writes a line for each event instead of drawing screens: for pipes and screen readers.
	Plain bool
	// ASCII draws with ASCII alone; it is also chosen where the locale is not UTF-8.
	ASCII bool
	// Mouse is "auto", "on" or "off".
	Mouse string
	// Now is the clock.
	Now func() time.Time
	// Zone is the time zone in which times are shown; nil means UTC, as in the emulator's log.
	Zone *time.Location
	// Sample is a deploy that the emulator answers with ok, with a dedup_id of its own: what the first screen shows and
	// sends. Nil means a plain one.
	Sample func() []byte
	// Screen is the screen to begin with, by its name ("firings"); Filter a query for it.
	Screen, Filter string
	// Dir is where exports are written; empty means the working directory.
	Dir string
}
