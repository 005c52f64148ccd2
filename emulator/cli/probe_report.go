package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

// probeReport is what a probe found, for people and programs.
type probeReport struct {
	Version  int            `json:"version"`
	Command  string         `json:"command"`
	Verdict  expect.Outcome `json:"verdict"`
	ExitCode int            `json:"exit_code"`
	Summary  string         `json:"summary"`
	// Ran is the program, without its arguments, which may hold secrets.
	Ran     string  `json:"ran"`
	Runs    int     `json:"runs"`
	Seconds float64 `json:"seconds"`
	// Deploys is how many deploys one run sends. Used are the places whose values reach the payload, Unused the others.
	Deploys int            `json:"deploys"`
	Used    []probe.Use    `json:"used"`
	Unused  []string       `json:"unused"`
	Results []probe.Result `json:"results"`
	// Steps are the runs of --rerun. EnvironmentsTaken: the environment that was given is the one that arrived.
	Steps             []probe.Stepped `json:"rerun,omitempty"`
	EnvironmentsTaken bool            `json:"environments_taken,omitempty"`
	// Faults say what the sender did about each fault.
	Faults []probe.Behaviour `json:"faults,omitempty"`
	// Short says why not everything was tried; empty where it was.
	Short string `json:"short,omitempty"`

	strict  bool
	allowed []string
}

// judge allows what may be, and says what it all comes to.
func (r *probeReport) judge() {
	for i := range r.Results {
		if one := &r.Results[i]; contains(r.allowed, one.Value) && one.Grade != probe.Good {
			one.Grade = probe.Note
		}
	}
	for i := range r.Faults {
		if one := &r.Faults[i]; contains(r.allowed, one.Fault) && one.Grade != probe.Good {
			one.Grade = probe.Note
		}
	}
	bad, warnings := r.count(probe.Bad), r.count(probe.Warning)
	switch {
	case bad > 0:
		r.Verdict, r.ExitCode = expect.NotMet, exitNotMet
		r.Summary = fmt.Sprintf("%d of %s went wrong: a deploy was lost, doubled or says something else.", bad, count(r.trials(), "trial"))
		if r.Short != "" {
			r.Summary += " Not everything was tried: " + r.Short + "."
		}
	case r.strict && warnings > 0:
		r.Verdict, r.ExitCode = expect.NotMet, exitNotMet
		r.Summary = count(warnings, "warning") + ", which --strict does not allow."
	case r.Short != "":
		r.Verdict, r.ExitCode = expect.Incomplete, exitIncomplete
		r.Summary = "Not everything was tried: " + r.Short + "."
	default:
		r.Verdict, r.ExitCode = expect.Met, exitOK
		r.Summary = fmt.Sprintf("No deploy was lost, doubled or changed in %s.", count(r.trials(), "trial"))
		switch {
		case r.trials() > 0:
		case len(r.Used) > 0:
			r.Summary = "Nothing but harmless values was tried, and they arrived."
		default:
			r.Summary = "Nothing could be tried: no value that a probe can set reaches the payload."
		}
	}
}

func (r *probeReport) trials() int { return len(r.Results) + len(r.Steps) + len(r.Faults) }

func (r *probeReport) count(grade probe.Grade) (n int) {
	for _, one := range r.Results {
		if one.Grade == grade {
			n++
		}
	}
	for _, s := range r.Steps {
		if s.Grade == grade {
			n++
		}
	}
	for _, f := range r.Faults {
		if f.Grade == grade {
			n++
		}
	}
	return n
}

// finishProbe prints, writes the reports and ends with the right code.
func (a *app) finishProbe(f probeFlags, r *probeReport) error {
	r.judge()
	var err error
	if a.output == "json" {
		err = a.printJSON(r)
	} else {
		err = a.printProbe(r)
	}
	if err == nil {
		err = a.publishProbe(f.report, r)
	}
	if err != nil {
		return err
	}
	a.tell("bubblelevel: exit code %d is bubblelevel's: %s", r.ExitCode, lowerFirst(r.Summary))
	if r.ExitCode == exitOK {
		return nil
	}
	return &failure{code: r.ExitCode, err: errors.New(r.Summary), told: true}
}

// publishProbe writes the reports that were asked for, and what GitHub shows where it runs there.
func (a *app) publishProbe(f reportFlags, r *probeReport) error {
	clean := r
	if !f.noRedact {
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		var tree any
		if err := json.Unmarshal(b, &tree); err != nil {
			return err
		}
		if b, err = json.Marshal(newSecrets(os.Environ()).tree(tree)); err != nil {
			return err
		}
		clean = &probeReport{}
		if err := json.Unmarshal(b, clean); err != nil {
			return err
		}
	}
	var errs []error
	if f.junit != "" {
		b, err := junitDocument("bubblelevel.probe", clean.Seconds, clean.cases())
		errs = append(errs, err, a.writeReport(f.junit, b, f.mode()))
	}
	if f.json != "" {
		b, err := json.MarshalIndent(clean, "", "  ")
		errs = append(errs, err, a.writeReport(f.json, append(b, '\n'), f.mode()))
	}
	if a.onGitHub() {
		a.annotateProbe(clean)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("a report could not be written: %w", err)
	}
	return nil
}

// cases are a test for each trial.
func (r *probeReport) cases() (cases []junitCase) {
	add := func(name string, grade probe.Grade, kind, text string) {
		c := junitCase{Name: name}
		if grade == probe.Bad {
			c.Failure = &junitProblem{Message: kind, Type: kind, Text: text}
		}
		cases = append(cases, c)
	}
	add("the command reports its deploys", probe.Good, "", "")
	for _, one := range r.Results {
		add(one.Value+" in "+one.Carrier.Name, one.Grade, string(one.Outcome), resultText(one, one.Carrier.Name))
	}
	for _, s := range r.Steps {
		add(s.Name, s.Grade, "rerun", stepText(s))
	}
	for _, f := range r.Faults {
		add("fault "+f.Fault, f.Grade, "fault", f.What+": "+f.Verdict+"\ncure: "+f.Cure)
	}
	if r.Short != "" {
		cases = append(cases, junitCase{Name: "everything is tried", Error: &junitProblem{Message: r.Short, Type: "incomplete", Text: r.Short}})
	}
	return cases
}

// annotateProbe prints an annotation for each kind of thing that is wrong.
func (a *app) annotateProbe(r *probeReport) {
	var lines []string
	for _, g := range fates(r.Results) {
		if g.Grade == probe.Bad {
			lines = append(lines, "::error title="+property("deploy "+string(g.Outcome)+": "+g.Value)+"::"+message(g.Cause+" Cure: "+g.Cure))
		}
	}
	for _, s := range r.Steps {
		if s.Grade == probe.Bad {
			lines = append(lines, "::error title="+property("deploy lost: "+s.Name)+"::"+message(s.Cause+" Cure: "+s.Cure))
		}
	}
	for _, f := range r.Faults {
		if f.Grade == probe.Bad {
			lines = append(lines, "::error title="+property("deploy lost or doubled: fault "+f.Fault)+"::"+message(f.Verdict+" Cure: "+f.Cure))
		}
	}
	for _, line := range slices.Compact(lines)[:min(len(slices.Compact(lines)), maxAnnotations)] {
		fmt.Fprintln(a.Err, line)
	}
}
