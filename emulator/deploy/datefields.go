package deploy

import "time"

// part is a number that the text of a date may or may not have named.
type part struct {
	n  int
	ok bool
}

// or is the number, or the given one where the text named none.
func (p part) or(n int) int {
	if p.ok {
		return p.n
	}
	return n
}

// offset is a distance from UTC. It is no time.Duration because Ruby takes offsets of any number of hours.
type offset struct{ seconds, nanos int }

// fields are what the text of a date names.
type fields struct {
	year, mon, mday, hour, min, sec part
	nsec                            int
	// zoned says that the offset from UTC is known; zone is the text of a zone, known or not.
	zoned  bool
	offset offset
	zone   string
	// century says that a two-digit year still needs one, bc that the year counts backwards.
	century, bc bool
	// What Moment tells of the reading.
	ambiguous, partial bool
}

// moment makes the fields a time by the rules of Ruby's Time.utc: month and day default to the first, a day up to 31
// runs over into the next month, and 24:00:00 and the leap second into the next day or minute.
func (f *fields) moment() (Moment, bool) {
	year, mon, mday := f.year.n, f.mon.or(1), f.mday.or(1)
	hour, min, sec := f.hour.n, f.min.n, f.sec.n
	switch {
	case !f.year.ok, year < 0, year > maxYear,
		year == 0 && f.mon.ok && mon == 0 && f.mday.ok && mday == 0, // MySQL's zero date is nothing
		mon < 1 || mon > 12,
		mday < 1 || mday > 31,
		hour < 0 || hour > 24 || hour == 24 && (min > 0 || sec > 0),
		min < 0 || min > 59,
		sec < 0 || sec > 60:
		return Moment{}, false
	}
	t := time.Date(year, time.Month(mon), mday, hour, min, sec, f.nsec/1000*1000, time.UTC)
	m := Moment{
		Time:       time.Unix(t.Unix()-int64(f.offset.seconds), int64(t.Nanosecond()-f.offset.nanos)).UTC().Truncate(time.Microsecond),
		Zoned:      f.zoned,
		Ambiguous:  f.ambiguous,
		Partial:    f.partial || !f.mon.ok || !f.mday.ok,
		RolledOver: mday > 28 && mday > daysIn(year, mon),
	}
	if !f.zoned {
		m.IgnoredZone = f.zone
	}
	if y := m.Time.Year(); y < 0 || y > maxYear {
		return Moment{}, false
	}
	return m, true
}

// maxYear is the last year that JSON's dates (RFC 3339) and a MySQL datetime can hold.
const maxYear = 9999

func daysIn(year, mon int) int {
	return time.Date(year, time.Month(mon)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// fractionNanos is the decimal fraction 0.digits in nanoseconds.
func fractionNanos(digits string) int {
	n := 0
	for i := range 9 {
		n *= 10
		if i < len(digits) {
			n += int(digits[i] - '0')
		}
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// hugeNumber is where atoi stops counting: far beyond every range that is checked, far below an overflow.
const hugeNumber = 1 << 40

// atoi is the number at the start of s, with an optional sign; digits beyond hugeNumber do not count.
func atoi(s string) int {
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative, s = s[0] == '-', s[1:]
	}
	n := 0
	for i := 0; i < len(s) && isDigit(s[i]); i++ {
		if n = n*10 + int(s[i]-'0'); n > hugeNumber {
			n = hugeNumber
		}
	}
	if negative {
		return -n
	}
	return n
}
