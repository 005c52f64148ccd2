package yamlfile

import (
	"fmt"
	"strings"
)

// Error is one thing that is wrong in a file. Line 0 means the file as a whole: it cannot be opened, for one.
type Error struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	// Hint says what to write instead: `did you mean "name"?`. Often empty.
	Hint string `json:"hint,omitempty"`
	// Excerpt is the source line, the one before it and a caret below, without a newline at the end.
	Excerpt string `json:"excerpt,omitempty"`
}

// Error is "file:line:column: message (hint)" with the excerpt on the following lines.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Line == 0 {
		s = e.File + ": " + e.Message
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	if e.Excerpt != "" {
		s += "\n" + e.Excerpt
	}
	return s
}

// Errors are all that is wrong, in the order of the file; never empty, at most [MaxErrors] and one that says there is more.
type Errors []*Error

// Error has a paragraph for each error.
func (e Errors) Error() string {
	var all []string
	for _, one := range e {
		all = append(all, one.Error())
	}
	return strings.Join(all, "\n")
}

// Unwrap gives each error to errors.As.
func (e Errors) Unwrap() []error {
	var all []error
	for _, one := range e {
		all = append(all, one)
	}
	return all
}

// Note is something to know about a file that is not wrong.
type Note struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// String is "file:line:column: message (hint)".
func (n Note) String() string {
	e := Error{File: n.File, Line: n.Line, Column: n.Column, Message: n.Message, Hint: n.Hint}
	return e.Error()
}

// Errorf is an error at a node; for the checks that a caller makes beyond the types.
func (f *File) Errorf(n *Node, hint, format string, args ...any) *Error {
	pos := Pos{1, 1}
	if n != nil {
		pos = n.Pos
	}
	return f.at(pos, fmt.Sprintf(format, args...), hint)
}

// Notef is a note at a node.
func (f *File) Notef(n *Node, hint, format string, args ...any) Note {
	e := f.Errorf(n, hint, format, args...)
	return Note{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message, Hint: e.Hint}
}

func (f *File) at(p Pos, message, hint string) *Error {
	p.Line, p.Column = max(1, min(p.Line, len(f.lines))), max(1, p.Column)
	return &Error{File: f.Name, Line: p.Line, Column: p.Column, Message: message, Hint: hint, Excerpt: f.excerpt(p)}
}

// excerptWidth is how many characters of a source line an excerpt shows.
const excerptWidth = 100

// excerpt shows the line of a place, the line before it and a caret. Control characters become spaces, so that the
// column stays right and no terminal is driven by a file.
func (f *File) excerpt(p Pos) string {
	if p.Line > len(f.lines) {
		return ""
	}
	from := 0
	if p.Column > excerptWidth {
		from = p.Column - excerptWidth/2
	}
	var b strings.Builder
	for line := max(1, p.Line-1); line <= p.Line; line++ {
		text := window(f.lines[line-1], from)
		if line < p.Line && strings.TrimSpace(text) == "" {
			continue
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf("%5d | %s", line, text), " "))
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "      | %s^", strings.Repeat(" ", p.Column-1-from))
	return b.String()
}

// window is the part of a line that begins after so many characters.
func window(line string, from int) string {
	out := make([]rune, 0, excerptWidth)
	for _, r := range line {
		if from--; from >= 0 {
			continue
		}
		if len(out) == excerptWidth {
			break
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			r = ' '
		}
		out = append(out, r)
	}
	return string(out)
}
