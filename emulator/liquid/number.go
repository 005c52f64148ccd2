package liquid

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Numbers as Ruby's Integer, Float and BigDecimal. Integers are int64 until
// they no longer fit, then *big.Int. Arithmetic with a Float or a string such
// as "1.50" is decimal in Ruby's filters, so that 0.1 plus 0.2 is 0.3; here it
// is done on exact fractions and rounded to a Float once, at the end.

// number is a Liquid number operand: exactly one of the forms below.
type number struct {
	kind numberKind
	i    int64
	b    *big.Int
	r    *big.Rat
	f    float64 // Infinity, -Infinity or NaN
	neg0 bool    // a decimal -0.0
}

type numberKind uint8

const (
	smallInt numberKind = iota
	bigInt
	decimal
	special
)

func toBig(v Value) *big.Int {
	switch v := v.(type) {
	case int64:
		return big.NewInt(v)
	case *big.Int:
		return v
	}
	return new(big.Int)
}

// normBig is b as a Value: an int64 wherever it fits.
func normBig(b *big.Int) Value {
	if b.IsInt64() {
		return b.Int64()
	}
	return b
}

// toNumber is Ruby Liquid's Utils.to_number: anything but numbers and strings is 0.
func (r *run) toNumber(v Value) (number, error) {
	switch v := v.(type) {
	case int64:
		return number{i: v}, nil
	case *big.Int:
		return number{kind: bigInt, b: v}, nil
	case float64:
		return floatNumber(v), nil
	case string:
		return r.stringNumber(v)
	}
	return number{}, nil
}

func floatNumber(f float64) number {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return number{kind: special, f: f}
	}
	// Ruby goes through the shortest decimal text, not the binary fraction.
	q, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	return number{kind: decimal, r: q, neg0: f == 0 && math.Signbit(f)}
}

func (r *run) stringNumber(s string) (number, error) {
	if err := r.work(len(s)); err != nil {
		return number{}, err
	}
	t := strings.Trim(s, rubySpace+"\x00")
	if !isDecimalText(t) {
		v, err := r.stringToInt(s)
		if err != nil {
			return number{}, err
		}
		if i, ok := v.(int64); ok {
			return number{i: i}, nil
		}
		return number{kind: bigInt, b: v.(*big.Int)}, nil
	}
	if err := r.checkDigits(len(t)); err != nil {
		return number{}, err
	}
	q, _ := new(big.Rat).SetString(t)
	return number{kind: decimal, r: q, neg0: q.Sign() == 0 && t[0] == '-'}, nil
}

// isDecimalText matches -?\d+\.\d+
func isDecimalText(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, frac, ok := strings.Cut(s, ".")
	return ok && allDigits(whole) && allDigits(frac)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// stringToInt is Ruby's String#to_i: leading space, a sign, digits that may be
// separated by single underscores; what follows is ignored and no digits are 0.
func (r *run) stringToInt(s string) (Value, error) {
	if err := r.work(len(s)); err != nil {
		return nil, err
	}
	s = strings.TrimLeft(s, rubySpace)
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	n := 0
	for n < len(s) && (isDigit(s[n]) || s[n] == '_' && n > 0 && isDigit(s[n-1]) && n+1 < len(s) && isDigit(s[n+1])) {
		n++
	}
	return r.digitsToInt(strings.ReplaceAll(s[:n], "_", ""), 10, neg)
}

func (r *run) digitsToInt(digits string, base int, neg bool) (Value, error) {
	if digits == "" {
		return int64(0), nil
	}
	if i, err := strconv.ParseInt(digits, base, 64); err == nil {
		if neg {
			i = -i
		}
		return i, nil
	}
	if err := r.checkDigits(len(digits)); err != nil {
		return nil, err
	}
	b, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return int64(0), nil
	}
	if neg {
		b.Neg(b)
	}
	return normBig(b), nil
}

