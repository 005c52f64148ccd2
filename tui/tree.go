package tui

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// tree is a context as a list that can be folded.
type tree struct {
	root   *node
	closed map[string]bool
	lines  []branch
	cursor int
	top    int
}

// branch is one line of a tree.
type branch struct {
	path  string
	depth int
	node  *node
	label string
}

// show shows a context; the cursor stays on its path where there is one.
func (t *tree) show(root *node) {
	was := t.path()
	if t.closed == nil {
		t.closed = map[string]bool{}
	}
	t.root = root
	t.build()
	t.cursor = max(0, slices.IndexFunc(t.lines, func(b branch) bool { return b.path == was }))
}

func (t *tree) build() {
	t.lines = nil
	if t.root != nil {
		t.add(t.root, "", 0)
	}
}

// maxBranches bounds the lines of a tree.
const maxBranches = 5000

func (t *tree) add(n *node, path string, depth int) {
	for i, k := range n.kids {
		if len(t.lines) >= maxBranches {
			return
		}
		label := k.key
		if n.kind == '[' {
			label = "[" + strconv.Itoa(i) + "]"
		}
		b := branch{n.pathOf(path, i), depth, k, label}
		t.lines = append(t.lines, b)
		folded, set := t.closed[b.path]
		if !set {
			folded = depth >= 2 // the beginning is open, the rest is there to be found
		}
		if !folded {
			t.add(k, b.path, depth+1)
		}
	}
}

// path is the path under the cursor.
func (t *tree) path() string {
	if t.cursor < 0 || t.cursor >= len(t.lines) {
		return ""
	}
	return t.lines[t.cursor].path
}

func (t *tree) move(by int) {
	t.cursor = max(0, min(t.cursor+by, len(t.lines)-1))
}

// fold closes or opens what is under the cursor; closing what is closed goes to its parent.
func (t *tree) fold(shut bool) {
	if t.cursor >= len(t.lines) {
		return
	}
	b := t.lines[t.cursor]
	open := t.cursor+1 < len(t.lines) && t.lines[t.cursor+1].depth > b.depth
	if shut && !open {
		for i := t.cursor; i >= 0; i-- {
			if t.lines[i].depth < b.depth {
				t.cursor = i
				return
			}
		}
		return
	}
	if len(b.node.kids) > 0 {
		t.closed[b.path] = shut
		t.build()
	}
}

// draw is the tree in h lines of at most w cells.
func (t *tree) draw(l *look, w, h int, active bool) []string {
	t.top = max(0, min(t.top, t.cursor))
	if t.cursor >= t.top+h {
		t.top = t.cursor - h + 1
	}
	var out []string
	for i := t.top; i < len(t.lines) && len(out) < h; i++ {
		b := t.lines[i]
		p := l.pen(w)
		if active && i == t.cursor {
			p = l.selectedPen(w)
		}
		glyph := " "
		if len(b.node.kids) > 0 {
			glyph = l.closed
			if i+1 < len(t.lines) && t.lines[i+1].depth > b.depth {
				glyph = l.open
			}
		}
		p.put(dim, strings.Repeat("  ", b.depth)+glyph+" ").put(name, b.label).put(plain, "  ").put(b.node.style(), b.node.brief()).to(w)
		out = append(out, p.String())
	}
	return out
}

// brief is a value in a few cells.
func (n *node) brief() string {
	switch n.kind {
	case '{':
		return "{" + strconv.Itoa(len(n.kids)) + "}"
	case '[':
		return "[" + strconv.Itoa(len(n.kids)) + "]"
	}
	s := n.scalar()
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "")
	}
	return s
}

// lookup finds a path such as service.owner.contacts[0].address; [*] is the first item. A list and a text also have
// the properties that Liquid gives them.
func lookup(n *node, path string) *node {
	for path != "" && n != nil {
		var step string
		step, path = nextStep(path)
		switch {
		case n.kind == '{' && n.get(step) != nil:
			n = n.get(step)
		case step == "size" && strings.IndexByte(`{["`, n.kind) >= 0:
			n = &node{kind: '0', text: strconv.Itoa(len(n.kids) + utf8.RuneCountInString(n.text))}
		case n.kind == '[' && len(n.kids) > 0 && (step == "*" || step == "first"):
			n = n.kids[0]
		case n.kind == '[' && len(n.kids) > 0 && step == "last":
			n = n.kids[len(n.kids)-1]
		case n.kind == '[':
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(n.kids) || i < -len(n.kids) {
				return nil
			}
			n = n.kids[(i+len(n.kids))%len(n.kids)]
		default:
			return nil
		}
	}
	return n
}

// nextStep cuts the first name or index off a path.
func nextStep(path string) (step, rest string) {
	if strings.HasPrefix(path, "[") {
		step, rest, _ = strings.Cut(path[1:], "]")
		step = strings.Trim(step, `"'`)
		return step, strings.TrimPrefix(rest, ".")
	}
	i := strings.IndexAny(path, ".[")
	if i < 0 {
		return path, ""
	}
	return path[:i], strings.TrimPrefix(path[i:], ".")
}

// maxPicks is how many completions are offered.
const maxPicks = 40

// completePath is every path that goes on with what was typed by one step, those that begin with it first.
func completePath(root *node, typed string) []string {
	parent, part := "", typed
	if i := strings.LastIndexAny(typed, ".["); i >= 0 {
		parent, part = typed[:i], strings.Trim(typed[i:], ".[]")
	}
	n := root
	if parent != "" {
		n = lookup(root, parent)
	}
	if n == nil {
		return nil
	}
	var begin, within []string
	for i := range n.kids {
		p := n.pathOf(parent, i)
		last := p[len(parent):]
		last = strings.Trim(last, ".[]")
		switch {
		case len(begin)+len(within) >= maxPicks:
		case strings.HasPrefix(strings.ToLower(last), strings.ToLower(part)):
			begin = append(begin, p)
		case strings.Contains(strings.ToLower(last), strings.ToLower(part)):
			within = append(within, p)
		}
	}
	return append(begin, within...)
}

// trouble is something about a template.
type trouble struct {
	line     int
	severity action.Severity
	message  string
	cure     string
	path     string // what it is about, as it was written
	meant    string // and what was probably meant
}

// troubles are the problems of a rendering, those at the top of the template first.
func troubles(r action.Rendered) []trouble {
	var out []trouble
	for _, p := range r.Problems {
		out = append(out, trouble{line: p.Line, severity: p.Severity, message: p.Message, cure: p.Cure, path: p.Expression, meant: meant(p)})
	}
	slices.SortStableFunc(out, func(a, b trouble) int { return a.line - b.line })
	return out
}

// meant is what a cure offers in the place of the expression; empty where it offers something else.
func meant(p action.Problem) string {
	_, rest, ok := strings.Cut(p.Cure, "Did you mean ")
	if !ok || p.Expression == "" || p.Line == 0 || p.Rendered {
		return ""
	}
	word, _, ok := strings.Cut(rest, "?")
	if !ok || strings.ContainsAny(word, " \"") {
		return ""
	}
	return word
}
