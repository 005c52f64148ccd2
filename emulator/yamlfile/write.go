package yamlfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Marshal writes a struct as a YAML document that [Unmarshal] reads back: keys in the order of the fields, fields of zero
// value and empty lists left out, and every text quoted that any YAML could take for something else. It fails for a type that Decode
// cannot read either.
func Marshal(v any) ([]byte, error) {
	var w writer
	w.value(reflect.ValueOf(v), 0)
	if w.err != nil {
		return nil, w.err
	}
	return w.b.Bytes(), nil
}

type writer struct {
	b   bytes.Buffer
	err error
	// inline says that the cursor stands behind a "- ", where a map's first key belongs.
	inline bool
}

func (w *writer) indent(depth int) {
	if w.inline {
		w.inline = false
		return
	}
	w.b.WriteString(strings.Repeat("  ", depth))
}

// value writes a map, a list or a scalar that begins on its own line at a depth.
func (w *writer) value(v reflect.Value, depth int) {
	v = unpacked(v)
	switch {
	case isMoment(v), empty(v):
		w.indent(depth)
		w.b.WriteString(w.scalar(v))
		w.b.WriteByte('\n')
	case v.Kind() == reflect.Struct:
		fields, _ := fieldsOf(v.Type())
		for _, f := range fields {
			if x := v.FieldByIndex(f.at); f.required || !x.IsZero() && !hollow(x) {
				w.pair(f.key, x, depth)
			}
		}
	case v.Kind() == reflect.Map:
		keys := map[string]reflect.Value{}
		for _, k := range v.MapKeys() {
			keys[k.String()] = v.MapIndex(k)
		}
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			w.pair(quoted(k), keys[k], depth)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			w.indent(depth)
			w.b.WriteString("- ")
			w.inline = true
			w.value(v.Index(i), depth+1)
		}
	default:
		w.indent(depth)
		w.b.WriteString(w.scalar(v))
		w.b.WriteByte('\n')
	}
}

func (w *writer) pair(key string, v reflect.Value, depth int) {
	w.indent(depth)
	w.b.WriteString(key)
	v = unpacked(v)
	nested := v.Kind() == reflect.Struct || v.Kind() == reflect.Map || v.Kind() == reflect.Slice
	if !nested || empty(v) || isMoment(v) {
		fmt.Fprintf(&w.b, ": %s\n", w.scalar(v))
		return
	}
	w.b.WriteString(":\n")
	w.value(v, depth+1)
}

// SelfEncoder is a type that is written otherwise than by its fields: as what EncodeYAML returns. Its method is one of the
// value, not of the pointer.
type SelfEncoder interface{ EncodeYAML() any }

// unpacked is what stands behind pointers and interfaces; of a [SelfEncoder] what it is written as, of a [Node] the value
// that it is.
func unpacked(v reflect.Value) reflect.Value {
	for (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil() {
		v = v.Elem()
	}
	if v.IsValid() && v.CanInterface() && v.Kind() != reflect.Pointer {
		if s, ok := v.Interface().(SelfEncoder); ok {
			return unpacked(reflect.ValueOf(s.EncodeYAML()))
		}
	}
	if v.IsValid() && v.Type() == reflect.TypeFor[Node]() {
		n := v.Interface().(Node)
		return unpacked(reflect.ValueOf(n.plain()))
	}
	return v
}

// plain is a node as Marshal writes it; the keys of a map are sorted. A number stays as it was written.
func (n *Node) plain() any {
	switch n.Kind {
	case Map:
		m := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			m[p.Key.Text] = p.Value.plain()
		}
		return m
	case List:
		l := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			l = append(l, item.plain())
		}
		return l
	case Int, Float:
		return json.Number(n.Text)
	}
	return plainValue(n, false)
}

// empty says that nothing of v would be written, so that it needs a spelling of its own.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Struct:
		fields, _ := fieldsOf(v.Type())
		return v.IsZero() && !slices.ContainsFunc(fields, func(f field) bool { return f.required })
	}
	return false
}

// hollow says that a field holds an empty list or map, which reads like none at all.
func hollow(v reflect.Value) bool {
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

func isMoment(v reflect.Value) bool {
	return v.IsValid() && v.Type() == reflect.TypeFor[time.Time]()
}

func (w *writer) scalar(v reflect.Value) string {
	if isMoment(v) {
		return v.Interface().(time.Time).UTC().Format(time.RFC3339Nano)
	}
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[json.Number]() {
			return v.String()
		}
		return quoted(v.String())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int64, reflect.Int32:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		b, err := json.Marshal(v.Float())
		w.err = firstError(w.err, err)
		return string(b)
	case reflect.Slice:
		return "[]"
	case reflect.Map, reflect.Struct:
		return "{}"
	case reflect.Invalid, reflect.Pointer, reflect.Interface:
		return "null"
	}
	w.err = firstError(w.err, fmt.Errorf("yamlfile: cannot write a %s", v.Type()))
	return ""
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// safe are the texts that no YAML takes for anything but a text.
var safe = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@(][A-Za-z0-9_./@()+-]*)*$`)

// quoted is a text as a YAML scalar: bare where that is safe, else in double quotes.
func quoted(s string) string {
	_, truth := truth11[s]
	if len(s) < 200 && safe.MatchString(s) && !truth && !slices.Contains([]string{"null", "Null", "NULL", "y", "Y", "n", "N"}, s) {
		return s
	}
	return doubleQuoted(s)
}

// doubleQuoted is a text with YAML's escapes. A rune that could be mistaken for the end of a line is escaped too.
func doubleQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
