package action

import "encoding/json"

// Coerced is the response object of the response template's context: an answer with its headers and body turned into
// JSON where possible. Without an answer Status is nil and the rest is empty.
type Coerced struct {
	Status *int `json:"status"`
	// Headers is a JSON object: the names as received, then the same in lower case where that differs.
	Headers json.RawMessage `json:"headers"`
	// Body is the body as JSON: parsed where it is JSON, else a string.
	Body json.RawMessage `json:"body"`
	// BodyOmitted says that a record leaves Body out (null), because it is longer than [RecordBody].
	BodyOmitted bool `json:"body_omitted,omitempty"`
}
