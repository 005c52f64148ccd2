package liquid

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

// The recorded oracles live beside the repository, not in it: they are other
// people's data. Where they are absent these tests are skipped; everything they
// cover has a test of its own here too.

const oracles = "../../../shared/liquid-oracle"

func oracle(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(oracles, name))
	if err != nil {
		t.Skip("recorded oracle " + name + " is not beside this repository")
	}
	if !strings.HasSuffix(name, ".gz") {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// recorded is when the cases that print the time were recorded.
func recorded() time.Time { return time.Date(2026, 11, 22, 0, 52, 5, 0, time.UTC) }

func decoded(t testing.TB, b []byte) Value {
	t.Helper()
	if len(b) == 0 {
		return nil
	}
	v, err := DecodeJSON(b)
	if err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}

// outcome is what a template came to: its output, or that it was refused.
type outcome struct {
	output  string
	errors  []string
	refused string
}

func outcomeOf(source string, data Value, o Options) outcome {
	o.LineNumbers = true
	if o.Now == nil {
		o.Now = recorded
	}
	t, err := Parse(source, o)
	if err != nil {
		return outcome{refused: err.Error()}
	}
	res, err := t.Render(context.Background(), Input{Context: data})
	if err != nil {
		return outcome{output: res.Output, refused: "RENDER " + err.Error()}
	}
	return outcome{output: res.Output, errors: res.Errors}
}

func partialsOf(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		s, ok := m[name]
		return s, ok
	}
}

// misses compares failures with the list of those known, by name.
type misses struct {
	known  map[string]bool
	failed map[string]string
	total  int
}

func newMisses(t *testing.T, list string) *misses {
	m := &misses{known: map[string]bool{}, failed: map[string]string{}}
	f, err := os.Open(filepath.Join("testdata", list))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, _, _ := strings.Cut(lines.Text(), "\t"); name != "" && name[0] != '#' {
			m.known[name] = true
		}
	}
	return m
}

func (m *misses) check(t *testing.T, atLeast float64) {
	t.Helper()
	names := make([]string, 0, len(m.failed))
	for name := range m.failed {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !m.known[name] {
			t.Errorf("%s\n%s", name, m.failed[name])
		}
	}
	for name := range m.known {
		if _, still := m.failed[name]; !still {
			t.Errorf("%s passes now: strike it from the list of misses", name)
		}
	}
	rate := 100 * float64(m.total-len(m.failed)) / float64(m.total)
	t.Logf("%d of %d pass (%.2f %%)", m.total-len(m.failed), m.total, rate)
	if rate < atLeast {
		t.Errorf("%.2f %% pass, %.2f %% are asked for", rate, atLeast)
	}
}

func TestGoldenLiquid(t *testing.T) {
	var suite struct {
		Tests []struct {
			Name, Template string
			Data           json.RawMessage
			Templates      map[string]string
			Result         string
			Results        []string
			Invalid        bool
			Tags           []string
		}
	}
	if err := json.Unmarshal(oracle(t, "golden_liquid.json"), &suite); err != nil {
		t.Fatal(err)
	}
	m := newMisses(t, "misses_golden.txt")
	for _, c := range suite.Tests {
		m.total++
		data := decoded(t, c.Data)
		o := Options{Partials: partialsOf(c.Templates)}
		if c.Invalid {
			o.Mode = Strict
			got := outcomeOf(c.Template, data, o)
			if got.refused == "" && len(got.errors) == 0 {
				m.failed[c.Name] = c.Template + "\nrendered " + got.output
			}
			continue
		}
		if slices.Contains(c.Tags, "strict") {
			o.Mode = Strict
		}
		got := outcomeOf(c.Template, data, o)
		ok := got.refused == "" && (got.output == c.Result && c.Results == nil)
		for _, r := range c.Results {
			ok = ok || got.refused == "" && got.output == r
		}
		if !ok {
			m.failed[c.Name] = describe(c.Template, string(c.Data), c.Result, got)
		}
	}
	m.check(t, 99.8)
}

