package liquid

import (
	"math/big"
	"strings"
)

// truthy is Ruby's truth: all but nil and false.
func truthy(v Value) bool {
	b, isBool := v.(bool)
	return v != nil && (!isBool || b)
}

// isBlank is Rails' blank?: nil, false, and what holds nothing but white space.
func isBlank(v Value) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return strings.TrimFunc(v, isUnicodeSpace) == ""
	case []Value:
		return len(v) == 0
	case *Hash:
		return v.Len() == 0
	}
	return false
}

// isEmpty is Ruby's empty?; known is false for what has no such method.
func isEmpty(v Value) (empty, known bool) {
	switch v := v.(type) {
	case string:
		return v == "", true
	case []Value:
		return len(v) == 0, true
	case *Hash:
		return v.Len() == 0, true
	}
	return false, false
}

// isUnicodeSpace is [[:space:]] of Ruby's regular expressions.
func isUnicodeSpace(c rune) bool {
	switch {
	case c >= '\t' && c <= '\r', c == ' ', c == 0x85, c == 0xA0, c == 0x1680,
		c >= 0x2000 && c <= 0x200A, c == 0x2028, c == 0x2029, c == 0x202F, c == 0x205F, c == 0x3000:
		return true
	}
	return false
}

func asNumber(v Value) (number, bool) {
	switch v := v.(type) {
	case int64:
		return number{i: v}, true
	case *big.Int:
		return number{kind: bigInt, b: v}, true
	case float64:
		return floatNumber(v), true
	}
	return number{}, false
}

// equal is Ruby's ==: 1 equals 1.0, hashes do not mind the order of their keys.
func equal(a, b Value) bool {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && x == y
	case int64:
		if y, ok := b.(int64); ok {
			return x == y
		}
		return equalNumbers(a, b)
	case float64, *big.Int:
		return equalNumbers(a, b)
	case []Value:
		y, ok := b.([]Value)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case *Hash:
		y, ok := b.(*Hash)
		return ok && equalHashes(x, y)
	case span:
		y, ok := b.(span)
		return ok && equal(x.first, y.first) && equal(x.last, y.last)
	}
	switch b.(type) {
	case []Value, span:
		return false // not comparable in Go
	}
	return a == b
}

func equalNumbers(a, b Value) bool {
	x, _ := asNumber(a)
	y, ok := asNumber(b)
	if !ok {
		return false
	}
	c, ok := compareNumbers(x, y)
	return ok && c == 0
}

func equalHashes(a, b *Hash) bool {
	if a.Len() != b.Len() {
		return false
	}
	for _, e := range a.entries {
		v, ok := b.Get(e.key)
		if !ok || !equal(e.value, v) {
			return false
		}
	}
	return true
}

// spaceship is Ruby's <=>; ok is false where it answers nil.
func spaceship(a, b Value) (c int, ok bool) {
	if x, isNum := asNumber(a); isNum {
		y, isNum := asNumber(b)
		if !isNum {
			return 0, false
		}
		return compareNumbers(x, y)
	}
	switch x := a.(type) {
	case string:
		y, isString := b.(string)
		return strings.Compare(x, y), isString
	case []Value:
		y, isList := b.([]Value)
		if !isList {
			return 0, false
		}
		for i := range min(len(x), len(y)) {
			if c, ok := spaceship(x[i], y[i]); c != 0 || !ok {
				return c, ok
			}
		}
		return len(x) - len(y), true
	}
	return 0, equal(a, b)
}

// ordered is one of < > <= >= in a condition. Where a side has no such method
// the answer is false without a word; numbers and strings refuse each other.
func ordered(op string, a, b Value) (bool, error) {
	if !hasOrder(a) || !hasOrder(b) {
		return false, nil
	}
	c, ok := spaceship(a, b)
	if !ok {
		if _, bothNumbers := asNumber(a); bothNumbers {
			if _, bothNumbers = asNumber(b); bothNumbers {
				return false, nil // NaN
			}
		}
		return false, argumentError("comparison of " + className(a) + " with " + refused(b) + " failed")
	}
	switch op {
	case "<":
		return c < 0, nil
	case ">":
		return c > 0, nil
	case "<=":
		return c <= 0, nil
	}
	return c >= 0, nil
}

func hasOrder(v Value) bool {
	switch v.(type) {
	case int64, *big.Int, float64, string:
		return true
	}
	return false
}

// refused is how Ruby names the right side of a failed comparison: special
// constants by their text, everything else by its class.
func refused(v Value) string {
	switch v.(type) {
	case int64, float64:
		return scalarText(v)
	}
	return className(v)
}

// className is the Ruby class of a value.
func className(v Value) string {
	switch v := v.(type) {
	case nil:
		return "NilClass"
	case bool:
		if v {
			return "TrueClass"
		}
		return "FalseClass"
	case int64, *big.Int:
		return "Integer"
	case float64:
		return "Float"
	case string:
		return "String"
	case []Value:
		return "Array"
	case *Hash:
		return "Hash"
	case span:
		return "Range"
	case object:
		return v.rubyClass()
	}
	return "Object"
}

// contains is the operator of that name.
func (r *run) contains(a, b Value) (bool, error) {
	if !truthy(a) || !truthy(b) {
		return false, nil
	}
	switch a := a.(type) {
	case string:
		s, err := r.text(b)
		if err == nil {
			err = r.work(len(s))
		}
		return err == nil && strings.Contains(a, s), err
	case []Value:
		for _, item := range a {
			if equal(item, b) {
				return true, nil
			}
		}
	case *Hash:
		if key, ok := b.(string); ok {
			_, there := a.Get(key)
			return there, nil
		}
	case span:
		if inner, ok := b.(span); ok { // Rails lets a range hold a range
			c, _ := compareNumbers(intNumber(inner.first), intNumber(inner.last))
			low, _ := compareNumbers(intNumber(a.first), intNumber(inner.first))
			mid, _ := compareNumbers(intNumber(inner.first), intNumber(a.last))
			high, _ := compareNumbers(intNumber(inner.last), intNumber(a.last))
			return c <= 0 && low <= 0 && mid <= 0 && high <= 0, nil
		}
		n, ok := asNumber(b)
		if !ok {
			return false, nil
		}
		low, ok1 := compareNumbers(intNumber(a.first), n)
		high, ok2 := compareNumbers(n, intNumber(a.last))
		return ok1 && ok2 && low <= 0 && high <= 0, nil
	}
	return false, nil
}
