package liquid

import (
	"strconv"
	"strings"
)

// expression is a parsed expression: a literal, a variable lookup or a range.
type expression interface {
	eval(r *run) (Value, error)
}

type literal struct{ value Value }

func (l literal) eval(*run) (Value, error) { return l.value, nil }

// rangeExpression is (a..b) where an end is not a literal.
type rangeExpression struct{ first, last expression }

// lookup is a variable and the steps into it: a.b["c"][d].size
type lookup struct {
	source string // as written, to name it in problems
	name   string
	boxed  Value // name, made a Value once
	// nameFrom computes the name for [expression]; nil for a plain name.
	nameFrom expression
	steps    []step
}

type step struct {
	key     string
	boxed   Value      // key, made a Value once
	from    expression // computes the key; nil for a plain name
	command bool       // size, first or last outside brackets
}

// parseExpression gives the text of one expression its meaning, as Ruby's
// Expression.parse does; it never refuses one, except in a range of literals.
func (p *parser) parseExpression(markup string) (expression, error) {
	markup = strings.Trim(markup, rubySpace+"\x00")
	if n := len(markup); n > 0 && (markup[0] == '"' || markup[0] == '\'') && markup[n-1] == markup[0] {
		if n == 1 {
			return literal{""}, nil
		}
		return literal{markup[1 : n-1]}, nil
	}
	switch markup {
	case "", "nil", "null":
		return literal{nil}, nil
	case "true":
		return literal{true}, nil
	case "false":
		return literal{false}, nil
	case "blank", "empty":
		return literal{""}, nil
	case "-":
		return p.parseLookup(markup)
	}
	if first, last, ok := splitRange(markup); ok {
		return p.parseRange(first, last)
	}
	if v, ok, err := p.parseNumber(markup); ok || err != nil {
		return literal{v}, err
	}
	return p.parseLookup(markup)
}

// splitRange matches \(\s*(?>(\S+)\s*\.\.)\s*(\S+)\s*\) against the whole of s.
func splitRange(s string) (first, last string, ok bool) {
	if len(s) < 2 || s[0] != '(' || s[len(s)-1] != ')' {
		return "", "", false
	}
	start := skipSpace(s, 1)
	wordEnd := start
	for wordEnd < len(s) && !isSpace(s[wordEnd]) {
		wordEnd++
	}
	if wordEnd == start {
		return "", "", false
	}
	firstEnd, dots := wordEnd, skipSpace(s, wordEnd)
	if wordEnd == dots || !strings.HasPrefix(s[dots:], "..") {
		// The dots stand inside the word: the last ones do.
		n := strings.LastIndex(s[start:wordEnd], "..")
		if n <= 0 {
			return "", "", false
		}
		firstEnd, dots = start+n, start+n
	}
	rest := strings.Trim(s[dots+2:len(s)-1], rubySpace)
	if rest == "" || strings.ContainsAny(rest, rubySpace) {
		return "", "", false
	}
	return s[start:firstEnd], rest, true
}

func (p *parser) parseRange(first, last string) (expression, error) {
	if p.expressionDepth++; p.expressionDepth > maxExpressionDepth {
		return nil, p.plainError("Nesting too deep")
	}
	defer func() { p.expressionDepth-- }()
	a, err := p.parseExpression(first)
	if err != nil {
		return nil, err
	}
	b, err := p.parseExpression(last)
	if err != nil {
		return nil, err
	}
	x, lit1 := a.(literal)
	y, lit2 := b.(literal)
	if !lit1 || !lit2 {
		return rangeExpression{a, b}, nil
	}
	i, ok := p.literalInt(x.value)
	if !ok {
		return nil, p.syntaxError("Invalid expression type '" + first + "' in range expression")
	}
	j, ok := p.literalInt(y.value)
	if !ok {
		return nil, p.syntaxError("Invalid expression type '" + last + "' in range expression")
	}
	return literal{span{i, j}}, nil
}

// literalInt is to_i of a literal; booleans and ranges have none.
func (p *parser) literalInt(v Value) (Value, bool) {
	switch v.(type) {
	case bool, span:
		return nil, false
	}
	i, err := p.measure.truncated(v)
	return i, err == nil
}

// parseNumber reads integers and floats, also careless ones: "1." and "1.2.3".
func (p *parser) parseNumber(s string) (Value, bool, error) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || !isDigit(digits[0]) {
		return nil, false, nil
	}
	dots, end := 0, len(s)
	for i := len(s) - len(digits); i < len(s); i++ {
		switch {
		case s[i] == '.':
			if dots++; dots == 2 {
				end = i
			}
		case !isDigit(s[i]):
			return nil, false, nil
		}
	}
	if dots == 0 {
		v, err := p.measure.digitsToInt(digits, 10, s[0] == '-')
		return v, true, err
	}
	f, err := strconv.ParseFloat(s[:end], 64)
	if err != nil && f == 0 {
		return nil, false, nil
	}
	return f, true, nil
}

// parseLookup scans for brackets and [\w-]+\?? and skips everything between.
func (p *parser) parseLookup(markup string) (expression, error) {
	if p.expressionDepth++; p.expressionDepth > maxExpressionDepth {
		return nil, p.plainError("Nesting too deep")
	}
	defer func() { p.expressionDepth-- }()
	l := &lookup{source: markup}
	brackets, ok := outerBrackets(markup)
	if !ok {
		return nil, p.plainError("Nesting too deep")
	}
	first := true
	for i := 0; i < len(markup); {
		var s step
		switch {
		case len(brackets) > 0 && brackets[0].open == i:
			end := brackets[0].end
			brackets = brackets[1:]
			from, err := p.parseExpression(markup[i+1 : end])
			if err != nil {
				return nil, err
			}
			s.from, i = from, end+1
		case isSegment(markup[i]):
			end := idEnd(markup, i)
			s.key, i = markup[i:end], end
			s.boxed = s.key
			s.command = s.key == "size" || s.key == "first" || s.key == "last"
		default:
			i++
			continue
		}
		if first {
			l.name, l.boxed, l.nameFrom, first = s.key, s.boxed, s.from, false
		} else {
			l.steps = append(l.steps, s)
		}
	}
	if first {
		return literal{nil}, nil // no name at all
	}
	return l, nil
}

// bracket is a pair of brackets by their positions.
type bracket struct{ open, end int }

// outerBrackets finds the pairs of s that stand in no other pair, in order. ok
// is false where more are open at once than expressions may nest.
func outerBrackets(s string) (pairs []bracket, ok bool) {
	if strings.IndexByte(s, '[') < 0 {
		return nil, true
	}
	var open []int
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			if len(open) == maxExpressionDepth {
				return nil, false
			}
			open = append(open, i)
		case ']':
			if len(open) == 0 {
				continue
			}
			start := open[len(open)-1]
			open = open[:len(open)-1]
			for len(pairs) > 0 && pairs[len(pairs)-1].open > start {
				pairs = pairs[:len(pairs)-1]
			}
			pairs = append(pairs, bracket{start, i})
		}
	}
	return pairs, true
}
