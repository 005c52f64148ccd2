package httpapi

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

const (
	jsonCT = "application/json"
	formCT = "application/x-www-form-urlencoded"
)

func TestContentTypes(t *testing.T) {
	const asJSON, asForm = `{"service":"j"}`, "service=f"
	for _, test := range []struct {
		contentType, body string
		kind              bodyKind
		want              any // params["service"]
		status            int
	}{
		{"application/json", asJSON, bodyJSON, "j", 0},
		{"application/json; charset=utf-8", asJSON, bodyJSON, "j", 0},
		{"Application/JSON;charset=iso-8859-1", asJSON, bodyJSON, "j", 0},
		{" application/json , text/plain", asJSON, bodyJSON, "j", 0},
		{"text/x-json", asJSON, bodyJSON, "j", 0},
		{"application/jsonrequest", asJSON, bodyJSON, "j", 0},
		{"application/json", "", bodyJSON, nil, 0},
		{"application/vnd.api+json", asJSON, bodyOther, nil, 0},
		{"application/problem+json", asJSON, bodyOther, nil, 0},
		{"text/plain", asJSON, bodyOther, nil, 0},
		{"text/plain;charset=UTF-8", asJSON, bodyOther, nil, 0},
		{"*/*", asJSON, bodyOther, nil, 0},
		{"", asJSON, bodyUntyped, nil, 0},
		{"", asForm, bodyUntyped, nil, 0},
		{formCT, asForm, bodyForm, "f", 0},
		{"APPLICATION/x-www-form-urlencoded; charset=x", asForm, bodyForm, "f", 0},
		{formCT, asJSON, bodyForm, nil, 0},
		{"multipart/form-data", asForm, bodyMultipart, "f", 0},
		{"multipart/mixed", asForm, bodyMultipart, "f", 0},
		{"json", asJSON, bodyOther, nil, 406},
		{"application/", asJSON, bodyOther, nil, 406},
		{"application/json utf-8", asJSON, bodyOther, nil, 406},
		{"; charset=utf-8", asJSON, bodyOther, nil, 406},
		{"/json", "", bodyOther, nil, 406},
		{"a/" + strings.Repeat("b", 128), "", bodyOther, nil, 406},
	} {
		d := decodeParams(test.contentType, "", test.body)
		status := 0
		if d.Problem != nil {
			status = d.Problem.Status
		}
		if d.Kind != test.kind || d.Params.Get("service") != test.want || status != test.status {
			t.Errorf("%q: %s, %v, %d", test.contentType, d.Kind, d.Params, status)
		}
	}
}

// JSON text under another content type is never read as JSON; a finding can say that it looks like it.
func TestLooksLikeJSON(t *testing.T) {
	for _, test := range []struct {
		contentType, body string
		want              bool
	}{
		{formCT, `{"a":1}`, true}, {formCT, " \r\n{\"a\":1}\n", true}, {"", `{}`, true}, {"text/plain", `{"a":1}`, true},
		{jsonCT, `{"a":1}`, false}, {formCT, `{"a":1`, false}, {formCT, `a={}`, false}, {formCT, ``, false}, {formCT, `{`, false}, {formCT, `[1]`, false},
	} {
		if d := decodeParams(test.contentType, "", test.body); d.LooksLikeJSON != test.want {
			t.Errorf("%q %q: %v", test.contentType, test.body, d.LooksLikeJSON)
		}
	}
	d := decodeParams(formCT, "", `{"service":"a","description":"x=y&z"}`)
	if _, problems := deploy.Parse(d.Params, deploy.Rules{}); problems[0] != deploy.Missing("service") {
		t.Errorf("%v", problems)
	}
}

func TestQueryString(t *testing.T) {
	for _, test := range []struct {
		name, contentType, query, body string
		want                           map[string]any
		from                           []string
	}{
		{"alone", "", "service=q&description=d", "", map[string]any{"service": "q", "description": "d"}, []string{"description", "service"}},
		{"beats the body", jsonCT, "service=q", `{"service":"b","dedup_id":"1"}`, map[string]any{"service": "q", "dedup_id": "1"}, []string{"service"}},
		{"replaces whole objects", jsonCT, "deployer[name]=q", `{"deployer":{"email":"b"}}`, map[string]any{"deployer": map[string]any{"name": "q"}}, []string{"deployer"}},
		{"an empty one beats too", jsonCT, "service", `{"service":"b"}`, map[string]any{"service": nil}, []string{"service"}},
		{"tolerated", jsonCT, "agent=jenkins-2.0.0", `{"service":"b"}`, map[string]any{"service": "b", "agent": "jenkins-2.0.0"}, []string{"agent"}},
		{"semicolons and blanks", "", "a=1;b=2; c=3&;&d", "", map[string]any{"a": "1", "b": "2", "c": "3", "d": nil}, []string{"a", "b", "c", "d"}},
		{"of an ignored body", "text/plain", "a=1", `{"b":1}`, map[string]any{"a": "1"}, []string{"a"}},
		{"beside _json", jsonCT, "a=1", `[1]`, map[string]any{"a": "1", "_json": []any{json.Number("1")}}, []string{"a"}},
	} {
		d := decodeParams(test.contentType, test.query, test.body)
		if !reflect.DeepEqual(plainParams(d.Params), test.want) || !slices.Equal(d.FromQuery, test.from) || d.Problem != nil {
			t.Errorf("%s: %v from %v, %v", test.name, d.Params, d.FromQuery, d.Problem)
		}
	}
	for _, query := range []string{"a=%zz", "a=%", "a[]=1&a[b]=2", "a=%ff", "%ff=1"} {
		d := decodeParams(jsonCT, query, `{"service":"b"}`)
		if d.Problem == nil || d.Problem.Status != 400 || !strings.HasPrefix(d.Problem.Detail, "Invalid query parameters: ") || d.Params != nil {
			t.Errorf("%s: %+v", query, d)
		}
	}
}

