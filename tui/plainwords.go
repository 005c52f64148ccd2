package tui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// word is one command of the plain mode. The table of them is the only place that knows their names: what is obeyed, and
// what help says, are read from it.
type word struct {
	name string
	// short may be typed instead; args names what follows, for the help.
	short, args string
	help        string
	run         func(p *plainly, args string)
}

// plainWords are the commands of the plain mode, the likeliest first.
func plainWords() []word {
	return []word{
		{"why", "w", "[N]", "why event N, or the last one, was answered so, and what OpsLevel would not tell", (*plainly).why},
		{"show", "", "[N]", "everything about event N: answer, request, headers", (*plainly).show},
		{"list", "l", "[QUERY]", "the newest events that answer a query", (*plainly).list},
		{"filter", "/", "[QUERY]", "from now on only lines that answer a query; without one, all", (*plainly).filter},
		{"pause", "p", "", "hold the lines back, to read in peace", func(p *plainly, _ string) { p.pause() }},
		{"follow", "f", "", "say what was held back, and go on", func(p *plainly, _ string) { p.goOn() }},
		{"send", "s", "", "send a sample deploy", func(p *plainly, _ string) { p.do(p.u.sendSample()) }},
		{"resend", "r", "[N]", "send the request of event N again as it was", (*plainly).resend},
		{"fix", "", "[N]", "put right what was wrong with event N, and send it again", (*plainly).fix},
		{"body", "", "[N]", "the body of event N", (*plainly).body},
		{"curl", "", "[N]", "event N as a command", (*plainly).curl},
		{"duplicates", "d", "", "what was dropped, and in what it differs from what was kept", func(p *plainly, _ string) { p.duplicates() }},
		{"suggestions", "", "", "the aliases that no service has", func(p *plainly, _ string) { p.suggestions() }},
		{"accept", "a", "ALIAS", "make a service with a suggested alias", (*plainly).accept},
		{"bind", "b", "ALIAS [SERVICE]", "give a suggested alias to a service; without one, to the nearest", (*plainly).bind},
		{"ignore", "i", "ALIAS", "no longer suggest an alias", (*plainly).ignore},
		{"services", "", "[QUERY]", "the services of the account", (*plainly).services},
		{"templates", "", "", "the service templates, with their inputs", func(p *plainly, _ string) { p.templates() }},
		{"fire", "", "TEMPLATE [NAME=VALUE]...", "run a service template; a value with blanks goes in double quotes", (*plainly).fire},
		{"faults", "", "", "the faults in force, and those there are", func(p *plainly, _ string) { p.faults() }},
		{"fault", "", "KIND [N] [QUERY]", "make the next N requests that answer a query fail; without N until off", (*plainly).fault},
		{"off", "", "", "end every fault", func(p *plainly, _ string) { p.faultsOff() }},
		{"url", "u", "", "where deploys are posted to", func(p *plainly, _ string) { p.say(p.u.info.IntegrationURL) }},
		{"counts", "c", "", "how many came in, by what became of them", func(p *plainly, _ string) { p.counts() }},
		{"reset", "", "yes", "put the account back to its fixtures, and forget every deploy", (*plainly).reset},
		{"help", "?", "", "these commands", func(p *plainly, _ string) { p.help() }},
		{"quit", "q", "", "the end", func(p *plainly, _ string) { p.quit = true }},
	}
}

// obey does what a line says.
func (p *plainly) obey(line string) {
	line = strings.TrimSpace(line)
	if rest, ok := strings.CutPrefix(line, "/"); ok { // as on the screens
		line = "filter " + rest
	}
	name, args, _ := strings.Cut(line, " ")
	if name == "" {
		return
	}
	for _, w := range plainWords() {
		if strings.EqualFold(name, w.name) || w.short != "" && name == w.short {
			w.run(p, strings.TrimSpace(args))
			return
		}
	}
	p.say("there is no command " + name + "; help lists them")
}

func (p *plainly) help() {
	for _, w := range plainWords() {
		line := w.name
		if w.args != "" {
			line += " " + w.args
		}
		if w.short != "" {
			line += " (or " + w.short + ")"
		}
		p.say(line + ": " + w.help)
	}
}

// numbered is the event that a command is about: that of the number, else the last request; nil, with the reason said.
func (p *plainly) numbered(args string) *event.Event {
	u := p.u
	seq := u.deploys.lastListed()
	if args != "" {
		n, err := strconv.ParseUint(strings.TrimPrefix(args, "#"), 10, 64)
		if err != nil {
			p.say("which event is a number: " + args)
			return nil
		}
		seq = n
	}
	if seq == 0 {
		p.say("nothing has come in yet")
		return nil
	}
	p.run(u.want(seq))
	if err := u.cache.gone[seq]; err != nil {
		p.say("event " + strconv.FormatUint(seq, 10) + ": " + err.Error())
	}
	return u.cache.get(seq)
}

// lastListed is the newest request.
func (d *deploys) lastListed() uint64 {
	if n := len(d.rows.ids); n > 0 {
		return d.rows.ids[n-1]
	}
	return 0
}

// wide is a width at which no sentence is broken: a screen reader reads lines.
const wide = proseLimit + labelWidth

func (p *plainly) doc(d doc) {
	for _, l := range d {
		if text := l.text(); strings.TrimSpace(text) != "" {
			if l.trace != "" {
				text += "  from " + l.trace
			}
			p.say(text)
		}
	}
}

