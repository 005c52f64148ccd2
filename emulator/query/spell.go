package query

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// String is the term in its canonical spelling.
func (t Term) String() string {
	var b strings.Builder
	if t.not {
		b.WriteString("not:")
	}
	prefix := ""
	switch t.form {
	case formField:
		prefix = string(t.field) + ":"
	case formHas:
		prefix = "has:"
	}
	b.WriteString(prefix)
	for i := range t.alts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(t.alts[i].spell(prefix, t.implicitPart()))
	}
	return b.String()
}

// implicitPart says whether values of this term are looked for anywhere without a ~ before them.
func (t Term) implicitPart() bool { return t.form == formWord || t.how == Part }

func (a *alt) spell(prefix string, implicitPart bool) string {
	switch a.op {
	case opWhole, opFold:
		return spellText(prefix, a)
	case opWild:
		return spellWild(a.parts)
	case opRegexp:
		return "/" + a.re.String() + "/"
	case opPart:
		tilde := ""
		if !implicitPart {
			tilde = "~"
		}
		if len(a.parts) > 1 {
			return tilde + spellWild(a.parts)
		}
		return tilde + spellText(prefix+tilde, a)
	}
	return a.src
}

// spellText is a text without quotes if it reads back as itself behind prefix, else in quotes.
func spellText(prefix string, a *alt) string {
	s := a.parts[0]
	if prefix == "" && s[0] == '/' { // whether such a word is read as one depends on the words after it
		return quote(s)
	}
	for _, r := range s {
		if !plainRune(r) {
			return quote(s)
		}
	}
	p := parser{src: prefix + s}
	t, err := p.term()
	if err != nil || !p.done() || t.not || len(t.alts) != 1 || t.alts[0].op != a.op || !slices.Equal(t.alts[0].parts, a.parts) {
		return quote(s)
	}
	return s
}

// plainRune says whether r may stand in a value without quotes. Only characters that no shell minds are among them.
func plainRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-./:@+%=", r)
}

// spellWild puts a backslash before every mark that might mean something.
func spellWild(parts []string) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('*')
		}
		for j, r := range p {
			plain := r == '_' || (i > 0 || j > 0) && (r == '-' || r == '/' || r == '@' || r == '+')
			dot := r == '.' && !strings.HasPrefix(p[j+1:], ".")
			if unicode.IsSpace(r) || isPunctuation(r) && !plain && !dot {
				b.WriteByte('\\')
			}
			b.WriteString(runeAt(p, j))
		}
	}
	return b.String()
}

// runeAt is the character of s at i, also where its bytes are no valid UTF-8.
func runeAt(s string, i int) string {
	for j := range s[i:] {
		if j > 0 {
			return s[i : i+j]
		}
	}
	return s[i:]
}

// quote is s in double quotes, as [Parse] reads them.
func quote(s string) string { return strconv.Quote(s) }

// shellWord is s as one word of a POSIX shell.
func shellWord(s string) string {
	safe := func(r rune) bool {
		return r < unicode.MaxASCII && plainRune(r) || r == ',' || r == '^'
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !safe(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
