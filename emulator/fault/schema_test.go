package fault_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// TestSchemaAgreesWithCheck: what Check takes the schema takes, and what it refuses by its shape the schema refuses.
func TestSchemaAgreesWithCheck(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(fault.Schema())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("faults.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("faults.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{
		`{"kind":"status"}`, `{"kind":"status","status":503,"retry_after":"2s","delay":"1.5s"}`, `{"kind":"status","status":399}`, `{"kind":"status","status":600}`,
		`{"kind":"latency","delay":"1m30s","jitter":"20ms"}`, `{"kind":"latency","delay":"2"}`, `{"kind":"latency","delay":"0"}`, `{"kind":"latency","bytes":3}`,
		`{"kind":"no_answer","delay":"1s"}`, `{"kind":"reset","first":2,"every":3,"probability":0.1}`, `{"kind":"reset","probability":0}`,
		`{"kind":"reset","probability":2}`, `{"kind":"reset","first":-1}`, `{"kind":"reset","on":"outgoing","query":"url:*x*"}`, `{"kind":"reset","on":"both"}`,
		`{"kind":"reset","id":"a b"}`, `{"kind":"reset","id":"a-b.c_1"}`, `{"kind":"truncated","bytes":3}`, `{"kind":"truncated","bytes":-3}`,
		`{"kind":"redirect","status":307,"location":"https://x.test/"}`, `{"kind":"redirect","status":304}`, `{"kind":"redirect","location":"/x"}`,
		`{"kind":"bare_202"}`, `{"kind":"malformed"}`, `{"kind":"empty"}`, `{"kind":"lost_answer"}`, `{"kind":"nonsense"}`, `{}`,
	} {
		var read fault.Fault
		if err := json.Unmarshal([]byte(f), &read); err != nil {
			t.Fatal(f, err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"version":1,"faults":[` + f + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		want, got := read.Check(), schema.Validate(v)
		if (want == nil) != (got == nil) {
			t.Errorf("%s: Check says %v, the schema %v", f, want, got)
		}
	}
}
