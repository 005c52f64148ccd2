package liquid

import "strings"

// The tags that set variables: assign, capture, increment and decrement.

type assign struct {
	head
	to   string
	from *variable
}

func parseAssign(p *parser, _ *tokenizer, h head) (node, error) {
	to, from, ok := splitAssign(h.markup)
	if !ok {
		return nil, p.tagError("Syntax Error in 'assign' - Valid syntax: assign [var] = [source]", h.markup)
	}
	v, err := p.parseVariableIn(from, strings.Trim(h.markup, stripped))
	h.blank = true
	return &assign{h, to, v}, err
}

// tagError is a syntax error of a tag; in strict mode Ruby adds the markup.
func (p *parser) tagError(message, markup string) error {
	if p.options.Mode == Strict {
		message += " in \"" + strings.Trim(markup, stripped) + "\""
	}
	return p.syntaxError(message)
}

// splitAssign searches for ((?:\(?[\w\-\.\[\]]\)?)+)\s*=\s*(.*)
func splitAssign(s string) (to, from string, ok bool) {
	for i := 0; i < len(s); {
		end := signatureEnd(s, i)
		if end == i {
			i++
			continue
		}
		if eq := skipSpace(s, end); eq < len(s) && s[eq] == '=' {
			return s[i:end], s[skipSpace(s, eq+1):], true
		}
		i = end
	}
	return "", "", false
}

// signatureEnd matches (?:\(?[\w\-\.\[\]]\)?)+ at i; i itself if empty.
func signatureEnd(s string, i int) int {
	for {
		j := i
		if j < len(s) && s[j] == '(' {
			j++
		}
		if j >= len(s) || !isSegment(s[j]) && s[j] != '.' && s[j] != '[' && s[j] != ']' {
			return i
		}
		if j++; j < len(s) && s[j] == ')' {
			j++
		}
		i = j
	}
}

func (n *assign) render(r *run) error {
	v, err := n.from.eval(r)
	if err == nil {
		r.assign(n.to, v)
	}
	return err
}

type capture struct {
	head
	to   string
	body *body
}

func (n *capture) bodies() []*body { return []*body{n.body} }

func parseCapture(p *parser, t *tokenizer, h head) (node, error) {
	start := 0
	for start < len(h.markup) && signatureEnd(h.markup, start) == start {
		start++
	}
	if start == len(h.markup) {
		return nil, p.tagError("Syntax Error in 'capture' - Valid syntax: capture [var]", h.markup)
	}
	n := &capture{head: h, to: h.markup[start:signatureEnd(h.markup, start)], body: &body{blank: true}}
	_, err := p.parseBlock(t, h.name, n.body, nil)
	n.blank = true
	return n, err
}

func (n *capture) render(r *run, b branches) error {
	text, err := r.captured(func() error { return b.render(0) })
	if _, stopped := err.(interrupt); err == nil || stopped {
		r.assign(n.to, text)
	}
	return err
}

type counter struct {
	head
	to string
}

func parseCounter(_ *parser, _ *tokenizer, h head) (node, error) {
	return &counter{h, strings.Trim(h.markup, stripped)}, nil
}

// render counts in a store of its own that starts from the data and is seen
// behind the assigned variables.
func (n *counter) render(r *run) error {
	w := r.world
	if w.counters == nil {
		w.counters = &scope{}
	}
	now := Value(nil)
	if i := w.counters.find(n.to); i >= 0 {
		now = w.counters.vars[i].value
	} else if h, ok := w.data.(*Hash); ok {
		now, _ = h.Get(n.to)
	}
	if !truthy(now) {
		now = int64(0)
	}
	if _, isNumber := asNumber(now); !isNumber {
		return internalError()
	}
	op := byte('+')
	if n.name == "decrement" {
		op = '-'
	}
	next, err := r.arithmetic(op, now, int64(1))
	if err != nil {
		return err
	}
	w.counters.set(n.to, next)
	if op == '-' {
		now = next
	}
	return r.print(&n.head, nil, now)
}
