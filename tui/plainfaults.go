package tui

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// The commands of the plain mode that are about faults.

func (p *plainly) faults() {
	if why := p.u.noFaults(); why != "" {
		p.say(why)
		return
	}
	for _, k := range p.u.src.(Breaker).FaultKinds() {
		p.say(k.Name + ": " + k.Doc)
	}
	p.do(p.u.askFaults())
	for _, f := range p.u.faults {
		p.say("in force: " + f.ID + ", " + f.told())
	}
	p.say(commas(len(p.u.faults)) + plural(len(p.u.faults), " fault is", " faults are") + " in force")
}

func (p *plainly) fault(args string) {
	if why := p.u.noFaults(); why != "" {
		p.say(why)
		return
	}
	b := p.u.src.(Breaker)
	kind, rest, _ := strings.Cut(args, " ")
	if !slices.ContainsFunc(b.FaultKinds(), func(k FaultKind) bool { return k.Name == kind }) {
		p.say("there is no fault " + strconv.Quote(kind) + "; faults lists them")
		return
	}
	o := FaultOrder{Kind: kind, Query: strings.TrimSpace(rest)}
	first, after, _ := strings.Cut(o.Query, " ")
	if n, err := strconv.Atoi(first); err == nil {
		if n < 1 {
			p.say("how many requests is a number from 1")
			return
		}
		o.First, o.Query = n, strings.TrimSpace(after)
	}
	p.do(p.u.run(func(ctx context.Context) (func() command, error) {
		if err := b.AddFault(ctx, o); err != nil {
			return nil, err
		}
		return func() command {
			p.say("the fault " + kind + " is in force")
			return p.u.askFaults()
		}, nil
	}))
}

func (p *plainly) faultsOff() {
	if why := p.u.noFaults(); why != "" {
		p.say(why)
		return
	}
	p.do(p.u.faultsOff())
}
