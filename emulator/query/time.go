package query

import (
	"strconv"
	"strings"
	"time"
)

// span is a stretch of time from lo (included) to hi (excluded); an end that is zero is open.
type span struct{ lo, hi time.Time }

func (s *span) holds(at time.Time) bool {
	return (s.lo.IsZero() || !at.Before(s.lo)) && (s.hi.IsZero() || at.Before(s.hi))
}

// parseTimes reads a Time: a moment or a range of moments. An end that is included is included whole: "..2026-07-01"
// takes all of that day.
func parseTimes(s string) (sp span, b bounds, ok bool) {
	b = splitRange(s)
	if b.lo != "" {
		from, to, ok := moment(b.lo)
		if !ok {
			return span{}, b, false
		}
		if sp.lo = from; b.above {
			sp.lo = to
		}
	}
	if b.hi != "" {
		from, to, ok := moment(b.hi)
		if !ok {
			return span{}, b, false
		}
		if sp.hi = to; b.below {
			sp.hi = from
		}
	}
	return sp, b, b.lo != "" || b.hi != ""
}

// momentLayouts are the ways to write a moment, and how long a moment written so lasts.
var momentLayouts = [...]struct {
	layout string
	lasts  time.Duration
}{
	{"2006-01-02", 24 * time.Hour},
	{"2006-01-02T15:04", time.Minute},
	{"2006-01-02T15:04Z07:00", time.Minute},
	{"2006-01-02T15:04:05", time.Second},
	{"2006-01-02T15:04:05Z07:00", time.Second},
}

// moment reads a moment as exact as it is written: a day, a minute, a second or a fraction of one. A blank may stand
// for the T. Without a zone it is UTC, as OpsLevel has it and as a query must mean the same on every machine.
func moment(s string) (from, to time.Time, ok bool) {
	s = strings.Replace(strings.ToUpper(s), " ", "T", 1)
	for _, m := range momentLayouts {
		t, err := time.Parse(m.layout, s)
		if err != nil {
			continue
		}
		lasts := m.lasts
		if _, fraction, has := strings.Cut(s, "."); has {
			for lasts = time.Second; len(fraction) > 0 && digits(fraction[:1]) && lasts > 1; fraction = fraction[1:] {
				lasts /= 10
			}
		}
		return t, t.Add(lasts), true
	}
	return time.Time{}, time.Time{}, false
}

// age is the boundary between newer and older: so long before now or, where since is set, that moment.
type age struct {
	ago   time.Duration
	since time.Time
}

// holds says whether at is on the newer side.
func (a *age) holds(at, now time.Time) bool {
	if a.since.IsZero() {
		return !at.Before(now.Add(-a.ago))
	}
	return !at.Before(a.since)
}

func parseAge(s string) (age, bool) {
	if d, ok := duration(s); ok {
		return age{ago: d}, true
	}
	from, _, ok := moment(s)
	return age{since: from}, ok
}

// maxAge bounds the sum of a duration, far from the end of what one holds.
const maxAge = 100 * 366 * 24 * time.Hour

// duration reads whole numbers with units, such as 90s, 1h30m or 2d.
func duration(s string) (total time.Duration, ok bool) {
	for s = strings.ToLower(s); s != ""; {
		n := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if n <= 0 {
			return 0, false
		}
		amount, err := strconv.ParseInt(s[:n], 10, 32)
		unit, rest := cutUnit(s[n:])
		if err != nil || unit == 0 || time.Duration(amount) > maxAge/unit {
			return 0, false
		}
		if total += time.Duration(amount) * unit; total > maxAge {
			return 0, false
		}
		s, ok = rest, true
	}
	return total, ok
}

func cutUnit(s string) (unit time.Duration, rest string) {
	for _, u := range [...]struct {
		name string
		unit time.Duration
	}{
		{"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour},
		{"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour},
	} {
		if rest, ok := strings.CutPrefix(s, u.name); ok {
			return u.unit, rest
		}
	}
	return 0, s
}
