package tui

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Everything that reaches the screen goes through [glyphs.visible]: it decides what a rune may look like and how many cells it
// takes. So no text of a sender can move the cursor, colour what follows, turn the direction of writing, or take another
// width than was counted.

// maxMarks is how many combining marks a character keeps.
const maxMarks = 2

// visible is what stands for r on the screen and its width in cells; marks counts the combining marks before it.
func (g *glyphs) visible(r rune, marks int) (s string, width int) {
	switch {
	case r >= 0x20 && r < 0x7f:
		return string(r), 1
	case r == '\t':
		return "  ", 2
	case r < 0x20 || r == 0x7f || r == utf8.RuneError:
		return escaped(r)
	case g.ascii:
		return ascii(r)
	case r >= 0x1F1E6 && r <= 0x1F1FF: // regional indicators: terminals disagree about flags
		return string('A' + r - 0x1F1E6), 1
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF, r == 0x200D, r == 0x20E3:
		return "", 0 // variations and joiners, which would change the width of their neighbours
	case r >= 0x1160 && r <= 0x11FF, r >= 0xD7B0 && r <= 0xD7FF: // the second half of a Korean syllable
		return escaped(r)
	case unicode.In(r, unicode.Mn, unicode.Me):
		if marks >= maxMarks {
			return "", 0
		}
		return string(r), 0
	case !unicode.IsPrint(r):
		return escaped(r)
	}
	s = string(r)
	w := ansi.StringWidthWc(s)
	if w < 1 || w > 2 {
		return escaped(r)
	}
	return s, w
}

func escaped(r rune) (string, int) {
	if r == utf8.RuneError {
		return "?", 1
	}
	q := strconv.QuoteRuneToASCII(r)
	q = q[1 : len(q)-1]
	return q, len(q)
}

// ascii is the nearest spelling of a rune that ASCII has.
func ascii(r rune) (string, int) {
	switch r {
	case '…':
		return "~", 1
	case '–', '—', '─':
		return "-", 1
	case '“', '”':
		return `"`, 1
	case '‘', '’':
		return "'", 1
	case '→':
		return "->", 2
	case 'µ', 'μ':
		return "u", 1
	case '·':
		return ".", 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return "", 0
	}
	return escaped(r)
}

// isMark says whether r joins the character before it.
func isMark(r rune) bool { return r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me) }

// simple is how many bytes at the start of s are printable ASCII, at most max.
func simple(s string, max int) int {
	n := min(len(s), max)
	for i := 0; i < n; i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f {
			return i
		}
	}
	return n
}

// fit is as much of s as fits into width cells, made safe, with an ellipsis where something is missing; and its width.
func (g *glyphs) fit(s string, width int) (string, int) {
	if width <= 0 {
		return "", 0
	}
	if n := simple(s, width+1); n == len(s) && n <= width {
		return s, n
	} else if n > width {
		return s[:width-1] + g.ellipsis, width
	}
	return g.fitSlow(s, width)
}

func (g *glyphs) fitSlow(s string, width int) (string, int) {
	var b strings.Builder
	w, marks, cut, cutWidth := 0, 0, 0, 0
	for _, r := range s {
		if isMark(r) {
			marks++
		} else {
			marks = 0
		}
		v, n := g.visible(r, marks-1)
		if w == 0 && n == 0 {
			continue // a mark with nothing to stand on
		}
		if w+n > width {
			return b.String()[:cut] + g.ellipsis, cutWidth + 1
		}
		b.WriteString(v)
		if w += n; w <= width-1 {
			cut, cutWidth = b.Len(), w
		}
	}
	return b.String(), w
}

// safe is s as it may be shown, at most limit cells of it.
func (g *glyphs) safe(s string, limit int) string {
	s, _ = g.fit(s, limit)
	return s
}

// width counts the cells of what is known to be safe.
func width(s string) int {
	if simple(s, len(s)) == len(s) {
		return len(s)
	}
	w := 0
	for _, r := range s {
		if !isMark(r) {
			w += ansi.StringWidthWc(string(r))
		}
	}
	return w
}

// pen writes one line of the screen: at most max cells, each text in its style.
type pen struct {
	look *look
	b    strings.Builder
	max  int
	at   int   // cells written
	base style // selected: every other style yields to it
	now  style
}

// look is how everything looks.
type look struct {
	theme
	glyphs
}

func (l *look) pen(max int) *pen {
	p := &pen{look: l, max: max}
	p.b.Grow(max + 48)
	return p
}

// selectedPen writes a line in reverse.
func (l *look) selectedPen(max int) *pen {
	p := l.pen(max)
	p.base = selected
	return p
}

// put writes text as far as there is room.
func (p *pen) put(s style, text string) *pen { return p.cell(s, text, p.max-p.at, false) }

// col writes text into exactly width cells.
func (p *pen) col(s style, text string, width int) *pen { return p.cell(s, text, width, true) }

func (p *pen) cell(s style, text string, width int, pad bool) *pen {
	width = min(width, p.max-p.at)
	if width <= 0 {
		return p
	}
	text, w := p.look.fit(text, width)
	p.style(s)
	p.b.WriteString(text)
	p.at += w
	if pad {
		p.spaces(width - w)
	}
	return p
}

// right writes text at the right end of width cells.
func (p *pen) right(s style, text string, width int) *pen {
	width = min(width, p.max-p.at)
	text, w := p.look.fit(text, width)
	p.spaces(width - w)
	return p.cell(s, text, w, false)
}

// to fills with blanks up to a column.
func (p *pen) to(column int) *pen {
	p.spaces(min(column, p.max) - p.at)
	return p
}

// widen gives the line more room, and fills it with blanks.
func (p *pen) widen(width int) *pen {
	p.max = width
	return p.to(width)
}

func (p *pen) spaces(n int) {
	if n <= 0 {
		return
	}
	if p.now != plain && p.base == plain {
		p.style(plain)
	}
	const blanks = "                                                                                                    "
	p.at += n
	for n > len(blanks) {
		p.b.WriteString(blanks)
		n -= len(blanks)
	}
	p.b.WriteString(blanks[:n])
}

// style switches to s unless the line has a style of its own.
func (p *pen) style(s style) {
	if p.base != plain {
		s = p.base
	}
	if s == p.now {
		return
	}
	if p.look.theme[p.now] != "" {
		p.b.WriteString("\x1b[m")
	}
	p.b.WriteString(p.look.theme[s])
	p.now = s
}

// String is the line; whatever is printed after it starts plain.
func (p *pen) String() string {
	if p.look.theme[p.now] != "" {
		p.b.WriteString("\x1b[m")
	}
	p.now = plain
	return p.b.String()
}
