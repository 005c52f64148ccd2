package liquid

import "strings"

// cycle and tablerow.

type cycle struct {
	head
	name   expression // nil if unnamed
	group  string     // which unnamed cycles turn together
	values []expression
}

// parseCycle matches \A(QuotedFragment)\s*\:\s*(.*) or else \AQuotedFragment+.
func parseCycle(p *parser, _ *tokenizer, h head) (node, error) {
	n := &cycle{head: h}
	list := h.markup
	q := quotes{s: h.markup}
	end := q.fragment(0)
	if end < 0 {
		return nil, p.tagError("Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, var2, var3 ...]", h.markup)
	}
	var err error
	if name, rest, ok := cycleName(h.markup, end); ok {
		list = rest
		if n.name, err = p.parseExpression(name); err != nil {
			return nil, err
		}
	}
	for _, part := range strings.Split(list, ",") {
		q := quotes{s: part}
		start, end := q.find(0)
		if start < 0 {
			continue
		}
		e, err := p.parseExpression(part[start:end])
		if err != nil {
			return nil, err
		}
		if l, ok := e.(literal); !ok || l.value != nil { // Ruby drops nil
			n.values = append(n.values, e)
		}
	}
	n.group = p.cycleGroup(n.values)
	return n, nil
}

// cycleName splits name: rest. A fragment may hold colons itself; the name then
// ends before the last of them that leaves a name, as a regular expression backs up.
func cycleName(markup string, end int) (name, rest string, ok bool) {
	if at := skipSpace(markup, end); at < len(markup) && markup[at] == ':' {
		return markup[:end], markup[skipSpace(markup, at+1):], true
	}
	if markup[0] == '"' || markup[0] == '\'' {
		return "", "", false
	}
	inQuotes := byte(0)
	last := -1
	for i := 0; i < end; i++ {
		switch c := markup[i]; {
		case inQuotes != 0:
			if c == inQuotes {
				inQuotes = 0
			}
		case c == '"' || c == '\'':
			inQuotes = c
		case c == ':' && i > 0:
			last = i
		}
	}
	if last < 0 {
		return "", "", false
	}
	return markup[:last], markup[skipSpace(markup, last+1):], true
}

// cycleGroup names the turn of an unnamed cycle: cycles of the same literals
// turn together, one with a variable turns alone.
func (p *parser) cycleGroup(values []expression) string {
	var b []byte
	for _, e := range values {
		l, ok := e.(literal)
		if !ok {
			return ""
		}
		var err error
		if b, err = p.measure.inspect(append(b, ','), l.value); err != nil {
			return ""
		}
	}
	return "=" + string(b)
}

func (n *cycle) render(r *run) error {
	key := n.group
	if n.name != nil {
		v, err := n.name.eval(r)
		if err != nil {
			return err
		}
		shown, err := r.inspect([]byte(":"), v)
		if err == nil {
			err = r.work(len(shown))
		}
		if err != nil {
			return err
		}
		key = string(shown)
	}
	m := &r.world.memory
	if m.cycles == nil {
		m.cycles = map[cycleKey]int{}
	}
	k := cycleKey{key: key}
	if key == "" {
		k.alone = n
	}
	if len(n.values) == 0 {
		return nil
	}
	turn := m.cycles[k]
	if turn >= len(n.values) {
		m.cycles[k] = 0
		return nil // a shorter cycle of the same name has no such element
	}
	v, err := n.values[turn].eval(r)
	if err != nil {
		return err
	}
	m.cycles[k] = (turn + 1) % len(n.values)
	return r.print(&n.head, nil, v)
}

// cycleKey is the name of a turn, or the tag that turns alone.
type cycleKey struct {
	key   string
	alone *cycle
}

type tableRow struct {
	head
	variable   string
	collection expression
	attributes []namedArgument
	body       *body
}

func (n *tableRow) bodies() []*body { return []*body{n.body} }

