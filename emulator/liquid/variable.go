package liquid

import "strings"

// variable is what stands between {{ and }}: an expression and its filters.
type variable struct {
	from    expression // nil for an empty {{ }}
	filters []filterCall
	source  string
}

type filterCall struct {
	name   string
	filter *filter // nil if there is none of that name
	args   []expression
	named  []namedArgument
}

type namedArgument struct {
	name  string
	value expression
}

// parseVariable tries the strict grammar and, in lax mode, falls back to the
// lax one, as Ruby does.
func (p *parser) parseVariable(markup string) (*variable, error) {
	return p.parseVariableIn(markup, "{{"+markup+"}}")
}

// parseVariableIn is parseVariable where Ruby quotes another text in its error.
func (p *parser) parseVariableIn(markup, quoted string) (*variable, error) {
	v, refused, err := p.parseStrictVariable(markup)
	if err != nil || refused == "" {
		return v, err
	}
	if p.options.Mode == Strict {
		return nil, p.syntaxError(refused + " in \"" + quoted + "\"")
	}
	return p.parseLaxVariable(markup)
}

func (p *parser) parseStrictVariable(markup string) (v *variable, refused string, err error) {
	s := newStrictParser(markup, p.scratch[:0])
	defer func() { p.scratch = s.tokens }()
	v = &variable{source: strings.Trim(markup, rubySpace)}
	if s.err != "" {
		return nil, s.err, nil
	}
	if s.look(tokEnd) {
		return v, "", nil
	}
	text := s.expression()
	if s.err != "" {
		return nil, s.err, nil
	}
	if v.from, err = p.parseExpression(text); err != nil {
		return nil, "", err
	}
	for s.accept(tokPipe) {
		call := p.newCall(s.consume(tokID))
		if s.accept(tokColon) {
			for more := true; more && err == nil; more = s.accept(tokComma) {
				err = p.strictArgument(s, &call)
			}
		}
		if s.err != "" || err != nil {
			return nil, s.err, err
		}
		v.filters = append(v.filters, call)
	}
	s.consume(tokEnd)
	return v, s.err, nil
}

func (p *parser) newCall(name string) filterCall {
	return filterCall{name: name, filter: lookupFilter(name)}
}

func (p *parser) strictArgument(s *strictParser, call *filterCall) error {
	name := ""
	if s.look(tokID) && s.lookNext(tokColon) {
		name = s.consume(tokID)
		s.consume(tokColon)
	}
	text := s.expression()
	if s.err != "" {
		return nil
	}
	return p.addArgument(call, name, text)
}

func (p *parser) addArgument(call *filterCall, name, text string) error {
	e, err := p.parseExpression(text)
	if err != nil {
		return err
	}
	if name == "" {
		call.args = append(call.args, e)
	} else {
		call.named = append(call.named, namedArgument{name, e})
	}
	return nil
}

// parseLaxVariable takes the first fragment as the expression and looks for
// filters after the first pipe behind it, ignoring what it cannot use.
func (p *parser) parseLaxVariable(markup string) (*variable, error) {
	v := &variable{source: strings.Trim(markup, rubySpace)}
	q := quotes{s: markup}
	start, end := q.find(0)
	if start < 0 {
		return v, nil
	}
	var err error
	if v.from, err = p.parseExpression(markup[start:end]); err != nil {
		return nil, err
	}
	pipe := strings.IndexByte(markup[end:], '|')
	if pipe < 0 {
		return v, nil
	}
	for i := skipSpace(markup, end+pipe+1); i < len(markup); {
		partEnd := filterPartEnd(&q, i)
		if partEnd == i {
			i++
			continue
		}
		if err := p.addLaxFilter(v, markup[i:partEnd]); err != nil {
			return nil, err
		}
		i = partEnd
	}
	return v, nil
}

