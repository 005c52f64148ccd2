package deploy

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// text is a parameter as the string that Rails would keep of it; the empty string when it is blank or not a scalar.
func text(v any) string {
	switch v := v.(type) {
	case string:
		if blank(v) {
			return ""
		}
		return v
	case json.Number:
		return numberText(string(v))
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// blank is Rails' blank? for a string: nothing, or Unicode white space alone.
func blank(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > ' ' && c < 0x80 {
			return false // the usual case, without decoding runes
		}
	}
	return strings.TrimLeftFunc(s, unicode.IsSpace) == ""
}

// numberText is a JSON number as Ruby prints it: an integer of any size digit by digit, anything with a fraction or
// an exponent as a Float ("1.10" is 1.1 and "1e3" is 1000.0).
func numberText(s string) string {
	if strings.ContainsAny(s, ".eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil && !math.IsInf(f, 0) {
			return s
		}
		return floatText(f)
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// floatText is Ruby's Float#to_s: the shortest digits that mean the number, with an exponent where the point would
// stand more than four zeros before them or, with no digit after it, more than fifteen places behind the first.
func floatText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	const mostWhole = 15
	scientific := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(scientific, "e")
	digits := len(strings.TrimLeft(strings.Replace(mantissa, ".", "", 1), "-"))
	power, _ := strconv.Atoi(exponent)
	point := power + 1 // how many digits stand before the point
	plain := point > -4 && (point < digits || point <= mostWhole)
	if !plain && !strings.Contains(mantissa, ".") {
		return mantissa + ".0e" + exponent
	}
	if !plain {
		return scientific
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
