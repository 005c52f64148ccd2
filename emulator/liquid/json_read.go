package liquid

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONError is a place at which text is not JSON.
type JSONError struct {
	Message string // what is wrong, a phrase such as "unexpected character '}'"
	Offset  int    // in bytes, from 0
}

func (e *JSONError) Error() string {
	return fmt.Sprintf("invalid JSON at offset %d: %s", e.Offset, e.Message)
}

// maxJSONDepth bounds lists and hashes inside one another, as Ruby's parser
// does with 100; more here, since a record may nest deeper than a template can reach.
const maxJSONDepth = 1000

// DecodeJSON reads one JSON document into a Value: objects as *Hash in the order
// of their keys (of a key given twice the last value counts, in the place of the
// first), integers of any size exactly, other numbers as float64, so that 1.0
// prints as 1.0. An error is a *JSONError.
func DecodeJSON(text []byte) (Value, error) {
	d := jsonReader{s: string(text)}
	v := d.value()
	d.space()
	if d.err == nil && d.i < len(d.s) {
		d.fail("unexpected " + d.found() + " after the document")
	}
	if d.err != nil {
		return nil, d.err
	}
	return v, nil
}

type jsonReader struct {
	s     string
	i     int
	depth int
	err   *JSONError
	// skip reads without building values.
	skip bool
}

func (d *jsonReader) fail(message string) {
	if d.err == nil {
		d.err = &JSONError{message, d.i}
		d.i = len(d.s)
	}
}

// found names what stands at the current place.
func (d *jsonReader) found() string {
	if d.i >= len(d.s) {
		return "end"
	}
	c, _ := utf8.DecodeRuneInString(d.s[d.i:])
	return "character " + strconv.QuoteRune(c)
}

func (d *jsonReader) space() {
	for d.i < len(d.s) && (d.s[d.i] == ' ' || d.s[d.i] == '\n' || d.s[d.i] == '\t' || d.s[d.i] == '\r') {
		d.i++
	}
}

func (d *jsonReader) value() Value {
	d.space()
	if d.i >= len(d.s) {
		d.fail("the document ends where a value is missing")
		return nil
	}
	switch c := d.s[d.i]; {
	case c == '{':
		return d.object()
	case c == '[':
		return d.list()
	case c == '"':
		return d.string()
	case c == '-' || isDigit(c):
		return d.number()
	}
	for _, w := range [...]struct {
		word  string
		value Value
	}{{"null", nil}, {"true", true}, {"false", false}} {
		if strings.HasPrefix(d.s[d.i:], w.word) {
			d.i += len(w.word)
			return w.value
		}
	}
	d.fail("unexpected " + d.found() + " where a value is missing")
	return nil
}

func (d *jsonReader) enter() bool {
	d.i++
	if d.depth++; d.depth > maxJSONDepth {
		d.fail("nested too deep")
		return false
	}
	return true
}

// more reads the comma or the end after an element of a list or object.
func (d *jsonReader) more(end byte) bool {
	d.space()
	if d.i < len(d.s) && d.s[d.i] == ',' {
		d.i++
		return true
	}
	if d.i < len(d.s) && d.s[d.i] == end {
		d.i++
		d.depth--
		return false
	}
	d.fail("unexpected " + d.found() + " where ',' or '" + string(end) + "' is missing")
	return false
}

// empty takes the end of a list or object without elements.
func (d *jsonReader) empty(end byte) bool {
	d.space()
	if d.i < len(d.s) && d.s[d.i] == end {
		d.i++
		d.depth--
		return true
	}
	return false
}

func (d *jsonReader) list() Value {
	list := []Value{}
	if !d.enter() || d.empty(']') {
		return list
	}
	for {
		v := d.value()
		if d.err != nil {
			return nil
		}
		if !d.skip {
			list = append(list, v)
		}
		if !d.more(']') {
			return list
		}
	}
}

func (d *jsonReader) object() Value {
	h := &Hash{}
	if !d.enter() || d.empty('}') {
		return h
	}
	for {
		d.space()
		if d.i >= len(d.s) || d.s[d.i] != '"' {
			d.fail("unexpected " + d.found() + " where a key in quotes is missing")
			return nil
		}
		key := d.string()
		d.space()
		if d.i >= len(d.s) || d.s[d.i] != ':' {
			d.fail("unexpected " + d.found() + " where ':' is missing")
			return nil
		}
		d.i++
		v := d.value()
		if d.err != nil {
			return nil
		}
		if !d.skip {
			h.Set(key, v)
		}
		if !d.more('}') {
			return h
		}
	}
}

