package tui

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// No two actions that can be done at the same time on one screen share a key.
func TestKeysAreNotShared(t *testing.T) {
	for _, src := range []func() *fake{newFake, busy} {
		d := newDesk(t, src(), 120, 36)
		for screen := range d.u.screens {
			d.do(d.u.show(screen))
			for f := onTemplate; f <= onOutput; f++ {
				d.u.playground.focus = f
				unique(t, d.u)
			}
		}
	}
}

// Where two actions of one screen share a key all the same, no state can make both possible: each such pair is known.
func TestSharedKeysAreKnown(t *testing.T) {
	known := map[string]bool{"type insert enter": true /* the focus decides */}
	all := actionTable()
	for i, a := range all {
		for _, b := range all[i+1:] {
			for _, k := range a.keys {
				if pair := a.id + " " + b.id + " " + k; a.on&b.on != 0 && slices.Contains(b.keys, k) && !known[pair] {
					t.Errorf("%s and %s share %s on a screen", a.id, b.id, k)
				}
			}
		}
	}
}

func unique(t *testing.T, u *ui) {
	t.Helper()
	by := map[string]string{}
	for i := range u.actions {
		a := &u.actions[i]
		if !a.here(u) || a.disabled(u) != "" {
			continue
		}
		for _, k := range a.keys {
			if other, taken := by[k]; taken {
				t.Errorf("screen %d: %s is both %s and %s", u.current+1, k, other, a.id)
			}
			by[k] = a.id
		}
	}
}

func TestActionsAreWhole(t *testing.T) {
	ids := map[string]bool{}
	for _, a := range actionTable() {
		if ids[a.id] || a.id == "" {
			t.Errorf("the id %q is there twice or empty", a.id)
		}
		ids[a.id] = true
		if a.short == "" || a.help == "" || a.run == nil || a.on == 0 || !slices.Contains(groups(), a.group) {
			t.Errorf("%s lacks something: %+v", a.id, a)
		}
		if len(a.help) > 42 {
			t.Errorf("the help of %s is cut where there are 120 columns: %q", a.id, a.help)
		}
	}
}

// Every action is in the help of its screens and in the palette, and a disabled one says why.
func TestHelpAndPaletteHaveEverything(t *testing.T) {
	d := newDesk(t, newFake(), 120, 200)
	for screen := range d.u.screens {
		d.do(d.u.show(screen))
		d.press("?")
		help := d.screen()
		d.press("esc")
		for _, a := range d.u.actions {
			if a.here(d.u) && !strings.Contains(help, a.help[:min(len(a.help), 30)]) {
				t.Errorf("the help of screen %d lacks %s", screen+1, a.id)
			}
		}
	}
	d.press(":")
	p := d.u.overlays[0].(*picker)
	if len(p.all) != len(d.u.actions) {
		t.Errorf("the palette has %d of %d actions", len(p.all), len(d.u.actions))
	}
	for _, a := range d.u.actions {
		if !slices.ContainsFunc(p.all, func(c choice) bool { return c.label == a.help }) {
			t.Errorf("the palette lacks %s", a.id)
		}
	}
}

// The help says why an action cannot be done.
func TestHelpSaysWhy(t *testing.T) {
	d := newDesk(t, newFake(), 260, 200)
	d.press("?").shows("(nothing was copied yet)", "(there is no request here)", "(no fault is in force)")
}

// A key of an action that cannot be done says why.
func TestDisabledActionsSayWhy(t *testing.T) {
	d := newDesk(t, newFake(), 120, 36)
	d.press("r").shows("there is no request here")
	d.press("3", "a").shows("there is no suggestion here")
	d.src.down = fmt.Errorf("connection refused")
	d.pull()
	d.press("1", "s").shows("there is no connection to the emulator", "RECONNECTING")
}

// Nothing panics whichever action is done, on whichever screen, with much or nothing on it.
func TestEveryActionEverywhere(t *testing.T) {
	for _, src := range []func() *fake{newFake, busy} {
		for screen := range 6 {
			for i, a := range actionTable() {
				d := newDesk(t, src(), 100, 30)
				d.do(d.u.show(screen))
				d.pull()
				if !a.here(d.u) || d.u.actions[i].disabled(d.u) != "" {
					continue
				}
				d.do(a.run(d.u))
				d.pull()
				checkLines(t, d.u)
				d.press("down", "tab", "enter", "y", "esc", "esc")
				checkLines(t, d.u)
			}
		}
	}
}

// The tables of keys and of words in the README are made of those of the program.
func TestReadmeHasTheKeys(t *testing.T) {
	for _, x := range []struct{ begin, end, want string }{
		{"<!-- keys -->\n", "<!-- end of keys -->", keyTable()},
		{"<!-- words -->\n", "<!-- end of words -->", wordTable()},
	} {
		b, err := os.ReadFile("README.md")
		if err != nil {
			t.Fatal(err)
		}
		before, rest, ok := strings.Cut(string(b), x.begin)
		old, after, ok2 := strings.Cut(rest, x.end)
		if !ok || !ok2 {
			t.Fatalf("README.md has no place for %s", x.begin)
		}
		if *update {
			if err := os.WriteFile("README.md", []byte(before+x.begin+x.want+x.end+after), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if old != x.want {
			t.Errorf("what README.md has between %s and %s is not what the program has: go test ./tui -run TestReadme -update", x.begin, x.end)
		}
	}
}

func wordTable() string {
	var b strings.Builder
	b.WriteString("| command | or | what |\n| --- | --- | --- |\n")
	for _, w := range plainWords() {
		short := ""
		if w.short != "" {
			short = "`" + w.short + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", strings.TrimSpace(w.name+" "+w.args), short, w.help)
	}
	return b.String()
}

// No two words of the plain mode are the same, and help has every one of them.
func TestWordsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range plainWords() {
		if seen[w.name] || w.short != "" && seen[w.short] || w.help == "" || w.run == nil {
			t.Errorf("%+v is there twice or lacks something", w)
		}
		seen[w.name], seen[w.short] = true, true
	}
}

func keyTable() string {
	var b strings.Builder
	b.WriteString("| keys | what | where |\n| --- | --- | --- |\n")
	for _, g := range groups() {
		for _, a := range actionTable() {
			if a.group != g || len(a.keys) == 0 {
				continue
			}
			var keys []string
			for _, k := range a.keys {
				keys = append(keys, "`"+strings.ReplaceAll(k, "|", `\|`)+"`")
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(keys, " "), a.help, where(a.on))
		}
	}
	return b.String()
}

func where(on scope) string {
	switch on {
	case onAll:
		return "everywhere"
	case onLists:
		return "lists"
	}
	var names []string
	for i, n := range []string{"Deploys", "Duplicates", "Suggestions", "Services", "Firings", "Playground"} {
		if on&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}
