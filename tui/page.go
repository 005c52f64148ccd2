package tui

import "strings"

// page is a document over the lower part of the body, to be read and left.
type page struct {
	name string
	doc  func(width int) doc
	y    int
	// seen is how many lines were on the screen, all how many there are.
	seen, all int
}

func (s *page) title() string { return s.name }
func (s *page) hint() string {
	if s.all > s.seen {
		return "j k pgdown pgup scroll, y copies, esc closes"
	}
	return "y copies, esc closes"
}

func (s *page) rows(u *ui, most int, newPen func() *pen) []*pen {
	lines := s.doc(u.width - 3)
	s.all, s.seen = len(lines), max(0, most)
	s.y = max(0, min(s.y, s.all-s.seen))
	var out []*pen
	for i := s.y; i < s.all && len(out) < most; i++ {
		p := newPen().put(plain, "  ")
		if len(out) == most-1 && i < s.all-1 {
			out = append(out, p.put(dim, u.look.ellipsis+" "+commas(s.all-i)+" more lines"))
			break
		}
		lines[i].draw(p, 0, "")
		out = append(out, p)
	}
	return out
}

func (s *page) key(u *ui, k key) command {
	switch k.name {
	case "esc", "q", "enter", "ctrl+c":
		u.closeSheet()
	case "j", "down":
		s.y++
	case "k", "up":
		s.y = max(0, s.y-1)
	case "pgdown", "space", "ctrl+d", "ctrl+f":
		s.y += max(1, s.seen-1)
	case "pgup", "ctrl+u", "ctrl+b":
		s.y = max(0, s.y-max(1, s.seen-1))
	case "g", "home":
		s.y = 0
	case "G", "end":
		s.y = s.all
	case "y":
		var b strings.Builder
		for _, l := range s.doc(100) {
			b.WriteString(strings.TrimRight(l.text(), " ") + "\n")
		}
		return u.copy(b.String())
	}
	return nil
}

// paragraph writes a text as it stands, line by line, with what no terminal should get made visible.
func (d *doc) paragraph(g *glyphs, s style, text string) {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return
	}
	d.blank()
	for line := range strings.SplitSeq(text, "\n") {
		d.add(seg{s, g.safe(strings.ReplaceAll(line, "\t", "    "), proseLimit)})
	}
}
