package yamlfile

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// scalar decodes into a text, a number or a truth value.
func (d *decoder) scalar(n *Node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if text, ok := d.text(n, path); ok && d.enum(n, text, path) {
			v.SetString(text)
		}
	case reflect.Bool:
		if b, ok := d.truth(n); ok {
			v.SetBool(b)
			return
		}
		d.fail(n, truthHint(n), "%s must be true or false, and this is %s", label(path), d.describe(n))
	case reflect.Int, reflect.Int64, reflect.Int32:
		i, err := strconv.ParseInt(n.Text, 10, v.Type().Bits())
		if n.Kind != Int || err != nil {
			d.fail(n, numberHint(n, v.Type()), "%s must be a whole number, and this is %s", label(path), d.describe(n))
			return
		}
		v.SetInt(i)
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.Text, 64)
		if n.Kind != Int && n.Kind != Float || err != nil {
			d.fail(n, "", "%s must be a number, and this is %s", label(path), d.describe(n))
			return
		}
		v.SetFloat(f)
	default:
		d.fail(n, "", "%s cannot be read: no rule for %s", label(path), v.Type())
	}
}

// text is a scalar where a text belongs: what was written, or what YAML 1.1 makes of it.
func (d *decoder) text(n *Node, path string) (string, bool) {
	if n.Kind == Map || n.Kind == List {
		d.fail(n, "", "%s must be a text, and this is %s", label(path), d.describe(n))
		return "", false
	}
	s, surprising := Surprise(n)
	if !surprising {
		return n.Text, true
	}
	if d.o.YAML11 {
		d.note(n, `quote it: "`+n.Text+`"`, "unquoted %s is %s in YAML 1.1, so %s is %q", n.Text, s.What, label(path), s.Text)
		return s.Text, true
	}
	d.note(n, `quote it: "`+n.Text+`"`, "unquoted %s is taken as it stands; YAML 1.1 makes it %s", n.Text, s.What)
	return n.Text, true
}

// enum says whether a text is one of those that its path may have, and reports it where not.
func (d *decoder) enum(n *Node, text, path string) bool {
	allowed, ok := d.o.Enums[keysOf(path)]
	if !ok || text == "" || slices.Contains(allowed, text) {
		return true
	}
	hint := DidYouMean(text, allowed)
	if hint == "" {
		hint = "one of " + shortList(allowed)
	}
	if d.o.Lenient {
		d.note(n, hint, "%s cannot be %q; it is left out", label(path), text)
	} else {
		d.fail(n, hint, "%s cannot be %q", label(path), text)
	}
	return false
}

func (d *decoder) truth(n *Node) (value, ok bool) {
	if n.Kind == Bool {
		b, err := strconv.ParseBool(n.Text)
		return b, err == nil
	}
	if d.o.YAML11 && n.Plain {
		b, ok := truth11[n.Text]
		return b, ok
	}
	return false, false
}

// truthHint says what yes and no should be.
func truthHint(n *Node) string {
	if b, ok := truth11[n.Text]; ok {
		return "write " + strconv.FormatBool(b)
	}
	return ""
}

// numberHint is the cure for a whole number that cannot be read: one of another base or with separators, in quotes, or
// too large for its field.
func numberHint(n *Node, t reflect.Type) string {
	_, err := strconv.ParseInt(n.Text, 10, t.Bits())
	switch {
	case errors.Is(err, strconv.ErrRange):
		return fmt.Sprintf("between %d and %d", int64(-1)<<(t.Bits()-1), int64(1)<<(t.Bits()-1)-1)
	case err == nil:
		return "leave the quotes out"
	case n.Kind == Int:
		return "write it in decimal digits alone"
	}
	return ""
}

// timeLayouts are the spellings of a moment that a file may use; without a zone it is UTC.
var timeLayouts = [...]string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"}

// time decodes a moment where v is one.
func (d *decoder) time(n *Node, v reflect.Value) bool {
	if v.Type() != reflect.TypeFor[time.Time]() {
		return false
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, n.Text); err == nil && n.Kind != Map && n.Kind != List {
			v.Set(reflect.ValueOf(t.UTC()))
			return true
		}
	}
	d.fail(n, "write it as 2006-01-02T15:04:05Z", "this must be a moment, and is %s", d.describe(n))
	return true
}

// plainValue is a scalar as JSON has it.
func plainValue(n *Node, yaml11 bool) any {
	if yaml11 && n.Plain {
		if b, ok := truth11[n.Text]; ok {
			return b
		}
	}
	switch n.Kind {
	case Null:
		return nil
	case Bool:
		if b, err := strconv.ParseBool(n.Text); err == nil {
			return b
		}
	case Int:
		if i, err := strconv.ParseInt(n.Text, 0, 64); err == nil {
			return i
		}
	case Float:
		// Infinity and not-a-number have no place in JSON: they stay texts.
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil && f-f == 0 {
			return f
		}
	}
	return n.Text
}
