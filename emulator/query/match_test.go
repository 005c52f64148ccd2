package query_test

import (
	"sync"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// forms are every form of the language: what it finds among the samples and how it is spelled canonically ("" for as
// typed).
var forms = []struct{ query, hits, canonical string }{
	{"", "9 10 12 17 21", ""},
	{" \t\n ", "9 10 12 17 21", " "},

	// Whole values.
	{"service:shopping_cart", "9 12", ""},
	{"service:cart", "9", ""},
	{"alias:shopping_cart", "12", ""},
	{"service:Shopping_Cart", "", ""},
	{"SERVICE:cart", "9", "service:cart"},
	{"environment:Production", "9 12", ""},
	{"env:production", "10", "environment:production"},
	{"status:failure", "12", ""},
	{"status:FAILED", "10", ""},
	{"commit.sha:38d02f1", "12", "sha:38d02f1"},
	{"dedup_id:9ae54794", "9 12", "dedup:9ae54794"},
	{"deploy_url:https://ci.example.com/runs/7", "9", "url:https://ci.example.com/runs/7"},
	{"deployer:Ana", "10", ""},
	{"deployer.email:mscott@example.com", "9", ""},
	{"description:Deployed", "", ""},
	{`description:"Deployed by CI"`, "9", ""},
	{`description:Deployed\ by\ CI`, "9", `description:"Deployed by CI"`},
	{`description:Shipping\ timeout\,\ fixed`, "10", `description:"Shipping timeout, fixed"`},
	{`branch:"main"`, "9", "branch:main"},
	{"path:/integrations/deploy/3f1c?x=1", "12", `path:"/integrations/deploy/3f1c?x=1"`},
	{"path:/api/ping/x", "21", ""},
	{"problem:deployed_at", "17", ""},
	{`title:"Deployed at Error"`, "17", ""},

	// Our own words, in either case.
	{"result:ok", "9", ""},
	{"result:OK", "9", ""},
	{"result:no*", "10", ""},
	{"result:NO*", "10", "result:no*"},
	{`result:"odd"`, "", ""},
	{"kind:call", "21", ""},
	{"method:get", "21", ""},
	{"finding:silent", "10 12 17", ""},
	{"finding:silent.unknown_alias", "10", ""},
	{"finding:silent.unknown", "", ""},
	{"finding:sil", "", ""},
	{"finding:date", "10", ""},
	{"finding:note", "10", ""},

	// Alternatives.
	{"result:ok,no_service_found", "9 10", ""},
	{"branch:main,feature/*,/^x/", "9 10", ""},
	{`alias:cart,"shopping-cart"`, "9 10", "alias:cart,shopping-cart"},
	{"http:400,404", "17 21", ""},

	// Stars, parts and regular expressions.
	{"sha:38d02f1*", "9 12", ""},
	{"branch:*/tax", "10", ""},
	{"message:*tax*", "9", ""},
	{"message:M**'", "9", `message:M*\'`},
	{"service:*", "9 10 12", ""},
	{"message:~tax", "9 10", ""},
	{"message:~merge*MAIN", "9", ""},
	{`message:~"tax code"`, "10", ""},
	{"sha:/^[0-9a-f]{40}$/", "9", ""},
	{`message:/fix.the|TAX\scode/`, "10", ""},
	{"path:/ping/", "21", ""},
	{"path:/api/ping/x kind:call", "21", ""},
	{`url:/runs\/\d$/`, "9", ""},
	{"body:DEDUP_ID", "9", ""},
	{"body:service*cart", "9 10", ""},
	{"detail:empty", "17", ""},
	{"why:suggests", "10", ""},
	{"header:CURL", "9", ""},
	{"header.content-type:application/json", "9", ""},
	{"Header.User-Agent:curl/*", "9", "header.user-agent:curl/*"},

	// Numbers.
	{"http:202", "9 10 12", ""},
	{"http:4XX", "17 21", "http:4xx"},
	{"http:400..499", "17 21", "http:4xx"},
	{"http:4xx,202", "9 10 12 17 21", ""},
	{"seq:>10", "12 17 21", "seq:11.."},
	{"seq:>=10", "10 12 17 21", "seq:10.."},
	{"seq:<10", "9", "seq:..9"},
	{"seq:<=10", "9 10", "seq:..10"},
	{"seq:010..12", "10 12", "seq:10..12"},
	{`seq:"10"`, "10", "seq:10"},
	{"seq:9..9223372036854775807", "9 10 12 17 21", "seq:9.."},
	{"duplicate_of:9", "12", ""},
	{"number:234", "9", ""},
	{"number:0234", "", ""},
	{"number:>=234", "9 12", "number:234.."},
	{"number:>234", "12", ""},
	{"number:<234", "10", ""},
	{"number:..250.50", "9 10 12", ""},
	{"number:2*", "9 12", ""},
	{"deploy_number:99999999999999999999..", "", "number:99999999999999999999.."},

	// Times.
	{"newer:5m", "9 10", ""},
	{"newer:1M20S", "9 10", "newer:1m20s"},
	{"newer:79s", "9", ""},
	{"older:80s", "12 17 21", ""},
	{"older:1d,1h", "12 17 21", ""},
	{"newer:2026-07-01T09:00", "9 10 12", ""},
	{"older:2026-07-01", "21", ""},
	{"at:2026-07-01", "9 10 12 17", ""},
	{"at:2026-07-01T10:30", "9", ""},
	{"at:2026-07-01T12:30+02:00", "9", ""},
	{"at:2026-07-01t10:30:00.2", "9", "at:2026-07-01T10:30:00.2"},
	{"at:2026-07-01T10:30:00.3", "", ""},
	{"at:2026-07-01T09:00..2026-07-01T10:29", "10 12", ""},
	{"at:..2026-06-30", "21", ""},
	{"at:>2026-06-30", "9 10 12 17", ""},
	{"at:<=2026-06-30", "21", "at:..2026-06-30"},
	{"at:<2026-07-01T09:00", "17 21", ""},
	{`deployed_at:"2019-02-01 13:28:33"`, "9", "deployed_at:2019-02-01T13:28:33"},

	// has: and not:.
	{"has:dedup", "9 12", ""},
	{"has:dedup_id,duplicate_of,title", "9 12 17", "has:dedup,duplicate_of,title"},
	{"has:deployed_at", "9", ""},
	{"HAS:http", "9 10 12 17 21", "has:http"},
	{"has:header.user-agent", "9", ""},
	{"not:result:duplicate_deploy", "9 10 17 21", ""},
	{"-result:ok,rejected", "10 12 21", "not:result:ok,rejected"},
	{"not:not:result:ok", "9", "result:ok"},
	{"-not:result:ok", "9", "result:ok"},
	{"not:has:dedup", "10 17 21", ""},
	{"Not:newer:5m", "12 17 21", "not:newer:5m"},

	// Words.
	{"TIMEOUT", "10", ""},
	{"shipping timeout", "10", ""},
	{`"timeout, fixed"`, "10", ""},
	{"timeout,", "10", `"timeout,"`},
	{"ship*fixed", "10", ""},
	{"-timeout", "9 12 17 21", "not:timeout"},
	{`not:"no such text"`, "9 10 12 17 21", ""},
	{`"http:404"`, "17", ""},
	{`"foo:bar"`, "17", ""},
	{`foo\:bar`, "17", `"foo:bar"`},
	{"10:30", "17", ""},
	{"https://ci.example.com", "9", ""},
	{"/TAX.code|deployed_at$/", "10 17", ""},
	{"/api/ping", "21", `"/api/ping"`},
	{"/api/ping kind:call path:/x/", "21", `"/api/ping" kind:call path:/x/`},
	{"größe", "17", ""},
	{"G*GRÖSSE", "", ""},
	{`"\tü"`, "17", ""},
	{"-", "9 10", ""},
	{"silent.rejected", "17", ""},

	{"service:shopping_cart environment:Production -result:duplicate_deploy 38D02F1 newer:5m", "9",
		"service:shopping_cart environment:Production not:result:duplicate_deploy 38D02F1 newer:5m"},
}

func TestForms(t *testing.T) {
	for _, c := range forms {
		q := parse(t, c.query)
		if got := hits(t, q); got != c.hits {
			t.Errorf("%s finds %q, want %q", c.query, got, c.hits)
		}
		want := c.canonical
		switch want {
		case "":
			want = c.query
		case " ":
			want = ""
		}
		if q.String() != want {
			t.Errorf("%s is spelled %s, want %s", c.query, q, want)
		}
		if again := parse(t, q.String()); again.String() != q.String() || hits(t, again) != c.hits {
			t.Errorf("%s does not read back as itself: %s", q, again)
		}
	}
}

func TestCountAndDistanceAgreeWithMatch(t *testing.T) {
	for _, c := range forms {
		q := parse(t, c.query)
		for _, s := range samples() {
			d := q.Distance(s, now)
			if d.Total != len(q.Terms()) || d.Matched != q.Count(s, now) {
				t.Fatalf("%s: %+v, count %d", c.query, d, q.Count(s, now))
			}
			if q.Match(s, now) != (d.Matched == d.Total) || (d.Away == 0) != (len(d.Misses) == 0) {
				t.Fatalf("%s: match %v, distance %+v", c.query, q.Match(s, now), d)
			}
		}
	}
}

// TestShared: goroutines share a query.
func TestShared(t *testing.T) {
	q := parse(t, "cart finding:silent not:http:4xx")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 200 {
				if got := hits(t, q); got != "10 12" {
					t.Error(got)
				}
			}
		})
	}
	wait.Wait()
}

func TestMentions(t *testing.T) {
	q := parse(t, "not:result:ok has:dedup newer:5m words")
	for f, want := range map[query.Field]bool{query.Result: true, query.Dedup: true, query.Newer: true, query.Service: false, "": false} {
		if q.Mentions(f) != want {
			t.Errorf("mentions %q: %v", f, !want)
		}
	}
	if !(query.Query{}).Empty() || q.Empty() {
		t.Error("Empty")
	}
}
