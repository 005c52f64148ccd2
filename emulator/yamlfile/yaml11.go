package yamlfile

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// Surprising is what YAML 1.1 makes of a plain scalar.
type Surprising struct {
	// What names the type it gets: "the number 1.1".
	What string
	// Text is the value as a text again, the way Ruby prints it.
	Text string
}

// truth11 are YAML 1.1's further words for true and false, as Ruby's YAML (the reader of a Rails application) has them.
var truth11 = map[string]bool{
	"yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true, "true": true, "True": true, "TRUE": true,
	"no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false, "false": false, "False": false, "FALSE": false,
}

// The number spellings of Ruby's YAML (Psych's scalar scanner).
var (
	decimal11     = regexp.MustCompile(`^[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)$`)
	octal11       = regexp.MustCompile(`^[-+]?0[0-7_,]+$`)
	hex11         = regexp.MustCompile(`^[-+]?0x[0-9a-fA-F_,]+$`)
	binary11      = regexp.MustCompile(`^[-+]?0b[01_,]+$`)
	float11       = regexp.MustCompile(`^[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?$`)
	sexagesimal11 = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}$`)
	digit         = regexp.MustCompile(`[0-9]`)
)

// Surprise says whether YAML 1.1 reads a plain scalar as something whose text is not what was written: 1.10 is the number
// 1.1, yes is true, 0123 is 83, 12:30 is 45000, base 60. A scalar that keeps its text (5, true) is none.
func Surprise(n *Node) (Surprising, bool) {
	if !n.Plain || n.Text == "" || len(n.Text) > 64 {
		return Surprising{}, false
	}
	s, ok := read11(n.Text)
	return s, ok && s.Text != n.Text
}

func read11(text string) (Surprising, bool) {
	if b, ok := truth11[text]; ok {
		t := strconv.FormatBool(b)
		return Surprising{t, t}, true
	}
	if strings.ContainsAny(text[:1], "+-.0123456789") && digit.MatchString(text) {
		if t, what := number11(text); t != "" {
			return Surprising{what + " " + t, t}, true
		}
	}
	return Surprising{}, false
}

// number11 is a number's text as Ruby prints it, with what it is; empty where it is none.
func number11(text string) (value, what string) {
	clean := strings.NewReplacer("_", "", ",", "").Replace(text)
	switch {
	case decimal11.MatchString(text):
		return whole(clean, 10), "the number"
	case octal11.MatchString(text):
		return whole(clean, 8), "the octal number"
	case hex11.MatchString(text):
		return whole(strings.Replace(clean, "0x", "", 1), 16), "the hexadecimal number"
	case binary11.MatchString(text):
		return whole(strings.Replace(clean, "0b", "", 1), 2), "the binary number"
	case sexagesimal11.MatchString(text):
		return seconds(clean), "the base 60 number"
	case float11.MatchString(text):
		f, err := strconv.ParseFloat(clean, 64)
		if err != nil {
			return "", ""
		}
		return rubyFloat(f), "the number"
	}
	return "", ""
}

func whole(digits string, base int) string {
	i, ok := new(big.Int).SetString(strings.TrimPrefix(digits, "+"), base)
	if !ok {
		return ""
	}
	return i.String()
}

// seconds reads hours:minutes:seconds as Psych does: the first number always counts 3600.
func seconds(text string) string {
	total, unit := 0, 3600
	for part := range strings.SplitSeq(text, ":") {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "+"))
		if err != nil || n > 1e9 || n < -1e9 {
			return ""
		}
		total, unit = total+n*unit, unit/60
	}
	return strconv.Itoa(total)
}

// rubyFloat prints a number as Ruby's Float#to_s: always with a point, with an exponent from 1e16 on and below 1e-4.
func rubyFloat(f float64) string {
	abs := max(f, -f)
	if abs != 0 && (abs >= 1e16 || abs < 1e-4) {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		return mantissa + "e" + exponent
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
