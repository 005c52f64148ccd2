package finding

import (
	"strconv"
	"unicode/utf8"
)

// quoteLimit is how many bytes of a sender's value a finding repeats.
const quoteLimit = 64

// quote is a sender's value as text for a person: quoted, control characters escaped, cut to a sane length.
func quote(s string) string {
	if len(s) <= quoteLimit {
		return strconv.Quote(s)
	}
	end := quoteLimit
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return strconv.Quote(s[:end]) + "..."
}

// quoteOr is the quoted value, or "no NAME" for an empty one.
func quoteOr(s, name string) string {
	if s == "" {
		return "no " + name
	}
	return quote(s)
}

// looksSame says whether two names differ at most in letter case, in dashes, underscores and blanks, and in white
// space around them. It allocates nothing, for it runs on every request.
func looksSame(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && separator(a[i]) {
			i++
		}
		for j < len(b) && separator(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if lower(a[i]) != lower(b[j]) {
			return false
		}
		i, j = i+1, j+1
	}
}

func separator(c byte) bool {
	switch c {
	case '-', '_', ' ', '\t', '\r', '\n':
		return true
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// maxCompared is the longest word that is compared letter by letter.
const maxCompared = 32

// distance counts the letters to change, add, drop or swap to make b of a. Words longer than maxCompared are as far
// apart as can be.
func distance(a, b string) int {
	if len(a) > maxCompared || len(b) > maxCompared {
		return maxCompared
	}
	var two, one, row [maxCompared + 1]int
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one = one, row
	}
	return one[len(b)]
}

// plural is "1 deploy" or "3 deploys".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// plain is text from outside for the middle of a sentence: as it is while it is short and printable, else quoted.
func plain(s string) string {
	const limit = 200
	if len(s) > limit {
		return quote(s)
	}
	for _, r := range s {
		if !strconv.IsPrint(r) || r == utf8.RuneError {
			return quote(s)
		}
	}
	return s
}