func describe(template, data, want string, got outcome) string {
	if len(data) > 300 {
		data = data[:300]
	}
	return "template " + quoted(template) + "\n    data " + data + "\n    want " + quoted(want) + "\n     got " + quoted(got.output) + " " + got.refused
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

type domainFile struct {
	Contexts map[string]json.RawMessage
	Cases    []domainCase
}

type domainCase struct {
	ID            string
	Template      string
	ContextRef    string  `json:"context_ref"`
	RubyOutput    *string `json:"ruby_output"`
	RubyError     *string `json:"ruby_error"`
	TimeDependent bool    `json:"time_dependent"`
}

func contextText(t testing.TB, raw json.RawMessage) []byte {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return []byte(s)
	}
	return raw
}

func (c domainCase) run(m *misses, contexts map[string]Value) {
	if c.TimeDependent {
		return
	}
	m.total++
	got := outcomeOf(c.Template, contexts[c.ContextRef], Options{Partials: partialsOf(nil)})
	switch {
	case c.RubyError != nil:
		if got.refused != *c.RubyError {
			m.failed[c.ID] = describe(c.Template, c.ContextRef, "refused: "+*c.RubyError, got)
		}
	case got.refused != "" || got.output != *c.RubyOutput:
		m.failed[c.ID] = describe(c.Template, c.ContextRef, *c.RubyOutput, got)
	}
}

func domain(t testing.TB) (domainFile, map[string]Value) {
	var f domainFile
	if err := json.Unmarshal(oracle(t, "domain_cases.json"), &f); err != nil {
		t.Fatal(err)
	}
	contexts := map[string]Value{}
	for name, raw := range f.Contexts {
		contexts[name] = decoded(t, contextText(t, raw))
	}
	return f, contexts
}

func TestDomainCases(t *testing.T) {
	f, contexts := domain(t)
	m := newMisses(t, "misses_domain.txt")
	for _, c := range f.Cases {
		c.run(m, contexts)
	}
	m.check(t, 100)
}

func TestGeneratedCases(t *testing.T) {
	_, contexts := domain(t)
	m := newMisses(t, "misses_generated.txt")
	for _, line := range bytes.Split(oracle(t, "generated_cases.jsonl.gz"), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var c domainCase
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		c.run(m, contexts)
	}
	m.check(t, 99.9)
}

type specOutcome struct {
	Output *string
	Errors []string
	Error  *string
}

func TestLiquidSpec(t *testing.T) {
	lines := bytes.Split(oracle(t, "liquid_spec_cases.jsonl.gz"), []byte("\n"))
	for _, mode := range []Mode{Lax, Strict} {
		name := map[Mode]string{Lax: "lax", Strict: "strict"}[mode]
		t.Run(name, func(t *testing.T) {
			m := newMisses(t, "misses_spec_"+name+".txt")
			messages, right := 0, 0
			for _, line := range lines {
				if len(line) == 0 {
					continue
				}
				var c struct {
					ID, Template string
					Data         json.RawMessage
					Templates    map[string]string
					Lax          specOutcome `json:"ruby_5_13_lax"`
					Strict       specOutcome `json:"ruby_5_13_strict"`
				}
				if err := json.Unmarshal(line, &c); err != nil {
					t.Fatal(err)
				}
				want := c.Lax
				if mode == Strict {
					want = c.Strict
				}
				m.total++
				now := func() time.Time { return recorded().Add(2 * time.Duration(mode) * time.Second) }
				got := outcomeOf(c.Template, decoded(t, c.Data), Options{Mode: mode, Partials: partialsOf(c.Templates), Now: now})
				switch {
				case want.Error != nil:
					messages++
					if got.refused == *want.Error {
						right++
					} else if os.Getenv("SHOW_MESSAGES") != "" {
						t.Logf("%s\nwant %s\n got %s", c.ID, *want.Error, got.refused)
					}
					if got.refused == "" {
						m.failed[c.ID] = describe(c.Template, string(c.Data), "refused: "+*want.Error, got)
					}
				case got.refused != "" || want.Output == nil || got.output != *want.Output:
					w := ""
					if want.Output != nil {
						w = *want.Output
					}
					m.failed[c.ID] = describe(c.Template, string(c.Data), w, got)
				}
			}
			t.Logf("of %d refusals %d in Ruby's very words", messages, right)
			m.check(t, 99)
		})
	}
}
