package tui

import "strings"

// help is the keys of the screen, by group, narrowed down by typing.
type help struct {
	edit editor
	top  int
	last int
}

func (h *help) title() string { return "keys on this screen" }
func (h *help) hint() string  { return "type to search, up down scroll, esc closes" }

// helpLine is a heading or a key with what it does.
type helpLine struct{ heading, keys, help, why string }

func (h *help) lines(u *ui) []helpLine {
	typed := strings.ToLower(h.edit.String())
	var out []helpLine
	for _, g := range groups() {
		begun := false
		for i := range u.actions {
			a := &u.actions[i]
			if a.group != g || !a.here(u) || len(a.keys) == 0 {
				continue
			}
			if typed != "" && !strings.Contains(strings.ToLower(a.allKeys()+" "+a.help+" "+a.short), typed) {
				continue
			}
			if !begun {
				out = append(out, helpLine{heading: g})
				begun = true
			}
			out = append(out, helpLine{keys: a.allKeys(), help: a.help, why: a.disabled(u)})
		}
	}
	return out
}

func (h *help) rows(u *ui, max int, newPen func() *pen) []*pen {
	first := newPen().put(bold, "  / ")
	h.edit.draw(first, u.width-6, true)
	out := []*pen{first}
	lines := h.lines(u)
	columns := 1
	if u.width >= sideWidth {
		columns = 2
	}
	per := (len(lines) + columns - 1) / columns
	if columns > 1 && per > 0 && per < len(lines) && lines[per-1].heading != "" {
		per++ // a heading does not stand at the foot of a column
	}
	h.last = per - (max - 1)
	h.top = min(h.top, h.last)
	if h.top < 0 {
		h.top = 0
	}
	for i := h.top; i < per && len(out) < max; i++ {
		p := newPen()
		for c := range columns {
			if at := i + c*per; at < len(lines) {
				lines[at].draw(p, c*u.width/columns)
			}
		}
		out = append(out, p)
	}
	return out
}

func (l helpLine) draw(p *pen, at int) {
	p.to(at)
	if l.heading != "" {
		p.put(title, "  "+l.heading)
		return
	}
	end := at + p.max/2
	if p.max < sideWidth {
		end = p.max
	}
	p.put(plain, "  ").col(bold, l.keys, 14).put(plain, " ")
	p.cell(plain, l.help, end-p.at-1, false)
	if l.why != "" {
		p.cell(dim, " ("+l.why+")", end-p.at-1, false)
	}
}

func (h *help) key(u *ui, k key) command {
	switch k.name {
	case "esc", "ctrl+c", "enter", "?":
		u.closeSheet()
	case "down":
		h.top++
	case "up":
		h.top = max(0, h.top-1)
	case "pgdown", "ctrl+d":
		h.top += 10
	case "pgup", "ctrl+u":
		h.top = max(0, h.top-10)
	default:
		h.edit.key(k)
		h.top = 0
	}
	return nil
}
