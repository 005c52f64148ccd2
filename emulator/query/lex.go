package query

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain reads up to white space or, where it is not 0, the separator. A backslash makes the space or punctuation mark
// after it ordinary; before anything else it is itself. An unescaped star parts the pieces.
func (p *parser) plain(separator byte) []string {
	var parts []string
	var b strings.Builder
	for !p.blank(p.pos) && (separator == 0 || p.peek() != separator) {
		_, n := utf8.DecodeRuneInString(p.src[p.pos:])
		switch {
		case p.peek() == '\\' && p.escapes(p.pos+1):
			p.pos++
			_, n = utf8.DecodeRuneInString(p.src[p.pos:])
		case p.peek() == '*':
			parts = append(parts, b.String())
			b.Reset()
			p.pos++
			continue
		}
		b.WriteString(p.src[p.pos : p.pos+n])
		p.pos += n
	}
	parts = append(parts, b.String())
	inner := slices.DeleteFunc(slices.Clone(parts[min(1, len(parts)-1):len(parts)-1]), func(s string) bool { return s == "" })
	if len(parts) == 1 {
		return parts
	}
	return slices.Concat(parts[:1], inner, parts[len(parts)-1:])
}

// escapes says whether a backslash before offset i makes what stands there ordinary.
func (p *parser) escapes(i int) bool {
	r, _ := utf8.DecodeRuneInString(p.src[i:])
	return i < len(p.src) && (unicode.IsSpace(r) || isPunctuation(r))
}

// isPunctuation says whether r is a printable ASCII character other than a letter, a digit and the space.
func isPunctuation(r rune) bool {
	return r > ' ' && r < 0x7f && !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
}

// quoted reads a text in double quotes, with the escapes of Go and JSON.
func (p *parser) quoted() (string, *Error) {
	start := p.pos
	end := start + 1
	for end < len(p.src) && p.src[end] != '"' {
		if p.src[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.src) {
		return "", p.fail(start, len(p.src), "a quote inside is written \\\"", "the quote is not closed")
	}
	p.pos = end + 1
	text := strings.ReplaceAll(p.src[start:p.pos], "\n", `\n`)
	s, err := strconv.Unquote(text)
	switch {
	case err != nil:
		return "", p.fail(start, p.pos, `the escapes are \" \\ \n \t \r and \u0041; a backslash is written \\`, "an escape in the quotes is wrong")
	case s == "":
		return "", p.fail(start, p.pos, "to find what has no value write not:has:FIELD", "there is nothing between the quotes")
	}
	return s, nil
}

func (p *parser) singleQuote() *Error {
	return p.fail(p.pos, p.nextBlank(), `write "two words"; in a shell put single quotes around the whole term`, "quotes are double here")
}

// regexp reads /expression/, which ends with a slash before white space, the separator or the end. It is not found
// where there is none. It holds no white space: else a forgotten slash would swallow the terms up to the next one.
func (p *parser) regexp(separator byte) (a alt, found bool, err *Error) {
	start := p.pos
	end := p.regexpEnd(separator)
	if end < 0 {
		return a, false, nil
	}
	p.pos = end + 1
	re, size, problem := compile(p.src[start+1 : end])
	if p.size += size; problem == "" && p.size > MaxRegexpSize {
		problem = "the regular expressions of the query repeat too much"
	}
	if problem != "" {
		return a, true, p.fail(start, p.pos, "the syntax is Go's: https://pkg.go.dev/regexp/syntax", "%s", problem)
	}
	return alt{op: opRegexp, re: re}, true, nil
}

// regexpEnd is the offset of the closing slash, or -1.
func (p *parser) regexpEnd(separator byte) int {
	for i := p.pos + 1; !p.blank(i); i++ {
		switch c := p.src[i]; {
		case c == '\\' && !p.blank(i+1):
			i++
		case c == '/' && i > p.pos+1 && (p.blank(i+1) || p.src[i+1] == separator):
			return i
		}
	}
	return -1
}

// compile is regexp.Compile within the limits of a query; problem says what is wrong.
func compile(s string) (re *regexp.Regexp, size int, problem string) {
	if len(s) > MaxRegexp {
		return nil, 0, "the regular expression is longer than " + strconv.Itoa(MaxRegexp) + " bytes"
	}
	tree, err := syntax.Parse(s, syntax.Perl)
	if err != nil {
		return nil, 0, strings.Replace(err.Error(), "error parsing regexp", "the regular expression is wrong", 1)
	}
	if size = instructions(tree); size > MaxRegexpSize {
		return nil, 0, "the regular expression repeats too much"
	}
	re, err = regexp.Compile(s)
	if err != nil {
		return nil, 0, err.Error()
	}
	return re, size, ""
}

// instructions is about how many an expression compiles to: known before it is compiled, which is what takes long.
func instructions(re *syntax.Regexp) int {
	n := max(1, len(re.Rune))
	if re.Op == syntax.OpCharClass {
		n = 1
	}
	for _, sub := range re.Sub {
		n += instructions(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(1, re.Min, re.Max)
	}
	return n
}
