package tui

import (
	"context"
	"hash/fnv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// catalogue is the fourth screen: the services of the account, with what came in for each.
type catalogue struct {
	base
	byID map[uint64]int
}

func newCatalogue(u *ui) *catalogue {
	c := &catalogue{base: base{u: u}}
	c.filter = filter{u: u, changed: func() command { c.refresh(); return nil }, knows: serviceFields(),
		progress: func() string { return c.rows.of(len(u.services)) }}
	return c
}

func (c *catalogue) name() (string, string) { return "Services", "Svc" }
func (c *catalogue) count() int             { return len(c.u.services) }

func (c *catalogue) enter() command {
	return c.u.stateIfStale()
}

func serviceID(s *catalog.Service) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s.Slug))
	return h.Sum64() | 1
}

func (c *catalogue) refresh() {
	c.byID = map[uint64]int{}
	var ids []uint64
	for i := range c.u.services {
		s := &c.u.services[i]
		id := serviceID(s)
		c.byID[id] = i
		if c.filter.admits(serviceShown{s, c.tally(s)}) {
			ids = append(ids, id)
		}
	}
	c.rows.set(ids)
}

func (c *catalogue) find(id uint64) *catalog.Service {
	i, ok := c.byID[id]
	if !ok || i >= len(c.u.services) {
		return nil
	}
	return &c.u.services[i]
}

func (c *catalogue) chosen() *catalog.Service { return c.find(c.rows.at()) }

func (c *catalogue) tally(s *catalog.Service) tally {
	var sum tally
	for _, n := range append([]string{s.Slug}, s.Aliases...) {
		if t := c.u.seen.services[n]; t != nil {
			sum.deploys += t.deploys
			sum.envs = append(sum.envs, t.envs...)
			if t.last.After(sum.last) {
				sum.last = t.last
			}
		}
	}
	return sum
}

func (c *catalogue) header(p *pen) {
	n, a := c.widths(p)
	p.col(dim, "", 2).col(dim, "service", n).col(dim, " aliases", a+1)
	if p.max >= 70 {
		p.col(dim, " owner", 16)
	}
	p.right(dim, "deploys", 8).put(dim, "  last")
}

func (c *catalogue) widths(p *pen) (name, aliases int) {
	rest := p.max - 2 - 1 - 8 - 10
	if p.max >= 70 {
		rest -= 16
	}
	name = max(10, rest*2/5)
	return name, max(8, rest-name)
}

func (c *catalogue) row(p *pen, id uint64) {
	s := c.find(id)
	if s == nil {
		return
	}
	n, a := c.widths(p)
	t := c.tally(s)
	p.col(plain, "", 2).col(plain, s.Name, n).put(plain, " ").col(dim, strings.Join(names(s), ", "), a)
	if p.max >= 70 {
		p.col(plain, " "+s.Owner, 16)
	}
	p.right(plain, commas(t.deploys), 8).put(plain, "  "+c.u.clock(t.last, 8))
}

// names are all aliases of a service, the slug first.
func names(s *catalog.Service) []string { return append([]string{s.Slug}, s.Aliases...) }

func (c *catalogue) key() detailKey {
	s := c.chosen()
	if s == nil {
		return detailKey{}
	}
	return detailKey{id: c.rows.at(), state: c.tally(s).deploys, more: strings.Join(names(s), "\x00")}
}

func (c *catalogue) detail(w int) (string, doc) {
	s := c.chosen()
	if s == nil {
		return "", nil
	}
	var d doc
	g := &c.u.look.glyphs
	t := c.tally(s)
	d.row(g, "why", plain, "A deploy whose service is one of these is answered with ok: "+strings.Join(names(s), ", ")+".", w)
	d.blank()
	for _, f := range []struct{ label, value string }{
		{"slug", s.Slug}, {"owner", s.Owner}, {"product", s.Product}, {"system", s.System}, {"tier", s.Tier},
		{"stage", s.Lifecycle}, {"language", s.Language}, {"about", s.Description}, {"id", s.ID}, {"from", s.Origin},
	} {
		if f.value != "" {
			d.row(g, f.label, plain, f.value, w)
		}
	}
	d.blank()
	seen := commas(t.deploys) + plural(t.deploys, " deploy", " deploys")
	if t.deploys > 0 {
		seen += ", the last at " + c.u.clock(t.last, 8)
	}
	d.row(g, "seen", plain, seen, w)
	var envs []string
	for _, e := range merged(t.envs) {
		n := e.name
		if n == "" {
			n = "(none)"
		}
		envs = append(envs, n+" "+commas(e.n))
	}
	if len(envs) > 0 {
		d.row(g, "by env", plain, strings.Join(envs, ", "), w)
	}
	return "service " + g.safe(s.Name, 60), d
}

// merged sums up counts of the same name.
func merged(all []count) []count {
	var out []count
next:
	for _, c := range all {
		for i := range out {
			if out[i].name == c.name {
				out[i].n += c.n
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

func (c *catalogue) empty(w int) doc {
	var d doc
	d.add()
	if c.filter.active() {
		d.add(seg{plain, "  No service answers the filter. esc clears it."})
		return d
	}
	d.add(seg{bold, "  The account has no services."})
	d.add()
	d.prose(&c.u.look.glyphs, seg{plain, "  "}, plain, "Every deploy is answered with no_service_found. Load a fixture (L), accept a suggestion (3), or make a service with a template (f).", w-2)
	return d
}

// theirDeploys shows the deploys of the alias or the service under the cursor.
func (u *ui) theirDeploys() command {
	var t query.Term
	switch {
	case u.screen() == u.suggested && u.suggested.chosen() != nil:
		t = query.Is(query.Alias, u.suggested.chosen().Alias)
	case u.screen() == u.catalogue && u.catalogue.chosen() != nil:
		t = query.Is(query.Service, u.catalogue.chosen().Slug)
	default:
		return nil
	}
	c := u.show(0)
	return several(c, u.deploys.filter.apply(t.String()))
}

// aliasForm asks for one more alias of the service under the cursor.
func (u *ui) aliasForm() command {
	s := u.catalogue.chosen()
	slug := s.Slug
	return u.openSheet(&form{
		name: "alias for " + u.look.safe(s.Name, 40), intro: "Deploys are matched to the letter.",
		fields: []formField{{label: "alias", edit: newEditor(false, "")}},
		run: func(u *ui, values []string) command {
			if strings.TrimSpace(values[0]) == "" {
				return nil
			}
			u.closeSheet()
			a, alias := u.src.(Aliaser), values[0]
			return u.run(func(ctx context.Context) (func() command, error) {
				if err := a.AddAlias(ctx, slug, alias); err != nil {
					return nil, err
				}
				return func() command {
					u.note(good, "a deploy for "+u.look.safe(alias, 40)+" is answered with ok from now on")
					return u.askState()
				}, nil
			})
		},
	})
}
