package liquid

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Ruby's Date._parse, which Time.parse builds on: it looks for a weekday, a time
// of day and one of many forms of a date, anywhere in the text. The text is in
// lower case already, since the date filter lowers it.

// maxDateText is the longest text Ruby reads.
const maxDateText = 128

// maybe is a number that may not have been given.
type maybe struct {
	v  int
	ok bool
}

func some(v int) maybe { return maybe{v, true} }

type dateParts struct {
	year, month, day, yday, hour, minute, second maybe

	fraction *big.Rat // of a second
	zone     string
	bc       bool // the year counts backwards
	asIs     bool // the year is not short for one of this century
	tooLarge bool // a number is no int of C's, which breaks Ruby's own code
}

const monthNames = `jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec`
const eraWord = `c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.)`

// dateForms are the patterns of Date._parse, made when the first date is read.
type dateForms struct {
	noise, weekday, clockAndZone, clock, eu, us, iso, week, iso3, iso4, jis, vms1, vms2, slash, dot, yday, noYday, yday2, noYd2, quotedYear, month, mday, digits, bc, frag *regexp.Regexp
}

var theDateForms = sync.OnceValue(func() *dateForms {
	re := regexp.MustCompile
	return &dateForms{
		noise:   re(`[^-+',./:@\pL\pN\[\]]+`),
		weekday: re(`\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d\s]*`),
		clockAndZone: re(`((?:\d+\s*:\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|\d+\s*h(?:\s*\d+m?(?:\s*\d+s?)?)?)(?:\s*[ap](?:m\b|\.m\.))?|\d+\s*[ap](?:m\b|\.m\.))` +
			`(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?|[\pL.\s]+(?:standard|daylight)\stime\b|\pL+(?:\sdst)?\b))?`),
		clock:      re(`^(\d+)h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.](\d*))?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?`),
		eu:         re(`('?\d+)[^-\d\s]*\s*(` + monthNames + `)[^-\d\s']*(?:\s*(` + eraWord + `)?\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?`),
		us:         re(`\b(` + monthNames + `)[^-\d\s']*\s*('?\d+)[^-\d\s']*(?:\s*,?\s*(` + eraWord + `)?\s*('?-?\d+))?`),
		iso:        re(`('?[-+]?\d+)-(\d+)-('?-?\d+)`),
		week:       re(`\b(?:\d{2}|\d{4})?-?w\d{2}(?:-?\d)?\b|-w-\d\b`),
		iso3:       re(`--(\d{2})?-(\d{2})\b`),
		iso4:       re(`--(\d{2})(\d{2})?\b`),
		jis:        re(`\b([mtshr])(\d+)\.(\d+)\.(\d+)`),
		vms1:       re(`('?-?\d+)-(` + monthNames + `)[^-/.]*-('?-?\d+)`),
		vms2:       re(`\b(` + monthNames + `)[^-/.]*-('?-?\d+)(?:-('?-?\d+))?`),
		slash:      re(`('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?`),
		dot:        re(`('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)`),
		yday:       re(`\b(\d{2}|\d{4})-(\d{3})\b`),
		noYday:     re(`[,.](?:\d{2}|\d{4})-\d{3}(?:\D|$)`),
		yday2:      re(`\b-(\d{3})\b`),
		noYd2:      re(`\d-\d{3}(?:\D|$)`),
		quotedYear: re(`'(\d+)\b`),
		month:      re(`\b(` + monthNames + `)\S*`),
		mday:       re(`(\d+)(?:st|nd|rd|th)\b`),
		digits:     re(`([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?([,.]\d*)?)?\s*(z\b|[-+]\d{1,4}\b)?`),
		bc:         re(`\b(?:bc\b|bce\b|b\.c\.|b\.c\.e\.)`),
		frag:       re(`^\s*(\d{1,2})\s*$`),
	}
})

// dateReader holds the text while its parts are found and cut out.
type dateReader struct {
	s     string
	forms *dateForms
	dateParts
	bad bool // a number too large to be one
}

