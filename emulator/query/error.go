package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error says what is wrong with a query, and where.
type Error struct {
	// Query is the query as it was read.
	Query string `json:"query"`
	// Offset and Length mark the words concerned, in bytes of Query. Length may be 0: something is missing there.
	Offset int `json:"offset"`
	Length int `json:"length"`
	// Message says what is wrong, without a full stop; Hint, which may be empty, what to write instead.
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Error is the message, with the hint after it.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}

// markWidth is how many columns of a long query Mark shows.
const markWidth = 76

// Mark is the query and, on a second line, carets below the words concerned. It holds no control characters; of a
// long query it shows the part around the mistake.
func (e *Error) Mark() string {
	start := min(max(e.Offset, 0), len(e.Query))
	end := min(start+max(e.Length, 0), len(e.Query))
	before, marked, after := printable(e.Query[:start]), printable(e.Query[start:end]), printable(e.Query[end:])
	before = cutLeft(before, markWidth/2)
	marked = cutRight(marked, markWidth/2)
	after = cutRight(after, max(0, markWidth-columns(before)-columns(marked)))
	return before + marked + after + "\n" +
		strings.Repeat(" ", columns(before)) + strings.Repeat("^", max(1, columns(marked)))
}

// printable puts a space for every character that would move the carets.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}

func cutLeft(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	for columns(s) >= width {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
	}
	return "…" + s
}

func cutRight(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	for s != "" && columns(s) >= width {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s + "…"
}

// columns is how wide s is on a terminal, near enough to put a caret below it.
func columns(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide says whether terminals give r two columns: East Asian scripts and pictures.
func wide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 ||
		r >= 0x1F300 && r <= 0x1FAFF || r >= 0x20000 && r <= 0x3FFFD)
}

// fail is an error about src[start:end].
func (p *parser) fail(start, end int, hint, format string, args ...any) *Error {
	return &Error{Query: p.src, Offset: start, Length: end - start, Message: fmt.Sprintf(format, args...), Hint: hint}
}
