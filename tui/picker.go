package tui

import (
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// picker is a list of choices that is narrowed down by typing: the palette, and whatever is chosen among many.
type picker struct {
	name  string
	all   []choice
	edit  editor
	hits  []int
	at    int
	byKey bool // the choices have keys, which are shown
}

func newPicker(name string, all []choice) *picker {
	p := &picker{name: name, all: all, edit: newEditor(false, "")}
	p.search()
	return p
}

func (p *picker) title() string { return p.name }
func (p *picker) hint() string  { return "type to search, enter does it, esc closes" }

// String and Len show the choices to the fuzzy search.
func (p *picker) String(i int) string { return p.all[i].label + " " + p.all[i].note }

// Len is how many choices there are.
func (p *picker) Len() int { return len(p.all) }

func (p *picker) search() {
	p.at, p.hits = 0, nil
	typed := p.edit.String()
	if typed == "" {
		for i := range p.all {
			p.hits = append(p.hits, i)
		}
		return
	}
	for _, m := range fuzzy.FindFrom(typed, p) {
		p.hits = append(p.hits, m.Index)
	}
	// What stands there as it was typed comes before what only has the letters in order.
	whole := func(i int) bool { return strings.Contains(strings.ToLower(p.String(i)), strings.ToLower(typed)) }
	slices.SortStableFunc(p.hits, func(a, b int) int {
		switch x, y := whole(a), whole(b); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
}

func (p *picker) rows(u *ui, max int, newPen func() *pen) []*pen {
	first := newPen().put(bold, "  > ")
	p.edit.draw(first, u.width-6, true)
	out := []*pen{first}
	room := min(max-1, 14)
	from := 0
	if p.at >= room {
		from = p.at - room + 1
	}
	for i := from; i < len(p.hits) && len(out) <= room; i++ {
		c := p.all[p.hits[i]]
		q := newPen()
		if i == p.at {
			q.base = selected
		}
		st, note := plain, c.note
		if c.why != "" {
			st, note = dim, c.why
		}
		q.put(plain, "  ")
		if p.byKey {
			q.col(bold, c.key, 8)
		}
		q.col(st, c.label, min(52, u.width-24)).put(dim, "  "+note).to(u.width)
		out = append(out, q)
	}
	if len(p.hits) == 0 {
		out = append(out, newPen().put(dim, "  nothing is called so"))
	}
	return out
}

func (p *picker) key(u *ui, k key) command {
	switch k.name {
	case "esc", "ctrl+c":
		u.closeSheet()
	case "down", "tab", "ctrl+n":
		p.at = min(p.at+1, max(0, len(p.hits)-1))
	case "up", "shift+tab", "ctrl+p":
		p.at = max(0, p.at-1)
	case "enter":
		if p.at >= len(p.hits) {
			return nil
		}
		c := p.all[p.hits[p.at]]
		if c.why != "" {
			u.note(again, c.why)
			return nil
		}
		u.closeSheet()
		return c.run(u)
	default:
		if p.edit.key(k) {
			p.search()
		}
	}
	return nil
}

// palette is every action there is, those of this screen first.
func (u *ui) palette() command {
	var here, cannot, rest []choice
	for _, a := range u.byUse() {
		c := choice{key: a.shown(), label: a.help, note: a.short, run: a.run}
		if a.here(u) {
			if c.why = a.disabled(u); c.why != "" {
				cannot = append(cannot, c)
			} else {
				here = append(here, c)
			}
			continue
		}
		to := a.on.first()
		long, _ := u.screens[to].name()
		c.note = "on " + long
		c.run = func(u *ui) command {
			first := u.show(to)
			if why := a.disabled(u); why != "" {
				u.note(again, why)
				return first
			}
			return several(first, a.run(u))
		}
		rest = append(rest, c)
	}
	p := newPicker("commands", slices.Concat(here, rest, cannot))
	p.byKey = true
	return u.openSheet(p)
}

// byUse is every action, those that do something before those that only move.
func (u *ui) byUse() []*act {
	var out []*act
	for _, g := range []string{"Act", "Copy and keep", "Live", "Terminal UI", "Move"} {
		for i := range u.actions {
			if u.actions[i].group == g {
				out = append(out, &u.actions[i])
			}
		}
	}
	return out
}

// first is the first screen of a scope.
func (s scope) first() int {
	for i := range 8 {
		if s&(1<<i) != 0 {
			return i
		}
	}
	return 0
}
