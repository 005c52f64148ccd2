package query

import (
	"math"
	"strconv"
	"strings"
)

// parseNumbers reads a Number: "404", "4xx" for http, "10..20", "10..", "..20", ">10", ">=10", "<10", "<=10".
func parseNumbers(f Field, s string) (lo, hi int64, ok bool) {
	if f == HTTP && len(s) == 3 && strings.EqualFold(s[1:], "xx") && s[0] >= '1' && s[0] <= '5' {
		lo = int64(s[0]-'0') * 100
		return lo, lo + 99, true
	}
	r := splitRange(s)
	lo, hi = 0, math.MaxInt64
	if r.lo != "" {
		if lo, ok = wholeNumber(r.lo); !ok {
			return 0, 0, false
		}
		if r.above && lo < math.MaxInt64 {
			lo++
		}
	}
	if r.hi != "" {
		if hi, ok = wholeNumber(r.hi); !ok {
			return 0, 0, false
		}
		if r.below {
			hi--
		}
	}
	return lo, hi, r.lo != "" || r.hi != ""
}

func wholeNumber(s string) (int64, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' { // no sign
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// spellNumbers is the canonical spelling of what parseNumbers reads.
func spellNumbers(f Field, lo, hi int64) string {
	l, h := strconv.FormatInt(lo, 10), strconv.FormatInt(hi, 10)
	switch {
	case lo == hi:
		return l
	case f == HTTP && lo%100 == 0 && hi == lo+99 && lo >= 100 && lo < 600:
		return l[:1] + "xx"
	case hi == math.MaxInt64:
		return l + ".."
	case lo == 0:
		return ".." + h
	}
	return l + ".." + h
}

// bounds are the two ends of a range as they were written; an end that is empty is open.
type bounds struct {
	lo, hi string
	// above and below say that the end itself is excluded.
	above, below bool
	// single says that lo and hi are one value, not a range.
	single bool
}

// splitRange takes a range apart; a text that is none is both its ends.
func splitRange(s string) bounds {
	for _, c := range [...]struct {
		sign string
		make func(string) bounds
	}{
		{">=", func(v string) bounds { return bounds{lo: v} }},
		{"<=", func(v string) bounds { return bounds{hi: v} }},
		{">", func(v string) bounds { return bounds{lo: v, above: true} }},
		{"<", func(v string) bounds { return bounds{hi: v, below: true} }},
	} {
		if v, ok := strings.CutPrefix(s, c.sign); ok {
			return c.make(v)
		}
	}
	if lo, hi, ok := strings.Cut(s, ".."); ok {
		return bounds{lo: lo, hi: hi}
	}
	return bounds{lo: s, hi: s, single: true}
}

// spell is the canonical spelling.
func (b bounds) spell() string {
	switch {
	case b.single:
		return b.lo
	case b.above:
		return ">" + b.lo
	case b.below:
		return "<" + b.hi
	}
	return b.lo + ".." + b.hi
}

// decimals is a range of numbers of any length: deploy numbers can be time stamps with more digits than a float holds.
type decimals struct{ bounds }

// parseDecimals reads a range of a Decimal.
func parseDecimals(s string) (decimals, bool) {
	d := decimals{splitRange(s)}
	ok := !d.single && (d.lo != "" || d.hi != "") &&
		(d.lo == "" || isDecimal(d.lo)) && (d.hi == "" || isDecimal(d.hi))
	return d, ok
}

func (d *decimals) empty() bool {
	return d.lo != "" && d.hi != "" && compareDecimals(d.lo, d.hi) > 0
}

func (d *decimals) holds(v string) bool {
	if !isDecimal(v) {
		return false
	}
	if d.lo != "" {
		if c := compareDecimals(v, d.lo); c < 0 || c == 0 && d.above {
			return false
		}
	}
	if d.hi != "" {
		if c := compareDecimals(v, d.hi); c > 0 || c == 0 && d.below {
			return false
		}
	}
	return true
}

// isDecimal says whether s is digits with at most one point among them.
func isDecimal(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	return digits(whole) && (!point || digits(fraction))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// compareDecimals compares two numbers by their digits.
func compareDecimals(a, b string) int {
	aw, af, _ := strings.Cut(a, ".")
	bw, bf, _ := strings.Cut(b, ".")
	aw, bw = strings.TrimLeft(aw, "0"), strings.TrimLeft(bw, "0")
	if len(aw) != len(bw) {
		return len(aw) - len(bw)
	}
	if c := strings.Compare(aw, bw); c != 0 {
		return c
	}
	return strings.Compare(strings.TrimRight(af, "0"), strings.TrimRight(bf, "0"))
}
