package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// What a request asks for is read and refused in one way by all routes. Who reads has answered where it says no.

// pages cuts a list that is not numbered: limit, and after (the key of the last one seen).
func pages[T any](w http.ResponseWriter, r *http.Request, all []T, key func(T) string) (some []T, next *string, ok bool) {
	limit, ok := readLimit(w, r, "page with after")
	if !ok {
		return nil, nil, false
	}
	if after := r.URL.Query().Get("after"); after != "" {
		at := slices.IndexFunc(all, func(t T) bool { return key(t) == after })
		if at < 0 {
			fail(w, http.StatusBadRequest, "bad_after", "after names nothing of this list: "+cut(after, 100), "use next of an earlier answer")
			return nil, nil, false
		}
		all = all[at+1:]
	}
	if len(all) > limit {
		last := key(all[limit-1])
		return all[:limit], &last, true
	}
	return all, nil, true
}

// unasked refuses a query of a list that has none: passed over, it would look as if everything answered it.
func unasked(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Query().Get("q") == "" {
		return true
	}
	fail(w, http.StatusBadRequest, "bad_query", "this list takes no query", "leave q out, and choose from what it lists")
	return false
}

// readLimit is how much of a list is asked for.
func readLimit(w http.ResponseWriter, r *http.Request, cure string) (limit int, ok bool) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return DefaultPage, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > MaxPage {
		fail(w, http.StatusBadRequest, "bad_limit", fmt.Sprintf("limit must be from 1 to %d", MaxPage), cure)
		return 0, false
	}
	return n, true
}

// notNil keeps an empty list from becoming null in JSON.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func readQuery(w http.ResponseWriter, r *http.Request) (query.Query, bool) {
	q, err := query.Parse(r.URL.Query().Get("q"))
	if err != nil {
		badQuery(w, err)
		return q, false
	}
	var wrong *expect.Error
	if err := expect.CheckQuery(q); errors.As(err, &wrong) {
		fail(w, http.StatusBadRequest, "bad_query", wrong.Message, wrong.Hint)
		return q, false
	}
	return q, true
}

// badQuery answers a query that cannot be read: what is wrong with it, and the query with the word marked.
func badQuery(w http.ResponseWriter, err error) {
	message := err.Error()
	var e *query.Error
	if errors.As(err, &e) {
		message += "\n" + e.Mark()
	}
	fail(w, http.StatusBadRequest, "bad_query", message, "bubblelevel help query shows the language")
}

// pathValue is a part of the path with its escapes undone, so that an alias may hold a slash.
func pathValue(w http.ResponseWriter, r *http.Request, name string) (string, bool) {
	v, err := url.PathUnescape(mux.Vars(r)[name])
	if err != nil {
		fail(w, http.StatusBadRequest, "bad_path", "the path has a broken escape", "escape the alias as in a URL: %2F for a slash")
		return "", false
	}
	return v, true
}

// readJSON reads a JSON object; an empty body is an empty object. What follows behind it is refused, as an unknown field is:
// a bound of a test that nobody reads makes the test green.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return true
	}
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return true
		}
		err = errors.New("something follows behind the JSON object")
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		fail(w, http.StatusRequestEntityTooLarge, "too_large", "the body is larger than this route takes", "send less")
		return false
	}
	fail(w, http.StatusBadRequest, "bad_json", "the body cannot be read: "+jsonFault(err), "GET "+Prefix+"openapi.json shows its form")
	return false
}

// jsonFault is an error of encoding/json in the words of who sent the JSON, and not of the Go type that it was read into.
func jsonFault(err error) string {
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	wanted := map[reflect.Kind]string{
		reflect.String: "a text", reflect.Bool: "true or false", reflect.Slice: "a list", reflect.Map: "an object", reflect.Struct: "an object",
		reflect.Float64: "a number",
	}[kind.Type.Kind()]
	if wanted == "" {
		wanted = "a whole number"
	}
	if kind.Field == "" {
		return "it should be " + wanted + ", and is a JSON " + kind.Value
	}
	return kind.Field + " should be " + wanted + ", and is a JSON " + kind.Value
}

// seqOf is the event that the path names.
func seqOf(w http.ResponseWriter, r *http.Request) (uint64, bool) {
	seq, err := strconv.ParseUint(mux.Vars(r)["seq"], 10, 64)
	if err != nil {
		fail(w, http.StatusBadRequest, "bad_seq", "not a sequence number", "use a seq of a list")
	}
	return seq, err == nil
}

// answer replies with v, or refuses with err.
func answer(w http.ResponseWriter, status int, v any, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, status, v)
}

// refuse answers an error of the account: 404 for what is not there, 409 for what is taken or full, 503 where nothing can be
// recorded or the emulator is ending, 400 for the rest.
func refuse(w http.ResponseWriter, err error) {
	var fault Fault
	var conflict catalog.Conflict
	switch {
	case errors.Is(err, ErrEnding):
		fail(w, http.StatusServiceUnavailable, "ending", err.Error(), "start it again")
	case errors.As(err, &fault):
		failStore(w, err)
	case errors.As(err, &conflict):
		fail(w, http.StatusConflict, "conflict", err.Error(), "choose another, or change the one that has it")
	case errors.Is(err, catalog.ErrFull):
		fail(w, http.StatusConflict, "full", err.Error(), "start another emulator, or put a smaller account in its place with PUT "+Prefix+"v1/fixtures")
	case errors.Is(err, catalog.ErrNoService), errors.Is(err, catalog.ErrNoIntegration), errors.Is(err, catalog.ErrNoSuggestion):
		fail(w, http.StatusNotFound, "not_found", err.Error(), "list what is there first")
	default:
		fail(w, http.StatusBadRequest, "refused", err.Error(), "")
	}
}
