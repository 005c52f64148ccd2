package tui

import (
	"context"
	"errors"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// A Source is an emulator seen from outside: what it is, what happened, what happens next, and what can be asked of it.
// One in this process and one at the other end of an event stream look the same from here.
//
// Every method may block until its context ends; the terminal UI calls none of them from its update loop. They are
// called from several goroutines at once, but never two calls of Next.
//
// What only some emulators can do is said by the interfaces below: [Suggester], [Aliaser], [Firer], [Workbench],
// [Breaker], [Exporter], [Resetter], [Loader] and [Runner]. A Source that lacks one leaves its actions on the screen, with the reason why
// they cannot be used.
type Source interface {
	// Info is asked for at the start, and again whenever the connection has come back.
	Info(ctx context.Context) (Info, error)
	// Next waits until there is an event with a seq above after, and returns what there is by then, at most limit. An
	// error means that the connection is lost: it is shown, and Next is called again after a moment with the seq of the
	// last event, so that resuming needs no memory in the Source.
	Next(ctx context.Context, after uint64, limit int) (Batch, error)
	// Events is Next without waiting: an empty batch says that there is nothing above after. It reads the past (for a
	// filter, for an export) while Next waits for the future.
	Events(ctx context.Context, after uint64, limit int) (Batch, error)
	// Event is one event; [ErrGone] for one that has left the window.
	Event(ctx context.Context, seq uint64) (*event.Event, error)
	// Services and Suggestions are the account as it is now.
	Services(ctx context.Context) ([]catalog.Service, error)
	Suggestions(ctx context.Context) ([]catalog.Suggestion, error)
	// Send puts a request on the emulator's wire, as any sender would. Path is relative to the emulator's address;
	// an empty one means that of the integration URL.
	Send(ctx context.Context, r event.Request) (Answer, error)
}

// Info is what does not change while an emulator runs.
type Info struct {
	// IntegrationURL is what a pipeline posts its deploys to, ControlURL the address of the control API.
	IntegrationURL string
	ControlURL     string
	// Store is where the journal is kept: a path, or ":memory:".
	Store   string
	Version string
	// LastSeq is the newest event. Where it is lower than what was seen before a connection was lost, another journal has
	// taken the old one's place, and the terminal UI starts over.
	LastSeq uint64
	// Attached says that the emulator is another process, which goes on when the terminal UI ends.
	Attached bool
	// StopsServer says that the emulator ends with the terminal UI, which therefore asks before it quits.
	StopsServer bool
}

// Batch is a piece of the journal, in order.
type Batch struct {
	Events []*event.Event
	// Lost counts the events above after that had left the window before they could be read.
	Lost uint64
}

// Answer is what came back for a request that was sent.
type Answer struct {
	HTTP int
	Body string
	// Seq is the event that the request became; 0 where nobody knows.
	Seq uint64
}

// ErrGone says that an event has left the window of the journal.
var ErrGone = errors.New("this event has left the window of the journal (--keep)")

// A Suggester can decide what becomes of an unknown alias.
type Suggester interface {
	// Accept makes a service with this alias.
	Accept(ctx context.Context, alias string) error
	// Bind gives the alias to a service that there is, known by any of its aliases.
	Bind(ctx context.Context, alias, service string) error
	// Ignore goes on recording, and no longer suggests.
	Ignore(ctx context.Context, alias string) error
}

// An Aliaser can give a service one more alias.
type Aliaser interface {
	AddAlias(ctx context.Context, service, alias string) error
}

// A Firer can run service templates.
type Firer interface {
	Templates(ctx context.Context) ([]action.Template, error)
	// Fire runs a template: the service is created and its webhook fired. The seq is that of the event of the firing, 0
	// for a template without a webhook. What is wrong with the inputs is an [action.InputErrors].
	Fire(ctx context.Context, template string, inputs []action.Input) (seq uint64, err error)
}

// A Workbench can render Liquid without sending anything.
type Workbench interface {
	// Contexts are the contexts that there are without a firing: the documented example, the shape of 2026, a file.
	Contexts(ctx context.Context) ([]NamedContext, error)
	// Render renders a template. A template that cannot be rendered at all is an error; problems may stand beside it.
	Render(ctx context.Context, template string, context []byte) (action.Rendered, error)
}

// NamedContext is a context to try templates with.
type NamedContext struct {
	Name string
	JSON []byte
}

// A Breaker can make the emulator fail on purpose.
type Breaker interface {
	// FaultKinds are the failures that there are.
	FaultKinds() []FaultKind
	// Faults are those in force, in the order in which they decide.
	Faults(ctx context.Context) ([]Fault, error)
	// AddFault puts one into force, RemoveFault takes one out by its id, ClearFaults all.
	AddFault(ctx context.Context, o FaultOrder) error
	RemoveFault(ctx context.Context, id string) error
	ClearFaults(ctx context.Context) error
}

// FaultKind is a failure that can be injected.
type FaultKind struct {
	// Name is its name ("status"), Doc what happens in a sentence or two.
	Name, Doc string
	// Settings are the names of what can be set about it: "status", "delay", ...
	Settings []string
}

// Fault is a failure that is in force.
type Fault struct {
	ID, Kind string
	// Query is what it is limited to; empty: every request.
	Query string
	// Hit counts the requests it was done to, Left those it will still be done to; -1: no limit, 0: it is over.
	Hit, Left int
}

// FaultOrder is a failure as it is wished for.
type FaultOrder struct {
	Kind, Query string
	// First ends it after so many requests; 0: it goes on.
	First int
	// Settings are texts by the name of the setting; those that are missing have their defaults.
	Settings map[string]string
}

// An Exporter can write files from what was seen and what there is.
type Exporter interface {
	// Scenario is a scenario file that sends these requests again and expects these answers.
	Scenario(ctx context.Context, seqs []uint64) ([]byte, error)
	// Fixture is the account with only these services, known by their slugs, as a file that [Loader] reads.
	Fixture(ctx context.Context, services []string) ([]byte, error)
}

// A Resetter can put the account back to its fixtures.
type Resetter interface {
	Reset(ctx context.Context) error
}
