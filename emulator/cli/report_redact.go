package cli

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// minSecret is the shortest value of a variable that is taken for a secret, in bytes: a shorter one stands in too many
// innocent texts.
const minSecret = 8

// secrets takes credentials out of texts: the values of variables that are named like one, and what looks like one.
type secrets struct {
	values *strings.Replacer
	looks  *regexp.Regexp
	redactor
}

func newSecrets(environ []string) secrets {
	var pairs []string
	named := regexp.MustCompile(`(?i)TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|(^|_)AUTH(_|$)|INTEGRATION_URL|UPSTREAM$`)
	values := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if named.MatchString(name) && len(value) >= minSecret {
			values[value] = name
		}
	}
	// A value that holds another one goes first.
	var order []string
	for value := range values {
		order = append(order, value)
	}
	slices.SortFunc(order, func(a, b string) int { return len(b) - len(a) })
	for _, value := range order {
		pairs = append(pairs, value, "["+values[value]+"]")
	}
	return secrets{
		values: strings.NewReplacer(pairs...),
		looks: regexp.MustCompile(`\b(?:gh[pousr]_\w{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{12,}` +
			`|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)|(?i:bearer|basic)\s+[\w.~+/=-]{8,}|(://)[^/\s:@"]+:[^/\s@"]+@`),
		redactor: newRedactor(),
	}
}

func (s secrets) text(t string) string {
	t = s.values.Replace(t)
	t = s.looks.ReplaceAllStringFunc(t, func(found string) string {
		if strings.HasPrefix(found, "://") {
			return "://[redacted]@"
		}
		return "[redacted]"
	})
	return s.redactor.text(t)
}

// redacted is the report without secrets and e-mail addresses.
func (r *report) redacted(s secrets) (reported, error) {
	clean := report{strict: r.strict, commandFailed: r.commandFailed}
	return &clean, s.redact(r, &clean)
}

// redact makes to what from is, by way of JSON, with every text cleaned.
func (s secrets) redact(from, to any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		return err
	}
	if b, err = json.Marshal(s.tree(tree)); err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// tree redacts every text of a JSON value.
func (s secrets) tree(v any) any {
	switch v := v.(type) {
	case string:
		return s.text(v)
	case []any:
		for i := range v {
			v[i] = s.tree(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = s.tree(v[k])
		}
	}
	return v
}
