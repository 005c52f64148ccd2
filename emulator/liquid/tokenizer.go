package liquid

import "strings"

// tokenizer cuts a source into text, {{ }} and {% %}, as Ruby's does, or the
// body of a liquid tag into lines.
type tokenizer struct {
	s      string
	pos    int
	base   int // where s starts in the template's source
	line   int // line of the next token, as Ruby counts
	liquid bool
}

// shift takes the next token and where it starts in the source.
func (t *tokenizer) shift() (tok string, off int, ok bool) {
	if t.pos >= len(t.s) {
		return "", 0, false
	}
	start := t.pos
	if t.liquid {
		tok = t.nextLine()
		t.line++
		return tok, t.base + start, true
	}
	switch {
	case strings.HasPrefix(t.s[start:], "{%"):
		tok = t.nextTag(start, start+2)
	case strings.HasPrefix(t.s[start:], "{{"):
		tok = t.nextVariable(start)
	default:
		tok = t.nextText(start)
	}
	t.line += strings.Count(tok, "\n")
	return tok, t.base + start, true
}

func (t *tokenizer) nextLine() string {
	rest := t.s[t.pos:]
	n := strings.IndexByte(rest, '\n')
	if n < 0 {
		t.pos = len(t.s)
		return rest
	}
	t.pos += n + 1
	return rest[:n]
}

func (t *tokenizer) nextText(start int) string {
	end := start
	for {
		n := strings.IndexByte(t.s[end:], '{')
		if n < 0 || end+n+1 >= len(t.s) {
			end = len(t.s)
			break
		}
		end += n
		if c := t.s[end+1]; c == '{' || c == '%' {
			break
		}
		end++
	}
	t.pos = end
	return t.s[start:end]
}

// nextTag ends at the next %}. Without one the token is the bare opening, which
// the parser refuses, and the rest is not looked at.
func (t *tokenizer) nextTag(start, from int) string {
	n := strings.Index(t.s[from:], "%}")
	if n < 0 {
		t.pos = len(t.s)
		return t.s[start : start+2]
	}
	t.pos = from + n + 2
	return t.s[start:t.pos]
}

// nextVariable ends at }}, at a single } (which the parser refuses) or, if a {%
// comes first, at the end of that tag.
func (t *tokenizer) nextVariable(start int) string {
	s := t.s
	for i := start + 2; i < len(s); i++ {
		if s[i] == '}' {
			i++
			if i < len(s) && s[i] == '}' {
				i++
			}
			t.pos = i
			return s[start:i]
		}
		if s[i] == '{' && i+1 < len(s) && s[i+1] == '%' {
			return t.nextTag(start, i+2)
		}
	}
	t.pos = len(s)
	return "{{"
}
