package action

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// coerce makes the response object of an answer; nil is no answer. The page: "The response headers and body will be
// coerced into JSON if possible". Headers become an object with the names as received, repeats joined with a comma,
// and then the same in lower case where that differs, so that response.headers.content-type works whatever the server
// wrote. A body that parses as JSON is that value, any other a string.
func coerce(a *answer) (Coerced, []Problem) {
	if a == nil {
		return Coerced{Headers: json.RawMessage("{}"), Body: json.RawMessage(`""`)}, nil
	}
	status := a.status
	c := Coerced{Status: &status, Headers: writeTree(headerTree(a.headers))}
	var problems []Problem
	if int64(len(a.body)) < a.length || a.capped {
		problems = append(problems, Problem{
			ID: "response.truncated", Severity: Warning, Part: partAnswer,
			Message: fmt.Sprintf("The answer's body is longer than the %d bytes that are kept, so response.body is its beginning as text.", len(a.body)),
			Cure:    "Answer with less, or raise max_body.",
		})
	} else if tree, err := parseTree(a.body); err == nil {
		c.Body = writeTree(tree)
		return c, nil
	} else if p, told := notJSON(a, err); told {
		problems = append(problems, p)
	}
	if !utf8.Valid(a.body) {
		problems = append(problems, Problem{
			ID: "response.not_utf8", Severity: Warning, Part: partAnswer,
			Message: "The answer's body is not UTF-8: what cannot be read stands as U+FFFD in response.body." + encoded(a.headers),
			Cure:    "Answer in UTF-8 and without compression.",
		})
	}
	c.Body = writeTree(strings.ToValidUTF8(string(a.body), "\ufffd"))
	return c, problems
}

// notJSON tells of a body that is announced as JSON and is none.
func notJSON(a *answer, err error) (Problem, bool) {
	kind, _ := find(a.headers, "Content-Type")
	if len(a.body) == 0 || !strings.Contains(strings.ToLower(kind), "json") || !utf8.Valid(a.body) {
		return Problem{}, false
	}
	p := Problem{
		ID: "response.not_json", Severity: Warning, Part: partAnswer, Rendered: true,
		Message: fmt.Sprintf("The answer says it is %s, and it is not JSON (%v): response.body is text.", kind, err),
		Cure:    "Correct the receiver's answer.",
	}
	p.Line, p.Column, _ = syntaxPlace(a.body, err)
	return p, true
}

func encoded(headers []Header) string {
	if e, ok := find(headers, "Content-Encoding"); ok && !strings.EqualFold(e, "identity") {
		return fmt.Sprintf(" It is compressed (%s), although nothing asked for that.", e)
	}
	return ""
}

func headerTree(headers []Header) *object {
	o := newObject()
	add := func(name, value string) {
		if old, there := o.values[name].(string); there {
			value = old + ", " + value
		}
		o.set(name, value)
	}
	for _, h := range headers {
		add(h.Name, h.Value)
	}
	// A lower-case name holds all of a header, also where the server spelt its repeats differently.
	given := slices.Clone(o.keys)
	lower := newObject()
	for _, h := range headers {
		name := strings.ToLower(h.Name)
		if old, there := lower.values[name].(string); there {
			lower.set(name, old+", "+h.Value)
		} else {
			lower.set(name, h.Value)
		}
	}
	for _, name := range lower.keys {
		if !slices.Contains(given, name) {
			o.set(name, lower.values[name])
		}
	}
	return o
}
