package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

// reportFlags say where reports go.
type reportFlags struct {
	junit, json string
	noRedact    bool
}

func (f *reportFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.junit, "report-junit", "", "write a JUnit XML report to this file")
	cmd.Flags().StringVar(&f.json, "report-json", "", "write a JSON report to this file")
	cmd.Flags().BoolVar(&f.noRedact, "no-redact", false, "leave secrets and e-mail addresses in the reports, which are then for their owner alone")
}

// report is what became of a run, for people and programs that read it later.
type report struct {
	Version int `json:"version"`
	// Command is the command of bubblelevel: exec or verify.
	Command string `json:"command"`
	// Verdict is that of the whole; ExitCode is what the process ends with, and Whose says whose code it is.
	Verdict  expect.Outcome `json:"verdict"`
	ExitCode int            `json:"exit_code"`
	Whose    string         `json:"whose"`
	// Summary is the whole in a sentence.
	Summary string `json:"summary"`
	// Ran is the program that exec ran, without its arguments, which may hold secrets.
	Ran      string  `json:"ran,omitempty"`
	Seconds  float64 `json:"seconds"`
	Requests int     `json:"requests"`
	// Recorded is how many deploys OpsLevel keeps as they were meant.
	Recorded     int              `json:"recorded"`
	Expectations []expect.Verdict `json:"expectations"`
	Lost         []expect.Loss    `json:"lost"`
	Warnings     []expect.Loss    `json:"warnings"`
	// Faults say what the command did about each fault that exec gave it.
	Faults []probe.Behaviour `json:"faults,omitempty"`
	// strict: warnings are failures. commandFailed: the program that was run ended with a code of its own.
	strict, commandFailed bool
	// uncheckedAliases counts deploys whose alias could not be judged.
	uncheckedAliases int
}

// newReport is the report of a single verdict.
func newReport(command string, v expect.Verdict) *report {
	r := &report{Version: 1, Command: command, Verdict: v.Outcome, Whose: "bubblelevel", Summary: v.Why,
		Requests: v.Requests, Recorded: v.Count, Expectations: []expect.Verdict{v}, Lost: v.Lost, Warnings: []expect.Loss{}}
	if r.Lost == nil {
		r.Lost = []expect.Loss{}
	}
	switch v.Outcome {
	case expect.NotMet:
		r.ExitCode = exitNotMet
	case expect.Incomplete:
		r.ExitCode = exitIncomplete
	}
	return r
}

// reported is a report in each of its forms: JSON, by its fields, and these.
type reported interface {
	// tests are the testcases of the JUnit form, under the name of their suite, and how long they took in seconds.
	tests() (suite string, cases []junitCase, took float64)
	// annotations are what GitHub shows, the gravest first.
	annotations() []annotation
	// markdown is the summary of the job.
	markdown() string
	// redacted is the report without secrets and e-mail addresses.
	redacted(s secrets) (reported, error)
}

// publish writes the reports that were asked for, and what GitHub shows where it runs there.
func (a *app) publish(f reportFlags, r reported) error {
	clean := r
	if !f.noRedact {
		var err error
		if clean, err = r.redacted(newSecrets(os.Environ())); err != nil {
			return err
		}
	}
	var errs []error
	if f.junit != "" {
		b, err := junit(clean)
		errs = append(errs, err, a.writeReport(f.junit, b, f.mode()))
	}
	if f.json != "" {
		b, err := json.MarshalIndent(clean, "", "  ")
		errs = append(errs, err, a.writeReport(f.json, append(b, '\n'), f.mode()))
	}
	if a.onGitHub() {
		a.annotate(clean)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("a report could not be written: %w", err)
	}
	return nil
}

// mode is that of the files: a report is for other programs, unless it was not redacted.
func (f reportFlags) mode() fs.FileMode {
	if f.noRedact {
		return forOwner
	}
	return forReaders
}

// writeReport puts a report at path in one step, with the folders that it needs.
func (a *app) writeReport(path string, b []byte, mode fs.FileMode) error {
	if !filepath.IsAbs(path) {
		path = filepath.Join(a.Dir, path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return writeAnew(path, b, mode)
}
