package tui

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is a JSON value that remembers the order of its keys and the spelling of its numbers.
type node struct {
	kind byte // '{', '[', '"', '0', 't' for both booleans, 'n'
	key  string
	text string // of a scalar: a string as it is, all else as JSON spells it
	kids []*node
}

const (
	maxDepth = 100
	maxNodes = 50_000
)

var errTooLarge = errors.New("too deep or too long to be shown as a tree")

// parseJSON reads one document.
func parseJSON(in string) (*node, error) {
	if !json.Valid([]byte(in)) { // its error knows the place
		var v any
		return nil, json.Unmarshal([]byte(in), &v)
	}
	d := json.NewDecoder(strings.NewReader(in))
	d.UseNumber()
	left := maxNodes
	return readNode(d, 0, &left)
}

func readNode(d *json.Decoder, depth int, left *int) (*node, error) {
	if *left--; *left < 0 || depth > maxDepth {
		return nil, errTooLarge
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case string:
		return &node{kind: '"', text: t}, nil
	case json.Number:
		return &node{kind: '0', text: string(t)}, nil
	case bool:
		return &node{kind: 't', text: strconv.FormatBool(t)}, nil
	case json.Delim:
		return readKids(d, byte(t), depth, left)
	}
	return &node{kind: 'n', text: "null"}, nil
}

func readKids(d *json.Decoder, kind byte, depth int, left *int) (*node, error) {
	n := &node{kind: kind}
	for d.More() {
		key := ""
		if kind == '{' {
			t, err := d.Token()
			if err != nil {
				return nil, err
			}
			key, _ = t.(string)
		}
		kid, err := readNode(d, depth+1, left)
		if err != nil {
			return nil, err
		}
		kid.key = key
		n.kids = append(n.kids, kid)
	}
	_, err := d.Token()
	return n, err
}

// get is the child with a key; the last one where it is there twice, as Rails reads it.
func (n *node) get(key string) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	for i := len(n.kids) - 1; i >= 0; i-- {
		if n.kids[i].key == key {
			return n.kids[i]
		}
	}
	return nil
}

// set gives a key a value, in its old place or at the end.
func (n *node) set(key string, v *node) {
	v.key = key
	for i, k := range n.kids {
		if k.key == key {
			n.kids[i] = v
			return
		}
	}
	n.kids = append(n.kids, v)
}

// compact is the value as JSON without line breaks.
func (n *node) compact() string {
	var b bytes.Buffer
	n.write(&b)
	return b.String()
}

// indented is the value as JSON for people.
func (n *node) indented() string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(n.compact()), "", "  ") != nil {
		return n.compact()
	}
	return b.String()
}

func (n *node) write(b *bytes.Buffer) {
	switch n.kind {
	case '{', '[':
		b.WriteByte(n.kind)
		for i, k := range n.kids {
			if i > 0 {
				b.WriteByte(',')
			}
			if n.kind == '{' {
				b.WriteString(quoteJSON(k.key) + ":")
			}
			k.write(b)
		}
		b.WriteByte(n.kind + 2) // } and ] follow their partners
	case '"':
		b.WriteString(quoteJSON(n.text))
	default:
		b.WriteString(n.text)
	}
}

// quoteJSON is s as a JSON string, with <, > and & as they are.
func quoteJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// pretty is the value as coloured lines, each with its path.
func (n *node) pretty(indent int) doc {
	var d doc
	n.lines(&d, indent, "", "", "")
	return d
}

func (n *node) lines(d *doc, indent int, label, path, tail string) {
	head := []seg{{plain, strings.Repeat(" ", indent)}}
	if label != "" {
		head = append(head, seg{name, label}, seg{plain, ": "})
	}
	if len(n.kids) == 0 {
		head = append(head, seg{n.style(), n.scalar()}, seg{plain, tail})
		*d = append(*d, docLine{segs: head, path: path})
		return
	}
	*d = append(*d, docLine{segs: append(head, seg{plain, string(n.kind)}), path: path})
	for i, k := range n.kids {
		comma := ","
		if i == len(n.kids)-1 {
			comma = ""
		}
		label := ""
		if n.kind == '{' {
			label = quoteJSON(k.key)
		}
		k.lines(d, indent+2, label, n.pathOf(path, i), comma)
	}
	d.add(seg{plain, strings.Repeat(" ", indent) + string(n.kind+2) + tail})
}

// pathOf is the path of the i-th child: "commit.sha", "contacts[0]".
func (n *node) pathOf(path string, i int) string {
	if n.kind == '[' {
		return path + "[" + strconv.Itoa(i) + "]"
	}
	if path == "" {
		return n.kids[i].key
	}
	return path + "." + n.kids[i].key
}

func (n *node) scalar() string {
	switch n.kind {
	case '{':
		return "{}"
	case '[':
		return "[]"
	case '"':
		return quoteJSON(n.text)
	}
	return n.text
}

func (n *node) style() style {
	switch n.kind {
	case '"':
		return text
	case '0', 't':
		return number
	case 'n':
		return odd
	}
	return plain
}

// walk calls f with the path of every value below n, outermost first, until it says no.
func (n *node) walk(path string, f func(path string, n *node) bool) {
	for i, k := range n.kids {
		p := n.pathOf(path, i)
		if f(p, k) {
			k.walk(p, f)
		}
	}
}

// maxBodyLines bounds what a pane shows of one body.
const maxBodyLines = 5000

// bodyDoc is a body as lines: JSON as a coloured tree, all else as it came.
func bodyDoc(body string, indent int) doc {
	n, err := parseJSON(body)
	if err == nil {
		return clip(n.pretty(indent))
	}
	return rawDoc(body, indent)
}

func rawDoc(body string, indent int) doc {
	var d doc
	in := strings.Repeat(" ", indent)
	for line := range strings.SplitSeq(strings.TrimRight(body, "\n"), "\n") {
		if d.add(seg{plain, in + strings.TrimSuffix(line, "\r")}); len(d) == maxBodyLines {
			d.add(seg{dim, in + "and more"})
			break
		}
	}
	return d
}

func clip(d doc) doc {
	if len(d) <= maxBodyLines {
		return d
	}
	d = d[:maxBodyLines]
	d.add(seg{dim, "and more"})
	return d
}

// syntaxLine is the line (from 0) of a mistake in JSON and what it is; false where there is none.
func syntaxLine(body string) (line int, message string, wrong bool) {
	var v any
	err := json.Unmarshal([]byte(body), &v)
	if err == nil {
		return 0, "", false
	}
	at := len(body)
	var s *json.SyntaxError
	if errors.As(err, &s) && s.Offset > 0 {
		at = min(at, int(s.Offset)-1)
	}
	message = err.Error()
	if !utf8.ValidString(body) {
		message = "it is not UTF-8"
	}
	return strings.Count(body[:at], "\n"), message, true
}
