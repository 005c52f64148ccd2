package tui

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// filter is the filter line of a screen. That of the requests speaks the query language, over the whole journal; those
// of the short lists look for words in what is shown.
type filter struct {
	u       *ui
	queries bool
	changed func() command // what a new filter does to the list

	edit  editor
	open  bool
	text  string // in force
	off   bool   // for a moment
	query query.Query
	err   *query.Error
	picks []query.Completion
	pick  int
	old   string // to go back to

	// of a search through the journal that is under way
	version   int
	from, to  uint64
	searching bool
	later     []uint64
	asOf      time.Time // when it began
}

func (f *filter) showing() bool { return f.open || f.text != "" }

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

func (f *filter) complete() {
	f.picks, f.pick = nil, 0
	if f.queries {
		f.picks = query.Complete(f.edit.before(), f.u.valuesOf)
	}
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
	}
	return nil
}

// apply puts a text in force. One that is no query leaves the last good one in force, and is marked.
func (f *filter) apply(text string) command {
	f.err = nil
	if f.queries {
		q, err := query.Parse(text)
		if err != nil {
			if !errors.As(err, &f.err) {
				f.err = &query.Error{Query: text, Message: err.Error()}
			}
			f.text = text
			return nil
		}
		f.query = q
	}
	if text == f.text && f.version > 0 {
		return nil
	}
	f.text = text
	return f.renew()
}

// renew fills the list anew.
func (f *filter) renew() command {
	f.version++
	f.searching, f.asOf = false, f.u.now()
	return f.changed()
}

// toggle switches the filter off and on again.
func (f *filter) toggle() command {
	f.off = !f.off
	return f.renew()
}

// matches looks for every word of the filter in a text.
func (f *filter) matches(text string) bool {
	if !f.active() {
		return true
	}
	text = strings.ToLower(text)
	for _, w := range strings.Fields(strings.ToLower(f.text)) {
		want := true
		if rest, ok := strings.CutPrefix(w, "-"); ok && rest != "" {
			w, want = rest, false
		}
		if strings.Contains(text, w) != want {
			return false
		}
	}
	return true
}

// found is a piece of a search: the seqs that matched, up to which seq it went, and whether that was all.
type found struct {
	ids  []uint64
	at   uint64
	done bool
	err  error
}

// searchPage is how many events one step of a search reads.
const searchPage = 2000

// search goes through the journal, a page at a time.
func (f *filter) search() command {
	version, after, to, q, u, now := f.version, f.from, f.to, f.query, f.u, f.asOf
	return u.run(func(ctx context.Context) (func() command, error) {
		b, err := u.src.Events(ctx, after, searchPage)
		r := found{at: after, err: err, done: err != nil || len(b.Events) == 0}
		for _, e := range b.Events {
			if r.at = e.Seq; e.Seq > to {
				r.done = true
				break
			}
			if listed(e) && q.Match(e, now) {
				r.ids = append(r.ids, e.Seq)
			}
		}
		r.done = r.done || r.at >= to
		return func() command {
			if version != f.version {
				return nil
			}
			return f.got(r)
		}, err
	})
}

func (f *filter) got(r found) command {
	l := f.u.deploys.list()
	for _, id := range r.ids {
		l.push(id)
	}
	f.from = r.at
	if !r.done {
		return f.search()
	}
	f.searching = false
	for _, id := range f.later {
		l.push(id)
	}
	f.later = nil
	return nil
}

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

// verdict is how far the search is, or what is wrong.
func (f *filter) verdict() string {
	switch {
	case f.err != nil:
		return f.u.look.safe(f.err.Error(), 200)
	case f.searching && f.to > 0:
		return "searching " + commas(int(100*f.from/f.to)) + " %, " + commas(len(f.u.screen().list().ids)) + " found"
	case f.queries && f.query.Mentions(query.Newer, query.Older):
		return commas(len(f.u.screen().list().ids)) + " of " + commas(f.u.seen.requests) + ", as of " + f.u.clock(f.asOf, 8)
	case f.queries:
		return commas(len(f.u.screen().list().ids)) + " of " + commas(f.u.seen.requests)
	}
	return commas(len(f.u.screen().list().ids)) + " found"
}

// hint shows the completions, or what there is to do.
func (f *filter) hint(p *pen) {
	if len(f.picks) == 0 {
		p.put(plain, " ").put(bold, "enter").put(plain, " keep  ").put(bold, "esc").put(plain, " back")
		if f.queries {
			p.put(dim, "   service:cart result:rejected finding:silent newer:5m -word ~part /regexp/")
		}
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
