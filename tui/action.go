package tui

import "strings"

// act is one thing that can be done. The table of them is the only place that binds keys: the keys themselves, the
// line of hints, the help, the palette and the table in the README are all read from it, so they cannot disagree.
type act struct {
	// id is stable; tests and the palette know actions by it.
	id string
	// keys press it; the first is the one that is shown. None: only the palette has it.
	keys []string
	// short names it in the line of hints, help in the help and the palette.
	short, help string
	group       string
	on          scope
	// rank orders the hints, 1 first; 0 is not hinted at. pane is its rank while the keys are for the pane.
	rank, pane int
	// why says why it cannot be done now; nil or an empty answer: it can.
	why func(u *ui) string
	run func(u *ui) command
}

// scope is the screens an action belongs to.
type scope uint8

const (
	onDeploys scope = 1 << iota
	onDuplicates
	onSuggestions
	onServices
	onFirings
	onPlayground
	onLists = onDeploys | onDuplicates | onSuggestions | onServices | onFirings
	onAll   = onLists | onPlayground
)

// groups are the headings of the help, in order.
func groups() []string { return []string{"Move", "Live", "Act", "Copy and keep", "Terminal UI"} }

func (a *act) disabled(u *ui) string {
	if a.why == nil {
		return ""
	}
	return a.why(u)
}

// here says whether the action belongs to the screen on show.
func (a *act) here(u *ui) bool { return a.on&(1<<u.current) != 0 }

// perform does what a key stands for on this screen. One that stands for several is the first that can be done now.
func (u *ui) perform(key string) command {
	refused := ""
	for i := range u.actions {
		a := &u.actions[i]
		if !a.here(u) || !has(a.keys, key) {
			continue
		}
		if why := a.disabled(u); why != "" {
			if refused == "" {
				refused = why
			}
			continue
		}
		return a.run(u)
	}
	if refused != "" {
		u.note(again, refused)
	}
	return nil
}

func has(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// shown is the first key of an action, as it stands on a keyboard.
func (a *act) shown() string {
	if len(a.keys) == 0 {
		return "-"
	}
	return a.keys[0]
}

// allKeys are the keys of an action for the help.
func (a *act) allKeys() string { return strings.Join(a.keys, " ") }

// actionTable is every action there is.
func actionTable() []act {
	var t []act
	t = append(t, moveActions()...)
	t = append(t, liveActions()...)
	t = append(t, requestActions()...)
	t = append(t, accountActions()...)
	t = append(t, firingActions()...)
	t = append(t, playgroundActions()...)
	t = append(t, faultActions()...)
	t = append(t, loadActions()...)
	t = append(t, keepActions()...)
	return append(t, appActions()...)
}
