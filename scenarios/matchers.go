package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// anything stands for a matcher that could not be read.
type anything struct{}

func (anything) match(misses []Miss, _ string, _ any, _ bool) []Miss { return misses }
func (anything) want() string                                        { return "anything" }

// equals wants a value whole.
type equals struct {
	to any
	d  depth
}

func (m equals) match(misses []Miss, at string, got any, there bool) []Miss {
	if there && (same(m.to, got) || m.d == flat && flatText(m.to) == flatText(got)) {
		return misses
	}
	return append(misses, missed(m, at, got, there))
}
func (m equals) want() string { return show(m.to) }

// pair is a key of an object with what its value must be.
type pair struct {
	key   string
	value matcher
}

// object wants some keys of an object; others may be there.
type object []pair

func (m object) match(misses []Miss, at string, got any, there bool) []Miss {
	o, ok := got.(map[string]any)
	if !ok {
		return append(misses, missed(m, at, got, there))
	}
	for _, p := range m {
		v, has := o[p.key]
		misses = p.value.match(misses, at+"."+p.key, v, has)
	}
	return misses
}

func (m object) want() string {
	var keys []string
	for _, p := range m {
		keys = append(keys, p.key)
	}
	return "an object with " + strings.Join(keys, ", ")
}

// listed wants a list, entry by entry.
type listed []matcher

func (m listed) match(misses []Miss, at string, got any, there bool) []Miss {
	l, ok := got.([]any)
	if !ok || len(l) != len(m) {
		return append(misses, missed(m, at, got, there))
	}
	for i, item := range m {
		misses = item.match(misses, fmt.Sprintf("%s[%d]", at, i), l[i], true)
	}
	return misses
}

func (m listed) want() string {
	var all []string
	for _, item := range m {
		all = append(all, item.want())
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// contains wants a part of a text, or an entry of a list.
type contains struct{ part string }

func (m contains) match(misses []Miss, at string, got any, there bool) []Miss {
	if l, ok := got.([]any); ok {
		for _, item := range l {
			if flatText(item) == m.part {
				return misses
			}
		}
	} else if _, object := got.(map[string]any); there && got != nil && !object && strings.Contains(flatText(got), m.part) {
		return misses
	}
	return append(misses, missed(m, at, got, there))
}
func (m contains) want() string { return "something with " + show(m.part) }

// matches wants a text that a regular expression finds something in.
type matches struct{ re *regexp.Regexp }

func (m matches) match(misses []Miss, at string, got any, there bool) []Miss {
	switch got.(type) {
	case nil, []any, map[string]any:
	default:
		if there && m.re.MatchString(flatText(got)) {
			return misses
		}
	}
	return append(misses, missed(m, at, got, there))
}
func (m matches) want() string { return "/" + m.re.String() + "/" }

type oneOf []matcher

func (m oneOf) match(misses []Miss, at string, got any, there bool) []Miss {
	for _, one := range m {
		if len(one.match(nil, at, got, there)) == 0 {
			return misses
		}
	}
	return append(misses, missed(m, at, got, there))
}

func (m oneOf) want() string {
	var all []string
	for _, one := range m {
		all = append(all, one.want())
	}
	return strings.Join(all, " or ")
}

// exists wants that something is there, or that nothing is: absent, null or an empty text are nothing.
type exists bool

func (m exists) match(misses []Miss, at string, got any, there bool) []Miss {
	if bool(m) == (there && got != nil && got != "") {
		return misses
	}
	return append(misses, missed(m, at, got, there))
}

func (m exists) want() string {
	if m {
		return "something"
	}
	return "nothing"
}

// not wants a value that is another. Where nothing is there it does not hold, or a misspelt key would always be right;
// save that not: {exists: ...} asks for just that.
type not struct{ m matcher }

func (m not) match(misses []Miss, at string, got any, there bool) []Miss {
	if _, asks := m.m.(exists); (there || asks) && len(m.m.match(nil, at, got, there)) > 0 {
		return misses
	}
	return append(misses, missed(m, at, got, there))
}
func (m not) want() string { return "not " + m.m.want() }

// compared wants a number above (gt) or below (lt) another.
type compared struct {
	how string
	to  json.Number
}

func (m compared) match(misses []Miss, at string, got any, there bool) []Miss {
	v, err := json.Number(strings.TrimSpace(flatText(got))).Float64()
	limit, _ := m.to.Float64()
	if there && err == nil && (m.how == "gt" && v > limit || m.how == "lt" && v < limit) {
		return misses
	}
	return append(misses, missed(m, at, got, there))
}

func (m compared) want() string {
	if m.how == "gt" {
		return "more than " + m.to.String()
	}
	return "less than " + m.to.String()
}

// missed is a miss of the value as a whole.
func missed(m matcher, at string, got any, there bool) Miss {
	arrived := "nothing"
	if there && got != nil {
		arrived = show(got)
	}
	return Miss{Path: at, Expected: event.Clean(m.want(), maxShown), Arrived: arrived}
}

// maxShown is how many characters of a value a report shows.
const maxShown = 500

// show is a value in a report: JSON, so that the text "5" is told from the number 5.
func show(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return event.Clean(fmt.Sprint(v), maxShown)
	}
	return event.Clean(strings.TrimSuffix(b.String(), "\n"), maxShown)
}

// flatText is a scalar as a text; anything else as JSON.
func flatText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// same compares two decoded JSON values; 1 and 1.0 are the same number.
func same(a, b any) bool {
	x, ok := a.(json.Number)
	y, also := b.(json.Number)
	if ok && also {
		if !strings.ContainsAny(x.String()+y.String(), ".eE") {
			return x == y // whole numbers of any size
		}
		f, e1 := x.Float64()
		g, e2 := y.Float64()
		return x == y || e1 == nil && e2 == nil && f == g
	}
	switch a := a.(type) {
	case []any:
		l, ok := b.([]any)
		return ok && slices.EqualFunc(a, l, same)
	case map[string]any:
		m, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, m, same)
	}
	return reflect.DeepEqual(a, b)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
