package liquid

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDatesAgainstRuby compares what the filter date reads and writes.
func TestDatesAgainstRuby(t *testing.T) {
	ruby := startRuby(t)
	g := &generator{rand.New(rand.NewPCG(*rubySeed, 1))}
	wrong := 0
	for range *rubyCount {
		text, format := g.dateText(), g.dateFormat()
		data, err := json.Marshal(map[string]string{"d": text, "f": format})
		if err != nil {
			t.Fatal(err)
		}
		const template = "{{ d | date: f }}"
		want := ruby.ask(t, template, data, "lax", nil)
		got := outcomeOf(template, decoded(t, data), Options{})
		if want.Output == nil || *want.Output == got.output {
			continue
		}
		if wrong++; wrong <= 25 {
			t.Errorf("%q with %q: Ruby %q, here %q", text, format, *want.Output, got.output)
		}
	}
	t.Logf("seed %d: %d of %d differ", *rubySeed, wrong, *rubyCount)
}

func (g *generator) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + g.IntN(10))
	}
	return string(b)
}

func (g *generator) dateText() string {
	month := g.pick("Jan", "january", "FEB", "Mar.", "april", "may", "Sept", "Dec", "Octember")
	day := g.pick("1", "02", "31", "30", "14th", "3rd", "0", "99", "'05")
	year := g.pick("2022", "99", "'68", "5", "1969", "20222", "-44", "70")
	number := g.pick("1", "6", "06", "12", "13", "29", "00")
	date := g.pick(
		month+" "+day+", "+year, day+" "+month+" "+year, month+" "+day, month+" "+year, day+month+year,
		year+"-"+number+"-"+day, number+"/"+day+"/"+year, year+"/"+number+"/"+day, day+"."+number+"."+year, number+"/"+day,
		day+"-"+month+"-"+year, month+"-"+day, "H31.04.30", "2022-W05-3", "2022-180", "--06-29", "-w-3", year, month, day,
		g.digits(2+g.IntN(13)), "202-06-29", "monday", "Tue "+month+" "+day, "3 b.c.", "", "now", "today")
	clock := g.pick("", "", "12:30", "5:06pm", "22:43:06.619978", "22:43:06,5", "12pm", "12 am", "5h", "5h30m10s", "24:00", "25:00", "12:61", "1:2:3", "12:30:60", "7 p.m.")
	zone := g.pick("", "", "Z", " UTC", " +0200", "+02:00", "-0530", " EST", " pdt", " GMT+3", " CET", "+2", "-00:00", " A", "j", " eastern standard time", "+123456", " foo")
	text := date + g.pick(" ", " ", "T", ", ", "") + clock + zone
	if g.IntN(5) == 0 {
		text = g.garble(text)
	}
	if strings.TrimSpace(text) == "" {
		return "2022"
	}
	return text
}

func (g *generator) dateFormat() string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		b.WriteString("%" + g.pick("", "", "", "-", "0", "^", "#", "_", ":", "-^", "0_") + g.pick("", "", "", "3", "10", "05") + g.pick("", "", "", "E", "O", ":") +
			g.pick("Y", "C", "y", "m", "B", "b", "h", "d", "e", "j", "H", "k", "I", "l", "P", "p", "M", "S", "L", "N", "z", "Z", "A", "a", "u", "w", "G", "g", "V", "U", "W", "s",
				"n", "t", "%", "c", "D", "F", "T", "R", "r", "x", "X", "v", "+", "Q", "q", "i", " ", "é", ""))
		b.WriteString(g.pick(" ", "-", ""))
	}
	if g.IntN(3) > 0 {
		return "%Y-%m-%d %H:%M:%S.%N %z %Z"
	}
	return b.String()
}
