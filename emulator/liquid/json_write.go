package liquid

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends v as Ruby's JSON.generate writes it: compact, keys in the
// order of the hash, no HTML escapes, 1.0 as 1.0. Infinity and NaN, which JSON
// cannot say, become null; use it for records. The filter jsonify refuses them.
func AppendJSON(b []byte, v Value) []byte {
	w := jsonWriter{}
	return w.value(b, v)
}

// MarshalJSON is AppendJSON, so that encoding/json keeps the order of a hash
// wherever it stands. (It escapes HTML on top of it, unless its encoder is told not to.)
func (h *Hash) MarshalJSON() ([]byte, error) { return AppendJSON(nil, plain(h)), nil }

// UnmarshalJSON is DecodeJSON for a document that is an object.
func (h *Hash) UnmarshalJSON(text []byte) error {
	v, err := DecodeJSON(text)
	if err != nil {
		return err
	}
	read, ok := v.(*Hash)
	if !ok {
		return &JSONError{"the document is no object", 0}
	}
	*h = *read
	return nil
}

// appendJSON is AppendJSON within the limits of a render.
func (r *run) appendJSON(b []byte, v Value) ([]byte, error) {
	w := jsonWriter{r: r}
	b = w.value(b, v)
	return b, w.err
}

type jsonWriter struct {
	r   *run // nil: no limits
	err error
}

func (w *jsonWriter) value(b []byte, v Value) []byte {
	if w.err != nil {
		return b
	}
	switch v := v.(type) {
	case nil:
		b = append(b, "null"...)
	case string:
		b = w.string(b, v)
	case *Hash:
		b = append(b, '{')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			key, item := v.At(i)
			b = w.value(append(w.string(b, key), ':'), item)
		}
		b = append(b, '}')
	case []Value:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = w.value(b, item)
		}
		b = append(b, ']')
	case float64:
		b = w.float(b, v)
	case bool, int64:
		b = append(b, scalarText(v)...)
	default:
		if _, isNumber := asNumber(v); isNumber {
			b = append(b, scalarText(v)...)
		} else {
			b = w.string(b, scalarText(v)) // what JSON does not know goes by its to_s
		}
	}
	if w.r != nil && w.err == nil {
		w.err = w.r.checkString(len(b))
	}
	return b
}

func (w *jsonWriter) float(b []byte, f float64) []byte {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		if w.r != nil {
			w.err = internalError() // a GeneratorError in Ruby
		}
		return append(b, "null"...)
	}
	return append(b, formatFloat(f)...)
}

func (w *jsonWriter) string(b []byte, s string) []byte {
	if w.r != nil && !utf8.ValidString(s) {
		w.err = internalError()
		return b
	}
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	}
	b = append(b, '\\', 'u', '0', '0')
	if c < 16 {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, uint64(c), 16)
}
