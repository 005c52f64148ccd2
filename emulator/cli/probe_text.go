package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

// maxFates is how many things that are not well are told at length.
const maxFates = 12

// printProbe prints the tables and, below them, a paragraph for each thing that is not well.
func (a *app) printProbe(r *probeReport) error {
	if err := a.printValues(r); err != nil {
		return err
	}
	if err := a.printSteps(r); err != nil {
		return err
	}
	if err := a.printBehaviour(r.Faults); err != nil {
		return err
	}
	var b strings.Builder
	all := fates(r.Results)
	for i, g := range all {
		if i == maxFates {
			fmt.Fprintf(&b, "\n%d more; --output json has them all.\n", len(all)-i)
			break
		}
		b.WriteString("\n" + resultText(g.Result, g.where()))
	}
	for _, s := range r.Steps {
		if s.Grade != probe.Good {
			b.WriteString("\n" + stepText(s))
		}
	}
	if len(r.Steps) > 0 && !r.EnvironmentsTaken && len(r.Steps) > 3 {
		b.WriteString("\nnote: the environment that arrived is the same in every run, so environments were not told apart.\n" +
			"  cure: let the command take it from a variable such as ENVIRONMENT, or from a word {environment} of its command line.\n")
	}
	b.WriteString(behaviourText(r.Faults))
	_, err := io.WriteString(a.Out, a.lines(b.String()))
	return err
}

// lines is text as a log may have it: nothing in it that a runner obeys.
func (a *app) lines(text string) string {
	if a.onGitHub() {
		return neutralLines(text)
	}
	return text
}

// printValues prints what became of each value in each place.
func (a *app) printValues(r *probeReport) error {
	if len(r.Used) == 0 {
		if err := a.say("None of %d places that a probe can set reaches the payload.", len(r.Unused)); err != nil {
			return err
		}
		return a.say("Where the command takes its texts from a variable of its own, --variable NAME tries that.")
	}
	heading := []string{"VALUE"}
	for i, u := range r.Used {
		heading = append(heading, column(i))
		var fields []string
		for _, s := range u.Spots {
			if !contains(fields, s.Field) {
				fields = append(fields, s.Field)
			}
		}
		if err := a.say("%s  %s -> %s", column(i), u.Name, strings.Join(fields, ", ")); err != nil {
			return err
		}
	}
	if err := a.say("%d other places do not reach the payload.", len(r.Unused)); err != nil {
		return err
	}
	var rows [][]string
	for _, v := range probe.Values() {
		row := []string{v.Name}
		tried := false
		for _, u := range r.Used {
			cell := "-"
			if i := slices.IndexFunc(r.Results, func(one probe.Result) bool { return one.Value == v.Name && one.Carrier == u.Carrier }); i >= 0 {
				cell, tried = string(r.Results[i].Outcome), true
			}
			row = append(row, cell)
		}
		if tried {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := a.say(""); err != nil {
		return err
	}
	return a.printTable(heading, rows)
}

// printTable prints a table in which nothing is a command to a runner.
func (a *app) printTable(heading []string, rows [][]string) error {
	_, err := io.WriteString(a.Out, a.lines(a.tableText(a.Out, heading, rows)))
	return err
}

// column is the name of a column: A, B, and so on.
func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return column(i/26-1) + column(i%26)
}

func (a *app) printSteps(r *probeReport) error {
	if len(r.Steps) == 0 {
		return nil
	}
	if err := a.say(""); err != nil {
		return err
	}
	var rows [][]string
	for _, s := range r.Steps {
		rows = append(rows, []string{s.Name, fmt.Sprint(s.Recorded), fmt.Sprint(s.Dropped), strings.Join(s.Arrived, ", "), strings.Join(s.DedupIDs, ", ")})
	}
	return a.printTable([]string{"RUN", "RECORDED", "DROPPED", "ENVIRONMENT", "DEDUP_ID"}, rows)
}

// fate is results that are one thing to a reader: the same value with the same fate, in several places.
type fate struct {
	probe.Result
	places []string
}

func (g fate) where() string { return strings.Join(g.places, ", ") }

// fates are what is not good, the worst first.
func fates(results []probe.Result) (all []fate) {
	for _, grade := range []probe.Grade{probe.Bad, probe.Warning, probe.Note} {
		for _, one := range results {
			if one.Grade != grade {
				continue
			}
			i := slices.IndexFunc(all, func(g fate) bool {
				return g.Value == one.Value && g.Outcome == one.Outcome && g.Cause == one.Cause && g.Grade == grade
			})
			if i < 0 {
				all = append(all, fate{Result: one, places: []string{one.Carrier.Name}})
				continue
			}
			all[i].places = append(all[i].places, one.Carrier.Name)
		}
	}
	return all
}

// resultText is a paragraph on one result: what was put in, what arrived, why, and the cure.
func resultText(r probe.Result, where string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s: %s\n", r.Grade, r.Value, event.Clean(where, 300), r.Outcome)
	if r.Grade == probe.Note && r.Outcome == probe.Trimmed {
		return b.String() + "  " + r.Cause + "\n"
	}
	fmt.Fprintf(&b, "  put in   %s\n", event.Clean(r.Put, 400))
	if r.Field != "" {
		fmt.Fprintf(&b, "  arrived  %s (%s", event.Clean(r.Arrived, 400), event.Clean(r.Field, 80))
		if r.Outcome == probe.Changed || r.Outcome == probe.Shortened {
			fmt.Fprintf(&b, "; differs from byte %d on", r.At)
		}
		b.WriteString(")\n")
	}
	fmt.Fprintf(&b, "  %s\n", event.Clean(r.Cause, 1000))
	if r.Cure != "" {
		fmt.Fprintf(&b, "  cure: %s\n", event.Clean(r.Cure, 1000))
	}
	return b.String()
}

func stepText(s probe.Stepped) string {
	text := fmt.Sprintf("%s: %s\n  %s\n", s.Grade, event.Clean(s.Name, 200), event.Clean(s.Cause, 1000))
	if s.Cure != "" {
		text += "  cure: " + s.Cure + "\n"
	}
	return text
}

// tellBaseline says why nothing was probed: the sender does not even do with harmless values.
func (a *app) tellBaseline(p *prober, r probed) {
	a.tell("bubblelevel: with harmless values the command does not report its deploys, so nothing was probed")
	if text := strings.TrimSpace(r.output); text != "" {
		a.tell("what the command printed:")
		lines := strings.Split(text, "\n")
		for _, line := range lines[max(0, len(lines)-maxOutputLines):] {
			a.tellBlock("  " + event.Clean(line, 300))
		}
	}
	a.tellBlock(r.judge.text(r.report, r.end, p.catalogue))
	a.tell("bubblelevel: %s", lastLine(r.report, r.end))
}

// maxOutputLines is how many lines of a sender's output are shown.
const maxOutputLines = 20
