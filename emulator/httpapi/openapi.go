package httpapi

import (
	"encoding"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

func (c *Control) openAPIRoute() route {
	return route{method: http.MethodGet, path: Prefix + "openapi.json", doc: "this document", serve: func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, c.openAPI())
	}}
}

type object = map[string]any

// openAPI describes the control API. It is made from the table of routes and from the types that they answer with, so
// it cannot fall behind either.
func (c *Control) openAPI() object {
	paths := object{}
	for _, r := range c.routes() {
		path := Prefix + "v1" + pathVariable.ReplaceAllString(r.path, "{$1}")
		item, _ := paths[path].(object)
		if item == nil {
			item = object{}
			paths[path] = item
		}
		item[strings.ToLower(r.method)] = r.operation()
	}
	return object{
		"openapi": "3.1.0",
		"info": object{"title": "bubblelevel control API", "version": "1",
			"description": "The emulator's own side. OpsLevel's routes are not part of it: bubblelevel fidelity describes them."},
		"paths": paths,
		"components": object{
			"schemas": object{
				"Event": schemaOf(reflect.TypeFor[event.Event](), 0), "Service": schemaOf(reflect.TypeFor[catalog.Service](), 0),
				"Template": schemaOf(reflect.TypeFor[action.Template](), 0), "Suggestion": schemaOf(reflect.TypeFor[catalog.Suggestion](), 0), "Integration": schemaOf(reflect.TypeFor[Integration](), 0),
				"Fault":  schemaOf(reflect.TypeFor[fault.Status](), 0),
				"Health": schemaOf(reflect.TypeFor[Health](), 0), "Failure": schemaOf(reflect.TypeFor[Failure](), 0),
			},
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
		},
	}
}

// pathVariable is a variable in a route: its name, and the pattern that openAPI has no word for.
var pathVariable = regexp.MustCompile(`\{(\w+)(?::[^}]*)?\}`)

func (r route) operation() object {
	op := object{"summary": r.doc, "responses": object{
		"default": object{"description": "refused", "content": object{"application/json": object{"schema": ref("Failure")}}},
		"2XX":     r.success(),
	}}
	var parameters []object
	for _, v := range pathVariable.FindAllStringSubmatch(r.path, -1) {
		parameters = append(parameters, parameter(v[1], "path", "string"))
	}
	if list := listOf(r.path); r.method == http.MethodGet && list != "" {
		parameters = append(parameters, parameter("limit", "query", "integer"), parameter("after", "query", "string"))
		if list == "Event" || list == "Service" || list == "Suggestion" {
			parameters = append(parameters, parameter("q", "query", "string"))
		}
		if list == "Event" {
			parameters = append(parameters, parameter("before", "query", "integer"))
		}
	}
	if parameters != nil {
		op["parameters"] = parameters
	}
	if body := r.body(); body != nil {
		op["requestBody"] = object{"content": object{"application/json": object{"schema": body}}}
	}
	if !r.open {
		op["security"] = []object{{"token": []string{}}, {}}
	}
	return op
}

func parameter(name, in, kind string) object {
	return object{"name": name, "in": in, "required": in == "path", "schema": object{"type": kind}}
}

// listOf names the type that a list route lists.
func listOf(path string) string {
	switch path {
	case "/events", "/deploys", "/firings":
		return "Event"
	case "/services":
		return "Service"
	case "/suggestions":
		return "Suggestion"
	case "/integrations":
		return "Integration"
	case "/templates":
		return "Template"
	case "/faults":
		return "Fault"
	}
	return ""
}

func (r route) success() object {
	schema := object{"type": "object"}
	if list := listOf(r.path); r.method == http.MethodGet && list != "" {
		schema["properties"] = object{
			strings.TrimPrefix(r.path, "/"): object{"type": "array", "items": ref(list)},
			"next":                          object{"description": "where the following page begins; null at the end"},
		}
	}
	switch {
	case r.path == "/clock":
		schema = schemaOf(reflect.TypeFor[ClockState](), 0)
	case r.path == "/template-runs":
		schema = schemaOf(reflect.TypeFor[TemplateRunAnswer](), 0)
	case r.method == http.MethodPost && strings.HasPrefix(r.path, "/firings"):
		schema = schemaOf(reflect.TypeFor[FiringAnswer](), 0)
	case r.path == "/receivers/{name}" && r.method == http.MethodGet:
		schema = object{"type": "object", "properties": object{"requests": schemaOf(reflect.TypeFor[[]action.Received](), 0)}}
	case strings.Contains(r.path, "{seq"):
		schema = ref("Event")
	case r.path == "/health":
		schema = ref("Health")
	case r.path == "/verify":
		schema = schemaOf(reflect.TypeFor[expect.Verdict](), 0)
	case r.path == "/render":
		schema = schemaOf(reflect.TypeFor[RenderAnswer](), 0)
	case r.method == http.MethodPost && r.path == "/services", strings.HasSuffix(r.path, "/accept"):
		schema = ref("Service")
	case r.method == http.MethodPost && r.path == "/integrations":
		schema = ref("Integration")
	case r.method == http.MethodPost && r.path == "/faults":
		schema = schemaOf(reflect.TypeFor[faultsRequest](), 0)
	case r.path == "/metrics":
		return object{"description": r.doc, "content": object{"text/plain": object{}}}
	}
	return object{"description": r.doc, "content": object{"application/json": object{"schema": schema}}}
}