// parseDate reads s; ok is false if it is too long, broken tells of a number too
// large for Ruby's own code.
func parseDate(s string) (p *dateParts, broken, ok bool) {
	if p, ok := parseTimestamp(s); ok {
		return p, false, true
	}
	if runeCount(s) > maxDateText {
		return nil, false, false
	}
	d := &dateReader{forms: theDateForms()}
	d.s = d.forms.noise.ReplaceAllString(s, " ")
	d.take(d.forms.weekday)
	d.readTime()
	d.readDate()
	if d.take(d.forms.bc) != nil {
		d.bc = true
	}
	if m := d.forms.frag.FindStringSubmatch(d.s); m != nil {
		v := d.number(m[1])
		if d.hour.ok && !d.day.ok && v >= 1 && v <= 31 {
			d.day = some(v)
		}
		if d.day.ok && !d.hour.ok && v <= 24 {
			d.hour = some(v)
		}
	}
	if d.year.ok {
		if d.bc {
			d.year.v = -d.year.v + 1
		}
		if !d.asIs && d.year.v >= 0 && d.year.v <= 99 {
			if d.year.v >= 69 {
				d.year.v += 1900
			} else {
				d.year.v += 2000
			}
		}
	}
	return &d.dateParts, d.bad, true
}

// take finds re, cuts the match out and answers its groups.
func (d *dateReader) take(re *regexp.Regexp) []string {
	at := re.FindStringSubmatchIndex(d.s)
	if at == nil {
		return nil
	}
	groups := make([]string, len(at)/2)
	for i := range groups {
		if at[2*i] >= 0 {
			groups[i] = d.s[at[2*i]:at[2*i+1]]
		}
	}
	d.s = d.s[:at[0]] + " " + d.s[at[1]:]
	return groups
}

func (d *dateReader) number(s string) int {
	v, err := strconv.Atoi(s)
	if err != nil {
		d.bad = true
	}
	return v
}

func monthNumber(name string) maybe { return some(strings.Index(monthNames, name)/4 + 1) }

func (d *dateReader) readTime() {
	m := d.take(d.forms.clockAndZone)
	if m == nil {
		return
	}
	d.zone = m[2]
	c := d.forms.clock.FindStringSubmatch(m[1])
	if c == nil {
		return
	}
	hour := d.number(c[1])
	if c[5] != "" {
		d.bad = d.bad || hour > math.MaxInt32
		hour %= 12
		if c[5] == "p" {
			hour += 12
		}
	}
	d.hour = some(hour)
	if c[2] != "" {
		d.minute = some(d.number(c[2]))
	}
	if c[3] != "" {
		d.second = some(d.number(c[3]))
	}
	if c[4] != "" {
		d.fraction = fractionOf(c[4])
	}
}

func fractionOf(digits string) *big.Rat {
	q, ok := new(big.Rat).SetString("0." + digits + "0")
	if !ok {
		return nil
	}
	return q
}

