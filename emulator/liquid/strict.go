package liquid

// strictParser is Ruby Liquid's recursive descent parser for expressions. It
// only checks the grammar and hands back the text of each expression, joined
// from its tokens; parseExpression gives the text its meaning, as in Ruby.
type strictParser struct {
	markup string
	tokens []token
	pos    int
	err    string // the first error, in Ruby's words
	depth  int
}

// maxExpressionDepth bounds nested brackets and ranges in one expression.
const maxExpressionDepth = 100

func newStrictParser(markup string, into []token) *strictParser {
	p := &strictParser{markup: markup}
	tokens, bad, ok := lex(markup, into)
	p.tokens = tokens
	if !ok {
		p.err = "Unexpected character " + bad
		p.tokens = []token{{kind: tokEnd}}
	}
	return p
}

func (p *strictParser) fail(message string) {
	if p.err == "" {
		p.err = message
	}
}

func (p *strictParser) text(t token) string { return p.markup[t.start:t.end] }

func (p *strictParser) look(k tokenKind) bool { return p.tokens[p.pos].kind == k }

func (p *strictParser) lookNext(k tokenKind) bool {
	return p.pos+1 < len(p.tokens) && p.tokens[p.pos+1].kind == k
}

// consume takes the next token, which must be of kind k.
func (p *strictParser) consume(k tokenKind) string {
	t := p.tokens[p.pos]
	if t.kind != k {
		p.fail("Expected " + string(k) + " but found " + string(t.kind))
		return ""
	}
	if k != tokEnd {
		p.pos++
	}
	return p.text(t)
}

// accept takes the next token if it is of kind k.
func (p *strictParser) accept(k tokenKind) bool {
	if p.err != "" || !p.look(k) {
		return false
	}
	p.pos++
	return true
}

// acceptID takes the next token if it is this identifier.
func (p *strictParser) acceptID(name string) bool {
	t := p.tokens[p.pos]
	if p.err != "" || t.kind != tokID || p.text(t) != name {
		return false
	}
	p.pos++
	return true
}

// expression checks one expression and answers its text without white space
// between the tokens.
func (p *strictParser) expression() string {
	start := p.pos
	p.checkExpression()
	if p.err != "" {
		return ""
	}
	return p.joined(start, p.pos)
}

func (p *strictParser) joined(from, to int) string {
	whole := p.markup[p.tokens[from].start:p.tokens[to-1].end]
	size := 0
	for _, t := range p.tokens[from:to] {
		size += t.end - t.start
	}
	if size == len(whole) {
		return whole
	}
	b := make([]byte, 0, size)
	for _, t := range p.tokens[from:to] {
		b = append(b, p.text(t)...)
	}
	return string(b)
}

func (p *strictParser) checkExpression() {
	if p.depth++; p.depth > maxExpressionDepth {
		p.fail("Nesting too deep")
	}
	defer func() { p.depth-- }()
	if p.err != "" {
		return
	}
	t := p.tokens[p.pos]
	switch t.kind {
	case tokID:
		p.pos++
		p.checkLookups()
	case tokOpenSquare:
		p.pos++
		p.checkExpression()
		p.consume(tokCloseSquare)
		p.checkLookups()
	case tokString, tokNumber:
		p.pos++
	case tokOpenRound:
		p.pos++
		p.checkExpression()
		p.consume(tokDotDot)
		p.checkExpression()
		p.consume(tokCloseRound)
	default:
		p.fail(invalidExpression(p.markup, t))
	}
}

// invalidExpression prints the token as Ruby prints a list of symbol and text.
func invalidExpression(markup string, t token) string {
	if t.kind == tokEnd {
		return "[:end_of_string] is not a valid expression"
	}
	shown := inspectString(nil, markup[t.start:t.end])
	return "[:" + string(t.kind) + ", " + string(shown) + "] is not a valid expression"
}

func (p *strictParser) checkLookups() {
	for p.err == "" {
		switch {
		case p.look(tokOpenSquare):
			p.pos++
			p.checkExpression()
			p.consume(tokCloseSquare)
		case p.look(tokDot):
			p.pos++
			p.consume(tokID)
		default:
			return
		}
	}
}
