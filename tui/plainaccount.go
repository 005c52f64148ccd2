package tui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// The commands of the plain mode that are about the account: suggestions, services, templates, and all of it at once.

func (p *plainly) suggestions() {
	open := 0
	for i := range p.u.suggestions {
		x := &p.u.suggestions[i]
		line := "suggestion " + x.Alias + ": " + commas(x.Deploys) + plural(x.Deploys, " deploy", " deploys")
		switch {
		case x.State != catalog.Open:
			line += ", " + string(x.State)
			if x.Service != "" {
				line += " as " + x.Service
			}
		case len(x.Near) > 0:
			line += ", nearest " + strings.Join(x.Near, ", ")
		}
		if x.State == catalog.Open {
			open++
		}
		p.say(line)
	}
	p.say(commas(open) + plural(open, " waits", " wait") + " for a decision")
}

// decide does something about a suggestion.
func (p *plainly) decide(alias, said string, do func(ctx context.Context, s Suggester) error) {
	s, can := p.u.src.(Suggester)
	switch {
	case !can:
		p.say("this emulator cannot decide about suggestions")
		return
	case alias == "":
		p.say("which alias? suggestions lists them")
		return
	}
	p.do(p.u.run(func(ctx context.Context) (func() command, error) {
		if err := do(ctx, s); err != nil {
			return nil, err
		}
		return func() command {
			p.say(alias + " " + said)
			return p.u.askState()
		}, nil
	}))
}

func (p *plainly) accept(alias string) {
	p.decide(alias, "is a service now: its next deploy is answered with ok", func(ctx context.Context, s Suggester) error { return s.Accept(ctx, alias) })
}

func (p *plainly) ignore(alias string) {
	p.decide(alias, "is no longer suggested", func(ctx context.Context, s Suggester) error { return s.Ignore(ctx, alias) })
}

func (p *plainly) bind(args string) {
	words := splitWords(args)
	var alias, service string
	switch len(words) {
	case 2:
		alias, service = words[0], words[1]
	case 1:
		alias = words[0]
		service = p.nearest(alias)
		if service == "" {
			p.say("no service looks like " + alias + ": bind " + alias + " SERVICE")
			return
		}
	}
	p.decide(alias, "now belongs to the service of "+service, func(ctx context.Context, s Suggester) error { return s.Bind(ctx, alias, service) })
}

// nearest is the alias that was probably meant.
func (p *plainly) nearest(alias string) string {
	for _, x := range p.u.suggestions {
		if x.Alias == alias && len(x.Near) > 0 {
			return x.Near[0]
		}
	}
	return ""
}

func (p *plainly) services(args string) {
	q, ok := p.parsed(args)
	if !ok {
		return
	}
	n := 0
	for i := range p.u.services {
		s := &p.u.services[i]
		t := p.u.catalogue.tally(s)
		if !q.Match(serviceShown{s, t}, p.u.now()) {
			continue
		}
		n++
		line := "service " + s.Name + ": " + strings.Join(names(s), ", ")
		if s.Owner != "" {
			line += "; owner " + s.Owner
		}
		p.say(line + "; " + commas(t.deploys) + plural(t.deploys, " deploy", " deploys"))
	}
	p.say(commas(n) + plural(n, " service", " services"))
}

func (p *plainly) templates() {
	for _, t := range p.u.templates {
		p.say("template " + t.Name + ": " + t.Description)
		for _, f := range t.Fields {
			line := "  " + f.Name + "=" + f.Default
			if len(f.Choices) > 0 {
				line += ", one of " + strings.Join(f.Choices, ", ")
			}
			p.say(line)
		}
	}
	p.say(commas(len(p.u.templates)) + plural(len(p.u.templates), " template", " templates"))
}

func (p *plainly) fire(args string) {
	f, can := p.u.src.(Firer)
	if !can {
		p.say("this emulator cannot run templates")
		return
	}
	name, inputs := splitInputs(args)
	var known []string
	for _, t := range p.u.templates {
		known = append(known, t.Name)
	}
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) }); i >= 0 {
		name = known[i]
	} else {
		p.say("there is no template " + strconv.Quote(name) + "; there are: " + strings.Join(known, ", "))
		return
	}
	p.do(p.u.run(func(ctx context.Context) (func() command, error) {
		seq, err := f.Fire(ctx, name, inputs)
		return func() command {
			if err == nil {
				p.say(firedText(*p.u.templateNamed(name), seq))
			}
			return p.u.askState()
		}, err
	}))
}

// splitInputs divides "Name of it a=b c=\"d e\"" into the name and the inputs.
func splitInputs(args string) (name string, inputs []action.Input) {
	words := splitWords(args)
	for _, w := range words {
		k, v, ok := strings.Cut(w, "=")
		switch {
		case ok:
			inputs = append(inputs, action.Input{Name: k, Value: v})
		case name == "":
			name = w
		default:
			name += " " + w
		}
	}
	return name, inputs
}

// splitWords divides at blanks that are not between double quotes, and drops the quotes.
func splitWords(s string) []string {
	var words []string
	var b strings.Builder
	quoted, begun := false, false
	for _, r := range s {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case r == ' ' && !quoted:
			if begun {
				words = append(words, b.String())
			}
			b.Reset()
			begun = false
		default:
			b.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, b.String())
	}
	return words
}

func (p *plainly) reset(args string) {
	_, can := p.u.src.(Resetter)
	switch {
	case !can:
		p.say("this emulator cannot be reset from here")
	case args != "yes":
		p.say("reset forgets all deploys, suggestions, firings and dedup ids, for every client of this emulator; reset yes does it")
	default:
		p.do(p.u.reset())
	}
}
