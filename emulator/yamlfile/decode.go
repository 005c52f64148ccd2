package yamlfile

import (
	"fmt"
	"reflect"
	"strings"
)

// Options say how strict a decoding is.
type Options struct {
	// Lenient is for files of others: an unknown key, a missing required one and an empty entry of a list are notes
	// instead of errors.
	Lenient bool
	// YAML11 reads plain scalars as YAML 1.1 does, with a note where that changes what a person wrote: an unquoted 1.10
	// becomes the text "1.1". Without it a text is what was written, and the note says what YAML 1.1 would make of it.
	YAML11 bool
	// Enums are the values that a text may have, by the path of its keys without places in lists:
	// "services.tools.category". In lenient mode another value is left out, with a note.
	Enums map[string][]string
	// At is the path of the node that is decoded, where it is not a whole document.
	At string
}

// SelfDecoder is a type that reads itself, such as one that is a text or a map. It may call f.Decode for its parts. An
// error that is not an [Errors] or [Error] is put at the node.
type SelfDecoder interface {
	DecodeYAML(f *File, n *Node, o Options) ([]Note, error)
}

// Decode fills into, a pointer, from a node. The keys of a struct are those of its yaml tags; a field without tag, or
// with "-", is not filled, save one of type [Pos]. A field of type *[Node] gets the node itself, an
// empty one too, to be decoded later. Tag options: "required" (missing or null is an error) and "inline" (the fields of an
// embedded struct count as the outer's own). An empty value leaves any other field as it is. The error is an [Errors]; what
// could be read is filled in all the same.
func (f *File) Decode(n *Node, into any, o Options) ([]Note, error) {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, fmt.Errorf("yamlfile: cannot decode into a %T", into)
	}
	d := decoder{f: f, o: o}
	d.value(n, v.Elem(), o.At)
	if len(d.errs) > 0 {
		return d.notes, d.errs
	}
	return d.notes, nil
}

type decoder struct {
	f     *File
	o     Options
	errs  Errors
	notes []Note
}

func (d *decoder) fail(n *Node, hint, format string, args ...any) {
	if len(d.errs) < MaxErrors {
		d.errs = append(d.errs, d.f.Errorf(n, hint, format, args...))
	}
}

func (d *decoder) note(n *Node, hint, format string, args ...any) {
	if len(d.notes) < MaxNotes {
		d.notes = append(d.notes, d.f.Notef(n, hint, format, args...))
	}
}

// value decodes a node at a path into a settable value.
func (d *decoder) value(n *Node, v reflect.Value, path string) {
	if len(d.errs) >= MaxErrors {
		return
	}
	if v.CanAddr() && d.self(n, v.Addr().Interface()) {
		return
	}
	if v.Type() == reflect.TypeFor[*Node]() {
		v.Set(reflect.ValueOf(n))
		return
	}
	if n.Kind == Null {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.value(n, p.Elem(), path)
		v.Set(p)
	case reflect.Struct:
		if !d.time(n, v) {
			d.structure(n, v, path)
		}
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Map:
		d.dictionary(n, v, path)
	case reflect.Interface:
		v.Set(reflect.ValueOf(d.free(n)))
	default:
		d.scalar(n, v, path)
	}
}

// self lets a type read itself.
func (d *decoder) self(n *Node, target any) bool {
	s, ok := target.(SelfDecoder)
	if !ok {
		return false
	}
	notes, err := s.DecodeYAML(d.f, n, d.o)
	d.notes = append(d.notes, notes[:min(len(notes), max(0, MaxNotes-len(d.notes)))]...)
	switch err := err.(type) {
	case nil:
	case Errors:
		d.errs = append(d.errs, err[:min(len(err), MaxErrors-len(d.errs))]...)
	case *Error:
		d.errs = append(d.errs, err)
	default:
		d.fail(n, "", "%s", err.Error())
	}
	return true
}

func (d *decoder) list(n *Node, v reflect.Value, path string) {
	if n.Kind != List {
		hint := "write each entry as - value"
		if n.Kind == Map {
			hint = "begin each entry with -"
		}
		d.fail(n, hint, "%s must be a list, and this is %s", label(path), d.describe(n))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	full := 0
	for _, item := range n.Items {
		switch {
		case item.Kind != Null:
			before := len(d.errs)
			d.value(item, out.Index(full), path+entry)
			if len(d.errs) == before {
				full++
				continue
			}
			out.Index(full).SetZero() // an entry that is wrong is left out
		case d.o.Lenient:
			d.note(item, "", "an empty entry in %s is left out", label(path))
		default:
			d.fail(item, "", "an empty entry in %s", label(path))
		}
	}
	v.Set(out.Slice(0, full))
}

func (d *decoder) dictionary(n *Node, v reflect.Value, path string) {
	if n.Kind != Map {
		d.fail(n, "write it as key: value", "%s must be a map, and this is %s", label(path), d.describe(n))
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.Pairs))
	for _, p := range n.Pairs {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(p.Value, item, join(path, p.Key.Text))
		out.SetMapIndex(reflect.ValueOf(p.Key.Text).Convert(v.Type().Key()), item)
	}
	v.Set(out)
}

// free is a node as JSON has it: nil, string, bool, int64, float64, []any, map[string]any.
func (d *decoder) free(n *Node) any {
	switch n.Kind {
	case Map:
		m := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			m[p.Key.Text] = d.free(p.Value)
		}
		return m
	case List:
		l := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			l = append(l, d.free(item))
		}
		return l
	}
	return plainValue(n, d.o.YAML11)
}

// describe names a node in an error: its kind, and a short scalar itself.
func (d *decoder) describe(n *Node) string {
	if n.Kind == Map || n.Kind == List || len(n.Text) > 40 {
		return string(n.Kind)
	}
	return fmt.Sprintf("%s, %q", n.Kind, n.Text)
}

// entry marks the way from a list to its entries in a path.
const entry = "[]"

// label names the field at a path: its last key.
func label(path string) string {
	if path == "" {
		return "the file"
	}
	last := path[strings.LastIndexByte(path, '.')+1:]
	if list, ok := strings.CutSuffix(last, entry); ok {
		return "an entry of " + list
	}
	return last
}

// keysOf is a path without the marks of lists, as [Options].Enums has it.
func keysOf(path string) string { return strings.ReplaceAll(path, entry, "") }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
