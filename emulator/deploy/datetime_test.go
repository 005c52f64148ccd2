package deploy

import (
	"strings"
	"testing"
)

// dateLayout shows all that is kept of a time.
const dateLayout = "2006-01-02T15:04:05.999999Z"

// TestParseTime is a table of what Ruby 3.1's Date._parse and ActiveModel 6.1 make of each form; TestLiveDates asks them.
func TestParseTime(t *testing.T) {
	for _, test := range []struct {
		in, want string // "" is unreadable
	}{
		// What known senders write.
		{"2026-11-22T00:30:15.728782826Z", "2026-11-22T00:30:15.728782Z"},
		{"2026-03-01T10:00:00-08:00", "2026-03-01T18:00:00Z"},
		{"2019-02-01 13:28:33", "2019-02-01T13:28:33Z"},
		{"2026-01-02 03:04:05.678901", "2026-01-02T03:04:05.678901Z"},
		{"2026-02-26 10:11:12 +0000 UTC", "2026-02-26T10:11:12Z"},
		{"2026-02-26 10:11:12.123456789 +0530 IST m=+0.001", "2026-02-26T04:41:12.123456Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"Sun Nov 22 00:30:15 UTC 2026", "2026-11-22T00:30:15Z"},
		{"Sun Nov 22 2026 00:30:15 GMT+0100 (Central European Standard Time)", "2026-11-21T23:30:15Z"},
		{"Tue, 03 Mar 2026 10:00:00 GMT", "2026-03-03T10:00:00Z"},
		{"2026-01-02T03:04:05+02:00[Europe/Berlin]", "2026-01-02T01:04:05Z"},
		// ISO 8601.
		{"2026-03-01T09:23:43+0530", "2026-03-01T03:53:43Z"},
		{"2026-03-01T09:23:43+05", "2026-03-01T04:23:43Z"},
		{"2026-03-01T09:23:43-03:30", "2026-03-01T12:53:43Z"},
		{"2026-03-01t09:23:43z", "2026-03-01T09:23:43Z"},
		{"2026-01-02T03:04Z", "2026-01-02T03:04:00Z"},
		{"2026-01-02", "2026-01-02T00:00:00Z"},
		{"20260102", "2026-01-02T00:00:00Z"},
		{"20260102T030405Z", "2026-01-02T03:04:05Z"},
		{"20260102T030405.678+0200", "2026-01-02T01:04:05.678Z"},
		{"20260102030405", "2026-01-02T03:04:05Z"},
		{"2026-02-01T24:00:00Z", "2026-02-02T00:00:00Z"},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		{"2026-02-30 00:00:00", "2026-03-02T00:00:00Z"},
		{"2026-W05-3", ""},
		{"2026-045", "2026-01-01T00:00:00Z"},
		// Words and other orders.
		{"Mar 3 2026 5pm", "2026-03-03T17:00:00Z"},
		{"3rd Feb 2001 04:05:06 PM", "2001-02-03T16:05:06Z"},
		{"March 3, 2026 12 a.m.", "2026-03-03T00:00:00Z"},
		{"3-Mar-2026", "2026-03-03T00:00:00Z"},
		{"Feb 2026", "2026-02-01T00:00:00Z"},
		{"2026/01/02 03:04:05", "2026-01-02T03:04:05Z"},
		{"01/02/2026", "2026-02-01T00:00:00Z"},
		{"2/13/2026", ""},
		{"31.12.2026 23h59m", "2026-12-31T23:59:00Z"},
		{"10 Jan '26", "2026-01-10T00:00:00Z"},
		{"10 Jan 69", "1969-01-10T00:00:00Z"},
		{"10 Jan 68", "2068-01-10T00:00:00Z"},
		{"H31.04.30", "2019-04-30T00:00:00Z"},
		{"10:00 3 January 2026", "2026-01-03T10:00:00Z"},
		// A number that is left over is the day of a time, or the hour of a day.
		{"Jan 2026 10:00 5", "2026-01-05T10:00:00Z"}, {"Jan 2026 10:00 32", ""},
		{"2026-01-02 5", "2026-01-02T05:00:00Z"}, {"2026-01-02 31", "2026-01-02T00:00:00Z"},
		// Forms without a year.
		{"--03-05 2026", ""}, {"2026-W05-3", ""}, {"10:00 Feb", ""}, {"3rd 10:00", ""},
		// Zones.
		{"2019-02-01 13:28:33 EST", "2019-02-01T18:28:33Z"},
		{"20260102T030405[9:JST]", "2026-01-01T18:04:05Z"}, {"20260102T030405[-5]", "2026-01-02T08:04:05Z"},
		{"2019-02-01 13:28:33 pst dst", "2019-02-01T20:28:33Z"},
		{"2019-02-01 13:28:33 Eastern Daylight Time", "2019-02-01T17:28:33Z"},
		{"2019-02-01 13:28:33 W. Europe Standard Time", "2019-02-01T12:28:33Z"},
		{"2019-02-01 13:28:33 America/New_York", "2019-02-01T13:28:33Z"},
		{"2019-02-01 13:28:33 UTC+3", "2019-02-01T10:28:33Z"},
		{"2019-02-01 13:28:33 GMT-3.5", "2019-02-01T16:58:33Z"},
		{"2019-02-01 13:28:33 +01:02:03", "2019-02-01T12:26:30Z"},
		// Not a date, or none that can be kept.
		{"", ""}, {"  ", ""}, {"garbage", ""}, {"now", ""}, {"2026-13-45", ""}, {"1549027713", ""}, {"1549027713123", ""}, {"2026-02-01 25:00:00", ""},
		{"2026-02-32", ""}, {"2026-00-01", ""}, {"0000-00-00 00:00:00", ""}, {"12:00", ""}, {"2026", ""}, {"-0001-01-01", ""}, {"12026-01-01", ""},
		{"9999-12-31T23:59:59-01:00", ""}, {"1 Jan 2020 b.c.", ""}, {"2026-02-01 10:60:00", ""}, {"99999999999pm 2026-01-02", ""},
		{"2026-01-02" + strings.Repeat(" ", 118), "2026-01-02T00:00:00Z"}, {"2026-01-02" + strings.Repeat("é", 60), ""}, {"2026-01-02" + strings.Repeat(" ", 119), ""},
	} {
		m, ok := ParseTime(test.in)
		got := ""
		if ok {
			got = m.Time.Format(dateLayout)
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

// TestSendersFormsTakeTheFastPath: the other one would read most of them as well, a hundred times slower.
func TestSendersFormsTakeTheFastPath(t *testing.T) {
	for s, want := range map[string]bool{
		"2026-01-02T03:04:05Z": true, "2026-01-02 03:04:05": true, "2026-01-02\t03:04:05": true, "2026-01-02T03:04:05.123456789Z": true,
		"2026-01-02T03:04:05+02": true, "2026-01-02T03:04:05-0230": true, "2026-01-02T03:04:05+02:30": true,
		"2026-01-02x03:04:05Z": false, "2026-01-02T03:04:0xZ": false, "2026-01-02T03:04:05.Z": false, "2026-01-02T03:04:05 Z": false,
		"2026-01-02T03:04:05+2": false, "2026-01-02T03:04:05+023": false, "2026-01-02T03:04:05+0x": false, "2026-01-02T03:04:05EST": false, "2026-01-02": false,
	} {
		if _, ok := parseISO(s); ok != want {
			t.Errorf("%s: %v", s, ok)
		}
	}
}

func TestMoment(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Moment // without Time
	}{
		{"2026-01-02T03:04:05Z", Moment{Zoned: true}},
		{"2026-01-02T03:04:05+02:00", Moment{Zoned: true}},
		{"2026-01-02 03:04:05", Moment{}},
		{"2026-01-02", Moment{}},
		{"2026-01-02 03:04:05 EST", Moment{Zoned: true}},
		{"2026-01-02 03:04:05 America/New_York", Moment{IgnoredZone: "America/New_York"}},
		{"2026-01-02 03:04:05 Mars", Moment{IgnoredZone: "Mars"}},
		{"01/02/2026", Moment{Ambiguous: true}},
		{"1.2.2026", Moment{Ambiguous: true}},
		{"01-02-2026", Moment{Ambiguous: true}},
		{"01/02/03", Moment{Ambiguous: true}},
		{"02/02/2026", Moment{}},
		{"13/02/2026", Moment{}},
		{"2026/01/02", Moment{}},
		{"1712101012", Moment{Ambiguous: true}},
		{"260102", Moment{Ambiguous: true}},
		{"20260102", Moment{}},
		{"2026-02-30", Moment{RolledOver: true}},
		{"2024-02-29", Moment{}},
		{"2026-04-31T00:00:00Z", Moment{Zoned: true, RolledOver: true}},
		{"2026-045", Moment{Partial: true}},
		{"2026045", Moment{Partial: true}},
		{"Feb 2026", Moment{Partial: true}},
	} {
		m, ok := ParseTime(test.in)
		if !ok {
			t.Errorf("%q is unreadable", test.in)
		}
		m.Time = test.want.Time
		if m != test.want {
			t.Errorf("%q: %+v, want %+v", test.in, m, test.want)
		}
	}
}

// BenchmarkParseTime: the form that senders write, and one that needs Ruby's patterns.
func BenchmarkParseTime(b *testing.B) {
	for _, s := range []string{"2026-11-22T00:30:15.728782826Z", "Tue, 03 Mar 2026 10:00:00 GMT"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ParseTime(s)
			}
		})
	}
}
