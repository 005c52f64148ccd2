package tui

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// duplicates is the second screen: the deploys whose dedup_id came again, and what the dropped payloads would have said.
// A query is asked of the dropped payloads: a deploy is listed when one of them answers.
type duplicates struct {
	history
	oldest uint64 // group that the list was made of
	at     uint64 // the group on show, and which of its payloads; 0: the newest, or the newest that answers the query
	pinned uint64
}

func (d *duplicates) name() (string, string) { return "Duplicates", "Dup" }
func (d *duplicates) count() int             { return d.u.seen.counts.duplicate }
func (d *duplicates) share() int             { return 50 }

func newDuplicates(u *ui) *duplicates {
	dropped := func(e *event.Event) (uint64, bool) {
		return e.DuplicateOf, e.Result == deploy.Duplicate && e.DuplicateOf != 0
	}
	d := &duplicates{history: newHistory(u, dropped, u.seen.listGroups, func() int { return len(u.seen.order) })}
	d.newest = map[uint64]uint64{}
	d.listen(true)
	return d
}

func (d *duplicates) enter() command { return d.needs() }

// trim takes the groups off the list that were forgotten.
func (d *duplicates) trim() {
	oldest := first(d.u.seen.order)
	if oldest == d.oldest {
		return
	}
	d.oldest = oldest
	kept := slices.DeleteFunc(slices.Clone(d.rows.ids), func(id uint64) bool { return d.u.seen.groups[id] == nil })
	if len(kept) < len(d.rows.ids) {
		maps.DeleteFunc(d.newest, func(id, _ uint64) bool { return d.u.seen.groups[id] == nil })
		d.rows.set(kept)
	}
}

