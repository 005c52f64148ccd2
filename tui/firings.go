package tui

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// firings is the fifth screen: each firing of a webhook, with its templates, what they became, the answer, and what was
// made of that, in one view.
type firings struct {
	history
	templates bool // show the templates as they were written
}

func newFirings(u *ui) *firings {
	fired := func(e *event.Event) (uint64, bool) { return e.Seq, e.Kind == event.KindFiring }
	f := &firings{history: newHistory(u, fired, u.seen.listFirings, func() int { return len(u.seen.firings) })}
	f.listen(true)
	return f
}

func (f *firings) name() (string, string) { return "Firings", "Fire" }
func (f *firings) count() int             { return len(f.u.seen.firings) }
func (f *firings) share() int             { return 44 }

func (f *firings) needs() command {
	cs := []command{f.u.want(f.rows.at())}
	for _, i := range f.rows.window(f.rows.height) { // a row shows the target and the status, which only the event has
		if i != ruleLine {
			cs = append(cs, f.u.want(f.rows.ids[i]))
		}
	}
	return several(cs...)
}

// chosen is the firing under the cursor, nil while it is read.
func (f *firings) chosen() *action.Firing {
	if e := f.u.cache.get(f.rows.at()); e != nil {
		return e.Firing
	}
	return nil
}

func (f *firings) header(p *pen) {
	s, t := f.widths(p)
	p.col(dim, "", 3).col(dim, "fired", 10).col(dim, "service", s).col(dim, " target", t+1).put(dim, " answer")
}

func (f *firings) widths(p *pen) (service, target int) {
	rest := p.max - 3 - 10 - 2 - 12
	service = max(8, rest/2)
	return service, max(8, rest-service)
}

func (f *firings) row(p *pen, id uint64) {
	r, e := f.u.seen.rows.at(id), f.u.cache.get(id)
	if r == nil {
		return
	}
	s, t := f.widths(p)
	if e == nil || e.Firing == nil {
		p.put(dim, "   "+f.u.clock(r.at, 8)+"  "+r.title)
		return
	}
	x := e.Firing
	glyph, st := f.u.look.outcome(x)
	p.put(st, glyph).put(bold, f.mark(id)).put(plain, " ").col(plain, f.u.clock(x.At, 8), 10).col(plain, x.Service, s)
	p.col(plain, " "+shortTarget(x), t+1).put(st, " "+verdictOf(x))
}

// outcome is the glyph and the style of how a firing ended.
func (l *look) outcome(x *action.Firing) (string, style) {
	switch {
	case x.Result != action.Failure:
		return l.ok, good
	case x.Response.Status == nil:
		return l.fault, odd
	}
	return l.rejected, bad
}

func verdictOf(x *action.Firing) string {
	took := time.Duration(x.Took).Round(time.Millisecond).String()
	if x.Response.Status != nil {
		return strconv.Itoa(*x.Response.Status) + "  " + took
	}
	if n := len(x.Attempts); n > 0 && x.Attempts[n-1].Failure != nil {
		return strings.ReplaceAll(string(x.Attempts[n-1].Failure.Kind), "_", " ")
	}
	return "not sent"
}

func shortTarget(x *action.Firing) string {
	v, err := url.Parse(x.Request.URL)
	if err != nil || v.Host == "" {
		return x.Request.URL
	}
	host := v.Host
	if v.Hostname() == "127.0.0.1" || v.Hostname() == "localhost" {
		host = ":" + v.Port()
	}
	return host + v.Path
}

func (f *firings) key() detailKey {
	id := f.rows.at()
	state := 0
	if f.templates {
		state = 1
	}
	return detailKey{id: id, state: state, more: struct {
		e    *event.Event
		gone bool
	}{f.u.cache.get(id), f.u.cache.gone[id] != nil}}
}

func (f *firings) detail(w int) (string, doc) {
	id := f.rows.at()
	e := f.u.cache.get(id)
	heading := "firing " + strconv.FormatUint(id, 10)
	if e == nil || e.Firing == nil {
		return heading, f.u.waiting(id, w)
	}
	x := e.Firing
	if x.Service != "" {
		heading += "  " + f.u.look.safe(x.Service, 40)
	}
	if f.templates {
		return heading + "  templates (t rendered)", f.u.templatesDoc(x, w)
	}
	return heading + "  rendered (t templates)", f.u.firingDoc(e, w)
}

func (f *firings) empty(w int) doc {
	var d doc
	d.add()
	if f.filter.active() {
		d.add(seg{plain, "  No firing answers the filter. esc clears it."})
		return d
	}
	d.add(seg{bold, "  No firings yet."})
	d.add()
	g := &f.u.look.glyphs
	d.prose(g, seg{plain, "  "}, plain, "After a service template has made a service, OpsLevel fires the template's webhook. Here you will see its templates, what they became, the answer, and what was made of it.", w-2)
	d.add()
	if len(f.u.templates) > 0 {
		d.prose(g, seg{bold, "  f  "}, plain, "runs a template and fires its webhook", w-2)
	} else {
		d.prose(g, seg{plain, "  "}, dim, "The account has no service templates: L loads a fixture.", w-2)
	}
	d.prose(g, seg{bold, "  6  "}, plain, "tries out a template without sending anything", w-2)
	return d
}
