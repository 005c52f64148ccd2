package tui

import (
	"slices"
	"strings"
	"unicode"
)

// editor is a text that is typed: one line of it, or many. It knows nothing of the screen but how to draw itself.
type editor struct {
	lines    [][]rune
	row, col int
	top      int
	left     int
	many     bool
}

// maxTyped bounds a text that is typed or pasted, in characters.
const maxTyped = 256 << 10

func newEditor(many bool, s string) editor {
	e := editor{many: many}
	e.set(s)
	return e
}

// set replaces the text and puts the cursor at its end.
func (e *editor) set(s string) {
	e.lines, e.row, e.col, e.top, e.left = [][]rune{nil}, 0, 0, 0, 0
	e.insert(s)
}

func (e *editor) String() string {
	all := make([]string, len(e.lines))
	for i, l := range e.lines {
		all[i] = string(l)
	}
	return strings.Join(all, "\n")
}

// before is what stands before the cursor.
func (e *editor) before() string {
	all := make([]string, 0, e.row+1)
	for _, l := range e.lines[:e.row] {
		all = append(all, string(l))
	}
	return strings.Join(append(all, string(e.lines[e.row][:e.col])), "\n")
}

func (e *editor) size() (n int) {
	for _, l := range e.lines {
		n += len(l) + 1
	}
	return n
}

// insert writes text at the cursor.
func (e *editor) insert(s string) {
	room := maxTyped - e.size()
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var run []rune // goes in at once: what stands behind the cursor is moved once for a whole paste
	for _, r := range s {
		if room--; room < 0 {
			break
		}
		switch {
		case r == '\n' && e.many, r == '\r' && e.many:
			e.put(run)
			run = nil
			e.split()
		case r == '\n' || r == '\r' || r == '\t' && !e.many:
			run = append(run, ' ')
		case r == '\t':
			run = append(run, ' ', ' ')
		default:
			run = append(run, r)
		}
	}
	e.put(run)
}

func (e *editor) put(run []rune) {
	e.lines[e.row] = slices.Insert(e.lines[e.row], e.col, run...)
	e.col += len(run)
}

func (e *editor) split() {
	l := e.lines[e.row]
	rest := append([]rune(nil), l[e.col:]...)
	e.lines[e.row] = l[:e.col:e.col]
	e.lines = append(e.lines, nil)
	copy(e.lines[e.row+2:], e.lines[e.row+1:])
	e.lines[e.row+1] = rest
	e.row, e.col = e.row+1, 0
}

// join puts the line below behind this one.
func (e *editor) join() {
	if e.row+1 >= len(e.lines) {
		return
	}
	e.lines[e.row] = append(e.lines[e.row], e.lines[e.row+1]...)
	e.lines = append(e.lines[:e.row+1], e.lines[e.row+2:]...)
}

// key edits; false for a key that is not for an editor.
func (e *editor) key(k key) bool {
	if k.text != "" {
		e.insert(k.text)
		return true
	}
	switch k.name {
	case "backspace", "ctrl+h":
		e.erase()
	case "delete":
		if e.col < len(e.lines[e.row]) {
			e.col++
			e.erase()
		} else {
			e.join()
		}
	case "enter":
		if !e.many {
			return false
		}
		e.split()
	case "ctrl+w", "alt+backspace":
		for to := e.word(-1); e.col > to; {
			e.erase()
		}
	case "ctrl+u":
		e.lines[e.row] = e.lines[e.row][e.col:]
		e.col = 0
	case "ctrl+k":
		e.lines[e.row] = e.lines[e.row][:e.col]
	default:
		return e.walk(k.name)
	}
	return true
}

