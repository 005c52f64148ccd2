package query

import (
	"slices"
	"strings"
)

// alternative reads one value of a field.
func (p *parser) alternative(d FieldDoc) (alt, *Error) {
	if p.peek() == '\'' {
		return alt{}, p.singleQuote()
	}
	if !d.Compare.text() {
		return p.measure(d)
	}
	switch p.peek() {
	case '"':
		s, err := p.quoted()
		return literal(d, s), err
	case '~':
		return p.partial()
	case '/':
		a, found, err := p.regexp(',')
		if found || err != nil {
			return a, err
		}
		if d.Field != Path {
			return alt{}, p.fail(p.pos, p.nextBlank(), "it ends with a slash before a space, a comma or the end; for a space in it write \\s or a dot; a plain value that begins with a slash goes in quotes",
				"the regular expression has no end")
		}
	case '<', '>':
		if d.Compare != Decimal {
			return alt{}, p.fail(p.pos, p.nextBlank(), "to find the character, quote the value", "%s is not a number", d.Field)
		}
	}
	return p.plainValue(d)
}

// plainValue reads a value without quotes.
func (p *parser) plainValue(d FieldDoc) (alt, *Error) {
	start := p.pos
	parts := p.plain(',')
	raw := p.src[start:p.pos]
	if d.Compare == Decimal && (strings.Contains(raw, "..") || raw[0] == '<' || raw[0] == '>') {
		dec, ok := parseDecimals(raw)
		if !ok || dec.empty() {
			return alt{}, p.fail(start, p.pos, "such as "+string(d.Field)+":5.. or "+string(d.Field)+":5..10", "%s is not a range of numbers", raw)
		}
		return alt{op: opDecimal, dec: dec, src: dec.spell()}, nil
	}
	if len(parts) > 1 && d.Compare != Part {
		if d.Compare == Fold {
			lower(parts)
		}
		return alt{op: opWild, parts: parts, fold: d.Compare == Fold}, nil
	}
	if len(parts) > 1 {
		return partAlt(parts), nil
	}
	if hint := doubtful(d, raw); hint != "" {
		return alt{}, p.fail(start, p.pos, hint, "%s is never %s", d.Field, raw)
	}
	return literal(d, parts[0]), nil
}

// doubtful is the hint for a value that the field cannot hold, so that a slip of the pen is an error and not a query
// that nothing answers. A quoted value is beyond doubt.
func doubtful(d FieldDoc, raw string) string {
	if d.Field == Status && len(raw) == 3 && (digits(raw) || digits(raw[:1]) && strings.EqualFold(raw[1:], "xx")) {
		return "status is the deploy's own; for the HTTP answer write http:" + raw
	}
	if len(d.Values) == 0 || slices.Contains(d.Values, strings.ToLower(raw)) {
		return ""
	}
	return strings.TrimSpace(meant(nearest(raw, d.Values)) + " It is one of " + strings.Join(d.Values, ", "))
}

// literal is the alternative for a value to the letter.
func literal(d FieldDoc, s string) alt {
	switch d.Compare {
	case Fold:
		return alt{op: opFold, parts: []string{s}}
	case Part:
		return partAlt([]string{s})
	}
	return alt{op: opWhole, parts: []string{s}}
}

func partAlt(parts []string) alt {
	return alt{op: opPart, parts: parts, part: newPart(parts)}
}

func lower(parts []string) {
	for i := range parts {
		parts[i] = strings.ToLower(parts[i])
	}
}

// partial reads a value after ~: one that is looked for anywhere.
func (p *parser) partial() (alt, *Error) {
	p.pos++
	switch {
	case p.blank(p.pos) || p.peek() == ',':
		return alt{}, p.fail(p.pos-1, p.pos, "~ looks for what follows anywhere in the value", "a value is missing after ~")
	case p.peek() == '\'':
		return alt{}, p.singleQuote()
	case p.peek() == '"':
		s, err := p.quoted()
		return partAlt([]string{s}), err
	}
	return partAlt(p.plain(',')), nil
}
