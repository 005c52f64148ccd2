package scenarios

import (
	"encoding/json"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// Literal is a text in which nothing is a reference when it stands in a scenario: what was recorded may hold ${.
func Literal(text string) string { return strings.ReplaceAll(text, "${", "$${") }

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