// walk moves the cursor.
func (e *editor) walk(name string) bool {
	switch name {
	case "left":
		if e.col > 0 {
			e.col--
		} else if e.row > 0 {
			e.row--
			e.col = len(e.lines[e.row])
		}
	case "right":
		if e.col < len(e.lines[e.row]) {
			e.col++
		} else if e.row+1 < len(e.lines) {
			e.row, e.col = e.row+1, 0
		}
	case "home", "ctrl+a":
		e.col = 0
	case "end", "ctrl+e":
		e.col = len(e.lines[e.row])
	case "ctrl+left", "alt+left", "alt+b":
		e.col = e.word(-1)
	case "ctrl+right", "alt+right", "alt+f":
		e.col = e.word(1)
	case "up", "down":
		if !e.many {
			return false
		}
		e.vertical(map[string]int{"up": -1, "down": 1}[name])
	case "pgup", "pgdown":
		if !e.many {
			return false
		}
		e.vertical(map[string]int{"pgup": -10, "pgdown": 10}[name])
	default:
		return false
	}
	return true
}

func (e *editor) vertical(by int) {
	e.row = max(0, min(e.row+by, len(e.lines)-1))
	e.col = min(e.col, len(e.lines[e.row]))
}

func (e *editor) erase() {
	if e.col > 0 {
		l := e.lines[e.row]
		copy(l[e.col-1:], l[e.col:])
		e.lines[e.row] = l[:len(l)-1]
		e.col--
		return
	}
	if e.row > 0 {
		e.row--
		e.col = len(e.lines[e.row])
		e.join()
	}
}

// word is the column of the next end of a word in a direction.
func (e *editor) word(by int) int {
	l, at := e.lines[e.row], e.col
	inside := func() bool {
		i := at
		if by < 0 {
			i--
		}
		return i >= 0 && i < len(l) && (unicode.IsLetter(l[i]) || unicode.IsDigit(l[i]) || l[i] == '_')
	}
	within := func() bool { return by < 0 && at > 0 || by > 0 && at < len(l) }
	for within() && !inside() {
		at += by
	}
	for within() && inside() {
		at += by
	}
	return at
}

// draw writes the line of the cursor into width cells, the cursor in it.
func (e *editor) draw(p *pen, width int, focus bool) { e.line(p, e.row, width, focus, nil) }

// line writes the i-th line; a sign stands at either end where more of it is. styles, which may be nil, says in which style
// a character is written.
func (e *editor) line(p *pen, i, width int, focus bool, styles func(col int) style) {
	width = max(0, min(width, p.max-p.at))
	end := p.at + width
	l := e.lines[i]
	here := focus && i == e.row
	if here {
		e.reveal(l, p.look, width)
	}
	signs := width > 2
	from := min(e.left, len(l))
	if signs && from > 0 {
		p.put(dim, p.look.ellipsis)
		from++
	}
	more := signs && cellsOf(l[min(from, len(l)):], p.look, end-p.at+1) > end-p.at
	if more {
		end--
	}
	for col := from; col <= len(l) && p.at < end; col++ {
		st := plain
		if styles != nil {
			st = styles(col)
		}
		if here && col == e.col {
			st = caret
		}
		if col == len(l) {
			if st == caret {
				p.put(caret, " ")
			}
			break
		}
		s, w := p.look.visible(l[col], 0)
		if p.at+w > end {
			break
		}
		p.put(st, s)
	}
	if more {
		p.put(dim, p.look.ellipsis)
	}
}

// cellsOf is how many cells characters take, counted up to most.
func cellsOf(l []rune, look *look, most int) (w int) {
	for _, r := range l {
		if w >= most {
			break
		}
		_, n := look.visible(r, 0)
		w += n
	}
	return w
}

// reveal scrolls sideways until the cursor is on the screen, between the signs at the ends.
func (e *editor) reveal(l []rune, look *look, width int) {
	signs := 0
	if width > 2 && cellsOf(l, look, width) >= width {
		signs = 2
	}
	e.left = max(0, min(e.left, e.col-signs/2))
	for {
		w := 1
		for _, r := range l[e.left:e.col] {
			_, n := look.visible(r, 0)
			w += n
		}
		if w <= width-signs || e.left >= e.col-signs/2 {
			return
		}
		e.left++
	}
}

// scrollTo scrolls until the cursor is among the h lines on the screen.
func (e *editor) scrollTo(h int) {
	if e.row < e.top {
		e.top = e.row
	}
	if e.row >= e.top+h {
		e.top = e.row - h + 1
	}
	e.top = max(0, e.top)
}
