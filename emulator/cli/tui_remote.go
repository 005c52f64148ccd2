package cli

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/tui"
)

// remote shows the terminal UI an emulator of another process: the past by its lists, what happens by its event stream.
type remote struct {
	liquidBench
	faultMenu
	bystander
	client *client.Client

	mu   sync.Mutex
	feed *feed
}

// Info asks how the emulator is.
func (r *remote) Info(ctx context.Context) (tui.Info, error) {
	h, err := r.client.Health(ctx)
	return tui.Info{
		IntegrationURL: h.IntegrationURL, ControlURL: r.client.URL, Store: h.Store, Version: h.Version, LastSeq: h.Events, Attached: true,
	}, err
}

// feed is one open stream: what has come over it and was not asked for yet.
type feed struct {
	cancel context.CancelFunc
	items  chan client.Item
	// at is the seq of the last event that was handed on.
	at  uint64
	err error
}

// streamBuffer is how many events may wait between the network and the screen before the stream is not read on; the
// emulator does not wait for it either way.
const streamBuffer = 1024

// Next waits for the events after a seq. The stream stays open between two calls that follow each other.
func (r *remote) Next(ctx context.Context, after uint64, limit int) (tui.Batch, error) {
	f := r.stream(after)
	var b tui.Batch
	select {
	case item, ok := <-f.items:
		if !ok {
			r.drop(f)
			return b, f.err
		}
		f.add(&b, item)
	case <-ctx.Done():
		return b, ctx.Err()
	}
	for len(b.Events) < limit {
		select {
		case item, ok := <-f.items:
			if !ok {
				return b, nil // the next call says why it ended
			}
			f.add(&b, item)
		default:
			return b, nil
		}
	}
	return b, nil
}

func (f *feed) add(b *tui.Batch, item client.Item) {
	if item.Gap != nil {
		b.Lost += item.Gap.To - item.Gap.From + 1
		f.at = item.Gap.To
		return
	}
	b.Events = append(b.Events, item.Event)
	f.at = item.Event.Seq
}

// stream is the open stream if it stands at after, else a new one.
func (r *remote) stream(after uint64) *feed {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.feed != nil && r.feed.at == after {
		return r.feed
	}
	if r.feed != nil {
		r.feed.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	f := &feed{cancel: cancel, items: make(chan client.Item, streamBuffer), at: after}
	r.feed = f
	go func() {
		f.err = r.client.Stream(ctx, "", &after, func(item client.Item) error {
			select {
			case f.items <- item:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		close(f.items)
	}()
	return f
}

func (r *remote) drop(f *feed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.cancel()
	if r.feed == f {
		r.feed = nil
	}
}

// Close ends the stream.
func (r *remote) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.feed != nil {
		r.feed.cancel()
	}
}

// Events are those after a seq that are there.
func (r *remote) Events(ctx context.Context, after uint64, limit int) (tui.Batch, error) {
	page, err := r.client.Events(ctx, client.Page{After: &after, Limit: min(limit, 1000)})
	b := tui.Batch{Events: page.Events}
	if page.EvictedBefore > after+1 {
		b.Lost = page.EvictedBefore - after - 1
	}
	return b, err
}

// Event is one event.
func (r *remote) Event(ctx context.Context, seq uint64) (*event.Event, error) {
	e, err := r.client.Event(ctx, seq)
	var refused *client.Error
	if errors.As(err, &refused) && refused.HTTP == http.StatusGone {
		return nil, tui.ErrGone
	}
	return e, err
}

// Services are those of the account.
func (r *remote) Services(ctx context.Context) ([]catalog.Service, error) {
	return r.client.Services(ctx, "")
}

// Suggestions are those of the account.
func (r *remote) Suggestions(ctx context.Context) ([]catalog.Suggestion, error) {
	return r.client.Suggestions(ctx, "")
}

// Send puts a request on the emulator's wire.
func (r *remote) Send(ctx context.Context, req event.Request) (tui.Answer, error) {
	h, err := r.client.Health(ctx)
	if err != nil {
		return tui.Answer{}, err
	}
	return sendRequest(ctx, r.client.HTTP, h.IntegrationURL, req)
}

// Accept makes a service of a suggestion.
func (r *remote) Accept(ctx context.Context, alias string) error {
	_, err := r.client.Accept(ctx, alias, catalog.Service{})
	return err
}

// Bind gives the alias of a suggestion to a service.
func (r *remote) Bind(ctx context.Context, alias, service string) error {
	return r.client.Bind(ctx, alias, service)
}

// Ignore puts a suggestion away.
func (r *remote) Ignore(ctx context.Context, alias string) error { return r.client.Ignore(ctx, alias) }

// AddAlias gives a service one more alias.
func (r *remote) AddAlias(ctx context.Context, service, alias string) error {
	return r.client.AddAlias(ctx, service, alias)
}

// Reset puts the account back to its fixtures.
func (r *remote) Reset(ctx context.Context) error { return r.client.Reset(ctx) }
