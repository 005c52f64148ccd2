package action

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// Bytes are bytes that are mostly text. In JSON they are a string where they are valid UTF-8, else {"base64": "..."}.
type Bytes string

// bytesJSON is the form of bytes that are not text.
type bytesJSON struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON writes the string, or the object for what is not UTF-8.
func (b Bytes) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(b)) {
		return json.Marshal(string(b))
	}
	return json.Marshal(bytesJSON{[]byte(b)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Bytes) UnmarshalJSON(in []byte) error {
	var s string
	if json.Unmarshal(in, &s) == nil {
		*b = Bytes(s)
		return nil
	}
	var j bytesJSON
	if err := json.Unmarshal(in, &j); err != nil {
		return fmt.Errorf("neither a string nor {\"base64\": ...}: %w", err)
	}
	*b = Bytes(j.Base64)
	return nil
}

// Duration is a time.Duration that is written as text: "10s", "1.5ms".
type Duration time.Duration

// String is the form of time.Duration.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText writes it as time.Duration does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what time.ParseDuration does.
func (d *Duration) UnmarshalText(in []byte) error {
	v, err := time.ParseDuration(string(in))
	if err != nil {
		return fmt.Errorf("%q is no duration: write it like 10s or 500ms", in)
	}
	*d = Duration(v)
	return nil
}
