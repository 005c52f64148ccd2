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
