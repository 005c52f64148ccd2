package query_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// wrong are queries with the words their errors mark, and a part of the message and of the hint.
var wrong = []struct{ query, marked, message, hint string }{
	{"service:cart svc:x", "svc", "unknown field svc", "service:?"},
	{"servce:x", "servce", "unknown field servce", "service:?"},
	{"author_name:x", "author_name", "unknown field", "commit.author_name:?"},
	{"deploy.commit.sha:x", "deploy.commit.sha", "unknown field", "commit.sha:?"},
	{"foo:bar baz", "foo", "unknown field foo", `quote it: "foo:bar"`},
	{"Error: boom", "Error", "unknown field Error", "title:?"},
	{"-zzzzz:1", "zzzzz", "unknown field zzzzz", "quote it"},
	{"service:", "service:", "a value is missing after service:", "has:service"},
	{"service: cart", "service:", "a value is missing", "has:service"},
	{"seq: x", "seq:", "a value is missing", "a shell takes > and <"},
	{"at:", "at:", "a value is missing", "at:2026-07-01.."},
	{"newer:", "newer:", "a value is missing", "newer:5m"},
	{"result:ok, rejected", "result:ok,", "a value is missing after result:ok,", "without spaces"},
	{"result:,ok", "result:", "a value is missing", "comma"},
	{"result:duplicate", "duplicate", "result is never duplicate", "did you mean duplicate_deploy?"},
	{"result:fail", "fail", "result is never fail", "one of ok, no_service_found"},
	{"kind:deplyo", "deplyo", "kind is never deplyo", "did you mean deploy?"},
	{"status:404", "404", "status is never 404", "http:404"},
	{"x status:5xx", "5xx", "status is never 5xx", "http:5xx"},
	{"http:abc", "abc", "abc is not a whole number", "http:4xx"},
	{"http:6xx", "6xx", "6xx is not", "http:4xx"},
	{"http:~4", "~4", "~4 is not a whole number", "http:404"},
	{"seq:5..3", "5..3", "5..3 is not", "seq:10..20"},
	{"seq:..", "..", ".. is not", "seq:17"},
	{"seq:-3", "-3", "-3 is not", "seq:17"},
	{"seq:<0", "<0", "<0 is not", "seq:17"},
	{"seq:99999999999999999999", "99999999999999999999", "is not", "seq:17"},
	{"number:>x", ">x", ">x is not a range", "number:5.."},
	{"number:9..1", "9..1", "9..1 is not a range", "number:5.."},
	{"branch:>x", ">x", "branch is not a number", "quote"},
	{"at:5m", "5m", "5m is not a time", "newer:5m"},
	{"at:10:30", "10:30", "10:30 is not a time", "at:2026-07-01T10:30"},
	{"at:2026-07-02..2026-07-01", "2026-07-02..2026-07-01", "is not a time", "at:"},
	{"newer:5", "5", "5 is not a length of time", "newer:90s"},
	{"newer:999999w", "999999w", "is not a length of time", "newer:90s"},
	{"newer:60w5x", "60w5x", "is not a length of time", "newer:90s"},
	{`message:"open`, `"open`, "the quote is not closed", `\"`},
	{`x "open`, `"open`, "the quote is not closed", `\"`},
	{`"a\qb"`, `"a\qb"`, "an escape", `\"`},
	{`service:""`, `""`, "nothing between", "not:has:"},
	{`""`, `""`, "nothing between", "not:has:"},
	{`service:"a"b c`, "b", "goes on after it has ended", "space"},
	{`"a"b`, "b", "goes on after it has ended", "space"},
	{"message:'two words'", "'two", "quotes are double", `"two words"`},
	{"'two words'", "'two", "quotes are double", "shell"},
	{"sha:/abc", "/abc", "has no end", "quotes"},
	{"sha:/abc/i", "/abc/i", "has no end", "quotes"},
	{"sha:/a(b/", "/a(b/", "missing closing )", "Go's"},
	{"sha:/(a{1000}){1000}/", "/(a{1000}){1000}/", "invalid repeat count", "Go's"},
	{"sha:/(abcdefgh){1000}/", "/(abcdefgh){1000}/", "repeats too much", "Go's"},
	{"sha:/" + strings.Repeat("a", 600) + "/", "/" + strings.Repeat("a", 600) + "/", "longer than 512", ""},
	{"sha:/[ab]{900}/,/[ab]{900}/ " + strings.Repeat("/[ab]{900}/ ", 5), "/[ab]{900}/", "of the query repeat too much", "Go's"},
	{"message:/no service found/", "/no", "has no end", "a dot"},
	{"sha:/abc message:/x/", "/abc", "has no end", "a slash before a space"},
	{"x /no service found/", "/no service found/", "no spaces", "a dot"},
	{"/[/", "/[/", "missing closing ]", "Go's"},
	{"message:~", "~", "missing after ~", "anywhere"},
	{"message:~,a", "~", "missing after ~", "anywhere"},
	{"not:", "not:", "what not?", "not:result:ok"},
	{"a not: result:ok", "not:", "what not?", "not:result:ok"},
	{"-not: a", "-not:", "what not?", "not:result:ok"},
	{"has:", "has:", "a field is missing", "has:dedup"},
	{"not:has:dedup,", "not:has:dedup,", "a field is missing", "has:dedup"},
	{"has:dedupp", "dedupp", "dedupp is not a field", "did you mean dedup?"},
	{"has:newer", "newer", "newer is not a field", ""},
	{"a OR b", "OR", "there is no OR", "commas"},
	{"a AND b", "AND", "there is no AND", "side by side"},
	{"NOT b", "NOT", "there is no NOT", "not:"},
	{"(a b)", "(a", "no groups", "commas"},
	{"status=failure", "status=failure", "a colon stands", "status:failure"},
	{"seq>=5", "seq>=5", "a colon stands", "seq:5"},
	{"service!=x", "service!=x", "a colon stands", "service:x"},
}

