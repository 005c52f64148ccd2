package tui

import "strings"

// key is one key that was pressed. Its name is what the table of actions binds: "a", "space", "ctrl+d", "pgdown".
type key struct {
	name string
	// text is what it writes into a text field; empty for a key that writes nothing.
	text string
	// paste says that text was pasted, however much it is.
	paste bool
}

// resized is a new size of the terminal.
type resized struct{ width, height int }

// mouse is a click or a turn of the wheel, in cells from the top left.
type mouse struct {
	x, y  int
	wheel int // -1 up, 1 down, 0 a click
}

// keysOf makes single keys of runes that arrived together: Bubble Tea v1 makes one message of what one read brought, so
// that typing fast, a key that repeats, or a slow line would lose keys.
func keysOf(runes []rune, pasted bool) []key {
	if pasted {
		return []key{{name: "paste", text: string(runes), paste: true}}
	}
	keys := make([]key, 0, len(runes))
	for _, r := range runes {
		keys = append(keys, runeKey(r))
	}
	return keys
}

func runeKey(r rune) key {
	if r == ' ' {
		return key{name: "space", text: " "}
	}
	return key{name: string(r), text: string(r)}
}

// keys takes keys one after the other.
func (u *ui) keys(ks []key) command {
	var all []command
	u.touched = true
	for _, k := range ks {
		all = append(all, u.key(k))
	}
	return several(append(all, u.needs(), u.ticking())...)
}

// key is for the overlay on top, else for the text field that is open, else for an action.
func (u *ui) key(k key) command {
	if u.toast.until.IsZero() {
		u.toast = toast{}
	}
	if u.tooSmall() {
		if k.name == "q" || k.name == "ctrl+c" {
			return u.quit()
		}
		return nil
	}
	if n := len(u.overlays); n > 0 {
		return u.overlays[n-1].key(u, k)
	}
	if f := u.field(); f != nil {
		if c, taken := f.key(u, k); taken {
			return c
		}
	}
	return u.perform(k.name)
}

// textField is what keys are typed into while it is open.
type textField interface {
	// key says whether the key was for the field; what was not is looked up among the actions.
	key(u *ui, k key) (command, bool)
}

func (u *ui) field() textField {
	if f := u.screen().field(); f != nil {
		return f
	}
	return nil
}

// sameName compares names of screens and the like, in upper or lower case.
func sameName(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
