package yamlfile

import (
	"reflect"
	"strings"
)

// field is a field of a struct that a key fills.
type field struct {
	key      string
	at       []int // for FieldByIndex
	required bool
}

// fieldsOf lists the keys of a struct type in the order of the fields, and the indices of its Pos fields.
func fieldsOf(t reflect.Type) (fields []field, places [][]int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		if !sf.IsExported() {
			continue
		}
		key, options, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		switch {
		case sf.Type == reflect.TypeFor[Pos]():
			places = append(places, []int{i})
		case strings.Contains(options, "inline"):
			inner, pos := fieldsOf(sf.Type)
			for _, f := range inner {
				f.at = append([]int{i}, f.at...)
				fields = append(fields, f)
			}
			for _, p := range pos {
				places = append(places, append([]int{i}, p...))
			}
		case key != "" && key != "-":
			fields = append(fields, field{key, []int{i}, strings.Contains(options, "required")})
		}
	}
	return fields, places
}

// structure fills a struct from a map.
func (d *decoder) structure(n *Node, v reflect.Value, path string) {
	if n.Kind != Map {
		d.fail(n, "write it as key: value", "%s must be a map, and this is %s", label(path), d.describe(n))
		return
	}
	fields, places := fieldsOf(v.Type())
	for _, p := range places {
		v.FieldByIndex(p).Set(reflect.ValueOf(n.Pos))
	}
	byKey := map[string]field{}
	var known []string
	for _, f := range fields {
		byKey[f.key] = f
		known = append(known, f.key)
	}
	for _, p := range n.Pairs {
		f, ok := byKey[p.Key.Text]
		if !ok {
			d.unknown(p, n, known, path)
			continue
		}
		d.value(p.Value, v.FieldByIndex(f.at), join(path, f.key))
	}
	for _, f := range fields {
		switch {
		case !f.required || !missing(n.Get(f.key)):
		case d.o.Lenient:
			d.note(n, "", "%s is missing", keysOf(join(path, f.key)))
		default:
			d.fail(n, "", "%s is missing", keysOf(join(path, f.key)))
		}
	}
}

// missing says that a required key is not there, or has nothing behind it. An empty text in quotes was meant.
func missing(n *Node) bool { return n == nil || n.Kind == Null }

// unknown reports a key that nothing reads.
func (d *decoder) unknown(p Pair, in *Node, known []string, path string) {
	where := ""
	if path != "" {
		where = " in " + label(path)
	}
	if d.o.Lenient {
		d.note(p.Key, suggest(p.Key.Text, known, in.keys()), "the key %q%s is not read", p.Key.Text, where)
		return
	}
	hint := suggest(p.Key.Text, known, in.keys())
	if hint == "" {
		hint = "known keys: " + shortList(known)
	}
	d.fail(p.Key, hint, "unknown key %q%s", p.Key.Text, where)
}

// suggest is DidYouMean without what the map has already.
func suggest(key string, known, have []string) string {
	has := map[string]bool{}
	for _, k := range have {
		has[k] = true
	}
	var free []string
	for _, k := range known {
		if !has[k] {
			free = append(free, k)
		}
	}
	return DidYouMean(key, free)
}
