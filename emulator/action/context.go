package action

import (
	"encoding/json"
	"errors"
)

// Context is what a webhook's templates see: one JSON object whose keys keep their order. The zero value is {}.
type Context struct {
	text string
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

// UnmarshalJSON keeps the text of an object.
func (c *Context) UnmarshalJSON(in []byte) error {
	if len(in) == 0 || in[0] != '{' || !json.Valid(in) {
		return errors.New("a context is a JSON object")
	}
	c.text = string(in)
	return nil
}
