package scenarios

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// The limits of a run.
const (
	MaxParallel    = 256 // scenarios at the same time
	MaxScenarios   = 10_000
	DefaultTimeout = time.Minute // of one scenario
)

// Options say how scenarios are run. The zero value runs them one after the other, without programs or variables.
type Options struct {
	// Parallel is how many scenarios run at the same time; 0: one.
	Parallel int
	// AllowRun permits run steps.
	AllowRun bool
	// Environ are the variables that programs get, and that ${env:NAME} may read as far as its name is allowed: one that
	// begins with [EnvPrefix], or is in AllowEnv. They are as os.Environ has them; nil: none.
	Environ  []string
	AllowEnv []string
	// FailFast leaves out what has not begun once a scenario has failed.
	FailFast bool
	// Timeout is how long one scenario may take in real time; 0: [DefaultTimeout].
	Timeout time.Duration
	// Version is what the emulators call themselves.
	Version string
	// Done is called with each result as it is there, never by two at once.
	Done func(Result)
}

// EnvPrefix begins the names of the variables that every scenario may read.
const EnvPrefix = "BUBBLELEVEL_VAR_"

// Outcome is what became of a scenario.
type Outcome string

// The outcomes. Failed: a step found something else than was expected. Incomplete: it cannot be told, because the time
// was up. Broken: the scenario itself cannot be run. Skipped: an earlier one failed, and FailFast was asked for.
const (
	Passed     Outcome = "passed"
	Failed     Outcome = "failed"
	Incomplete Outcome = "incomplete"
	Broken     Outcome = "broken"
	Skipped    Outcome = "skipped"
)

// Result is what became of one scenario.
type Result struct {
	Name        string  `json:"name"`
	Description string  `json:"description,omitempty"`
	File        string  `json:"file"`
	Outcome     Outcome `json:"outcome"`
	// Steps is how many there are. Step is the number of the one that went wrong, from 1; Kind its key, Line and Column
	// its place. All 0 for a scenario that passed.
	Steps  int    `json:"steps"`
	Step   int    `json:"step,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	// Why is what went wrong in a sentence, Text the same at length with what arrived, Excerpt the lines of the file.
	Why     string `json:"why,omitempty"`
	Text    string `json:"text,omitempty"`
	Excerpt string `json:"excerpt,omitempty"`
	// Misses are the values of an answer or a firing that differ; Verdict is that of an expectation.
	Misses  []Miss          `json:"misses,omitempty"`
	Verdict *expect.Verdict `json:"verdict,omitempty"`
	// Events is how many events the emulator has recorded.
	Events  uint64  `json:"events"`
	Seconds float64 `json:"seconds"`
}

// Report is what became of all of them, in the order in which they were given.
type Report struct {
	Results []Result `json:"scenarios"`
	Seconds float64  `json:"seconds"`
}

// Count is how many results have an outcome.
func (r *Report) Count(o Outcome) (n int) {
	for _, one := range r.Results {
		if one.Outcome == o {
			n++
		}
	}
	return n
}

// Outcome is that of the whole: the gravest, a broken scenario before a failed one before one that cannot be told.
func (r *Report) Outcome() Outcome {
	for _, o := range []Outcome{Broken, Failed, Incomplete} {
		if r.Count(o) > 0 {
			return o
		}
	}
	return Passed
}
