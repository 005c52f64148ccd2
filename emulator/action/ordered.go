package action

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A tree is JSON that keeps the order of keys and the digits of numbers: nil, bool, string, json.Number, int, []any or
// *object.

// object is a JSON object in the order its keys came.
type object struct {
	keys   []string
	values map[string]any
}

// newObject makes an object of key, value, key, value, ...
func newObject(pairs ...any) *object {
	o := &object{values: make(map[string]any, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// set adds a key at the end, or gives one that is there a new value in its old place, as Ruby's hashes do.
func (o *object) set(key string, value any) {
	if _, there := o.values[key]; !there {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// with is set, for chains.
func (o *object) with(pairs ...any) *object {
	for i := 0; i+1 < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// maxDepth is how deep a tree may nest: JSON.parse of Ruby refuses more than 100.
const maxDepth = 100

var errTooDeep = errors.New("nested deeper than 100")

// parseTree reads one JSON document. What is not UTF-8 is no JSON. Errors of syntax are *json.SyntaxError.
func parseTree(in []byte) (any, error) {
	if !utf8.Valid(in) {
		return nil, errors.New("not UTF-8")
	}
	// One check of the whole first: its error knows the place, and the walk below cannot fail on syntax.
	var raw json.RawMessage
	if err := json.Unmarshal(in, &raw); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(in))
	d.UseNumber()
	return readValue(d, 0)
}

func readValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, nested := t.(json.Delim)
	if !nested {
		return t, nil
	}
	if depth >= maxDepth {
		return nil, errTooDeep
	}
	if delim == '[' {
		return readList(d, depth+1)
	}
	return readObject(d, depth+1)
}

func readList(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := readValue(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func readObject(d *json.Decoder, depth int) (any, error) {
	o := newObject()
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := readValue(d, depth)
		if err != nil {
			return nil, err
		}
		o.set(key.(string), v)
	}
	_, err := d.Token()
	return o, err
}

// writeTree is compact JSON. Strings are escaped as encoding/json escapes them, so that a record that embeds the text
// leaves its bytes as they are.
func writeTree(v any) []byte { return appendTree(nil, v) }

func appendTree(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case json.Number:
		return append(b, v...)
	case string:
		s, _ := json.Marshal(v) // a string cannot fail
		return append(b, s...)
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendTree(b, x)
		}
		return append(b, ']')
	case *object:
		b = append(b, '{')
		for i, k := range v.keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendTree(b, k), ':')
			b = appendTree(b, v.values[k])
		}
		return append(b, '}')
	}
	panic(fmt.Sprintf("action: %T in a tree", v)) // a mistake of this package: trees are made here alone
}

// mapStrings is the tree with every string and key replaced. A number that the replacement would change becomes a
// string.
func mapStrings(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case json.Number:
		if s := f(string(v)); s != string(v) {
			return s
		}
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = mapStrings(x, f)
		}
		return out
	case *object:
		out := newObject()
		for _, k := range v.keys {
			out.set(f(k), mapStrings(v.values[k], f))
		}
		return out
	}
	return v
}

// placeOf is the line and column (in characters) of a byte offset, both from 1.
func placeOf(text []byte, offset int) (line, column int) {
	offset = max(0, min(offset, len(text)))
	head := text[:offset]
	start := bytes.LastIndexByte(head, '\n') + 1
	return bytes.Count(head, []byte{'\n'}) + 1, utf8.RuneCount(head[start:]) + 1
}

// syntaxPlace is the place of a syntax error, false where the error knows none.
func syntaxPlace(text []byte, err error) (line, column int, ok bool) {
	var s *json.SyntaxError
	if !errors.As(err, &s) {
		return 0, 0, false
	}
	at := int(s.Offset) - 1 // Offset is behind the offending byte; at the end of the text there is none
	if at == len(text)-1 && s.Error() == "unexpected end of JSON input" {
		at = len(text)
	}
	line, column = placeOf(text, at)
	return line, column, true
}
