package tui

// overlay is a sheet over the lower part of the body: a menu, the palette, a question, a form, the help. It takes every
// key until it closes itself.
type overlay interface {
	title() string
	// rows are its lines, at most max of them, written with pens from newPen.
	rows(u *ui, max int, newPen func() *pen) []*pen
	key(u *ui, k key) command
	hint() string
}

func (u *ui) openSheet(o overlay) command {
	u.overlays = append(u.overlays, o)
	return nil
}

func (u *ui) closeSheet() {
	if n := len(u.overlays); n > 0 {
		u.overlays = u.overlays[:n-1]
	}
}

// onTop says whether a sheet is the one that takes the keys.
func (u *ui) onTop(o overlay) bool {
	n := len(u.overlays)
	return n > 0 && u.overlays[n-1] == o
}

// sheet draws an overlay over the end of the lines.
func (u *ui) sheet(lines []string, o overlay) {
	rows := o.rows(u, len(lines)-2, func() *pen { return u.look.pen(u.width) })
	at := max(1, len(lines)-1-len(rows))
	lines[at] = rule(&u.look, o.title(), u.width, true)
	for i, p := range rows {
		if at+1+i < len(lines) {
			lines[at+1+i] = p.String()
		}
	}
}

// menu is a list of choices, each with a key of its own.
type menu struct {
	name    string
	intro   string
	choices []choice
	at      int
}

// choice is one line of a menu.
type choice struct {
	key   string
	label string
	note  string
	why   string // why it cannot be chosen
	run   func(u *ui) command
}

func (m *menu) title() string { return m.name }
func (m *menu) hint() string {
	return "letter or enter chooses, esc closes"
}

func (m *menu) rows(u *ui, most int, newPen func() *pen) []*pen {
	var out []*pen
	if m.intro != "" {
		for _, l := range wrapWords(u.look.safe(m.intro, proseLimit), u.width-4) {
			out = append(out, newPen().put(plain, "  "+l))
		}
	}
	room, wide := most-len(out), 12
	for _, c := range m.choices {
		wide = max(wide, width(u.look.safe(c.label, 44)))
	}
	from := 0
	if m.at >= room {
		from = m.at - room + 1
	}
	for i := from; i < len(m.choices) && len(out) < most; i++ {
		c := m.choices[i]
		p := newPen()
		st := plain
		if c.why != "" {
			st = dim
		}
		if i == m.at {
			p.base = selected
		}
		note := c.note
		if c.why != "" {
			note = c.why
		}
		p.put(bold, "  "+pad(c.key, 3)).col(st, c.label, min(wide, u.width/2)).put(dim, "  "+note).to(u.width)
		out = append(out, p)
	}
	return out
}

func (m *menu) key(u *ui, k key) command {
	switch k.name {
	case "esc", "ctrl+c":
		u.closeSheet()
		return nil
	case "down", "tab", "ctrl+n":
		m.at = min(m.at+1, len(m.choices)-1)
		return nil
	case "up", "shift+tab", "ctrl+p":
		m.at = max(0, m.at-1)
		return nil
	case "enter":
		return m.choose(u, m.at)
	}
	for i, c := range m.choices {
		if c.key == k.name {
			return m.choose(u, i)
		}
	}
	return nil
}

func (m *menu) choose(u *ui, i int) command {
	if i < 0 || i >= len(m.choices) {
		return nil
	}
	c := m.choices[i]
	if c.why != "" {
		u.note(again, c.why)
		return nil
	}
	u.closeSheet()
	return c.run(u)
}

// confirm asks before something that cannot be taken back. The answer is no unless it is y.
type confirm struct {
	question string
	yes      string // what y does
	run      func(u *ui) command
}

func (c *confirm) title() string { return "sure?" }
func (c *confirm) hint() string  { return "y " + c.yes + ", any other key stays" }

func (c *confirm) rows(u *ui, _ int, newPen func() *pen) []*pen {
	var out []*pen
	for _, l := range wrapWords(u.look.safe(c.question, proseLimit), u.width-4) {
		out = append(out, newPen().put(plain, "  "+l))
	}
	return append(out, newPen().put(bold, "  N").put(plain, " stay    ").put(bold, "y").put(plain, " "+c.yes))
}

func (c *confirm) key(u *ui, k key) command {
	u.closeSheet()
	if k.name == "y" || k.name == "Y" {
		return c.run(u)
	}
	return nil
}

// form asks for a few values.
type form struct {
	name   string
	intro  string
	fields []formField
	at     int
	run    func(u *ui, values []string) command
	err    string
	// busy says that what was asked for is on its way, so that a second enter does not ask for it twice.
	busy bool
}

// formField is one value: typed, or chosen among a few.
type formField struct {
	label   string
	note    string
	choices []string
	edit    editor
}

func (f *form) title() string { return f.name }
func (f *form) hint() string {
	return "tab next field, left right choose, enter does it, esc closes"
}

func (f *form) rows(u *ui, most int, newPen func() *pen) []*pen {
	var out []*pen
	for _, l := range wrapWords(u.look.safe(f.intro, proseLimit), u.width-4) {
		out = append(out, newPen().put(dim, "  "+l))
	}
	// What is wrong comes before the fields that it leaves no room for.
	wrong := wrapWords(u.look.safe(f.err, proseLimit), u.width-4)
	if f.err == "" {
		wrong = nil
	}
	most = max(1, most-len(wrong))
	room := most - len(out)
	from := 0
	if f.at >= room {
		from = f.at - room + 1
	}
	for i := from; i < len(f.fields) && len(out) < most; i++ {
		x := &f.fields[i]
		p := newPen()
		p.put(bold, "  ").col(bold, x.label, min(24, u.width/3)).put(plain, " ")
		from := p.at
		x.edit.line(p, 0, min(40, u.width/2), i == f.at, nil)
		p.to(max(p.at, from+min(24, u.width/4))).put(dim, "  "+x.note)
		out = append(out, p)
	}
	for _, l := range wrong {
		out = append(out, newPen().put(bad, "  "+l))
	}
	return out
}

func (f *form) key(u *ui, k key) command {
	x := &f.fields[f.at]
	switch k.name {
	case "esc", "ctrl+c":
		u.closeSheet()
	case "tab", "down":
		f.at = (f.at + 1) % len(f.fields)
	case "shift+tab", "up":
		f.at = (f.at + len(f.fields) - 1) % len(f.fields)
	case "enter":
		if f.busy {
			return nil
		}
		values := make([]string, len(f.fields))
		for i := range f.fields {
			values[i] = f.fields[i].edit.String()
		}
		return f.run(u, values)
	case "left", "right", "space":
		if len(x.choices) > 0 {
			x.turn(map[string]int{"left": -1}[k.name])
			return nil
		}
		x.edit.key(k)
	default:
		x.edit.key(k)
	}
	return nil
}

// turn goes to the next choice, or to the one before.
func (x *formField) turn(by int) {
	if by == 0 {
		by = 1
	}
	at := 0
	for i, c := range x.choices {
		if c == x.edit.String() {
			at = i + by
		}
	}
	x.edit.set(x.choices[(at+len(x.choices))%len(x.choices)])
}
