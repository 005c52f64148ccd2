package deploy

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
)

// TestObject holds an object against a map, whatever is set in it and however many names there are.
func TestObject(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		o, m := NewObject(r.IntN(30)), map[string]any{}
		var names []string
		for range r.IntN(80) {
			name := strconv.Itoa(r.IntN(40))
			if _, ok := m[name]; !ok {
				names = append(names, name)
			}
			m[name] = r.Int()
			o.Set(name, m[name])
		}
		for i := range 45 {
			if name := strconv.Itoa(i); o.Get(name) != m[name] {
				t.Fatalf("%s is %v, want %v", name, o.Get(name), m[name])
			}
		}
		var came []string
		for name, v := range o.All() {
			if came = append(came, name); v != m[name] {
				t.Fatalf("%s is %v, want %v", name, v, m[name])
			}
		}
		if o.Len() != len(m) || !slices.Equal(came, names) {
			t.Fatalf("%d names %v, want %v", o.Len(), came, names)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, m := range []map[string]any{
		{}, {"a": nil, "b": "x", "c": true}, {"a": map[string]any{"b": []any{map[string]any{}, "x", []any{}}}},
	} {
		if got := Plain(ObjectOf(m)); !reflect.DeepEqual(got, any(m)) {
			t.Errorf("%v, want %v", got, m)
		}
	}
}

// TestNoObject: what is not there can be asked all the same.
func TestNoObject(t *testing.T) {
	var o *Object
	for range o.All() {
		t.Error("a name")
	}
	if o.Get("a") != nil || o.Len() != 0 {
		t.Error("a value")
	}
}
