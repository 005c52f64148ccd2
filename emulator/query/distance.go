package query

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// Distance is how far a thing is from answering a query, and why.
type Distance struct {
	// Matched of the Total terms hold.
	Matched int `json:"matched"`
	Total   int `json:"total"`
	// Away orders things by likeness, the nearest first: every term that does not hold adds between 0 and 1, little for
	// a slip such as another case, 1 for a value that is absent or nothing like it. 0 is a match.
	Away   float64 `json:"away"`
	Misses []Miss  `json:"misses,omitempty"`
}

// Miss is one term that does not hold, for a report in two columns.
type Miss struct {
	// Term is the term in its canonical spelling.
	Term string `json:"term"`
	// Field is what the term asks about; "text" for a word.
	Field Field `json:"field"`
	// Want is what was expected, in words; Got what the thing has, empty for nothing. A long Got is cut short.
	Want string `json:"want"`
	Got  string `json:"got,omitempty"`
}

// wordField stands in a Miss for the field of a word.
const wordField Field = "text"

// maxGot is how much of a value a [Miss] shows, in bytes.
const maxGot = 200

// Distance compares every term with f. To find the nearest of many things, ask [Query.Count] first: it is as
// cheap as [Query.Match].
func (q Query) Distance(f Fields, now time.Time) Distance {
	r := reader{fields: f, now: now}
	d := Distance{Total: len(q.terms)}
	for i := range q.terms {
		t := &q.terms[i]
		if t.holds(&r) {
			d.Matched++
			continue
		}
		d.Away += t.away(&r)
		d.Misses = append(d.Misses, t.miss(&r)...)
	}
	return d
}

// miss is the report of a term that does not hold; one entry, or one for each field of has:.
func (t *Term) miss(r *reader) []Miss {
	m := Miss{Term: t.String(), Field: t.field, Want: t.want()}
	switch t.form {
	case formWord:
		m.Field = wordField
		return []Miss{m}
	case formHas:
		var all []Miss
		for _, a := range t.alts {
			m.Field, m.Got = a.has, got(r, a.has)
			if !t.not || m.Got != "" {
				all = append(all, m)
			}
		}
		return all
	}
	m.Got = got(r, t.field)
	return []Miss{m}
}

// want is the expectation in words.
func (t *Term) want() string {
	if t.form == formHas {
		if t.not {
			return "nothing"
		}
		return "any value"
	}
	alts := make([]string, len(t.alts))
	for i := range t.alts {
		alts[i] = t.alts[i].want(t)
	}
	s := strings.Join(alts, " or ")
	switch {
	case t.not && t.form == formWord:
		return "not " + s
	case t.not:
		return "anything but " + s
	}
	return s
}

func (a *alt) want(t *Term) string {
	switch {
	case a.op == opPart && len(a.parts) == 1:
		return "text with " + quote(a.parts[0])
	case a.op == opWhole || a.op == opFold:
		return a.parts[0]
	case t.how == Age && a.age.since.IsZero():
		return string(t.field) + " than " + a.src
	case t.how == Age && t.field == Newer:
		return a.src + " or later"
	case t.how == Age:
		return "before " + a.src
	}
	return a.spell("", t.implicitPart())
}

// got are the values of a field as a report shows them.
func got(r *reader, f Field) string {
	d, _ := lookup(string(f))
	if d.Compare == Age {
		f, d.Compare = At, Time
	}
	switch d.Compare {
	case Number, Time:
		return first(r, f)
	}
	var values []string
	for _, v := range r.values(f) {
		if v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return shorten(strings.Join(values, ", "))
}

func shorten(s string) string {
	if len(s) <= maxGot {
		return s
	}
	n := maxGot
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "… (" + strconv.Itoa(len(s)) + " bytes)"
}

// away is how much a term that does not hold weighs: 1, or less where a value is like one that was wanted.
func (t *Term) away(r *reader) float64 {
	if t.not || t.form != formField || !t.how.text() {
		return 1
	}
	nearest := 1.0
	for _, v := range r.values(t.field) {
		for i := range t.alts {
			if a := &t.alts[i]; v != "" && (a.op == opWhole || a.op == opFold) {
				nearest = min(nearest, unlike(a.parts[0], v))
			}
		}
	}
	return nearest
}

// lettersCompared is how many letters of two long values are compared: the work is their product.
const lettersCompared = 64

// unlike is how different two unequal values are, above 0 and up to 1.
func unlike(want, got string) float64 {
	const slip = 0.1
	switch {
	case strings.EqualFold(want, got):
		return slip
	case strings.EqualFold(lettersOnly(want), lettersOnly(got)):
		return 2 * slip
	}
	want, got = want[:min(len(want), lettersCompared)], got[:min(len(got), lettersCompared)]
	longest := max(len(want), len(got))
	return min(1, 2*slip+(1-2*slip)*float64(max(1, spell.Distance(want, got)))/float64(longest))
}

// lettersOnly drops what people put between the words of a name.
func lettersOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_. \t\n", r) {
			return -1
		}
		return r
	}, s)
}
