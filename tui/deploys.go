package tui

import (
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// deploys is the first screen: every request that came in, and what changed the account in between.
type deploys struct {
	history
	greeting []byte // the sample on the first screen
}

func newDeploys(u *ui) *deploys {
	d := &deploys{history: newHistory(u, listed, u.seen.listRequests, func() int { return u.seen.requests })}
	d.listen(true)
	return d
}

func (d *deploys) name() (string, string) { return "Deploys", "Depl" }
func (d *deploys) count() int             { return d.u.seen.requests }

// listed says whether an event has a row here.
func listed(e *event.Event) (uint64, bool) {
	return e.Seq, e.Kind != event.KindFiring && e.Kind != event.KindEvicted
}

func (d *deploys) needs() command {
	if d.u.seen.rows.at(d.rows.at()) == nil {
		return nil
	}
	return d.u.want(d.rows.at())
}

// columns are the widths of a row's cells for the width of the list.
type columns struct{ clock, alias, env, number int }

func columnsFor(w int) columns {
	switch {
	case w >= 90:
		return columns{12, max(20, min(40, w-80)), 14, 7}
	case w >= 62:
		return columns{8, 16, 11, 5}
	case w >= 54:
		return columns{8, 16, 10, 0}
	}
	return columns{8, max(12, w-30), 0, 0}
}

func (d *deploys) header(p *pen) {
	c := columnsFor(p.max)
	p.col(dim, "", 3).col(dim, "received", c.clock+2).col(dim, "service", c.alias+1)
	if c.env > 0 {
		p.col(dim, "env", c.env+1)
	}
	if c.number > 0 {
		p.right(dim, "no.", c.number).col(dim, "", 1)
	}
	p.put(dim, "result")
}

func (d *deploys) row(p *pen, id uint64) {
	r := d.u.seen.rows.at(id)
	if r == nil {
		p.put(dim, "   "+strconv.FormatUint(id, 10)+" has left the window")
		return
	}
	c := columnsFor(p.max)
	glyph, st, word := d.u.look.mark(r)
	grave, fst := " ", plain
	if r.said != "" && r.worst != finding.Note {
		grave, fst = d.u.look.severity(r.worst)
	}
	p.put(st, glyph).put(fst, grave).put(bold, d.mark(id)).col(plain, d.u.clock(r.at, c.clock), c.clock).put(plain, "  ")
	if r.kind != event.KindDeploy {
		p.put(dim, r.what())
		return
	}
	p.col(plain, r.alias, c.alias).put(plain, " ")
	if c.env > 0 {
		p.col(plain, r.env, c.env).put(plain, " ")
	}
	if c.number > 0 {
		n := r.number
		if n != "" {
			n = "#" + n
		}
		p.right(plain, n, c.number).put(plain, " ")
	}
	d.u.look.result(p, r, st, word)
}

// what says what a row is about that is no deploy.
func (r *row) what() string {
	if r.kind == event.KindCall {
		return strconv.Itoa(r.http) + " " + r.title
	}
	return r.title
}

// result is the last cell: the result, and the gravest finding in words.
func (l *look) result(p *pen, r *row, st style, word string) {
	switch {
	case r.fault != "" && !r.spared && r.http > 0:
		word = strconv.Itoa(r.http) + " " + word
	case r.fault != "" && !r.spared:
		word = "no answer " + word
	case r.result == deploy.Rejected:
		word = strconv.Itoa(r.http) + " " + r.title
	}
	p.put(st, word)
	if r.fault != "" && r.spared {
		p.put(odd, "  fault "+r.fault)
	}
	if r.said == "" || p.max-p.at < 8 || r.result == deploy.Rejected {
		return
	}
	_, fst := l.severity(r.worst)
	p.put(plain, "  ").put(fst, inWords(r.said))
}

// inWords is the matter of a finding: "silent.unknown_alias" is "unknown alias".
func inWords(id string) string {
	if rest, ok := strings.CutPrefix(id, "silent."); ok {
		id = rest
	}
	return strings.ReplaceAll(id, "_", " ")
}

// clock is a time of day, to the millisecond where there is room.
func (u *ui) clock(t time.Time, width int) string {
	if t.IsZero() {
		return ""
	}
	zone := u.o.Zone
	if zone == nil {
		zone = time.UTC
	}
	if width >= 12 {
		return t.In(zone).Format("15:04:05.000")
	}
	return t.In(zone).Format("15:04:05")
}

func (d *deploys) key() detailKey {
	id := d.rows.at()
	// what a fix draws on may have come in after the event
	return detailKey{id: id, state: len(d.u.suggestions)<<16 + len(d.u.services), more: struct {
		e    *event.Event
		gone bool
	}{d.u.cache.get(id), d.u.cache.gone[id] != nil}}
}

func (d *deploys) detail(w int) (string, doc) {
	id := d.rows.at()
	r, e := d.u.seen.rows.at(id), d.u.cache.get(id)
	if r == nil {
		return "event " + strconv.FormatUint(id, 10), nil
	}
	label := string(r.kind)
	if r.kind == event.KindDeploy {
		label = "deploy"
	}
	heading := label + " " + strconv.FormatUint(id, 10)
	if r.alias != "" {
		heading += "  " + r.alias
	}
	if e == nil {
		return heading, d.u.waiting(id, w)
	}
	return heading, d.u.eventDoc(e, w)
}
