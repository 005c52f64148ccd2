package query

import "strings"

// FromArgs reads a query from the words of a command line, where it may stand in one argument or in several. Its
// error is an [*Error] about the words joined by spaces.
//
// The shell takes quotes away: description:"two words" arrives as one argument that looks like two terms. What was
// meant cannot be told, and the wrong reading would match the wrong things or nothing, so it is an error.
func FromArgs(args ...string) (Query, error) {
	src := strings.Join(args, " ")
	q, err := Parse(src)
	if err != nil {
		return Query{}, err
	}
	end := -1
	for _, a := range args {
		start := end + 1
		end = start + len(a)
		if err := oneReading(src, q.terms, start, end); err != nil {
			return Query{}, err
		}
	}
	return q, nil
}

// oneReading refuses the argument src[start:end] if words in it may belong to the value before them.
func oneReading(src string, terms []Term, start, end int) error {
	for i := 1; i < len(terms); i++ {
		before, words := &terms[i-1], 0
		if before.start < start || before.end > end || !before.open(src) {
			continue
		}
		last := before.end
		for _, t := range terms[i:] {
			if t.form != formWord || t.not || t.end > end || src[t.start] == '"' {
				break
			}
			last = t.end
			words++
		}
		if words > 0 {
			return ambiguous(src, before, last)
		}
	}
	return nil
}

// open says whether a value might go on after the term: it is text without quotes.
func (t *Term) open(src string) bool {
	if t.form != formField || !t.how.text() {
		return false
	}
	last := t.alts[len(t.alts)-1].op
	return last != opRegexp && last != opDecimal && src[t.end-1] != '"'
}

func ambiguous(src string, before *Term, last int) *Error {
	name, value, _ := strings.Cut(src[before.start:last], ":")
	tilde := ""
	if rest, ok := strings.CutPrefix(value, "~"); ok {
		tilde, value = "~", rest
	}
	p := parser{src: src}
	return p.fail(before.start, last,
		"for one value write "+shellWord(name+":"+tilde+quote(value))+"; for separate words make them arguments of their own",
		"one value with spaces, or %s and words to search for?", src[before.start:before.end])
}
