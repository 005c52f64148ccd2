package liquid

import "strings"

// condition is one comparison and, through next, those that and/or join to it.
// Ruby evaluates from the left and stops as soon as the rest cannot matter,
// which groups to the right: a or b and c is a or (b and c).
type condition struct {
	left, right expression
	op          string // "" for left alone
	next        *condition
	off         int  // where its tag starts in the source
	and         bool // how next is joined
}

// conditionOperand is an operand; blank and empty mean questions here.
func (p *parser) conditionOperand(markup string) (expression, error) {
	if markup == string(blankLiteral) || markup == string(emptyLiteral) {
		return literal{literalMethod(markup)}, nil
	}
	return p.parseExpression(markup)
}

// parseCondition parses the markup of if, unless and elsif.
func (p *parser) parseCondition(markup string) (*condition, error) {
	parse := p.laxCondition
	if p.options.Mode == Strict {
		parse = p.strictCondition
	}
	c, err := parse(markup)
	if c != nil {
		c.off = p.off
	}
	return c, err
}

func (p *parser) strictCondition(markup string) (*condition, error) {
	s := newStrictParser(markup, p.scratch[:0])
	defer func() { p.scratch = s.tokens }()
	var first, last *condition
	for and := false; ; {
		c, err := p.strictComparison(s)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = c
		} else {
			last.next, last.and = c, and
		}
		last = c
		if and = s.acceptID("and"); !and && !s.acceptID("or") {
			break
		}
	}
	s.consume(tokEnd)
	return first, p.strictError(s, markup)
}

// strictError is the parser's first complaint as an error, or nil.
func (p *parser) strictError(s *strictParser, markup string) error {
	if s.err == "" {
		return nil
	}
	return p.syntaxError(s.err + " in \"" + strings.Trim(markup, stripped) + "\"")
}

func (p *parser) strictComparison(s *strictParser) (*condition, error) {
	c := &condition{}
	left := s.expression()
	if s.err == "" && s.look(tokComparison) {
		c.op = s.consume(tokComparison)
		right := s.expression()
		if s.err == "" {
			var err error
			if c.right, err = p.conditionOperand(right); err != nil {
				return nil, err
			}
		}
	}
	if s.err != "" {
		return c, nil // the caller reports it
	}
	var err error
	c.left, err = p.conditionOperand(left)
	return c, err
}

const ifSyntax = "Syntax Error in tag 'if' - Valid syntax: if [expression]"

// laxCondition cuts the markup into comparisons and the words and/or between,
// and builds the chain from the end, as Ruby does.
func (p *parser) laxCondition(markup string) (*condition, error) {
	parts := splitCondition(markup)
	var chain *condition
	for i := len(parts) - 1; i >= 0; i -= 2 {
		c, err := p.laxComparison(parts[i])
		if err != nil {
			return nil, err
		}
		if chain != nil {
			joint := strings.Trim(parts[i+1], stripped)
			if joint != "and" && joint != "or" {
				return nil, p.syntaxError(ifSyntax)
			}
			c.next, c.and = chain, joint == "and"
		}
		chain = c
		if i == 1 { // a leading and/or joins nothing
			return nil, p.syntaxError(ifSyntax)
		}
	}
	if chain == nil {
		return nil, p.syntaxError(ifSyntax)
	}
	return chain, nil
}

// splitCondition scans for and/or between word boundaries, or the longest run
// of fragments and other words up to the next of them.
func splitCondition(s string) []string {
	var parts []string
	q := quotes{s: s}
	for i := 0; i < len(s); {
		end := jointEnd(s, i)
		if end < 0 {
			end = comparisonEnd(&q, i)
		}
		if end <= i {
			i++
			continue
		}
		parts = append(parts, s[i:end])
		i = end
	}
	return parts
}

// jointEnd matches \b(?:\s?and\s?|\s?or\s?)\b at i; -1 where it does not.
func jointEnd(s string, i int) int {
	if !boundary(s, i) {
		return -1
	}
	j := i
	if j < len(s) && isSpace(s[j]) {
		j++
	}
	switch {
	case strings.HasPrefix(s[j:], "and"):
		j += 3
	case strings.HasPrefix(s[j:], "or"):
		j += 2
	default:
		return -1
	}
	if j < len(s) && isSpace(s[j]) && boundary(s, j+1) {
		return j + 1
	}
	if boundary(s, j) {
		return j
	}
	return -1
}

// boundary is Ruby's \b.
func boundary(s string, i int) bool {
	return (i > 0 && isWord(s[i-1])) != (i < len(s) && isWord(s[i]))
}

func comparisonEnd(q *quotes, i int) int {
	end := i
	for {
		j := skipSpace(q.s, end)
		if j >= len(q.s) || jointEnd(q.s, j) >= 0 {
			return end
		}
		k := q.fragment(j)
		if k < 0 {
			for k = j; k < len(q.s) && !isSpace(q.s[k]); {
				k++
			}
		}
		end = skipSpace(q.s, k)
	}
}

// laxComparison searches for (QuotedFragment)\s*([=!<>a-z_]+)?\s*(QuotedFragment)?
func (p *parser) laxComparison(s string) (*condition, error) {
	q := quotes{s: s}
	start, end := q.find(0)
	if start < 0 {
		return nil, p.syntaxError(ifSyntax)
	}
	left, err := p.conditionOperand(s[start:end])
	if err != nil {
		return nil, err
	}
	opStart := skipSpace(s, end)
	opEnd := opStart
	for opEnd < len(s) && (s[opEnd] >= 'a' && s[opEnd] <= 'z' || strings.IndexByte("=!<>_", s[opEnd]) >= 0) {
		opEnd++
	}
	c := &condition{left: left, op: s[opStart:opEnd], right: literal{nil}}
	if at := skipSpace(s, opEnd); at < len(s) {
		if end := q.fragment(at); end >= 0 {
			c.right, err = p.conditionOperand(s[at:end])
		}
	}
	return c, err
}

// holds evaluates the chain.
func (c *condition) holds(r *run) (bool, error) {
	for {
		if err := r.tick(1); err != nil {
			return false, err
		}
		ok, err := c.compare(r)
		if err != nil || c.next == nil || ok != c.and {
			return ok, err
		}
		c = c.next
	}
}

func (c *condition) compare(r *run) (bool, error) {
	left, err := c.left.eval(r)
	if err != nil || c.op == "" {
		return truthy(left), err
	}
	right, err := c.right.eval(r)
	if err != nil {
		return false, err
	}
	if err := r.weigh(left); err != nil {
		return false, err
	}
	if _, asks := left.(literalMethod); asks {
		if err := r.weigh(right); err != nil {
			return false, err
		}
	}
	switch c.op {
	case "==":
		return equalOrAsked(left, right), nil
	case "!=", "<>":
		return !equalOrAsked(left, right), nil
	case "<", ">", "<=", ">=":
		return ordered(c.op, left, right)
	case "contains":
		return r.contains(left, right)
	}
	return false, argumentError("Unknown operator " + c.op)
}

// equalOrAsked is ==, where blank and empty ask the other side.
func equalOrAsked(a, b Value) bool {
	if m, ok := a.(literalMethod); ok {
		return asked(m, b)
	}
	if m, ok := b.(literalMethod); ok {
		return asked(m, a)
	}
	return equal(a, b)
}

func asked(m literalMethod, v Value) bool {
	if _, both := v.(literalMethod); both {
		return false
	}
	if m == blankLiteral {
		return isBlank(v)
	}
	empty, _ := isEmpty(v)
	return empty
}
