package query_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func build(t testing.TB, terms ...query.Term) query.Query {
	t.Helper()
	q, err := query.New(terms...)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestBuild(t *testing.T) {
	for _, c := range []struct {
		term query.Term
		want string
	}{
		{query.Is(query.Service, "cart"), "service:cart"},
		{query.Is("dedup_id", "a", "b c"), `dedup:a,"b c"`},
		{query.Is(query.Service, "a*b"), `service:"a*b"`},
		{query.Is(query.Description, "~x"), `description:"~x"`},
		{query.Is(query.Message, "/x/"), `message:"/x/"`},
		{query.Is(query.Path, "/x/"), `path:"/x/"`},
		{query.Is(query.Path, "/x"), "path:/x"},
		{query.Is(query.Result, "OK"), "result:OK"},
		{query.Is(query.Result, "odd"), `result:"odd"`},
		{query.Is(query.Status, "503"), `status:"503"`},
		{query.Is(query.DeployNumber, "1..2"), `number:"1..2"`},
		{query.Is(query.DeployNumber, "234"), "number:234"},
		{query.Is(query.HTTP, "404", "5xx"), "http:404,5xx"},
		{query.Is(query.At, "2026-07-01 10:30"), "at:2026-07-01T10:30"},
		{query.Is(query.Newer, "5M"), "newer:5m"},
		{query.Is(query.Body, "a b"), `body:"a b"`},
		{query.Is(query.Dedup, ""), "not:has:dedup"},
		{query.Is(query.HeaderField("X-Id"), "1"), "header.x-id:1"},
		{query.Not(query.Is(query.Dedup)), "has:dedup"},
		{query.Contains(query.Message, "tax"), "message:~tax"},
		{query.Contains(query.Message, "t*x"), `message:~"t*x"`},
		{query.Contains(query.Why, "tax"), "why:tax"},
		{query.Matches(query.SHA, "^[0-9a-f]{40}$"), "sha:/^[0-9a-f]{40}$/"},
		{query.Matches(query.URL, `a/ b\/c`), `url:/a\/\x{20}b\/c/`},
		{query.Matches(query.Path, `/a b/`), `path:/\/a\x{20}b\//`},
		{query.Matches(query.URL, `\Qa/b\E`), `url:/a\/b/`},
		{query.Between(query.Seq, "3", "5"), "seq:3..5"},
		{query.Between(query.At, "2026-07-01", ""), "at:2026-07-01.."},
		{query.Since(moment("2026-07-01T12:00:00.5Z").In(time.FixedZone("", 7200))), "newer:2026-07-01T12:00:00.5Z"},
		{query.Has(query.SHA, query.Branch), "has:sha,branch"},
		{query.Word("cart"), "cart"},
		{query.Word("no service"), `"no service"`},
		{query.Word("result:ok"), `"result:ok"`},
		{query.Word("not:x"), `"not:x"`},
		{query.Word("-x"), `"-x"`},
		{query.Word("OR"), `"OR"`},
		{query.Word("/x/"), `"/x/"`},
		{query.Word("service=x"), `"service=x"`},
		{query.Word("it's\n\xff"), `"it's\n\xff"`},
		{query.Not(query.Not(query.Word("x"))), "x"},
	} {
		if got := build(t, c.term).String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestBuildErrors(t *testing.T) {
	for _, term := range []query.Term{
		query.Is("nonsense", "x"), query.Is(query.HTTP, "x y"), query.Is(query.Newer, "x"), query.Matches(query.SHA, "("), query.Matches(query.SHA, "a/,b("),
		query.Matches(query.SHA, ""), query.Matches(query.SHA, "a\xff"), query.Matches(query.HTTP, "4"),
		query.Contains(query.HTTP, "4"), query.Between(query.Branch, "1\n", "2 x"), query.Between(query.Seq, "5", "3"), query.Has("x"),
		query.Word(""), query.Not(query.Contains(query.Message, "")), query.Word(strings.Repeat("x ", query.MaxLength)), query.Has(),
	} {
		if q, err := query.New(query.Word("x"), term); err == nil {
			t.Errorf("%s is no error", q)
		}
	}
	many := make([]query.Term, 1+query.MaxLength/2)
	for i := range many {
		many[i] = query.Word("x")
	}
	if _, err := query.New(many...); err == nil {
		t.Error("a query of any length is accepted")
	}
}

func TestOf(t *testing.T) {
	for i, s := range samples() {
		q := build(t, query.Of(s, query.Seq, query.Alias, query.Environment, query.Result, query.Message, query.DeployedAt, query.At, query.Path,
			query.DeployNumber, query.Newer, "nonsense")...)
		if got := hits(t, q); got != strings.Fields("9 10 12 17 21")[i] {
			t.Errorf("%s finds %s", q, got)
		}
	}
}

// TestAnyValue builds terms from values that a sender may have made up, and finds exactly them.
func TestAnyValue(t *testing.T) {
	pieces := []string{"a", "B", " ", `"`, "'", `\`, "*", ",", "~", "/", ":", "-", "not:", "..", ">", "\n", "\x00", "\xff", "é", "日", "\u00a0", "(", "=", "OR", "$", "5", "`"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var v string
		for range 1 + random.IntN(5) {
			v += pieces[random.IntN(len(pieces))]
		}
		s := &sample{message: v, branch: v, path: v, number: v, body: "<" + v + ">", findings: [][2]string{{v, ""}}}
		q := build(t, query.Is(query.Message, v), query.Is(query.Branch, "x", v), query.Is(query.Path, v), query.Is(query.DeployNumber, v),
			query.Is(query.Body, v), query.Is(query.Finding, v), query.Word(v), query.Contains(query.Message, v))
		if !q.Match(s, now) || q.Match(&sample{}, now) || parse(t, q.String()).String() != q.String() {
			t.Fatalf("%q: %s: %+v", v, q, q.Distance(s, now))
		}
		other := *s
		other.message += "x"
		if q.Match(&other, now) {
			t.Fatalf("%s answers %q", q, other.message)
		}
	}
}

func TestAnyValueInAShell(t *testing.T) {
	var want []string
	line := ""
	for _, v := range []string{"it's", `a "b" c`, "$(id)", "`id`", `\`, "a;b&c|d", "*", "~", "!x", "{a,b}", "two\nlines", "é", "#x", "a  b"} {
		q := build(t, query.Is(query.Message, v))
		line += q.Shell() + " "
		want = append(want, q.String())
	}
	if got := shellSplit(t, line); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestText(t *testing.T) {
	var v struct{ On query.Query }
	if err := json.Unmarshal([]byte(`{"On":"env:x  -y"}`), &v); err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(v); err != nil || string(b) != `{"On":"environment:x not:y"}` {
		t.Errorf("%s %v", b, err)
	}
	if err := json.Unmarshal([]byte(`{"On":"svc:x"}`), &v); err == nil {
		t.Error("no error")
	}
	if q := parse(t, "a b").And(parse(t, "c")); q.String() != "a b c" {
		t.Error(q)
	}
	terms := parse(t, "x -service:y has:sha").Terms()
	start, end := terms[1].Span()
	if terms[1].Field() != query.Service || !terms[1].Negated() || terms[0].Field() != "" || terms[2].Field() != "" || start != 2 || end != 12 {
		t.Errorf("%+v", terms)
	}
}
