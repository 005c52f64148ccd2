package ledger

import (
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Apply brings the account up to date with one event. Events come in the order of their seq.
func (l *Ledger) Apply(d event.Derived) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := d.Kind
	if kind == event.KindEvicted {
		kind = d.Was
	}
	switch {
	case kind == event.KindReset:
		l.load(l.fixtures)
	case d.Change != nil:
		l.change(d.Change)
	case d.Recorded():
		l.record(d)
	}
}

// Forget drops what is known by a stub alone that the journal has given up: its dedup id, and its alias where no service
// has it, nobody has settled its suggestion and it is the alias's newest. So a flood of aliases cannot fill the memory, and
// the account is the same as after a restart.
func (l *Ledger) Forget(d event.Derived) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d.Dedup != (event.DedupKey{}) && l.dedup[d.Dedup] == d.Seq {
		delete(l.dedup, d.Dedup)
		l.forgotten++
	}
	if u, ok := l.unmatched[d.Alias]; ok && u.last == d.Seq {
		if g := l.suggestions[d.Alias]; g == nil || g.State == catalog.Open {
			delete(l.unmatched, d.Alias)
			delete(l.suggestions, d.Alias)
		}
	}
}

func (l *Ledger) record(d event.Derived) {
	if d.Dedup != (event.DedupKey{}) {
		l.dedup[d.Dedup] = d.Seq
	}
	// The ordinal stands in each event, so that numbering goes on when older ones have been forgotten. A deploy of an
	// alias that was bound to a service meanwhile counts for the service.
	if s, ok := l.catalog.Match(d.Alias); ok && !(d.Relayed && d.Result == deploy.NoServiceFound) {
		l.recorded[s.Slug] = max(l.recorded[s.Slug]+1, d.Ordinal)
		return
	}
	deploys := max(l.unmatched[d.Alias].deploys+1, d.Ordinal)
	l.unmatched[d.Alias] = unmatched{deploys, d.Seq}
	if d.Relayed && d.Result == deploy.OK || d.Alias == "" {
		return // the real OpsLevel has the service, whatever these fixtures say
	}
	s := l.suggestions[d.Alias]
	if s == nil {
		s = &catalog.Suggestion{Alias: d.Alias, State: catalog.Open, FirstSeq: d.Seq, FirstSeen: d.At}
		l.suggestions[d.Alias] = s
	}
	s.Deploys = deploys
	s.LastSeen = d.At
}

// change carries out a change that was recorded. It was possible when it was made; if other fixtures are in force by now,
// what no longer fits is left out, and a start is never refused for it.
func (l *Ledger) change(c *event.Change) {
	switch {
	case c.Service != nil:
		l.catalog.PutService(*c.Service)
	case c.Alias != nil:
		l.catalog.AddAlias(c.Alias.Service, c.Alias.Alias)
	case c.Suggestion != nil:
		l.settle(*c.Suggestion)
	case c.Integration != nil:
		l.catalog.AddIntegration(*c.Integration)
		if c.Integration.RetiredAt != nil {
			l.catalog.Retire(c.Integration.UUID, *c.Integration.RetiredAt)
		}
	case c.Fixtures != nil:
		l.fixtures, l.replaced = *c.Fixtures, true
		l.load(*c.Fixtures)
	}
	l.attach()
}

// settle writes down what became of a suggestion. An accepted one has made its service in the same change.
func (l *Ledger) settle(c event.SuggestionChange) {
	switch {
	case c.Created != nil:
		l.catalog.PutService(*c.Created)
	case c.State == catalog.Bound:
		l.catalog.AddAlias(c.Service, c.Alias)
	}
	if s := l.suggestions[event.AliasKey(c.Alias)]; s != nil {
		s.State, s.Service = c.State, c.Service
	}
}

// attach gives the deploys of aliases that a service has by now to that service, and closes their suggestions.
func (l *Ledger) attach() {
	clear(l.near)
	for alias, u := range l.unmatched {
		s, ok := l.catalog.Match(alias)
		if !ok {
			continue
		}
		l.recorded[s.Slug] += u.deploys
		delete(l.unmatched, alias)
		if g := l.suggestions[alias]; g != nil && g.State == catalog.Open {
			g.State, g.Service = catalog.Bound, s.Slug
		}
	}
}
