package liquid

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rubySpace is what \s and String#strip take for white space.
const rubySpace = " \t\n\v\f\r"

// text is Ruby's to_s, with hashes and lists in Ruby's inspect form. Its error
// is a limit: the text is checked while it grows.
func (r *run) text(v Value) (string, error) {
	switch v := v.(type) {
	case nil, literalMethod:
		return "", nil
	case string:
		return v, nil
	case []Value, *Hash:
		b, err := r.inspect(nil, v)
		return string(b), err
	}
	return scalarText(v), nil
}

// scalarText is to_s of everything that cannot grow: all but lists and hashes.
func scalarText(v Value) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case int64:
		return strconv.FormatInt(v, 10)
	case *big.Int:
		return v.String()
	case float64:
		return formatFloat(v)
	case span:
		return scalarText(v.first) + ".." + scalarText(v.last)
	case object:
		return v.rubyClass()
	case nil, literalMethod:
		return ""
	}
	return fmt.Sprint(v)
}

// printed is what an output writes: as text, but lists are joined without separator.
func (r *run) printed(v Value) (string, error) {
	list, ok := v.([]Value)
	if !ok {
		return r.text(v)
	}
	b, err := r.joinInto(nil, list, "")
	return string(b), err
}

// joinInto appends the texts of list, glued, nested lists flattened.
func (r *run) joinInto(b []byte, list []Value, glue string) ([]byte, error) {
	for i, item := range list {
		if i > 0 {
			b = append(b, glue...)
		}
		var err error
		if inner, ok := item.([]Value); ok {
			b, err = r.joinInto(b, inner, glue)
		} else {
			var s string
			s, err = r.text(item)
			b = append(b, s...)
		}
		if err == nil {
			err = r.checkString(len(b))
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// inspect appends Ruby's inspect of v.
func (r *run) inspect(b []byte, v Value) ([]byte, error) {
	var err error
	switch v := v.(type) {
	case nil:
		return append(b, "nil"...), nil
	case string:
		b = inspectString(b, v)
	case []Value:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			if b, err = r.inspect(b, item); err != nil {
				return nil, err
			}
		}
		b = append(b, ']')
	case *Hash:
		b = append(b, '{')
		for i, e := range v.entries {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(inspectString(b, e.key), "=>"...)
			if b, err = r.inspect(b, e.value); err != nil {
				return nil, err
			}
		}
		b = append(b, '}')
	default:
		b = append(b, scalarText(v)...)
	}
	return b, r.checkString(len(b))
}

// inspectString appends s quoted and escaped as Ruby's String#inspect does.
func inspectString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			b = fmt.Appendf(b, `\x%02X`, s[i])
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case c == '#' && i+1 < len(s) && strings.IndexByte("{$@", s[i+1]) >= 0:
			b = append(b, `\#`...)
		case c < ' ' && shortEscape(c) != 0:
			b = append(b, '\\', shortEscape(c))
		case rubyPrintable(c):
			b = append(b, s[i:i+size]...)
		case c > 0xFFFF:
			b = fmt.Appendf(b, `\u{%X}`, c)
		default:
			b = fmt.Appendf(b, `\u%04X`, c)
		}
		i += size
	}
	return append(b, '"')
}

// rubyPrintable is [[:print:]]: what inspect does not escape.
func rubyPrintable(c rune) bool {
	return unicode.IsPrint(c) || unicode.In(c, unicode.Zs, unicode.Cf, unicode.Co) || c == 0x85
}

func shortEscape(c rune) byte {
	const codes = "\a\b\t\n\v\f\r\x1b"
	if i := strings.IndexRune(codes, c); i >= 0 {
		return "abtnvfre"[i]
	}
	return 0
}
