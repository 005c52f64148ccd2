// Package yamlfile reads YAML strictly, and says where and how a file is wrong.
//
// [Parse] makes a tree of [Node] values with positions; [File.Decode] fills Go structs from it by their yaml tags. An
// unknown key, a wrong type, a repeated key or a value outside an enumeration is an [Error] with file, line, column,
// the source line and, where there is one, the spelling that was probably meant. All errors of a file are collected, up
// to [MaxErrors]. Files of others can be read leniently ([Options].Lenient): what is unknown becomes a [Note].
//
// It is the only importer of github.com/goccy/go-yaml, of which it uses the scanner and the parser. Everything a hostile
// file could exhaust is bounded before the parser, which recurses, sees it; the limits are the constants of this file.
package yamlfile

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// The limits. A file beyond one of them is refused with an error that names it.
const (
	MaxBytes     = 4 << 20 // a file
	MaxTokens    = 500_000 // words and marks in a file
	MaxDocuments = 1_000   // documents in a file
	MaxDepth     = 100     // lists and maps inside each other
	MaxKeys      = 5_000   // keys of one map
	MaxValues    = 500_000 // values of a document with all its aliases written out, so that no bomb goes off
	MaxErrors    = 20      // errors that are collected
	MaxNotes     = 100     // notes that are collected
)

// File is a parsed file.
type File struct {
	Name string
	// Docs are the documents, empty ones left out.
	Docs []*Node

	lines []string
}

// Parse reads all documents of a file. The error is an [Errors].
func Parse(name string, src []byte) (*File, error) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	f := &File{Name: name}
	if len(src) > MaxBytes {
		return nil, Errors{{File: name, Line: 1, Column: 1, Message: fmt.Sprintf("the file is larger than %d MiB", MaxBytes>>20)}}
	}
	f.lines = strings.Split(string(src), "\n")
	if err := f.checkBytes(src); err != nil {
		return nil, Errors{err}
	}
	docs, err := f.parse(string(src))
	if err != nil {
		return nil, Errors{err}
	}
	return f, f.build(docs)
}

// Text is a file that is not YAML, for errors that show its lines.
func Text(name string, src []byte) *File {
	return &File{Name: name, lines: strings.Split(string(src), "\n")}
}

// PosAt is the place of a byte of a text.
func PosAt(src []byte, offset int) Pos {
	before := src[:max(0, min(offset, len(src)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Pos{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[start:]) + 1}
}

// checkBytes refuses what no YAML file holds: bytes that are not UTF-8, and NUL.
func (f *File) checkBytes(src []byte) *Error {
	line, column := 1, 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 || r == 0 {
			return f.at(Pos{line, column}, fmt.Sprintf("the byte 0x%02x is not text", src[i]), "save the file as UTF-8")
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
		i += n
	}
	return nil
}

// parse runs the YAML parser once the guard has found nothing that would exhaust it.
func (f *File) parse(src string) (docs []*ast.DocumentNode, failed *Error) {
	defer func() {
		// The parser panics on some broken input; that is a broken file for us.
		if r := recover(); r != nil {
			docs, failed = nil, f.at(Pos{1, 1}, fmt.Sprintf("this is not YAML: %v", r), "")
		}
	}()
	tokens := lexer.Tokenize(src)
	if err := f.guard(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(withEmptyEntries(tokens), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, f.syntaxError(err)
	}
	return file.Docs, nil
}

// syntaxError takes message and place out of the parser's error.
func (f *File) syntaxError(err error) *Error {
	pos, message := Pos{1, 1}, err.Error()
	if e, ok := err.(yaml.Error); ok {
		message = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			pos = Pos{t.Position.Line, t.Position.Column}
		}
	}
	return f.at(pos, message, f.syntaxHint(pos.Line, message))
}

// syntaxHint is the cure for the usual syntax errors, told by the line and the parser's words.
func (f *File) syntaxHint(line int, message string) string {
	if line < 1 || line > len(f.lines) {
		return ""
	}
	text := f.lines[line-1]
	_, value, _ := strings.Cut(text, ": ")
	switch {
	case strings.HasPrefix(strings.TrimLeft(text, " "), "\t"):
		return "YAML is indented by spaces, not by tabs"
	case strings.Contains(text, "{{") || strings.Contains(text, "{%"):
		return "this looks like a template; fill it in first, or quote the value"
	case strings.Contains(value, ": ") && !strings.ContainsAny(value[:1], "'\"{["):
		return `quote a value with ": " in it`
	case strings.Contains(message, "not allowed in this context") && !f.indentedBefore(line):
		return fmt.Sprintf("indent it like the line that it belongs with: this is %d spaces in, and no key before it is", indentation(text))
	}
	return ""
}

// indentedBefore says whether a line before this one has a key in the column of its first.
func (f *File) indentedBefore(line int) bool {
	want := indentation(f.lines[line-1])
	for _, text := range f.lines[:line-1] {
		if indentation(text) == want {
			return true
		}
		if key := strings.TrimLeft(text, " -"); len(text)-len(key) == want && key != "" {
			return true
		}
	}
	return want == 0
}

func indentation(text string) int { return len(text) - len(strings.TrimLeft(text, " ")) }

// Unmarshal parses a file of exactly one document and decodes it.
func Unmarshal(name string, src []byte, into any, o Options) ([]Note, error) {
	f, err := Parse(name, src)
	if err != nil {
		return nil, err
	}
	switch len(f.Docs) {
	case 0:
		return nil, Errors{f.at(Pos{1, 1}, "the file is empty", "")}
	case 1:
		return f.Decode(f.Docs[0], into, o)
	}
	return nil, Errors{f.Errorf(f.Docs[1], "", "a second document; this file may have only one")}
}
