package tui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// filter is the filter line of a screen. It speaks the query language on every one of them: over the journal where the
// list is made of it, else over what the list shows.
type filter struct {
	u       *ui
	changed func() command // what a new filter does to the list
	// progress says how many are listed, or how far a search is.
	progress func() string
	// knows are the fields that the things of the list have, nil for those of events; values are values of a field that
	// were seen, nil for those of what came in.
	knows  []query.Field
	values func(query.Field) []string

	edit editor
	open bool
	text string // in force
	// marked lists what is marked and nothing else, whatever the text, until another query is put in force.
	marked bool
	off    bool // for a moment
	query  query.Query
	err    *query.Error
	// strange is a field of the query that nothing on this list has.
	strange query.Field
	picks   []query.Completion
	pick    int
	old     string // to go back to
	applied bool
	asOf    time.Time // when it was put in force
}

func (f *filter) showing() bool { return f.open || f.text != "" || f.marked }

// active says whether the filter leaves anything out.
func (f *filter) active() bool { return f.text != "" && !f.off }

// begin opens the line.
func (f *filter) begin() {
	f.open, f.old, f.off = true, f.text, false
	f.edit = newEditor(false, f.text)
	f.complete()
}

// key edits the line; every change is in force at once.
func (f *filter) key(u *ui, k key) (command, bool) {
	switch k.name {
	case "esc":
		f.open = false
		if f.marked { // nothing was typed
			return nil, true
		}
		return f.apply(f.old), true
	case "enter":
		f.open = false
		return f.apply(f.edit.String()), true
	case "tab", "right":
		if f.accept() {
			return f.apply(f.soFar()), true
		}
		if k.name == "tab" {
			return nil, true
		}
	case "down", "ctrl+n":
		f.pick = min(f.pick+1, max(0, len(f.picks)-1))
		return nil, true
	case "up", "ctrl+p":
		f.pick = max(0, f.pick-1)
		return nil, true
	}
	if f.edit.key(k) {
		f.complete()
		return f.apply(f.soFar()), true
	}
	return nil, false
}

// soFar is what was typed without a last term that is only begun: the beginning of a field's name or of a value that
// was seen would empty the list, letter by letter, on the way to what is meant.
func (f *filter) soFar() string {
	typed := f.edit.String()
	if len(f.picks) == 0 || f.edit.col != len(f.edit.lines[0]) {
		return typed
	}
	for _, c := range f.picks {
		if typed[:min(c.Start, len(typed))]+c.Text == typed && !strings.HasSuffix(typed, ":") {
			return typed
		}
	}
	head := typed[:min(f.picks[0].Start, len(typed))]
	return strings.TrimSpace(head[:strings.LastIndexByte(head, ' ')+1])
}

// accept takes the completion that is offered.
func (f *filter) accept() bool {
	if f.pick >= len(f.picks) || f.edit.col != len(f.edit.lines[0]) {
		return false
	}
	c := f.picks[f.pick]
	typed := f.edit.String()
	f.edit.set(typed[:min(c.Start, len(typed))] + c.Text)
	f.complete()
	return true
}

// complete offers ways to go on with what was typed: only fields that the things of this list have.
func (f *filter) complete() {
	values := f.values
	if values == nil {
		values = f.u.valuesOf
	}
	f.picks, f.pick = query.Complete(f.edit.before(), values), 0
	f.picks = slices.DeleteFunc(f.picks, func(c query.Completion) bool { return c.Doc != "" && !f.offers(c.Text) })
}

// offers says whether a completed name is worth offering here.
func (f *filter) offers(name string) bool {
	name = strings.TrimSuffix(name, ":")
	return f.knows == nil || name == "has" || name == "not" || slices.Contains(f.knows, query.Field(name))
}

// valuesOf are values that were seen of a field.
func (u *ui) valuesOf(f query.Field) []string {
	v := &u.seen.values
	switch f {
	case query.Service, query.Alias:
		all := append([]string(nil), v.services...)
		for _, s := range u.services {
			all = append(all, s.Slug)
		}
		return all
	case query.Environment:
		return v.envs
	case query.Title:
		return v.titles
	case query.Finding:
		return v.findings
	}
	return nil
}

