package tui

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// liveActions are about what the list shows.
func liveActions() []act {
	return []act{
		{id: "pause", keys: []string{"space"}, short: "pause", help: "stay where the list is, or follow it again", group: "Live", on: onDeploys | onDuplicates | onFirings, rank: 6, why: (*ui).nothingHere,
			run: func(u *ui) command {
				if l := u.screen().list(); l.follow {
					l.pause()
				} else {
					l.resume()
				}
				return nil
			}},
		{id: "filter", keys: []string{"/"}, short: "filter", help: "list what answers; in the pane, find text", group: "Live", on: onLists, rank: 1, pane: 1,
			run: func(u *ui) command {
				if u.inPane || u.zoomed {
					return u.findForm()
				}
				u.screen().words().begin()
				return nil
			}},
		{id: "filter-off", keys: []string{"\\"}, short: "filter off", help: "the filter off for a moment, and on again", group: "Live", on: onLists,
			why: func(u *ui) string {
				if u.screen().words().text == "" {
					return "there is no filter"
				}
				return ""
			},
			run: func(u *ui) command { return u.screen().words().toggle() }},
		{id: "saved", keys: []string{"f"}, short: "saved filters", help: "the filters that are asked for most", group: "Live", on: onDeploys, rank: 7,
			run: func(u *ui) command { return u.savedFilters() }},
		{id: "next-hit", keys: []string{"n"}, short: "next hit", help: "the next place of what was looked for", group: "Live", on: onAll, pane: 2, why: (*ui).noFind,
			run: func(u *ui) command { u.findNext(1); return nil }},
		{id: "previous-hit", keys: []string{"N"}, short: "previous hit", help: "the place before", group: "Live", on: onAll, pane: 3, why: (*ui).noFind,
			run: func(u *ui) command { u.findNext(-1); return nil }},
		{id: "mark", keys: []string{"m"}, short: "mark", help: "mark the row: what is marked is exported", group: "Live", on: onDeploys | onFirings, rank: 12, why: (*ui).nothingHere,
			run: func(u *ui) command { l := u.screen().list(); l.pause(); l.mark(); l.move(1); return nil }},
		{id: "marked", keys: []string{"M"}, short: "marked only", help: "list only what is marked, or all again", group: "Live", on: onDeploys | onFirings, why: (*ui).noMarks,
			run: func(u *ui) command { return u.history().listMarked() }},
		{id: "unmark", keys: []string{"U"}, short: "unmark all", help: "take all marks away", group: "Live", on: onDeploys | onFirings, why: (*ui).noMarks,
			run: func(u *ui) command { return u.history().unmark() }},
	}
}

// history is the list on show, if it is made of the journal.
func (u *ui) history() *history {
	switch u.screen() {
	case u.deploys:
		return &u.deploys.history
	case u.duplicates:
		return &u.duplicates.history
	case u.firings:
		return &u.firings.history
	}
	return nil
}

// nothingHere says that the list is empty.
func (u *ui) nothingHere() string {
	if l := u.screen().list(); l == nil || len(l.ids) == 0 {
		return "the list is empty"
	}
	return ""
}

func (u *ui) noMarks() string {
	if h := u.history(); h == nil || len(h.rows.marks) == 0 && !h.filter.marked {
		return "nothing is marked: m marks"
	}
	return ""
}

func (u *ui) noFind() string {
	if u.screen().pane().find == "" {
		return "nothing was looked for: / in the pane does"
	}
	return ""
}

// findForm asks for a text to look for in the pane.
func (u *ui) findForm() command {
	return u.openSheet(&form{
		name: "find in the pane", fields: []formField{{label: "text", edit: newEditor(false, u.screen().pane().find)}},
		run: func(u *ui, values []string) command {
			u.closeSheet()
			p := u.screen().pane()
			p.find = values[0]
			p.y--
			u.findNext(1)
			return nil
		},
	})
}

// findNext scrolls the pane to another line with the text.
func (u *ui) findNext(by int) {
	p := u.screen().pane()
	lines := p.doc
	if p.wrap {
		lines = wrapped(p.doc, &u.look, p.width)
	}
	for i := p.y + by; i >= 0 && i < len(lines); i += by {
		if strings.Contains(strings.ToLower(lines[i].text()), strings.ToLower(p.find)) {
			p.y = i
			return
		}
	}
	u.note(again, u.look.safe("no more "+p.find, 60))
}

// savedFilters are the questions that people come with.
func (u *ui) savedFilters() command {
	use := func(q string) func(u *ui) command {
		return func(u *ui) command { return u.deploys.filter.apply(q) }
	}
	silent, _ := query.New(query.Is(query.Finding, "silent"))
	m := &menu{name: "saved filters", choices: []choice{
		{"a", "all", "no filter", "", use("")},
		{"s", "lost or wrong, and the sender does not know", silent.String(), "", use(silent.String())},
		{"r", "rejected", "result:rejected", "", use("result:rejected")},
		{"n", "for no service", "result:no_service_found", "", use("result:no_service_found")},
		{"d", "duplicates", "result:duplicate_deploy", "", use("result:duplicate_deploy")},
		{"w", "with a warning", "finding:warning", "", use("finding:warning")},
		{"5", "the emulator failed", "http:5xx", "", use("http:5xx")},
		{"m", "the last five minutes", "newer:5m", "", use("newer:5m")},
		{"c", "requests that are no deploys", "kind:call", "", use("kind:call")},
	}}
	if e := u.selected(); e != nil && e.Alias != "" {
		q, err := query.New(query.Is(query.Alias, e.Alias))
		if err == nil {
			m.choices = append(m.choices, choice{"t", "this alias", q.String(), "", use(q.String())})
		}
	}
	return u.openSheet(m)
}