// toInteger is Utils.to_integer, Ruby's strict Integer(text): underscores,
// prefixes 0x 0b 0o 0 and surrounding space are fine, anything else is not.
func (r *run) toInteger(v Value) (Value, error) {
	switch v.(type) {
	case int64, *big.Int:
		return v, nil
	}
	s, err := r.textOf(v)
	if err != nil {
		return nil, err
	}
	text, _, null := strings.Cut(s, "\x00")
	digits, base, neg, ok := strictInteger(text)
	if !ok {
		return nil, argumentError("invalid integer")
	}
	i, err := r.digitsToInt(digits, base, neg)
	// Ruby overlooks a null byte and what follows it, but only behind a number
	// that takes more than 64 bits.
	if err == nil && null && toBig(i).BitLen() <= 64 {
		return nil, argumentError("invalid integer")
	}
	return i, err
}

func strictInteger(s string) (digits string, base int, neg, ok bool) {
	s = strings.Trim(s, rubySpace)
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	base = 10
	if len(s) > 1 && s[0] == '0' {
		switch s[1] {
		case 'x', 'X':
			base, s = 16, s[2:]
		case 'b', 'B':
			base, s = 2, s[2:]
		case 'o', 'O':
			base, s = 8, s[2:]
		case 'd', 'D':
			s = s[2:]
		default:
			base, s = 8, s[1:]
			s = strings.TrimPrefix(s, "_")
		}
	}
	if s == "" || s[0] == '_' || s[len(s)-1] == '_' || strings.Contains(s, "__") {
		return "", 0, false, false
	}
	s = strings.ReplaceAll(s, "_", "")
	for i := 0; i < len(s); i++ {
		if d := digitValue(s[i]); d < 0 || d >= base {
			return "", 0, false, false
		}
	}
	return s, base, neg, true
}

func digitValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (n number) isInt() bool { return n.kind <= bigInt }

func (n number) big() *big.Int {
	if n.kind == smallInt {
		return big.NewInt(n.i)
	}
	return n.b
}

func (n number) rat() *big.Rat {
	if n.kind == decimal {
		return n.r
	}
	return new(big.Rat).SetInt(n.big())
}

// float is the number as a float64; out of range is an infinity.
func (n number) float() float64 {
	switch n.kind {
	case smallInt:
		return float64(n.i)
	case special:
		return n.f
	case decimal:
		if n.neg0 {
			return math.Copysign(0, -1)
		}
	}
	f, _ := n.rat().Float64()
	return f
}

// value is the number as a filter answers it: decimals become Floats.
func (n number) value() Value {
	switch n.kind {
	case smallInt:
		return n.i
	case bigInt:
		return normBig(n.b)
	}
	return n.float()
}

func intNumber(v Value) number {
	if i, ok := v.(int64); ok {
		return number{i: i}
	}
	return number{kind: bigInt, b: v.(*big.Int)}
}

func (n number) sign() int {
	switch n.kind {
	case smallInt:
		switch {
		case n.i > 0:
			return 1
		case n.i < 0:
			return -1
		}
		return 0
	case bigInt:
		return n.b.Sign()
	case decimal:
		return n.r.Sign()
	}
	switch {
	case n.f > 0:
		return 1
	case n.f < 0:
		return -1
	}
	return 0
}

// compareNumbers orders two numbers; ok is false where one is not a number (NaN).
func compareNumbers(a, b number) (c int, ok bool) {
	switch {
	case a.kind == smallInt && b.kind == smallInt:
		switch {
		case a.i < b.i:
			return -1, true
		case a.i > b.i:
			return 1, true
		}
		return 0, true
	case a.kind == special || b.kind == special:
		x, y := a.float(), b.float()
		if math.IsNaN(x) || math.IsNaN(y) {
			return 0, false
		}
		switch {
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, true
	}
	return a.rat().Cmp(b.rat()), true
}

// formatFloat is Ruby's Float#to_s.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if a := math.Abs(f); a == 0 || a >= 1e-4 && a < 1e16 {
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if strings.Contains(s, ".") {
			return s
		}
		if a < 1e15 {
			return s + ".0"
		}
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "e" + exp
}
