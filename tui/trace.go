package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

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
	d = append(d, tracedDoc("url", x.Request.URL, x.Spans[action.PartURL], w)...)
	for i, h := range x.Request.Headers {
		spans := x.Spans[action.PartHeader+h.Name]
		lines := tracedDoc(onceLabel("headers", i), h.Name+": "+h.Value, shifted(spans, len(h.Name)+2), w)
		d = append(d, lines...)
	}
	d = append(d, tracedDoc("payload", string(x.Request.Body), x.Spans[action.PartPayload], w)...)
	d.blank()
	u.attemptDocs(&d, x, w)
	if x.Webhook.ResponseTemplate != "" {
		d = append(d, tracedDoc("shown", x.RenderedResponse, x.Spans[action.PartResponse], w)...)
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
		if a.Fault != nil {
			d.row(g, "fault", odd, a.Fault.Kind+", injected on purpose as "+a.Fault.ID, w)
		}
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
