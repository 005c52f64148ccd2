package action

import (
	"fmt"
	"slices"
	"strings"
)

// InputError is one thing wrong with the inputs of a run. Nothing was created.
type InputError struct {
	// Field is the input concerned, Given the value that was given for it.
	Field string `json:"field"`
	Given string `json:"given,omitempty"`
	// Kind is missing, unknown, repeated, not_a_choice, not_boolean, not_object or unknown_user.
	Kind string `json:"kind"`
	// Nearest is the name or choice that looks most like what was given; Allowed are all of them.
	Nearest string   `json:"nearest,omitempty"`
	Allowed []string `json:"allowed,omitempty"`
}

// Error is a sentence that names the field and what would be right.
func (e InputError) Error() string {
	switch e.Kind {
	case "missing":
		if len(e.Allowed) > 0 {
			return fmt.Sprintf("input %q is missing: the template has no default for it, and it takes one of %s", e.Field, strings.Join(e.Allowed, ", "))
		}
		return fmt.Sprintf("input %q is missing: the template has no default for it", e.Field)
	case "unknown":
		return fmt.Sprintf("the template has no input %q%s", e.Field, e.hint())
	case "repeated":
		return fmt.Sprintf("input %q is given more than once", e.Field)
	case "not_a_choice":
		return fmt.Sprintf("input %q cannot be %q%s", e.Field, e.Given, e.hint())
	case "not_boolean":
		return fmt.Sprintf("input %q is %q, and should be true or false", e.Field, e.Given)
	case "unknown_user":
		return fmt.Sprintf("the account has no user %q%s", e.Given, e.hint())
	}
	return fmt.Sprintf("input %q should be a JSON object, such as {\"name\": \"value\"}", e.Field)
}

func (e InputError) hint() string {
	var b strings.Builder
	if e.Nearest != "" {
		fmt.Fprintf(&b, ": did you mean %q?", e.Nearest)
	}
	if len(e.Allowed) > 0 {
		sep := ":"
		if e.Nearest != "" {
			sep = ""
		}
		fmt.Fprintf(&b, "%s it has %s", sep, strings.Join(e.Allowed, ", "))
	}
	return b.String()
}

// InputErrors are all that is wrong with the inputs of a run; never empty.
type InputErrors []InputError

// Error joins the sentences.
func (e InputErrors) Error() string {
	all := make([]string, len(e))
	for i, x := range e {
		all[i] = x.Error()
	}
	return strings.Join(all, "; ")
}

// checkInputs gives every field of the template its value, in the template's order: what was given, else the default.
func checkInputs(fields []Field, given []Input) ([]Input, InputErrors) {
	var wrong InputErrors
	values := map[string]string{}
	names := fieldNames(fields)
	for _, in := range given {
		_, twice := values[in.Name]
		switch {
		case !slices.Contains(names, in.Name):
			wrong = append(wrong, InputError{Field: in.Name, Kind: "unknown", Nearest: nearest(in.Name, names), Allowed: names})
		case twice:
			wrong = append(wrong, InputError{Field: in.Name, Kind: "repeated"})
		}
		values[in.Name] = in.Value
	}
	var out []Input
	for _, f := range fields {
		in, err := valueFor(f, values)
		if err != nil {
			wrong = append(wrong, *err)
		}
		out = append(out, in)
	}
	return out, wrong
}

func fieldNames(fields []Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

func valueFor(f Field, values map[string]string) (Input, *InputError) {
	v, given := values[f.Name]
	if !given {
		v = f.Default
	}
	in := Input{f.Name, v}
	chosen := len(f.Choices) == 0 || slices.Contains(f.Choices, v)
	if f.Required && strings.TrimSpace(v) == "" || !chosen && !given && v == "" {
		return in, &InputError{Field: f.Name, Kind: "missing", Allowed: f.Choices}
	}
	if !chosen {
		return in, &InputError{Field: f.Name, Given: v, Kind: "not_a_choice", Nearest: nearest(v, f.Choices), Allowed: f.Choices}
	}
	switch f.Kind {
	case Boolean:
		b, ok := yesNo(v)
		if !ok {
			return in, &InputError{Field: f.Name, Given: v, Kind: "not_boolean"}
		}
		in.Value = b
	case Object:
		if strings.TrimSpace(v) == "" {
			v = "{}"
		}
		tree, err := parseTree([]byte(v))
		o, ok := tree.(*object)
		if err != nil || !ok {
			return in, &InputError{Field: f.Name, Given: v, Kind: "not_object"}
		}
		in.Value = string(writeTree(o))
	}
	return in, nil
}

// yesNo reads the words that cookiecutter takes for a boolean.
func yesNo(s string) (string, bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "1", "true", "t", "yes", "y", "on":
		return "true", true
	case "0", "false", "f", "no", "n", "off", "":
		return "false", true
	}
	return "", false
}

// inputTree is template_run.inputs of the context.
func inputTree(fields []Field, inputs []Input) *object {
	o := newObject()
	for i, in := range inputs {
		switch fields[i].Kind {
		case Boolean:
			o.set(in.Name, in.Value == "true")
		case Object:
			tree, _ := parseTree([]byte(in.Value)) // checked by valueFor
			o.set(in.Name, tree)
		default:
			o.set(in.Name, in.Value)
		}
	}
	return o
}
