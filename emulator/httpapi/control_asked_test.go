package httpapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
)

// ask puts one request to the control API of a server, with a socket or without.
func ask(s *emulator.Server, host, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/_emulator/v1"+path, strings.NewReader(body))
	r.Host = host
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// TestBodiesAreReadWhole: what a body says beyond what is read is refused, and an error names what was sent and not the Go
// type that it was read into.
func TestBodiesAreReadWhole(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	deploy(t, s, "")
	for _, row := range []struct {
		path, body string
		status     int
		holds      string
	}{
		{"/verify", `{"query":"result:ok"}` + " \n", 200, `"verdict":"met"`},
		{"/verify", `{"query":"result:ok"} {"times":5}`, 400, `something follows behind the JSON object`},
		{"/verify", `{"query":"result:ok"}]`, 400, `bad_json`},
		{"/verify", `{"query":"result:ok","minimum":5}`, 400, `cannot be read: unknown field \"minimum\"`},
		{"/clock", `{"advance":5}`, 400, `advance should be a text, and is a JSON number`},
		{"/faults", `{"kind":"status","status":"500"}`, 400, `status should be a whole number, and is a JSON string`},
		{"/services", `[]`, 400, `it should be an object, and is a JSON array`},
		{"/services", `{"name":"x","aliases":"y"}`, 400, `aliases should be a list, and is a JSON string`},
		{"/firings", `{"webhook":{"url":"receiver:x"},"dry_run":true}`, 200, `"dry_run":true`},
		{"/firings", `{"webhook":{"url":"receiver:x"}}`, 201, `"seq":2`},
	} {
		if w := ask(s, "localhost", "POST", row.path, row.body); w.Code != row.status || !strings.Contains(w.Body.String(), row.holds) {
			t.Errorf("%s %s: %d %s\nwant %d %s", row.path, row.body, w.Code, w.Body, row.status, row.holds)
		}
	}
	for _, path := range []string{"/integrations", "/faults", "/templates"} {
		if w := ask(s, "localhost", "GET", path+"?q=name:x", ""); w.Code != 400 || !strings.Contains(w.Body.String(), "takes no query") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/events?limit=1001", "/services?limit=0"} {
		if w := ask(s, "localhost", "GET", path, ""); w.Code != 400 || !strings.Contains(w.Body.String(), "limit must be from 1 to 1000") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestEnding: what an emulator that ends does not begin any more is no mistake of who asked for it.
func TestEnding(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if w := ask(s, "localhost", "POST", "/template-runs", `{"template":"django-boilerplate"}`); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"ending"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestNamelessHost: a request that names no host is not addressed to this machine, also where a second address was left out.
func TestNamelessHost(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for host, want := range map[string]int{"": 403, ":80": 403, "localhost": 200, "127.0.0.1:80": 200} {
		if w := ask(s, host, "GET", "/events", ""); w.Code != want {
			t.Errorf("host %q: %d %s", host, w.Code, w.Body)
		}
	}
}

// TestListsAreWholePageByPage: read one by one, a list that is not numbered has every entry once, and an end.
func TestListsAreWholePageByPage(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for _, alias := range []string{"a", "b", "c"} {
		deploy(t, s, `,"service":"`+alias+`"`)
	}
	for path, list := range map[string]string{"/services": "slug", "/suggestions": "alias"} {
		var whole, paged []string
		read := func(query string) (entries []string, next string) {
			w := ask(s, "localhost", "GET", path+query, "")
			page := map[string]json.RawMessage{}
			var all []map[string]any
			if err := errors.Join(json.Unmarshal(w.Body.Bytes(), &page), json.Unmarshal(page[path[1:]], &all), json.Unmarshal(page["next"], &next)); err != nil {
				t.Fatalf("%s: %v in %s", path+query, err, w.Body)
			}
			for _, one := range all {
				entries = append(entries, one[list].(string))
			}
			return entries, next
		}
		whole, _ = read("")
		for query := "?limit=1"; ; {
			some, next := read(query)
			if len(some) != 1 || len(paged) > len(whole) {
				t.Fatalf("%s%s: %q behind %q", path, query, some, paged)
			}
			if paged = append(paged, some...); next == "" {
				break
			}
			query = "?limit=1&after=" + url.QueryEscape(next)
		}
		if len(whole) < 2 || !slices.Equal(whole, paged) {
			t.Errorf("%s: %q page by page, %q at once", path, paged, whole)
		}
		if w := ask(s, "localhost", "GET", path+"?after=nobody", ""); w.Code != 400 || !strings.Contains(w.Body.String(), "bad_after") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}