func (d *jsonReader) number() Value {
	start := d.i
	if d.s[d.i] == '-' {
		d.i++
	}
	whole := d.i
	d.i = digitsEnd(d.s, d.i)
	switch {
	case d.i == whole:
		d.fail("unexpected " + d.found() + " in a number")
		return nil
	case d.s[whole] == '0' && d.i > whole+1:
		d.i = whole
		d.fail("a number starts with 0")
		return nil
	}
	isFloat := false
	if d.i < len(d.s) && d.s[d.i] == '.' {
		isFloat = true
		if end := digitsEnd(d.s, d.i+1); end > d.i+1 {
			d.i = end
		} else {
			d.i++
			d.fail("unexpected " + d.found() + " in a number")
			return nil
		}
	}
	if d.i < len(d.s) && d.s[d.i]|0x20 == 'e' {
		isFloat = true
		d.i++
		if d.i < len(d.s) && (d.s[d.i] == '+' || d.s[d.i] == '-') {
			d.i++
		}
		end := digitsEnd(d.s, d.i)
		if end == d.i {
			d.fail("unexpected " + d.found() + " in a number")
			return nil
		}
		d.i = end
	}
	if d.skip {
		return nil
	}
	return d.numberValue(d.s[start:d.i], isFloat)
}

func (d *jsonReader) numberValue(text string, isFloat bool) Value {
	if isFloat {
		f, _ := strconv.ParseFloat(text, 64) // out of range is an infinity, as in Ruby
		return f
	}
	if len(text) > maxJSONDigits {
		d.fail("a number has too many digits")
		return nil
	}
	measure := run{limits: Limits{BigIntBits: 4 * maxJSONDigits, WorkBytes: maxJSONDigits}}
	v, _ := measure.digitsToInt(strings.TrimPrefix(text, "-"), 10, text[0] == '-')
	return v
}

// maxJSONDigits bounds integers, since reading one takes time quadratic in it.
const maxJSONDigits = 4096

func (d *jsonReader) string() string {
	d.i++
	start := d.i
	for d.i < len(d.s) {
		switch c := d.s[d.i]; {
		case c == '"':
			s := d.s[start:d.i]
			d.i++
			return s
		case c == '\\':
			return d.escaped(start)
		case c < ' ':
			d.fail("a control character stands in a string; it must be escaped")
			return ""
		}
		d.i++
	}
	d.fail("a string is not closed")
	return ""
}

// escaped reads the rest of a string from its first backslash.
func (d *jsonReader) escaped(start int) string {
	b := []byte(d.s[start:d.i])
	for d.i < len(d.s) {
		c := d.s[d.i]
		switch {
		case c == '"':
			d.i++
			return string(b)
		case c < ' ':
			d.fail("a control character stands in a string; it must be escaped")
			return ""
		case c != '\\':
			b = append(b, c)
			d.i++
			continue
		}
		if d.i+1 >= len(d.s) {
			break
		}
		c = d.s[d.i+1]
		if c == 'u' {
			b = d.unicode(b)
			continue
		}
		n := strings.IndexByte(`"\/bfnrt`, c)
		if n < 0 {
			d.i++
			d.fail("unexpected " + d.found() + " after a backslash")
			return ""
		}
		b = append(b, "\"\\/\b\f\n\r\t"[n])
		d.i += 2
	}
	d.i = len(d.s)
	d.fail("a string is not closed")
	return ""
}

// unicode reads \uXXXX, with a second one for a surrogate.
func (d *jsonReader) unicode(b []byte) []byte {
	c, ok := hex4(d.s, d.i)
	if !ok {
		d.fail("\\u is not followed by four hexadecimal digits")
		return b
	}
	d.i += 6
	if utf16.IsSurrogate(c) {
		if low, ok := hex4(d.s, d.i); ok {
			if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
				d.i += 6
				return utf8.AppendRune(b, pair)
			}
		}
	}
	return utf8.AppendRune(b, c)
}

func hex4(s string, i int) (rune, bool) {
	if i+6 > len(s) || s[i] != '\\' || s[i+1] != 'u' {
		return 0, false
	}
	c := rune(0)
	for _, digit := range []byte(s[i+2 : i+6]) {
		v := digitValue(digit)
		if v < 0 {
			return 0, false
		}
		c = c<<4 | rune(v)
	}
	return c, true
}
