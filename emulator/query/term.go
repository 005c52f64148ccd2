package query

import (
	"strings"
	"time"
)

// Term is one condition of a query. Make one with [Is], [Part], [Matches], [Between], [Has], [Word] or [Not], or take
// those of a query with [Query.Terms].
type Term struct {
	form form
	not  bool
	// field is empty for a word.
	field Field
	how   Compare
	// alts are the alternatives of which one must hold.
	alts []alt
	// start and end are where the term stands in the query it was read from.
	start, end int
	// err is why a constructor could not make the term; [New] returns it.
	err error
}

type form uint8

const (
	formField form = iota
	formWord
	formHas
)

// Field is the field the term asks about; empty for a word and for `has:`.
func (t Term) Field() Field {
	if t.form == formField {
		return t.field
	}
	return ""
}

// Negated says whether the term holds where what it describes is absent.
func (t Term) Negated() bool { return t.not }

// Span is where the term stands in the text it was parsed from, in bytes.
func (t Term) Span() (start, end int) { return t.start, t.end }

// mentions says whether the term asks about f.
func (t Term) mentions(f Field) bool {
	if t.form != formHas {
		return t.form == formField && t.field == f
	}
	for _, a := range t.alts {
		if a.has == f {
			return true
		}
	}
	return false
}

// reader reads the fields of one thing, with one buffer for all of them.
type reader struct {
	fields Fields
	now    time.Time
	buf    []string
}

func (r *reader) values(f Field) []string {
	r.buf = r.fields.Values(r.buf[:0], f)
	return r.buf
}

// holds says whether the term holds for what r reads.
func (t *Term) holds(r *reader) bool {
	return t.found(r) != t.not
}

func (t *Term) found(r *reader) bool {
	switch {
	case t.form == formWord:
		return t.foundWord(r)
	case t.form == formHas:
		return t.foundHas(r)
	case t.how.text():
		return t.foundText(r.values(t.field))
	case t.how == Number:
		n, ok := r.fields.Number(t.field)
		return ok && t.any(func(a *alt) bool { return n >= a.lo && n <= a.hi })
	case t.how == Age:
		at, ok := r.fields.Time(At)
		return ok && t.any(func(a *alt) bool { return a.age.holds(at, r.now) == (t.field == Newer) })
	}
	at, ok := r.fields.Time(t.field)
	return ok && t.any(func(a *alt) bool { return a.span.holds(at) })
}

func (t *Term) any(holds func(*alt) bool) bool {
	for i := range t.alts {
		if holds(&t.alts[i]) {
			return true
		}
	}
	return false
}

func (t *Term) foundText(values []string) bool {
	for _, v := range values {
		if v == "" {
			continue
		}
		for i := range t.alts {
			if t.alts[i].text(t.field, v) {
				return true
			}
		}
	}
	return false
}

func (t *Term) foundWord(r *reader) bool {
	for _, f := range wordFields {
		if t.foundText(r.values(f)) {
			return true
		}
	}
	return false
}

func (t *Term) foundHas(r *reader) bool {
	return t.any(func(a *alt) bool {
		switch a.how {
		case Number:
			_, ok := r.fields.Number(a.has)
			return ok
		case Time:
			_, ok := r.fields.Time(a.has)
			return ok
		}
		for _, v := range r.values(a.has) {
			if v != "" {
				return true
			}
		}
		return false
	})
}

// op says how an alternative is compared.
type op uint8

const (
	// opWhole: the whole value is the text.
	opWhole op = iota
	// opFold: the same, in upper or lower case; a finding may go on after a dot.
	opFold
	// opPart: the text stands in the value, in upper or lower case; a star is any run of characters.
	opPart
	// opWild: the whole value, with stars.
	opWild
	// opRegexp: the expression matches somewhere in the value.
	opRegexp
	// opDecimal: the value is a number within a range.
	opDecimal
	// opOther: a number, a time, an age or a field of has.
	opOther
)

// alt is one alternative of a term.
type alt struct {
	op op
	// parts are the pieces of the text between the stars; fold compares them in upper or lower case.
	parts []string
	fold  bool
	part  part
	re    matcher
	dec   decimals
	// lo and hi bound a Number, both included.
	lo, hi int64
	span   span
	age    age
	// has is the field asked for, how its way to be compared.
	has Field
	how Compare
	// src is the spelling of an alternative that has only one.
	src string
}

// matcher is a compiled regular expression.
type matcher interface {
	MatchString(string) bool
	String() string
}

// text says whether the alternative holds for one value of a field that is compared as text.
func (a *alt) text(f Field, v string) bool {
	switch a.op {
	case opWhole:
		return v == a.parts[0]
	case opFold:
		want := a.parts[0]
		if len(v) > len(want) && (f != Finding || v[len(want)] != '.') || len(v) < len(want) {
			return false
		}
		return strings.EqualFold(v[:len(want)], want)
	case opPart:
		return a.part.in(v)
	case opWild:
		if a.fold {
			v = strings.ToLower(v)
		}
		return wild(a.parts, v)
	case opRegexp:
		return a.re.MatchString(v)
	}
	return a.op == opDecimal && a.dec.holds(v)
}
