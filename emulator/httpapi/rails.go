package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// This file and its siblings rails_*.go turn a request into parameters as a Rails application does: Rails 6.1 on Rack
// 2.2 with Ruby's JSON 2.6 was asked, request by request, what it makes of each body. OpsLevel is a Rails application;
// which versions it runs is not known.

// bodyKind is how Rails goes about the body of a request.
type bodyKind string

// The kinds of body. A body that is not read may still be there: Rails ignores it.
const (
	bodyJSON      bodyKind = "json"
	bodyForm      bodyKind = "form"
	bodyMultipart bodyKind = "multipart"
	// bodyUntyped came without a Content-Type and bodyOther with one that Rails does not read.
	bodyUntyped bodyKind = "none"
	bodyOther   bodyKind = "other"
)

// decoded are the parameters of a request, and what only a finding can tell about its body.
type decoded struct {
	// Params are those of the body and the query string together; nil where Problem says why they cannot be read.
	Params  deploy.Params
	Problem *deploy.Problem
	// Kind is how the body was read, MediaType the type that decided it: lower case, without its parameters.
	Kind      bodyKind
	MediaType string
	// FromQuery names the parameters that came from the query string, sorted.
	FromQuery []string
	// LooksLikeJSON says that the body has the outside of a JSON object, but its Content-Type kept Rails from reading it as
	// JSON: what `curl -d` without a header sends.
	LooksLikeJSON bool
	// NotUTF8 says that the problem is text that is not UTF-8.
	NotUTF8 bool
	// Ignored says why Rails went on without a body that it could not read: a broken multipart body. Empty otherwise.
	Ignored string
}

// decodeParams reads the parameters of a POST as Rails does: the body by its content type, then the query string, whose
// parameters replace those of the body.
func decodeParams(contentType, rawQuery, body string) decoded {
	d := decoded{MediaType: mediaType(contentType)}
	d.Kind = kindOf(contentType, d.MediaType)
	if contentType != "" && !validMediaType(d.MediaType) {
		// Rails raises InvalidType whatever the body holds, and answers it with 406.
		d.Problem = &deploy.Problem{
			Status: http.StatusNotAcceptable, Title: "Not Acceptable",
			Detail: "Content-Type is not a media type: " + quoted(contentType),
		}
		return d
	}
	d.LooksLikeJSON = d.Kind != bodyJSON && looksLikeJSON(body)
	d.readBody(contentType, body)
	if d.Problem != nil || rawQuery == "" {
		return d
	}
	query, err := parseForm(rawQuery, "&;")
	if err != nil {
		d.fail("query parameters", err)
		return d
	}
	for name := range query.All() {
		d.FromQuery = append(d.FromQuery, name)
	}
	slices.Sort(d.FromQuery)
	if d.Params == nil {
		d.Params = query
		return d
	}
	for name, value := range query.All() {
		d.Params.Set(name, value)
	}
	return d
}

// readBody reads the body's parameters, or sets the problem that keeps them from being read.
func (d *decoded) readBody(contentType, body string) {
	if len(body) == 0 {
		return
	}
	var err *paramError
	switch d.Kind {
	case bodyJSON:
		d.Params, err = parseJSON(body)
	case bodyMultipart:
		d.Params, err = parseMultipartBody(contentType, body)
	case bodyForm:
		d.Params, err = parseFormBody(body)
	}
	switch {
	case err == nil:
	case err.ignored:
		d.Params, d.Ignored = nil, err.what
	default:
		d.fail("request parameters", err)
	}
}

func (d *decoded) fail(what string, err *paramError) {
	detail := err.what
	if d.Kind != bodyJSON || what != "request parameters" {
		detail = "Invalid " + what + ": " + detail
	}
	d.Params, d.NotUTF8 = nil, err.notUTF8
	d.Problem = &deploy.Problem{Status: http.StatusBadRequest, Title: "Bad Request", Detail: detail}
}

// paramError is why parameters cannot be read.
type paramError struct {
	what    string
	notUTF8 bool
	// ignored says that Rails goes on without the body.
	ignored bool
}

// mediaType is the part of a Content-Type that Rails looks at: all up to the first comma or semicolon.
func mediaType(contentType string) string {
	if contentType == "application/json" {
		return contentType
	}
	if i := strings.IndexAny(contentType, ",;"); i >= 0 {
		contentType = contentType[:i]
	}
	return strings.ToLower(strings.TrimSpace(contentType))
}

func kindOf(contentType, media string) bodyKind {
	switch media {
	case "application/json", "text/x-json", "application/jsonrequest":
		return bodyJSON
	case "application/x-www-form-urlencoded":
		return bodyForm
	case "multipart/form-data", "multipart/related", "multipart/mixed":
		return bodyMultipart
	}
	if contentType == "" {
		return bodyUntyped
	}
	return bodyOther
}

// validMediaType is Rails' test of a media type: two names with a slash between them, the second or both a star.
func validMediaType(s string) bool {
	if s == "application/json" || s == "*/*" {
		return true
	}
	kind, sub, ok := strings.Cut(s, "/")
	return ok && mediaName(kind) && (sub == "*" || mediaName(sub))
}

func mediaName(s string) bool {
	const longest = 127
	if s == "" || len(s) > longest {
		return false
	}
	for i, c := range []byte(s) {
		alphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alphanumeric && (i == 0 || strings.IndexByte("!#$&-^_.+", c) < 0) {
			return false
		}
	}
	return true
}

// looksLikeJSON says whether a body begins and ends as a JSON object does.
func looksLikeJSON(body string) bool {
	const blanks = " \t\r\n"
	i, j := 0, len(body)-1
	for i < j && strings.IndexByte(blanks, body[i]) >= 0 {
		i++
	}
	for j > i && strings.IndexByte(blanks, body[j]) >= 0 {
		j--
	}
	return i < j && body[i] == '{' && body[j] == '}'
}
