package tui

import (
	"context"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// suggested is the third screen: the aliases that deploys came for and that no service has.
type suggested struct{ base }

func newSuggested(u *ui) *suggested {
	s := &suggested{base{u: u}}
	s.filter = filter{u: u, changed: func() command { s.refresh(); return nil }, knows: suggestionFields(), values: s.values,
		progress: func() string { return s.rows.of(len(u.suggestions)) }}
	return s
}

func (s *suggested) name() (string, string) { return "Suggestions", "Sugg" }

func (s *suggested) share() int { return 50 }

// count is how many wait for a decision.
func (s *suggested) count() int {
	n := 0
	for i := range s.u.suggestions {
		if s.u.suggestions[i].State == catalog.Open {
			n++
		}
	}
	return n
}

func (s *suggested) enter() command {
	s.refresh()
	return s.u.stateIfStale()
}

// refresh lists the suggestions, those that wait before those that are decided.
func (s *suggested) refresh() {
	var open, rest []uint64
	for i := range s.u.suggestions {
		x := &s.u.suggestions[i]
		switch {
		case !s.filter.admits(suggestionShown{x}):
		case x.State == catalog.Open:
			open = append(open, x.FirstSeq)
		default:
			rest = append(rest, x.FirstSeq)
		}
	}
	s.rows.set(append(open, rest...))
}

// values are those that a query can ask for here.
func (s *suggested) values(f query.Field) (all []string) {
	for i := range s.u.suggestions {
		all = remember(all, s.u.suggestions[i].Alias)
	}
	switch f {
	case query.Alias:
		return all
	case query.Service:
		return append(all, s.u.valuesOf(f)...)
	case query.Status:
		return []string{string(catalog.Open), string(catalog.Accepted), string(catalog.Bound), string(catalog.Ignored)}
	}
	return nil
}

func (s *suggested) find(id uint64) *catalog.Suggestion {
	for i := range s.u.suggestions {
		if s.u.suggestions[i].FirstSeq == id {
			return &s.u.suggestions[i]
		}
	}
	return nil
}

// chosen is the suggestion under the cursor.
func (s *suggested) chosen() *catalog.Suggestion { return s.find(s.rows.at()) }

func (s *suggested) aliasWidth(p *pen) int { return max(12, min(34, (p.max-24)/2)) }

func (s *suggested) header(p *pen) {
	p.col(dim, "", 3).col(dim, "unknown alias", s.aliasWidth(p)).right(dim, "deploys", 8).col(dim, "  last", 12).put(dim, "nearest")
}

func (s *suggested) row(p *pen, id uint64) {
	x := s.find(id)
	if x == nil {
		return
	}
	look := &s.u.look
	glyph, st := look.unknown, fresh
	if x.State != catalog.Open {
		glyph, st = look.note, dim
	}
	p.put(st, glyph+"  ").col(plain, x.Alias, s.aliasWidth(p)).right(plain, commas(x.Deploys), 8)
	p.col(plain, "  "+s.u.clock(x.LastSeen, 8), 12)
	switch {
	case x.State == catalog.Ignored:
		p.put(dim, "ignored")
	case x.State != catalog.Open:
		p.put(good, string(x.State)+" "+look.to+" "+x.Service)
	case len(x.Near) > 0:
		p.put(plain, x.Near[0])
	default:
		p.put(dim, "none looks alike")
	}
}

func (s *suggested) key() detailKey {
	x := s.chosen()
	if x == nil {
		return detailKey{}
	}
	return detailKey{id: x.FirstSeq, state: x.Deploys, more: string(x.State) + x.Service + strings.Join(x.Near, "\x00")}
}

func (s *suggested) detail(w int) (string, doc) {
	x := s.chosen()
	if x == nil {
		return "", nil
	}
	var d doc
	g := &s.u.look.glyphs
	alias := g.safe(x.Alias, 60)
	title := "suggestion " + alias
	d.row(g, "why", plain, "No service has the alias "+alias+": OpsLevel answered 202 no_service_found, recorded the deploys for no service, and suggests one.", w)
	d.row(g, "seen", plain, commas(x.Deploys)+plural(x.Deploys, " deploy", " deploys")+", first in event "+commas(int(x.FirstSeq))+" at "+s.u.clock(x.FirstSeen, 8)+", last at "+s.u.clock(x.LastSeen, 8), w)
	if x.State != catalog.Open {
		s.decided(&d, x, w)
		return title, d
	}
	if len(x.Near) > 0 {
		d.row(g, "near", bold, strings.Join(x.Near, ", "), w)
	}
	d.blank()
	d.prose(g, seg{bold, "  a  "}, plain, "accept: make a service with this alias", w)
	if len(x.Near) > 0 {
		d.prose(g, seg{bold, "  b  "}, plain, "bind: give the alias to the service of "+x.Near[0]+" (B chooses another)", w)
	} else {
		d.prose(g, seg{bold, "  b  "}, plain, "bind: give the alias to a service that there is", w)
	}
	d.prose(g, seg{bold, "  i  "}, plain, "ignore: go on recording, and no longer suggest", w)
	d.blank()
	d.row(g, "after", plain, "The next deploy with this alias is answered", w)
	d.add(seg{plain, "           {"}, seg{name, `"result"`}, seg{plain, ": "}, seg{text, `"ok"`}, seg{plain, "}"})
	d.prose(g, seg{plain, strings.Repeat(" ", labelWidth)}, dim, "and the deploys that are recorded already belong to the service.", w)
	return title, d
}

func (s *suggested) decided(d *doc, x *catalog.Suggestion, w int) {
	g := &s.u.look.glyphs
	d.blank()
	switch x.State {
	case catalog.Ignored:
		d.row(g, "ignored", plain, "Deploys with this alias are still recorded for no service. a accepts it after all.", w)
	default:
		d.row(g, string(x.State), good, "The alias belongs to "+x.Service+"; a deploy for it is answered with ok.", w)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (s *suggested) empty(w int) doc {
	var d doc
	d.add()
	if s.filter.active() {
		d.add(seg{plain, "  No suggestion answers the filter. esc clears it."})
		return d
	}
	d.add(seg{bold, "  No suggestions."})
	d.add()
	d.prose(&s.u.look.glyphs, seg{plain, "  "}, plain, "OpsLevel answers 202 to a deploy for an alias that no service has, records it for none, and suggests a service. Such aliases are listed here, with the one that was probably meant.", w-2)
	return d
}

// decide does something about the suggestion under the cursor and says what came of it.
func (u *ui) decide(said string, do func(ctx context.Context, s Suggester, alias string) error) command {
	x := u.suggested.chosen()
	s, ok := u.src.(Suggester)
	if x == nil || !ok {
		return nil
	}
	alias := x.Alias
	return u.run(func(ctx context.Context) (func() command, error) {
		if err := do(ctx, s, alias); err != nil {
			return nil, err
		}
		return func() command {
			u.note(good, u.look.safe(alias, 40)+" "+said)
			u.lessons.decided()
			return u.askState()
		}, nil
	})
}

// bindNearest gives the alias to the service that was probably meant, or asks where none looks alike.
func (u *ui) bindNearest() command {
	x := u.suggested.chosen()
	if x == nil || len(x.Near) == 0 {
		return u.bindSheet()
	}
	return u.bindTo(x.Near[0])(u)
}

func (u *ui) bindTo(service string) func(u *ui) command {
	return func(u *ui) command {
		return u.decide("now belongs to the service of "+u.look.safe(service, 40), func(ctx context.Context, s Suggester, alias string) error { return s.Bind(ctx, alias, service) })
	}
}

// bindSheet asks for the service an alias is to belong to, the nearest first.
func (u *ui) bindSheet() command {
	x := u.suggested.chosen()
	if x == nil {
		return nil
	}
	var items []choice
	seen := map[string]bool{}
	for _, n := range x.Near {
		items = append(items, choice{label: n, note: "looks alike", run: u.bindTo(n)})
		seen[n] = true
	}
	for i := range u.services {
		if s := &u.services[i]; !seen[s.Slug] {
			items = append(items, choice{label: s.Slug, note: s.Name, run: u.bindTo(s.Slug)})
		}
	}
	return u.openSheet(newPicker("bind "+u.look.safe(x.Alias, 40)+" to", items))
}

// accountActions are about suggestions and services.
func accountActions() []act {
	suggester := func(u *ui) string {
		if _, ok := u.src.(Suggester); !ok {
			return "this emulator cannot decide about suggestions"
		}
		if u.suggested.chosen() == nil {
			return "there is no suggestion here"
		}
		return u.connected()
	}
	open := func(u *ui) string {
		if why := suggester(u); why != "" {
			return why
		}
		if x := u.suggested.chosen(); x.State != catalog.Open && x.State != catalog.Ignored {
			return "this suggestion was " + string(x.State) + " before"
		}
		return ""
	}
	return []act{
		{id: "accept", keys: []string{"a"}, short: "accept", help: "make a service with the suggested alias", group: "Act", on: onSuggestions, rank: 1, why: open,
			run: func(u *ui) command {
				return u.decide("is a service now: its next deploy is answered with ok", func(ctx context.Context, s Suggester, alias string) error { return s.Accept(ctx, alias) })
			}},
		{id: "bind", keys: []string{"b"}, short: "bind", help: "give the alias to the nearest service", group: "Act", on: onSuggestions, rank: 2, why: open,
			run: func(u *ui) command { return u.bindNearest() }},
		{id: "bind-other", keys: []string{"B"}, short: "bind to...", help: "give the alias to a service you choose", group: "Act", on: onSuggestions, rank: 3, why: open,
			run: func(u *ui) command { return u.bindSheet() }},
		{id: "ignore", keys: []string{"i"}, short: "ignore", help: "no longer suggest this alias", group: "Act", on: onSuggestions, rank: 3, why: open,
			run: func(u *ui) command {
				return u.decide("is no longer suggested", func(ctx context.Context, s Suggester, alias string) error { return s.Ignore(ctx, alias) })
			}},
		{id: "their-deploys", keys: []string{"enter"}, short: "deploys", help: "the deploys of this alias or service", group: "Act", on: onSuggestions | onServices, rank: 4, why: (*ui).nothingHere,
			run: func(u *ui) command { return u.theirDeploys() }},
		{id: "alias", keys: []string{"A"}, short: "add alias", help: "give the service one more alias", group: "Act", on: onServices, rank: 5,
			why: func(u *ui) string {
				if _, ok := u.src.(Aliaser); !ok {
					return "this emulator cannot change aliases"
				}
				if u.catalogue.chosen() == nil {
					return "there is no service here"
				}
				return u.connected()
			},
			run: func(u *ui) command { return u.aliasForm() }},
	}
}