// readDate tries the forms of a date in Ruby's order.
func (d *dateReader) readDate() {
	if m := d.take(d.forms.eu); m != nil {
		d.month = monthNumber(m[2])
		d.setDate(m[4], "", m[1], isBC(m[3]))
		return
	}
	if m := d.take(d.forms.us); m != nil {
		d.month = monthNumber(m[1])
		d.setDate(m[4], "", m[2], isBC(m[3]))
		return
	}
	if m := d.take(d.forms.iso); m != nil {
		d.setDate(m[1], m[2], m[3], false)
		return
	}
	if m := d.take(d.forms.jis); m != nil {
		d.year = some(d.number(m[2]) + map[string]int{"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}[m[1]])
		d.month, d.day = some(d.number(m[3])), some(d.number(m[4]))
		return
	}
	if m := d.take(d.forms.vms1); m != nil {
		d.month = monthNumber(m[2])
		d.setDate(m[3], "", m[1], false)
		return
	}
	if m := d.take(d.forms.vms2); m != nil {
		d.month = monthNumber(m[1])
		d.setDate(m[3], "", m[2], false)
		return
	}
	if m := d.take(d.forms.slash); m != nil {
		d.setDate(m[1], m[2], m[3], false)
		return
	}
	if m := d.take(d.forms.dot); m != nil {
		d.setDate(m[1], m[2], m[3], false)
		return
	}
	d.readFragment()
}

func isBC(era string) bool { return strings.HasPrefix(era, "b") }

// readFragment reads what is left when no whole date was found.
func (d *dateReader) readFragment() {
	if d.take(d.forms.week) != nil {
		return // weeks are not used by Time.parse
	}
	if m := d.take(d.forms.iso3); m != nil {
		if m[1] != "" {
			d.month = some(d.number(m[1]))
		}
		d.day = some(d.number(m[2]))
		return
	}
	if m := d.take(d.forms.iso4); m != nil {
		d.month = some(d.number(m[1]))
		if m[2] != "" {
			d.day = some(d.number(m[2]))
		}
		return
	}
	if !d.forms.noYday.MatchString(d.s) {
		if m := d.take(d.forms.yday); m != nil {
			d.year, d.yday = some(d.number(m[1])), some(d.number(m[2]))
			return
		}
	}
	if !d.forms.noYd2.MatchString(d.s) {
		if m := d.take(d.forms.yday2); m != nil {
			d.yday = some(d.number(m[1]))
			return
		}
	}
	if m := d.take(d.forms.quotedYear); m != nil {
		d.year = some(d.number(m[1]))
		return
	}
	if m := d.take(d.forms.month); m != nil {
		d.month = monthNumber(m[1])
		return
	}
	if m := d.take(d.forms.mday); m != nil {
		d.day = some(d.number(m[1]))
		return
	}
	if m := d.take(d.forms.digits); m != nil {
		d.readDigits(m)
	}
}

// setDate sorts out which of three texts is the year, the month and the day. m
// is empty where the month is known by its name.
func (d *dateReader) setDate(y, m, day string, bc bool) {
	named := d.month.ok
	const none = ""
	if named && y != none && day == none || !named && y != none && m != none && day == none {
		y, m, day = day, y, m
	}
	if y == none {
		if len(day) > 2 || strings.HasPrefix(day, "'") {
			y, day = day, none
		}
	}
	if y != none {
		start := strings.IndexAny(y, "+-0123456789")
		if start >= 0 {
			end := start
			if y[end] == '+' || y[end] == '-' {
				end++
			}
			if end = digitsEnd(y, end); end < len(y) {
				y, day = day, y[start:end]
			}
		}
	}
	if m != none && (m[0] == '\'' || len(m) > 2) {
		y, m, day = m, day, y // month first becomes year first
	}
	if day != none && (day[0] == '\'' || len(day) > 2) {
		y, day = day, y
	}
	if y != none {
		d.setYear(y)
	}
	if bc {
		d.bc = true
	}
	if m != none {
		d.month = some(d.number(leadingDigits(m)))
	}
	if day != none {
		d.day = some(d.number(leadingDigits(day)))
	}
}

func (d *dateReader) setYear(y string) {
	start := strings.IndexAny(y, "+-0123456789")
	if start < 0 {
		return
	}
	signed := y[start] == '+' || y[start] == '-'
	end := start
	if signed {
		end++
	}
	digits := end
	end = digitsEnd(y, end)
	if signed || end-digits > 2 {
		d.asIs = true
	}
	d.year = some(d.number(y[start:end]))
}

// leadingDigits is the first run of digits in s.
func leadingDigits(s string) string {
	start := strings.IndexAny(s, "0123456789")
	if start < 0 {
		return s
	}
	return s[start:digitsEnd(s, start)]
}

// readDigits reads 20220629 and its shorter and longer relatives.
func (d *dateReader) readDigits(m []string) {
	sign, s, clock, fraction, zone := m[1], m[2], m[3], m[4], m[5]
	fromEnd := clock == "" && fraction != ""
	if fromEnd {
		d.digitsFromEnd(s)
	} else {
		d.digitsFromStart(sign, s)
	}
	if len(clock)%2 == 0 {
		d.readClockDigits(clock, fraction != "")
	}
	if fraction != "" {
		d.fraction = fractionOf(fraction[1:])
	}
	if zone != "" {
		d.zone = zone
	}
}

// digitsFromEnd reads ...DDHHMMSS, which a fraction of a second follows.
func (d *dateReader) digitsFromEnd(s string) {
	if len(s) > 8 && len(s)%2 == 1 {
		return // no form that Ruby knows
	}
	for _, field := range []*maybe{&d.second, &d.minute, &d.hour, &d.day, &d.month} {
		if s == "" {
			return
		}
		n := max(0, len(s)-2)
		*field = some(d.number(s[n:]))
		s = s[:n]
	}
	if s != "" {
		d.year = some(d.number(s))
		d.asIs = len(s) > 2
	}
}

// digitsFromStart reads days, months and years by the number of digits.
func (d *dateReader) digitsFromStart(sign, s string) {
	at := func(i int) maybe { return some(d.number(s[i : i+2])) }
	year := func(n int) {
		d.year = some(d.number(sign + s[:n]))
		d.asIs = len(s) >= 8
	}
	switch len(s) {
	case 2:
		d.day = at(0)
	case 3:
		d.yday = some(d.number(s))
	case 4:
		d.month, d.day = at(0), at(2)
	case 5:
		year(2)
		d.yday = some(d.number(s[2:]))
	case 6:
		year(2)
		d.month, d.day = at(2), at(4)
	case 7:
		year(4)
		d.yday = some(d.number(s[4:]))
	case 8, 10, 12, 14:
		year(4)
		d.month, d.day = at(4), at(6)
		for i, field := range []*maybe{&d.hour, &d.minute, &d.second} {
			if len(s) >= 10+2*i {
				*field = at(8 + 2*i)
			}
		}
	}
}

func (d *dateReader) readClockDigits(s string, fraction bool) {
	fields := []*maybe{&d.hour, &d.minute, &d.second}
	if fraction { // the fraction belongs to seconds, so the last digits are those
		fields = fields[max(0, 3-(len(s)+1)/2):]
	}
	for _, field := range fields {
		if len(s) < 2 {
			return
		}
		*field = some(d.number(s[:2]))
		s = s[2:]
	}
}

// parseTimestamp reads the one form that nearly all contexts use,
// 2022-06-29t22:43:06.619978z with an offset or without, as the search above
// would, but at once.
func parseTimestamp(s string) (*dateParts, bool) {
	const shape = "0000-00-00t00:00:00"
	if len(s) < len(shape) {
		return nil, false
	}
	for i := range len(shape) {
		switch c := shape[i]; {
		case c == '0' && !isDigit(s[i]), c == 't' && s[i] != 't' && s[i] != ' ', c != '0' && c != 't' && s[i] != c:
			return nil, false
		}
	}
	at := func(i int) maybe { return some(int(s[i]-'0')*10 + int(s[i+1]-'0')) }
	p := &dateParts{year: some(at(0).v*100 + at(2).v), month: at(5), day: at(8), hour: at(11), minute: at(14), second: at(17), asIs: true}
	rest := s[len(shape):]
	if rest != "" && rest[0] == '.' {
		end := digitsEnd(rest, 1)
		if end == 1 || end > 10 {
			return nil, false
		}
		p.fraction = fractionOf(rest[1:end])
		rest = rest[end:]
	}
	p.zone = strings.TrimPrefix(rest, " ")
	_, numeric := numericOffset(p.zone)
	return p, rest == "" || p.zone == "z" || p.zone == "utc" || numeric
}
