package emulator

import (
	"os"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// store is what the control API sees.
type store struct{ *Server }

// Skim is [Server.Range] for those who only look; see the journal's.
func (s store) Skim(after, before uint64, descending bool, visit func(*event.Event) bool) {
	s.journal.Skim(after, before, descending, visit)
}

// Get is [Server.Event], under the name that the control API has for it.
func (s store) Get(seq uint64) (e *event.Event, evicted bool) { return s.Event(seq) }

// ExportFixtures is the account as a fixture in JSON.
func (s store) ExportFixtures() ([]byte, error) {
	return fixtures.ExportJSON(s.Contents(), s.Library())
}

// ImportFixtures replaces the account by a fixture of any form.
func (s store) ImportFixtures(b []byte) (notes []string, err error) {
	loaded, err := fixtures.Read("fixtures", b)
	if err != nil {
		return nil, err
	}
	for _, n := range loaded.Notes {
		notes = append(notes, n.String())
	}
	conflicts, err := s.LoadAccount(fixtures.WithIntegrations(loaded.Contents), loaded.Library)
	for _, c := range conflicts {
		notes = append(notes, c.Error())
	}
	return notes, err
}

// Last is [Server.LastSeq].
func (s store) Last() uint64 { return s.LastSeq() }

// Reset is [Server.Reset] with its event.
func (s store) Reset() (*event.Event, error) { return s.reset() }

// Stop asks the owner of the process for an end.
func (s store) Stop() {
	if s.config.OnStop != nil {
		s.config.OnStop()
	}
}

// Health is how the emulator is.
func (s store) Health() httpapi.Health {
	h := httpapi.Health{
		Status: "ok", Version: s.config.Version, IntegrationURL: s.IntegrationURL(), ControlURL: s.ControlURL(),
		PID: os.Getpid(), Store: s.config.Store, Events: s.journal.Last(), EvictedBefore: s.journal.EvictedBefore(),
	}
	if h.Store == "" {
		h.Store = ":memory:"
	}
	if err := s.journal.Err(); err != nil {
		h.Status, h.Error = "failing", err.Error()
	}
	return h
}
