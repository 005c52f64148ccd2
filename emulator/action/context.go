package action

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Profile names a shape of the context. OpsLevel's page and its newest published rendering differ.
type Profile string

// The profiles. Documented has every key of the page's example in its order and type, and every property its tables
// name; Published2026 is the shape of the rendering OpsLevel published in January 2026. [Disputes] lists where they differ.
const (
	Documented    Profile = "documented"
	Published2026 Profile = "2026"
)

// Profiles are all profiles, the default first.
func Profiles() []Profile { return []Profile{Documented, Published2026} }

// ParseProfile reads a profile's name; empty is [Documented].
func ParseProfile(s string) (Profile, error) {
	for _, p := range Profiles() {
		if s == string(p) {
			return p, nil
		}
	}
	if s == "" {
		return Documented, nil
	}
	return "", fmt.Errorf("no context profile %q: there are documented and 2026", s)
}

// Context is what a webhook's templates see: one JSON object whose keys keep their order. The zero value is {}.
type Context struct {
	text string
}

// ParseContext reads a context: any JSON object. Errors name line and column.
func ParseContext(in []byte) (Context, error) {
	tree, err := parseTree(in)
	if err != nil {
		if line, column, ok := syntaxPlace(in, err); ok {
			return Context{}, fmt.Errorf("context:%d:%d: %w", line, column, err)
		}
		return Context{}, fmt.Errorf("context: %w", err)
	}
	o, ok := tree.(*object)
	if !ok {
		return Context{}, fmt.Errorf("context: it is %s, and should be an object", kindOf(tree))
	}
	return contextFrom(o), nil
}

func contextFrom(o *object) Context { return Context{text: string(writeTree(o))} }

// tree is the context to work on; a new one each time.
func (c Context) tree() *object {
	t, err := parseTree(c.JSON())
	o, ok := t.(*object)
	if err != nil || !ok { // a Context is made by ParseContext or here
		return newObject()
	}
	return o
}

// JSON is the context as compact JSON, keys in their order.
func (c Context) JSON() []byte {
	if c.text == "" {
		return []byte("{}")
	}
	return []byte(c.text)
}

// MarshalJSON is JSON.
func (c Context) MarshalJSON() ([]byte, error) { return c.JSON(), nil }

// UnmarshalJSON keeps an object.
func (c *Context) UnmarshalJSON(in []byte) error {
	parsed, err := ParseContext(in)
	if err != nil {
		return errors.New("a context is a JSON object")
	}
	*c = parsed
	return nil
}

// WithResponse is the context of the response template: what the payload saw, and response and status beside it. What
// stood under these two names before is replaced.
func (c Context) WithResponse(r Coerced, result Result) Context {
	o := c.tree()
	response := newObject("status", nil, "headers", treeOr(r.Headers, newObject()), "body", treeOr(r.Body, ""))
	if r.Status != nil {
		response.set("status", *r.Status)
	}
	o.set("response", response)
	o.set("status", string(result))
	return contextFrom(o)
}

// treeOr is the parsed text, or what stands for none.
func treeOr(text json.RawMessage, none any) any {
	if v, err := parseTree(text); err == nil {
		return v
	}
	return none
}