func (p *plainly) why(args string) {
	e := p.numbered(args)
	if e == nil {
		return
	}
	p.say(plainLine(e, &p.u.look))
	var d doc
	if e.Why != "" {
		d.row(&p.u.look.glyphs, "why", plain, e.Why, wide)
	}
	p.u.findingDocs(&d, e, wide)
	if f, ok := p.u.fixFor(e); ok {
		d.row(&p.u.look.glyphs, "fix", plain, "fix "+strconv.FormatUint(e.Seq, 10)+" sends it again: "+strings.Join(f.changes, "; "), wide)
	}
	p.doc(d)
}

func (p *plainly) show(args string) {
	if e := p.numbered(args); e != nil && e.Firing != nil {
		p.doc(p.u.firingDoc(e, wide))
	} else if e != nil {
		p.doc(p.u.eventDoc(e, wide))
	}
}

// parsed is a query; one that cannot be read is said to be wrong, and where.
func (p *plainly) parsed(args string) (query.Query, bool) {
	q, err := query.Parse(args)
	if err != nil {
		p.say("no query: " + err.Error())
	}
	return q, err == nil
}

// plainList is how many lines list writes at most, plainHeld how many of what was held back.
const (
	plainList = 20
	plainHeld = 200
)

func (p *plainly) list(args string) {
	if q, ok := p.parsed(args); ok {
		n := p.newest(q, p.u.seen.rows.first-1, plainList)
		p.say(commas(n) + plural(n, " event", " events"))
	}
}

// newest writes the newest events after a seq that answer a query, and counts all of them.
func (p *plainly) newest(q query.Query, after uint64, limit int) (n int) {
	var lines []string
	for {
		b, err := p.u.src.Events(p.u.ctx, after, searchPage)
		if err != nil {
			p.say("not read: " + err.Error())
			return n
		}
		if len(b.Events) == 0 {
			break
		}
		for _, e := range b.Events {
			if after = e.Seq; q.Match(e, p.u.now()) {
				n++
				lines = append(lines, plainLine(e, &p.u.look))
			}
		}
		lines = lines[max(0, len(lines)-limit):]
	}
	if n > len(lines) {
		p.say("the newest " + commas(len(lines)) + " of " + commas(n))
	}
	for _, l := range lines {
		p.say(l)
	}
	return n
}

func (p *plainly) filter(args string) {
	q, ok := p.parsed(args)
	if !ok {
		return
	}
	if p.only = q; q.Empty() {
		p.say("every event has its line")
		return
	}
	p.say("only lines that answer " + q.String())
}

func (p *plainly) pause() {
	if !p.paused {
		p.paused, p.since = true, p.u.seen.last
	}
	p.say("paused; follow goes on")
}

func (p *plainly) goOn() {
	if !p.paused {
		p.say("nothing is held back")
		return
	}
	p.paused = false
	if p.newest(p.only, p.since, plainHeld) == 0 {
		p.say("nothing came in")
	}
}

func (p *plainly) resend(args string) {
	if e := p.numbered(args); e != nil {
		if why := p.u.sendable(e); why != "" {
			p.say(why)
			return
		}
		p.do(p.u.send(*e.Request, ""))
	}
}

func (p *plainly) fix(args string) {
	e := p.numbered(args)
	if e == nil {
		return
	}
	f, ok := p.u.fixFor(e)
	if !ok {
		p.say("there is nothing in event " + strconv.FormatUint(e.Seq, 10) + " that can be put right by itself")
		return
	}
	p.do(p.u.send(f.request, strings.Join(f.changes, "; ")))
}

// text writes a text of the event line by line.
func (p *plainly) text(args, kind string) {
	e := p.numbered(args)
	if e == nil {
		return
	}
	if e.Request == nil && e.Firing == nil {
		p.say("there is no request in event " + strconv.FormatUint(e.Seq, 10))
		return
	}
	for line := range strings.SplitSeq(p.u.eventText(e, kind), "\n") {
		p.say(line)
	}
}

func (p *plainly) body(args string) { p.text(args, "b") }
func (p *plainly) curl(args string) { p.text(args, "c") }

func (p *plainly) duplicates() {
	u := p.u
	for _, kept := range u.seen.order[max(0, len(u.seen.order)-plainList):] {
		g := u.seen.groups[kept]
		line := "deploy " + strconv.FormatUint(kept, 10) + " was kept, " + commas(g.n) + " dropped"
		if g.differ > 0 {
			line += ", " + commas(g.differ) + " of them meant another deploy"
		} else {
			line += ", retries of the same"
		}
		p.say(line + ", dedup_id " + g.dedup)
		newest := g.dropped[len(g.dropped)-1]
		p.run(several(u.want(kept), u.want(newest)))
		if a, b := u.cache.get(kept), u.cache.get(newest); a != nil && b != nil && a.Request != nil && b.Request != nil {
			for _, c := range telling(changedFields(a.Request.Body, b.Request.Body)) {
				p.say("  " + c.path + " was " + orNothing(c.old) + ", and in deploy " + strconv.FormatUint(newest, 10) + " " + orNothing(c.now))
			}
		}
	}
	p.say(commas(len(u.seen.order)) + plural(len(u.seen.order), " dedup_id", " dedup_ids") + " came again")
}

func (p *plainly) counts() {
	c := p.u.seen.counts
	p.say("ok " + commas(c.ok) + ", duplicate_deploy " + commas(c.duplicate) + ", no_service_found " + commas(c.unknown) +
		", rejected " + commas(c.rejected) + ", silent " + commas(c.silent))
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
