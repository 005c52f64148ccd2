package finding

import (
	"strconv"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// dates are the findings about the three dates of a deploy.
func dates(c *Case, f []Finding) []Finding {
	d := &c.Deploy
	noZone := "" // one note is enough for all dates of a request
	if d.DeployedAtSent != "" && !refused(c, "deployed_at") {
		f, noZone = date(f, noZone, "deployed_at", d.DeployedAtSent, &d.DeployedAt)
		if _, local := localTime(d.DeployedAt.Sub(c.senderNow())); noZone == "" || !local {
			f = dateFar(c, f)
		}
	}
	if d.Commit != nil {
		f, noZone = date(f, noZone, "commit.date", d.Commit.DateSent, d.Commit.Date)
		f, noZone = date(f, noZone, "commit.authoring_date", d.Commit.AuthoringDateSent, d.Commit.AuthoringDate)
	}
	if noZone != "" {
		f = append(f, dateNoZone(c, noZone))
	}
	return f
}

func refused(c *Case, field string) bool {
	for _, p := range c.Problems {
		if p.Field == field {
			return true
		}
	}
	return false
}

// date reads one date again for what is odd about it. It passes on the first field that names no zone.
func date(f []Finding, noZone, field, sent string, read *time.Time) ([]Finding, string) {
	if sent == "" || plainUTC(sent) {
		return f, noZone
	}
	if plainLocal(sent) {
		if noZone == "" {
			noZone = field
		}
		return f, noZone
	}
	m, ok := deploy.ParseTime(sent)
	if read == nil || !ok {
		return append(f, dateUnreadable(field, sent)), noZone
	}
	if m.IgnoredZone != "" {
		f = append(f, zoneIgnored(field, sent, m))
	} else if !m.Zoned && noZone == "" {
		noZone = field
	}
	switch {
	case m.Ambiguous:
		f = append(f, readAs("date.ambiguous", field, sent, m, ambiguity(sent)))
	case m.RolledOver:
		f = append(f, readAs("date.rolled_over", field, sent, m, "The month has no such day, and Rails counts on into the next month."))
	case m.Partial:
		f = append(f, readAs("date.partial", field, sent, m, "A part of the date is missing, and Rails puts the first day or month in its place."))
	}
	return f, noZone
}

func ambiguity(sent string) string {
	if digits(sent) {
		return "A number, such as the seconds since 1970, is not a date to Rails: Ruby takes its digits for a year, a month and a day."
	}
	return "It can be read in more than one way, and Ruby takes the day before the month."
}

// plainUTC says whether a date is of the form that nearly all senders use, 2026-01-31T16:20:00Z with or without a
// fraction, on a day that every month has: nothing about it can be odd.
func plainUTC(s string) bool {
	const shape = "dddd-dd-ddTdd:dd:dd"
	return len(s) > len(shape) && s[len(s)-1] == 'Z' && plain19(s, shape) &&
		(len(s) == 20 || s[19] == '.' && len(s) > 21 && digits(s[20:len(s)-1]))
}

// plainLocal is the same for the form of the page's examples, 2026-01-31 16:20:00: nothing is odd but that it names no zone.
func plainLocal(s string) bool {
	const shape = "dddd-dd-dd dd:dd:dd"
	return len(s) == len(shape) && plain19(s, shape)
}

// plain19 says whether a date begins in that shape, and names a time of a day that every month has.
func plain19(s, shape string) bool {
	for i := range len(shape) {
		if c := shape[i]; c == 'd' && (s[i] < '0' || s[i] > '9') || c != 'd' && s[i] != c {
			return false
		}
	}
	return s[5:7] >= "01" && s[5:7] <= "12" && s[8:10] >= "01" && s[8:10] <= "28" && s[11:13] < "24" && s[14] < '6' && s[17] < '6'
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

const sendRFC3339 = "Send the date as RFC 3339 with a zone, for example 2026-01-31T16:20:00Z."

func dateUnreadable(field, sent string) Finding {
	return Finding{
		ID: "date.unreadable", Severity: Warning, Field: field,
		Evidence:    field + " is " + quote(sent) + ", which is no date that can be read.",
		Explanation: "OpsLevel takes the deploy with a 202 and keeps no date for the commit.",
		Cure:        sendRFC3339,
	}
}

func zoneIgnored(field, sent string, m deploy.Moment) Finding {
	return Finding{
		ID: "date.zone_ignored", Severity: Warning, Field: field,
		Evidence:    field + " is " + quote(sent) + ", and is read as " + m.Time.Format(time.RFC3339) + ".",
		Explanation: "Ruby does not know the zone " + quote(m.IgnoredZone) + " and reads the time as UTC without a word, hours away from what was meant.",
		Cure:        "Send the offset instead of the name of the zone (+02:00), or UTC with a Z.",
	}
}

func readAs(id, field, sent string, m deploy.Moment, why string) Finding {
	return Finding{
		ID: id, Severity: Warning, Field: field,
		Evidence:    field + " is " + quote(sent) + ", and is read as " + m.Time.Format(time.RFC3339) + ".",
		Explanation: why,
		Cure:        sendRFC3339,
	}
}

// dateNoZone is a note, but for a deployed_at that is whole hours from the clock, as the local time of a zone is.
func dateNoZone(c *Case, field string) Finding {
	x := Finding{
		ID: "date.no_zone", Severity: Note, Field: field,
		Evidence:    field + " names no zone.",
		Explanation: "OpsLevel reads a date without a zone as UTC.",
		Cure:        "Send UTC with a Z at its end (date -u +%Y-%m-%dT%H:%M:%SZ), or an offset such as +02:00.",
	}
	if field != "deployed_at" {
		return x
	}
	if offset, ok := localTime(c.Deploy.DeployedAt.Sub(c.senderNow())); ok && !c.Now.IsZero() {
		x.Severity = Warning
		x.Evidence = "deployed_at names no zone, and is " + apart(offset) + " the clock."
		x.Explanation = "It looks like local time, and OpsLevel reads it as UTC: the deploy stands at the wrong hour."
	}
	return x
}

// localTime says whether a date is as far from the clock as the local time of a zone: whole half hours, up to 14.
func localTime(d time.Duration) (time.Duration, bool) {
	const slack = 90 * time.Second
	rounded := d.Round(30 * time.Minute)
	return rounded, (d-rounded).Abs() <= slack && rounded.Abs() >= time.Hour && rounded.Abs() <= 14*time.Hour
}

// apart is a distance from the clock in words.
func apart(d time.Duration) string {
	side := " ahead of"
	if d < 0 {
		side = " behind"
	}
	d = d.Abs()
	switch {
	case d >= 48*time.Hour:
		return strconv.Itoa(int(d/(24*time.Hour))) + " days" + side
	case d >= time.Hour:
		if d = d.Round(time.Minute); d == time.Hour {
			return "1 hour" + side
		}
		return strconv.FormatFloat(d.Hours(), 'g', 3, 64) + " hours" + side
	}
	return plural(int(d.Round(time.Minute)/time.Minute), "minute") + side
}

// senderNow is the time that the sender goes by: the emulator's, or where that was moved the machine's, whichever is
// nearer to deployed_at.
func (c *Case) senderNow() time.Time {
	at := c.Deploy.DeployedAt
	if c.Machine.IsZero() || at.Sub(c.Now).Abs() <= at.Sub(c.Machine).Abs() {
		return c.Now
	}
	return c.Machine
}

// dateFar are the findings about a deployed_at that is not about now.
func dateFar(c *Case, f []Finding) []Finding {
	const skew, old = 5 * time.Minute, 30 * 24 * time.Hour
	at, now := c.Deploy.DeployedAt, c.senderNow()
	switch d := at.Sub(now); {
	case c.Now.IsZero():
	case d <= skew && at.Sub(c.Now) > skew:
		return append(f, Finding{
			ID: "date.future", Severity: Note, Field: "deployed_at",
			Evidence:    "deployed_at is " + apart(at.Sub(c.Now)) + " the emulator's clock, which was moved, and not ahead of the machine's.",
			Explanation: "The sender goes by the real time, and the emulator does not.",
			Cure:        "Nothing to do for the sender; bubblelevel clock shows and moves the emulator's clock.",
		})
	case d > skew:
		return append(f, Finding{
			ID: "date.future", Severity: Warning, Field: "deployed_at",
			Evidence:    "deployed_at is " + apart(d) + " the clock.",
			Explanation: "OpsLevel takes a deploy of the future as it is; the cause is mostly local time sent as UTC, or a wrong clock.",
			Cure:        sendRFC3339,
		})
	case at.Year() <= 1970:
		return append(f, Finding{
			ID: "date.past", Severity: Warning, Field: "deployed_at",
			Evidence:    "deployed_at is " + at.Format(time.RFC3339) + ", the zero of a clock.",
			Explanation: "A date that was never set is sent as the year 1 or 1970, and OpsLevel files the deploy there.",
			Cure:        "Set deployed_at before sending, for example to the output of date -u +%Y-%m-%dT%H:%M:%SZ.",
		})
	case d < -old:
		return append(f, Finding{
			ID: "date.past", Severity: Note, Field: "deployed_at",
			Evidence:    "deployed_at is " + apart(d) + " the clock.",
			Explanation: "OpsLevel files the deploy at that date, where nobody looks for it; a date copied from an example stays the same for ever.",
			Cure:        "Nothing to do for an old deploy that is reported late; otherwise send the time of the deploy.",
		})
	}
	return f
}
