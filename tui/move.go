package tui

// moveActions move the cursor of the list or, when the keys are for it, the pane.
func moveActions() []act {
	by := func(lines int) func(u *ui) command {
		return func(u *ui) command { u.move(lines); return nil }
	}
	page := func(sign, parts int) func(u *ui) command {
		return func(u *ui) command { u.move(sign * max(1, u.page()/parts)); return nil }
	}
	return []act{
		{id: "down", keys: []string{"j", "down"}, short: "down", help: "one line down", group: "Move", on: onAll, run: by(1)},
		{id: "up", keys: []string{"k", "up"}, short: "up", help: "one line up; the list no longer follows", group: "Move", on: onAll, run: by(-1)},
		{id: "first", keys: []string{"g", "home"}, short: "first", help: "to the first line", group: "Move", on: onAll, run: by(-1 << 30)},
		{id: "last", keys: []string{"G", "end"}, short: "last", help: "to the last line; a live list follows", group: "Move", on: onAll,
			run: func(u *ui) command { u.end(); return nil }},
		{id: "half-down", keys: []string{"ctrl+d"}, short: "half down", help: "half a page down", group: "Move", on: onAll, run: page(1, 2)},
		{id: "half-up", keys: []string{"ctrl+u"}, short: "half up", help: "half a page up", group: "Move", on: onAll, run: page(-1, 2)},
		{id: "page-down", keys: []string{"pgdown", "ctrl+f"}, short: "page down", help: "a page down", group: "Move", on: onAll, run: page(1, 1)},
		{id: "page-up", keys: []string{"pgup", "ctrl+b"}, short: "page up", help: "a page up", group: "Move", on: onAll, run: page(-1, 1)},
		{id: "left", keys: []string{"h", "left"}, short: "left", help: "what is shown, to the left", group: "Move", on: onAll,
			run: func(u *ui) command { u.sideways(-1); return nil }},
		{id: "right", keys: []string{"l", "right"}, short: "right", help: "what is shown, to the right", group: "Move", on: onAll,
			run: func(u *ui) command { u.sideways(1); return nil }},
		{id: "pane", keys: []string{"tab", "shift+tab"}, short: "pane", help: "from the list to the pane and back", group: "Move", on: onLists,
			run: func(u *ui) command { u.otherPane(); return nil }},
		{id: "open", keys: []string{"enter"}, short: "open", help: "give the pane the whole screen", group: "Move", on: onDeploys | onDuplicates | onFirings, rank: 2, why: (*ui).nothingHere,
			run: func(u *ui) command { u.zoom(true); return nil }},
		{id: "back", keys: []string{"esc"}, short: "back", help: "out of the pane, then out of the filter", group: "Move", on: onAll, pane: 6,
			run: func(u *ui) command { return u.back() }},
		{id: "zoom", keys: []string{"z"}, short: "zoom", help: "pane or both", group: "Move", on: onLists, pane: 5,
			run: func(u *ui) command { u.zoom(!u.zoomed); return nil }},
		{id: "narrower", keys: []string{"<"}, short: "narrower", help: "move the border to the left", group: "Move", on: onLists,
			run: func(u *ui) command { u.split = max(-40, u.split-4); return nil }},
		{id: "wider", keys: []string{">"}, short: "wider", help: "move the border to the right", group: "Move", on: onLists,
			run: func(u *ui) command { u.split = min(40, u.split+4); return nil }},
		{id: "wrap", keys: []string{"w"}, short: "wrap", help: "break long lines, or cut them", group: "Move", on: onLists, pane: 4,
			run: func(u *ui) command { p := u.screen().pane(); p.wrap, p.x = !p.wrap, 0; return nil }},
	}
}

// move moves what the keys are for.
func (u *ui) move(by int) {
	s := u.screen()
	if m, ok := s.(mover); ok && m.move(by) {
		return
	}
	if u.inPane || u.zoomed || s.list() == nil {
		s.pane().scroll(by)
		return
	}
	s.list().move(clampStep(by))
	s.pane().y = 0
}

// mover is a screen that moves in its own way.
type mover interface{ move(by int) bool }

func clampStep(by int) int { return max(-1<<30, min(1<<30, by)) }

func (u *ui) end() {
	s := u.screen()
	switch l := s.list(); {
	case u.inPane || u.zoomed || l == nil:
		s.pane().scroll(1 << 30)
	case s.live():
		l.resume()
	default:
		l.move(1 << 30)
	}
}

func (u *ui) page() int {
	s := u.screen()
	if u.inPane || u.zoomed || s.list() == nil {
		return s.pane().height
	}
	return s.list().height
}

func (u *ui) sideways(by int) {
	if t, ok := u.screen().(sideways); ok && t.sideways(by) {
		return
	}
	p := u.screen().pane()
	p.x = max(0, p.x+8*by)
}

// sideways is a screen for which left and right mean something of its own, such as another payload.
type sideways interface{ sideways(by int) bool }

func (u *ui) otherPane() {
	if !u.arrange().hasPane() && !u.inPane {
		u.zoom(true)
		return
	}
	u.inPane = !u.inPane
	if !u.inPane {
		u.zoomed = false
	}
}

func (u *ui) zoom(on bool) { u.zoomed, u.inPane = on, on }

// back leaves the innermost thing that can be left.
func (u *ui) back() command {
	switch {
	case u.zoomed || u.inPane:
		u.zoom(false)
	case u.screen().pane().find != "":
		u.screen().pane().find = ""
	case u.screen().words().marked:
		return u.history().listMarked()
	case u.screen().words().text != "":
		return u.screen().words().apply("")
	case u.teaches():
		u.lessons.dismiss()
	}
	return nil
}

// show switches to a screen.
func (u *ui) show(i int) command {
	i = (i + len(u.screens)) % len(u.screens)
	if i != u.current {
		u.current = i
		u.zoom(false)
	}
	return u.screen().enter()
}

// clicked is a click or a turn of the wheel.
func (u *ui) clicked(m mouse) command {
	if u.tooSmall() {
		return nil
	}
	if len(u.overlays) > 0 {
		return nil
	}
	a := u.arrange()
	switch {
	case m.wheel != 0 && a.inPane(m.x, m.y):
		u.screen().pane().scroll(3 * m.wheel)
	case m.wheel != 0:
		if l := u.screen().list(); l != nil {
			l.move(3 * m.wheel)
			u.screen().pane().y = 0
		}
	case m.y == 0:
		if i, ok := u.tabAt(m.x); ok {
			return u.show(i)
		}
	case a.inPane(m.x, m.y):
		u.inPane = true
	case a.inList(m.x, m.y):
		u.inPane = false
		u.clickRow(m.y - a.listTop)
	}
	return nil
}

func (u *ui) clickRow(line int) {
	l := u.screen().list()
	if l == nil {
		return
	}
	w := l.window(l.height)
	if line >= 0 && line < len(w) && w[line] != ruleLine {
		l.pause()
		l.cursor = w[line]
		u.screen().pane().y = 0
	}
}
