package liquid

import (
	"strings"
)

// parser reads a template as Ruby's does: in one pass, tag by tag, so that of
// several mistakes it names the one Ruby names.
type parser struct {
	source   string
	template string // name of the partial, "" for the template
	options  *Options
	measure  *run // knows the limits; for reading numbers

	line  int  // Ruby's idea of the current line
	off   int  // where the current token starts
	trim  bool // the last tag ended in -%} or -}}
	depth int  // open blocks

	expressionDepth int
	scratch         []token
}

// body is a sequence of text and tags.
type body struct {
	items []item
	blank bool // nothing in it prints more than white space
}

// item is one element of a body: exactly one of text and node.
type item struct {
	text string
	node node
	off  int
}

// node is a tag or an output, parsed.
type node interface{ at() *head }

// head is what every node knows about itself.
type head struct {
	name   string
	markup string // what follows the name
	off    int    // where the tag or output starts in the source
	length int
	line   int  // Ruby's idea of its line
	blank  bool // prints nothing, or nothing but white space
	source *source
}

func (h *head) at() *head { return h }

// source is a template's text and the name it is known by.
type source struct {
	text string
	name string // "" for the template itself
}

// block is a node with bodies.
type block interface {
	node
	bodies() []*body
}

func (p *parser) parseDocument() (*body, error) {
	t := &tokenizer{s: p.source, line: 1}
	b := &body{blank: true}
	name, found, err := p.parseBody(t, b)
	if err != nil || !found {
		return b, err
	}
	if name == "else" || name == "end" {
		return nil, p.syntaxError("Unexpected outer '" + name + "' tag")
	}
	return nil, p.syntaxError("Unknown tag '" + name + "'")
}

// parseBody fills b until a tag that it does not know, whose name it answers,
// or the end of the tokens.
func (p *parser) parseBody(t *tokenizer, b *body) (unknown string, found bool, err error) {
	unknown, _, found, err = p.parseBodyMarkup(t, b)
	return unknown, found, err
}

func (p *parser) parseBodyMarkup(t *tokenizer, b *body) (unknown, markup string, found bool, err error) {
	p.line = t.line
	if t.liquid {
		return p.parseLines(t, b)
	}
	for {
		tok, off, ok := t.shift()
		if !ok {
			return "", "", false, nil
		}
		p.off = off
		switch {
		case strings.HasPrefix(tok, "{%"):
			unknown, markup, found, err = p.parseTag(t, b, tok)
			if err != nil || found {
				return unknown, markup, found, err
			}
		case strings.HasPrefix(tok, "{{"):
			if err := p.parseOutput(b, tok); err != nil {
				return "", "", false, err
			}
		default:
			p.addText(b, tok)
		}
		p.line = t.line
	}
}

func (p *parser) addText(b *body, tok string) {
	off := p.off
	if p.trim {
		trimmed := strings.TrimLeft(tok, stripped)
		off += len(tok) - len(trimmed)
		tok = trimmed
	}
	p.trim = false
	b.items = append(b.items, item{text: tok, off: off})
	b.blank = b.blank && strings.TrimLeft(tok, rubySpace) == ""
}

// stripped is what Ruby's strip, lstrip and rstrip remove.
const stripped = rubySpace + "\x00"

// whitespaceControl honours the dashes of a tag or output.
func (p *parser) whitespaceControl(b *body, tok string) {
	if len(tok) > 2 && tok[2] == '-' && len(b.items) > 0 {
		if last := &b.items[len(b.items)-1]; last.node == nil {
			last.text = strings.TrimRight(last.text, stripped)
		}
	}
	p.trim = len(tok) > 2 && tok[len(tok)-3] == '-'
}

func (p *parser) parseOutput(b *body, tok string) error {
	p.whitespaceControl(b, tok)
	if !strings.HasSuffix(tok, "}}") || len(tok) < 4 {
		return p.syntaxError("Variable '" + tok + "' was not properly terminated with regexp: /\\}\\}/")
	}
	inner := tok[2 : len(tok)-2]
	inner = strings.TrimPrefix(inner, "-")
	inner = strings.TrimSuffix(inner, "-")
	v, err := p.parseVariable(inner)
	if err != nil {
		return err
	}
	o := &output{head: p.newHead("output", inner, len(tok)), variable: v}
	b.items = append(b.items, item{node: o, off: p.off})
	b.blank = false
	return nil
}

func (p *parser) newHead(name, markup string, length int) head {
	return head{name: name, markup: markup, off: p.off, length: length, line: p.line}
}

// parseTag parses one {% %}; found means that its name is not a tag's.
func (p *parser) parseTag(t *tokenizer, b *body, tok string) (unknown, markup string, found bool, err error) {
	p.whitespaceControl(b, tok)
	name, markup, lines, ok := splitTag(tok)
	if !ok && strings.HasSuffix(tok, "%}") {
		return tok, tok, true, nil
	}
	if !ok {
		return "", "", false, p.syntaxError("Tag '" + tok + "' was not properly terminated with regexp: /\\%\\}/")
	}
	p.line += lines
	if name == "liquid" {
		return "", "", false, p.parseLiquidTag(b, tok, markup)
	}
	known, err := p.addTag(t, b, name, markup, len(tok))
	return name, markup, !known, err
}

