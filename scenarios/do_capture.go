package scenarios

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// MaxCaptures is how many values one step may give names to.
const MaxCaptures = 100

// pathForm is a way into a value: keys with dots between them, places in lists in brackets.
var pathForm = regexp.MustCompile(`^[A-Za-z0-9_-]+(\[[0-9]+\])*(\.[A-Za-z0-9_-]+(\[[0-9]+\])*)*$`)

func (x *Capture) check(c *checker, n *yamlfile.Node) {
	if len(x.Paths) == 0 || len(x.Paths) > MaxCaptures {
		c.fail(n, "capture: {number: event.seq}", "capture gives names to 1 to %d values", MaxCaptures)
	}
	for _, p := range n.Pairs {
		if !nameForm.MatchString(p.Key.Text) {
			c.fail(p.Key, "letters, digits and _", "%q is no name", p.Key.Text)
		}
		if !pathForm.MatchString(p.Value.Text) {
			c.fail(p.Value, "such as answer.body.result or event.findings[0].id", "%q is no path", p.Value.Text)
		}
	}
}

func (x *Capture) do(r *run) error {
	for _, name := range sortedKeys(x.Paths) {
		v, err := walk(r.last, x.Paths[name])
		if err != nil {
			return failed("nothing can be captured as %s: %v", name, err)
		}
		r.captured[name] = v
	}
	return nil
}

// walk goes down a path.
func walk(from map[string]any, path string) (any, error) {
	var at any = from
	for i, step := range strings.Split(strings.ReplaceAll(path, "[", ".["), ".") {
		if place, ok := strings.CutPrefix(step, "["); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(place, "]"))
			l, isList := at.([]any)
			if err != nil || !isList || n >= len(l) {
				return nil, fmt.Errorf("%s has no entry [%d]", path, n)
			}
			at = l[n]
			continue
		}
		m, ok := at.(map[string]any)
		v, has := m[step]
		if !ok || !has {
			known := ""
			if ok {
				known = yamlfile.DidYouMean(step, sortedKeys(m))
			}
			if known == "" && i == 0 {
				known = "there is " + strings.Join(sortedKeys(m), ", ")
			}
			return nil, fmt.Errorf("%s: there is no %q %s", path, step, known)
		}
		at = v
	}
	return at, nil
}

// tree is a value of ours as decoded JSON.
func tree(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // events and their parts are made to be JSON
	}
	return decodeJSON(b)
}
