package liquid

import (
	"math"
	"math/big"
	"strings"
	"time"
)

// dateFilter formats a time: a number or digits are seconds since 1970, text is
// read as Ruby's Time.parse reads it. What is no time passes through.
func dateFilter(r *run, in Value, args []Value) (Value, error) {
	format, err := r.textOf(args[0])
	if err != nil {
		return nil, err
	}
	if format == "" {
		return in, nil
	}
	t, ok, err := r.toTime(in)
	if !ok {
		return in, err
	}
	s, err := r.strftime(t, format)
	if err != nil {
		return nil, err
	}
	return s, r.work(len(s))
}

// clockTime is a time as Ruby has it. Years repeat every 400, which lets Go's
// calendar serve times far beyond its own range.
type clockTime struct {
	time.Time
	zone   string // Ruby's name of the zone: empty for an offset
	utc    bool   // in UTC by its own word, not by the zone of the place
	cycles int64  // times 400 years, to be added
}

// cycleSeconds is the length of 400 years.
const cycleSeconds = 146097 * 86400

func (t clockTime) year() int64 { return int64(t.Year()) + 400*t.cycles }

func (t clockTime) isoYear() int64 {
	y, _ := t.ISOWeek()
	return int64(y) + 400*t.cycles
}

// epoch is the seconds since 1970, as text.
func (t clockTime) epoch() string {
	n := new(big.Int).Mul(big.NewInt(t.cycles), big.NewInt(cycleSeconds))
	return n.Add(n, big.NewInt(t.Unix())).String()
}

func (r *run) zone() *time.Location {
	if r.options.Zone != nil {
		return r.options.Zone
	}
	return time.UTC
}

func (r *run) local(t time.Time) clockTime {
	t = t.In(r.zone())
	name, _ := t.Zone()
	return clockTime{Time: t, zone: name}
}

// toTime is the time that v stands for; ok is false, and v printed as it is,
// where it stands for none.
func (r *run) toTime(v Value) (t clockTime, ok bool, err error) {
	switch v := v.(type) {
	case int64, *big.Int:
		t, ok = r.seconds(v)
	case string:
		return r.textToTime(v)
	}
	return t, ok, nil
}

// seconds is the time some seconds after 1970.
func (r *run) seconds(v Value) (clockTime, bool) {
	cycles, rest := new(big.Int).DivMod(toBig(v), big.NewInt(cycleSeconds), new(big.Int))
	if cycles.BitLen() > 50 { // a year that is no int64 any more
		return clockTime{}, false
	}
	t := r.local(time.Unix(rest.Int64(), 0))
	t.cycles = cycles.Int64()
	return t, true
}

func (r *run) textToTime(s string) (t clockTime, ok bool, err error) {
	if s == "" || len(s) > 4*maxDateText {
		return t, false, nil
	}
	s = strings.ToLower(s)
	switch {
	case s == "now" || s == "today":
		if r.options.Now != nil {
			t, ok = r.local(r.options.Now()), true
		}
		return t, ok, nil
	case allDigits(s):
		v, err := r.digitsToInt(s, 10, false)
		if err == nil {
			t, ok = r.seconds(v)
		}
		return t, ok, err
	}
	if err := r.work(dateWork); err != nil {
		return t, false, err
	}
	parts, broken, ok := parseDate(s)
	if broken {
		return t, false, internalError()
	}
	if ok {
		t, ok = r.makeTime(parts)
	}
	if parts != nil && parts.tooLarge {
		return t, false, internalError()
	}
	return t, ok, nil
}