func parseTableRow(p *parser, t *tokenizer, h head) (node, error) {
	n := &tableRow{head: h, body: &body{blank: true}}
	variable, collection, ok := splitTableRow(h.markup)
	if !ok {
		return nil, p.tagError("Syntax Error in 'table_row loop' - Valid syntax: table_row [item] in [collection] cols=3", h.markup)
	}
	var err error
	n.variable = variable
	if n.collection, err = p.parseExpression(collection); err != nil {
		return nil, err
	}
	for _, a := range tagAttributes(h.markup) {
		e, err := p.parseExpression(a.value)
		if err != nil {
			return nil, err
		}
		n.attributes = append(n.attributes, namedArgument{a.name, e})
	}
	n.blank, err = p.parseBlock(t, h.name, n.body, nil)
	return n, err
}

// splitTableRow searches for (\w+)\s+in\s+(QuotedFragment+)
func splitTableRow(s string) (variable, collection string, ok bool) {
	q := quotes{s: s}
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && isWord(s[end]) {
			end++
		}
		if end == i {
			i++
			continue
		}
		if _, at := wordAfter(s, end, "in"); at >= 0 {
			if stop := q.fragments(at); stop >= 0 {
				return s[i:end], s[at:stop], true
			}
		}
		i = end
	}
	return "", "", false
}

// attribute answers the integer value of an attribute; of two, the last counts.
func (n *tableRow) attribute(r *run, name string) (v Value, given bool, err error) {
	for i := len(n.attributes) - 1; i >= 0; i-- {
		if n.attributes[i].name != name {
			continue
		}
		if v, err = n.attributes[i].value.eval(r); err != nil {
			return nil, true, err
		}
		switch v.(type) {
		case bool, []Value, *Hash, span, object:
			return nil, true, argumentError("invalid integer")
		}
		v, err = r.truncated(v)
		return v, true, err
	}
	return int64(0), false, nil
}

func (n *tableRow) render(r *run, b branches) error {
	collection, err := n.collection.eval(r)
	if err != nil || !truthy(collection) {
		return err
	}
	from, _, err := n.attribute(r, "offset")
	if err != nil {
		return err
	}
	to, limited, err := n.attribute(r, "limit")
	if err == nil && limited {
		to, err = r.arithmetic('+', to, from)
	}
	if err != nil {
		return err
	}
	if !limited {
		to = nil
	}
	cells, err := r.slice(collection, from, to)
	if err != nil {
		return err
	}
	cols, given, err := n.attribute(r, "cols")
	if err != nil {
		return err
	}
	loop := &tableLoop{length: cells.count, row: 1, col: 1, cols: cells.count}
	if given {
		loop.cols = -1 // a number that no column has
		if c, fits := cols.(int64); fits {
			loop.cols = c
		}
	}
	return n.renderCells(r, b, cells, loop)
}

func (n *tableRow) renderCells(r *run, b branches, cells items, loop *tableLoop) error {
	if err := r.write("<tr class=\"row1\">\n"); err != nil {
		return err
	}
	if err := r.push(); err != nil {
		return err
	}
	defer r.pop()
	r.set("tablerowloop", loop)
	for i := int64(0); i < cells.count; i++ {
		if err := r.step(1); err != nil {
			return err
		}
		r.set(n.variable, cells.at(i))
		if err := r.write("<td class=\"col" + scalarText(loop.col) + "\">"); err != nil {
			return err
		}
		err := b.render(0)
		if _, stopped := err.(interrupt); err != nil && !stopped {
			return err
		}
		if werr := r.write("</td>"); werr != nil {
			return werr
		}
		if err == interruptBreak {
			break
		}
		if loop.col == loop.cols && i < cells.count-1 {
			if err := r.write("</tr>\n<tr class=\"row" + scalarText(loop.row+1) + "\">"); err != nil {
				return err
			}
		}
		loop.advance()
	}
	return r.write("</tr>\n")
}

// tableLoop is the object tablerowloop.
type tableLoop struct {
	length, index  int64
	row, col, cols int64
}

func (*tableLoop) rubyClass() string { return "Liquid::TablerowloopDrop" }

func (l *tableLoop) advance() {
	l.index++
	if l.col == l.cols {
		l.col = 1
		l.row++
	} else {
		l.col++
	}
}

func (l *tableLoop) property(name string) (Value, bool) {
	switch name {
	case "row":
		return l.row, true
	case "col":
		return l.col, true
	case "col0":
		return l.col - 1, true
	case "col_first":
		return l.col == 1, true
	case "col_last":
		return l.col == l.cols, true
	}
	return position(name, l.index, l.length)
}
