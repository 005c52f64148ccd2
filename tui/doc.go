package tui

import "strings"

// doc is what a pane shows: lines of styled text, not yet cut to a width.
type doc []docLine

// docLine is one line of a doc.
type docLine struct {
	segs []seg
	// trace names the expressions that the line came from; it is shown behind the text.
	trace string
	// path is the place in a JSON document that the line shows, dotted.
	path string
}

// seg is a piece of text in one style.
type seg struct {
	style style
	text  string
}

func (d *doc) add(segs ...seg) { *d = append(*d, docLine{segs: segs}) }

func (d *doc) blank() {
	if len(*d) > 0 && len((*d)[len(*d)-1].segs) > 0 {
		*d = append(*d, docLine{})
	}
}

// labelWidth is the width of the first column of a detail pane.
const labelWidth = 9

// row writes a label and what belongs to it, broken at words so that it fits into width cells.
func (d *doc) row(g *glyphs, label string, s style, text string, width int) {
	lines := wrapWords(g.safe(text, proseLimit), max(8, width-labelWidth))
	for i, l := range lines {
		first := strings.Repeat(" ", labelWidth)
		if i == 0 {
			first = pad(label, labelWidth)
		}
		d.add(seg{bold, first}, seg{s, l})
	}
}

// prose writes a sentence behind a mark, broken at words and indented under it.
func (d *doc) prose(g *glyphs, mark seg, s style, text string, width int) {
	in := len([]rune(mark.text))
	for i, l := range wrapWords(g.safe(text, proseLimit), max(8, width-in)) {
		m := mark
		if i > 0 {
			m = seg{plain, strings.Repeat(" ", in)}
		}
		d.add(m, seg{s, l})
	}
}

// proseLimit bounds one sentence, in cells: what is longer was not written for reading.
const proseLimit = 2000

func pad(s string, n int) string {
	if len(s) >= n {
		return s + " "
	}
	return s + strings.Repeat(" ", n-len(s))
}

// wrapWords breaks a safe text at blanks, and a word that is too long anywhere. It returns at least one line.
func wrapWords(s string, width int) []string {
	var lines []string
	line, at := "", 0
	for _, word := range strings.Fields(s) {
		w := widthOf(word)
		if at > 0 && at+1+w > width {
			lines = append(lines, line)
			line, at = "", 0
		}
		if at > 0 {
			line, at = line+" ", at+1
		}
		for w > width-at {
			head := headOf(word, width-at)
			lines = append(lines, line+head)
			line, at = "", 0
			word = word[len(head):]
			w = widthOf(word)
		}
		line, at = line+word, at+w
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

func widthOf(s string) int { return width(s) }

// headOf is as much of a safe text as fits into n cells, at least one character.
func headOf(s string, n int) string {
	w := 0
	for i, r := range s {
		if rw := width(string(r)); i > 0 && w+rw > n {
			return s[:i]
		} else {
			w += rw
		}
	}
	return s
}

// text is the doc without its styles: what a search looks through, and what tests read.
func (l docLine) text() string {
	if len(l.segs) == 1 {
		return l.segs[0].text
	}
	var b strings.Builder
	for _, s := range l.segs {
		b.WriteString(s.text)
	}
	return b.String()
}

// draw writes the line from cell x on; words that match find stand out.
func (l docLine) draw(p *pen, x int, find string) {
	limit := p.max - p.at
	trace := ""
	if l.trace != "" {
		trace = "  " + p.look.here + " " + l.trace
	}
	segs := skipped(l.segs, p.look, x)
	room := limit
	if wider(segs, p.look, limit) {
		room-- // for the sign that something is missing, which has to be there even where only a comma is
	}
	for _, s := range segs {
		text, n := take(p.look, s.text, room)
		if find != "" {
			p.marked(s.style, text, find)
		} else {
			p.put(s.style, text)
		}
		if room -= n; len(text) < len(s.text) {
			p.put(dim, p.look.ellipsis)
			return
		}
	}
	if trace != "" && limit > 0 {
		p.put(dim, trace)
	}
}

// skipped is what is left of segments without their first x cells.
func skipped(segs []seg, l *look, x int) []seg {
	if x <= 0 {
		return segs
	}
	var out []seg
	for _, s := range segs {
		s.text, x = skip(l, s.text, x)
		out = append(out, s)
	}
	return out
}

// wider says whether segments take more than w cells.
func wider(segs []seg, l *look, w int) bool {
	for _, s := range segs {
		head, n := take(l, s.text, w)
		if w -= n; len(head) < len(s.text) {
			return true
		}
	}
	return false
}

// skip drops the first x cells of s, and says how many are still to be dropped.
func skip(l *look, s string, x int) (rest string, left int) {
	for i, r := range s {
		if x <= 0 {
			return s[i:], 0
		}
		_, w := l.visible(r, 0)
		x -= w
	}
	return "", max(0, x)
}

// marked is put with every occurrence of find, in upper or lower case, in another style.
func (p *pen) marked(s style, text, find string) {
	lower, find := strings.ToLower(text), strings.ToLower(find)
	if len(lower) != len(text) { // a letter whose small form is longer: places would not agree
		p.put(s, text)
		return
	}
	for {
		i := strings.Index(lower, find)
		if i < 0 {
			p.put(s, text)
			return
		}
		p.put(s, text[:i]).put(hit, text[i:i+len(find)])
		text, lower = text[i+len(find):], lower[i+len(find):]
	}
}