// makeTime completes what was read as Ruby's Time.parse does: what is missing
// above the largest unit given comes from now, what is missing below is the start.
func (r *run) makeTime(p *dateParts) (clockTime, bool) {
	if !p.year.ok && !p.yday.ok && !p.month.ok && !p.day.ok && !p.hour.ok && !p.minute.ok && !p.second.ok && p.fraction == nil {
		return clockTime{}, false
	}
	year := p.year.v
	if !p.year.ok {
		if r.options.Now == nil {
			return clockTime{}, false
		}
		year = r.options.Now().In(r.zone()).Year()
	}
	if p.yday.ok {
		return r.makeYearDay(*p, year)
	}
	offset, fixed := 0, false
	if p.zone != "" {
		offset, fixed = zoneOffset(p.zone, year, r.zone())
	}
	p.complete(r, offset, fixed)
	if fixed {
		p.toUTC(offset)
	}
	p.tooLarge = max(p.month.v, p.day.v, p.hour.v, p.minute.v, p.second.v) > math.MaxInt32
	if p.month.v < 1 || p.month.v > 12 || p.day.v < 1 || p.day.v > 31 || p.hour.v > 24 || p.minute.v > 59 || p.second.v > 60 ||
		p.hour.v == 24 && (p.minute.v > 0 || p.second.v > 0) {
		return clockTime{}, false
	}
	cycles := floorDiv(int64(p.year.v), 400)
	if cycles >= 0 && cycles < 25 {
		cycles = 0 // Go's calendar and zones know these years
	}
	at := func(zone *time.Location) time.Time {
		nanos := 0
		if p.fraction != nil {
			nanos = int(truncRat(new(big.Rat).Mul(p.fraction, big.NewRat(1e9, 1))).Int64())
		}
		return time.Date(int(int64(p.year.v)-400*cycles), time.Month(p.month.v), p.day.v, p.hour.v, p.minute.v, p.second.v, nanos, zone)
	}
	if !fixed {
		t := r.local(at(r.zone()))
		t.cycles = cycles
		return t, true
	}
	t := at(time.UTC)
	switch strings.ToUpper(p.zone) {
	case "Z", "-00:00", "-0000", "-00", "UTC", "UT":
		return clockTime{Time: t, zone: "UTC", utc: true, cycles: cycles}, true
	}
	local := r.local(t)
	local.cycles = cycles
	if _, o := local.Zone(); o == offset {
		return local, true
	}
	const day = 86400
	if offset <= -day || offset >= day {
		return clockTime{}, false
	}
	return clockTime{Time: t.In(time.FixedZone("", offset)), cycles: cycles}, true
}

// makeYearDay finds the month and day of a day of the year as Ruby does: it
// guesses, looks at the day that comes of it, and corrects the guess.
func (r *run) makeYearDay(p dateParts, year int) (clockTime, bool) {
	day := p.yday.v - 1
	if day < 0 {
		return clockTime{}, false
	}
	p.yday = maybe{}
	month, mday := some(day/31+1), some(day%31+1)
	guess := p
	guess.month, guess.day = month, mday
	t, ok := r.makeTime(&guess)
	if !ok {
		return t, false
	}
	diff := day + 1 - t.YearDay()
	if diff == 0 {
		return t, true
	}
	mday.v += diff
	if days, known := monthDays(year, month.v); mday.v > 28 && known && mday.v > days {
		if month.v++; month.v > 12 {
			return clockTime{}, false
		}
		mday.v -= days
	}
	p.month, p.day = month, mday
	return r.makeTime(&p)
}

// toUTC takes the offset away, unit by unit as Ruby does, which forgives days
// that a month does not have.
func (p *dateParts) toUTC(offset int) {
	carry := func(unit *maybe, add, size int) int {
		v := unit.v + add
		carried := v / size
		if v%size < 0 {
			carried--
		}
		unit.v = v - carried*size
		return carried
	}
	seconds := -offset
	minutes, hours := 0, 0
	sign := 1
	if seconds < 0 {
		sign, seconds = -1, -seconds
	}
	minutes, seconds = seconds/60, seconds%60
	hours, minutes = minutes/60, minutes%60
	days := hours / 24
	hours %= 24
	if seconds != 0 {
		minutes += sign * carry(&p.second, sign*seconds, 60)
	}
	if minutes != 0 {
		hours += sign * carry(&p.minute, sign*minutes, 60)
	}
	if hours != 0 {
		days += sign * carry(&p.hour, sign*hours, 24)
	}
	if days != 0 {
		p.day.v += sign * days
		p.keepInMonth(sign)
	}
}

