package cli

import (
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

// runReport is what became of scenarios, for people and programs that read it later.
type runReport struct {
	Version  int               `json:"version"`
	Command  string            `json:"command"`
	Outcome  scenarios.Outcome `json:"outcome"`
	ExitCode int               `json:"exit_code"`
	Summary  string            `json:"summary"`
	Passed   int               `json:"passed"`
	Failed   int               `json:"failed"`
	// Incomplete are those of which it cannot be told, Broken those that are wrong themselves, Skipped those that
	// --fail-fast left out.
	Incomplete int `json:"incomplete"`
	Broken     int `json:"broken"`
	Skipped    int `json:"skipped"`
	scenarios.Report
}

func newRunReport(done scenarios.Report) *runReport {
	r := &runReport{
		Version: 1, Command: "run", Outcome: done.Outcome(), Report: done,
		Passed: done.Count(scenarios.Passed), Failed: done.Count(scenarios.Failed), Incomplete: done.Count(scenarios.Incomplete),
		Broken: done.Count(scenarios.Broken), Skipped: done.Count(scenarios.Skipped),
	}
	r.ExitCode = map[scenarios.Outcome]int{
		scenarios.Passed: exitOK, scenarios.Broken: exitUsage, scenarios.Failed: exitNotMet, scenarios.Incomplete: exitIncomplete,
	}[r.Outcome]
	var parts []string
	for _, one := range []struct {
		n    int
		what string
	}{{r.Passed, "passed"}, {r.Failed, "failed"}, {r.Incomplete, "incomplete"}, {r.Broken, "broken"}, {r.Skipped, "skipped"}} {
		if one.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.n, one.what))
		}
	}
	r.Summary = fmt.Sprintf("%s: %s", count(len(done.Results), "scenario"), strings.Join(parts, ", "))
	return r
}

// printScenarios prints a line for each scenario on stdout, and on stderr what went wrong.
func (a *app) printScenarios(r *runReport) error {
	var b strings.Builder
	for _, one := range r.Results {
		word, color := outcomeWord(one.Outcome)
		fmt.Fprintf(&b, "%s  %s  %s (%.2fs)\n", a.paint(a.Out, color, fmt.Sprintf("%-10s", word)), cleanLine(one.File), cleanLine(one.Name), one.Seconds)
	}
	fmt.Fprintf(&b, "%s in %.2fs\n", r.Summary, r.Seconds)
	text := b.String()
	if a.onGitHub() {
		text = neutralLines(text)
	}
	if _, err := fmt.Fprint(a.Out, text); err != nil {
		return err
	}
	for i := range r.Results {
		if wrong(&r.Results[i]) {
			a.tellBlock(wentWrong(&r.Results[i]))
		}
	}
	return nil
}

func outcomeWord(o scenarios.Outcome) (word, color string) {
	switch o {
	case scenarios.Passed:
		return "ok", green
	case scenarios.Skipped:
		return "skipped", cyan
	}
	return string(o), red
}

func wrong(r *scenarios.Result) bool {
	return r.Outcome != scenarios.Passed && r.Outcome != scenarios.Skipped
}

// wentWrong is what went wrong with a scenario at length: where, the lines of the file, and what arrived.
func wentWrong(r *scenarios.Result) string {
	at := r.File
	if r.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", r.File, r.Line, r.Column)
	}
	step := ""
	if r.Step > 0 {
		step = fmt.Sprintf(" at step %d of %d, %s", r.Step, r.Steps, r.Kind)
	}
	text := fmt.Sprintf("\n%s: %q %s%s\n", at, r.Name, r.Outcome, step)
	if r.Excerpt != "" {
		text += r.Excerpt + "\n"
	}
	var lines []string
	for line := range strings.SplitSeq(text+r.Text, "\n") {
		lines = append(lines, cleanLine(line))
	}
	return strings.Join(lines, "\n") + "\n"
}

// cleanLine is a line that holds nothing but what can be printed.
func cleanLine(line string) string { return event.Clean(line, 2000) }

// tests are one for each scenario.
func (r *runReport) tests() (suite string, cases []junitCase, took float64) {
	for i := range r.Results {
		one := &r.Results[i]
		c := junitCase{Name: one.Name, Time: seconds(one.Seconds)}
		problem := &junitProblem{Message: one.Why, Type: string(one.Outcome) + "." + one.Kind, Text: wentWrong(one)}
		switch one.Outcome {
		case scenarios.Failed:
			c.Failure = problem
		case scenarios.Skipped:
			c.Skipped = &junitSkipped{Message: "an earlier scenario failed"}
		case scenarios.Broken, scenarios.Incomplete:
			c.Error = problem
		}
		cases = append(cases, c)
	}
	return "bubblelevel.run", cases, r.Seconds
}

// annotations are one for each scenario that did not pass, at its line.
func (r *runReport) annotations() (all []annotation) {
	for i := range r.Results {
		if one := &r.Results[i]; wrong(one) {
			n := annotation{level: "error", title: "scenario " + string(one.Outcome) + ": " + one.Name, text: one.Why, line: one.Line, column: one.Column}
			if strings.ContainsAny(one.File, "./\\") { // an embedded one has no file that could be shown
				n.file = one.File
			}
			all = append(all, n)
		}
	}
	return all
}

// markdown is a sentence, and a table of what did not pass.
func (r *runReport) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### bubblelevel run: %s\n\n%s in %.2f s\n\n", r.Outcome, r.Summary, r.Seconds)
	rows := 0
	for i := range r.Results {
		one := &r.Results[i]
		if !wrong(one) {
			continue
		}
		if rows == 0 {
			b.WriteString("| scenario | outcome | at | why |\n| --- | --- | --- | --- |\n")
		}
		if rows++; rows > maxRows {
			fmt.Fprintf(&b, "| and more | | | |\n")
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", inert(one.Name), one.Outcome, inert(fmt.Sprintf("%s:%d", one.File, one.Line)), inert(one.Why))
	}
	return b.String() + "\n"
}

// redacted is the report without secrets and e-mail addresses.
func (r *runReport) redacted(s secrets) (reported, error) {
	var clean runReport
	return &clean, s.redact(r, &clean)
}