// apply puts a text in force. One that is no query leaves the last good one in force, and is marked.
func (f *filter) apply(text string) command {
	f.err = nil
	q, err := query.Parse(text)
	if err != nil {
		if !errors.As(err, &f.err) {
			f.err = &query.Error{Query: text, Message: err.Error()}
		}
		f.text = text
		return nil
	}
	f.query, f.strange = q, f.unknown(q)
	if text == f.text && f.applied && !f.marked {
		return nil
	}
	f.text, f.marked = text, false
	return f.renew()
}

// unknown is a field that the query asks about and nothing on this list has; empty for none.
func (f *filter) unknown(q query.Query) query.Field {
	if f.knows == nil {
		return ""
	}
	for _, d := range query.Docs() {
		if !slices.Contains(f.knows, d.Field) && q.Mentions(d.Field) {
			return d.Field
		}
	}
	return ""
}

// renew fills the list anew.
func (f *filter) renew() command {
	f.applied, f.asOf = true, f.u.now()
	return f.changed()
}

// toggle switches the filter off and on again.
func (f *filter) toggle() command {
	f.off = !f.off
	return f.renew()
}

// admits says whether a thing of a list that is not made of the journal answers the query.
func (f *filter) admits(x query.Fields) bool { return !f.active() || f.query.Match(x, f.asOf) }

// line is the filter above the list.
func (f *filter) line(w int) string {
	u := f.u
	p := u.look.pen(w)
	right := f.verdict()
	rw := min(width(right), w/2)
	p.put(bold, "/ ")
	space := max(4, w-p.at-rw-1)
	switch {
	case f.open:
		f.edit.line(p, 0, space, true, f.wrong())
	case f.marked:
		p.cell(plain, "only what is marked", space, false)
	case f.off:
		p.cell(dim, f.text+"  (off: \\ turns it on)", space, false)
	default:
		p.cell(plain, f.text, space, false)
	}
	st := dim
	if f.err != nil {
		st = bad
	}
	p.to(w-rw).cell(st, right, rw, false)
	return p.String()
}

// wrong styles the words that are no query.
func (f *filter) wrong() func(int) style {
	if f.err == nil {
		return nil
	}
	text := f.edit.String()
	from := len([]rune(text[:min(f.err.Offset, len(text))]))
	to := len([]rune(text[:min(f.err.Offset+max(1, f.err.Length), len(text))]))
	return func(col int) style {
		if col >= from && col < to {
			return bad
		}
		return plain
	}
}

// verdict is how many are listed, or what is wrong.
func (f *filter) verdict() string {
	switch {
	case f.err != nil:
		return f.u.look.safe(f.err.Error(), 200)
	case f.strange != "" && f.active():
		return "nothing here has " + string(f.strange) + ":"
	case f.active() && f.query.Mentions(query.Newer, query.Older):
		return f.progress() + ", as of " + f.u.clock(f.asOf, 8)
	}
	return f.progress()
}

// hint shows the completions, or what there is to do.
func (f *filter) hint(p *pen) {
	if len(f.picks) == 0 {
		p.put(plain, " ").put(bold, "enter").put(plain, " keep  ").put(bold, "esc").put(plain, " back")
		example := "service:cart result:rejected finding:silent newer:5m -word ~part /regexp/"
		if f.knows != nil {
			example = "service:cart newer:5m -word ~part /regexp/"
		}
		p.put(dim, "   "+example)
		return
	}
	p.put(plain, " ").put(bold, "tab").put(plain, " ")
	from := max(0, min(f.pick-2, len(f.picks)-6))
	for i := from; i < len(f.picks) && p.at < p.max-8; i++ {
		st := plain
		if i == f.pick {
			st = selected
		}
		p.put(st, f.picks[i].Text).put(plain, "  ")
	}
	if doc := f.picks[f.pick].Doc; doc != "" && p.at < p.max-12 {
		p.put(dim, doc)
	}
}
