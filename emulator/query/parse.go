package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse reads a query; [Grammar] explains the language. Its error is an [*Error].
func Parse(s string) (Query, error) {
	p := parser{src: s}
	if len(s) > MaxLength {
		return Query{}, p.fail(MaxLength, len(s), "", "the query is longer than %d bytes", MaxLength)
	}
	var terms []Term
	for p.skipSpace(); !p.done(); p.skipSpace() {
		t, err := p.term()
		if err != nil {
			return Query{}, err
		}
		terms = append(terms, t)
	}
	return newQuery(terms), nil
}

// parser reads src from pos on.
type parser struct {
	src string
	pos int
	// size sums the instructions of the regular expressions read.
	size int
}

func (p *parser) done() bool { return p.pos >= len(p.src) }

// peek is the byte at the position, or 0 at the end.
func (p *parser) peek() byte {
	if p.done() {
		return 0
	}
	return p.src[p.pos]
}

// blank says whether white space, or the end, is at offset i.
func (p *parser) blank(i int) bool {
	if i >= len(p.src) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(p.src[i:])
	return unicode.IsSpace(r)
}

func (p *parser) skipSpace() {
	p.pos = len(p.src) - len(strings.TrimLeftFunc(p.src[p.pos:], unicode.IsSpace))
}

// nextBlank is the offset of the next white space, or of the end.
func (p *parser) nextBlank() int {
	if n := strings.IndexFunc(p.src[p.pos:], unicode.IsSpace); n >= 0 {
		return p.pos + n
	}
	return len(p.src)
}

func (p *parser) term() (t Term, err *Error) {
	t.start = p.pos
	if t.not, err = p.negation(); err != nil {
		return t, err
	}
	switch name := p.name(); {
	case name == "":
		err = p.word(&t)
	case strings.EqualFold(name, "has"):
		err = p.has(&t)
	default:
		err = p.field(&t, name)
	}
	t.end = p.pos
	return t, err
}

// negation reads a minus and any number of not:.
func (p *parser) negation() (not bool, err *Error) {
	start := p.pos
	if p.peek() == '-' && !p.blank(p.pos+1) {
		p.pos++
		not = true
	}
	for len(p.src)-p.pos >= 4 && strings.EqualFold(p.src[p.pos:p.pos+4], "not:") {
		p.pos += 4
		not = !not
	}
	if p.pos > start && p.blank(p.pos) {
		return false, p.fail(start, p.pos, "such as not:result:ok", "what not? A term must follow, without a space")
	}
	return not, nil
}

// name reads a field name with its colon. It reads nothing where none stands: also before ://, as that is an address.
func (p *parser) name() string {
	rest := p.src[p.pos:]
	n := 0
	for n < len(rest) && isNameByte(rest[n], n == 0) {
		n++
	}
	if n == 0 || !strings.HasPrefix(rest[n:], ":") || strings.HasPrefix(rest[n:], "://") {
		return ""
	}
	p.pos += n + 1
	return rest[:n]
}

func isNameByte(c byte, first bool) bool {
	if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
		return true
	}
	return !first && (c == '_' || c == '.' || c == '-' || '0' <= c && c <= '9')
}

// field reads the alternatives of a field, whose name and colon have been read.
func (p *parser) field(t *Term, name string) *Error {
	start := p.pos - len(name) - 1
	d, ok := lookup(name)
	if !ok {
		return p.unknownField(start, name)
	}
	t.field, t.how = d.Field, d.Compare
	for {
		if p.blank(p.pos) || p.peek() == ',' {
			return p.noValue(start, d)
		}
		a, err := p.alternative(d)
		if err != nil {
			return err
		}
		t.alts = append(t.alts, a)
		if p.peek() != ',' {
			return p.mustEnd()
		}
		p.pos++
	}
}

func (p *parser) unknownField(start int, name string) *Error {
	quoted := "to search for the text, quote it: " + quote(p.src[start:p.nextBlank()])
	if s := suggestField(name); s != "" {
		return p.fail(start, p.pos-1, "did you mean "+s+":? "+quoted, "unknown field %s", name)
	}
	return p.fail(start, p.pos-1, quoted, "unknown field %s", name)
}

func (p *parser) noValue(start int, d FieldDoc) *Error {
	hint := "for any value write has:" + string(d.Field)
	switch {
	case d.Compare == Age:
		hint = "such as " + string(d.Field) + ":5m"
	case p.src[p.pos-1] == ',' || p.peek() == ',':
		hint = "a comma stands between two values, without spaces; one that belongs to a value is written \\,"
	case d.Compare == Number || d.Compare == Decimal || d.Compare == Time:
		hint += "; a shell takes > and < for itself: write a range such as " + string(d.Field) + ":10.."
		hint = strings.Replace(hint, "at:10..", "at:2026-07-01..", 1)
	}
	return p.fail(start, p.pos, hint, "a value is missing after %s", p.src[start:p.pos])
}

// mustEnd says what is wrong if the term does not end here.
func (p *parser) mustEnd() *Error {
	if p.blank(p.pos) {
		return nil
	}
	return p.fail(p.pos, p.nextBlank(), "put a space here, or take what follows inside", "the term goes on after it has ended")
}

// has reads the fields after has:.
func (p *parser) has(t *Term) *Error {
	t.form = formHas
	for {
		start := p.pos
		if n := strings.IndexFunc(p.src[start:], func(r rune) bool { return r == ',' || unicode.IsSpace(r) }); n >= 0 {
			p.pos += n
		} else {
			p.pos = len(p.src)
		}
		name := p.src[start:p.pos]
		if name == "" {
			return p.fail(t.start, p.pos, "such as has:dedup", "a field is missing after %s", p.src[t.start:p.pos])
		}
		d, ok := lookup(name)
		if !ok || d.Compare == Age {
			return p.fail(start, p.pos, meant(suggestField(name)), "%s is not a field that something can have", name)
		}
		t.alts = append(t.alts, alt{op: opOther, has: d.Field, how: d.Compare, src: string(d.Field)})
		if p.peek() != ',' {
			return nil
		}
		p.pos++
	}
}

// meant is the hint for a word that was meant, or nothing.
func meant(word string) string {
	if word == "" {
		return ""
	}
	return "did you mean " + word + "?"
}
