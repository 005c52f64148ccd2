package emulator

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The account can be changed while it runs. Each change is an event, and is there again when the store is opened anew. Where
// the journal can record nothing any more, each change fails with an [UnrecordedError].

// Services are the services of the account, by slug.
func (s *Server) Services() []catalog.Service { return s.ledger.Services() }

// CreateService adds a service and returns it as it is kept: with a slug made from its name where it has none. Deploys
// that named one of its aliases before belong to it from now on. Errors: those of [catalog.Catalog.AddService], or an
// [UnrecordedError].
func (s *Server) CreateService(service catalog.Service) (catalog.Service, error) {
	e, err := s.change(func(time.Time) (*event.Change, error) { return s.ledger.AddService(service) })
	if err != nil {
		return catalog.Service{}, err
	}
	return *e.Change.Service, nil
}

// AddAlias gives the service known as service one more alias. Errors: those of [catalog.Catalog.AddAlias], or an
// [UnrecordedError].
func (s *Server) AddAlias(service, alias string) error {
	_, err := s.change(func(time.Time) (*event.Change, error) { return s.ledger.AddAlias(service, alias) })
	return err
}

// Suggestions are the suggestions of the account, the newest first.
func (s *Server) Suggestions() []catalog.Suggestion { return s.ledger.Suggestions() }

// Accept makes a service of the suggestion for alias and returns it. What service leaves out comes from the alias. Errors:
// [catalog.ErrNoSuggestion], [catalog.ErrSettled], those of [catalog.Catalog.AddService], or an [UnrecordedError].
func (s *Server) Accept(alias string, service catalog.Service) (catalog.Service, error) {
	e, err := s.change(func(time.Time) (*event.Change, error) { return s.ledger.Accept(alias, service) })
	if err != nil {
		return catalog.Service{}, err
	}
	return *e.Change.Suggestion.Created, nil
}

// Bind gives the alias of a suggestion to a service that is there. Errors: [catalog.ErrNoSuggestion],
// [catalog.ErrSettled], [catalog.ErrNoService], or an [UnrecordedError].
func (s *Server) Bind(alias, service string) error {
	_, err := s.change(func(time.Time) (*event.Change, error) { return s.ledger.Bind(alias, service) })
	return err
}

// Ignore puts the suggestion for alias away. Errors: [catalog.ErrNoSuggestion], [catalog.ErrSettled], or an
// [UnrecordedError].
func (s *Server) Ignore(alias string) error {
	_, err := s.change(func(time.Time) (*event.Change, error) { return s.ledger.Ignore(alias) })
	return err
}

// Integrations are the webhook URLs of the account, retired ones too.
func (s *Server) Integrations() []catalog.Integration { return s.ledger.Integrations() }

// CreateIntegration adds a webhook URL; without a uuid it gets a new one. With ttl above 0 it retires by itself
// after so long on the account's clock. Errors: those of [catalog.Catalog.AddIntegration], or an [UnrecordedError].
func (s *Server) CreateIntegration(i catalog.Integration, ttl time.Duration) (catalog.Integration, error) {
	if i.UUID == "" {
		i.UUID = s.config.IDs.UUID()
	}
	e, err := s.change(func(now time.Time) (*event.Change, error) {
		if ttl > 0 {
			end := now.Add(ttl)
			i.ExpiresAt = &end
		}
		return s.ledger.AddIntegration(i)
	})
	if err != nil {
		return catalog.Integration{}, err
	}
	return *e.Change.Integration, nil
}

// Retire makes a webhook URL invalid. Deploys to it are answered 404 as to one that was never there, and told apart
// beside the wire. Errors: [catalog.ErrNoIntegration], or an [UnrecordedError].
func (s *Server) Retire(uuid string) error {
	_, err := s.change(func(now time.Time) (*event.Change, error) { return s.ledger.Retire(uuid, now) })
	return err
}

// Contents is the account as a fixture would describe it.
func (s *Server) Contents() catalog.Contents { return s.ledger.Contents() }

// LoadFixtures replaces the account: its services, teams, users and integrations are those of contents, there are no
// service templates, and deploys, dedup ids and suggestions are forgotten. The conflicts in contents are returned; the
// first claim of an alias holds. The error is an [UnrecordedError].
func (s *Server) LoadFixtures(contents catalog.Contents) ([]catalog.Conflict, error) {
	return s.LoadAccount(contents, action.Library{})
}

// LoadAccount is [Server.LoadFixtures] with service templates, and fails as it does.
func (s *Server) LoadAccount(contents catalog.Contents, library action.Library) ([]catalog.Conflict, error) {
	var conflicts []catalog.Conflict
	_, err := s.recordChange(func(time.Time) (change *event.Change, err error) {
		change, conflicts = s.ledger.Load(contents)
		change.Library = &library
		s.firings.load(&library)
		s.upstream.forget()
		return change, nil
	})
	return conflicts, err
}

// change carries a change out and records it, where the account takes one more.
func (s *Server) change(carryOut func(now time.Time) (*event.Change, error)) (*event.Event, error) {
	return s.recordChange(func(now time.Time) (*event.Change, error) {
		if err := s.changes.room(); err != nil {
			return nil, err
		}
		return carryOut(now)
	})
}

// recordChange carries a change out and records it. It runs on the journal's writer, so that deploys come before it or
// after it, and never in its middle.
func (s *Server) recordChange(carryOut func(now time.Time) (*event.Change, error)) (*event.Event, error) {
	var refused error
	e, err := s.journal.Append(func(seq uint64) *event.Event {
		now := s.config.Clock.Now().UTC()
		c, err := carryOut(now)
		if err != nil {
			refused = err
			return nil
		}
		s.changes.add(c)
		return &event.Event{Seq: seq, Kind: event.KindChange, At: now, Change: c}
	})
	switch {
	case refused != nil:
		return nil, refused
	case err != nil:
		return nil, &UnrecordedError{err}
	}
	return e, nil
}

// UnrecordedError says that a change was not made, because the journal can record nothing any more.
type UnrecordedError struct{ Err error }

// Error is the journal's.
func (e *UnrecordedError) Error() string { return e.Err.Error() }

// Unwrap is the journal's error.
func (e *UnrecordedError) Unwrap() error { return e.Err }

// Fault tells it from a refusal.
func (e *UnrecordedError) Fault() {}
