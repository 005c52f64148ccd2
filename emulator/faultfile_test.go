package emulator_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// TestReadFaults: the same shape from YAML and from JSON, and by encoding/json alone.
func TestReadFaults(t *testing.T) {
	want := []fault.Fault{
		{ID: "a", Kind: fault.KindStatus, On: fault.Incoming, Query: "service:cart env:x", First: 1, Every: 2, Probability: fault.Chance(0.5), Status: 429, RetryAfter: "2s", Delay: "1ms"},
		{Kind: fault.KindLatency, Delay: "1s", Jitter: "2s"},
		{Kind: fault.KindTruncated, Bytes: 3},
		{Kind: fault.KindRedirect, On: fault.Outgoing, Status: 307, Location: "https://x.test/"},
	}
	asJSON, err := json.Marshal(map[string]any{"version": 1, "faults": want})
	if err != nil {
		t.Fatal(err)
	}
	const asYAML = `
faults:
  - {id: a, kind: status, on: incoming, query: "service:cart env:x", first: 1, every: 2, probability: 0.5, status: 429, retry_after: 2s, delay: 1ms}
  - {kind: latency, delay: 1s, jitter: 2s}
  - {kind: truncated, bytes: 3}
  - kind: redirect
    on: outgoing
    status: 307
    location: https://x.test/
`
	for _, src := range []string{string(asJSON), asYAML} {
		got, notes, err := emulator.ReadFaults("faults", []byte(src))
		if d := cmp.Diff(want, got); err != nil || len(notes) > 0 || d != "" {
			t.Error(err, notes, d)
		}
	}
}

// TestReadFaultsRefuses: each mistake has its place.
func TestReadFaultsRefuses(t *testing.T) {
	for src, want := range map[string]string{
		"":                              "f: the file holds no faults",
		"faults: []\n---\nfaults: []\n": "f: the file holds no faults, or more than one document",
		"[]":                            "f:1:1: ",
		"version: 2\nfaults: []\n":      "f:1:10: version 2 is not known",
		"falts: []\n":                   `unknown key "falts"`,
		"faults: {kind: reset}\n":       "faults must be a list",
		"faults:\n  - status: 503\n":    "kind",
		"faults:\n  - kind: stats\n":    `f:2:11: kind: there is no fault of kind "stats"`,
		"faults:\n  - {kind: reset, id: x}\n  - {kind: empty, id: x}\n":           "there is a fault x already",
		"faults:\n  - kind: reset\n    probability: 0\n":                          "f:3:18: probability: ",
		"faults:\n  - kind: reset\n    first: many\n":                             "f:3:12: ",
		"faults:" + strings.Repeat("\n  - kind: reset", fault.MaxFaults+1) + "\n": "there are 100 faults",
	} {
		faults, _, err := emulator.ReadFaults("f", []byte(src))
		if err == nil || faults != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", src, err, want)
		}
	}
}
