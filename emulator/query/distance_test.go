package query_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func TestMisses(t *testing.T) {
	first := samples()[0]
	for _, c := range []struct{ query, field, want, got string }{
		{"environment:staging", "environment", "staging", "Production"},
		{"environment:staging,qa", "environment", "staging or qa", "Production"},
		{"service:x", "service", "x", "shopping_cart, cart"},
		{"title:x", "title", "x", ""},
		{"not:result:ok", "result", "anything but ok", "ok"},
		{"http:4xx", "http", "4xx", "202"},
		{"seq:10..", "seq", "10..", "9"},
		{"duplicate_of:1", "duplicate_of", "1", ""},
		{"number:>234", "number", ">234", "234"},
		{"newer:5s", "newer", "newer than 5s", "2026-07-01T10:30:00.25Z"},
		{"older:5m", "older", "older than 5m", "2026-07-01T10:30:00.25Z"},
		{"newer:2026-07-02", "newer", "2026-07-02 or later", "2026-07-01T10:30:00.25Z"},
		{"older:2026-06-02", "older", "before 2026-06-02", "2026-07-01T10:30:00.25Z"},
		{"at:2026-07-02..", "at", "2026-07-02..", "2026-07-01T10:30:00.25Z"},
		{"branch:feature/*", "branch", "feature/*", "main"},
		{"branch:~x", "branch", `text with "x"`, "main"},
		{"branch:/x/", "branch", "/x/", "main"},
		{"has:title", "title", "any value", ""},
		{"not:has:seq", "seq", "nothing", "9"},
		{"not:has:title,sha", "sha", "nothing", "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5"},
		{"nowhere", "text", `text with "nowhere"`, ""},
		{"not:curl not:POST not:cart", "text", `not text with "cart"`, ""},
		{"header.user-agent:x", "header.user-agent", "x", "curl/8.5.0"},
	} {
		d := parse(t, c.query).Distance(first, now)
		if len(d.Misses) != 1 || d.Total-d.Matched != 1 {
			t.Errorf("%s: %+v", c.query, d)
			continue
		}
		if m := d.Misses[0]; string(m.Field) != c.field || m.Want != c.want || m.Got != c.got || !strings.Contains(c.query, m.Term) {
			t.Errorf("%s: %+v", c.query, m)
		}
	}
	if m := parse(t, "has:title,problem").Distance(first, now).Misses; len(m) != 2 || m[1].Field != query.Problem {
		t.Errorf("%+v", m)
	}
	long := parse(t, "body:nowhere").Distance(&sample{body: strings.Repeat("é", 5000)}, now).Misses[0].Got
	if want := strings.Repeat("é", 100) + "… (10000 bytes)"; long != want {
		t.Error(long)
	}
}

// TestNearestFirst: the deploys are in the order in which a reader would call them near.
func TestNearestFirst(t *testing.T) {
	q := parse(t, "service:shopping_cart environment:Production sha:38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5")
	sha := "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5"
	ordered := []*sample{
		{alias: "shopping_cart", environment: "Production", sha: sha},
		{alias: "shopping_cart", environment: "production", sha: sha},
		{alias: "shopping-cart", environment: "Production", sha: sha},
		{alias: "shoping_cart", environment: "Production", sha: sha},
		{alias: "shopping_cart", environment: "Production", sha: "38d02f1"},
		{alias: "shopping_cart", environment: "staging", sha: sha},
		{alias: "shopping_cart", environment: "Production"},
		{alias: "payments", environment: "staging", sha: sha},
		{alias: "payments", environment: "staging", sha: strings.Repeat("9", 40)},
		{},
	}
	var away []float64
	for _, s := range ordered {
		away = append(away, q.Distance(s, now).Away)
	}
	if !slices.IsSorted(away) || away[0] != 0 || away[len(away)-1] != 3 {
		t.Error(away)
	}
}
