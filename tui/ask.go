package tui

import (
	"context"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
)

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

// askAgain asks for everything that may be another one after a connection was lost. What could not be read for want of it
// may be read now.
func (u *ui) askAgain() command {
	clear(u.cache.gone)
	return several(u.askInfo(), u.askState(), u.askTemplates(), u.askFaults())
}

// templatesIfReplaced asks for the templates where an account has taken the place of another, whoever did it.
func (u *ui) templatesIfReplaced() command {
	if !u.replaced {
		return nil
	}
	return u.askTemplates()
}

func (u *ui) askTemplates() command {
	u.replaced = false
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
	u.struck = false
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

// faultsIfStruck asks what is left of the faults where some of them were injected.
func (u *ui) faultsIfStruck() command {
	if !u.struck {
		return nil
	}
	return u.askFaults()
}
