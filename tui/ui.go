package tui

import (
	"context"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

// ui is the one model: everything the screens show. Its methods are called by one goroutine; what takes time is a
// command, which gets copies and answers with a message.
type ui struct {
	ctx  context.Context
	src  Source
	o    Options
	env  environ
	look look
	term *terminal

	width, height int

	info        Info
	services    []catalog.Service
	suggestions []catalog.Suggestion
	templates   []action.Template
	contexts    []NamedContext
	faults      []Fault

	seen    *seen
	cache   cache
	feed    feed
	stale   bool  // services and suggestions may have changed
	asking  bool  // and are being asked for
	offline error // why there is no connection
	retry   time.Duration

	deploys    *deploys
	duplicates *duplicates
	suggested  *suggested
	catalogue  *catalogue
	firings    *firings
	playground *playground
	screens    []screen
	current    int
	inPane     bool // the keys are for the pane, not for the list
	zoomed     bool // the pane has the whole body
	split      int  // how far the border was moved
	mouse      bool
	overlays   []overlay
	toast      toast
	lessons    lessons
	actions    []act
	ticks      bool // a tick is on its way
	wait       func(ctx context.Context, d time.Duration) bool
	lastCopy   string
}

// command does what takes time, outside of the update loop, and returns a message; nil does nothing.
type command func() any

// batch is a message: commands to be run side by side.
type batch []command

// several is one command for many.
func several(cs ...command) command {
	var all batch
	for _, c := range cs {
		if c != nil {
			all = append(all, c)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return func() any { return all }
}

func newUI(ctx context.Context, src Source, o Options, t *terminal) *ui {
	u := &ui{ctx: ctx, src: src, o: o, env: environ(o.Env), term: t, seen: newSeen(), feed: feed{src: src}, wait: pause}
	if t == nil {
		u.term = &terminal{}
	}
	th, gl := lookOf(o, u.env)
	u.look = look{th, gl}
	u.deploys = newDeploys(u)
	u.duplicates = newDuplicates(u)
	u.suggested = newSuggested(u)
	u.catalogue = newCatalogue(u)
	u.firings = newFirings(u)
	u.playground = newPlayground(u)
	u.screens = []screen{u.deploys, u.duplicates, u.suggested, u.catalogue, u.firings, u.playground}
	u.actions = actionTable()
	for i, s := range u.screens {
		if long, _ := s.name(); o.Screen != "" && sameName(long, o.Screen) {
			u.current = i
		}
	}
	return u
}

func (u *ui) now() time.Time { return u.o.Now() }

func (u *ui) screen() screen { return u.screens[u.current] }

// start is what is asked for first.
func (u *ui) start() command {
	first := command(nil)
	if u.o.Filter != "" {
		first = u.deploys.filter.apply(u.o.Filter)
	}
	return several(u.askNew(), u.askInfo(), u.askState(), u.askTemplates(), u.askContexts(), u.askFaults(), u.feed.pull(u.ctx, 0, 0), first)
}

// done is the end of something that took time.
type done struct {
	err  error
	then func() command
}

// run does work outside of the update loop, and then what it returned inside.
func (u *ui) run(work func(ctx context.Context) (func() command, error)) command {
	ctx := u.ctx
	return func() any {
		then, err := work(ctx)
		if ctx.Err() != nil {
			return nil
		}
		return done{err, then}
	}
}

// handle is the update loop's one step.
func (u *ui) handle(msg any) command {
	switch m := msg.(type) {
	case resized:
		u.width, u.height = m.width, m.height
	case []key:
		return u.keys(m)
	case mouse:
		return several(u.clicked(m), u.needs())
	case fed:
		return u.fed(m)
	case fetched:
		return u.fetched(m)
	case done:
		if m.err != nil {
			u.fail(m.err)
		}
		if m.then != nil {
			return several(m.then(), u.needs(), u.ticking())
		}
		return u.ticking()
	case tick:
		return u.ticked(m)
	}
	return nil
}

// needs asks for the events that the screen shows and does not have.
func (u *ui) needs() command { return u.screen().needs() }

// askNew asks whether anything has happened yet: who starts with an empty journal is shown around.
func (u *ui) askNew() command {
	return u.run(func(ctx context.Context) (func() command, error) {
		b, err := u.src.Events(ctx, 0, 1)
		return func() command {
			u.lessons.old = err != nil || len(b.Events) > 0
			return nil
		}, nil
	})
}

func (u *ui) askInfo() command {
	return u.run(func(ctx context.Context) (func() command, error) {
		i, err := u.src.Info(ctx)
		return func() command {
			if err == nil {
				u.info = i
			}
			return nil
		}, nil
	})
}

// account is the state that is asked for when something has changed.
type account struct {
	services    []catalog.Service
	suggestions []catalog.Suggestion
}

// stateEvery is how often the account is asked for at most.
const stateEvery = 250 * time.Millisecond

func (u *ui) stateIfStale() command {
	if !u.stale || u.asking {
		return nil
	}
	return u.askState()
}

func (u *ui) askState() command {
	u.stale, u.asking = false, true
	ctx, src := u.ctx, u.src
	return u.run(func(context.Context) (func() command, error) {
		var a account
		var err, err2 error
		a.services, err = src.Services(ctx)
		a.suggestions, err2 = src.Suggestions(ctx)
		return func() command {
			u.asking = false
			if err == nil {
				u.services = a.services
				u.catalogue.refresh()
			}
			if err2 == nil {
				u.suggestions = a.suggestions
				u.suggested.refresh()
			}
			if u.stale {
				return u.run(func(ctx context.Context) (func() command, error) {
					u.wait(ctx, stateEvery)
					return u.stateIfStale, nil
				})
			}
			return nil
		}, nil
	})
}

func (u *ui) askTemplates() command {
	f, ok := u.src.(Firer)
	if !ok {
		return nil
	}
	return u.run(func(ctx context.Context) (func() command, error) {
		ts, err := f.Templates(ctx)
		return func() command {
			if err == nil {
				u.templates = ts
			}
			return nil
		}, nil
	})
}

func (u *ui) askContexts() command {
	w, ok := u.src.(Workbench)
	if !ok {
		return nil
	}
	return u.run(func(ctx context.Context) (func() command, error) {
		cs, err := w.Contexts(ctx)
		return func() command {
			if err == nil {
				u.contexts = cs
				return u.playground.refresh()
			}
			return nil
		}, nil
	})
}

func (u *ui) askFaults() command {
	b, ok := u.src.(Breaker)
	if !ok {
		return nil
	}
	return u.run(func(ctx context.Context) (func() command, error) {
		fs, err := b.Faults(ctx)
		return func() command {
			if err == nil {
				u.faults = fs
			}
			return nil
		}, nil
	})
}

// toast is a sentence that takes the middle of the status bar for a while; an error stays until a key is pressed.
type toast struct {
	text  string
	style style
	until time.Time // zero: until a key
}

const toastTime = 4 * time.Second

func (u *ui) note(s style, text string) {
	u.toast = toast{text, s, u.now().Add(toastTime)}
}

func (u *ui) fail(err error) { u.toast = toast{text: err.Error(), style: bad} }

// tick comes once a second while something on the screen depends on the time alone.
type tick struct{}

func (u *ui) ticking() command {
	if u.ticks || !u.restless() {
		return nil
	}
	u.ticks = true
	return func() any {
		u.wait(u.ctx, time.Second)
		return tick{}
	}
}

// restless says whether the screen changes without anything happening.
func (u *ui) restless() bool {
	return !u.toast.until.IsZero() || !u.seen.rate.quiet()
}

func (u *ui) ticked(tick) command {
	u.ticks = false
	now := u.now()
	u.seen.rate.turn(now)
	if !u.toast.until.IsZero() && !now.Before(u.toast.until) {
		u.toast = toast{}
	}
	return u.ticking()
}