// keepInMonth goes to the next month's first or the last month's last day where
// an offset leads out of the month. Ruby looks at the side of the offset only.
func (p *dateParts) keepInMonth(side int) {
	days, known := monthDays(p.year.v, p.month.v)
	switch {
	case side > 0 && known && p.day.v > days:
		p.day.v = 1
		if p.month.v++; p.month.v > 12 {
			p.month.v = 1
			p.year.v++
		}
	case side < 0 && p.day.v < 1:
		if p.month.v--; p.month.v < 1 {
			p.month.v = 12
			p.year.v--
		}
		p.day.v, _ = monthDays(p.year.v, p.month.v)
	}
}

// monthDays is the length of a month; of month 0, as in Ruby, December's.
func monthDays(year, month int) (days int, known bool) {
	if month < 0 || month > 12 {
		return 0, false
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day(), true
}

// complete fills in the units that were not given; the clock is there if the
// year is missing.
func (p *dateParts) complete(r *run, offset int, fixed bool) {
	if !p.year.ok {
		now := r.options.Now().In(r.zone())
		if fixed {
			now = now.In(time.FixedZone("", offset))
		}
		p.year = some(now.Year())
		for _, unit := range []struct {
			field *maybe
			now   int
		}{{&p.month, int(now.Month())}, {&p.day, now.Day()}, {&p.hour, now.Hour()}, {&p.minute, now.Minute()}, {&p.second, now.Second()}} {
			if unit.field.ok {
				break
			}
			*unit.field = some(unit.now)
		}
	}
	if !p.month.ok {
		p.month = some(1)
	}
	if !p.day.ok {
		p.day = some(1)
	}
}

// zoneOffset is the offset from UTC, in seconds, of a zone by its name.
func zoneOffset(zone string, year int, local *time.Location) (int, bool) {
	zone = strings.ToUpper(zone)
	if n, ok := numericOffset(zone); ok {
		return n, true
	}
	if hours, ok := zoneHours(zone); ok {
		return hours * 3600, true
	}
	for _, month := range []time.Month{time.January, time.July} {
		name, offset := time.Date(year, month, 1, 0, 0, 0, 0, local).Zone()
		if strings.ToUpper(name) == zone {
			return offset, true
		}
	}
	return 0, false
}

// numericOffset reads +hh, +hhmm, +hh:mm, +hhmmss and +hh:mm:ss.
func numericOffset(zone string) (int, bool) {
	if len(zone) < 3 || zone[0] != '+' && zone[0] != '-' {
		return 0, false
	}
	digits := zone[1:]
	switch len(digits) {
	case 5, 8:
		if digits[2] != ':' || len(digits) == 8 && digits[5] != ':' {
			return 0, false
		}
		digits = strings.ReplaceAll(digits, ":", "")
	}
	if len(digits)%2 != 0 || len(digits) > 6 || !allDigits(digits) {
		return 0, false
	}
	seconds, unit := 0, 3600
	for ; digits != ""; digits = digits[2:] {
		seconds += unit * (int(digits[0]-'0')*10 + int(digits[1]-'0'))
		unit /= 60
	}
	if zone[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// zoneHours knows the zones of RFC 822, military letters included.
func zoneHours(zone string) (int, bool) {
	switch zone {
	case "UTC", "Z", "UT", "GMT":
		return 0, true
	case "EST", "CDT":
		return -5, true
	case "EDT":
		return -4, true
	case "CST", "MDT":
		return -6, true
	case "MST", "PDT":
		return -7, true
	case "PST":
		return -8, true
	}
	if len(zone) != 1 {
		return 0, false
	}
	switch c := zone[0]; {
	case c >= 'A' && c <= 'I':
		return int(c-'A') + 1, true
	case c >= 'K' && c <= 'M':
		return int(c-'K') + 10, true
	case c >= 'N' && c <= 'Y':
		return -int(c-'N') - 1, true
	}
	return 0, false
}
