package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

// slowAnswer is later than the ten seconds that the OpsLevel CLI waits, and others too.
const slowAnswer = "11s"

// standardFaults are what a sender meets sooner or later. Each but the outage hits one request, so that a sender that
// tries again gets through.
func standardFaults() []fault.Fault {
	return []fault.Fault{
		{ID: "outage", Kind: fault.KindStatus, Status: 503},
		{ID: "503", Kind: fault.KindStatus, Status: 503, RetryAfter: "1s", First: 1},
		{ID: "500", Kind: fault.KindStatus, Status: 500, First: 1},
		{ID: "429", Kind: fault.KindStatus, Status: 429, RetryAfter: "1s", First: 1},
		{ID: "latency", Kind: fault.KindLatency, Delay: slowAnswer, First: 1},
		{ID: "reset", Kind: fault.KindReset, First: 1},
		{ID: "empty", Kind: fault.KindEmpty, First: 1},
		{ID: "lost_answer", Kind: fault.KindLostAnswer, First: 1},
		{ID: "redirect", Kind: fault.KindRedirect, First: 1},
		{ID: "404", Kind: fault.KindStatus, Status: 404, First: 1},
	}
}

// readTrials finds the faults to try, one a run, each with an id.
func (a *app) readTrials(cmd *cobra.Command, f *probeFlags) error {
	name := f.faultFile
	if name == standardSet {
		if words := cmd.Flags().Args(); len(words) > 1 && words[1] == "--" {
			name = words[0]
		}
	}
	switch name {
	case "":
		return nil
	case standardSet:
		f.trials = standardFaults()
		return nil
	}
	all, err := a.readFaults([]string{name})
	if err != nil {
		return err
	}
	// The set gives each an id.
	set := fault.NewSet(f.seed)
	if f.trials, err = set.AddAll(all); err != nil {
		return usage("the faults of %s do not go together: %v", name, err)
	}
	for _, x := range f.trials {
		if x.On == fault.Outgoing {
			return hinted("leave it out, or give the file to `bubblelevel serve`", "the fault %s of %s is for webhooks, which a command that reports deploys never meets", x.ID, name)
		}
	}
	return nil
}

// trialOf is a fault as a trial.
func trialOf(f fault.Fault) probe.Trial {
	after, err := time.ParseDuration(string(f.RetryAfter))
	if err != nil {
		after = 0 // none is asked for
	}
	return probe.Trial{
		Fault: f.ID, What: whatOf(f), RetryAfter: after,
		Lasting: f.First == 0 && f.Every <= 1 && f.Probability == nil && !f.Kind.Judged(),
		Final:   f.Kind == fault.KindRedirect || f.Kind == fault.KindStatus && f.Status >= 400 && f.Status < 500 && f.Status != 429 && f.Status != 408,
	}
}

func whatOf(f fault.Fault) string {
	words := string(f.Kind)
	if s := settingsOf(f); s != "" {
		words += " " + s
	}
	if s := scopeOf(f); s != "" {
		words += " " + s
	}
	return words
}

// faults runs the sender once for each fault.
func (p *prober) faults(ctx context.Context, b *probe.Baseline, r *probeReport) error {
	for _, x := range p.flags.trials {
		p.timeouts = 0 // a fault may well keep a sender until its time is over
		run, err := p.run(ctx, p.scene(), setting{faults: []fault.Fault{x}})
		if err != nil {
			return err
		}
		r.Faults = append(r.Faults, probe.JudgeFault(trialOf(x), run.Run, b))
	}
	return nil
}

// behaviourOf is what a command did about the faults that exec gave it, and a table of it on stderr.
func (a *app) behaviourOf(s *emulator.Server, end ending) (all []probe.Behaviour) {
	run := probe.Run{Events: s.Events(), Code: end.code, TimedOut: end.timedOut}
	for _, f := range s.Faults() {
		if f.On != fault.Outgoing {
			all = append(all, probe.JudgeFault(trialOf(f.Fault), run, nil))
		}
	}
	if len(all) > 0 {
		a.tellBlock(a.tableText(a.Err, behaviourHeading(), behaviourRows(all)) + behaviourText(all))
	}
	return all
}

// behaviourRows are a row for each fault.
func behaviourRows(all []probe.Behaviour) (rows [][]string) {
	for _, f := range all {
		rows = append(rows, []string{f.Fault, fmt.Sprint(f.Tries), orDash(waitsOf(f)), orDash(f.DedupID), fmt.Sprintf("%d of %d", f.Recorded, f.Wanted),
			fmt.Sprint(f.Exit), string(f.Grade), f.Verdict})
	}
	return rows
}

func behaviourHeading() []string {
	return []string{"FAULT", "TRIES", "SECONDS BETWEEN", "DEDUP_ID", "RECORDED", "EXIT", "GRADE", "VERDICT"}
}

func waitsOf(f probe.Behaviour) string {
	var words []string
	for _, w := range f.Waits {
		words = append(words, fmt.Sprintf("%.1f", w))
	}
	return strings.Join(words, " ")
}

func (a *app) printBehaviour(all []probe.Behaviour) error {
	if len(all) == 0 {
		return nil
	}
	if err := a.say(""); err != nil {
		return err
	}
	return a.printTable(behaviourHeading(), behaviourRows(all))
}

// behaviourText are the cures, each once.
func behaviourText(all []probe.Behaviour) string {
	var b strings.Builder
	told := map[string][]string{}
	var order []string
	for _, f := range all {
		if f.Cure == "" {
			continue
		}
		key := string(f.Grade) + "\x00" + f.Cure
		if told[key] == nil {
			order = append(order, key)
		}
		told[key] = append(told[key], f.Fault)
	}
	for _, grade := range []probe.Grade{probe.Bad, probe.Warning, probe.Note} {
		for _, key := range order {
			if g, cure, _ := strings.Cut(key, "\x00"); g == string(grade) {
				fmt.Fprintf(&b, "\n%s: %s\n  cure: %s\n", grade, strings.Join(told[key], ", "), cure)
			}
		}
	}
	return b.String()
}
