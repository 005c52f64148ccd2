package liquid

import (
	"math/big"
	"strings"
)

// for, break and continue.

type forTag struct {
	head
	variable   string
	name       string // what Ruby calls the loop: item-collection
	collection expression
	limit      expression // nil if not given
	offset     expression // nil if not given
	proceed    bool       // offset: continue
	reversed   bool
	parts      []*body // the loop, and perhaps its else
}

func (n *forTag) bodies() []*body { return n.parts }

func parseFor(p *parser, t *tokenizer, h head) (node, error) {
	n := &forTag{head: h, parts: []*body{{blank: true}}}
	parse := n.parseLax
	if p.options.Mode == Strict {
		parse = n.parseStrict
	}
	if err := parse(p, h.markup); err != nil {
		return nil, err
	}
	blank, err := p.parseBlock(t, h.name, n.parts[0], func(tag, _ string) (*body, error) {
		if tag != "else" {
			return nil, nil
		}
		b := &body{blank: true}
		n.parts = append(n.parts[:1], b) // of several, the last counts
		return b, nil
	})
	n.blank = blank
	removeBlankText(blank, n.parts)
	return n, err
}

const forSyntax = "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]"

// parseLax matches \A([\w-]+)\s+in\s+(QuotedFragment+)\s*(reversed)? and looks
// for attributes anywhere.
func (n *forTag) parseLax(p *parser, markup string) error {
	end := segmentEnd(markup, 0)
	_, at := wordAfter(markup, end, "in")
	if end == 0 || at < 0 {
		return p.syntaxError(forSyntax)
	}
	q := quotes{s: markup}
	stop := q.fragments(at)
	if stop < 0 {
		return p.syntaxError(forSyntax)
	}
	n.variable = markup[:end]
	n.reversed = strings.HasPrefix(markup[skipSpace(markup, stop):], "reversed")
	if err := n.setCollection(p, markup[at:stop]); err != nil {
		return err
	}
	for _, a := range tagAttributes(markup) {
		if err := n.setAttribute(p, a.name, a.value); err != nil {
			return err
		}
	}
	return nil
}

func (n *forTag) setCollection(p *parser, markup string) (err error) {
	n.name = n.variable + "-" + markup
	n.collection, err = p.parseExpression(markup)
	return err
}

func (n *forTag) setAttribute(p *parser, name, value string) (err error) {
	switch name {
	case "offset":
		n.proceed, n.offset = value == "continue", nil
		if !n.proceed {
			n.offset, err = p.parseExpression(value)
		}
	case "limit":
		n.limit, err = p.parseExpression(value)
	}
	return err
}

func (n *forTag) parseStrict(p *parser, markup string) error {
	s := newStrictParser(markup, p.scratch[:0])
	defer func() { p.scratch = s.tokens }()
	n.variable = s.consume(tokID)
	if s.err == "" && !s.acceptID("in") {
		s.fail("For loops require an 'in' clause")
	}
	collection := s.expression()
	if s.err != "" {
		return p.strictError(s, markup)
	}
	if err := n.setCollection(p, collection); err != nil {
		return err
	}
	n.reversed = s.acceptID("reversed")
	for s.err == "" && (s.look(tokComma) || s.look(tokID)) {
		s.accept(tokComma)
		name := ""
		if s.look(tokID) {
			name = s.text(s.tokens[s.pos])
		}
		if name != "limit" && name != "offset" {
			s.fail("Invalid attribute in for loop. Valid attributes are limit and offset")
			break
		}
		s.pos++
		s.consume(tokColon)
		value := s.expression()
		if s.err == "" {
			if err := n.setAttribute(p, name, value); err != nil {
				return err
			}
		}
	}
	if s.err == "" {
		s.consume(tokEnd)
	}
	return p.strictError(s, markup)
}

func (n *forTag) render(r *run, b branches) error {
	items, err := n.segment(r)
	if err != nil {
		return err
	}
	if items.count == 0 {
		if len(n.parts) > 1 {
			return b.render(1)
		}
		return nil
	}
	if err := r.push(); err != nil {
		return err
	}
	defer r.pop()
	m := &r.world.memory
	loop := &forLoop{name: n.name, length: items.count}
	if len(m.loops) > 0 {
		loop.parent = m.loops[len(m.loops)-1]
	}
	m.loops = append(m.loops, loop)
	defer func() { m.loops = m.loops[:len(m.loops)-1] }()
	r.set("forloop", loop)
	for i := int64(0); i < items.count; i++ {
		if err := r.step(1); err != nil {
			return err
		}
		at := i
		if n.reversed {
			at = items.count - 1 - i
		}
		r.set(n.variable, items.at(at))
		err := b.render(0)
		loop.index++
		switch {
		case err == interruptBreak:
			return nil
		case err != nil && err != interruptContinue:
			return err
		}
	}
	return nil
}

