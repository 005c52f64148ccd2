// Package ledger is what the account knows now: its catalog, the dedup ids it has seen, how many deploys each service
// has, and the suggestions that wait.
//
// Nothing in it is stored. It starts from the fixtures and is brought up to date by [Ledger.Apply], first with what the
// journal replays and then with each event as it is judged, so it cannot disagree with the journal.
package ledger

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Ledger is the state of the account. It is safe for concurrent use; only the journal's writer calls Apply.
type Ledger struct {
	mu       sync.RWMutex
	fixtures catalog.Contents
	// replaced says that the fixtures in force were loaded while the emulator ran.
	replaced bool
	state
}

// state is all that a reset throws away.
type state struct {
	catalog     *catalog.Catalog
	dedup       map[event.DedupKey]uint64
	recorded    map[string]int       // deploys by service, keyed by its slug
	unmatched   map[string]unmatched // by alias that no service has
	suggestions map[string]*catalog.Suggestion
	forgotten   int
	past        past
	near        map[string][]string
}

// unmatched counts the deploys of an alias; last is the seq of the newest.
type unmatched struct {
	deploys int
	last    uint64
}

// New is the account as the fixtures describe it. Conflicts in them are returned beside it: the account is usable, and
// the first claim of an alias holds.
func New(fixtures catalog.Contents) (*Ledger, []catalog.Conflict) {
	l := &Ledger{fixtures: fixtures}
	conflicts := l.load(fixtures)
	return l, conflicts
}

func (l *Ledger) load(c catalog.Contents) []catalog.Conflict {
	cat, conflicts := catalog.New(c)
	l.state = state{
		catalog:     cat,
		dedup:       map[event.DedupKey]uint64{},
		recorded:    map[string]int{},
		unmatched:   map[string]unmatched{},
		suggestions: map[string]*catalog.Suggestion{},
		past:        newPast(),
		near:        map[string][]string{},
	}
	return conflicts
}

// Standing is what became of a webhook URL.
type Standing int

// A webhook URL was never known, is live, or was live once.
const (
	Unknown Standing = iota
	Live
	Retired
)

// Integration looks a webhook URL up by its uuid, as of now.
func (l *Ledger) Integration(uuid string, now time.Time) (catalog.Integration, Standing) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, ok := l.catalog.Integration(uuid)
	switch {
	case !ok:
		return catalog.Integration{}, Unknown
	case i.RetiredAt != nil && !i.RetiredAt.After(now), i.ExpiresAt != nil && !i.ExpiresAt.After(now):
		return *i, Retired
	}
	return *i, Live
}

// Known is what the account knows about a deploy before it is judged.
type Known struct {
	deploy.Known
	// Original is the seq of the deploy whose dedup_id this one repeats.
	Original uint64
	// Suggested says that the alias has been suggested before.
	Suggested bool
}

// Known looks up what decides the answer to a deploy that arrived on an integration.
func (l *Ledger) Known(integration string, d *deploy.Deploy) (k Known) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if d.DedupID != "" {
		k.Original, k.Duplicate = l.dedup[event.NewDedupKey(integration, d.DedupID)]
	}
	if s, ok := l.catalog.Match(d.Service); ok {
		k.Service = s.Slug
		k.Recorded = l.recorded[s.Slug]
	} else {
		alias := event.AliasKey(d.Service)
		k.Recorded = l.unmatched[alias].deploys
		_, k.Suggested = l.suggestions[alias]
	}
	if d.Deployer != nil && d.Deployer.Email != "" {
		if u, ok := l.catalog.UserByEmail(d.Deployer.Email); ok {
			k.User = u.ID
		}
	}
	return k
}

// Nearest names a few aliases of the catalog that look like alias, the nearest first. The search reads the whole
// catalog, so what it found is remembered until the account changes: a pipeline that goes on naming an unknown alias
// must not slow the others down.
func (l *Ledger) Nearest(alias string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := event.AliasKey(alias)
	near, ok := l.near[key]
	if !ok {
		near = l.catalog.Nearest(key, maxNear)
		if len(l.near) < maxNearKept {
			l.near[key] = near
		}
	}
	return near
}

// Services are all services of the account, by slug.
func (l *Ledger) Services() []catalog.Service { return l.Contents().Services }

// Contents is the account as a fixture would describe it.
func (l *Ledger) Contents() catalog.Contents {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.catalog.Contents()
}

// Suggestions are all suggestions, the newest first, with the aliases that look like each.
func (l *Ledger) Suggestions() []catalog.Suggestion {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := make([]catalog.Suggestion, 0, len(l.suggestions))
	for _, s := range l.suggestions {
		c := *s
		if c.State == catalog.Open {
			c.Near = l.catalog.Nearest(c.Alias, maxNear)
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b catalog.Suggestion) int { return cmp.Compare(b.FirstSeq, a.FirstSeq) })
	return all
}

// Suggestion is the one for alias.
func (l *Ledger) Suggestion(alias string) (catalog.Suggestion, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	s, ok := l.suggestions[event.AliasKey(alias)]
	if !ok {
		return catalog.Suggestion{}, false
	}
	return *s, true
}

// Match finds the service that an alias belongs to.
func (l *Ledger) Match(alias string) (catalog.Service, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	s, ok := l.catalog.Match(alias)
	if !ok {
		return catalog.Service{}, false
	}
	return *s, true
}

// Replaced says whether the fixtures in force are others than those of the start: loaded while the emulator ran, in this
// run or an earlier one. named says that they name services.
func (l *Ledger) Replaced() (replaced, named bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.replaced, l.replaced && len(l.fixtures.Services) > 0
}

// Forgotten counts the dedup ids that were given up because more than the limit were seen.
func (l *Ledger) Forgotten() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.forgotten
}

// maxNear is how many near aliases are named, maxNearKept for how many aliases they are remembered.
const (
	maxNear     = 3
	maxNearKept = 1000
)
