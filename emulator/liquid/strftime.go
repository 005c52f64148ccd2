package liquid

import (
	"fmt"
	"strconv"
	"strings"
)

// Ruby's Time#strftime.

// directive is one %-sequence: flags, width, colons and the letter.
type directive struct {
	pad    byte // '0', ' ', '-' for none, 0 for the letter's own
	upper  bool // ^
	swap   bool // #
	width  int  // 0 if not given
	colons int
	letter byte
}

// maxDirectiveWidth is where Ruby gives up.
const maxDirectiveWidth = 1 << 16

func (r *run) strftime(t clockTime, format string) (string, error) {
	b := make([]byte, 0, len(format)+32)
	for i := 0; i < len(format); {
		if format[i] != '%' {
			b = append(b, format[i])
			i++
			continue
		}
		d, end := parseDirective(format, i)
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
		switch c := s[i]; c {
		case '-', '0':
			d.pad = c
		case '_':
			d.pad = ' '
		case '^':
			d.upper = true
		case '#':
			d.swap = true
		case ':':
			d.colons++
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
			if (c == 'E' || c == 'O') && i+1 < len(s) && isLetter(s[i+1]) {
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
	if d.colons > 0 && d.letter != 'z' {
		return "", false
	}
	if pattern := compositePattern(d.letter); pattern != "" {
		s := strftimePlain(t, pattern)
		return d.text(s, ' '), true
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
		return "%e-%^b-%Y"
	case '+':
		return "%a %b %e %H:%M:%S %Z %Y"
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
	if d.pad == '-' || len(s) >= width {
		return s
	}
	if d.pad != 0 {
		pad = d.pad
	}
	return strings.Repeat(string(pad), width-len(s)) + s
}

// numberOf answers the number of a directive, its usual width and padding.
func numberOf(t clockTime, letter byte) (v int64, width int, pad byte, ok bool) {
	n, width, pad := 0, 2, byte('0')
	switch letter {
	case 'C':
		n = floorDiv(t.Year(), 100)
	case 'd':
		n = t.Day()
	case 'e':
		n, pad = t.Day(), ' '
	case 'G':
		n, _ = t.ISOWeek()
		width = yearWidth(n)
	case 'g':
		n, _ = t.ISOWeek()
		n -= floorDiv(n, 100) * 100
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
	case 's':
		return t.Unix(), 1, '0', true
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
		n = t.Year()
		width = yearWidth(n)
	case 'y':
		n = t.Year() - floorDiv(t.Year(), 100)*100
	default:
		return 0, 0, 0, false
	}
	return int64(n), width, pad, true
}

func yearWidth(year int) int {
	if year < 0 {
		return 5
	}
	return 4
}

func floorDiv(a, b int) int {
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
	if d.pad == '0' || d.pad == 0 && pad == '0' {
		if v < 0 {
			return "-" + d.padded(strconv.FormatInt(-v, 10), width-1, '0')
		}
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
	switch d.pad {
	case '-':
		return sign + hours + tail, true
	case ' ':
		return strings.Repeat(" ", max(0, width-len(hours))) + sign + hours + tail, true
	}
	return sign + strings.Repeat("0", max(0, width-len(hours))) + hours + tail, true
}
