package liquid

import (
	"fmt"
	"strconv"
	"strings"
)

// Ruby's Time#strftime.

// directive is one %-sequence: flags, width, colons and the letter.
type directive struct {
	pad    byte // '0', ' ' or 0 for the letter's own
	left   bool // no padding
	upper  bool // ^
	swap   bool // #
	width  int  // 0 if not given
	colons int
	letter byte // 0 if the format ends before it

	unknown bool // with a modifier that the letter does not take
}

// maxDirectiveWidth is where Ruby gives up.
const maxDirectiveWidth = 1 << 17

func (r *run) strftime(t clockTime, format string) (string, error) {
	b := make([]byte, 0, len(format)+32)
	for i := 0; i < len(format); {
		if format[i] != '%' {
			b = append(b, format[i])
			i++
			continue
		}
		d, end := parseDirective(format, i)
		if d.letter == 0 && !d.unknown {
			return "", argumentError("invalid format: " + format)
		}
		if d.width > maxDirectiveWidth {
			return "", internalError() // Errno::ERANGE in Ruby
		}
		if err := r.checkString(len(b) + d.width + 64); err != nil {
			return "", err
		}
		if s, ok := d.format(t); ok {
			b = append(b, s...)
		} else {
			b = append(b, format[i:end]...)
		}
		i = end
	}
	return string(b), nil
}

func parseDirective(s string, i int) (directive, int) {
	d := directive{}
	for i++; i < len(s); i++ {
		c := s[i]
		if d.width > 0 && strings.IndexByte("-_^#", c) >= 0 {
			d.unknown = true // flags stand before the width
			return d, i
		}
		switch c {
		case '-':
			d.left = true
		case '0':
			d.pad = c
		case '_':
			d.pad = ' '
		case '^':
			d.upper = true
		case '#':
			d.swap = true
		case ':':
			for i < len(s) && s[i] == ':' {
				d.colons++
				i++
			}
			if i < len(s) && s[i] == 'z' {
				d.letter = 'z'
				return d, i + 1
			}
			d.unknown = true
			return d, i
		case 'E', 'O':
			end := i
			if i+1 < len(s) {
				i++
				d.letter = s[i]
			}
			takes := "cCxXyY"
			if c == 'O' {
				takes = "deHkIlmMSuUVwWy"
			}
			if d.letter == 0 || strings.IndexByte(takes, d.letter) < 0 {
				d.unknown = true
				return d, max(i, end+1)
			}
			return d, i + 1
		default:
			if isDigit(c) {
				end := digitsEnd(s, i)
				d.width, _ = strconv.Atoi(s[i:min(end, i+9)])
				if end-i > 9 {
					d.width = maxDirectiveWidth + 1
				}
				i = end - 1
				continue
			}
			d.letter = c
			return d, i + 1
		}
	}
	return d, i
}

// format answers the text of a directive; ok is false for one Ruby does not know.
func (d directive) format(t clockTime) (string, bool) {
	if d.unknown {
		return "", false
	}
	if pattern := compositePattern(d.letter); pattern != "" {
		d.left = false // counts for single fields only
		return d.text(strftimePlain(t, pattern), ' '), true
	}
	if s, ok := d.name(t); ok {
		return s, true
	}
	if v, width, pad, ok := numberOf(t, d.letter); ok {
		return d.number(v, width, pad), true
	}
	switch d.letter {
	case 'z':
		return d.offset(t)
	case 'N', 'L':
		return d.fraction(t), true
	case 's':
		return d.padded(t.epoch(), d.width, '0'), true
	case '%':
		return d.text("%", ' '), true
	case 'n':
		return d.text("\n", ' '), true
	case 't':
		return d.text("\t", ' '), true
	}
	return "", false
}

// strftimePlain formats a pattern of plain directives.
func strftimePlain(t clockTime, pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		d, end := parseDirective(pattern, i)
		s, _ := d.format(t)
		b.WriteString(s)
		i = end - 1
	}
	return b.String()
}

func compositePattern(letter byte) string {
	switch letter {
	case 'c':
		return "%a %b %e %H:%M:%S %Y"
	case 'D', 'x':
		return "%m/%d/%y"
	case 'F':
		return "%Y-%m-%d"
	case 'R':
		return "%H:%M"
	case 'r':
		return "%I:%M:%S %p"
	case 'T', 'X':
		return "%H:%M:%S"
	case 'v':
		return "%e-%^b-%4Y"
	}
	return ""
}