// body is the schema of what a route is sent; nil for nothing.
func (r route) body() any {
	text := object{"type": "string"}
	fields := func(names ...string) object {
		properties := object{}
		for _, n := range names {
			properties[n] = text
		}
		return object{"type": "object", "properties": properties}
	}
	switch {
	case r.method == http.MethodPost && r.path == "/services", strings.HasSuffix(r.path, "/accept"):
		return ref("Service")
	case strings.HasSuffix(r.path, "/aliases"):
		return fields("alias")
	case r.path == "/faults" && r.method == http.MethodPost:
		return schemaOf(reflect.TypeFor[faultsRequest](), 0)
	case strings.HasSuffix(r.path, "/bind"):
		return fields("service")
	case r.method == http.MethodPost && r.path == "/integrations":
		return fields("uuid", "name", "type", "ttl")
	case r.path == "/template-runs":
		return schemaOf(reflect.TypeFor[TemplateRun](), 0)
	case r.path == "/firings" && r.method == http.MethodPost:
		return schemaOf(reflect.TypeFor[WebhookFiring](), 0)
	case r.path == "/receivers/{name}" && r.method == http.MethodPut:
		return schemaOf(reflect.TypeFor[action.ReceiverSetup](), 0)
	case r.path == "/clock" && r.method == http.MethodPost:
		return schemaOf(reflect.TypeFor[ClockMove](), 0)
	case r.path == "/verify":
		return schemaOf(reflect.TypeFor[verifyRequest](), 0)
	case r.path == "/render":
		return object{"type": "object", "required": []string{"template"}, "properties": object{
			"template": text, "context": object{"type": "object"}, "error_mode": object{"enum": []string{"lax", "strict"}},
			"partials": object{"type": "object", "additionalProperties": text},
		}}
	case r.method == http.MethodPut:
		return object{"type": "object", "description": "a fixture: bubblelevel schema fixture prints its schema"}
	}
	return nil
}

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// maxSchemaDepth is deeper than any type of the API.
const maxSchemaDepth = 8

// schemaOf is the JSON Schema of a Go type as encoding/json writes it.
func schemaOf(t reflect.Type, depth int) object {
	if depth > maxSchemaDepth {
		return object{}
	}
	if own, ok := ownSchema(t, depth); ok {
		return own
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), depth)
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return inBase64()
		}
		return object{"type": "array", "items": schemaOf(t.Elem(), depth+1)}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": schemaOf(t.Elem(), depth+1)}
	case reflect.Struct:
		properties := object{}
		addFields(properties, t, depth)
		if t == reflect.TypeFor[event.Request]() { // it writes its body by itself: as text where it is text
			properties["body"], properties["body_base64"] = object{"type": "string"}, inBase64()
		}
		return object{"type": "object", "properties": properties}
	case reflect.Interface:
		return object{}
	}
	return object{"type": "integer"}
}

func inBase64() object { return object{"type": "string", "contentEncoding": "base64"} }

// ownSchema is that of a type which writes or reads its JSON by itself, so that its Go type says nothing of it.
func ownSchema(t reflect.Type, depth int) (schema object, ok bool) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}, true
	case reflect.TypeFor[json.RawMessage]():
		return object{}, true
	case reflect.TypeFor[action.Context]():
		return object{"type": "object"}, true
	case reflect.TypeFor[action.Bytes]():
		return object{"oneOf": []object{
			{"type": "string"},
			{"type": "object", "description": "bytes that are not UTF-8", "properties": object{"base64": inBase64()}, "required": []string{"base64"}},
		}}, true
	case reflect.TypeFor[Inputs]():
		return object{"oneOf": []object{
			{"type": "object", "description": "names and values", "additionalProperties": object{}},
			{"type": "array", "items": schemaOf(reflect.TypeFor[action.Input](), depth+1)},
		}}, true
	}
	return nil, false
}

func addFields(properties object, t reflect.Type, depth int) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			addFields(properties, f.Type, depth)
		case name == "-" || !f.IsExported():
		case name != "":
			properties[name] = schemaOf(f.Type, depth+1)
		}
	}
}
