package scenarios

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// matcher says whether a value is as expected. Its misses are all that differs, with the way there.
type matcher interface {
	// match appends what differs. at is the way to the value, got the value; there is false where nothing is there.
	match(misses []Miss, at string, got any, there bool) []Miss
	// want is the expectation in words.
	want() string
}

// Miss is one value that is not as expected.
type Miss struct {
	// Path is where the value stands: "body.message".
	Path     string `json:"path"`
	Expected string `json:"expected"`
	Arrived  string `json:"arrived"`
}

// operators are the keys that make a map with a single key a matcher.
func operators() []string {
	return []string{"equals", "has", "contains", "matches", "one_of", "exists", "not", "gt", "lt"}
}

// depth says what a bare map means to a matcher, and how exact its scalars are.
type depth int

const (
	// flat: the value is a single text or number of ours, compared as a text; a map must be an operator.
	flat depth = iota
	// deep: the value is JSON; scalars have their types, and a bare map names some of an object's keys.
	deep
)

// compile reads a matcher. What is wrong is told to c.
func compile(c *checker, n *yamlfile.Node, d depth) matcher {
	if n.Kind == yamlfile.Map && len(n.Pairs) == 1 {
		key, value := n.Pairs[0].Key, n.Pairs[0].Value
		if slices.Contains(operators(), key.Text) {
			return operator(c, key, value, d)
		}
		if hint := yamlfile.DidYouMean(key.Text, operators()); hint != "" && (d == flat || len(key.Text) > 4) {
			if d == deep {
				hint += "; a key of an object that is called so stands in has: {" + key.Text + ": ...}"
			}
			c.fail(key, hint, "%q is not an operator", key.Text)
			return anything{}
		}
	}
	switch {
	case n.Kind == yamlfile.Map && d == flat:
		c.fail(n, "one of "+strings.Join(operators(), ", "), "a matcher is a value, or a map of one operator")
		return anything{}
	case n.Kind == yamlfile.Map:
		return compileObject(c, n)
	case n.Kind == yamlfile.List && d == deep:
		var l listed
		for _, item := range n.Items {
			l = append(l, compile(c, item, deep))
		}
		return l
	case n.Kind == yamlfile.List:
		c.fail(n, "write one_of: [...] for one of several", "here belongs a single value")
		return anything{}
	case n.Kind == yamlfile.Null:
		return exists(false)
	}
	return equals{treeOf(n), d}
}

// operator reads the value behind an operator's key.
func operator(c *checker, key, value *yamlfile.Node, d depth) matcher {
	switch key.Text {
	case "equals":
		return equals{treeOf(value), d}
	case "has":
		if value.Kind != yamlfile.Map || d == flat {
			c.fail(value, "", "has: names some keys of a JSON object, and their values")
			return anything{}
		}
		return compileObject(c, value)
	case "contains":
		if value.Kind == yamlfile.Map || value.Kind == yamlfile.List || value.Kind == yamlfile.Null || value.Text == "" {
			c.fail(value, "", "contains: takes a text that is part of another, or an entry of a list")
		}
		return contains{value.Text}
	case "matches":
		return compileRegexp(c, value)
	case "one_of":
		return compileOneOf(c, value, d)
	case "exists":
		if value.Kind != yamlfile.Bool {
			c.fail(value, "", "exists: is true or false")
		}
		return exists(treeOf(value) == true)
	case "not":
		return not{compileInner(c, value, d)}
	}
	n := json.Number(value.Text)
	if _, err := n.Float64(); err != nil || value.Kind == yamlfile.Map || value.Kind == yamlfile.List {
		c.fail(value, "", "%s: takes a number", key.Text)
	}
	return compared{key.Text, n}
}

// compileInner reads what stands behind not: a bare object there would leave open which of its keys must differ.
func compileInner(c *checker, n *yamlfile.Node, d depth) matcher {
	if n.Kind == yamlfile.Map && (len(n.Pairs) != 1 || !slices.Contains(operators(), n.Pairs[0].Key.Text)) {
		c.fail(n, "write not: {has: {...}} or not: {equals: {...}}", "not: takes a value or an operator")
		return anything{}
	}
	return compile(c, n, d)
}

func compileObject(c *checker, n *yamlfile.Node) matcher {
	o := object{}
	for _, p := range n.Pairs {
		o = append(o, pair{p.Key.Text, compile(c, p.Value, deep)})
	}
	return o
}

// maxRegexp is how long a regular expression may be, in bytes, as in a query.
const maxRegexp = 512

func compileRegexp(c *checker, n *yamlfile.Node) matcher {
	text, ok := shorthand(n)
	if !ok || text == "" || len(text) > maxRegexp {
		c.fail(n, "", "matches: takes a regular expression of at most %d bytes", maxRegexp)
		return anything{}
	}
	re, err := regexp.Compile(text)
	if err != nil {
		c.fail(n, "", "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return anything{}
	}
	return matches{re}
}

func compileOneOf(c *checker, n *yamlfile.Node, d depth) matcher {
	if n.Kind != yamlfile.List || len(n.Items) == 0 {
		c.fail(n, "", "one_of: takes a list")
		return anything{}
	}
	var o oneOf
	for _, item := range n.Items {
		o = append(o, compile(c, item, d))
	}
	return o
}