func TestErrors(t *testing.T) {
	for _, c := range wrong {
		_, err := query.Parse(c.query)
		e, ok := err.(*query.Error)
		if !ok {
			t.Errorf("%s: no error", c.query)
			continue
		}
		if got := e.Query[e.Offset : e.Offset+e.Length]; got != c.marked || e.Query != c.query {
			t.Errorf("%s: marks %q, want %q", c.query, got, c.marked)
		}
		if !strings.Contains(e.Message, c.message) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%s: %v", c.query, e)
		}
	}
}

func TestTooLong(t *testing.T) {
	long := strings.Repeat("a", query.MaxLength)
	parse(t, long)
	_, err := query.Parse(long + "bc")
	e := err.(*query.Error)
	if e.Offset != query.MaxLength || e.Length != 2 || !strings.HasSuffix(e.Mark(), "^^") {
		t.Errorf("%+v", e)
	}
}

func TestMark(t *testing.T) {
	for q, want := range map[string]string{
		"service:cart svc:x env:y": "service:cart svc:x env:y\n             ^^^",
		"größe\tsvc:x":             "größe svc:x\n      ^^^",
		"日本 svc:x":                 "日本 svc:x\n     ^^^",
		"e\u0301 \x1b[31m svc:x":   "e\u0301  [31m svc:x\n        ^^^",
		"service:":                 "service:\n^^^^^^^^",
		strings.Repeat("x", 50) + " svc:x " + strings.Repeat("y", 90): "…" + strings.Repeat("x", 36) + " svc:x " + strings.Repeat("y", 31) + "…\n" +
			strings.Repeat(" ", 38) + "^^^",
	} {
		_, err := query.Parse(q)
		if got := err.(*query.Error).Mark(); got != want {
			t.Errorf("%q is marked\n%s\nwant\n%s", q, got, want)
		}
	}
}

// TestMarkHoldsAnything marks errors that no parser made.
func TestMarkHoldsAnything(t *testing.T) {
	for _, e := range []query.Error{{}, {Offset: 5}, {Query: "ab", Offset: -1, Length: 9}, {Query: "\xff\xfe", Offset: 1, Length: 1}} {
		if !utf8.ValidString(e.Mark()) || !strings.Contains(e.Mark(), "^") {
			t.Errorf("%+v: %q", e, e.Mark())
		}
	}
	if s := (&query.Error{Message: "a", Hint: "b"}).Error(); s != "a (b)" {
		t.Error(s)
	}
	if s := (&query.Error{Message: "a"}).Error(); s != "a" {
		t.Error(s)
	}
}

func TestFromArgs(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"service:cart", "two", "words"}, "service:cart two words"},
		{[]string{"two words service:cart"}, "two words service:cart"},
		{[]string{"service:cart environment:Production"}, "service:cart environment:Production"},
		{[]string{"newer:5m two words"}, "newer:5m two words"},
		{[]string{`description:"two words"`}, `description:"two words"`},
		{[]string{`description:"two`, `words"`}, `description:"two words"`},
		{[]string{`description:"two words" three`}, `description:"two words" three`},
		{[]string{"service:cart not:words"}, "service:cart not:words"},
		{[]string{"", "service:cart", ""}, "service:cart"},
	} {
		q, err := query.FromArgs(c.args...)
		if err != nil || q.String() != c.want {
			t.Errorf("%q: %s, %v", c.args, q, err)
		}
	}
	for _, args := range [][]string{{"x", "description:two words", "y"}, {"result:ok description:~two words"}} {
		_, err := query.FromArgs(args...)
		e, ok := err.(*query.Error)
		if !ok || !strings.HasPrefix(e.Query[e.Offset:], "description:") || !strings.HasSuffix(e.Query[:e.Offset+e.Length], "two words") ||
			!strings.Contains(e.Hint, `"two words"'`) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
