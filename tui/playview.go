package tui

import (
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// body draws the playground: template and problems on the left, output and context on the right; on a narrow terminal
// the template above, and below it what the keys are for.
func (p *playground) body(w, h int) []string {
	if w < sideWidth {
		upper := max(4, h/2)
		if h < 14 {
			upper = h
		}
		if p.focus != onTemplate && h < 14 {
			return p.lower(w, h)
		}
		out := filled(p.left(w, upper), upper)
		return filled(append(out, p.lower(w, h-upper)...), h)
	}
	lw := w / 2
	left := filled(p.left(lw, h), h)
	oh := max(5, h*3/5)
	right := filled(p.outputLines(w-lw-1, oh), oh)
	right = filled(append(right, p.treeLines(w-lw-1, h-oh)...), h)
	bar := p.u.look.pen(1).put(dim, p.u.look.bar).String()
	out := make([]string, h)
	for i := range out {
		out[i] = padTo(left[i], lw) + bar + right[i]
	}
	return out
}

// lower is the part below the template on a narrow terminal.
func (p *playground) lower(w, h int) []string {
	if h <= 0 {
		return nil
	}
	if p.focus == onTree {
		return p.treeLines(w, h)
	}
	return p.outputLines(w, h)
}

// padTo fills a finished line with blanks.
func padTo(line string, w int) string {
	n := 0
	for i := 0; i < len(line); {
		if line[i] == '\x1b' {
			for i < len(line) && line[i] != 'm' {
				i++
			}
			i++
			continue
		}
		j := i
		for j < len(line) && line[j] != '\x1b' {
			j++
		}
		n += width(line[i:j])
		i = j
	}
	if n >= w {
		return line
	}
	return line + strings.Repeat(" ", w-n)
}

// left is the template with its problems.
func (p *playground) left(w, h int) []string {
	look := &p.u.look
	ps := p.problemLines(w, max(3, h/3))
	rows := h - 1 - len(ps)
	heading := "template: " + p.source
	if p.typing {
		heading += "  (typing)"
	}
	out := []string{rule(look, heading, w, p.focus == onTemplate)}
	p.edit.scrollTo(max(1, rows))
	marked := map[int]bool{}
	for _, t := range p.result.problems {
		marked[t.line] = true
	}
	for i := p.edit.top; i < len(p.edit.lines) && len(out) < rows+1; i++ {
		pen := look.pen(w)
		mark := " "
		if marked[i+1] {
			mark = look.here
		}
		pen.right(dim, strconv.Itoa(i+1), 4).put(bad, mark).put(plain, " ")
		if i != p.edit.row || !p.typing {
			left := p.edit.left
			if i != p.edit.row {
				p.edit.left = 0
			}
			p.edit.line(pen, i, w-pen.at, p.focus == onTemplate && p.typing, tagStyles(p.edit.lines[i]))
			p.edit.left = left
		} else {
			p.edit.line(pen, i, w-pen.at, true, tagStyles(p.edit.lines[i]))
		}
		out = append(out, pen.String())
	}
	return append(filled(out, rows+1), ps...)
}

// tagStyles colours what stands between braces.
func tagStyles(l []rune) func(int) style {
	in := make([]bool, len(l)+1)
	depth := false
	for i := range l {
		if i+1 < len(l) && l[i] == '{' && (l[i+1] == '{' || l[i+1] == '%') {
			depth = true
		}
		in[i] = depth
		if i > 0 && l[i] == '}' && (l[i-1] == '}' || l[i-1] == '%') {
			depth = false
		}
	}
	return func(col int) style {
		if in[col] {
			return name
		}
		return plain
	}
}

// problemLines are the problems, in at most h lines.
func (p *playground) problemLines(w, h int) []string {
	look := &p.u.look
	var d doc
	r := &p.result
	if r.err != nil {
		d.prose(&look.glyphs, seg{bad, look.rejected + " "}, plain, r.err.Error(), w)
	}
	for _, t := range r.problems {
		glyph, st := look.note, dim
		switch t.severity {
		case action.Error:
			glyph, st = look.rejected, bad
		case action.Warning:
			glyph, st = look.silent, again
		}
		where := ""
		if t.line > 0 {
			where = "line " + strconv.Itoa(t.line) + ": "
		}
		d.prose(&look.glyphs, seg{st, glyph + " "}, plain, where+t.message, w)
		if t.cure != "" {
			cure := t.cure
			if t.meant != "" {
				key := "F"
				if p.typing {
					key = "ctrl+r"
				}
				cure += "  (" + key + " puts it there)"
			}
			d.prose(&look.glyphs, seg{plain, "  "}, good, cure, w)
		}
	}
	heading := "no problems"
	if n := len(r.problems); n > 0 {
		heading = strconv.Itoa(n) + plural(n, " problem", " problems")
	}
	if _, ok := p.u.src.(Workbench); !ok {
		heading = "this emulator cannot render"
	}
	out := []string{rule(look, heading, w, false)}
	for _, l := range d {
		if len(out) == h {
			break
		}
		pen := look.pen(w)
		l.draw(pen, 0, "")
		out = append(out, pen.String())
	}
	return out
}

// output is what the template became.
func (p *playground) output(w int) (string, doc) {
	var d doc
	heading := "rendered"
	if p.at < len(p.contexts) {
		heading += " with " + p.u.look.safe(p.contexts[p.at].name, 40) + " (ctrl+n next)"
	}
	r := &p.result
	switch {
	case len(p.contexts) == 0:
		d.prose(&p.u.look.glyphs, seg{plain, "  "}, dim, "There is no context to render with yet: fire a webhook (5).", w)
		return heading, d
	case r.err != nil:
		d.prose(&p.u.look.glyphs, seg{bad, p.u.look.rejected + " "}, plain, "nothing is rendered: "+r.err.Error(), w)
		return heading, d
	}
	for _, l := range tracedDoc("", r.done.Output, r.done.Spans, w+labelWidth) {
		if len(l.segs) > 1 {
			l.segs = l.segs[1:]
		} else {
			l.segs = []seg{{plain, "  "}}
		}
		d = append(d, l)
	}
	d.blank()
	st, words := good, "valid JSON"
	if line, message, wrong := syntaxLine(r.done.Output); wrong {
		st, words = again, "not JSON, line "+strconv.Itoa(line+1)+": "+message
	}
	words += ", " + commas(len(r.done.Output)) + " bytes"
	if r.took > 0 {
		words += ", rendered in " + r.took.Round(time.Microsecond).String()
	}
	d.add(seg{st, words})
	return heading, d
}

func (p *playground) outputLines(w, h int) []string {
	return p.side.draw(p.u, p, w, h, p.focus == onOutput)
}

func (p *playground) treeLines(w, h int) []string {
	if h < 2 {
		return nil
	}
	look := &p.u.look
	heading := "context"
	if path := p.tree.path(); path != "" && p.focus == onTree {
		heading += "  {{ " + look.safe(path, max(10, w-24)) + " }}"
	}
	return append([]string{rule(look, heading, w, p.focus == onTree)}, p.tree.draw(look, w, h-1, p.focus == onTree)...)
}

// playgroundActions are about trying templates out.
func playgroundActions() []act {
	at := func(f focus, why string) func(u *ui) string {
		return func(u *ui) string {
			if u.playground.focus != f {
				return why
			}
			return ""
		}
	}
	return []act{
		{id: "type", keys: []string{"enter", "i"}, short: "edit", help: "type in the template; esc ends it", group: "Act", on: onPlayground, rank: 1,
			why: at(onTemplate, "tab goes to the template"),
			run: func(u *ui) command { u.playground.typing = true; u.playground.complete(); return nil }},
		{id: "insert", keys: []string{"enter"}, short: "insert path", help: "write the path into the template", group: "Act", on: onPlayground, rank: 2,
			why: at(onTree, "tab goes to the context"), run: func(u *ui) command { return u.playground.insertPath() }},
		{id: "part", keys: []string{"tab"}, short: "next part", help: "template, context, output", group: "Move", on: onPlayground, rank: 3,
			run: func(u *ui) command { u.playground.focus = (u.playground.focus + 1) % 3; return nil }},
		{id: "part-back", keys: []string{"shift+tab"}, short: "part before", help: "the part before", group: "Move", on: onPlayground,
			run: func(u *ui) command { u.playground.focus = (u.playground.focus + 2) % 3; return nil }},
		{id: "context", keys: []string{"ctrl+n", "c"}, short: "next context", help: "render with another context", group: "Act", on: onPlayground, rank: 4,
			why: func(u *ui) string {
				if len(u.playground.contexts) < 2 {
					return "there is only one context; every firing brings one"
				}
				return ""
			},
			run: func(u *ui) command {
				p := u.playground
				p.at = (p.at + 1) % len(p.contexts)
				p.tree.show(p.root())
				return p.changed()
			}},
		{id: "fix-path", keys: []string{"F", "ctrl+r"}, short: "fix path", help: "put the nearest path for an unknown one", group: "Act", on: onPlayground, rank: 5,
			why: func(u *ui) string { return u.playground.fixable() }, run: func(u *ui) command { return u.playground.fix() }},
		{id: "find-output", keys: []string{"/"}, short: "find", help: "find text in the output", group: "Live", on: onPlayground, rank: 8,
			run: func(u *ui) command { u.playground.focus = onOutput; return u.findForm() }},
		{id: "edit-template", keys: []string{"o", "ctrl+o"}, short: "$EDITOR", help: "edit the template in $EDITOR", group: "Act", on: onPlayground, rank: 6,
			run: func(u *ui) command { return u.editTemplate() }},
		{id: "which-part", keys: []string{"t", "ctrl+t"}, short: "url, payload, response", help: "another template: URL, payload or response", group: "Act", on: onPlayground, rank: 7,
			why: func(u *ui) string {
				p := u.playground
				if p.at >= len(p.contexts) || p.contexts[p.at].firing == nil {
					return "this context did not come from a firing"
				}
				return ""
			},
			run: func(u *ui) command {
				return u.playground.replace(func(u *ui) command { return u.playground.nextPart() })
			}},
	}
}

// nextPart goes through the templates of the firing that the context came from.
func (p *playground) nextPart() command {
	c := p.contexts[p.at]
	parts := []string{action.PartPayload, action.PartResponse, action.PartURL}
	next := parts[0]
	for i, s := range parts {
		if strings.HasPrefix(p.source, s+" of ") {
			next = parts[(i+1)%len(parts)]
		}
	}
	seq, _ := strconv.ParseUint(strings.Fields(c.name)[1], 10, 64)
	return p.load(seq, c.firing, next)
}
