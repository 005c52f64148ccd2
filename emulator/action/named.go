package action

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed contexts/*.json
var contextFiles embed.FS

// NamedContexts are the contexts that can be asked for by name, to render a template without any run:
//
//   - documented: the page's example, its stray comma mended
//   - 2026: the shape of the published rendering
//   - nulls: whatever can be null or empty is
//   - hostile: quotes, line breaks, Liquid, emoji and 20-digit ids where people write text
func NamedContexts() []string { return []string{"documented", "2026", "nulls", "hostile"} }

// NamedContext is one of [NamedContexts].
func NamedContext(name string) (Context, error) {
	for _, n := range NamedContexts() {
		if n == name {
			text, err := contextFiles.ReadFile("contexts/" + name + ".json")
			if err != nil {
				return Context{}, err
			}
			return ParseContext(text)
		}
	}
	return Context{}, noSuch("context", name, NamedContexts())
}

// NamedResponses are the answers that can be asked for by name: created (201 with JSON), failed (500 with text) and
// empty (204).
func NamedResponses() []string { return []string{"created", "failed", "empty"} }

// NamedResponse is one of [NamedResponses] as a response template sees it, with the result it leads to; see
// [Context.WithResponse].
func NamedResponse(name string) (Coerced, Result, error) {
	text, err := contextFiles.ReadFile("contexts/responses.json")
	if err != nil {
		return Coerced{}, "", err
	}
	var all map[string]struct {
		Status  int      `json:"status"`
		Headers []Header `json:"headers"`
		Body    string   `json:"body"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return Coerced{}, "", err
	}
	r, there := all[name]
	if !there {
		return Coerced{}, "", noSuch("response", name, NamedResponses())
	}
	c, _ := coerce(&answer{status: r.Status, headers: r.Headers, body: []byte(r.Body), length: int64(len(r.Body)), whole: true})
	return c, resultOf(r.Status, false), nil
}

func noSuch(what, name string, all []string) error {
	hint := ""
	if near := nearest(name, all); near != "" {
		hint = fmt.Sprintf(": did you mean %q?", near)
	}
	return fmt.Errorf("no %s is named %q%s (there are %s)", what, name, hint, strings.Join(all, ", "))
}
