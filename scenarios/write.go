package scenarios

import (
	"encoding/json"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// Literal is a text in which nothing is a reference when it stands in a scenario: what was recorded may hold ${.
func Literal(text string) string { return strings.ReplaceAll(text, "${", "$${") }

// The types that DecodeYAML reads from a single value are written as one.

// EncodeYAML writes 1m30s.
func (d Duration) EncodeYAML() any { return d.String() }

// EncodeYAML writes the duration.
func (x Advance) EncodeYAML() any { return x.By.String() }

// EncodeYAML writes the integration.
func (x Retire) EncodeYAML() any { return x.Integration }

// EncodeYAML writes nothing behind the key.
func (x Reset) EncodeYAML() any { return nil }

// EncodeYAML writes names and their paths.
func (x Capture) EncodeYAML() any { return x.Paths }

// EncodeYAML writes off, or the fault.
func (x Fault) EncodeYAML() any {
	if x.Off {
		return "off"
	}
	return x.Fault
}

// Value is a value as a scenario holds it, for payloads and matchers: anything that encoding/json writes. Texts in it are
// [Literal] texts.
func Value(v any) (*yamlfile.Node, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	n := nodeAt(decodeJSON(b), yamlfile.Pos{})
	eachText(n, func(text *yamlfile.Node) { text.Text = Literal(text.Text) })
	return n, nil
}
