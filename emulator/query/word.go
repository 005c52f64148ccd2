package query

import "strings"

// word reads a term without a field.
func (p *parser) word(t *Term) *Error {
	t.form = formWord
	switch p.peek() {
	case '"':
		s, err := p.quoted()
		if err != nil {
			return err
		}
		t.alts = []alt{partAlt([]string{s})}
		return p.mustEnd()
	case '\'':
		return p.singleQuote()
	case '/':
		a, found, err := p.regexp(0)
		if err != nil {
			return err
		}
		if found {
			t.alts = []alt{a}
			return nil
		}
		if err := p.spacedRegexp(); err != nil {
			return err
		}
	}
	start := p.pos
	parts := p.plain(0)
	if err := p.foreign(start); err != nil {
		return err
	}
	t.alts = []alt{partAlt(parts)}
	return nil
}

// spacedRegexp refuses a word that begins with a slash if one of the words after it ends with one: most likely that is
// a regular expression with spaces.
func (p *parser) spacedRegexp() *Error {
	end := p.nextBlank()
	for w := range strings.FieldsSeq(p.src[end:]) {
		end += strings.Index(p.src[end:], w) + len(w)
		if strings.IndexByte(w, ':') > 0 || w[0] == '/' {
			return nil // a field or the next path, and no part of an expression
		}
		if strings.HasSuffix(w, "/") {
			return p.fail(p.pos, end, "for a space in a regular expression write \\s or a dot; a word that begins with a slash goes in quotes",
				"a regular expression holds no spaces")
		}
	}
	return nil
}

// foreign refuses a word that means something in another filter language: to search for it as text would answer a
// question that was not asked.
func (p *parser) foreign(start int) *Error {
	raw := p.src[start:p.pos]
	literally := "to search for the text, quote it: " + quote(raw)
	switch raw {
	case "AND", "&&":
		return p.fail(start, p.pos, "terms that stand side by side must all hold; "+literally, "there is no %s", raw)
	case "OR", "||":
		return p.fail(start, p.pos, "alternatives of one field stand between commas: result:ok,no_service_found; "+literally, "there is no %s", raw)
	case "NOT", "!":
		return p.fail(start, p.pos, "write not: before a term, without a space; "+literally, "there is no %s", raw)
	}
	if raw[0] == '(' {
		return p.fail(start, p.pos, "alternatives of one field stand between commas: result:ok,no_service_found; "+literally,
			"there are no groups")
	}
	n := 0
	for n < len(raw) && isNameByte(raw[n], n == 0) {
		n++
	}
	rest := strings.TrimPrefix(raw[n:], "!")
	if rest == "" || !strings.Contains("=<>", rest[:1]) {
		return nil
	}
	d, ok := lookup(raw[:n])
	if !ok {
		return nil
	}
	value := strings.TrimLeft(rest, "=<>")
	return p.fail(start, p.pos, "write "+string(d.Field)+":"+value+"; "+literally, "a colon stands between a field and its value")
}
