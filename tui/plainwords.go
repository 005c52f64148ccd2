package tui

import (
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
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
