package deploy

import "time"

// Moment is what Ruby makes of the text of a date.
type Moment struct {
	// Time is in UTC, cut to the microseconds that a database column keeps.
	Time time.Time
	// Zoned says that the text gave an offset or a zone that Ruby knows. Without one the text is read as UTC.
	Zoned bool
	// IgnoredZone is a zone in the text that Ruby does not know ("America/New_York"): it is read as UTC all the same.
	IgnoredZone string
	// Ambiguous says that the text can be read as another day: Ruby takes "01/02/2026" for 1 February, "01-02-03" for
	// 3 February 2001 and "1712101012" (seconds since 1970) for a day of the year 1712.
	Ambiguous bool
	// RolledOver says that the text names a day that its month does not have: "2026-02-30" becomes 2 March.
	RolledOver bool
	// Partial says that the month or the day is not in the text, or is in a form that Rails does not use (ordinal
	// dates such as "2026-045"), so that the first stands in for it.
	Partial bool
}

// ParseTime reads a date as a datetime column of a Rails application in UTC does: ActiveModel's fast path for
// ISO 8601, then whatever Ruby's Date._parse understands. ok is false where Rails would keep nothing, and where the
// year is outside 0 to 9999, which neither JSON nor a database of OpsLevel's could carry.
//
// One difference is on purpose: Rails 6.1 reads the minutes of a negative offset with the wrong sign, so that
// "-03:30" is two and a half hours; here, as in later versions, it is three and a half.
func ParseTime(s string) (m Moment, ok bool) {
	f, ok := parseISO(s)
	if ok {
		if m, ok = f.moment(); ok {
			return m, true
		}
	}
	f, ok = parseAny(s)
	if !ok {
		return Moment{}, false
	}
	return f.moment()
}

// parseISO reads "2026-01-02T03:04:05.678901+02:00": T or a blank in the middle, fraction and offset optional, the
// offset with or without its colon or minutes.
func parseISO(s string) (f fields, ok bool) {
	const shortest = len("2026-01-02T03:04:05")
	if len(s) < shortest || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' {
		return f, false
	}
	if c := s[10]; c != 'T' && c != ' ' && (c < '\t' || c > '\r') {
		return f, false
	}
	ok = true
	number := func(at, width int) part {
		n := 0
		for _, c := range []byte(s[at : at+width]) {
			if c < '0' || c > '9' {
				ok = false
			}
			n = n*10 + int(c-'0')
		}
		return part{n, true}
	}
	f.year, f.mon, f.mday = number(0, 4), number(5, 2), number(8, 2)
	f.hour, f.min, f.sec = number(11, 2), number(14, 2), number(17, 2)
	if !ok {
		return f, false
	}
	rest, ok := f.fraction(s[shortest:])
	if !ok {
		return f, false
	}
	return f, f.isoOffset(rest)
}

// fraction takes a decimal fraction of the second off the front of s, if there is one.
func (f *fields) fraction(s string) (rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return s, true
	}
	end := 1
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	f.nsec = fractionNanos(s[1:end])
	return s[end:], end > 1
}

// isoOffset reads all of s as an ISO offset: nothing, Z, +02, +0230 or +02:30.
func (f *fields) isoOffset(s string) bool {
	switch {
	case s == "":
		return true
	case s == "Z":
		f.zoned = true
		return true
	case s[0] != '+' && s[0] != '-':
		return false
	}
	digits := s[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	if len(digits) != 2 && len(digits) != 4 {
		return false
	}
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return false
		}
	}
	seconds := atoi(digits[:2]) * 3600
	if len(digits) == 4 {
		seconds += atoi(digits[2:]) * 60
	}
	if s[0] == '-' {
		seconds = -seconds
	}
	f.zoned, f.offset = true, offset{seconds: seconds}
	return true
}
