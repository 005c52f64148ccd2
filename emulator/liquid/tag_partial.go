package liquid

import "strings"

// include and render: templates inside templates.

// partialTag is include or render.
type partialTag struct {
	head
	name       expression
	value      expression // after with or for; nil if not given
	each       bool       // render ... for
	alias      string
	attributes []namedArgument
}

// parseInclude searches for
// (QuotedFragment+)(\s+(?:with|for)\s+(QuotedFragment+))?(\s+as\s+([\w-]+))?
func parseInclude(p *parser, _ *tokenizer, h head) (node, error) {
	q := quotes{s: h.markup}
	start, _ := q.find(0)
	if start < 0 {
		return nil, p.tagError("Error in tag 'include' - Valid syntax: include '[template]' (with|for) [object|collection]", h.markup)
	}
	return parsePartial(p, h, &q, start, q.fragments(start))
}

// parseRender searches for (QuotedString+) and then the same.
func parseRender(p *parser, _ *tokenizer, h head) (node, error) {
	q := quotes{s: h.markup}
	for i := 0; i < len(h.markup); i++ {
		end := q.end(i)
		if end < 0 {
			continue
		}
		for next := q.end(end); next >= 0; next = q.end(end) {
			end = next
		}
		return parsePartial(p, h, &q, i, end)
	}
	return nil, p.tagError("Syntax error in tag 'render' - Template name must be a quoted string", h.markup)
}

func parsePartial(p *parser, h head, q *quotes, start, end int) (node, error) {
	n := &partialTag{head: h}
	s := q.s
	var err error
	if n.name, err = p.parseExpression(s[start:end]); err != nil {
		return nil, err
	}
	if word, at := wordAfter(s, end, "with", "for"); at >= 0 {
		if stop := q.fragments(at); stop >= 0 {
			n.each = word == "for"
			if n.value, err = p.parseExpression(s[at:stop]); err != nil {
				return nil, err
			}
			end = stop
		}
	}
	if _, at := wordAfter(s, end, "as"); at >= 0 {
		n.alias = s[at:segmentEnd(s, at)]
	}
	for _, a := range tagAttributes(s) {
		e, err := p.parseExpression(a.value)
		if err != nil {
			return nil, err
		}
		n.attributes = append(n.attributes, namedArgument{a.name, e})
	}
	return n, nil
}

func (n *partialTag) render(r *run) error {
	if n.head.name == "include" {
		return n.include(r)
	}
	return n.isolated(r)
}

// localName is the variable that holds the value: the alias or the last part
// of the partial's name.
func (n *partialTag) localName(partial string) string {
	if n.alias != "" {
		return n.alias
	}
	partial = strings.TrimRight(partial, "/")
	return partial[strings.LastIndexByte(partial, '/')+1:]
}

// include renders a partial that sees and sets the variables around it.
func (n *partialTag) include(r *run) error {
	if r.world.base > 0 {
		return argumentError("include usage is not allowed in this context")
	}
	v, err := n.name.eval(r)
	if err != nil {
		return err
	}
	name, ok := v.(string)
	if !ok {
		return argumentError("Argument error in tag 'include' - Illegal template name")
	}
	partial, err := r.partial(name)
	if err != nil {
		return err
	}
	var value Value
	if n.value != nil {
		if value, err = n.value.eval(r); err != nil {
			return err
		}
	} else {
		value, _ = r.variable(name)
	}
	w := r.world
	outer := w.template
	w.template = name
	defer func() { w.template = outer }()
	if err := r.push(); err != nil {
		return err
	}
	defer r.pop()
	for _, a := range n.attributes {
		v, err := a.value.eval(r)
		if err != nil {
			return err
		}
		r.set(a.name, v)
	}
	list, isList := value.([]Value)
	if !isList {
		list = []Value{value}
	}
	for _, item := range list {
		if err := r.step(1); err != nil {
			return err
		}
		r.set(n.localName(name), item)
		if err := partial.renderInto(r); err != nil {
			return err
		}
	}
	return nil
}

// isolated renders a partial that sees nothing but its arguments.
func (n *partialTag) isolated(r *run) error {
	v, err := n.name.eval(r)
	if err != nil {
		return err
	}
	name, ok := v.(string)
	if !ok {
		return internalError()
	}
	partial, err := r.partial(name)
	if err != nil {
		return err
	}
	var value Value
	if n.value != nil {
		if value, err = n.value.eval(r); err != nil {
			return err
		}
	}
	elements, isCollection := items{}, false
	switch value.(type) {
	case []Value, *Hash, span:
		if isCollection = n.each; isCollection {
			if elements, err = r.slice(value, int64(0), nil); err != nil {
				return err
			}
		}
	}
	if !isCollection {
		return n.renderOne(r, partial, name, value, nil)
	}
	loop := &forLoop{name: name, length: elements.count}
	for i := int64(0); i < elements.count; i++ {
		if err := r.step(1); err != nil {
			return err
		}
		if err := n.renderOne(r, partial, name, elements.at(i), loop); err != nil {
			return err
		}
		loop.index++
	}
	return nil
}

func (n *partialTag) renderOne(r *run, partial *Template, name string, value Value, loop *forLoop) error {
	outer := r.world
	if outer.base+len(outer.scopes) > DefaultNesting {
		return argumentError("Nesting too deep")
	}
	own := &scope{}
	inner := &world{scopes: []*scope{own}, base: outer.base + 1, template: name, memory: outer.memory}
	if loop != nil {
		own.set("forloop", loop)
	}
	for _, a := range n.attributes {
		v, err := a.value.eval(r)
		if err != nil {
			return err
		}
		own.set(a.name, v)
	}
	if value != nil {
		own.set(n.localName(name), value)
	}
	r.world = inner
	err := partial.renderInto(r)
	r.world = outer
	if _, stopped := err.(interrupt); stopped {
		return nil // break and continue end with the partial
	}
	return err
}

// partial answers a parsed partial, parsed once a render.
func (r *run) partial(name string) (*Template, error) {
	if t, ok := r.partials[name]; ok {
		return t, nil
	}
	source := r.options.Partials
	if source == nil {
		return nil, argumentError("This liquid context does not allow includes.")
	}
	text, ok := source(name)
	if !ok {
		return nil, argumentError("No such template '" + name + "'")
	}
	t, err := parse(text, name, r.options)
	if err != nil {
		return nil, err
	}
	if r.partials == nil {
		r.partials = map[string]*Template{}
	}
	r.partials[name] = t
	return t, nil
}
