package httpapi

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// spoken are the types that the control API writes and reads.
func spoken() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[event.Event](), reflect.TypeFor[catalog.Service](), reflect.TypeFor[action.Template](), reflect.TypeFor[catalog.Suggestion](),
		reflect.TypeFor[Integration](), reflect.TypeFor[fault.Status](), reflect.TypeFor[Health](), reflect.TypeFor[Failure](),
		reflect.TypeFor[ClockState](), reflect.TypeFor[ClockMove](), reflect.TypeFor[TemplateRun](), reflect.TypeFor[TemplateRunAnswer](),
		reflect.TypeFor[WebhookFiring](), reflect.TypeFor[FiringAnswer](), reflect.TypeFor[[]action.Received](), reflect.TypeFor[action.ReceiverSetup](),
		reflect.TypeFor[expect.Verdict](), reflect.TypeFor[RenderAnswer](), reflect.TypeFor[faultsRequest](), reflect.TypeFor[verifyRequest](),
	}
}

// TestEverythingIsDescribed: whatever is said in JSON, the API's description names and types, also where it is no text.
func TestEverythingIsDescribed(t *testing.T) {
	for _, one := range spoken() {
		for _, text := range []string{"text", "\xff"} {
			v := reflect.New(one)
			fill(v.Elem(), 0, text)
			b, err := json.Marshal(v.Interface())
			if err != nil {
				t.Fatal(one, err)
			}
			var tree any
			if err := json.Unmarshal(b, &tree); err != nil {
				t.Fatal(one, err)
			}
			described(t, one.String(), tree, schemaOf(one, 0))
		}
	}
}

// TestOwnFormsAreKnown: a type that writes or reads its JSON by itself has a schema of its own.
func TestOwnFormsAreKnown(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(reflect.Type)
	look = func(one reflect.Type) {
		if seen[one] {
			return
		}
		seen[one] = true
		own := one.Implements(reflect.TypeFor[json.Marshaler]()) || reflect.PointerTo(one).Implements(reflect.TypeFor[json.Unmarshaler]())
		if _, known := ownSchema(one, 0); one.Kind() != reflect.Pointer && own && !known && one != reflect.TypeFor[event.Request]() {
			t.Errorf("%v has a form of its own, and the description knows nothing of it", one)
		}
		switch one.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			look(one.Elem())
		case reflect.Struct:
			for i := range one.NumField() {
				look(one.Field(i).Type)
			}
		}
	}
	for _, one := range spoken() {
		look(one)
	}
}

// fill gives everything in v a value, so that nothing is left out of its JSON; text is what may be no text.
func fill(v reflect.Value, depth int, text string) {
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
	switch one := v.Addr().Interface().(type) {
	case *action.Bytes:
		*one = action.Bytes(text)
		return
	case *event.Request:
		*one = event.Request{Method: "POST", Path: "/", Headers: map[string][]string{"A": {"b"}}, Body: text, BodyLength: int64(len(text)), BodySHA256: "x"}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth, text)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1, text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1, text)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1, text)
		fill(value, depth+1, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf("x"))
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
	if forms, several := schema["oneOf"].([]object); several {
		for _, form := range forms {
			if _, isObject := tree.(map[string]any); isObject == (form["type"] == "object") {
				described(t, at, tree, form)
				return
			}
		}
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
