package deploy

import "strings"

// Layouts of digits without separators, by their number: Y year, M month, D day, J day of the year, h, m, s. Ruby
// reads a date from its front; but digits that are followed at once by a decimal fraction are read from their end,
// as a time with as much of a date before it as there is room for.
const (
	frontLayouts = "DD JJJ MMDD YYJJJ YYMMDD YYYYJJJ YYYYMMDD YYYYMMDDhh YYYYMMDDhhmm YYYYMMDDhhmmss"
	endLayouts   = "ss mss mmss hmmss hhmmss Dhhmmss DDhhmmss MMDDhhmmss YYMMDDhhmmss YYYYMMDDhhmmss"
	frontTimes   = "hh hhmm hhmmss"
	endTimes     = "ss mmss hhmmss"
)

// compactDate takes "20260102T030405.5+0200" and shorter forms of it. Groups: sign, date digits, time digits, fraction
// with its separator, zone.
func (d *dateText) compactDate(g []string) {
	dates, times := frontLayouts, frontTimes
	fraction := g[4] != ""
	if fraction {
		d.nsec = fractionNanos(g[4][1:])
		times = endTimes
		if g[3] == "" {
			dates = endLayouts
		}
	}
	d.digits(dates, g[2], g[1] == "-")
	d.digits(times, g[3], false)
	// Ten digits are more often the seconds since 1970 than a day with its hour, and six a short form of any order.
	d.ambiguous = g[3] == "" && !fraction && (len(g[2]) == 10 || len(g[2]) == 6)
	switch zone := g[5]; {
	case strings.HasPrefix(zone, "["):
		d.bracketZone(strings.Trim(zone, "[]"))
	case zone != "":
		d.zone = zone
	}
}

// bracketZone reads the inside of "[+9:JST]" or "[-5]".
func (d *dateText) bracketZone(s string) {
	number, _, _ := strings.Cut(s, ":")
	if isDigit(number[0]) {
		number = "+" + number
	}
	d.zone = s
	d.offset, d.zoned = zoneOffset(number)
}

// digits reads text by the layout of its length, if there is one. A year of four digits is not given a century.
func (d *dateText) digits(layouts, text string, negativeYear bool) {
	for _, layout := range strings.Fields(layouts) {
		if len(layout) != len(text) {
			continue
		}
		if strings.HasPrefix(layout, "YYYYM") {
			d.century = false
		}
		for len(layout) > 0 {
			width := strings.LastIndexByte(layout, layout[0]) + 1
			d.set(layout[0], atoi(text[:width]), negativeYear)
			layout, text = layout[width:], text[width:]
		}
		return
	}
}

func (d *dateText) set(letter byte, n int, negativeYear bool) {
	switch letter {
	case 'Y':
		if negativeYear {
			n = -n
		}
		d.year = part{n, true}
	case 'M':
		d.mon = part{n, true}
	case 'D':
		d.mday = part{n, true}
	case 'J':
		d.partial = true
	case 'h':
		d.hour = part{n, true}
	case 'm':
		d.min = part{n, true}
	case 's':
		d.sec = part{n, true}
	}
}
