package query

import "strings"

// measure reads a number, a time or an age.
func (p *parser) measure(d FieldDoc) (alt, *Error) {
	start := p.pos
	s := ""
	if p.peek() == '"' {
		var err *Error
		if s, err = p.quoted(); err != nil {
			return alt{}, err
		}
	} else {
		for !p.blank(p.pos) && p.peek() != ',' {
			p.pos++
		}
		s = p.src[start:p.pos]
	}
	a, ok := measured(d, s)
	if !ok {
		return a, p.fail(start, p.pos, measureHint(d, s), "%s is not %s", s, measureName(d.Compare))
	}
	return a, nil
}

func measured(d FieldDoc, s string) (a alt, ok bool) {
	a = alt{op: opOther, src: s}
	switch d.Compare {
	case Number:
		a.lo, a.hi, ok = parseNumbers(d.Field, s)
		a.src = spellNumbers(d.Field, a.lo, a.hi)
		return a, ok && a.lo <= a.hi
	case Time:
		var b bounds
		s = strings.ToUpper(strings.ReplaceAll(s, " ", "T"))
		a.span, b, ok = parseTimes(s)
		a.src = b.spell()
		return a, ok && (a.span.lo.IsZero() || a.span.hi.IsZero() || a.span.lo.Before(a.span.hi))
	}
	a.age, ok = parseAge(s)
	if a.src = strings.ToLower(s); !a.age.since.IsZero() {
		a.src = strings.ToUpper(strings.ReplaceAll(s, " ", "T"))
	}
	return a, ok
}

func measureName(c Compare) string {
	switch c {
	case Number:
		return "a whole number or a range of them"
	case Time:
		return "a time or a range of times"
	}
	return "a length of time"
}

func measureHint(d FieldDoc, s string) string {
	f := string(d.Field)
	switch _, isAge := duration(s); {
	case d.Field == HTTP:
		return "such as http:404, http:4xx or http:400..499"
	case d.Compare == Number:
		return "such as " + f + ":17, " + f + ":10..20 or " + f + ":10.."
	case d.Compare == Time && isAge && d.Field == At:
		return "for something " + s + " old or younger write newer:" + s
	case d.Compare == Time:
		return "such as " + f + ":2026-07-01, " + f + ":2026-07-01T10:30 or " + f + ":2026-07-01.."
	}
	return "such as " + f + ":90s, " + f + ":1h30m, " + f + ":2d or " + f + ":2026-07-01T10:30"
}
