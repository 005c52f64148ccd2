package httpapi

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// formHash is an object under construction: what "a[b]=1" makes of a.
type formHash struct {
	fields map[string]any // nil, string, *formHash, *formList or *formFile
	keys   int            // the characters of its keys, which Rack bounds
}

// formList is a list under construction: what "a[]=1" makes of a.
type formList struct{ items []any }

// formFile is an uploaded file: never a scalar.
type formFile struct{ name, mediaType string }

func newFormHash() *formHash { return &formHash{fields: map[string]any{}} }

// add puts a value at the place that a name with brackets names, by the rules of Rack's nested queries, and returns
// what then stands for h: h itself, or what a name that is brackets alone makes of it.
func (h *formHash) add(name string, value any, depth int) (any, *paramError) {
	if depth <= 0 {
		return nil, &paramError{what: fmt.Sprintf("parameters are nested deeper than %d", maxFormDepth)}
	}
	key, after := splitName(name)
	if key == "" {
		if value != nil && name == "[]" {
			return &formList{items: []any{value}}, nil
		}
		return nil, nil
	}
	switch {
	case after == "":
		return h, h.set(key, value)
	case after == "[":
		return h, h.set(name, value)
	case after == "[]":
		list, err := h.list(key)
		if err == nil {
			list.items = append(list.items, value)
		}
		return h, err
	}
	if child, ok := listChild(after); ok {
		return h, h.addToList(key, child, value, depth)
	}
	return h, h.addToHash(key, after, value, depth)
}

// splitName takes the first key off a name: "deployer[email]" is deployer and [email].
func splitName(name string) (key, after string) {
	name = strings.TrimLeft(name, "[]")
	end := strings.IndexAny(name, "[]")
	if end < 0 {
		return name, ""
	}
	return name[:end], strings.TrimLeft(name[end:], "]")
}

// listChild is the name inside the objects of a list: what stands after "[]", without its brackets if it is one name in
// brackets alone. Rack looks line by line in names with line breaks, which nobody sends; here they are no different.
func listChild(after string) (child string, ok bool) {
	rest, ok := strings.CutPrefix(after, "[]")
	if !ok {
		return "", false
	}
	if inner, ok := strings.CutPrefix(rest, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok && inner != "" && !strings.ContainsAny(inner, "[]") {
			return inner, true
		}
	}
	return rest, true
}

// addToList adds to "key[]child": to the last object of the list, unless that has the value already.
func (h *formHash) addToList(key, child string, value any, depth int) *paramError {
	list, err := h.list(key)
	if err != nil {
		return err
	}
	if n := len(list.items); n > 0 {
		if last, ok := list.items[n-1].(*formHash); ok && !last.has(child) {
			_, err = last.add(child, value, depth-1)
			return err
		}
	}
	item, err := newFormHash().add(child, value, depth-1)
	list.items = append(list.items, item)
	return err
}

func (h *formHash) addToHash(key, rest string, value any, depth int) *paramError {
	if h.fields[key] == nil {
		if err := h.set(key, newFormHash()); err != nil {
			return err
		}
	}
	inner, ok := h.fields[key].(*formHash)
	if !ok {
		return conflict("Hash", h.fields[key], key)
	}
	v, err := inner.add(rest, value, depth-1)
	if err != nil {
		return err
	}
	return h.set(key, v)
}

// list is the list at key, a new one where there is nothing.
func (h *formHash) list(key string) (*formList, *paramError) {
	if h.fields[key] == nil {
		if err := h.set(key, &formList{}); err != nil {
			return nil, err
		}
	}
	list, ok := h.fields[key].(*formList)
	if !ok {
		return nil, conflict("Array", h.fields[key], key)
	}
	return list, nil
}

func (h *formHash) set(key string, value any) *paramError {
	if _, ok := h.fields[key]; !ok {
		if h.keys += utf8.RuneCountInString(key); h.keys > maxFormKeySpace {
			return &paramError{what: "exceeded available parameter key space"}
		}
	}
	h.fields[key] = value
	return nil
}

// has says whether a nested key is there: "b[c]" asks for c in b.
func (h *formHash) has(key string) bool {
	if strings.Contains(key, "[]") {
		return false
	}
	var at any = h
	for _, part := range strings.FieldsFunc(key, func(r rune) bool { return r == '[' || r == ']' }) {
		hash, ok := at.(*formHash)
		if !ok {
			return false
		}
		if at, ok = hash.fields[part]; !ok {
			return false
		}
	}
	return true
}

// conflict is Rack's error for a name that is used in two ways: "deployer=x&deployer[email]=y".
func conflict(wanted string, got any, key string) *paramError {
	class := "String"
	switch got.(type) {
	case *formHash:
		class = "Hash"
	case *formList:
		class = "Array"
	case *formFile:
		class = "Hash"
	}
	return &paramError{what: fmt.Sprintf("expected %s (got %s) for param `%s'", wanted, class, clip(key, 80))}
}

// params is the finished tree. Rails refuses values that are not UTF-8, once all are read.
func (h *formHash) params() (deploy.Params, *paramError) {
	bad := ""
	v := finished(h, &bad)
	if bad != "" {
		return nil, &paramError{what: "a value is not valid UTF-8: " + quoted(bad), notUTF8: true}
	}
	return v.(*deploy.Object), nil
}

// finished turns a value under construction into what package deploy reads. Its depth is bounded by maxFormDepth.
func finished(v any, bad *string) any {
	switch v := v.(type) {
	case *formHash:
		o := deploy.NewObject(len(v.fields))
		for name, x := range v.fields {
			o.Set(name, finished(x, bad))
		}
		return o
	case *formList:
		list := make([]any, len(v.items))
		for i, x := range v.items {
			list[i] = finished(x, bad)
		}
		return list
	case *formFile:
		o := deploy.NewObject(2)
		o.Set("filename", v.name)
		o.Set("type", v.mediaType)
		return o
	case string:
		if !utf8.ValidString(v) {
			*bad = strings.ToValidUTF8(v, "\uFFFD")
		}
	}
	return v
}
