package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
)

func (a *app) runProbe(cmd *cobra.Command, f probeFlags, args []string) error {
	if err := a.readTrials(cmd, &f); err != nil {
		return err
	}
	allowed, err := f.check()
	if err != nil {
		return err
	}
	if _, err := f.expectations(cmd); err != nil {
		return err
	}
	p, err := a.newProber(f, args)
	if err != nil {
		return err
	}
	p.patient = cmd.Flags().Changed("settle")
	defer func() { _ = p.place.remove() }() // what cannot be removed lies among the system's temporary files
	defer a.progress("")
	r := &probeReport{Version: 1, Command: "probe", Ran: args[0], strict: f.strict, allowed: allowed}
	baseline, err := p.baseline(cmd.Context(), r)
	if err == nil {
		err = p.stages(cmd.Context(), baseline, r)
	}
	a.progress("")
	switch {
	case errors.Is(err, errRuns), errors.Is(err, errTimeouts):
		r.Short = err.Error()
	case errors.Is(err, errInterrupted):
		return &failure{code: exitInterrupted, err: err, told: true}
	case err != nil:
		return err
	default:
		r.Short = p.untried(r)
	}
	r.Runs, r.Seconds = p.runs, clock.System{}.Now().Sub(p.begun).Seconds()
	return a.finishProbe(f, r)
}

// newProber makes ready what all runs share.
func (a *app) newProber(f probeFlags, args []string) (*prober, error) {
	systems := f.systems
	if len(systems) == 0 {
		systems = probe.Systems()
	}
	if contains(systems, probe.Git) && !gitHere() && !f.inCopy {
		a.tell("note: git is not installed here, so the commit of a repository is not tried")
		systems = slices.DeleteFunc(slices.Clone(systems), func(s string) bool { return s == probe.Git })
	}
	config, uuid, catalogue, err := a.execConfig(f.execFlags)
	if err != nil {
		return nil, err
	}
	place, err := newProbePlace(a.Dir, f.inCopy)
	if err != nil {
		return nil, err
	}
	given := map[string]string{}
	for _, name := range append(probe.Lasting(), "OPSLEVEL_ENVIRONMENT", "OL_ENVIRONMENT") {
		given[name] = a.Getenv(name)
	}
	return &prober{app: a, given: given, flags: f, args: args, place: place, systems: systems, carriers: probe.Carriers(systems, f.variables),
		config: config, uuid: uuid, catalogue: catalogue, begun: clock.System{}.Now()}, nil
}

// scene is that of the first run.
func (p *prober) scene() probe.Scene {
	return probe.Scene{Given: p.given, Run: 1, Attempt: 1, Environment: p.flags.environments[0], Told: p.flags.rerun}
}

// baseline runs the sender with harmless values. Where that fails there is nothing to compare with, and the code is that
// of exec.
func (p *prober) baseline(ctx context.Context, r *probeReport) (*probe.Baseline, error) {
	run, err := p.run(ctx, p.scene(), setting{})
	if err != nil {
		return nil, err
	}
	if run.report.ExitCode != exitOK {
		p.app.progress("")
		p.app.tellBaseline(p, run)
		return nil, &failure{code: run.report.ExitCode, err: errors.New(run.report.Summary), told: true}
	}
	b := probe.NewBaseline(run.Run, p.carriers)
	r.Deploys, r.Used, r.Unused = b.Deploys(), b.Used, b.Unused
	return b, nil
}

// stages are what follows the baseline.
func (p *prober) stages(ctx context.Context, b *probe.Baseline, r *probeReport) error {
	if !p.flags.noValues {
		if err := p.values(ctx, b, r); err != nil {
			return err
		}
	}
	if p.flags.rerun {
		if err := p.again(ctx, b, r); err != nil {
			return err
		}
	}
	return p.faults(ctx, b, r)
}

