package tui

import (
	"slices"
	"strings"
)

// style is a role that text can play. What it looks like is the theme's affair.
type style uint8

const (
	plain style = iota
	dim
	bold
	title    // of a pane
	chip     // what must be seen: the mode, a fault
	selected // the row under the cursor
	good     // ok
	again    // a duplicate
	fresh    // a suggestion
	bad      // a rejection, an error
	odd      // a fault, a null
	name     // a key of JSON
	text     // a string of JSON
	number   // a number of JSON
	traced   // rendered text that came from an expression
	hit      // what a search found
	caret    // where an editor types
	styles   // how many there are
)

// theme is an SGR sequence for each style, over the sixteen colours of the terminal and its own foreground and
// background, so that it is right on dark and on light and nothing has to be asked. Bold and a colour are never
// combined: some terminals make another, paler colour of that.
type theme [styles]string

func themeNamed(called string) theme {
	mono := theme{
		dim: "\x1b[2m", bold: "\x1b[1m", title: "\x1b[1m", chip: "\x1b[7m", selected: "\x1b[7m", bad: "\x1b[1m",
		odd: "\x1b[1m", traced: "\x1b[4m", hit: "\x1b[4m", caret: "\x1b[7m",
	}
	if called == "mono" {
		return mono
	}
	t := mono
	t[good], t[again], t[fresh], t[bad], t[odd] = "\x1b[32m", "\x1b[33m", "\x1b[36m", "\x1b[31m", "\x1b[35m"
	t[name], t[text], t[traced] = "\x1b[36m", "\x1b[32m", "\x1b[4;32m"
	if called == "colorblind" {
		t[good], t[bad], t[text], t[traced] = "\x1b[34m", "\x1b[33m", "\x1b[34m", "\x1b[4;34m"
		t[again] = "\x1b[36m"
	}
	return t
}

// glyphs are the marks that are drawn beside words.
type glyphs struct {
	ok, duplicate, unknown, rejected, fault string
	silent, warning, note                   string
	rule, bar, ellipsis, here, paused       string
	open, closed, to                        string
	spark                                   []string
	ascii                                   bool
}

func unicodeGlyphs() glyphs {
	return glyphs{
		ok: "✓", duplicate: "=", unknown: "+", rejected: "✗", fault: "!",
		silent: "!", warning: "~", note: "·", rule: "─", bar: "│", ellipsis: "…", here: "▸", paused: "||",
		open: "▾", closed: "▸", to: "→",
		spark: []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	}
}

func asciiGlyphs() glyphs {
	return glyphs{
		ok: "v", duplicate: "=", unknown: "+", rejected: "x", fault: "!",
		silent: "!", warning: "?", note: ".", rule: "-", bar: "|", ellipsis: "~", here: ">", paused: "||",
		open: "v", closed: ">", to: "->",
		spark: []string{"_", ".", ":", "-", "=", "*", "#", "%"}, ascii: true,
	}
}

// environ reads an environment.
type environ []string

func (e environ) get(key string) string {
	for _, kv := range slices.Backward(e) {
		if k, v, ok := strings.Cut(kv, "="); ok && k == key {
			return v
		}
	}
	return ""
}

// lookOf decides on colours and glyphs. Colour is a matter of taste and of NO_COLOR; bold, dim and reverse stay, for
// without them nobody could see what is selected.
func lookOf(o Options, env environ) (theme, glyphs) {
	called := o.Theme
	if called == "" || called == "auto" {
		called = "16"
	}
	never := o.Color == "never" || o.Color != "always" && (env.get("NO_COLOR") != "" || env.get("TERM") == "dumb")
	if never {
		called = "mono"
	}
	if o.ASCII || !speaksUTF8(env) {
		return themeNamed(called), asciiGlyphs()
	}
	return themeNamed(called), unicodeGlyphs()
}

// speaksUTF8 asks the locale, and not the Linux console, whose font lacks half of the glyphs.
func speaksUTF8(env environ) bool {
	if env.get("TERM") == "linux" {
		return false
	}
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := env.get(key); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// remote says that the terminal is at the other end of a network.
func (e environ) remote() bool { return e.get("SSH_CONNECTION") != "" || e.get("SSH_TTY") != "" }
