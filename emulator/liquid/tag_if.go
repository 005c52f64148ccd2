package liquid

import "strings"

// if, unless, case and ifchanged.

// conditional is if or unless.
type conditional struct {
	head
	conditions []*condition // nil for else
	parts      []*body
}

func (n *conditional) bodies() []*body { return n.parts }

func parseIf(p *parser, t *tokenizer, h head) (node, error) {
	n := &conditional{head: h}
	if err := n.add(p, h.markup); err != nil {
		return nil, err
	}
	blank, err := p.parseBlock(t, h.name, n.parts[0], func(tag, markup string) (*body, error) {
		switch tag {
		case "elsif":
			if err := n.add(p, markup); err != nil {
				return nil, err
			}
		case "else":
			n.conditions = append(n.conditions, nil)
			n.parts = append(n.parts, &body{blank: true})
		default:
			return nil, nil
		}
		return n.parts[len(n.parts)-1], nil
	})
	n.blank = blank
	removeBlankText(blank, n.parts)
	return n, err
}

func (n *conditional) add(p *parser, markup string) error {
	c, err := p.parseCondition(markup)
	n.conditions = append(n.conditions, c)
	n.parts = append(n.parts, &body{blank: true})
	return err
}

func removeBlankText(blank bool, parts []*body) {
	if blank {
		for _, b := range parts {
			b.removeBlankText()
		}
	}
}

func (n *conditional) render(r *run, b branches) error {
	for i, c := range n.conditions {
		if c == nil {
			return b.render(i)
		}
		r.testing++
		r.focus = c.off
		ok, err := c.holds(r)
		r.testing--
		if err != nil {
			return err
		}
		if ok != (i == 0 && n.name == "unless") {
			return b.render(i)
		}
	}
	return nil
}

// selection is case.
type selection struct {
	head
	left  expression
	whens []when
	parts []*body
}

// when is one value of a when tag, or an else.
type when struct {
	value expression // nil for else
	part  int
}

func (n *selection) bodies() []*body { return n.parts }

func parseCase(p *parser, t *tokenizer, h head) (node, error) {
	q := quotes{s: h.markup}
	start, end := q.find(0)
	if start < 0 {
		return nil, p.tagError("Syntax Error in 'case' - Valid syntax: case [condition]", h.markup)
	}
	left, err := p.parseExpression(h.markup[start:end])
	if err != nil {
		return nil, err
	}
	n := &selection{head: h, left: left}
	blank, err := p.parseBlock(t, h.name, &body{blank: true}, func(tag, markup string) (*body, error) {
		b := &body{blank: true}
		switch tag {
		case "when":
			if err := n.addWhen(p, markup); err != nil {
				return nil, err
			}
		case "else":
			if strings.Trim(markup, stripped) != "" {
				return nil, p.syntaxError("Syntax Error in tag 'case' - Valid else condition: {% else %} (no parameters) ")
			}
			n.whens = append(n.whens, when{part: len(n.parts)})
		default:
			return nil, nil
		}
		n.parts = append(n.parts, b)
		return b, nil
	})
	n.blank = blank
	removeBlankText(blank, n.parts)
	return n, err
}

// addWhen reads values separated by or or commas.
func (n *selection) addWhen(p *parser, markup string) error {
	q := quotes{s: markup}
	for at, more := 0, true; more; {
		start, end := q.find(at)
		if start < 0 {
			return p.syntaxError("Syntax Error in tag 'case' - Valid when condition: {% when [condition] [or condition2...] %}")
		}
		v, err := p.conditionOperand(markup[start:end])
		if err != nil {
			return err
		}
		n.whens = append(n.whens, when{v, len(n.parts)})
		at, more = nextWhen(&q, end)
	}
	return nil
}

// nextWhen matches (?:\s+or\s+|\s*\,\s*)(?=QuotedFragment) at i.
func nextWhen(q *quotes, i int) (at int, ok bool) {
	if _, at = wordAfter(q.s, i, "or"); at >= 0 && q.fragment(at) >= 0 {
		return at, true
	}
	if at = skipSpace(q.s, i); at < len(q.s) && q.s[at] == ',' {
		at = skipSpace(q.s, at+1)
		return at, q.fragment(at) >= 0
	}
	return 0, false
}

// render prints every branch with an equal value, and else if there was none.
func (n *selection) render(r *run, b branches) error {
	none := true
	for _, w := range n.whens {
		if w.value == nil {
			if none {
				if err := b.render(w.part); err != nil {
					return err
				}
			}
			continue
		}
		if err := r.tick(1); err != nil {
			return err
		}
		r.testing++
		left, err := n.left.eval(r)
		if err == nil {
			err = r.weigh(left)
		}
		if err == nil {
			var right Value
			if right, err = w.value.eval(r); err == nil && equalOrAsked(left, right) {
				none = false
				r.testing--
				err = b.render(w.part)
				r.testing++
			}
		}
		r.testing--
		if err != nil {
			return err
		}
	}
	return nil
}

// ifChanged prints its body if it differs from the last one printed.
type ifChanged struct {
	head
	body *body
}

func (n *ifChanged) bodies() []*body { return []*body{n.body} }

func parseIfChanged(p *parser, t *tokenizer, h head) (node, error) {
	n := &ifChanged{head: h, body: &body{blank: true}}
	blank, err := p.parseBlock(t, h.name, n.body, nil)
	n.blank = blank
	return n, err
}

func (n *ifChanged) render(r *run, b branches) error {
	text, err := r.captured(func() error { return b.render(0) })
	if _, stopped := err.(interrupt); err != nil && !stopped {
		return err
	}
	m := &r.world.memory
	if !m.unchanged || text != m.changed {
		m.unchanged, m.changed = true, text
		if werr := r.write(text); werr != nil {
			return werr
		}
	}
	return err
}