// splitTag matches \A{%-?(\s*)(#|\w+)(\s*)(.*?)-?%}\z and counts the newlines
// before the markup.
func splitTag(tok string) (name, markup string, lines int, ok bool) {
	if len(tok) < 5 || !strings.HasSuffix(tok, "%}") || !strings.HasPrefix(tok, "{%") {
		return "", "", 0, false
	}
	inner := strings.TrimPrefix(tok[2:len(tok)-2], "-")
	start := skipSpace(inner, 0)
	end := start
	if start < len(inner) && inner[start] == '#' {
		end++
	} else {
		for end < len(inner) && isWord(inner[end]) {
			end++
		}
	}
	if end == start {
		return "", "", 0, false
	}
	rest := skipSpace(inner, end)
	lines = strings.Count(inner[:start], "\n") + strings.Count(inner[end:rest], "\n")
	return inner[start:end], strings.TrimSuffix(inner[rest:], "-"), lines, true
}

// addTag parses a known tag into b; known is false for any other name.
func (p *parser) addTag(t *tokenizer, b *body, name, markup string, length int) (known bool, err error) {
	parse := tagParser(name)
	if parse == nil {
		return false, nil
	}
	n, err := parse(p, t, p.newHead(name, markup, length))
	if err != nil {
		return true, err
	}
	h := n.at()
	b.blank = b.blank && h.blank
	b.items = append(b.items, item{node: n, off: h.off})
	return true, nil
}

// parseLiquidTag parses the lines of {% liquid %} into the body around it.
func (p *parser) parseLiquidTag(b *body, tok, markup string) error {
	t := &tokenizer{s: markup, line: p.line, liquid: true, base: p.off + strings.LastIndex(tok, markup)}
	if p.depth >= p.options.Limits.Nesting {
		return p.plainError("Nesting too deep")
	}
	p.depth++
	defer func() { p.depth-- }()
	unknown, _, found, err := p.parseLines(t, b)
	if err != nil || !found {
		return err
	}
	return p.unknownTag(unknown, "liquid", "%}")
}

func (p *parser) parseLines(t *tokenizer, b *body) (unknown, markup string, found bool, err error) {
	for {
		line, off, ok := t.shift()
		if !ok {
			return "", "", false, nil
		}
		p.off = off
		if strings.TrimLeft(line, rubySpace) != "" {
			name, markup, ok := splitLine(line)
			if !ok {
				return line, line, true, nil
			}
			if name == "liquid" {
				if err := p.parseLiquidTag(b, line, markup); err != nil {
					return "", "", false, err
				}
				p.line = t.line
				continue
			}
			known, err := p.addTag(t, b, name, markup, len(line))
			if err != nil || !known {
				return name, markup, !known, err
			}
		}
		p.line = t.line
	}
}

// splitLine matches \A\s*(#|\w+)\s*(.*?)\z
func splitLine(line string) (name, markup string, ok bool) {
	start := skipSpace(line, 0)
	end := start
	if start < len(line) && line[start] == '#' {
		end++
	} else {
		for end < len(line) && isWord(line[end]) {
			end++
		}
	}
	if end == start {
		return "", "", false
	}
	return line[start:end], line[skipSpace(line, end):], true
}

// parseBlock parses the bodies of a block up to its end tag. For any other tag
// inside, next answers the body that follows it, or nil if the block has no
// such tag.
func (p *parser) parseBlock(t *tokenizer, name string, b *body, next func(tag, markup string) (*body, error)) (blank bool, err error) {
	blank = true
	for {
		if p.depth >= p.options.Limits.Nesting {
			return false, p.plainError("Nesting too deep")
		}
		p.depth++
		tag, markup, found, err := p.parseBodyMarkup(t, b)
		p.depth--
		if err != nil {
			return false, err
		}
		blank = blank && b.blank
		switch {
		case !found:
			return false, p.syntaxError("'" + name + "' tag was never closed")
		case tag == "end"+name:
			return blank, nil
		}
		var following *body
		if next != nil {
			if following, err = next(tag, markup); err != nil {
				return false, err
			}
		}
		if following == nil {
			return false, p.unknownTag(tag, name, "end"+name)
		}
		b = following
	}
}

func (p *parser) unknownTag(tag, block, delimiter string) error {
	switch {
	case tag == "else":
		return p.syntaxError(block + " tag does not expect 'else' tag")
	case strings.HasPrefix(tag, "end"):
		return p.syntaxError("'" + tag + "' is not a valid delimiter for " + block + " tags. use " + delimiter)
	}
	return p.syntaxError("Unknown tag '" + tag + "'")
}

// removeBlankText drops the text of a body that prints only white space.
func (b *body) removeBlankText() {
	kept := b.items[:0]
	for _, it := range b.items {
		if it.node != nil {
			kept = append(kept, it)
		}
	}
	b.items = kept
}

// syntaxError is an error at the current token.
func (p *parser) syntaxError(message string) *SyntaxError {
	line, column := lineColumn(p.source, p.off)
	return &SyntaxError{Message: message, Line: line, Column: column, Template: p.template,
		rubyLine: p.line, numbered: p.options.LineNumbers}
}

// plainError is an error that Ruby raises without a position.
func (p *parser) plainError(message string) *SyntaxError {
	e := p.syntaxError(message)
	e.plain = true
	return e
}

// lineColumn is the line and column, in characters, both from 1, of a byte of s.
func lineColumn(s string, off int) (line, column int) {
	if off > len(s) {
		off = len(s)
	}
	before := s[:off]
	return strings.Count(before, "\n") + 1, runeCount(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}
