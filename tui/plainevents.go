package tui

import (
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// The commands of the plain mode that are about events.

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
