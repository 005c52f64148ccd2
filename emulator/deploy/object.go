package deploy

import "iter"

// Object is a JSON object, or what a Rails application makes of the brackets in a form: values by name. A value is a
// string, a json.Number, a bool, nil, a []any or an *Object.
//
// It is a list, because nearly every object has at most a dozen names and is read once: a map would cost more than all
// that is done with it. Where there are more names, a map finds them. The zero value is empty, and a nil one can be read.
type Object struct {
	members []member
	places  map[string]int // in members; nil while there are few
}

type member struct {
	name  string
	value any
}

// maxListed is how many names are looked through one by one.
const maxListed = 24

// NewObject is an empty object with room for some names; it grows where there are more.
func NewObject(names int) *Object {
	switch {
	case names <= 4:
		o := new(struct {
			Object
			room [4]member
		})
		o.members = o.room[:0]
		return &o.Object
	case names <= 12: // the documented fields of a deploy, or of its commit
		o := new(struct {
			Object
			room [12]member
		})
		o.members = o.room[:0]
		return &o.Object
	}
	return &Object{members: make([]member, 0, min(names, maxListed))}
}

// Get is the value of a name; nil where there is none.
func (o *Object) Get(name string) any {
	if i := o.place(name); i >= 0 {
		return o.members[i].value
	}
	return nil
}

// Set gives a name a value, in the place of the one that it had.
func (o *Object) Set(name string, value any) {
	if i := o.place(name); i >= 0 {
		o.members[i].value = value
		return
	}
	o.members = append(o.members, member{name, value})
	switch n := len(o.members); {
	case o.places != nil:
		o.places[name] = n - 1
	case n > maxListed:
		o.places = make(map[string]int, 2*n)
		for i := range o.members {
			o.places[o.members[i].name] = i
		}
	}
}

func (o *Object) place(name string) int {
	switch {
	case o == nil:
		return -1
	case o.places != nil:
		if i, ok := o.places[name]; ok {
			return i
		}
		return -1
	}
	for i := range o.members {
		if o.members[i].name == name {
			return i
		}
	}
	return -1
}

// Len is how many names there are.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.members)
}

// All are the names with their values, in the order in which they came.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i := range o.Len() {
			if m := &o.members[i]; !yield(m.name, m.value) {
				return
			}
		}
	}
}

// Plain is a value with maps for its objects, as package encoding/json would have read it. It and [ObjectOf] are for the
// tables of tests, here and in the rooms around.
func Plain(v any) any {
	switch v := v.(type) {
	case *Object:
		m := make(map[string]any, v.Len())
		for name, x := range v.All() {
			m[name] = Plain(x)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = Plain(x)
		}
		return list
	}
	return v
}

// ObjectOf is the object of a map such as [Plain] makes. The order of its names is left to chance.
func ObjectOf(m map[string]any) *Object {
	o := NewObject(len(m))
	for name, v := range m {
		o.Set(name, treeOf(v))
	}
	return o
}

func treeOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return ObjectOf(v)
	case []any:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = treeOf(x)
		}
		return list
	}
	return v
}
