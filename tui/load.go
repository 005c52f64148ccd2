package tui

import (
	"context"
	"errors"
)

// A Loader can put another account in the place of the one there is.
type Loader interface {
	// ReadAccount reads a file of any form, or the files that answer a pattern, and changes nothing yet.
	ReadAccount(ctx context.Context, path string) (Account, error)
}

// Account is what was read to replace the account.
type Account struct {
	// Says names the files and counts what they hold: "account.yaml (3 services)". Notes are what is odd about them.
	Says  string
	Notes []string
	// Replace puts it in force. The notes are what only the emulator could find.
	Replace func(ctx context.Context) (notes []string, err error)
}

// A Runner can run scenarios, each against an emulator of its own: this one is left as it is.
type Runner interface {
	// ScenarioNames are those that need no file.
	ScenarioNames() []ScenarioName
	// RunScenario runs the scenarios of a file or a folder, or those that have the name. An error says that nothing was
	// run.
	RunScenario(ctx context.Context, what string) ([]ScenarioRun, error)
}

// ScenarioName is a scenario by its short name, with the sentence that it proves.
type ScenarioName struct{ Name, Shows string }

// ScenarioRun is what became of one scenario.
type ScenarioRun struct {
	Name, File string
	// Outcome is "passed", "failed", "incomplete" or "broken".
	Outcome string
	Passed  bool
	// Step of Steps is the one that went wrong, from 1, Kind its key, Line its place in the file; 0: none.
	Step, Steps, Line int
	Kind              string
	// Text is what went wrong at length, Excerpt the lines of the file around it.
	Text, Excerpt string
	Seconds       float64
}

// loadActions put another account in place, and try scenarios.
func loadActions() []act {
	return []act{
		{id: "load", keys: []string{"L"}, short: "load fixture", help: "another account from a file; asks first", group: "Act", on: onAll,
			why: func(u *ui) string {
				if _, ok := u.src.(Loader); !ok {
					return "the account of this emulator cannot be replaced from here"
				}
				return u.connected()
			},
			run: func(u *ui) command { return u.askFixture() }},
		{id: "run", keys: []string{"S"}, short: "run scenario", help: "run a scenario in an emulator of its own", group: "Act", on: onAll,
			why: func(u *ui) string {
				if _, ok := u.src.(Runner); !ok {
					return "scenarios cannot be run from here"
				}
				if u.rehearsing {
					return "a scenario is running"
				}
				return ""
			},
			run: func(u *ui) command { return u.askScenario() }},
	}
}

// askFixture asks for a file, reads it, and asks again before the account is replaced.
func (u *ui) askFixture() command {
	s := &pathSheet{name: "load a fixture", intro: "A file as serve --fixtures reads it: a fixture, an opslevel.yml, a list of services, or a pattern such as 'services/**/opslevel.yml'.", edit: newEditor(false, ""),
		offers: func(typed string) []offer { return filesIn(u.o.Dir, typed) }}
	s.run = func(u *ui, path string) command {
		l := u.src.(Loader)
		return u.run(func(ctx context.Context) (func() command, error) {
			read, err := l.ReadAccount(ctx, path)
			return func() command {
				s.busy = false
				if err != nil {
					s.refuse(u, err)
					return nil
				}
				u.leave(s)
				return u.askReplace(read)
			}, nil
		})
	}
	return several(u.openSheet(s), s.gather(u))
}

// askReplace asks before the account is replaced.
func (u *ui) askReplace(read Account) command {
	q := "Load " + read.Says + "? It takes the place of the account. All deploys, suggestions, firings and dedup ids are forgotten, for every client of this emulator."
	if n := len(read.Notes); n > 0 {
		q += " " + commas(n) + plural(n, " note: ", " notes, the first: ") + read.Notes[0]
	}
	return u.openSheet(&confirm{question: q, yes: "load", run: func(u *ui) command {
		return u.run(func(ctx context.Context) (func() command, error) {
			notes, err := read.Replace(ctx)
			if err != nil {
				return nil, err
			}
			return func() command {
				text := "the account is now that of " + read.Says
				if len(notes) > 0 {
					text += "; " + notes[0]
				}
				u.note(good, text)
				return several(u.askInfo(), u.askState(), u.askTemplates())
			}, nil
		})
	}})
}

// askScenario asks which scenario to run, by name or file, and shows what became of it.
func (u *ui) askScenario() command {
	r := u.src.(Runner)
	s := &pathSheet{name: "run a scenario", intro: "By its name, or a file or folder of yours. It runs in an emulator of its own; this one is left as it is.", edit: newEditor(false, "")}
	s.offers = func(typed string) []offer {
		return append(namedLike(r.ScenarioNames(), typed), filesIn(u.o.Dir, typed)...)
	}
	s.run = func(u *ui, what string) command {
		u.rehearsing = true
		u.note(plain, "running "+what+" "+u.look.ellipsis)
		return u.run(func(ctx context.Context) (func() command, error) {
			all, err := r.RunScenario(ctx, what)
			return func() command {
				s.busy, u.rehearsing, u.toast = false, false, toast{}
				switch {
				case err != nil:
					s.refuse(u, err)
				default:
					u.leave(s)
					return u.openSheet(&page{name: "scenario: " + u.look.safe(what, 60), doc: func(w int) doc { return scenarioDoc(&u.look.glyphs, all, w) }})
				}
				return nil
			}, nil
		})
	}
	return several(u.openSheet(s), s.gather(u))
}

// scenarioDoc is what became of scenarios: a line for each, and under one that failed the step, the lines of its file and
// what arrived.
func scenarioDoc(g *glyphs, all []ScenarioRun, w int) doc {
	var d doc
	for _, r := range all {
		st, glyph := good, g.ok
		if !r.Passed {
			st, glyph = bad, g.rejected
		}
		d.prose(g, seg{st, glyph + " "}, plain, r.Outcome+": "+r.Name, w)
		file := r.File
		if r.Line > 0 {
			file += ", line " + commas(r.Line)
		}
		d.row(g, "file", dim, file, w)
		if r.Step > 0 {
			d.row(g, "step", bad, commas(r.Step)+" of "+commas(r.Steps)+", "+r.Kind, w)
		} else {
			d.row(g, "steps", dim, commas(r.Steps), w)
		}
		d.paragraph(g, dim, r.Excerpt)
		d.paragraph(g, plain, r.Text)
		d.blank()
	}
	return d
}

// leave closes a sheet if it is still the one on top: the person may have gone on meanwhile.
func (u *ui) leave(o overlay) {
	if u.onTop(o) {
		u.closeSheet()
	}
}

var errNoPath = errors.New("type a name, or choose one with the arrows")
