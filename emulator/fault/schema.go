package fault

import "encoding/json"

type object = map[string]any

// Schema is the JSON Schema (draft 2020-12) of a file of faults, made of the kinds.
func Schema() []byte {
	b, err := json.Marshal(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "bubblelevel faults",
		"type": "object", "required": []string{"faults"}, "additionalProperties": false,
		"properties": object{
			"version": object{"const": 1},
			"faults":  object{"type": "array", "maxItems": MaxFaults, "items": object{"$ref": "#/$defs/fault"}},
		},
		"$defs": object{"fault": faultSchema(), "duration": durationSchema()},
	})
	if err != nil {
		return nil // maps of texts and numbers always become JSON
	}
	return b
}

func durationSchema() object {
	return object{"type": "string", "pattern": `^([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)(.*)$|^0$`, "description": "a time with its unit: 500ms, 2s"}
}

// faultSchema is one alternative for each kind, so that an editor offers only the settings which that kind takes.
func faultSchema() object {
	var kinds []object
	for _, d := range Kinds() {
		properties := scopeSchema()
		properties["kind"] = object{"const": d.Kind, "description": d.Doc}
		for _, s := range d.Settings {
			properties[s] = settingSchema(d.Kind, s)
		}
		kinds = append(kinds, object{"type": "object", "title": d.Kind, "description": d.Doc, "required": []string{"kind"}, "properties": properties, "additionalProperties": false})
	}
	return object{"oneOf": kinds}
}

// scopeSchema is what every fault has beside its kind.
func scopeSchema() object {
	count := func(doc string) object { return object{"type": "integer", "minimum": 0, "description": doc} }
	return object{
		"id":          object{"type": "string", "pattern": idPattern.String(), "description": "what the fault is called; made of the kind where it is left out"},
		"on":          object{"enum": []Side{Incoming, Outgoing}, "description": "deploys that come in (the default), or webhooks that go out"},
		"query":       object{"type": "string", "description": "which requests; every one of that side where it is left out"},
		"first":       count("how many hits end the fault; 0: none does"),
		"every":       count("only each Nth request that answers the query"),
		"probability": object{"type": "number", "exclusiveMinimum": 0, "maximum": 1, "description": "chance decides"},
	}
}

func settingSchema(k Kind, setting string) object {
	switch setting {
	case "status":
		if k == KindRedirect {
			return object{"enum": redirects()}
		}
		return object{"type": "integer", "minimum": 400, "maximum": 599}
	case "bytes":
		return object{"type": "integer", "minimum": 0, "description": "how much of the body is left; 0: half"}
	case "location":
		return object{"type": "string", "pattern": "^https?://", "description": "where the redirect leads; the same address by https where it is left out"}
	}
	return object{"$ref": "#/$defs/duration"}
}
