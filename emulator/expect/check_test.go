package expect_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// TestWrongFinding: a finding that cannot be would make `not:` hold for everything, a false green.
func TestWrongFinding(t *testing.T) {
	for q, hint := range map[string]string{
		"not:finding:silent.duplicat":      "silent.duplicate",
		"finding:silent.unknown":           "silent.unknown_alias",
		"not:finding:silent,dat":           "date.",
		"not:finding:unknown_alias":        "silent.unknown_alias",
		"finding:silnt":                    "silent",
		"not:finding:silent.x*":            "",
		"not:finding:/^silent[.]nothing$/": "",
		`finding:"silent.duplicate, "`:     "",
	} {
		parsed, err := query.Parse(q)
		if err != nil {
			t.Fatal(err)
		}
		var wrong *expect.Error
		if err := (&expect.Expectation{Query: parsed}).Check(); !errors.As(err, &wrong) {
			t.Errorf("%s is accepted", q)
		} else if !strings.Contains(wrong.Hint, hint) {
			t.Errorf("%s: hint %q does not name %s", q, wrong.Hint, hint)
		}
	}
	good := []string{"finding:silent", "not:finding:date,warning", "finding:SILENT", "finding:silent.*", "finding:/alias/", "has:finding", "service:x"}
	for _, d := range finding.All() {
		good = append(good, "not:finding:"+d.ID)
	}
	for _, q := range good {
		expecting(t, q)
	}
	if expect.CheckFinding("silent.duplicate") != nil || expect.CheckFinding("silent") == nil {
		t.Error("CheckFinding takes ids, and ids alone")
	}
}

func TestContradictions(t *testing.T) {
	one, two, minus := 1, 2, -1
	short := expect.Duration(-time.Second)
	for name, x := range map[string]expect.Expectation{
		"times and min":   {Times: &one, Min: &one},
		"times and never": {Times: &one, Never: true},
		"never and max":   {Never: true, Max: &one},
		"min above max":   {Min: &two, Max: &one},
		"negative":        {Min: &minus},
		"negative within": {Within: short},
		"negative settle": {Settle: &short},
	} {
		if x.Check() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestExpectationInJSON(t *testing.T) {
	x := expecting(t, "service:cart", times(2), within(10*time.Second), since(4))
	b, err := json.Marshal(x)
	if want := `{"query":"service:cart","times":2,"within":"10s","since":4}`; err != nil || string(b) != want {
		t.Fatalf("got %s, %v\nwant %s", b, err, want)
	}
	var back expect.Expectation
	if err := json.Unmarshal(b, &back); err != nil || back.Query.String() != "service:cart" || *back.Times != 2 {
		t.Errorf("read back: %+v, %v", back, err)
	}
	if json.Unmarshal([]byte(`{"within":"soon"}`), &back) == nil {
		t.Error("a time that is none is accepted")
	}
}
