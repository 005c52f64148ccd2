package cli

import (
	"context"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/tui"
)

var _ = []tui.Exporter{(*local)(nil), (*remote)(nil)}

// Scenario writes a scenario of events.
func (l *local) Scenario(ctx context.Context, seqs []uint64) ([]byte, error) {
	return scenarioOf(ctx, seqs, l.server.Integrations(), func(seq uint64) (*event.Event, error) { return l.Event(ctx, seq) })
}

// Scenario writes a scenario of events.
func (r *remote) Scenario(ctx context.Context, seqs []uint64) ([]byte, error) {
	all, err := r.client.Integrations(ctx)
	if err != nil {
		return nil, err
	}
	var integrations []catalog.Integration
	for _, i := range all {
		integrations = append(integrations, i.Integration)
	}
	return scenarioOf(ctx, seqs, integrations, func(seq uint64) (*event.Event, error) { return r.Event(ctx, seq) })
}
