package tui

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// waiting is shown until an event is here, or instead of it.
func (u *ui) waiting(id uint64, w int) doc {
	var d doc
	if err := u.cache.gone[id]; err != nil {
		d.prose(&u.look.glyphs, seg{bad, u.look.rejected + " "}, plain, err.Error(), w)
		return d
	}
	d.add(seg{dim, "reading"})
	return d
}

// eventDoc is an event whole, the reason first.
func (u *ui) eventDoc(e *event.Event, w int) doc {
	var d doc
	g := &u.look.glyphs
	if e.Why != "" {
		d.row(g, "why", plain, e.Why, w)
	}
	if x := e.Fault; x != nil {
		saw := "OpsLevel never saw the request"
		if x.Judged {
			saw = "OpsLevel saw the request; the answer was spoiled"
		}
		d.row(g, "fault", odd, x.Kind+", injected on purpose as "+x.ID+". "+saw+".", w)
	}
	u.findingDocs(&d, e, w)
	if f, ok := u.fixFor(e); ok {
		d.row(g, "fix", good, "F sends it again: "+strings.Join(f.changes, "; "), w)
	}
	d.blank()
	if e.HTTP != 0 {
		st := statusStyle(e.HTTP)
		if e.Kind == event.KindDeploy && e.HTTP < 300 { // a 202 says little: what became of the deploy does
			r := (&rowMaker{}).row(e)
			_, st, _ = u.look.mark(&r)
		}
		d.row(g, "answer", st, strconv.Itoa(e.HTTP)+" "+http.StatusText(e.HTTP), w)
		d = append(d, bodyDoc(answerOf(e), 2)...)
	}
	u.keptDoc(&d, e, w)
	if e.Request != nil {
		u.requestDoc(&d, e, w)
	}
	if e.Change != nil {
		d.row(g, "change", plain, (&rowMaker{}).row(e).title, w)
	}
	return d
}

// findingDocs are the findings: glyph and word for how grave, what it is about, and its three sentences.
func (u *ui) findingDocs(d *doc, e *event.Event, w int) {
	fs := slices.Clone(e.Findings)
	slices.SortStableFunc(fs, func(a, b finding.Finding) int { return weight(b.Severity) - weight(a.Severity) })
	for _, f := range fs {
		glyph, st := u.look.severity(f.Severity)
		d.blank()
		d.add(seg{st, glyph + " " + string(f.Severity)}, seg{bold, "  " + f.ID})
		for _, s := range []struct {
			text  string
			style style
		}{{f.Evidence, plain}, {f.Explanation, plain}, {f.Cure, good}} {
			if s.text != "" {
				d.prose(&u.look.glyphs, seg{plain, "  "}, s.style, s.text, w)
			}
		}
	}
}

func statusStyle(code int) style {
	switch {
	case code < 300:
		return good
	case code < 500:
		return bad
	}
	return odd
}

// answerOf is the body of the answer, as it went over the wire.
func answerOf(e *event.Event) string {
	switch {
	case e.Kind != event.KindDeploy, e.Fault != nil && e.Fault.Kind != "status" && e.Fault.Kind != "latency":
		return "" // what is left of an answer that a fault has spoiled, only the sender knows
	case e.Result == deploy.Rejected:
		return string(deploy.Problem{Status: e.HTTP, Title: e.Title, Detail: e.Detail}.Body())
	}
	return string(deploy.Outcome{Result: e.Result, Message: e.Message}.Body())
}

// keptDoc says what OpsLevel keeps, where that is not what was sent.
func (u *ui) keptDoc(d *doc, e *event.Event, w int) {
	x := e.Deploy
	if x == nil || !e.Recorded() {
		return
	}
	var parts []string
	if e.Service != "" && e.Service != e.Alias {
		parts = append(parts, "service "+e.Service)
	}
	if x.DeployNumberGenerated {
		parts = append(parts, "deploy number "+x.DeployNumber+", given by OpsLevel")
	}
	if !x.DeployedAt.IsZero() {
		parts = append(parts, "deployed "+x.DeployedAt.Format("2006-01-02 15:04:05")+" UTC")
	}
	if x.DeployStatus != "" && string(x.DeployStatus) != x.Status {
		parts = append(parts, "status "+string(x.DeployStatus))
	}
	if x.AssociatedUser != "" {
		parts = append(parts, "user "+x.AssociatedUser)
	}
	if len(parts) > 0 {
		d.row(&u.look.glyphs, "kept", plain, strings.Join(parts, "; "), w)
	}
}

// requestDoc is the request as it arrived; fields that were wrong are marked, with what was probably meant.
func (u *ui) requestDoc(d *doc, e *event.Event, w int) {
	r := e.Request
	d.add(seg{bold, pad("request", labelWidth)}, seg{plain, r.Method + " " + r.Path})
	names := make([]string, 0, len(r.Headers))
	for n := range r.Headers {
		names = append(names, n)
	}
	slices.Sort(names)
	body := bodyDoc(r.Body, 2)
	marks := map[string]string{}
	if f, ok := u.fixFor(e); ok {
		marks = f.marks
	}
	at, message, broken := syntaxLine(r.Body)
	if broken && r.Body != "" && looksLikeJSON(r.Body) && at < len(body) {
		body[at].segs = append([]seg{{bad, u.look.here}}, body[at].segs...)
		noted := beside(body[at], message, &u.look, w)
		body = slices.Concat(body[:at], noted, body[at+1:])
	}
	for _, l := range body {
		if note, wrong := marks[l.path]; wrong && l.path != "" {
			l.segs = append([]seg{{bad, u.look.here}}, trimIndent(l.segs)...)
			*d = append(*d, beside(l, note, &u.look, w)...)
			continue
		}
		*d = append(*d, l)
	}
	for _, p := range e.Problems {
		if p.Field != "" && !meantBy(marks, p.Field) && !hasPath(body, p.Field) {
			d.add(seg{bad, u.look.here + "   "}, seg{bad, p.Field + " is missing"})
		}
	}
	if int64(len(r.Body)) < r.BodyLength {
		d.add(seg{dim, "  " + commas(int(r.BodyLength)) + " bytes in all; the journal keeps the beginning"})
	}
	d.blank()
	for i, n := range names {
		label := strings.Repeat(" ", labelWidth)
		if i == 0 {
			label = pad("headers", labelWidth)
		}
		d.add(seg{bold, label}, seg{name, n + ": "}, seg{plain, strings.Join(r.Headers[n], ", ")})
	}
}

// beside puts a note behind a line or, where there is no room for it, below: it is what the line is shown for.
func beside(l docLine, note string, look *look, w int) doc {
	const gap = "   "
	if with := append(slices.Clone(l.segs), seg{bad, gap + note}); !wider(with, look, w) {
		l.segs = with
		return doc{l}
	}
	d := doc{l}
	d.prose(&look.glyphs, seg{bad, gap + gap}, bad, note, w)
	return d
}

// meantBy says whether a field has a mark, or is what another one was meant as.
func meantBy(marks map[string]string, field string) bool {
	for path, note := range marks {
		if path == field || note == field+"?" {
			return true
		}
	}
	return false
}

// trimIndent takes one blank off the start, where the mark goes.
func trimIndent(segs []seg) []seg {
	out := slices.Clone(segs)
	if len(out) > 0 {
		out[0].text = strings.TrimPrefix(out[0].text, " ")
	}
	return out
}

func hasPath(d doc, path string) bool {
	return slices.ContainsFunc(d, func(l docLine) bool { return l.path == path })
}

func looksLikeJSON(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n\ufeff")
	return s != "" && (s[0] == '{' || s[0] == '[')
}
