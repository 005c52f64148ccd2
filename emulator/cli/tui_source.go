package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/tui"
)

// local shows the terminal UI the emulator of this process, without a detour over HTTP.
type local struct {
	liquidBench
	faultMenu
	bystander
	server *emulator.Server
	store  string
	http   *http.Client
}

// Info is what does not change while the emulator runs.
func (l *local) Info(context.Context) (tui.Info, error) {
	return tui.Info{
		IntegrationURL: l.server.IntegrationURL(), ControlURL: l.server.ControlURL(),
		Store: l.store, Version: versionText(), LastSeq: l.server.LastSeq(), StopsServer: true,
	}, nil
}

// Next waits for the events after a seq.
func (l *local) Next(ctx context.Context, after uint64, limit int) (tui.Batch, error) {
	more, cancel := l.server.More()
	defer cancel()
	for {
		if b, err := l.Events(ctx, after, limit); err != nil || len(b.Events) > 0 || b.Lost > 0 {
			return b, err
		}
		select {
		case <-ctx.Done():
			return tui.Batch{}, ctx.Err()
		case <-more:
		}
	}
}

// Events are those after a seq that are there.
func (l *local) Events(_ context.Context, after uint64, limit int) (b tui.Batch, err error) {
	if first := l.server.EvictedBefore(); first > after+1 {
		b.Lost = first - after - 1
	}
	l.server.Range(after, 0, false, func(e *event.Event) bool {
		b.Events = append(b.Events, e)
		return len(b.Events) < limit
	})
	return b, nil
}

// Event is one event.
func (l *local) Event(_ context.Context, seq uint64) (*event.Event, error) {
	e, evicted := l.server.Event(seq)
	switch {
	case evicted:
		return nil, tui.ErrGone
	case e == nil:
		return nil, fmt.Errorf("there is no event %d", seq)
	}
	return e, nil
}

// Services are those of the account.
func (l *local) Services(context.Context) ([]catalog.Service, error) { return l.server.Services(), nil }

// Suggestions are those of the account.
func (l *local) Suggestions(context.Context) ([]catalog.Suggestion, error) {
	return l.server.Suggestions(), nil
}

// Send puts a request on the wire.
func (l *local) Send(ctx context.Context, r event.Request) (tui.Answer, error) {
	return sendRequest(ctx, l.http, l.server.IntegrationURL(), r)
}

// Accept makes a service of a suggestion.
func (l *local) Accept(_ context.Context, alias string) error {
	_, err := l.server.Accept(alias, catalog.Service{Origin: "suggestion"})
	return err
}

// Bind gives the alias of a suggestion to a service.
func (l *local) Bind(_ context.Context, alias, service string) error {
	return l.server.Bind(alias, service)
}

// Ignore puts a suggestion away.
func (l *local) Ignore(_ context.Context, alias string) error { return l.server.Ignore(alias) }

// AddAlias gives a service one more alias.
func (l *local) AddAlias(_ context.Context, service, alias string) error {
	return l.server.AddAlias(service, alias)
}

// Reset puts the account back to its fixtures.
func (l *local) Reset(context.Context) error { return l.server.Reset() }

// sendRequest puts a recorded request on the wire again: to its own path where it names one, else to the integration.
func sendRequest(ctx context.Context, client *http.Client, integrationURL string, r event.Request) (tui.Answer, error) {
	target := integrationURL
	if r.Path != "" {
		target = origin(integrationURL, integrationURL)
	}
	req, _, err := again(ctx, &r, target, r.Path)
	if err != nil {
		return tui.Answer{}, err
	}
	resp, err := answering(client).Do(req)
	if err != nil {
		return tui.Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, event.MaxBody))
	seq, _ := strconv.ParseUint(resp.Header.Get(httpapi.HeaderSeq), 10, 64)
	return tui.Answer{HTTP: resp.StatusCode, Body: string(body), Seq: seq}, err
}

// Whichever of the two the terminal UI shows, it can do the same.
var (
	_ whole = &local{}
	_ whole = &remote{}
)

type whole interface {
	tui.Source
	tui.Suggester
	tui.Aliaser
	tui.Firer
	tui.Workbench
	tui.Breaker
	tui.Resetter
	tui.Exporter
	tui.Loader
	tui.Runner
}
