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

// floatText is Ruby's Float#to_s: plain between 0.0001 and 1e16, with an exponent of at least two digits outside.
func floatText(f float64) string {
	switch a := math.Abs(f); {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0, a >= 1e-4 && a < 1e16:
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	return digits + "e" + exponent
}
