package action

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Check says what is wrong with a webhook as it was written, before anything is rendered: no URL, an unknown method,
// negative settings, a header name that HTTP does not allow or that stands twice.
func (w Webhook) Check() error {
	var wrong []error
	if strings.TrimSpace(w.URL) == "" {
		wrong = append(wrong, errors.New("url is missing"))
	}
	if !slices.Contains(Methods(), w.method()) {
		wrong = append(wrong, fmt.Errorf("method is %q, and should be one of %s", w.Method, strings.Join(Methods(), ", ")))
	}
	if s := w.Settings; s.Timeout < 0 || s.Retries < 0 || s.RetryWait < 0 || s.Redirects < 0 || s.MaxBody < 0 {
		wrong = append(wrong, errors.New("settings cannot be negative"))
	}
	seen := map[string]string{}
	for _, name := range sortedNames(w.Headers) {
		if !validHeaderName(name) {
			wrong = append(wrong, fmt.Errorf("header name %q has a character that HTTP does not allow", name))
		}
		if other, twice := seen[strings.ToLower(name)]; twice {
			wrong = append(wrong, fmt.Errorf("headers %q and %q are the same header", other, name))
		}
		seen[strings.ToLower(name)] = name
	}
	return errors.Join(wrong...)
}

func sortedNames(headers map[string]string) []string {
	names := make([]string, 0, len(headers))
	for name := range headers {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// validHeaderName: a token of RFC 9110.
func validHeaderName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	}) < 0
}

// Check says what is wrong with a template as it was written: a nameless one, an unknown forge or method, a field twice.
func (t Template) Check() error {
	var wrong []error
	if strings.TrimSpace(t.Name) == "" {
		wrong = append(wrong, errors.New("a template needs a name"))
	}
	if t.Forge != GitHub && t.Forge != GitLab && t.Forge != NoForge {
		wrong = append(wrong, fmt.Errorf("template %q: forge is %q, and should be github, gitlab or none", t.Name, t.Forge))
	}
	if t.hasRepository() && t.Group == "" {
		wrong = append(wrong, fmt.Errorf("template %q: group is missing: the account or group of the new repository", t.Name))
	}
	wrong = append(wrong, t.checkFields()...)
	if t.Webhook != nil {
		wrong = append(wrong, t.Webhook.Check())
	}
	return errors.Join(wrong...)
}

func (t Template) checkFields() (wrong []error) {
	seen := map[string]bool{}
	for _, f := range t.Fields {
		switch {
		case f.Name == "":
			wrong = append(wrong, fmt.Errorf("template %q: a field without a name", t.Name))
		case seen[f.Name]:
			wrong = append(wrong, fmt.Errorf("template %q: field %q stands twice", t.Name, f.Name))
		case hasJinja(f.Default) || hasJinja(asAny(f.Choices)):
			wrong = append(wrong, fmt.Errorf("template %q: field %q has Jinja in it, which is not rendered here: make it required instead", t.Name, f.Name))
		case len(f.Choices) > 0 && f.Default != "" && !slices.Contains(f.Choices, f.Default):
			wrong = append(wrong, fmt.Errorf("template %q: field %q has the default %q, and its choices are %s", t.Name, f.Name, f.Default, strings.Join(f.Choices, ", ")))
		case f.Kind != "" && f.Kind != Text && f.Kind != Boolean && f.Kind != Object:
			wrong = append(wrong, fmt.Errorf("template %q: field %q is of kind %q, and should be text, boolean or object", t.Name, f.Name, f.Kind))
		}
		seen[f.Name] = true
	}
	if n := t.Service.NameField; n != "" && !seen[n] {
		wrong = append(wrong, fmt.Errorf("template %q: name_field %q is no field of it", t.Name, n))
	}
	return wrong
}

func asAny(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
