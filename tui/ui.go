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

	seen     *seen
	cache    cache
	feed     feed
	stale    bool  // services and suggestions may have changed
	asking   bool  // and are being asked for
	struck   bool  // a fault was injected, so that less of it is left
	replaced bool  // the account was, so that its templates may be others
	offline  error // why there is no connection
	retry    time.Duration
	retryAt  time.Time // when the next try begins

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
	touched    bool   // a key was pressed
	visited    [6]int // the counts of the tabs when they were looked at
	lastCopy   string
	rehearsing bool // a scenario is running
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
		first = u.screen().words().apply(u.o.Filter)
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
	c := u.step(msg)
	for i, s := range u.screens {
		if i == u.current || !u.touched {
			u.visited[i] = s.count()
		}
	}
	return c
}

func (u *ui) step(msg any) command {
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
	return !u.toast.until.IsZero() || !u.seen.rate.quiet() || u.offline != nil
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
