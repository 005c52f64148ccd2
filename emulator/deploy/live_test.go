package deploy

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

var liveCases = flag.Int("live", 5000, "how many generated dates to compare with Ruby, where it is installed")

// TestLiveDates compares the reading of generated dates with Ruby's own.
func TestLiveDates(t *testing.T) {
	ruby := startRuby(t)
	rng := rand.New(rand.NewPCG(3, 4))
	read, zoned := 0, 0
	for range *liveCases {
		s := randomDate(rng)
		want, got := ruby(s), dateLine(s)
		if strings.HasPrefix(want, "-") || len(want) > 4 && want[4] != '-' {
			want = "nil" // a year that only Ruby can hold
		}
		if got != want {
			t.Errorf("%q\n got %s\nwant %s", s, got, want)
		}
		if want != "nil" {
			read++
		}
		if strings.HasSuffix(want, "true") {
			zoned++
		}
	}
	t.Logf("%d dates compared: %d readable, %d with a zone", *liveCases, read, zoned)
}

func dateLine(s string) string {
	m, ok := ParseTime(s)
	if !ok {
		return "nil"
	}
	return fmt.Sprintf("%s %v", m.Time.Format("2006-01-02T15:04:05.000000"), m.Zoned)
}

// startRuby returns a function that asks a child process what Ruby makes of a date.
func startRuby(t *testing.T) func(string) string {
	t.Helper()
	if err := exec.Command("ruby", "-rdate", "-e", `exit Date::VERSION.start_with?("3.2.")`).Run(); err != nil {
		t.Skip("Ruby with date 3.2 is not installed")
	}
	cmd := exec.Command("ruby", "testdata/dates.rb")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewReader(out)
	return func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(in, "%s\n", b)
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%v for %q", err, s)
		}
		return strings.TrimSpace(line)
	}
}

var dateTokens = []string{
	"2026", "1999", "26", "99", "'26", "01", "02", "3", "12", "13", "31", "30", "24", "60", "0", "00", "045", "366", "W05", "w05-3", "3rd", "1st", "22nd", "4th",
	"Jan", "feb", "March", "Sept", "DEC", "may", "Mon", "tuesday", "Sun,", "-", "-", "/", "/", ".", ":", ":", " ", " ", " ", "T", "t", "Z", "z", ",", "@", "(", ")",
	"10:11:12", "10:11", "5pm", "5 p.m.", "12am", "10h11m12s", "23:59:60", "24:00:00", ".5", ",678", ".123456789", "UTC", "GMT", "EST", "PDT", "JST", "CEST", "IST", "X",
	"+0200", "-08:00", "+5", "-3.5", "+01:30:15", "UTC+2", "gmt-0330", "America/New_York", "Eastern Standard Time", "pacific daylight time", "W. Europe Standard Time", "EST dst",
	"BC", "b.c.", "AD", "H31.04.30", "r2.5.6", "s1.2.3", "20260102", "20260102T030405", "20260102030405", "202601020304", "2026010203", "260102", "1549027713", "2026045", "26045",
	"2026-01-02", "2026/01/02", "01/02/2026", "2.1.2026", "2-Jan-2026", "Jan-2-2026", "[+9:JST]", "[-5]", "+", "_", "é", "now", "2026-02-30", "2026-W05-3", "2026-045", "--01-02", "-w-3", "20260102T030405.678Z",
}

// randomDate is a date in one of many forms, or pieces of dates in any order.
func randomDate(rng *rand.Rand) string {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	switch rng.IntN(4) {
	case 0:
		var b strings.Builder
		for range rng.IntN(7) + 1 {
			b.WriteString(dateTokens[rng.IntN(len(dateTokens))])
		}
		return b.String()
	case 1:
		words := make([]string, rng.IntN(5)+1)
		for i := range words {
			words[i] = dateTokens[rng.IntN(len(dateTokens))]
		}
		return strings.Join(words, " ")
	}
	y, mo, d := rng.IntN(130)+1950, rng.IntN(14), rng.IntN(33)
	name := pick("Jan", "February", "mar", "Apr.", "May", "JUN", "July", "aug", "Sep", "Oct", "november", "Dec")
	day := pick("Sun", "Mon", "Tuesday", "Wed,", "")
	date := pick(
		fmt.Sprintf("%04d-%02d-%02d", y, mo, d), fmt.Sprintf("%d-%d-%d", y, mo, d), fmt.Sprintf("%02d-%02d-%02d", y%100, mo, d), fmt.Sprintf("%04d/%02d/%02d", y, mo, d),
		fmt.Sprintf("%02d/%02d/%04d", mo, d, y), fmt.Sprintf("%d/%d/%02d", mo, d, y%100), fmt.Sprintf("%d.%d.%d", d, mo, y), fmt.Sprintf("%04d%02d%02d", y, mo, d),
		fmt.Sprintf("%s %d %s %d", day, d, name, y), fmt.Sprintf("%s %s %d, %d", day, name, d, y), fmt.Sprintf("%d-%s-%d", d, name, y), fmt.Sprintf("%dth %s '%02d", d, name, y%100),
		fmt.Sprintf("%d-W%02d-%d", y, d, mo), fmt.Sprintf("%d-%03d", y, d*11), fmt.Sprintf("%s %d", name, y), fmt.Sprintf("%d", y), fmt.Sprintf("%s %s %2d", day, name, d),
	)
	h, mi, s := rng.IntN(26), rng.IntN(61), rng.IntN(62)
	clock := pick(
		"", fmt.Sprintf("%02d:%02d:%02d", h, mi, s), fmt.Sprintf("%02d:%02d", h, mi), fmt.Sprintf("%02d:%02d:%02d.%03d", h, mi, s, rng.IntN(1000)),
		fmt.Sprintf("%d:%02d %s", h%13, mi, pick("am", "PM", "p.m.")), fmt.Sprintf("%d%s", h%13, pick("am", "pm")), fmt.Sprintf("%02d%02d%02d", h, mi, s), fmt.Sprintf("%dh%dm", h, mi),
		fmt.Sprintf("%02d:%02d:%02d,%d", h, mi, s, rng.IntN(1000000000)),
	)
	zone := pick("", "", "Z", " UTC", " GMT", "+02:00", "-0800", " +05", " +0530", " EST", " PDT", " CET", " -0500 (EST)", " GMT+0100 (Central European Standard Time)", " America/New_York",
		" +0000 UTC", " Pacific Time", "[Europe/Berlin]", " +00:00 m=+0.1", " utc-3", " J", " +1.25")
	out := date + pick(" ", "T", " ", ", ", " at ") + clock + zone
	if rng.IntN(6) == 0 {
		out = clock + zone + " " + date
	}
	return out
}
