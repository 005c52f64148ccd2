package tui

// screen is one of the six. Screens are plain structs: the ui calls their methods, and none of them sends a message to
// another.
type screen interface {
	// name is its long and its short name; count what the tab says behind it, -1 for nothing.
	name() (long, short string)
	count() int
	// list is the list on the screen, nil for none; live says that its end is where things happen.
	list() *list
	live() bool
	// share is how many per cent of a wide terminal the list gets.
	share() int
	// header is the line above the list, and row one of its lines, written with the pen.
	header(p *pen)
	row(p *pen, id uint64)
	// detail is what the pane shows: its title and lines that fit into width cells. key says of what it is the detail:
	// while that stays the same, the lines stay.
	detail(width int) (title string, d doc)
	key() detailKey
	pane() *pane
	// empty is shown in place of an empty list.
	empty(width int) doc
	// words is the filter line.
	words() *filter
	// field is the text field that is open; nil for none.
	field() textField
	// needs asks for what the detail lacks. enter is called when the screen comes to the front.
	needs() command
	enter() command
}

// detailKey says of what a pane shows the detail.
type detailKey struct {
	id    uint64
	state int
	more  any
}

// base is what all screens share.
type base struct {
	u      *ui
	rows   list
	side   pane
	filter filter
}

func (b *base) list() *list    { return &b.rows }
func (b *base) pane() *pane    { return &b.side }
func (b *base) words() *filter { return &b.filter }
func (b *base) share() int     { return 59 }
func (b *base) live() bool     { return false }
func (b *base) enter() command { return nil }
func (b *base) needs() command { return nil }

func (b *base) field() textField {
	if b.filter.open {
		return &b.filter
	}
	return nil
}

// pane shows a doc: lines that can be scrolled, broken or cut, and searched.
type pane struct {
	x, y   int
	wrap   bool
	find   string
	height int
	lines  int

	cached detailKey
	width  int
	title  string
	doc    doc
}

// fill gets the lines of the pane, anew only where what it shows has changed.
func (p *pane) fill(s screen, width int) {
	k := s.key()
	if k == p.cached && width == p.width && p.doc != nil {
		return
	}
	if k.id != p.cached.id {
		p.y = 0
	}
	p.cached, p.width = k, width
	p.title, p.doc = s.detail(width)
}

// scroll moves what is shown; the end of it stays at the bottom.
func (p *pane) scroll(by int) {
	p.y = max(0, min(p.y+by, p.lines-p.height))
}

// draw is the pane in h lines of at most w cells, its title first.
func (p *pane) draw(u *ui, s screen, w, h int, active bool) []string {
	p.fill(s, w)
	lines := p.doc
	if p.wrap {
		lines = wrapped(p.doc, &u.look, w)
	}
	p.height, p.lines = h-1, len(lines)
	p.y = max(0, min(p.y, len(lines)-1))
	out := make([]string, 0, h)
	out = append(out, rule(&u.look, p.title, w, active))
	for i := p.y; i < len(lines) && len(out) < h; i++ {
		pen := u.look.pen(w)
		if len(out) == h-1 && i < len(lines)-1 {
			pen.put(dim, "  "+u.look.ellipsis+" "+commas(len(lines)-i)+" more lines: tab, then j k or pgdown")
			out = append(out, pen.String())
			break
		}
		lines[i].draw(pen, p.x, p.find)
		out = append(out, pen.String())
	}
	return out
}

// rule is a titled line.
func rule(l *look, text string, w int, active bool) string {
	p := l.pen(w)
	s := dim
	if active {
		s = plain
	}
	p.put(s, l.rule+l.rule+" ")
	p.put(title, text)
	p.put(plain, " ")
	for p.at < w {
		p.put(s, l.rule)
	}
	return p.String()
}

// wrapped breaks the lines that are longer than w cells.
func wrapped(d doc, l *look, w int) doc {
	var out doc
	for _, line := range d {
		out = append(out, breakLine(line, l, w)...)
	}
	return out
}

// maxBreaks bounds the lines that one line may become.
const maxBreaks = 400

func breakLine(line docLine, l *look, w int) doc {
	if w < 4 {
		return doc{line}
	}
	var out doc
	now := docLine{path: line.path}
	at := 0
	for _, s := range line.segs {
		rest := s.text
		for rest != "" && len(out) < maxBreaks {
			head, n := take(l, rest, w-at)
			if head != "" {
				now.segs = append(now.segs, seg{s.style, head})
				rest, at = rest[len(head):], at+n
			}
			if rest != "" {
				out = append(out, now)
				now, at = docLine{path: line.path, segs: []seg{{dim, "  "}}}, 2
			}
		}
	}
	now.trace = line.trace
	return append(out, now)
}

// take is the beginning of s that takes at most w cells, and how many it takes.
func take(l *look, s string, w int) (string, int) {
	if n := simple(s, len(s)); n == len(s) {
		n = max(0, min(n, w))
		return s[:n], n
	}
	at := 0
	for i, r := range s {
		_, n := l.visible(r, 0)
		if at+n > w {
			return s[:i], at
		}
		at += n
	}
	return s, at
}
