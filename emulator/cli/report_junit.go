package cli

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// The JUnit form as its readers agree on it: testsuites, testsuite, testcase; a testcase has at most one of failure and
// error, each with message, type and text. A failure is a verdict, an error the lack of one.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	Time      string        `xml:"time,attr"`
	Skipped   *junitSkipped `xml:"skipped,omitempty"`
	Failure   *junitProblem `xml:"failure,omitempty"`
	Error     *junitProblem `xml:"error,omitempty"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// junit is a report as JUnit XML.
func junit(r reported) ([]byte, error) {
	class, cases, took := r.tests()
	return junitDocument(class, took, cases)
}

// junitDocument is a suite of cases. Each has a name of its own, since readers take two of one name for one. Where no case
// says how long it took, the first has the time of all: they are looked at, and only one thing was run.
func junitDocument(class string, took float64, cases []junitCase) ([]byte, error) {
	s := junitSuite{Name: class, Time: seconds(took)}
	times, taken, timed := map[string]int{}, map[string]bool{}, false
	for _, c := range cases {
		for plain := c.Name; taken[c.Name]; {
			times[plain] = max(1, times[plain]) + 1
			c.Name = fmt.Sprintf("%s (%d)", plain, times[plain])
		}
		taken[c.Name] = true
		timed = timed || c.Time != ""
		c.ClassName, c.Time = class, cmp.Or(c.Time, seconds(0))
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	if len(s.Cases) > 0 && !timed {
		s.Cases[0].Time = s.Time
	}
	b, err := xml.MarshalIndent(junitSuites{
		Name: "bubblelevel", Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Time: s.Time, Suites: []junitSuite{s},
	}, "", "  ")
	return append([]byte(xml.Header), append(b, '\n')...), err
}

// tests are a test for the command, one for each expectation, and one for what nobody expected. Names are the same in
// every run, so that a reader can tell a test's history.
func (r *report) tests() (suite string, cases []junitCase, took float64) {
	add := func(name string, failure, err *junitProblem) {
		cases = append(cases, junitCase{Name: name, Failure: failure, Error: err})
	}
	if r.Command == "exec" {
		add("the command succeeds", r.commandProblem(), nil)
	}
	for _, v := range r.Expectations {
		failure, err := verdictProblem(v)
		add(expectationName(v), failure, err)
	}
	if r.Command == "exec" {
		add("no deploy is lost", lossProblem(r.Lost, "lost"), nil)
		if r.strict {
			add("no warnings", lossProblem(r.Warnings, "warning"), nil)
		}
	}
	return "bubblelevel." + r.Command, cases, r.Seconds
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }

// expectationName is "at least 1 deploy for service:cart".
func expectationName(v expect.Verdict) string {
	if v.Query == "" {
		return v.Expected
	}
	return v.Expected + " for " + v.Query
}

func verdictProblem(v expect.Verdict) (failure, err *junitProblem) {
	switch v.Outcome {
	case expect.NotMet:
		return &junitProblem{v.Why, "not_met", v.Text()}, nil
	case expect.Incomplete:
		return nil, &junitProblem{v.Why, "incomplete", v.Text()}
	}
	return nil, nil
}

func (r *report) commandProblem() *junitProblem {
	if !r.commandFailed {
		return nil
	}
	return &junitProblem{r.Summary, "exit_code", r.Summary}
}

func lossProblem(all []expect.Loss, kind string) *junitProblem {
	if len(all) == 0 {
		return nil
	}
	var b strings.Builder
	for _, l := range all {
		b.WriteString(l.Text())
	}
	return &junitProblem{fmt.Sprintf("event %d: %s", all[0].Seq, all[0].Findings[0].Evidence), kind + "." + all[0].Findings[0].ID, b.String()}
}
