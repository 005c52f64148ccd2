package query

import (
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// New is the query of these terms. Its error is an [*Error]: the first term that could not be made, or a query that is
// longer than [MaxLength].
func New(terms ...Term) (Query, error) {
	for _, t := range terms {
		if t.err != nil {
			return Query{}, t.err
		}
	}
	q := Query{terms: terms}
	return Parse(q.String())
}

// Is holds where the field has one of the values: as it is compared when typed, so anywhere for [Part]. A number or a
// time is written as in a query. Empty values are left out; with none left the term holds where the field is absent.
func Is(f Field, values ...string) Term {
	d, ok := lookup(string(f))
	if !ok {
		return parseTerm(string(f) + ":x") // the error of an unknown field
	}
	t := Term{field: d.Field, how: d.Compare}
	for _, v := range values {
		if v == "" {
			continue
		}
		if d.Compare.text() {
			t.alts = append(t.alts, literal(d, v))
			continue
		}
		a, ok := measured(d, v)
		if !ok {
			return parseTerm(string(f) + ":" + quote(v))
		}
		t.alts = append(t.alts, a)
	}
	if len(t.alts) == 0 {
		return Not(Has(f))
	}
	return t
}

// Contains holds where s stands anywhere in the field, in upper or lower case. The field must be compared as text.
func Contains(f Field, s string) Term {
	return parseTerm(string(f) + ":~" + quote(s))
}

// Matches holds where the regular expression matches somewhere in the field.
func Matches(f Field, expression string) Term {
	term := string(f) + ":/" + slashes(expression) + "/"
	_, _, problem := compile(expression)
	if expression == "" {
		problem = "the regular expression is empty"
	}
	if problem != "" {
		p := parser{src: term}
		return Term{err: p.fail(len(f)+1, len(term), "", "%s", problem)}
	}
	return parseTerm(term)
}

// slashes makes an expression fit between slashes. One with \Q in it is written anew, as nothing can be escaped there.
func slashes(expression string) string {
	if tree, err := syntax.Parse(expression, syntax.Perl); err == nil && strings.Contains(expression, `\Q`) {
		expression = tree.String()
	}
	var b strings.Builder
	escaped := false
	for _, r := range expression {
		switch {
		case unicode.IsSpace(r) && escaped: // the backslash stands already
			fmt.Fprintf(&b, "x{%x}", r)
		case unicode.IsSpace(r):
			fmt.Fprintf(&b, `\x{%x}`, r)
		case r == '/' && !escaped:
			b.WriteString(`\/`)
		default:
			b.WriteRune(r)
		}
		escaped = r == '\\' && !escaped
	}
	return b.String()
}

// Between holds where the field lies in a range, both ends included: numbers or times as written in a query, "" for an
// open end. The field must be compared as [Number], [Decimal] or [Time].
func Between(f Field, lo, hi string) Term {
	return parseTerm(string(f) + ":" + lo + ".." + hi)
}

// Since holds for what happened at t or later. A query built so means the same whenever it is asked, other than an age.
func Since(t time.Time) Term {
	return Is(Newer, t.UTC().Format(time.RFC3339Nano))
}

// Has holds where one of the fields has a value.
func Has(fields ...Field) Term {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return parseTerm("has:" + strings.Join(names, ","))
}

// Word holds where the text stands anywhere, in upper or lower case.
func Word(text string) Term { return parseTerm(quote(text)) }

// Not holds where t does not.
func Not(t Term) Term {
	t.not = !t.not
	return t
}

// Of are the terms that name what f holds in these fields: "copy as query". Of a field with several values the first
// is taken, a field without any is left out.
func Of(f Fields, fields ...Field) (terms []Term) {
	r := reader{fields: f}
	for _, field := range fields {
		if s := first(&r, field); s != "" {
			terms = append(terms, Is(field, s))
		}
	}
	return terms
}

func first(r *reader, f Field) string {
	d, ok := lookup(string(f))
	switch {
	case !ok:
		return ""
	case d.Compare == Number:
		if n, ok := r.fields.Number(f); ok {
			return strconv.FormatInt(n, 10)
		}
		return ""
	case d.Compare == Time:
		if t, ok := r.fields.Time(f); ok {
			return t.UTC().Format(time.RFC3339Nano)
		}
		return ""
	case d.Compare == Age:
		return ""
	}
	for _, v := range r.values(f) {
		if v != "" {
			return v
		}
	}
	return ""
}

// parseTerm reads a term that a program wrote.
func parseTerm(s string) Term {
	q, err := Parse(s)
	switch {
	case err != nil:
		return Term{err: err}
	case len(q.terms) != 1:
		p := parser{src: s}
		return Term{err: p.fail(0, len(s), "", "this is not one term")}
	}
	return q.terms[0]
}
