package deploy

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// This file reads dates as Ruby's Date._parse does (date 3.2, https://ruby-doc.org/stdlib/libdoc/date/rdoc/Date.html):
// the weekday and the time of day are taken out of the text first, wherever they stand; then the forms of a date are
// tried one after the other, and the first that is found anywhere in the text wins. What is left over is ignored.

// parseLimit is the longest text Date._parse takes, in bytes.
const parseLimit = 128

// forms are the patterns, over text that [plain] has made lower case. They are compiled when the first date needs
// them, for most never do.
type forms struct {
	weekday, clock, clockParts, european, american, iso, japanese, vms, vmsMonthFirst, slashed, dotted,
	week, weekday2, monthDay, monthDayShort, ordinalNot, ordinal, yearDayNot, yearDay, apostropheYear, month, dayOfMonth,
	compact, era, fragment *regexp.Regexp
}

var datePatterns = sync.OnceValue(func() *forms {
	const (
		month    = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`
		era      = `(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?`
		halfDay  = `[ap](?:m\b|\.m\.)`
		signed   = `('?-?\d+)`
		unsigned = `('?\d+)`
		zone     = `((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?|[a-z. ]+(?:standard|daylight) time\b|[a-z]+(?: dst)?\b)`
		colons   = `\d+ *: *\d+(?: *: *\d+(?:[,.]\d*)?)?`
		hours    = `\d+ *h(?: *\d+m?(?: *\d+s?)?)?`
	)
	re := regexp.MustCompile
	return &forms{
		weekday:        re(`\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d ]*`),
		clock:          re(`((?:` + colons + `|` + hours + `)(?: *` + halfDay + `)?|\d+ *` + halfDay + `)(?: *` + zone + `)?`),
		clockParts:     re(`^(\d+)h?(?: *:? *(\d+)m?(?: *:? *(\d+)(?:[,.](\d+))?s?)?)?(?: *([ap])(?:m\b|\.m\.))?`),
		european:       re(unsigned + `[^-\d ]* *` + month + `[^-\d ']*(?: *` + era + ` *('?-?\d+(?:(?:st|nd|rd|th)\b)?))?`),
		american:       re(`\b` + month + `[^-\d ']* *` + unsigned + `[^-\d ']*(?: *,? *` + era + ` *` + signed + `)?`),
		iso:            re(`('?[-+]?\d+)-(\d+)-` + signed),
		japanese:       re(`\b([mtshr])(\d+)\.(\d+)\.(\d+)`),
		vms:            re(signed + `-` + month + `[^-/.]*-` + signed),
		vmsMonthFirst:  re(`\b` + month + `[^-/.]*-` + signed + `(?:-` + signed + `)?`),
		slashed:        re(signed + `/ *` + unsigned + `(?:\D *` + signed + `)?`),
		dotted:         re(signed + `\. *` + unsigned + `\. *` + signed),
		week:           re(`\b(?:\d{2}|\d{4})?-?w\d{2}(?:-?\d)?\b`),
		weekday2:       re(`-w-\d\b`),
		monthDay:       re(`--(\d{2})?-(\d{2})\b`),
		monthDayShort:  re(`--(\d{2})(\d{2})?\b`),
		ordinalNot:     re(`[,.](?:\d{2}|\d{4})-\d{3}\b`),
		ordinal:        re(`\b(\d{2}|\d{4})-\d{3}\b`),
		yearDayNot:     re(`\d-\d{3}\b`),
		yearDay:        re(`\b-\d{3}\b`),
		apostropheYear: re(`'(\d+)\b`),
		month:          re(`\b` + month + `[^ ]*`),
		dayOfMonth:     re(`(\d+)(?:st|nd|rd|th)\b`),
		compact:        re(`([-+]?)(\d{2,14})(?: *t? *(\d{2,6})?([,.]\d*)?)?(?: *(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\]))?`),
		era:            re(`\b(?:bc\b|bce\b|b\.c\.|b\.c\.e\.)`),
		fragment:       re(`^ *(\d{1,2}) *$`),
	}
})

// dateText is a text from which the parts that were understood are taken away, and the fields they gave.
type dateText struct {
	rest    string
	refused bool
	*forms
	fields
}

// parseAny reads s as Date._parse does. ok is false when s is too long or names nothing at all.
func parseAny(s string) (fields, bool) {
	if len(s) > parseLimit || !strings.ContainsAny(s, "0123456789") {
		return fields{}, false // a text without a digit names no year
	}
	d := dateText{rest: plain(s), forms: datePatterns()}
	d.century = true
	d.take(d.weekday)
	d.timeOfDay()
	d.date()
	d.take2(d.era, func([]string) { d.bc = true })
	d.take2(d.fragment, d.lonelyNumber)
	d.finishYear()
	if d.zone != "" && !d.zoned {
		d.offset, d.zoned = zoneOffset(d.zone)
		if !d.zoned {
			d.zone = wholeZone(s, d.zone)
		}
	}
	return d.fields, !d.refused
}

// plain is s in lower case, with each run of characters that no date needs turned into one blank. Letters beyond
// ASCII stay letters, but such as no pattern names.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r < 0x80 && strings.ContainsRune("-+',./:@[]", r):
			b.WriteByte(byte(r))
		case r >= 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteString("qqq")
		default:
			if b.Len() == 0 || b.String()[b.Len()-1] != ' ' {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// take finds the pattern anywhere in the text, puts a blank in its place and returns its groups; nil for no match. An
// empty group may also be one that did not take part: the patterns have no group that can match nothing.
func (d *dateText) take(re *regexp.Regexp) []string {
	at := re.FindStringSubmatchIndex(d.rest)
	if at == nil {
		return nil
	}
	groups := make([]string, len(at)/2)
	for i := range groups {
		if at[2*i] >= 0 {
			groups[i] = d.rest[at[2*i]:at[2*i+1]]
		}
	}
	d.rest = d.rest[:at[0]] + " " + d.rest[at[1]:]
	return groups
}

// take2 is [dateText.take] with what to do about a match; it says whether there was one.
func (d *dateText) take2(re *regexp.Regexp, found func(groups []string)) bool {
	g := d.take(re)
	if g != nil {
		found(g)
	}
	return g != nil
}
