package deploy

import (
	"math"
	"strconv"
	"strings"
)

// timeOfDay takes the time and its zone: "17:03:05.5 +02:00", "5pm EST", "17h03m".
func (d *dateText) timeOfDay() {
	g := d.take(d.clock)
	if g == nil {
		return
	}
	d.zone = g[2]
	c := d.clockParts.FindStringSubmatch(g[1])
	if c == nil {
		return
	}
	d.hour = part{atoi(c[1]), true}
	if c[2] != "" {
		d.min = part{atoi(c[2]), true}
	}
	if c[3] != "" {
		d.sec = part{atoi(c[3]), true}
	}
	d.nsec = fractionNanos(c[4])
	if c[5] == "" {
		return
	}
	if d.hour.n > math.MaxInt32 {
		d.refused = true // Ruby raises a RangeError
		return
	}
	if d.hour.n %= 12; c[5] == "p" {
		d.hour.n += 12
	}
}

// date tries the forms of a date in Ruby's order, until one is found. Of a form that names no year nothing is kept: without
// a year there is no date.
func (d *dateText) date() {
	_ = d.take2(d.european, func(g []string) { d.setDate(g[4], monthNumber(g[2]), g[1]); d.bc = strings.HasPrefix(g[3], "b") }) ||
		d.take2(d.american, func(g []string) { d.setDate(g[4], monthNumber(g[1]), g[2]); d.bc = strings.HasPrefix(g[3], "b") }) ||
		d.take2(d.iso, func(g []string) { d.numericDate(g[1], g[2], g[3]) }) ||
		d.take2(d.japanese, d.japaneseEra) ||
		d.take2(d.vms, func(g []string) { d.setDate(g[3], monthNumber(g[2]), g[1]) }) ||
		d.take2(d.vmsMonthFirst, func(g []string) { d.setDate(g[3], monthNumber(g[1]), g[2]) }) ||
		d.take2(d.slashed, func(g []string) { d.numericDate(g[1], g[2], g[3]) }) ||
		d.take2(d.dotted, func(g []string) { d.numericDate(g[1], g[2], g[3]) }) ||
		d.isoWeekOrOrdinal() ||
		d.take2(d.apostropheYear, func(g []string) { d.year = part{atoi(g[1]), true} }) ||
		d.take(d.month) != nil ||
		d.take(d.dayOfMonth) != nil ||
		d.take2(d.compact, d.compactDate)
}

// isoWeekOrOrdinal takes ISO 8601's week, truncated and ordinal dates. Rails uses neither weeks nor days of the year,
// so that a week date names no year, as a truncated one does not, and an ordinal date its year alone.
func (d *dateText) isoWeekOrOrdinal() bool {
	if d.take(d.week) != nil || d.take(d.weekday2) != nil || d.take(d.monthDay) != nil || d.take(d.monthDayShort) != nil {
		return true
	}
	if !d.ordinalNot.MatchString(d.rest) &&
		d.take2(d.ordinal, func(g []string) { d.year, d.partial = part{atoi(g[1]), true}, true }) {
		return true
	}
	return !d.yearDayNot.MatchString(d.rest) && d.take(d.yearDay) != nil
}

// japaneseEra takes "H31.04.30": the era's initial, its year, month and day.
func (d *dateText) japaneseEra(g []string) {
	before := map[byte]int{'m': 1867, 't': 1911, 's': 1925, 'h': 1988, 'r': 2018}[g[1][0]]
	d.year, d.mon, d.mday = part{before + atoi(g[2]), true}, part{atoi(g[3]), true}, part{atoi(g[4]), true}
}

// lonelyNumber is a number of one or two digits that is all that is left: the day of a time, or the hour of a day.
func (d *dateText) lonelyNumber(g []string) {
	n := atoi(g[1])
	if d.hour.ok && !d.mday.ok && n >= 1 && n <= 31 {
		d.mday = part{n, true}
	}
	if d.mday.ok && !d.hour.ok && n <= 24 {
		d.hour = part{n, true}
	}
}

// finishYear counts backwards before Christ and gives a two-digit year its century: 69 to 99 are 19xx.
func (d *dateText) finishYear() {
	y := &d.year.n
	if d.bc {
		*y = 1 - *y
	}
	if d.century && 0 <= *y && *y <= 99 {
		if *y >= 69 {
			*y += 1900
		} else {
			*y += 2000
		}
	}
}

// numericDate is [dateText.setDate] for three numbers, of which the reader may think otherwise than Ruby.
func (d *dateText) numericDate(first, second, third string) {
	d.setDate(first, second, third)
	d.ambiguous = len(first) <= 2 && (third == "" || len(third) <= 2 ||
		d.mon.ok && d.mday.ok && d.mon.n <= 12 && d.mday.n <= 12 && d.mon.n != d.mday.n)
}

// setDate sorts out which of three texts is the year, the month and the day, and keeps their numbers. Empty is absent.
// Ruby's rules: without a third number the first two are month and day; a text with an apostrophe or of more than two
// characters is a year; and a year with something after its digits ("3rd") is a day.
func (d *dateText) setDate(y, m, day string) {
	yearLike := func(s string) bool { return s != "" && (s[0] == '\'' || len(s) > 2) }
	if y != "" && m != "" && day == "" {
		y, m, day = "", y, m
	}
	if y == "" && yearLike(day) {
		y, day = day, ""
	}
	if number, _, rest, ok := digitsOf(y, true); ok && rest != "" {
		y, day = day, number
	}
	if yearLike(m) { // month, day, year: as Americans write
		y, m, day = m, day, y
	}
	if yearLike(day) {
		y, day = day, y
	}
	if number, digits, _, ok := digitsOf(y, true); ok {
		d.year = part{atoi(number), true}
		if digits > 2 || digits < len(number) {
			d.century = false
		}
	}
	if number, _, _, ok := digitsOf(m, false); ok {
		d.mon = part{atoi(number), true}
	}
	if number, _, _, ok := digitsOf(day, false); ok {
		d.mday = part{atoi(number), true}
	}
}

// digitsOf finds the first number in s: its text (with a sign if signs count), how many digits it has and what
// follows. ok is false where there is none.
func digitsOf(s string, signs bool) (number string, digits int, rest string, ok bool) {
	i := 0
	for i < len(s) && !isDigit(s[i]) && !(signs && (s[i] == '-' || s[i] == '+')) {
		i++
	}
	if i == len(s) {
		return "", 0, "", false
	}
	end := i
	if !isDigit(s[end]) {
		end++
	}
	for end < len(s) && isDigit(s[end]) {
		end++
		digits++
	}
	return s[i:end], digits, s[end:], true
}

// monthNumber is the number of a month by its first three letters, as text.
func monthNumber(name string) string {
	return strconv.Itoa(strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", name)/3 + 1)
}
