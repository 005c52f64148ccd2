package scenarios

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// check is a matcher with the way to the value that it looks at.
type check struct {
	// at is the way in what is looked at, and its name in reports.
	at string
	m  matcher
}

// matchers are the checks of an answer: first what was on the wire, then what the emulator says of it.
func (a *Answer) matchers(c *checker) []check {
	var out []check
	add := func(at string, n *yamlfile.Node, d depth) {
		if n != nil {
			out = append(out, check{at, compile(c, n, d)})
		}
	}
	add("http", a.HTTP, flat)
	for _, name := range sortedKeys(a.Headers) {
		add("headers."+strings.ToLower(name), a.Headers[name], flat)
	}
	add("body", a.Body, deep)
	add("raw", a.Raw, flat)
	add("result", a.Result, flat)
	add("message", a.Message, flat)
	add("title", a.Title, flat)
	add("detail", a.Detail, flat)
	add("alias", a.Alias, flat)
	add("service", a.Service, flat)
	add("deploy", a.Deploy, deep)
	add("duplicate_of", a.DuplicateOf, flat)
	add("suggested", a.Suggested, flat)
	add("fault", a.Fault, flat)
	add("why", a.Why, flat)
	if a.Findings != nil {
		out = append(out, check{"findings", compileIDs(c, a.Findings, expect.CheckFinding)})
	}
	return out
}

// decides says whether the answer names what became of the deploy.
func (a *Answer) decides() bool {
	return a != nil && (a.HTTP != nil || a.Result != nil || a.Title != nil || a.None)
}

// judge looks at an answer.
func (s *Send) judge(r *run, got answered) error {
	if s.Answer != nil && s.Answer.None {
		return failed("an answer came, HTTP %d, where none was expected", got.http)
	}
	var checks []check
	if s.Answer != nil {
		checks = s.Answer.matchers(&checker{f: r.scenario.file})
	}
	if !s.Answer.decides() {
		checks = append(s.implied(), checks...)
	}
	var misses []Miss
	for _, c := range checks {
		v, there := got.value(c.at)
		misses = c.m.match(misses, c.at, v, there)
	}
	if len(misses) == 0 {
		return nil
	}
	return &failure{
		outcome: Failed, misses: misses,
		why:  differs("the answer is not as expected", misses),
		text: "The answer is not as expected.\n" + missText(misses) + got.text(),
	}
}

// implied is what is expected where nothing is said: a deploy is recorded, and any other request is answered 2xx.
func (s *Send) implied() []check {
	if s.Path != "" {
		return []check{{"http", compared{"lt", "300"}}}
	}
	return []check{{"result", equals{"ok", flat}}}
}

// value is what stands at the way of a check.
func (a *answered) value(at string) (any, bool) {
	switch {
	case at == "http" || at == "body" || at == "raw":
		v, ok := a.on[at]
		return v, ok
	case strings.HasPrefix(at, "headers."):
		headers, _ := a.on["headers"].(map[string]any)
		v, ok := headers[strings.TrimPrefix(at, "headers.")]
		return v, ok
	case at == "findings":
		if a.e == nil {
			return nil, false
		}
		return findingIDs(a.e), true
	}
	if at == "fault" && a.e != nil {
		if a.e.Fault == nil {
			return nil, false
		}
		return a.e.Fault.Kind, true
	}
	v, ok := a.tree[at]
	if at == "suggested" && a.e != nil && !ok {
		return false, true // what is false is left out of the event's JSON
	}
	return v, ok
}

// text is what arrived, for a report.
func (a *answered) text() string {
	if a.e == nil {
		return fmt.Sprintf("The answer was HTTP %d %s.\n", a.http, http.StatusText(a.http))
	}
	out := "This is what arrived:\n  " + a.e.Line() + "\n"
	if a.e.Why != "" {
		out += "  " + event.Clean(a.e.Why, maxShown) + "\n"
	}
	for _, f := range a.e.Findings {
		out += fmt.Sprintf("  %s %s: %s\n", f.Severity, f.ID, event.Clean(f.Evidence, maxShown))
	}
	return out
}

// foundID is a finding or a problem in a list of ids; a small one need not be named.
type foundID struct {
	id    string
	small bool
	// grave: it is an error of a firing.
	grave bool
}

func findingIDs(e *event.Event) []foundID {
	out := []foundID{}
	for _, f := range e.Findings {
		out = append(out, foundID{id: f.ID, small: f.Severity == finding.Note})
	}
	return out
}

// ids wants a list of findings or problems: each that is named, and no other but notes.
type ids []string

// compileIDs reads a list of ids, or contains: ID, or not: {contains: ID}. known says whether there is such an id: one
// that is misspelt is never there, so that not: would always hold.
func compileIDs(c *checker, n *yamlfile.Node, known func(id string) error) matcher {
	one := func(n *yamlfile.Node) string {
		err := known(n.Text)
		var wrong *expect.Error
		if errors.As(err, &wrong) {
			c.fail(n, wrong.Hint, "%s", wrong.Message)
		}
		return n.Text
	}
	if n.Kind == yamlfile.List {
		out := ids{}
		for _, item := range n.Items {
			out = append(out, one(item))
		}
		return out
	}
	if len(n.Pairs) == 1 {
		switch key, value := n.Pairs[0].Key.Text, n.Pairs[0].Value; key {
		case "contains":
			return someID{one(value), false}
		case "not":
			if value.Get("contains") != nil && len(value.Pairs) == 1 {
				return someID{one(value.Get("contains")), true}
			}
		}
	}
	c.fail(n, "a list of ids, or contains: ID, or not: {contains: ID}", "this is no matcher of a list of ids")
	return anything{}
}

func (m ids) match(misses []Miss, at string, got any, there bool) []Miss {
	all, _ := got.([]foundID)
	ok := there
	for _, f := range all {
		ok = ok && (f.small || slices.Contains(m, f.id))
	}
	for _, id := range m {
		ok = ok && slices.ContainsFunc(all, func(f foundID) bool { return f.id == id })
	}
	if ok {
		return misses
	}
	return append(misses, Miss{at, m.want(), idText(all)})
}

func (m ids) want() string { return "[" + strings.Join(m, ", ") + "]" }

// someID wants one id among others, or wants it not.
type someID struct {
	id     string
	absent bool
}

func (m someID) match(misses []Miss, at string, got any, there bool) []Miss {
	all, _ := got.([]foundID)
	if there && slices.ContainsFunc(all, func(f foundID) bool { return f.id == m.id }) != m.absent {
		return misses
	}
	return append(misses, Miss{at, m.want(), idText(all)})
}

func (m someID) want() string {
	if m.absent {
		return "not " + m.id
	}
	return m.id + " among others"
}

func idText(all []foundID) string {
	var out []string
	for _, f := range all {
		out = append(out, f.id)
	}
	return "[" + strings.Join(out, ", ") + "]"
}