func first(ids []uint64) uint64 {
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

func (d *duplicates) group() *group { return d.u.seen.groups[d.rows.at()] }

// dropped is the seq of the payload that is compared with the one that was kept. In a list that does not follow it stays
// the same, whatever comes in.
func (d *duplicates) dropped() uint64 {
	g := d.group()
	if g == nil || len(g.dropped) == 0 {
		return 0
	}
	if g.kept != d.at {
		d.at, d.pinned = g.kept, 0
	}
	if slices.Contains(g.dropped, d.pinned) {
		return d.pinned
	}
	seq := g.dropped[len(g.dropped)-1]
	if answers := d.newest[g.kept]; d.filter.active() && slices.Contains(g.dropped, answers) {
		seq = answers
	}
	if !d.rows.follow {
		d.pinned = seq
	}
	return seq
}

// sideways compares with another of the dropped payloads.
func (d *duplicates) sideways(by int) bool {
	g := d.group()
	if g == nil {
		return false
	}
	i := slices.Index(g.dropped, d.dropped())
	d.pinned = g.dropped[max(0, min(i+by, len(g.dropped)-1))]
	return true
}

func (d *duplicates) needs() command {
	if d.group() == nil {
		return nil
	}
	return several(d.u.want(d.rows.at()), d.u.want(d.dropped()))
}

func (d *duplicates) header(p *pen) {
	p.col(dim, "", 3).col(dim, "dedup_id", d.idWidth(p)).right(dim, "kept", 7).right(dim, "dropped", 8).put(dim, "  last")
}

func (d *duplicates) idWidth(p *pen) int { return max(10, min(40, p.max-3-7-8-10-10)) }

func (d *duplicates) row(p *pen, id uint64) {
	g := d.u.seen.groups[id]
	if g == nil {
		return
	}
	glyph, st := d.u.look.duplicate, again
	if g.differ > 0 {
		glyph, st = d.u.look.silent, bad
	}
	p.put(st, glyph+"  ").col(plain, g.dedup, d.idWidth(p)).right(plain, "#"+strconv.FormatUint(id, 10), 7)
	p.right(plain, commas(g.n), 8).put(plain, "  "+d.u.clock(g.last, 8))
	if g.differ > 0 {
		p.put(bad, "  "+commas(g.differ)+" lost")
	} else {
		p.put(dim, "  retries")
	}
}

func (d *duplicates) key() detailKey {
	g := d.group()
	if g == nil {
		return detailKey{}
	}
	dropped := d.dropped()
	return detailKey{id: d.rows.at(), state: int(dropped), more: struct {
		n    int
		a, b *event.Event
		gone bool
	}{g.n, d.u.cache.get(d.rows.at()), d.u.cache.get(dropped), d.u.cache.gone[d.rows.at()] != nil || d.u.cache.gone[dropped] != nil}}
}

func (d *duplicates) detail(w int) (string, doc) {
	g := d.group()
	if g == nil {
		return "", nil
	}
	var out doc
	gl := &d.u.look.glyphs
	title := "kept " + strconv.FormatUint(g.kept, 10) + " against dropped " + strconv.FormatUint(d.dropped(), 10)
	kept, dropped := d.u.cache.get(g.kept), d.u.cache.get(d.dropped())
	if dropped == nil {
		return title, d.u.waiting(d.dropped(), w)
	}
	out.row(gl, "why", plain, dropped.Why, w)
	out.row(gl, "dropped", plain, d.howMany(g), w)
	if kept == nil {
		d.u.findingDocs(&out, dropped, w)
		out.row(gl, "kept", dim, "deploy "+strconv.FormatUint(g.kept, 10)+" has left the window of the journal, so that nothing can be compared", w)
		if dropped.Request != nil {
			out = append(out, bodyDoc(dropped.Request.Body, 2)...)
		}
		return title, out
	}
	out.row(gl, "kept", plain, "deploy "+strconv.FormatUint(kept.Seq, 10)+" at "+d.u.clock(kept.At, 12)+", "+string(kept.Result), w)
	d.differences(&out, kept, dropped, w)
	d.u.findingDocs(&out, dropped, w)
	return title, out
}

func (d *duplicates) howMany(g *group) string {
	s := commas(g.n) + " payloads, the last at " + d.u.clock(g.last, 8)
	if g.n == 1 {
		s = "1 payload, at " + d.u.clock(g.last, 8)
	}
	if len(g.dropped) > 1 {
		s += "; this is " + strconv.Itoa(slices.Index(g.dropped, d.dropped())+1) + " of " + strconv.Itoa(len(g.dropped)) + ", h and l go through them"
	}
	return s
}

// differences are what the dropped payload says otherwise: in a sentence for each field, and line by line.
func (d *duplicates) differences(out *doc, kept, dropped *event.Event, w int) {
	if kept.Request == nil || dropped.Request == nil {
		return
	}
	gl := &d.u.look.glyphs
	a, b := kept.Request.Body, dropped.Request.Body
	if a == b {
		out.blank()
		out.row(gl, "same", good, "the two payloads are the same, byte for byte", w)
		*out = append(*out, bodyDoc(b, 2)...)
		return
	}
	for _, c := range telling(changedFields(a, b)) {
		out.row(gl, "differs", again, c.path+" "+orNothing(c.old)+" "+gl.to+" "+orNothing(c.now), w)
	}
	out.blank()
	out.add(seg{bold, pad("diff", labelWidth)}, seg{bad, "- kept"}, seg{plain, "  "}, seg{good, "+ dropped"})
	for _, l := range around(diffDocs(bodyDoc(a, 2), bodyDoc(b, 2)), 3) {
		st := plain
		switch l.sign {
		case '-':
			st = bad
		case '+':
			st = good
		case '@':
			out.add(seg{dim, "  " + gl.ellipsis})
			continue
		}
		if st == plain {
			out.add(append([]seg{{dim, "  "}}, l.line.segs...)...)
			continue
		}
		out.add(seg{st, string(l.sign) + " " + l.line.text()})
	}
}

// telling puts the fields that make it another deploy before the dates, which differ in every retry.
func telling(all []changed) []changed {
	date := func(c changed) int {
		if strings.HasSuffix(c.path, "deployed_at") || strings.HasSuffix(c.path, "date") {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(x, y changed) int { return date(x) - date(y) })
	return all
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

func (d *duplicates) empty(w int) doc {
	var out doc
	out.blank()
	out.add()
	if d.filter.active() {
		out.add(seg{plain, "  No duplicate answers the filter. esc clears it."})
		return out
	}
	out.add(seg{bold, "  No duplicates yet."})
	out.add()
	out.prose(&d.u.look.glyphs, seg{plain, "  "}, plain, "OpsLevel answers 202 to a deploy whose dedup_id it has seen on the same integration, and keeps nothing of it. Here you will see what was kept, what was dropped, and in what the two differ.", w-2)
	out.add()
	out.prose(&d.u.look.glyphs, seg{plain, "  "}, dim, "To see one: go to 1 Deploys and press r on a deploy.", w-2)
	return out
}