// plainParams are the parameters as maps; nil for none.
func plainParams(p deploy.Params) map[string]any {
	if p == nil {
		return nil
	}
	return deploy.Plain(p).(map[string]any)
}

func TestForms(t *testing.T) {
	type m = map[string]any
	type l = []any
	for _, test := range []struct {
		body string
		want map[string]any
	}{
		{"a=1&b[c]=2&d[]=3&d[]=4", m{"a": "1", "b": m{"c": "2"}, "d": l{"3", "4"}}},
		{"a=x+y%20z%C3%A9%2B&%61b=1", m{"a": "x y zé+", "ab": "1"}},
		{"a=1&a=2", m{"a": "2"}},
		{"a=b=c&d&e=", m{"a": "b=c", "d": nil, "e": ""}},
		{"a=1;b=2& c=3", m{"a": "1;b=2", "c": "3"}},
		{"a=1\x00", m{"a": "1"}},
		{"a%5Bb%5D=1", m{"a": m{"b": "1"}}},
		{"a[][b]=1&a[][c]=2&a[][b]=3", m{"a": l{m{"b": "1", "c": "2"}, m{"b": "3"}}}},
		{"[a]=1&b]=2&c[=3&d[e=4&f[]]=5&g[][]=6&[]=7&h[[i]]=8&j[k]l=9&m[n][o", m{
			"a": "1", "b": "2", "c[": "3", "d": m{"e": "4"}, "f": l{nil}, "g": l{l{"6"}}, "h": m{"i": "8"}, "j": m{"k": m{"l": "9"}}, "m": m{"n": m{"o": nil}},
		}},
		{"&&=&", m{}},
		{`{"a":1}`, m{`{"a":1}`: nil}},
		{"a" + strings.Repeat("[b]", 2) + "=1", m{"a": m{"b": m{"b": "1"}}}},
	} {
		d := decodeParams(formCT, "", test.body)
		if !reflect.DeepEqual(plainParams(d.Params), test.want) || d.Problem != nil {
			t.Errorf("%s:\n got %v %v\nwant %v", test.body, d.Params, d.Problem, test.want)
		}
	}
	for _, test := range []struct {
		name, body, detail string
		notUTF8            bool
	}{
		{"text, then object", "a=1&a[b]=2", "expected Hash (got String) for param `a'", false},
		{"list, then object", "a[]=1&a[b]=2", "expected Hash (got Array) for param `a'", false},
		{"object, then list", "a[b]=1&a[]=2", "expected Array (got Hash) for param `a'", false},
		{"text, then list of objects", "a=1&a[][b]=2", "expected Array (got String) for param `a'", false},
		{"percent", "a=100%", "invalid %-encoding (100%)", false},
		{"percent in a name", "%zz=1", "invalid %-encoding (%zz)", false},
		{"value not UTF-8", "a=caf%E9", `a value is not valid UTF-8: "caf` + "\uFFFD" + `"`, true},
		{"raw value not UTF-8", "a[]=\xff", "a value is not valid UTF-8", true},
		{"name not UTF-8", "%ff=1", "a name is not valid UTF-8", true},
		{"too deep", "a" + strings.Repeat("[b]", 100) + "=1", "nested deeper than 100", false},
		{"too many", strings.Repeat("a&", 4096), "number of query parameters (4097) exceeds limit (4096)", false},
		{"too long a name", strings.Repeat("a", 65537) + "=1", "exceeded available parameter key space", false},
	} {
		d := decodeParams(formCT, "", test.body)
		if d.Problem == nil || d.Problem.Status != 400 || !strings.Contains(d.Problem.Detail, test.detail) || d.NotUTF8 != test.notUTF8 || d.Params != nil {
			t.Errorf("%s: %+v, %v", test.name, d.Problem, d.NotUTF8)
		}
	}
	deepest := decodeParams(formCT, "", "a"+strings.Repeat("[b]", 99)+"=1")
	if deepest.Problem != nil {
		t.Errorf("100 levels: %v", deepest.Problem)
	}
}