// segment is the part of the collection that offset and limit leave.
func (n *forTag) segment(r *run) (items, error) {
	m := &r.world.memory
	from := Value(int64(0))
	switch {
	case n.proceed:
		if v, ok := m.offsets[n.name]; ok {
			from = v
		}
	case n.offset != nil:
		v, err := n.offset.eval(r)
		if err == nil && v != nil {
			from, err = r.toInteger(v)
		}
		if err != nil {
			return items{}, err
		}
	}
	if len(n.parts) > 1 { // with an else, nothing to loop over is a fair case
		r.testing++
	}
	collection, err := n.collection.eval(r)
	if len(n.parts) > 1 {
		r.testing--
	}
	if err != nil {
		return items{}, err
	}
	to := Value(nil)
	if n.limit != nil {
		v, err := n.limit.eval(r)
		if err == nil && v != nil {
			if v, err = r.toInteger(v); err == nil {
				to, err = r.arithmetic('+', v, from)
			}
		}
		if err != nil {
			return items{}, err
		}
	}
	part, err := r.slice(collection, from, to)
	if err != nil {
		return items{}, err
	}
	if m.offsets == nil {
		m.offsets = map[string]Value{}
	}
	if m.offsets[n.name], err = r.arithmetic('+', from, part.count); err != nil {
		return items{}, err
	}
	return part, nil
}

// items is a stretch of a collection, read in place.
type items struct {
	list  []Value
	hash  *Hash
	rng   span
	start int64
	count int64
}

func (it items) at(i int64) Value {
	switch {
	case it.list != nil:
		return it.list[it.start+i]
	case it.hash != nil:
		key, v := it.hash.At(int(it.start + i))
		return []Value{key, v}
	}
	return it.rng.at(it.start + i)
}

// slice is the elements of a collection from one position up to, and without,
// another; to is nil for no end. Text is one element whatever the positions.
func (r *run) slice(collection, from, to Value) (items, error) {
	it := items{}
	switch c := collection.(type) {
	case string:
		if c != "" {
			it.list, it.count = []Value{c}, 1
		}
		return it, nil
	case []Value:
		it.list, it.count = c, int64(len(c))
	case *Hash:
		it.hash, it.count = c, int64(c.Len())
	case span:
		it.rng, it.count = c, c.length()
		if it.count < 0 {
			return it, r.exceeded("Iterations", r.limits.Iterations)
		}
	default:
		return it, nil
	}
	end := it.count
	if to != nil {
		end = clamp(to, it.count)
	}
	it.start = clamp(from, it.count)
	it.count = max(end-it.start, 0)
	return it, nil
}

// clamp is v brought between 0 and limit.
func clamp(v Value, limit int64) int64 {
	switch v := v.(type) {
	case int64:
		return max(0, min(v, limit))
	case *big.Int:
		if v.Sign() > 0 {
			return limit
		}
	}
	return 0
}

// forLoop is the object forloop.
type forLoop struct {
	name   string
	length int64
	index  int64
	parent *forLoop
}

func (*forLoop) rubyClass() string { return "Liquid::ForloopDrop" }

func (l *forLoop) property(name string) (Value, bool) {
	switch name {
	case "name":
		return l.name, true
	case "parentloop":
		if l.parent == nil {
			return nil, true
		}
		return l.parent, true
	}
	return position(name, l.index, l.length)
}

// position answers the properties that all loop objects share.
func position(name string, index, length int64) (Value, bool) {
	switch name {
	case "length":
		return length, true
	case "index":
		return index + 1, true
	case "index0":
		return index, true
	case "rindex":
		return length - index, true
	case "rindex0":
		return length - index - 1, true
	case "first":
		return index == 0, true
	case "last":
		return index == length-1, true
	}
	return nil, false
}

// stop is break or continue.
type stop struct {
	head
	with interrupt
}

func (n *stop) render(*run) error { return n.with }

func parseInterrupt(_ *parser, _ *tokenizer, h head) (node, error) {
	return &stop{h, interrupt(h.name)}, nil
}
