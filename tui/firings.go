package tui

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// firings is the fifth screen: each firing of a webhook, with its templates, what they became, the answer, and what was
// made of that, in one view.
type firings struct {
	base
	templates bool // show the templates as they were written
	shown     int
}

func newFirings(u *ui) *firings {
	f := &firings{base: base{u: u}}
	f.filter = filter{u: u, changed: func() command { f.shown = -1; f.refresh(); return nil }}
	f.rows.follow = true
	return f
}

func (f *firings) name() (string, string) { return "Firings", "Fire" }
func (f *firings) count() int             { return len(f.u.seen.firings) }
func (f *firings) live() bool             { return true }
func (f *firings) share() int             { return 40 }

func (f *firings) refresh() {
	all := f.u.seen.firings
	if f.shown < 0 || f.shown > len(all) {
		f.rows.set(nil)
		f.shown = 0
	}
	for _, seq := range all[f.shown:] {
		if r := f.u.seen.rows.at(seq); r != nil && f.filter.matches(r.title+" "+r.service) {
			f.rows.push(seq)
		}
	}
	f.shown = len(all)
}

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
	service = max(8, rest*2/5)
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
	p.put(st, glyph+"  ").col(plain, f.u.clock(x.At, 8), 10).col(plain, x.Service, s)
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

// templatesDoc is the webhook as it was written.
func (u *ui) templatesDoc(x *action.Firing, w int) doc {
	var d doc
	g := &u.look.glyphs
	d.row(g, "url", plain, x.Webhook.URL, w)
	for i, n := range sortedKeys(x.Webhook.Headers) {
		d.row(g, onceLabel("headers", i), plain, n+": "+x.Webhook.Headers[n], w)
	}
	d.blank()
	d.add(seg{bold, "payload"})
	d = append(d, rawDoc(x.Webhook.Payload, 2)...)
	if x.Webhook.ResponseTemplate != "" {
		d.blank()
		d.add(seg{bold, "response template"})
		d = append(d, rawDoc(x.Webhook.ResponseTemplate, 2)...)
	}
	return d
}

