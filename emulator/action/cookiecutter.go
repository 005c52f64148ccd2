package action

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// ParseCookiecutter reads a real cookiecutter.json: its variables in their order. What cookiecutter itself treats as
// private (a key that begins with an underscore, __prompts__ too) is no input; the prompts become [Field.Prompt]. Of a
// list the first item is the default; a dict is an [Object]; true and false are a [Boolean]; a number is text, as
// cookiecutter makes it. Whatever has Jinja in its default is Required: only cookiecutter could work it out, and
// unrendered Jinja must never reach a payload. A list with Jinja in an item takes any value.
//
// Errors name the line and column.
func ParseCookiecutter(in []byte) ([]Field, error) {
	in = bytes.TrimPrefix(in, []byte("\ufeff"))
	tree, err := parseTree(in)
	if err != nil {
		if line, column, ok := syntaxPlace(in, err); ok {
			return nil, fmt.Errorf("cookiecutter.json:%d:%d: %w", line, column, err)
		}
		return nil, fmt.Errorf("cookiecutter.json: %w", err)
	}
	top, ok := tree.(*object)
	if !ok {
		return nil, fmt.Errorf("cookiecutter.json: the top level is %s, and should be an object of variables", kindOf(tree))
	}
	prompts, _ := top.values["__prompts__"].(*object)
	var fields []Field
	for _, name := range top.keys {
		if strings.HasPrefix(name, "_") {
			continue
		}
		f, err := fieldOf(name, top.values[name])
		if err != nil {
			return nil, fmt.Errorf("cookiecutter.json: %w", err)
		}
		f.Prompt = promptOf(prompts, name)
		fields = append(fields, f)
	}
	return fields, nil
}

func fieldOf(name string, value any) (Field, error) {
	f := Field{Name: name, Kind: Text}
	switch v := value.(type) {
	case []any:
		return choiceOf(f, v)
	case *object:
		f.Kind = Object
		f.Default = string(writeTree(v))
	case bool:
		f.Kind = Boolean
		f.Default = fmt.Sprint(v)
	default:
		f.Default = scalarText(v)
	}
	if hasJinja(value) {
		f.Default, f.Required = "", true
	}
	return f, nil
}

func choiceOf(f Field, items []any) (Field, error) {
	if len(items) == 0 {
		return f, fmt.Errorf("%s is an empty list: cookiecutter takes the first item as the default", f.Name)
	}
	for _, item := range items {
		switch item.(type) {
		case []any, *object:
			return f, fmt.Errorf("%s has %s among its choices, and a choice is text", f.Name, kindOf(item))
		}
		f.Choices = append(f.Choices, scalarText(item))
	}
	f.Default, f.Required = f.Choices[0], hasJinja(items[0])
	if f.Required {
		f.Default = ""
	}
	if hasJinja(items) {
		f.Choices = nil
	}
	return f, nil
}

// scalarText is what cookiecutter's str() makes of a value, null being nothing.
func scalarText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return map[bool]string{true: "True", false: "False"}[v]
	case json.Number:
		return string(v)
	}
	return ""
}

// hasJinja says whether there is Jinja anywhere in the value, keys included.
func hasJinja(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "{{") || strings.Contains(v, "{%") || strings.Contains(v, "{#")
	case []any:
		for _, x := range v {
			if hasJinja(x) {
				return true
			}
		}
	case *object:
		for _, k := range v.keys {
			if hasJinja(k) || hasJinja(v.values[k]) {
				return true
			}
		}
	}
	return false
}

// promptOf is the question for a variable; for choices it stands under __prompt__ of an object.
func promptOf(prompts *object, name string) string {
	if prompts == nil {
		return ""
	}
	switch p := prompts.values[name].(type) {
	case string:
		return p
	case *object:
		s, _ := p.values["__prompt__"].(string)
		return s
	}
	return ""
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case []any:
		return "a list"
	case *object:
		return "an object"
	}
	return "a number"
}
