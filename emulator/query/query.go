// Package query is the one filter language: what the terminal UI's filter line, `events`, the event stream, `verify`,
// `exec --expect`, faults and scenarios all speak, so that what filters a list can be pasted into a test.
//
// [Parse] reads a query, [Query.Match] asks whether a thing answers it, [Query.Distance] says how far off it is and
// why. Things show themselves through [Fields]. Programs build queries from values with [New] and the functions that
// make a [Term] ([Is], [Word], [Has], ...), which quote as needed. The language itself is explained by [Grammar].
//
// Pure: the standard library and spell only, no clock, no state. A Query never changes, so goroutines may share one.
package query

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Limits of what [Parse] and [New] accept: a query is typed by hand or sits in a URL, and must be cheap to match
// whoever wrote it.
const (
	// MaxLength is how long a query may be, in bytes.
	MaxLength = 4096
	// MaxRegexp is how long one regular expression may be, in bytes.
	MaxRegexp = 512
	// MaxRegexpSize is how large all of them may be once their repetitions are written out, in instructions.
	MaxRegexpSize = 5000
)

// Fields is a thing that can be queried. Each method is asked only for fields whose [FieldDoc.Compare] it serves, and
// answers nothing for a field that the thing does not have.
type Fields interface {
	// Values appends the values of a field that is compared as text, and returns the longer slice. Empty values count
	// as absent and may be appended. For [Finding] these are ids and severities, for [Header] whole lines
	// ("Content-Type: application/json"), for a field made by [HeaderField] the values of that header.
	Values(to []string, f Field) []string
	// Number is the value of a field that is compared as [Number].
	Number(f Field) (value int64, ok bool)
	// Time is the value of a field that is compared as [Time].
	Time(f Field) (value time.Time, ok bool)
}

// Query is a list of terms of which every one must hold. The zero value is the empty query, which everything answers.
type Query struct {
	terms []Term
	// readers keeps the readers of past matches, so that a match allocates nothing; nil where there are no terms.
	readers *sync.Pool
}

func newQuery(terms []Term) Query {
	if len(terms) == 0 {
		return Query{}
	}
	return Query{terms: terms, readers: &sync.Pool{New: func() any { return new(reader) }}}
}

// Match says whether every term holds for f. Ages are counted from now.
func (q Query) Match(f Fields, now time.Time) bool {
	if len(q.terms) == 0 {
		return true
	}
	r := q.reader(f, now)
	defer q.release(r)
	for i := range q.terms {
		if !q.terms[i].holds(r) {
			return false
		}
	}
	return true
}

// Count says how many of the terms hold for f: the cheap way to find the things that are worth a [Query.Distance].
func (q Query) Count(f Fields, now time.Time) int {
	if len(q.terms) == 0 {
		return 0
	}
	r := q.reader(f, now)
	defer q.release(r)
	n := 0
	for i := range q.terms {
		if q.terms[i].holds(r) {
			n++
		}
	}
	return n
}

func (q Query) reader(f Fields, now time.Time) *reader {
	r := q.readers.Get().(*reader)
	r.fields, r.now = f, now
	return r
}

// release lets go of the thing that was read, and keeps the room for its values.
func (q Query) release(r *reader) {
	clear(r.buf)
	r.fields = nil
	q.readers.Put(r)
}

// Terms are the terms in the order they were written.
func (q Query) Terms() []Term { return slices.Clone(q.terms) }

// Empty says whether the query has no terms.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Mentions says whether any term asks about one of these fields, also by `has:` and also negated. So `verify` can tell
// whether the author has thought of lost deploys, and a list whether its hits grow old ([Newer], [Older]).
func (q Query) Mentions(fields ...Field) bool {
	return slices.ContainsFunc(q.terms, func(t Term) bool { return slices.ContainsFunc(fields, t.mentions) })
}

// And is the query that holds where both hold.
func (q Query) And(other Query) Query {
	return newQuery(slices.Concat(q.terms, other.terms))
}

// String is the query in its canonical spelling: full field names, `not:` for the minus, quotes only where they are
// needed. It parses back to the same query.
func (q Query) String() string { return q.join(Term.String) }

// Shell is String as words of a POSIX shell command: a term that the shell would change stands in single quotes.
func (q Query) Shell() string {
	return q.join(func(t Term) string { return shellWord(t.String()) })
}

func (q Query) join(spell func(Term) string) string {
	words := make([]string, len(q.terms))
	for i, t := range q.terms {
		words[i] = spell(t)
	}
	return strings.Join(words, " ")
}

// MarshalText is String, so that a query can be a field of a JSON or YAML document.
func (q Query) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText is [Parse]; its error is an [*Error].
func (q *Query) UnmarshalText(b []byte) (err error) {
	*q, err = Parse(string(b))
	return err
}
