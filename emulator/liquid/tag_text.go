package liquid

import "strings"

// The tags whose content is not Liquid: comment, raw, doc and #.

func parseInlineComment(p *parser, _ *tokenizer, h head) (node, error) {
	// Every further line must start with # again.
	for rest := h.markup; ; {
		n := strings.IndexByte(rest, '\n')
		if n < 0 {
			break
		}
		rest = rest[n+1:]
		line := strings.TrimLeft(rest, rubySpace)
		if line != "" && line[0] != '#' {
			return nil, p.syntaxError("Syntax error in tag '#' - Each line of comments must be prefixed by the '#' character")
		}
	}
	h.blank = true
	return &silent{h}, nil
}

// parseComment skips to endcomment, over comments and raw inside.
func parseComment(p *parser, t *tokenizer, h head) (node, error) {
	h.blank = true
	if p.depth >= p.options.Limits.Nesting {
		return nil, p.plainError("Nesting too deep")
	}
	for open := 1; ; {
		tok, _, ok := t.shift()
		if !ok {
			p.line = t.line
			return nil, p.syntaxError("'comment' tag was never closed")
		}
		switch tokenTag(t, tok) {
		case "raw":
			if err := p.skipRaw(t); err != nil {
				return nil, err
			}
		case "comment":
			open++
		case "endcomment":
			open--
		}
		if open == 0 {
			if !t.liquid {
				p.trim = tok[len(tok)-3] == '-'
			}
			return &silent{h}, nil
		}
	}
}

// tokenTag is the name of the tag that a token is, or "".
func tokenTag(t *tokenizer, tok string) (name string) {
	if t.liquid {
		name, _, _ = splitLine(tok)
	} else {
		name, _, _, _ = splitTag(tok)
	}
	return name
}

func (p *parser) skipRaw(t *tokenizer) error {
	for {
		tok, _, ok := t.shift()
		if !ok {
			p.line = t.line
			return p.syntaxError("'raw' tag was never closed")
		}
		if _, name, ok := lastTag(tok); ok && name == "endraw" {
			return nil
		}
	}
}

// lastTag matches \A(.*){%-?\s*(\w+)\s*(.*)?-?%}\z: a token that ends in a tag,
// whatever stands before it.
func lastTag(tok string) (before, name string, ok bool) {
	if !strings.HasSuffix(tok, "%}") {
		return "", "", false
	}
	for at := strings.LastIndex(tok, "{%"); at >= 0; at = strings.LastIndex(tok[:at], "{%") {
		i := at + 2
		if i < len(tok) && tok[i] == '-' {
			i++
		}
		i = skipSpace(tok, i)
		end := i
		for end < len(tok) && isWord(tok[end]) {
			end++
		}
		if end > i && end <= len(tok)-2 {
			return tok[:at], tok[i:end], true
		}
	}
	return "", "", false
}

// parseVerbatim gathers the tokens up to the end tag of name.
func (p *parser) parseVerbatim(t *tokenizer, name string, nested func() error) (string, error) {
	var b strings.Builder
	for {
		tok, _, ok := t.shift()
		if !ok {
			p.line = t.line
			return "", p.syntaxError("'" + name + "' tag was never closed")
		}
		before, tag, isTag := lastTag(tok)
		if isTag && tag == name && nested != nil {
			return "", nested()
		}
		if isTag && tag == "end"+name {
			p.trim = tok[len(tok)-3] == '-'
			b.WriteString(before)
			return b.String(), nil
		}
		b.WriteString(tok)
	}
}

// raw prints its content as it is.
type raw struct {
	head
	text string
}

func (n *raw) render(r *run) error { return r.write(n.text) }

func parseRaw(p *parser, t *tokenizer, h head) (node, error) {
	if strings.Trim(h.markup, rubySpace) != "" {
		return nil, p.syntaxError("Syntax Error in 'raw' - Valid syntax: raw")
	}
	text, err := p.parseVerbatim(t, "raw", nil)
	h.blank = text == ""
	h.name = "text"
	return &raw{h, text}, err
}

func parseDoc(p *parser, t *tokenizer, h head) (node, error) {
	if strings.Trim(h.markup, rubySpace) != "" {
		return nil, p.syntaxError("Syntax Error in 'doc' - Valid syntax: {% doc %}{% enddoc %}")
	}
	text, err := p.parseVerbatim(t, "doc", func() error {
		return p.syntaxError("Syntax Error in 'doc' - Nested doc tags are not allowed")
	})
	h.blank = text == ""
	return &silent{h}, err
}