func onceLabel(label string, i int) string {
	if i == 0 {
		return label
	}
	return ""
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// firingDoc is a firing from the template to the rendered answer; every value that came from an expression stands out,
// and its line names the expression.
func (u *ui) firingDoc(e *event.Event, w int) doc {
	x := e.Firing
	var d doc
	g := &u.look.glyphs
	d.row(g, "why", plain, whyFired(x), w)
	u.problemDocs(&d, x.Problems, w)
	d.blank()
	d = append(d, tracedDoc("url", x.Request.URL, x.Spans["url"], w)...)
	for i, h := range x.Request.Headers {
		spans := x.Spans["header:"+h.Name]
		lines := tracedDoc(onceLabel("headers", i), h.Name+": "+h.Value, shifted(spans, len(h.Name)+2), w)
		d = append(d, lines...)
	}
	d = append(d, tracedDoc("payload", string(x.Request.Body), x.Spans["payload"], w)...)
	d.blank()
	u.attemptDocs(&d, x, w)
	if x.Webhook.ResponseTemplate != "" {
		d = append(d, tracedDoc("shown", x.RenderedResponse, x.Spans["response_template"], w)...)
	}
	return d
}

func whyFired(x *action.Firing) string {
	s := "fired by hand"
	if x.Template != "" {
		s = "the template " + x.Template + " made the service " + x.Service
	}
	switch {
	case x.Error != "":
		return s + "; " + x.Error
	case x.Response.Status != nil:
		return s + "; the receiver answered " + strconv.Itoa(*x.Response.Status) + ", which OpsLevel calls " + string(x.Result)
	}
	return s + "; OpsLevel calls it " + string(x.Result)
}

// problemDocs are the problems of a rendering, with their places.
func (u *ui) problemDocs(d *doc, ps []action.Problem, w int) {
	for _, p := range ps {
		glyph, st := u.look.note, dim
		switch p.Severity {
		case action.Error:
			glyph, st = u.look.rejected, bad
		case action.Warning:
			glyph, st = u.look.silent, again
		}
		where := p.Part
		if p.Rendered {
			where = "rendered " + where
		}
		if p.Line > 0 {
			where += fmt.Sprintf(" line %d", p.Line)
		}
		d.prose(&u.look.glyphs, seg{st, glyph + " "}, plain, strings.TrimSpace(where+": "+p.Message), w)
		if p.Cure != "" {
			d.prose(&u.look.glyphs, seg{plain, "  "}, good, p.Cure, w)
		}
	}
}

func shifted(spans []action.Span, by int) []action.Span {
	out := slices.Clone(spans)
	for i := range out {
		out[i].Offset += by
	}
	return out
}

// tracedDoc is rendered text behind a label: pieces that came from an expression stand out, and each line ends with the
// expressions it came from, or is followed by them where they do not fit behind it.
func tracedDoc(label, rendered string, spans []action.Span, w int) doc {
	var d doc
	at := 0
	for i, line := range strings.Split(strings.TrimRight(rendered, "\n"), "\n") {
		l := docLine{segs: []seg{{bold, pad(onceLabel(label, i), labelWidth)}}}
		l.segs = append(l.segs, tracedSegs(line, at, spans)...)
		trace := traceOf(at, at+len(line), spans)
		if fits := labelWidth+len(line)+4+len(trace) <= w; trace != "" && !fits {
			d = append(d, l, docLine{segs: []seg{{plain, strings.Repeat(" ", labelWidth+2)}}, trace: trace})
		} else {
			l.trace = trace
			d = append(d, l)
		}
		if at += len(line) + 1; len(d) >= maxBodyLines {
			break
		}
	}
	return d
}

func tracedSegs(line string, at int, spans []action.Span) []seg {
	var out []seg
	done := 0
	for _, s := range spans {
		from, to := s.Offset-at, s.Offset+s.Length-at
		from, to = max(from, done), min(to, len(line))
		if to <= from {
			continue
		}
		out = append(out, seg{plain, line[done:from]}, seg{traced, line[from:to]})
		done = to
	}
	return append(out, seg{plain, line[done:]})
}

// traceOf names the expressions between two offsets, each with its line in the template.
func traceOf(from, to int, spans []action.Span) string {
	var parts []string
	for _, s := range spans {
		if s.Offset > to || s.Offset+s.Length < from || s.Offset == to && from != to && s.Length > 0 || s.Offset+s.Length == from && s.Length > 0 {
			continue
		}
		part := "{{ " + strings.TrimSpace(s.Expression) + " }}"
		if s.Line > 0 {
			part += " line " + strconv.Itoa(s.Line)
		}
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// attemptDocs are the deliveries and the last answer.
func (u *ui) attemptDocs(d *doc, x *action.Firing, w int) {
	g := &u.look.glyphs
	for _, a := range x.Attempts {
		label := "sent"
		if len(x.Attempts) > 1 {
			label = "try " + strconv.Itoa(a.Number)
		}
		took := time.Duration(a.Timings.Total).Round(100 * time.Microsecond).String()
		switch {
		case a.Failure != nil:
			d.row(g, label, odd, a.Why+" "+took+": "+a.Failure.Message, w)
		case a.Response != nil:
			d.row(g, label, plain, a.Why+" to "+a.Address+" "+took, w)
		}
	}
	if n := len(x.Attempts); n > 0 && x.Attempts[n-1].Response != nil {
		r := x.Attempts[n-1].Response
		d.row(g, "answer", statusStyle(r.Status), strconv.Itoa(r.Status)+" "+r.Reason, w)
		for _, h := range r.Headers {
			d.add(seg{plain, strings.Repeat(" ", labelWidth)}, seg{name, h.Name + ": "}, seg{plain, h.Value})
		}
		if len(r.Body) > 0 {
			*d = append(*d, bodyDoc(string(r.Body), labelWidth)...)
		}
	}
	d.blank()
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
		d.prose(g, seg{plain, "  "}, dim, "The account has no service templates: start the emulator with --fixtures FILE.", w-2)
	}
	d.prose(g, seg{bold, "  6  "}, plain, "tries out a template without sending anything", w-2)
	return d
}
