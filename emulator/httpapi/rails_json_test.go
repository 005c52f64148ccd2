package httpapi

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// What Ruby's JSON 2.6 and Rails 6.1 read; TestLiveRails asks them.
func TestJSONRead(t *testing.T) {
	type m = map[string]any
	type l = []any
	n := func(s string) json.Number { return json.Number(s) }
	for _, test := range []struct {
		name, body string
		want       any
	}{
		{"scalars", `{"a":"s","b":1,"c":true,"d":false,"e":null}`, m{"a": "s", "b": n("1"), "c": true, "d": false, "e": nil}},
		{"nested", `{"a":{"b":[1,{"c":[]}]},"d":{}}`, m{"a": m{"b": l{n("1"), m{"c": l{}}}}, "d": m{}}},
		{"last key wins", `{"a":1,"b":2,"a":3}`, m{"a": n("3"), "b": n("2")}},
		{"numbers keep their text", `[0,-0,-0.0,1.10,1e400,1E-5,12345678901234567890123]`, m{"_json": l{n("0"), n("-0"), n("-0.0"), n("1.10"), n("1e400"), n("1E-5"), n("12345678901234567890123")}}},
		{"array", `["a"]`, m{"_json": l{"a"}}},
		{"string", `"a"`, m{"_json": "a"}},
		{"null", `null`, m{"_json": nil}},
		{"white space", " \t\r\n{ \"a\" : 1 }\n", m{"a": n("1")}},
		{"comments", "/* a */ {\"a\"/**/: // b\n 1 /* c */ } // d\n", m{"a": n("1")}},
		{"comment with stars", "/***/[/* * / */]", m{"_json": l{}}},
		{"escapes", `["\"\\\/\b\f\n\r\t\u00e9\u0000"]`, m{"_json": l{"\"\\/\b\f\n\r\té\x00"}}},
		{"odd escapes", `["\q\'\é"]`, m{"_json": l{"q'é"}}},
		{"surrogate pair", `["\ud83d\uDE00!"]`, m{"_json": l{"😀!"}}},
		{"any escape as second half", `["\ud83d\u0041"]`, m{"_json": l{"\U0001F441"}}},
		{"delete and non-ASCII", "[\"\x7fé\u2028\"]", m{"_json": l{"\x7fé\u2028"}}},
		{"a key that is not UTF-8", "{\"\xff\":1}", m{"\xff": n("1")}},
		{"a comment that is not UTF-8", "/*\xff*/{}", m{}},
		{"100 levels", strings.Repeat("[", 100) + strings.Repeat("]", 100), nil},
	} {
		d := decodeParams("application/json", "", test.body)
		if d.Problem != nil {
			t.Errorf("%s: %s", test.name, d.Problem.Detail)
			continue
		}
		if test.want != nil && !reflect.DeepEqual(any(plainParams(d.Params)), test.want) {
			t.Errorf("%s: %#v", test.name, d.Params)
		}
	}
}

