package httpapi

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TestEventIsDescribed: whatever an event says in JSON, the API's description names and types.
func TestEventIsDescribed(t *testing.T) {
	for _, body := range []string{"text", "\xff"} {
		var e event.Event
		fill(reflect.ValueOf(&e).Elem(), 0)
		e.Request.Body, e.Request.BodyLength = body, int64(len(body))
		b, err := json.Marshal(&e)
		if err != nil {
			t.Fatal(err)
		}
		var tree any
		if err := json.Unmarshal(b, &tree); err != nil {
			t.Fatal(err)
		}
		described(t, "event", tree, schemaOf(reflect.TypeFor[event.Event](), 0))
	}
}

// fill gives everything in v a value, so that nothing is left out of its JSON.
func fill(v reflect.Value, depth int) {
	if depth > maxSchemaDepth || !v.CanSet() {
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1, 0).UTC()))
		return
	}
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		v.SetBytes([]byte(`"x"`))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	}
}

// described holds a piece of JSON against its schema.
func described(t *testing.T, at string, tree any, schema object) {
	t.Helper()
	if len(schema) == 0 || tree == nil {
		return // anything may stand there
	}
	switch tree := tree.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(object)
		others, _ := schema["additionalProperties"].(object)
		for name, below := range tree {
			one, ok := properties[name].(object)
			switch {
			case ok:
				described(t, at+"."+name, below, one)
			case others != nil:
				described(t, at+"."+name, below, others)
			case properties != nil || schema["type"] != "object":
				t.Errorf("%s has %q, and its schema does not: %v", at, name, schema["type"])
			}
		}
	case []any:
		items, ok := schema["items"].(object)
		if !ok {
			t.Errorf("%s is a list, and its schema says %v", at, schema["type"])
		}
		for _, below := range tree {
			described(t, at+"[]", below, items)
		}
	case string:
		if schema["type"] != "string" {
			t.Errorf("%s is a string, and its schema says %v", at, schema["type"])
		}
	case float64:
		if schema["type"] != "integer" && schema["type"] != "number" {
			t.Errorf("%s is a number, and its schema says %v", at, schema["type"])
		}
	case bool:
		if schema["type"] != "boolean" {
			t.Errorf("%s is true or false, and its schema says %v", at, schema["type"])
		}
	}
}
