// Package scenarios runs contract tests that are written down: each [Scenario] sends, runs, fires and waits against an
// emulator of its own, and says at which step what arrived is not what was expected.
//
// [Parse] reads a file strictly, [Library] are the scenarios in the binary, and [Run] runs many at once. `bubblelevel help
// scenario` explains the form; scenario.schema.json is its schema.
package scenarios

import (
	_ "embed"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// The limits of a file. One beyond them is refused with an error that names the limit.
const (
	MaxFile  = 1 << 20 // bytes of a scenario file
	MaxSteps = 1_000   // steps of a scenario
	MaxName  = 200     // characters of its name
)

// Scenario is one contract test. Write one with [yamlfile.Marshal]; what is read back by [Parse] is the same.
type Scenario struct {
	// Version is that of the form: 1.
	Version int `yaml:"version,required"`
	// Name is one line; Description says what the scenario shows.
	Name        string `yaml:"name,required"`
	Description string `yaml:"description"`
	// Fixtures are files relative to the scenario's own. Account is the same in place. With neither, the account is the
	// embedded demonstration, which is no list of anybody's services, so that no alias is judged by it.
	Fixtures []string       `yaml:"fixtures"`
	Account  *yamlfile.Node `yaml:"account"`
	// Now is where the emulator's clock stands until a step advances it; nil: it runs with the machine's.
	Now *time.Time `yaml:"now"`
	// Seed makes the ids that the emulator draws, and the chance in its faults, the same in every run.
	Seed int64 `yaml:"seed"`
	// Steps are run in their order; the first that goes wrong ends the scenario.
	Steps []Step `yaml:"steps,required"`

	// Path is the file it was read from, or the name of an embedded one; for errors and reports.
	Path string `yaml:"-"`
	// Dir is the folder that its files lie in; empty: that of Path.
	Dir string `yaml:"-"`
	// Embedded says that it is one of [Library].
	Embedded bool `yaml:"-"`

	file *yamlfile.File
	doc  *yamlfile.Node
}

// version is the only one there is.
const version = 1

//go:embed scenario.schema.json
var schemaJSON []byte

// dir is the folder of the files that it names.
func (s *Scenario) dir() string {
	if s.Dir != "" {
		return s.Dir
	}
	return filepath.Dir(s.Path)
}

// Schema is the JSON Schema (draft 2020-12) of a scenario file.
func Schema() []byte { return append([]byte(nil), schemaJSON...) }

// Parse reads a scenario. name is the file's, for errors and for the paths that it holds. The error is a
// [yamlfile.Errors] with all that is wrong.
func Parse(name string, src []byte) (*Scenario, error) {
	if len(src) > MaxFile {
		return nil, yamlfile.Errors{{File: name, Message: fmt.Sprintf("the file is larger than %d KiB", MaxFile>>10), Hint: "put long bodies into files of their own (file:)"}}
	}
	f, err := yamlfile.Parse(name, src)
	if err != nil {
		return nil, err
	}
	if len(f.Docs) != 1 {
		return nil, yamlfile.Errors{f.Errorf(nil, "one scenario a file", "the file holds %d documents", len(f.Docs))}
	}
	s := &Scenario{Path: name, file: f, doc: f.Docs[0]}
	if err := s.decode(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Scenario) decode() error {
	if _, err := s.file.Decode(s.doc, s, yamlfile.Options{}); err != nil {
		return err
	}
	c := checker{f: s.file}
	at := func(key string) *yamlfile.Node { return s.doc.Get(key) }
	switch {
	case s.Version != version:
		c.fail(at("version"), "write version: 1", "version %d is not known", s.Version)
		return c.errs
	case strings.TrimSpace(s.Name) == "" || strings.ContainsAny(s.Name, "\r\n") || len([]rune(s.Name)) > MaxName:
		c.fail(at("name"), "", "the name is one line of at most %d characters", MaxName)
	case len(s.Fixtures) > 0 && s.Account != nil:
		c.fail(at("account"), "keep the one or the other", "a scenario has fixtures or an account, not both")
	case len(s.Steps) == 0:
		c.fail(at("steps"), "", "a scenario without steps shows nothing")
	case len(s.Steps) > MaxSteps:
		c.fail(at("steps").Items[MaxSteps], "", "more than %d steps", MaxSteps)
	}
	if s.Account != nil {
		if _, err := fixtures.ReadNode(s.file, s.Account); err != nil {
			var all yamlfile.Errors
			if !errors.As(err, &all) {
				return err
			}
			c.errs = append(c.errs, all...)
		}
	}
	c.steps(s.Steps)
	return c.result()
}