// values tries the hostile values: each in all carriers at once, and where that does harm, in one after the other.
func (p *prober) values(ctx context.Context, b *probe.Baseline, r *probeReport) error {
	values := probe.Values()
	if len(p.flags.values) > 0 {
		values = slices.DeleteFunc(values, func(v probe.Value) bool { return !contains(p.flags.values, v.Name) })
	}
	for _, round := range probe.Plan(b.Carriers(), values) {
		results, err := p.round(ctx, b, round)
		r.Results = append(r.Results, results...)
		if err != nil {
			return err
		}
	}
	return nil
}

// maxHolders is how many places are named in which a value could stand.
const maxHolders = 3

// untried says which values that --value names were put nowhere, and why; empty where all were. Those that --allow names
// may also not be tried.
func (p *prober) untried(r *probeReport) string {
	var names, holders []string
	for _, v := range probe.Values() {
		tried := slices.ContainsFunc(r.Results, func(one probe.Result) bool { return one.Value == v.Name })
		if tried || !contains(p.flags.values, v.Name) || contains(r.allowed, v.Name) {
			continue
		}
		names = append(names, v.Name)
		for _, c := range p.carriers {
			if _, holds := v.In(c); holds && len(holders) < maxHolders && !contains(holders, c.Name) {
				holders = append(holders, c.Name)
			}
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(r.Used) == 0:
		return "no value that a probe can set reaches the payload, so --value " + strings.Join(names, ", ") + " was put nowhere"
	case len(holders) == 0:
		return "no place of the systems played can hold --value " + strings.Join(names, ", ")
	}
	return "none of the places that reach the payload can hold --value " + strings.Join(names, ", ") +
		"; it could stand in " + strings.Join(holders, ", ")
}

func (p *prober) round(ctx context.Context, b *probe.Baseline, round probe.Round) ([]probe.Result, error) {
	scene := p.scene()
	scene.Round = round
	run, err := p.run(ctx, scene, setting{})
	if err != nil {
		return nil, err
	}
	results := b.Compare(round, run.Run)
	if !probe.Blurred(results) {
		return results, nil
	}
	var singles []probe.Result
	for _, single := range round.Singly() {
		scene.Round = single
		run, err := p.run(ctx, scene, setting{})
		if err != nil {
			return append(singles, results[len(singles):]...), err
		}
		singles = append(singles, b.Compare(single, run.Run)...)
	}
	if slices.ContainsFunc(singles, func(s probe.Result) bool { return s.Grade == probe.Bad }) {
		return singles, nil
	}
	return results, nil // no carrier does the harm alone: all together do
}

// again runs the sender as later runs at one integration: each has a server of its own, all have one store.
func (p *prober) again(ctx context.Context, b *probe.Baseline, r *probeReport) error {
	store := p.place.at("store.db")
	take := func(step probe.Step) (probe.Stepped, error) {
		scene := p.scene()
		scene.Run, scene.Attempt, scene.Job, scene.Environment = step.Run, step.Attempt, step.Job, step.Environment
		run, err := p.run(ctx, scene, setting{store: store})
		return probe.JudgeStep(step, run.Run, r.Steps, b.Deploys()), err
	}
	for _, step := range probe.Steps(p.flags.environments) {
		s, err := take(step)
		if err != nil {
			return err
		}
		if s.Collided() {
			// Perhaps only because the runs of a probe follow each other more closely than those of a pipeline.
			nextSecond(ctx)
			later, err := take(step)
			if err != nil {
				return err
			}
			if later.Grade != probe.Bad {
				s.Forgive()
			}
		}
		r.Steps = append(r.Steps, s)
	}
	r.EnvironmentsTaken = probe.EnvironmentsTaken(r.Steps)
	return nil
}

// nextSecond waits until a clock of seconds shows another one.
func nextSecond(ctx context.Context) {
	fired, stop := clock.System{}.After(time.Second + 50*time.Millisecond)
	defer stop()
	select {
	case <-fired:
	case <-ctx.Done():
	}
}
