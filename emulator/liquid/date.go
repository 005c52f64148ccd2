package liquid

import (
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
	t, ok := r.toTime(in)
	if !ok {
		return in, nil
	}
	s, err := r.strftime(t, format)
	if err != nil {
		return nil, err
	}
	return s, r.work(len(s))
}

// clockTime is a time and the name Ruby gives its zone: empty for an offset.
type clockTime struct {
	time.Time
	zone string
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
	return clockTime{t, name}
}

// maxSeconds bounds times since 1970, some 30 million years, where Go's
// calendar still counts right.
const maxSeconds = 1e15

func (r *run) toTime(v Value) (clockTime, bool) {
	switch v := v.(type) {
	case int64:
		return r.seconds(v)
	case string:
		return r.textToTime(v)
	case *big.Int:
		return clockTime{}, false
	}
	return clockTime{}, false
}

func (r *run) seconds(s int64) (clockTime, bool) {
	if s > maxSeconds || s < -maxSeconds {
		return clockTime{}, false
	}
	return r.local(time.Unix(s, 0)), true
}

func (r *run) textToTime(s string) (clockTime, bool) {
	if s == "" || len(s) > 4*maxDateText {
		return clockTime{}, false
	}
	s = strings.ToLower(s)
	switch {
	case s == "now" || s == "today":
		if r.options.Now == nil {
			return clockTime{}, false
		}
		return r.local(r.options.Now()), true
	case allDigits(s):
		v, err := r.digitsToInt(s, 10, false)
		if i, ok := v.(int64); ok && err == nil {
			return r.seconds(i)
		}
		return clockTime{}, false
	}
	parts, ok := parseDate(s)
	if !ok {
		return clockTime{}, false
	}
	return r.makeTime(parts)
}

// makeTime completes what was read as Ruby's Time.parse does: what is missing
// above the largest unit given comes from now, what is missing below is the start.
func (r *run) makeTime(p *dateParts) (clockTime, bool) {
	if !p.year.ok && !p.yday.ok && !p.month.ok && !p.day.ok && !p.hour.ok && !p.minute.ok && !p.second.ok && p.fraction == nil {
		return clockTime{}, false
	}
	if p.yday.ok {
		p.month, p.day = dayOfYear(p.yday.v, p.year)
	}
	offset, fixed := 0, false
	if p.zone != "" {
		year := p.year.v
		offset, fixed = zoneOffset(p.zone, year, r.zone())
	}
	if !p.complete(r, offset, fixed) {
		return clockTime{}, false
	}
	nanos := 0
	if p.fraction != nil {
		whole := new(big.Rat).Mul(p.fraction, big.NewRat(1e9, 1))
		nanos = int(truncRat(whole).Int64())
	}
	hour, minute, second := p.hour.v, p.minute.v, p.second.v
	if p.month.v < 1 || p.month.v > 12 || p.day.v < 1 || p.day.v > 31 || hour > 24 || minute > 59 || second > 60 ||
		hour == 24 && (minute > 0 || second > 0) {
		return clockTime{}, false
	}
	if p.year.v > 30_000_000 || p.year.v < -30_000_000 {
		return clockTime{}, false
	}
	if !fixed {
		t := time.Date(p.year.v, time.Month(p.month.v), p.day.v, hour, minute, second, nanos, r.zone())
		return r.local(t), true
	}
	t := time.Date(p.year.v, time.Month(p.month.v), p.day.v, hour, minute, second, nanos, time.UTC).Add(-time.Duration(offset) * time.Second)
	switch strings.ToUpper(p.zone) {
	case "Z", "-00:00", "-0000", "-00", "UTC", "UT":
		return clockTime{t.UTC(), "UTC"}, true
	}
	local := r.local(t)
	if _, o := local.Zone(); o == offset {
		return local, true
	}
	return clockTime{t.In(time.FixedZone("", offset)), ""}, true
}

// complete fills in the units that were not given.
func (p *dateParts) complete(r *run, offset int, fixed bool) bool {
	if !p.year.ok {
		if r.options.Now == nil {
			return false
		}
		now := r.options.Now().In(r.zone())
		if fixed {
			now = now.In(time.FixedZone("", offset))
		}
		p.year = some(now.Year())
		if !p.month.ok {
			p.month = some(int(now.Month()))
			if !p.day.ok {
				p.day = some(now.Day())
			}
		}
	}
	if !p.month.ok {
		p.month = some(1)
	}
	if !p.day.ok {
		p.day = some(1)
	}
	return true
}

// dayOfYear is the month and day of a day counted from 1.
func dayOfYear(day int, year maybe) (month, mday maybe) {
	y := 2001
	if year.ok {
		y = year.v
	}
	t := time.Date(y, 1, day, 0, 0, 0, 0, time.UTC)
	return some(int(t.Month())), some(t.Day())
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
