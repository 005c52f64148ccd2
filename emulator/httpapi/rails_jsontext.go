package httpapi

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// blanks steps over white space and the comments that Ruby's JSON takes: /* ... */ and // to the end of a line.
func (j *jsonReader) blanks() {
	for j.pos < len(j.s) {
		switch j.s[j.pos] {
		case ' ', '\t', '\r', '\n':
			j.pos++
		case '/':
			if !j.comment() {
				return
			}
		default:
			return
		}
	}
}

// comment steps over one comment. A // comment needs its line break: Ruby takes none that ends with the text.
func (j *jsonReader) comment() bool {
	closing := "\n"
	switch rest := j.s[j.pos:]; {
	case strings.HasPrefix(rest, "/*"):
		closing = "*/"
	case !strings.HasPrefix(rest, "//"):
		j.unexpected("a comment or a value")
		return false
	}
	end := strings.Index(j.s[j.pos+2:], closing)
	if end < 0 {
		j.fail("a comment is not closed")
		return false
	}
	j.pos += 2 + end + len(closing)
	return true
}

// text reads a string. Rails refuses values that are not UTF-8, but does not look at keys.
func (j *jsonReader) text(value bool) string {
	start := j.pos + 1
	s, i := j.s, start
	for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= ' ' {
		i++
	}
	if i < len(s) && s[i] == '"' {
		j.pos = i + 1
		if value && j.checkUTF8 && !utf8.ValidString(s[start:i]) {
			j.encodingError(start, s[start:i])
		}
		return j.keep(s[start:i])
	}
	j.pos = i
	t := j.escapedText(start)
	if value && j.err == "" && !utf8.ValidString(t) {
		j.encodingError(start, t)
	}
	return t
}

func (j *jsonReader) encodingError(start int, text string) {
	j.pos, j.notUTF8 = start, true
	j.fail("a value is not valid UTF-8: " + quoted(strings.ToValidUTF8(text, "\uFFFD")))
}

// escapedText reads on in a string that began at start, from the first character at pos that is not plain.
func (j *jsonReader) escapedText(start int) string {
	var b strings.Builder
	b.WriteString(j.s[start:j.pos])
	for j.pos < len(j.s) {
		switch c := j.s[j.pos]; {
		case c == '"':
			j.pos++
			return b.String()
		case c < ' ':
			j.fail("a raw control character (" + strconv.QuoteRune(rune(c)) + ") inside a string: it must be escaped")
			return ""
		case c == '\\':
			if !j.escape(&b) {
				return ""
			}
		default:
			run := j.pos
			for j.pos < len(j.s) && j.s[j.pos] != '"' && j.s[j.pos] != '\\' && j.s[j.pos] >= ' ' {
				j.pos++
			}
			b.WriteString(j.s[run:j.pos])
		}
	}
	j.fail("the text ends inside a string")
	return ""
}

// escape reads one escape. Ruby takes a backslash before any other character for that character.
func (j *jsonReader) escape(b *strings.Builder) bool {
	if j.pos+1 == len(j.s) {
		j.pos++
		j.fail("the text ends inside a string")
		return false
	}
	c := j.s[j.pos+1]
	switch {
	case c == 'u':
		return j.unicodeEscape(b)
	case c < ' ':
		j.pos++
		j.fail("a raw control character (" + strconv.QuoteRune(rune(c)) + ") inside a string: it must be escaped")
		return false
	}
	if i := strings.IndexByte("bfnrt", c); i >= 0 {
		c = "\b\f\n\r\t"[i]
	}
	b.WriteByte(c)
	j.pos += 2
	return true
}

// unicodeEscape reads \uXXXX, or two of them where the first is the high half of a surrogate pair. Ruby refuses a high
// half alone, takes any escape for a low half, and makes text that is not UTF-8 of a low half alone.
func (j *jsonReader) unicodeEscape(b *strings.Builder) bool {
	r, ok := j.hex4(j.pos + 2)
	if !ok {
		j.fail(`\u needs four hexadecimal digits`)
		return false
	}
	j.pos += 6
	switch {
	case r >= 0xD800 && r < 0xDC00:
		low, ok := j.hex4(j.pos + 2)
		if !ok || !strings.HasPrefix(j.s[j.pos:], `\u`) {
			j.fail(`the second half of a surrogate pair is missing`)
			return false
		}
		j.pos += 6
		b.WriteRune(0x10000 + (r&0x3FF)<<10 | low&0x3FF)
	case r >= 0xDC00 && r < 0xE000:
		b.Write([]byte{0xED, byte(0x80 | r>>6&0x3F), byte(0x80 | r&0x3F)})
	default:
		b.WriteRune(r)
	}
	return true
}

func (j *jsonReader) hex4(at int) (rune, bool) {
	if at+4 > len(j.s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(j.s[at : at+4]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// unexpected is the error for what stands at pos, in words that name the usual mistakes.
func (j *jsonReader) unexpected(wanted string) any {
	if j.err != "" {
		return nil
	}
	rest := j.s[j.pos:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case rest == "":
		return j.fail("the text ends where " + wanted + " is expected")
	case strings.HasPrefix(rest, "\uFEFF"):
		return j.fail("a byte order mark; " + wanted + " is expected")
	case r == utf8.RuneError && size == 1:
		j.notUTF8 = true
		return j.fail("text that is not UTF-8 where " + wanted + " is expected")
	}
	return j.fail("unexpected " + strconv.Quote(rest[:size]) + " where " + wanted + " is expected")
}

// quoted is a sender's text in quotes, cut to what a problem should repeat of it.
func quoted(s string) string {
	const longest = 80
	if r := []rune(clip(s, 4*longest)); len(r) > longest {
		s = string(r[:longest]) + "..."
	}
	return strconv.Quote(s)
}

// clip is the first n bytes of s.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n]
}
