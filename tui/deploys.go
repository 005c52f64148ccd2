package tui

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// deploys is the first screen: every request that came in, and what changed the account in between.
type deploys struct {
	base
	greeting []byte // the sample on the first screen
}

func newDeploys(u *ui) *deploys {
	d := &deploys{base: base{u: u}}
	d.rows.follow = true
	d.filter = filter{u: u, queries: true, changed: d.refill}
	return d
}

func (d *deploys) name() (string, string) { return "Deploys", "Depl" }
func (d *deploys) count() int             { return d.u.seen.requests }
func (d *deploys) live() bool             { return true }

// listed says whether an event has a row here.
func listed(e *event.Event) bool { return e.Kind != event.KindFiring && e.Kind != event.KindEvicted }

// took adds an event that came in, if the filter lets it through.
func (d *deploys) took(e *event.Event, r *row) {
	if !r.request() {
		return
	}
	f := &d.filter
	if f.active() && !f.query.Match(e, d.u.now()) {
		return
	}
	if f.searching {
		if e.Seq > f.to {
			f.later = append(f.later, e.Seq)
		}
		return
	}
	d.rows.push(e.Seq)
}

// refill is what a new filter does: without one every row is listed, with one the journal is searched.
func (d *deploys) refill() command {
	f, l := &d.filter, &d.rows
	was := l.at()
	l.ids, l.unseen, l.rule, l.top = nil, 0, 0, 0
	if !f.active() {
		for seq := d.u.seen.rows.first; seq < d.u.seen.rows.next; seq++ {
			if d.u.seen.rows.at(seq).request() {
				l.ids = append(l.ids, seq)
			}
		}
		if l.follow {
			l.resume()
			l.cursor = max(0, len(l.ids)-1)
		} else {
			l.seek(was)
		}
		return nil
	}
	f.searching, f.later = true, nil
	f.from, f.to = d.u.seen.rows.first-1, d.u.seen.last
	if f.to == 0 {
		f.searching = false
		return nil
	}
	return f.search()
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
		return columns{8, 17, 11, 5}
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
	mark := " "
	if d.rows.marks[id] {
		mark = "*"
	}
	grave, fst := " ", plain
	if r.said != "" && r.worst != finding.Note {
		grave, fst = d.u.look.severity(r.worst)
	}
	p.put(st, glyph).put(fst, grave).put(bold, mark).col(plain, d.u.clock(r.at, c.clock), c.clock).put(plain, "  ")
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
	if r.result == deploy.Rejected {
		word = strconv.Itoa(r.http) + " " + r.title
	}
	p.put(st, word)
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
	u.findingDocs(&d, e, w)
	if f, ok := u.fixFor(e); ok {
		d.row(g, "fix", good, "F sends it again: "+strings.Join(f.changes, "; "), w)
	}
	d.blank()
	if e.HTTP != 0 {
		d.row(g, "answer", statusStyle(e.HTTP), strconv.Itoa(e.HTTP)+" "+http.StatusText(e.HTTP), w)
		d = append(d, bodyDoc(answerOf(e), 2)...)
	}
	u.keptDoc(&d, e, w)
	if e.Request != nil {
		u.requestDoc(&d, e)
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
	case e.Kind != event.KindDeploy:
		return ""
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
func (u *ui) requestDoc(d *doc, e *event.Event) {
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
		body[at].segs = append(body[at].segs, seg{bad, "  " + message})
	}
	for _, l := range body {
		if note, wrong := marks[l.path]; wrong && l.path != "" {
			l.segs = append([]seg{{bad, u.look.here}}, trimIndent(l.segs)...)
			l.segs = append(l.segs, seg{bad, "   " + note})
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
