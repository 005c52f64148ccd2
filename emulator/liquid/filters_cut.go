package liquid

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
)

// The filters that take text apart: replace and remove, slice, split, truncate.

func edgeOfString(s string, last bool) string {
	if s == "" {
		return ""
	}
	if last {
		_, size := utf8.DecodeLastRuneInString(s)
		return s[len(s)-size:]
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

func replaceFilter(r *run, in Value, args []Value) (Value, error) {
	return r.replace(in, args[0], optional(args, 1, ""), everywhere)
}

func replaceFirst(r *run, in Value, args []Value) (Value, error) {
	return r.replace(in, args[0], optional(args, 1, ""), atFirst)
}

func replaceLast(r *run, in Value, args []Value) (Value, error) {
	return r.replace(in, args[0], args[1], atLast)
}

func removeFilter(r *run, in Value, args []Value) (Value, error) {
	return r.replace(in, args[0], "", everywhere)
}

func removeFirst(r *run, in Value, args []Value) (Value, error) {
	return r.replace(in, args[0], "", atFirst)
}

func removeLast(r *run, in Value, args []Value) (Value, error) {
	return r.replace(in, args[0], "", atLast)
}

type where int

const (
	everywhere where = iota
	atFirst
	atLast
)

func (r *run) replace(in, old, with Value, at where) (Value, error) {
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	o, err := r.textOf(old)
	if err != nil {
		return nil, err
	}
	n, err := r.textOf(with)
	if err != nil {
		return nil, err
	}
	if at != atLast && strings.IndexByte(n, '\\') >= 0 {
		return r.replaceExpanded(s, o, n, at)
	}
	if at == everywhere {
		return r.replaceAll(s, o, n)
	}
	i := strings.Index(s, o)
	if at == atLast {
		i = strings.LastIndex(s, o)
	}
	if i < 0 {
		return s, nil
	}
	if err := r.checkString(len(s) - len(o) + len(n)); err != nil {
		return nil, err
	}
	return s[:i] + n + s[i+len(o):], nil
}

func (r *run) replaceAll(s, o, n string) (Value, error) {
	count := strings.Count(s, o)
	if err := r.checkString(len(s) - count*len(o)); err != nil {
		return nil, err
	}
	if count > 0 && len(n) > (r.limits.StringBytes-len(s)+count*len(o))/count {
		return nil, r.exceeded("StringBytes", r.limits.StringBytes)
	}
	return strings.ReplaceAll(s, o, n), nil
}

// replaceExpanded replaces with a text whose backslash sequences Ruby expands
// for each match: \0 and \& are the match, \` what is before it, \' what is
// behind, \1 to \9 and \+ nothing, \\ a backslash.
func (r *run) replaceExpanded(s, old, with string, at where) (Value, error) {
	var b []byte
	rest := 0
	for i := 0; i <= len(s); {
		n := strings.Index(s[i:], old)
		if n < 0 {
			break
		}
		i += n
		b = append(b, s[rest:i]...)
		rest = i + len(old)
		var err error
		if b, err = r.expandReplacement(b, with, s[:i], old, s[rest:]); err != nil {
			return nil, err
		}
		if at == atFirst {
			break
		}
		if i = rest; old == "" { // go on behind the next character
			_, size := utf8.DecodeRuneInString(s[i:])
			i += max(size, 1)
		}
	}
	b = append(b, s[min(rest, len(s)):]...)
	return r.limited(string(b))
}

func (r *run) expandReplacement(b []byte, with, before, match, behind string) ([]byte, error) {
	for i := 0; i < len(with); i++ {
		piece := with[i : i+1]
		if with[i] == '\\' && i+1 < len(with) {
			i++
			switch c := with[i]; {
			case c == '0' || c == '&':
				piece = match
			case c == '`':
				piece = before
			case c == '\'':
				piece = behind
			case c == '\\':
			case isDigit(c) || c == '+':
				piece = ""
			case c == 'k' && strings.HasPrefix(with[i+1:], "<"):
				return nil, internalError() // no such group
			default:
				piece = with[i-1 : i+1]
			}
		}
		if err := r.checkString(len(b) + len(piece)); err != nil {
			return nil, err
		}
		if err := r.work(len(piece)); err != nil {
			return nil, err
		}
		b = append(b, piece...)
	}
	return b, nil
}

func sliceFilter(r *run, in Value, args []Value) (Value, error) {
	offset, err := r.toInteger(args[0])
	if err != nil {
		return nil, err
	}
	length := Value(int64(1))
	if truthy(optional(args, 1, nil)) {
		if length, err = r.toInteger(args[1]); err != nil {
			return nil, err
		}
	}
	from, size := toInt64(offset), toInt64(length)
	if list, ok := in.([]Value); ok {
		from, to, ok := cut(int64(len(list)), from, size)
		if !ok {
			return []Value{}, nil
		}
		return list[from:to:to], nil
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	from, to, ok := cut(int64(runeCount(s)), from, size)
	if !ok {
		return "", nil
	}
	return runes(s, from, to), nil
}

// toInt64 is an integer brought into 64 bits.
func toInt64(v Value) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case *big.Int:
		if v.Sign() < 0 {
			return math.MinInt64
		}
	}
	return math.MaxInt64
}

// cut is Ruby's slice(offset, length) of n elements; ok is false outside.
func cut(n, offset, length int64) (from, to int64, ok bool) {
	if offset < 0 {
		offset += n
	}
	if offset < 0 || offset > n || length < 0 {
		return 0, 0, false
	}
	return offset, offset + min(length, n-offset), true
}

// runes is the characters of s from one up to, and without, another.
func runes(s string, from, to int64) string {
	if int64(len(s)) == int64(runeCount(s)) {
		return s[from:to]
	}
	start, end, n := len(s), len(s), int64(0)
	for i := range s {
		if n == from {
			start = i
		}
		if n == to {
			end = i
			break
		}
		n++
	}
	return s[start:end]
}

func truncateFilter(r *run, in Value, args []Value) (Value, error) {
	if in == nil {
		return nil, nil
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	length, err := r.toInteger(optional(args, 0, int64(50)))
	if err != nil {
		return nil, err
	}
	tail, err := r.textOf(optional(args, 1, "..."))
	if err != nil {
		return nil, err
	}
	if c, _ := compareNumbers(intNumber(length), number{i: int64(runeCount(s))}); c >= 0 {
		return s, nil
	}
	keep := max(0, clamp(length, int64(runeCount(s)))-int64(runeCount(tail)))
	return r.limited(runes(s, 0, keep) + tail)
}

func truncateWords(r *run, in Value, args []Value) (Value, error) {
	if in == nil {
		return nil, nil
	}
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	v, err := r.toInteger(optional(args, 0, int64(15)))
	if err != nil {
		return nil, err
	}
	words := max(1, clamp(v, 1<<31))
	tail, err := r.textOf(optional(args, 1, "..."))
	if err != nil {
		return nil, err
	}
	kept, more := firstWords(s, words)
	if !more {
		return s, nil
	}
	return r.limited(strings.Join(kept, " ") + tail)
}

// firstWords is the first n words of s and whether there are more.
func firstWords(s string, n int64) (words []string, more bool) {
	s = strings.TrimLeft(s, awkSpace)
	for s != "" {
		if int64(len(words)) == n {
			return words, true
		}
		end := strings.IndexAny(s, awkSpace)
		if end < 0 {
			return append(words, s), false
		}
		words = append(words, s[:end])
		rest := strings.TrimLeft(s[end:], awkSpace)
		if rest == "" && int64(len(words)) == n {
			return words, true // an empty last piece counts
		}
		s = rest
	}
	return words, false
}

// awkSpace separates the words of split(" ").
const awkSpace = rubySpace

func splitFilter(r *run, in Value, args []Value) (Value, error) {
	s, err := r.textOf(in)
	if err != nil {
		return nil, err
	}
	sep, err := r.textOf(args[0])
	if err != nil {
		return nil, err
	}
	if sep == " " {
		sep = ""
		s = strings.Trim(s, awkSpace)
		if s == "" {
			return []Value{}, nil
		}
		return r.splitWords(s)
	}
	count := strings.Count(s, sep) + 1
	if err := r.checkItems(count); err != nil {
		return nil, err
	}
	if s == "" {
		return []Value{}, nil
	}
	parts := strings.Split(s, sep)
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1] // Ruby drops empty pieces at the end
	}
	return r.listOf(parts)
}

func (r *run) splitWords(s string) (Value, error) {
	return r.listOf(strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(awkSpace, c) }))
}

func (r *run) listOf(parts []string) (Value, error) {
	if err := r.checkItems(len(parts)); err != nil {
		return nil, err
	}
	return listOf(parts), nil
}