// filterPartEnd matches (?:\s+|QuotedFragment|,)+ at i.
func filterPartEnd(q *quotes, i int) int {
	for i < len(q.s) {
		if isSpace(q.s[i]) || q.s[i] == ',' {
			i++
			continue
		}
		j := q.fragment(i)
		if j < 0 {
			break
		}
		i = j
	}
	return i
}

func (p *parser) addLaxFilter(v *variable, part string) error {
	start := 0
	for start < len(part) && !isWord(part[start]) {
		start++
	}
	if start == len(part) {
		return nil
	}
	end := start
	for end < len(part) && isWord(part[end]) {
		end++
	}
	call := p.newCall(part[start:end])
	if err := p.addLaxArguments(&call, part); err != nil {
		return err
	}
	v.filters = append(v.filters, call)
	return nil
}

// addLaxArguments scans part for (?::|,)\s*((?:\w+\s*\:\s*)?QuotedFragment).
func (p *parser) addLaxArguments(call *filterCall, part string) error {
	q := quotes{s: part}
	for i := 0; i < len(part); {
		if part[i] != ':' && part[i] != ',' {
			i++
			continue
		}
		start := skipSpace(part, i+1)
		valueStart, name := start, ""
		word := start
		for word < len(part) && isWord(part[word]) {
			word++
		}
		if colon := skipSpace(part, word); word > start && colon < len(part) && part[colon] == ':' {
			if at := skipSpace(part, colon+1); q.fragment(at) >= 0 {
				name, valueStart = part[start:word], at
			}
		}
		end := q.fragment(valueStart)
		if end < 0 {
			i++
			continue
		}
		if err := p.laxArgument(call, name, part[start:end], part[valueStart:end]); err != nil {
			return err
		}
		i = end
	}
	return nil
}

// laxArgument adds an argument; one that is name: value and nothing else is a
// named one, even where the name was not split off before.
func (p *parser) laxArgument(call *filterCall, name, whole, value string) error {
	if name == "" {
		if n, v, ok := justAttribute(whole); ok {
			return p.addArgument(call, n, v)
		}
		return p.addArgument(call, "", whole)
	}
	return p.addArgument(call, name, value)
}

// justAttribute matches \A(\w[\w-]*)\s*\:\s*(QuotedFragment)\z
func justAttribute(s string) (name, value string, ok bool) {
	if s == "" || !isWord(s[0]) {
		return "", "", false
	}
	end := segmentEnd(s, 0)
	colon := skipSpace(s, end)
	if colon >= len(s) || s[colon] != ':' {
		return "", "", false
	}
	start := skipSpace(s, colon+1)
	q := quotes{s: s}
	if q.fragment(start) != len(s) {
		return "", "", false
	}
	return s[:end], s[start:], true
}

// eval computes the expression and sends it through the filters.
func (v *variable) eval(r *run) (Value, error) {
	if v.from == nil {
		return nil, nil
	}
	guarded := 0
	for i := range v.filters {
		if v.filters[i].name == "default" {
			guarded = 1
		}
	}
	r.fallback += guarded
	value, err := v.from.eval(r)
	r.fallback -= guarded
	if err != nil {
		return nil, err
	}
	for i := range v.filters {
		if value, err = v.filters[i].apply(r, value); err != nil {
			return nil, err
		}
	}
	return value, nil
}

func (c *filterCall) apply(r *run, input Value) (Value, error) {
	if err := r.tick(1 + len(c.args) + len(c.named)); err != nil {
		return nil, err
	}
	var few [4]Value
	args := few[:0]
	for _, e := range c.args {
		v, err := e.eval(r)
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	if len(c.named) > 0 {
		h := &Hash{}
		for _, n := range c.named {
			v, err := n.value.eval(r)
			if err != nil {
				return nil, err
			}
			h.Set(n.name, v)
		}
		args = append(args, h)
	}
	if c.filter == nil {
		r.unknownFilter(c.name)
		return input, nil
	}
	return c.filter.call(r, input, args)
}
