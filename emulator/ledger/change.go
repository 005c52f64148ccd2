package ledger

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The following are called on the journal's writer, like Apply. Each checks a change, carries it out and returns the
// record of it; with an error nothing has changed.

// AddService adds a service. The record holds it as it is kept, with the slug it got.
func (l *Ledger) AddService(s catalog.Service) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.Room(); err != nil {
		return nil, err
	}
	kept, err := l.catalog.AddService(s)
	if err != nil {
		return nil, err
	}
	l.attach()
	c := kept.Clone()
	return &event.Change{Service: &c}, nil
}

// Make adds the service that make works out of the account. make must not change the account.
func (l *Ledger) Make(make func(*catalog.Catalog) (catalog.Service, error)) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.Room(); err != nil {
		return nil, err
	}
	s, err := make(l.catalog)
	if err != nil {
		return nil, err
	}
	kept, err := l.catalog.AddService(s)
	if err != nil {
		return nil, err
	}
	l.attach()
	c := kept.Clone()
	return &event.Change{Service: &c}, nil
}

// View lets somebody read the account. It must not be changed or kept.
func (l *Ledger) View(read func(*catalog.Catalog)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	read(l.catalog)
}

// AddAlias gives a service one more alias; deploys that named it before belong to the service from now on.
func (l *Ledger) AddAlias(service, alias string) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.Room(); err != nil {
		return nil, err
	}
	if err := l.catalog.AddAlias(service, alias); err != nil {
		return nil, err
	}
	l.attach()
	return &event.Change{Alias: &event.AliasChange{Alias: alias, Service: service}}, nil
}

// Accept makes a service of a suggestion. What s leaves out comes from the alias.
func (l *Ledger) Accept(alias string, s catalog.Service) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.Room(); err != nil {
		return nil, err
	}
	g, err := l.open(alias)
	if err != nil {
		return nil, err
	}
	if s.Name == "" {
		s.Name = alias
	}
	s.Aliases = append([]string{alias}, s.Aliases...)
	kept, err := l.catalog.AddService(s)
	if err != nil {
		return nil, err
	}
	l.attach()
	g.State, g.Service = catalog.Accepted, kept.Slug
	c := kept.Clone()
	return &event.Change{Suggestion: &event.SuggestionChange{Alias: alias, State: catalog.Accepted, Service: c.Slug, Created: &c}}, nil
}

// Bind gives the alias of a suggestion to a service that is there.
func (l *Ledger) Bind(alias, service string) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.Room(); err != nil {
		return nil, err
	}
	g, err := l.open(alias)
	if err != nil {
		return nil, err
	}
	s, ok := l.catalog.Match(service)
	if !ok {
		return nil, catalog.ErrNoService
	}
	if err := l.catalog.AddAlias(s.Slug, alias); err != nil {
		return nil, err
	}
	l.attach()
	g.State, g.Service = catalog.Bound, s.Slug
	return &event.Change{Suggestion: &event.SuggestionChange{Alias: alias, State: catalog.Bound, Service: s.Slug}}, nil
}

// Ignore puts a suggestion away; further deploys of the alias do not bring it back.
func (l *Ledger) Ignore(alias string) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g, err := l.open(alias)
	if err != nil {
		return nil, err
	}
	g.State = catalog.Ignored
	return &event.Change{Suggestion: &event.SuggestionChange{Alias: alias, State: catalog.Ignored}}, nil
}

// open finds a suggestion that has not been accepted or bound. One that was ignored can still be.
func (l *Ledger) open(alias string) (*catalog.Suggestion, error) {
	g, ok := l.suggestions[event.AliasKey(alias)]
	switch {
	case !ok:
		return nil, catalog.ErrNoSuggestion
	case g.State == catalog.Accepted || g.State == catalog.Bound:
		return nil, catalog.ErrSettled
	}
	return g, nil
}

// AddIntegration adds a webhook URL.
func (l *Ledger) AddIntegration(i catalog.Integration) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.RoomForIntegration(); err != nil {
		return nil, err
	}
	if err := l.catalog.AddIntegration(i); err != nil {
		return nil, err
	}
	kept, _ := l.catalog.Integration(i.UUID)
	c := *kept
	return &event.Change{Integration: &c}, nil
}

// Retire makes a webhook URL invalid. It stays known.
func (l *Ledger) Retire(uuid string, at time.Time) (*event.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.catalog.Retire(uuid, at); err != nil {
		return nil, err
	}
	kept, _ := l.catalog.Integration(uuid)
	c := *kept
	return &event.Change{Integration: &c}, nil
}

// Load replaces the account by other fixtures: what a reset goes back to from now on. Deploys, dedup ids and suggestions
// are forgotten, as by a reset.
func (l *Ledger) Load(contents catalog.Contents) (*event.Change, []catalog.Conflict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fixtures, l.replaced = contents, true
	return &event.Change{Fixtures: &contents}, l.load(contents)
}

// Integrations are all webhook URLs, retired ones too.
func (l *Ledger) Integrations() []catalog.Integration {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.catalog.Integrations()
}