func TestMultipart(t *testing.T) {
	type m = map[string]any
	field := func(head, value string) string { return "--x\r\n" + head + "\r\n\r\n" + value + "\r\n" }
	const name = `Content-Disposition: form-data; name=`
	for _, test := range []struct {
		name, contentType, body string
		want                    map[string]any
		ignored                 string
	}{
		{"fields", "", field(name+`"service"`, "a b") + field(name+`"deployer[email]"`, "e") + "--x--\r\n", m{"service": "a b", "deployer": m{"email": "e"}}, ""},
		{"no last line break", "", field(name+`a`, "v") + "--x--", m{"a": "v"}, ""},
		{"preamble", "", "hello\r\n" + field(name+`a`, "v") + "--x--", m{"a": "v"}, ""},
		{"value with line breaks and dashes", "", field(name+`a`, "l1\r\n--y\nl2\r\n") + "--x--", m{"a": "l1\r\n--y\nl2\r\n"}, ""},
		{"a file is no scalar", "", field(name+`"a"; filename="f.txt"`+"\r\nContent-Type: text/csv", "v") + "--x--", m{"a": m{"filename": "f.txt", "type": "text/csv"}}, ""},
		{"no file chosen", "", field(name+`"a"; filename=""`, "") + "--x--", m{}, ""},
		{"filename inside a name", "", field(name+`"a; filename=z"`, "v") + "--x--", m{"a; filename=z": "v"}, ""},
		{"escaped quote", "", field(name+`"a\"b"`, "v") + "--x--", m{`a"b`: "v"}, ""},
		{"no name", "", field("Content-Type: text/html", "v") + "--x--", m{"text/html": []any{"v"}}, ""},
		{"content id", "multipart/related; boundary=x", field("Content-ID: i", "v") + "--x--", m{"i": "v"}, ""},
		{"quoted boundary", `multipart/form-data; boundary="x"`, field(name+`a`, "v") + "--x--", m{"a": "v"}, ""},
		{"nothing but the end", "", "--x--\r\n", m{}, ""},
		{"truncated", "", field(name+`a`, "v"), nil, "it ends inside a part"},
		{"truncated head", "", "--x\r\n" + name + "a\r\n", nil, "inside the head"},
		{"LF only", "", strings.ReplaceAll(field(name+`a`, "v")+"--x--\r\n", "\r", ""), nil, "inside the head"},
		{"other boundary", "multipart/form-data; boundary=zz", field(name+`a`, "v"), nil, "its boundary is not in it"},
		{"two boundaries", "multipart/form-data; boundary=x; boundary=y", field(name+`a`, "v"), nil, "two boundaries"},
		{"blank in the content type", "multipart/form-data; boundary =x", field(name+`a`, "v"), nil, "white space"},
	} {
		contentType := test.contentType
		if contentType == "" {
			contentType = "multipart/form-data; boundary=x"
		}
		d := decodeParams(contentType, "", test.body)
		if !reflect.DeepEqual(plainParams(d.Params), test.want) || d.Problem != nil || !strings.Contains(d.Ignored, test.ignored) || (d.Ignored == "") != (test.ignored == "") {
			t.Errorf("%s: %v, %v, %q", test.name, d.Params, d.Problem, d.Ignored)
		}
		// After a body it cannot read, Rails goes on with the query string.
		if q := decodeParams(contentType, "q=1", test.body); q.Params.Get("q") != "1" {
			t.Errorf("%s: query string lost: %v", test.name, q.Params)
		}
	}
	for _, test := range []struct{ name, body, detail string }{
		{"conflict", field(name+`"a"`, "v") + field(name+`"a[b]"`, "v") + "--x--", "expected Hash (got String)"},
		{"not UTF-8", field(name+`"a"`, "\xff") + "--x--", "not valid UTF-8"},
		{"name not UTF-8", field(name+"\"\xff\"", "v") + "--x--", "not valid UTF-8"},
		{"too many files", strings.Repeat(field(name+`"a[]"; filename="f"`, "v"), 128) + "--x--", "too many parts"},
		{"too many parts", strings.Repeat(field(name+`"a[]"`, "v"), 4096) + "--x--", "too many parts"},
	} {
		d := decodeParams("multipart/form-data; boundary=x", "", test.body)
		if d.Problem == nil || d.Problem.Status != 400 || !strings.Contains(d.Problem.Detail, test.detail) {
			t.Errorf("%s: %+v", test.name, d.Problem)
		}
	}
}
