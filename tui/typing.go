package tui

import (
	"strings"
)

// typingField is the playground while its template is typed.
type typingField playground

func (t *typingField) hint(pen *pen) {
	p := (*playground)(t)
	if len(p.picks) == 0 {
		pen.put(plain, " ").put(bold, "esc").put(plain, " leave  ").put(bold, "ctrl+n").put(plain, " context  ").put(bold, "ctrl+r").put(plain, " fix  ")
		pen.put(bold, "ctrl+o").put(plain, " $EDITOR  ").put(bold, "ctrl+p").put(plain, " commands")
		return
	}
	pen.put(plain, " ").put(bold, "tab").put(plain, " ")
	from := max(0, p.pick-3)
	for i := from; i < len(p.picks) && pen.at < pen.max-8; i++ {
		st := plain
		if i == p.pick {
			st = selected
		}
		pen.put(st, p.picks[i]).put(plain, "  ")
	}
	if n := lookup(p.root(), p.picks[p.pick]); n != nil && pen.at < pen.max-10 {
		pen.put(dim, n.brief())
	}
}

// word is the path that is being typed, false outside of a tag.
func (p *playground) word() (string, bool) {
	before := p.edit.before()
	open := max(strings.LastIndex(before, "{{"), strings.LastIndex(before, "{%"))
	if open < 0 || max(strings.LastIndex(before, "}}"), strings.LastIndex(before, "%}")) > open {
		return "", false
	}
	i := len(before)
	for i > open+2 && isPath(before[i-1]) {
		i--
	}
	return before[i:], true
}

func isPath(c byte) bool {
	return c == '_' || c == '.' || c == '[' || c == ']' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *playground) atWordless() bool {
	w, _ := p.word()
	return w == ""
}

// complete finds the paths that go on with what is typed.
func (p *playground) complete() {
	p.picks, p.pick = nil, 0
	if w, ok := p.word(); ok {
		p.picks = completePath(p.root(), w)
	}
}

func (p *playground) accept() bool {
	if !p.typing || p.pick >= len(p.picks) {
		return false
	}
	w, _ := p.word()
	if p.picks[p.pick] == w {
		return false
	}
	for range []rune(w) {
		p.edit.erase()
	}
	p.edit.insert(p.picks[p.pick])
	return true
}
