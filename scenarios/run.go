package scenarios

import (
	"context"
	"fmt"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// Check says what keeps scenarios from being run with these options: steps and variables that are not allowed. The error
// is a [yamlfile.Errors]. Run checks by itself; this is for those who want nothing run where anything is wrong.
func Check(all []*Scenario, o Options) error {
	var errs yamlfile.Errors
	for _, s := range all {
		errs = append(errs, s.allowed(o)...)
	}
	if len(errs) > yamlfile.MaxErrors {
		errs = errs[:yamlfile.MaxErrors]
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// Run runs scenarios, each against an emulator of its own, and returns when all have ended. Where ctx ends, what is under
// way is incomplete, and what has not begun is skipped.
func Run(ctx context.Context, all []*Scenario, o Options) Report {
	begun := clock.System{}.Now()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out := Report{Results: make([]Result, len(all))}
	next := make(chan int)
	var mu sync.Mutex
	failed := false
	var workers sync.WaitGroup
	for range max(1, min(o.Parallel, MaxParallel, len(all))) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for i := range next {
				mu.Lock()
				skip := failed && o.FailFast || ctx.Err() != nil
				mu.Unlock()
				r := all[i].blank(Skipped)
				if !skip {
					r = all[i].run(ctx, o)
				}
				mu.Lock()
				out.Results[i] = r
				failed = failed || r.Outcome != Passed && r.Outcome != Skipped
				if o.Done != nil {
					o.Done(r)
				}
				mu.Unlock()
			}
		}()
	}
	for i := range all {
		next <- i
	}
	close(next)
	workers.Wait()
	out.Seconds = clock.System{}.Now().Sub(begun).Seconds()
	return out
}

// blank is a result before anything has happened.
func (s *Scenario) blank(o Outcome) Result {
	return Result{Name: s.Name, Description: s.Description, File: s.Path, Outcome: o, Steps: len(s.Steps)}
}

// run is one scenario under way. Only its own goroutine touches it.
type run struct {
	ctx      context.Context
	scenario *Scenario
	options  Options
	srv      *emulator.Server
	clock    *clock.Adjustable
	ids      clock.IDs
	// step is the one under way, and node its value with the references replaced.
	step *Step
	node *yamlfile.Node
	// captured are the values with names; last is what the step before left to capture from.
	captured map[string]any
	last     map[string]any
}

func (s *Scenario) run(ctx context.Context, o Options) Result {
	begun := clock.System{}.Now()
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r := &run{ctx: ctx, scenario: s, options: o, captured: map[string]any{}}
	out := r.result(r.all(), timeout)
	if r.srv != nil {
		out.Events = r.srv.LastSeq()
		_ = r.srv.Close() // everything is in memory, and everything that counts has been read
	}
	out.Seconds = clock.System{}.Now().Sub(begun).Seconds()
	return out
}

// all runs the steps.
func (r *run) all() error {
	if errs := r.scenario.allowed(r.options); len(errs) > 0 {
		return errs
	}
	if err := r.open(); err != nil {
		return err
	}
	for i := range r.scenario.Steps {
		r.step = &r.scenario.Steps[i]
		if err := r.one(); err != nil {
			return err
		}
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
	}
	return nil
}

// one runs the step under way.
func (r *run) one() error {
	r.node = r.step.value
	a := r.step.action()
	if hasReferences(r.step.value) {
		var err error
		if a, err = r.replace(); err != nil {
			return err
		}
	}
	return a.do(r)
}

// replace reads the step again with its references replaced, and checks what could not be checked before.
func (r *run) replace() (action, error) {
	script := map[*yamlfile.Node]bool{}
	eachText(r.step.value, func(n *yamlfile.Node) { script[n] = true })
	referring(r.step, func(n *yamlfile.Node) { delete(script, n) })
	n, err := replaced(r.step.value, r.value, script)
	if err != nil {
		return nil, r.misplaced(err)
	}
	fresh := Step{kind: r.step.kind, value: n}
	a := fresh.fresh(r.step.kind)
	if err := decodeAction(r.scenario.file, n, a); err != nil {
		return nil, err
	}
	c := checker{f: r.scenario.file}
	if a.check(&c, n); len(c.errs) > 0 {
		return nil, c.errs
	}
	r.node = n
	return a, nil
}

// value is what a reference stands for.
func (r *run) value(ref reference) (any, error) {
	switch ref.space {
	case "env":
		v, _ := lookUp(r.options.Environ, ref.name)
		return v, nil // that it may be read and is set was checked before the first step
	case "captured":
		return r.captured[ref.name], nil
	}
	switch ref.name {
	case "integration_url":
		return r.srv.IntegrationURL(), nil
	case "url":
		return r.srv.URL(), nil
	case "now":
		return r.clock.Now().UTC().Format("2006-01-02T15:04:05Z"), nil
	case "last_seq":
		return fmt.Sprint(r.srv.LastSeq()), nil
	}
	return nil, fmt.Errorf("%s is not known", ref)
}
