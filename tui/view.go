package tui

import (
	"strconv"
	"strings"
)

// lines is the whole screen: exactly as many lines as it is high, none wider than it is.
func (u *ui) lines() []string {
	if u.width <= 0 || u.height <= 0 { // no room for a single cell, and yet as many lines as there are
		return make([]string, max(0, u.height))
	}
	if u.tooSmall() {
		return u.small()
	}
	out := make([]string, 0, u.height)
	out = append(out, u.tabs())
	a := u.arrange()
	if a.filter {
		out = append(out, u.screen().words().line(u.width))
	}
	out = append(out, filled(u.body(a), a.body)...)
	if a.lesson {
		out = append(out, u.look.pen(u.width).put(fresh, " lesson "+u.lessons.text()).String())
	}
	out = filled(out, u.height-2)
	if n := len(u.overlays); n > 0 {
		u.sheet(out, u.overlays[n-1])
	}
	return append(out, u.hints(), u.status())
}

// filled is lines with as many as there should be.
func filled(lines []string, n int) []string {
	for len(lines) < n {
		lines = append(lines, "")
	}
	return lines[:n]
}

// small is what is left to say on a terminal that is too small.
func (u *ui) small() []string {
	p := u.look.pen(u.width)
	p.put(plain, "terminal is "+strconv.Itoa(u.width)+"x"+strconv.Itoa(u.height)+", needs "+strconv.Itoa(minWidth)+"x"+strconv.Itoa(minHeight))
	q := u.look.pen(u.width)
	q.put(plain, commas(u.seen.requests)+" requests; q quits")
	return filled([]string{p.String(), q.String()}, u.height)
}

func (u *ui) body(a layout) []string {
	s := u.screen()
	if b, ok := s.(bodied); ok {
		return b.body(u.width, a.body)
	}
	if a.only {
		return s.pane().draw(u, s, a.paneWidth, a.paneHeight, true)
	}
	if len(s.list().ids) == 0 {
		return u.nothing(s, a)
	}
	list := u.listLines(s, a)
	switch {
	case a.beside:
		pane := s.pane().draw(u, s, a.paneWidth, a.paneHeight, u.inPane)
		return u.joined(list, pane, a)
	case a.below:
		list = filled(list, a.listHeight+1)
		return append(list, s.pane().draw(u, s, a.paneWidth, a.paneHeight, u.inPane)...)
	}
	return list
}

// bodied is a screen that draws its body itself.
type bodied interface{ body(w, h int) []string }

func (u *ui) nothing(s screen, a layout) []string {
	var out []string
	for _, l := range s.empty(u.width) {
		p := u.look.pen(u.width)
		l.draw(p, 0, "")
		out = append(out, p.String())
	}
	return filled(out, a.body)
}

func (u *ui) listLines(s screen, a layout) []string {
	l := s.list()
	inner := a.listWidth
	if a.beside {
		inner-- // nothing touches the line between list and pane
	}
	h := u.look.pen(inner)
	s.header(h)
	out := []string{h.widen(a.listWidth).String()}
	for _, i := range l.window(a.listHeight) {
		if i == ruleLine {
			out = append(out, rule(&u.look, "new since the pause", a.listWidth, false))
			continue
		}
		p := u.look.pen(inner)
		if i == l.cursor {
			p = u.look.selectedPen(inner)
		}
		s.row(p, l.ids[i])
		out = append(out, p.widen(a.listWidth).String())
	}
	return out
}

// joined puts list and pane side by side.
func (u *ui) joined(list, pane []string, a layout) []string {
	bar := u.look.pen(1).put(dim, u.look.bar).String()
	blank := strings.Repeat(" ", a.listWidth)
	out := make([]string, 0, a.paneHeight)
	for i := range a.paneHeight {
		left, right := blank, ""
		if i < len(list) {
			left = list[i]
		}
		if i < len(pane) {
			right = pane[i]
		}
		out = append(out, left+bar+right)
	}
	return out
}

// tabs is the first line: the screens with their counts.
func (u *ui) tabs() string {
	p := u.look.pen(u.width)
	for i, t := range u.tabTexts() {
		st := plain
		switch {
		case i == u.current:
			st = selected
		case u.screens[i].count() > u.visited[i]:
			st = bold // something is there that was not looked at
		}
		p.put(st, t)
	}
	return p.String()
}

// tabTexts are the texts of the tabs, as long as there is room for.
func (u *ui) tabTexts() []string {
	for form := range 4 {
		texts, w := make([]string, len(u.screens)), 0
		for i, s := range u.screens {
			texts[i] = tabText(s, i, form, i == u.current)
			w += width(texts[i])
		}
		if w <= u.width || form == 3 {
			return texts
		}
	}
	return nil
}

func tabText(s screen, i, form int, current bool) string {
	long, short := s.name()
	t := " " + strconv.Itoa(i+1)
	switch {
	case form == 0:
		t += " " + long
	case form < 3 || current:
		t += " " + short
	}
	if n := s.count(); n >= 0 && form < 2 {
		t += " " + commas(n)
	}
	return t + " "
}

func (u *ui) tabAt(x int) (int, bool) {
	at := 0
	for i, t := range u.tabTexts() {
		if at += width(t); x < at {
			return i, true
		}
	}
	return 0, false
}

// commas is a number with commas.
func commas(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
