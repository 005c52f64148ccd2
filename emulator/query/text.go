package query

import (
	"strings"
	"unicode/utf8"
)

// wild says whether v is the parts in order, the first at its start, the last at its end, anything between them.
func wild(parts []string, v string) bool {
	first, last := parts[0], parts[len(parts)-1]
	if len(v) < len(first)+len(last) || !strings.HasPrefix(v, first) || !strings.HasSuffix(v, last) {
		return false
	}
	v = v[len(first) : len(v)-len(last)]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(v, p)
		if i < 0 {
			return false
		}
		v = v[i+len(p):]
	}
	return true
}

// part looks for pieces in order anywhere in a value, in upper or lower case.
type part struct {
	// lower are the pieces in lower case.
	lower []string
	// rare is, for each piece, the offset of the letter that is scarcest in text: the search leaps from one such letter
	// to the next, which is many times faster than to fold the value.
	rare []int
	// ascii says that no piece needs more than ASCII.
	ascii bool
}

func newPart(pieces []string) part {
	p := part{ascii: true}
	for _, s := range pieces {
		s = strings.ToLower(s)
		p.lower = append(p.lower, s)
		p.rare = append(p.rare, scarcest(s))
		p.ascii = p.ascii && isASCII(s)
	}
	return p
}

func isASCII(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		if s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7] >= utf8.RuneSelf {
			return false
		}
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (p *part) in(v string) bool {
	if !p.ascii {
		if isASCII(v) {
			return false
		}
		v = strings.ToLower(v)
	}
	for i, piece := range p.lower {
		at := p.index(i, v)
		if at < 0 {
			return false
		}
		v = v[at+len(piece):]
	}
	return true
}

// index is the offset of the i-th piece in v, or -1.
func (p *part) index(i int, v string) int {
	piece, rare := p.lower[i], p.rare[i]
	switch {
	case len(piece) > len(v):
		return -1
	case piece == "":
		return 0
	case !p.ascii:
		return strings.Index(v, piece)
	}
	lower, upper := piece[rare], upperByte(piece[rare])
	last := len(v) - len(piece)
	if lower == upper {
		return indexFold(v, piece, rare, last)
	}
	return indexFold2(v, piece, rare, last)
}

// indexFold finds piece in v by its byte at rare, which has no other case.
func indexFold(v, piece string, rare, last int) int {
	for from := 0; from <= last; {
		i := strings.IndexByte(v[from+rare:last+rare+1], piece[rare])
		if i < 0 {
			return -1
		}
		if from += i; equalFold(v[from:from+len(piece)], piece) {
			return from
		}
		from++
	}
	return -1
}

// indexFold2 finds piece in v by its letter at rare in either case: it keeps the next place of each.
func indexFold2(v, piece string, rare, last int) int {
	const none = int(^uint(0) >> 1)
	next := func(from int, c byte) int {
		if from > last {
			return none
		}
		if i := strings.IndexByte(v[from+rare:last+rare+1], c); i >= 0 {
			return from + i
		}
		return none
	}
	lower, upper := piece[rare], upperByte(piece[rare])
	l, u := next(0, lower), next(0, upper)
	for l != none || u != none {
		at := min(l, u)
		if equalFold(v[at:at+len(piece)], piece) {
			return at
		}
		if at == l {
			l = next(at+1, lower)
		} else {
			u = next(at+1, upper)
		}
	}
	return -1
}

// equalFold compares v with piece, which is of the same length and in lower case, by ASCII letters.
func equalFold(v, piece string) bool {
	for i := range len(piece) {
		c := v[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != piece[i] {
			return false
		}
	}
	return true
}

func upperByte(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

// byFrequency are the bytes that are frequent in JSON and English, the most frequent first.
const byFrequency = `etaoinsr"hldcum:,_-p0123456789/.fgybwvkxjzq`

// scarcest is the offset of the byte of s that is least frequent.
func scarcest(s string) (at int) {
	rank := -1
	for i := range len(s) {
		r := strings.IndexByte(byFrequency, s[i])
		if r < 0 {
			r = len(byFrequency)
		}
		if r > rank {
			at, rank = i, r
		}
	}
	return at
}
