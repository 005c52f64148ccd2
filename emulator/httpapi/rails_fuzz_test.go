package httpapi

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

var surrogate = regexp.MustCompile(`\\u[dD][89a-fA-F]`)

// FuzzJSON compares with encoding/json, which Go's own authors fuzz, where the two should agree: valid UTF-8 without
// halves of surrogate pairs. What encoding/json takes, parseJSON takes and reads alike, up to its depth; what parseJSON
// takes without comments and odd escapes, encoding/json takes.
func FuzzJSON(f *testing.F) {
	for _, s := range jsonTokens {
		f.Add([]byte(s))
		f.Add([]byte(`{"a":` + s + `,"b":[` + s + `]}`))
	}
	f.Add([]byte(documentedBody))
	f.Add([]byte(strings.Repeat("[", 101)))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, failure := parseJSON(string(body))
		if failure != nil && (got != nil || failure.what == "" || !utf8.ValidString(failure.what)) {
			t.Fatalf("%q: %v %+v", body, got, failure)
		}
		if !utf8.Valid(body) || surrogate.Match(body) {
			return
		}
		var want any
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		valid := json.Valid(body) && dec.Decode(&want) == nil
		if valid && (failure == nil || !strings.Contains(failure.what, "nested deeper")) {
			if _, object := want.(map[string]any); !object {
				want = map[string]any{"_json": want}
			}
			if failure != nil || !reflect.DeepEqual(any(plainParams(got)), want) {
				t.Fatalf("%q\n got %v %+v\nwant %v", body, got, failure, want)
			}
		}
		if !valid && failure == nil && !bytes.ContainsAny(body, `/\`) {
			t.Fatalf("%q was read as %v", body, got)
		}
	})
}

// FuzzForm: any request is read or refused in one documented shape, and what a form says in the usual way is read back.
func FuzzForm(f *testing.F) {
	for _, s := range formTokens {
		f.Add(formCT, "a=1&"+s, "b=2&"+s)
	}
	for _, s := range multipartTokens {
		f.Add("multipart/form-data; boundary=x", "", "--x\r\n"+s+"\r\n--x--")
	}
	for _, s := range liveTypes {
		f.Add(s, "a=1", `{"a":1}`)
	}
	f.Fuzz(func(t *testing.T, contentType, query, body string) {
		d := decodeParams(contentType, query, body)
		if p := d.Problem; p != nil {
			if d.Params != nil || p.Status != 400 && p.Status != 406 || p.Title == "" || p.Detail == "" || len(p.Detail) > 1000 {
				t.Fatalf("%+v %v", p, d.Params)
			}
			if !json.Valid(p.Body()) {
				t.Fatalf("%s", p.Body())
			}
			return
		}
		deploy.Parse(d.Params, deploy.Rules{})
		readBack(t, query, body)
	})
}

// readBack sends a name and a value as a form, as a query string and as a multipart body.
func readBack(t *testing.T, name, value string) {
	if name == "" || !utf8.ValidString(name) || !utf8.ValidString(value) || strings.ContainsAny(name, "[]\r\n\"\\") || len(name) > 1000 {
		return
	}
	form := url.Values{name: {value}}.Encode()
	if d := decodeParams(formCT, "", form); d.Params.Get(name) != value {
		t.Fatalf("form %q: %v %v", form, d.Params, d.Problem)
	}
	if d := decodeParams("", form, ""); d.Params.Get(name) != value {
		t.Fatalf("query %q: %v %v", form, d.Params, d.Problem)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField(name, value)
	w.Close()
	if d := decodeParams(w.FormDataContentType(), "", b.String()); d.Params.Get(name) != value && !strings.ContainsRune(name, ':') {
		t.Fatalf("multipart %q: %v %v %s", b.String(), d.Params, d.Problem, d.Ignored)
	}
}
