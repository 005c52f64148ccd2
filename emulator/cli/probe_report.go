package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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

// finishProbe prints, writes the reports and ends with the right code: a report that is missing does not make a red probe less
// red.
func (a *app) finishProbe(f probeFlags, r *probeReport) error {
	r.judge()
	var err error
	if a.output == "json" {
		err = a.printJSON(r)
	} else {
		err = a.printProbe(r)
	}
	err = errors.Join(err, a.publish(f.report, r))
	if r.ExitCode == exitOK && err != nil {
		return err
	}
	if err != nil {
		a.tell("bubblelevel: %v", err)
	}
	a.tell("bubblelevel: exit code %d is bubblelevel's: %s", r.ExitCode, lowerFirst(r.Summary))
	if r.ExitCode == exitOK {
		return nil
	}
	return &failure{code: r.ExitCode, err: errors.New(r.Summary), told: true}
}

// redacted is the report without secrets and e-mail addresses.
func (r *probeReport) redacted(s secrets) (reported, error) {
	clean := probeReport{strict: r.strict}
	return &clean, s.redact(r, &clean)
}

// fails says whether something of a grade makes the probe red.
func (r *probeReport) fails(grade probe.Grade) bool {
	return grade == probe.Bad || r.strict && grade == probe.Warning
}

// tests are one for each trial.
func (r *probeReport) tests() (suite string, cases []junitCase, took float64) {
	add := func(name string, grade probe.Grade, kind, text string) {
		c := junitCase{Name: name}
		if r.fails(grade) {
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
	return "bubblelevel.probe", cases, r.Seconds
}

// trouble is one kind of thing that is wrong, in whatever a trial was.
type trouble struct {
	grade             probe.Grade
	what, cause, cure string
}

// troubles are what is wrong, the gravest first.
func (r *probeReport) troubles() (all []trouble) {
	for _, g := range fates(r.Results) {
		all = append(all, trouble{g.Grade, "deploy " + string(g.Outcome) + ": " + g.Value, g.Cause, g.Cure})
	}
	for _, s := range r.Steps {
		all = append(all, trouble{s.Grade, "deploy lost: " + s.Name, s.Cause, s.Cure})
	}
	for _, f := range r.Faults {
		all = append(all, trouble{f.Grade, "fault " + f.Fault, f.Verdict, f.Cure})
	}
	all = slices.DeleteFunc(all, func(t trouble) bool { return t.grade != probe.Bad && t.grade != probe.Warning })
	slices.SortStableFunc(all, func(a, b trouble) int { return strings.Compare(string(a.grade), string(b.grade)) }) // bad, warning
	return all
}

// annotations are one for each kind of thing that is wrong.
func (r *probeReport) annotations() (all []annotation) {
	for _, t := range r.troubles() {
		level := "warning"
		if r.fails(t.grade) {
			level = "error"
		}
		all = append(all, annotation{level: level, title: t.what, text: t.cause + " Cure: " + t.cure})
	}
	return all
}

// markdown is the report as a heading, a sentence and a table of what is wrong.
func (r *probeReport) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### bubblelevel probe: %s\n\n%s\n", strings.ReplaceAll(string(r.Verdict), "_", " "), inert(r.Summary))
	for i, t := range r.troubles() {
		switch i {
		case 0:
			b.WriteString("\n| grade | what | cause | cure |\n| --- | --- | --- | --- |\n")
		case maxRows:
			b.WriteString("| | and more | | |\n")
		}
		if i < maxRows {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.grade, inert(t.what), inert(t.cause), inert(t.cure))
		}
	}
	return b.String() + "\n"
}