// name formats the directives that answer words.
func (d directive) name(t clockTime) (string, bool) {
	s := ""
	switch d.letter {
	case 'A':
		s = t.Weekday().String()
	case 'a':
		s = t.Weekday().String()[:3]
	case 'B':
		s = t.Month().String()
	case 'b', 'h':
		s = t.Month().String()[:3]
	case 'p':
		s = map[bool]string{true: "AM", false: "PM"}[t.Hour() < 12]
		if d.swap {
			s = strings.ToLower(s)
		}
		d.swap = false
	case 'P':
		s = map[bool]string{true: "am", false: "pm"}[t.Hour() < 12]
	case 'Z':
		s = t.zone
		if d.swap {
			s = strings.ToLower(s)
		}
		d.swap = false
	default:
		return "", false
	}
	d.upper = d.upper || d.swap
	return d.text(s, ' '), true
}

func (d directive) text(s string, pad byte) string {
	if d.upper {
		s = strings.ToUpper(s)
	}
	return d.padded(s, d.width, pad)
}

func (d directive) padded(s string, width int, pad byte) string {
	if d.left || s == "" || len(s) >= width {
		return s
	}
	if d.pad != 0 {
		pad = d.pad
	}
	if pad == '0' && s[0] == '-' {
		return "-" + strings.Repeat("0", width-len(s)) + s[1:]
	}
	return strings.Repeat(string(pad), width-len(s)) + s
}

// numberOf answers the number of a directive, its usual width and padding.
func numberOf(t clockTime, letter byte) (v int64, width int, pad byte, ok bool) {
	n, width, pad := 0, 2, byte('0')
	switch letter {
	case 'C':
		return floorDiv(t.year(), 100), 2, '0', true
	case 'd':
		n = t.Day()
	case 'e':
		n, pad = t.Day(), ' '
	case 'G':
		return t.isoYear(), yearWidth(t.isoYear()), '0', true
	case 'g':
		n = int(t.isoYear() - floorDiv(t.isoYear(), 100)*100)
	case 'H':
		n = t.Hour()
	case 'I':
		n = (t.Hour()+11)%12 + 1
	case 'j':
		n, width = t.YearDay(), 3
	case 'k':
		n, pad = t.Hour(), ' '
	case 'l':
		n, pad = (t.Hour()+11)%12+1, ' '
	case 'M':
		n = t.Minute()
	case 'm':
		n = int(t.Month())
	case 'S':
		n = t.Second()
	case 'U':
		n = (t.YearDay() + 6 - int(t.Weekday())) / 7
	case 'u':
		n, width = (int(t.Weekday())+6)%7+1, 1
	case 'V':
		_, n = t.ISOWeek()
	case 'W':
		n = (t.YearDay() + 6 - (int(t.Weekday())+6)%7) / 7
	case 'w':
		n, width = int(t.Weekday()), 1
	case 'Y':
		return t.year(), yearWidth(t.year()), '0', true
	case 'y':
		n = int(t.year() - floorDiv(t.year(), 100)*100)
	default:
		return 0, 0, 0, false
	}
	return int64(n), width, pad, true
}

func yearWidth(year int64) int {
	if year < 0 {
		return 5
	}
	return 4
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (d directive) number(v int64, width int, pad byte) string {
	if d.width > 0 {
		width = d.width
	}
	return d.padded(strconv.FormatInt(v, 10), width, pad)
}

// fraction is %N and %L: the width is the number of digits.
func (d directive) fraction(t clockTime) string {
	digits := d.width
	if digits == 0 {
		digits = 9
		if d.letter == 'L' {
			digits = 3
		}
	}
	s := fmt.Sprintf("%09d", t.Nanosecond())
	if digits <= 9 {
		return s[:digits]
	}
	return s + strings.Repeat("0", digits-9)
}

// offset is %z, with one to three colons.
func (d directive) offset(t clockTime) (string, bool) {
	_, seconds := t.Time.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	tail := ""
	switch {
	case d.colons == 0:
		tail = fmt.Sprintf("%02d", m)
	case d.colons == 1:
		tail = fmt.Sprintf(":%02d", m)
	case d.colons == 2:
		tail = fmt.Sprintf(":%02d:%02d", m, s)
	case d.colons == 3:
		switch {
		case s != 0:
			tail = fmt.Sprintf(":%02d:%02d", m, s)
		case m != 0:
			tail = fmt.Sprintf(":%02d", m)
		}
	default:
		return "", false
	}
	width := max(d.width-len(tail)-1, 2)
	hours := strconv.Itoa(h)
	if d.left && t.utc {
		sign = "-" // RFC 3339: in UTC, wherever that may be
	}
	if d.pad == ' ' {
		return strings.Repeat(" ", max(0, width-len(hours))) + sign + hours + tail, true
	}
	return sign + strings.Repeat("0", max(0, width-len(hours))) + hours + tail, true
}