// What they refuse, and where the emulator says the fault is.
func TestJSONRefused(t *testing.T) {
	for _, test := range []struct{ name, body, detail string }{
		{"truncated", `{"a":1`, `line 1, column 7: the text ends where "," or "}" is expected`},
		{"truncated string", `{"a":"b`, "line 1, column 8: the text ends inside a string"},
		{"truncated escape", `"\`, "the text ends inside a string"},
		{"truncated list", "[\n1,\n", "line 3, column 1: the text ends where a value should begin"},
		{"only white space", "  \n", "line 2, column 1: the text ends where a value should begin"},
		{"trailing comma", "{\n  \"a\": 1,\n}", `line 3, column 1: unexpected "}" where a key in double quotes is expected`},
		{"trailing comma in a list", `[1,]`, `column 4: unexpected "]" where a value is expected`},
		{"leading comma", `[,1]`, `unexpected ","`},
		{"missing comma", `{"a":1 "b":2}`, `column 8: unexpected "\"" where "," or "}" is expected`},
		{"missing colon", `{"a" 1}`, `unexpected "1" where ":" after a key is expected`},
		{"unquoted key", `{a:1}`, `unexpected "a" where a key in double quotes`},
		{"single quotes", `{'a':1}`, `unexpected "'"`},
		{"raw line break in a string", "{\"é\":\"b\nc\"}", `line 1, column 8: a raw control character ('\n') inside a string`},
		{"raw tab in a string", "{\"a\":\"b\tc\"}", `('\t')`},
		{"raw NUL in a string", "[\"\x00\"]", `('\x00')`},
		{"backslash before a line break", "[\"\\\n\"]", `('\n')`},
		{"two documents", `{"a":1}{"b":2}`, "column 8: there is more text after the end of the document"},
		{"NUL after the document", "{}\x00", "more text after the end"},
		{"byte order mark", "\xef\xbb\xbf{}", "line 1, column 1: a byte order mark"},
		{"NaN", `[NaN]`, `unexpected "N"`},
		{"Infinity", `[Infinity]`, `unexpected "I"`},
		{"-Infinity", `[-Infinity]`, `unexpected "I" where a digit is expected`},
		{"leading zero", `[01]`, "column 3: a number does not begin with 0"},
		{"negative leading zero", `[-01]`, "a number does not begin with 0"},
		{"no digit before the point", `[.5]`, `unexpected "."`},
		{"no digit after the point", `[1.]`, "a digit after the decimal point"},
		{"no exponent", `[1e]`, "a digit of the exponent"},
		{"plus", `[+1]`, `unexpected "+"`},
		{"hexadecimal", `[0x10]`, `unexpected "x"`},
		{"half a word", `nul`, `unexpected "n"`},
		{"a word too long", `truex`, "more text after the end"},
		{"comment not closed", `{} /* a`, "a comment is not closed"},
		{"line comment at the end", `{} // a`, "a comment is not closed"},
		{"lone slash", `/ {}`, "a comment or a value"},
		{"form feed", "\f{}", `unexpected "\f"`},
		{"no-break space", "\u00a0{}", `unexpected "`},
		{"high surrogate alone", `["\ud83d"]`, "the second half of a surrogate pair is missing"},
		{"high surrogate and text", `["\ud83dabcdef"]`, "the second half of a surrogate pair is missing"},
		{"low surrogate alone", `["\ude00"]`, "not valid UTF-8"},
		{"value not UTF-8", "{\"a\":\"caf\xe9\"}", `a value is not valid UTF-8: "caf`},
		{"escaped value not UTF-8", "{\"a\":\"\\n\xe9\"}", "a value is not valid UTF-8"},
		{"not UTF-8 between values", "[\xff]", "text that is not UTF-8 where a value is expected"},
		{"three hexadecimal digits", `["\u00e"]`, `\u needs four hexadecimal digits`},
		{"101 levels", strings.Repeat("[", 101) + strings.Repeat("]", 101), "column 101: arrays and objects are nested deeper than 100"},
		{"101 levels of objects", strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101), "nested deeper than 100"},
	} {
		d := decodeParams("application/json", "", test.body)
		if d.Problem == nil {
			t.Errorf("%s: read as %v", test.name, d.Params)
			continue
		}
		p := *d.Problem
		if p.Status != 400 || p.Title != "Bad Request" || !strings.HasPrefix(p.Detail, "the body is not valid JSON: line ") || !strings.Contains(p.Detail, test.detail) || d.Params != nil {
			t.Errorf("%s: %+v", test.name, p)
		}
		if d.NotUTF8 != strings.Contains(p.Detail, "UTF-8") {
			t.Errorf("%s: NotUTF8 is %v", test.name, d.NotUTF8)
		}
	}
}

// Large and hostile bodies take time in proportion to their size, and never a deep stack.
func TestHostileBodies(t *testing.T) {
	const size = 4 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	bodies := map[string][]string{
		"application/json": {
			fill("["), fill(`{"a":`), fill(" "), fill("/**/"), "[" + fill("1,") + "1]", `{"a":"` + fill("x") + `"}`, `{"a":"` + fill(`\n`) + `"}`, `"` + fill(`\ud83d\ude00`) + `"`,
			fill("1"), fill("\x00"), fill("\xff"), "\"\xff" + fill("\xff"), "{" + fill(`"a":1,`) + `"b":2}`, fill("//\n"), "/*" + fill("*"), fill(`"`), "1e" + fill("9"), "[\"\xff\"" + fill(`,""`) + "]",
		},
		formCT: {
			fill("a"), fill("&"), fill("a[]=1&"), fill("["), "a" + fill("[b]"), "a" + fill("[]"), fill("%41"), fill("%"), fill("="), fill("\xff"), "a" + fill("[b\n[]"), fill("a[][b]=1&a[][c]=1&"),
		},
		"multipart/form-data; boundary=x": {
			fill("--x\r\n"), "--x\r\n" + fill("Content-Disposition: "), fill("\n"), "--x\r\n" + fill(`Content-Disposition: form-data; name="`), "--x\r\n\r\n\r\n" + fill("--x"),
			fill("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n") + "--x--",
		},
	}
	for contentType, list := range bodies {
		for _, body := range list {
			start := time.Now()
			decodeParams(contentType, "", body)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%s %.20q...: %v", contentType, body, took)
			} else if took > time.Second {
				t.Logf("%s %.20q...: %v", contentType, body, took)
			}
		}
	}
	deep := decodeParams("application/json", "", strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000))
	if deep.Problem == nil {
		t.Error("10,000 levels were read")
	}
}
