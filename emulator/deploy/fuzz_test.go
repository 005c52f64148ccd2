package deploy

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzTime: whatever was read can be kept as JSON, in microseconds, and reads back as itself.
func FuzzTime(f *testing.F) {
	for _, s := range dateTokens {
		f.Add(s)
		f.Add("2026-01-02 03:04:05 " + s)
		f.Add(s + " 2026-01-02T03:04:05Z")
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := ParseTime(s)
		if !ok {
			if m != (Moment{}) {
				t.Fatalf("%q: unreadable, but %+v", s, m)
			}
			return
		}
		if m.Time.Nanosecond()%1000 != 0 || m.Time.Location() != time.UTC {
			t.Fatalf("%q: %v", s, m.Time)
		}
		if m.Zoned && m.IgnoredZone != "" {
			t.Fatalf("%q: both zoned and with an ignored zone: %+v", s, m)
		}
		mustJSON(t, m.Time)
		again, ok := ParseTime(m.Time.Format(time.RFC3339Nano))
		if !ok || !again.Time.Equal(m.Time) {
			t.Fatalf("%q: %v reads back as %v", s, m.Time, again.Time)
		}
	})
}

// FuzzParse: any parameters give a deploy that can be kept, and problems in OpsLevel's order that agree with it.
func FuzzParse(f *testing.F) {
	f.Add(documented)
	f.Add(full("deployer", `{"name":[1],"email":{}}`))
	f.Add(full("deployed_at", `1e400`))
	f.Add(`{"service":"\u00a0","commit":{"date":{}}}`)
	rank := map[string]int{"service": 1, "description": 2, "deployed_at": 3, "deployer": 4, "deployer.name": 5}
	f.Fuzz(func(t *testing.T, s string) {
		dec := json.NewDecoder(strings.NewReader(s))
		dec.UseNumber()
		var m map[string]any
		if dec.Decode(&m) != nil {
			return
		}
		p := ObjectOf(m)
		before := mustJSON(t, Plain(p))
		d, problems := Parse(p, Rules{})
		if mustJSON(t, Plain(p)) != before {
			t.Fatal("Parse changed its parameters")
		}
		last, missing := 0, map[string]bool{}
		for _, problem := range problems {
			if rank[problem.Field] <= last || problem.Status != 400 || !utf8.Valid(problem.Body()) {
				t.Fatalf("%s: %v", s, problems)
			}
			last, missing[problem.Field] = rank[problem.Field], true
		}
		if missing["service"] != blank(d.Service) || missing["description"] != blank(d.Description) || missing["deployer"] != (d.Deployer == nil) {
			t.Fatalf("%s: %v but %s", s, problems, mustJSON(t, d))
		}
		var back Deploy
		if err := json.Unmarshal([]byte(mustJSON(t, d)), &back); err != nil || !reflect.DeepEqual(normal(d), normal(back)) {
			t.Fatalf("%s does not come back: %v\n%s\n%s", s, err, mustJSON(t, d), mustJSON(t, back))
		}
		if _, lenient := Parse(p, Rules{DeployerOptional: true}); len(lenient) > len(problems) {
			t.Fatalf("%s: lenient is stricter: %v", s, lenient)
		}
	})
}

// normal makes two deploys comparable: encoding/json leaves another pointer for UTC.
func normal(d Deploy) string {
	b, _ := json.Marshal(d)
	return string(b)
}
