package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/fixtures"
	"github.com/bubblelevel/bubblelevel/scenarios"
	"github.com/bubblelevel/bubblelevel/tui"
)

// bystander does for the terminal UI what needs no emulator: it reads files, and runs scenarios in emulators of their own.
type bystander struct{ app *app }

// readAccount reads fixtures as `fixtures load` does; replace puts them in force.
func (b bystander) readAccount(path string, replace func(context.Context, fixtures.Loaded) ([]string, error)) (tui.Account, error) {
	loaded, err := b.quiet().loadFixtures([]string{path})
	if err != nil {
		return tui.Account{}, withCure(err)
	}
	read := tui.Account{Says: sourcesText(loaded)}
	for _, n := range loaded.Notes {
		read.Notes = append(read.Notes, n.String())
	}
	read.Replace = func(ctx context.Context) ([]string, error) { return replace(ctx, loaded) }
	return read, nil
}

// ScenarioNames are the scenarios in the binary.
func (bystander) ScenarioNames() []tui.ScenarioName {
	var all []tui.ScenarioName
	for _, s := range scenarios.Library() {
		all = append(all, tui.ScenarioName{Name: s.Path, Shows: s.Name})
	}
	return all
}

// RunScenario runs scenarios as `run` does without --allow-run: nobody has looked at what a program in one would do.
func (b bystander) RunScenario(ctx context.Context, what string) ([]tui.ScenarioRun, error) {
	all, err := b.quiet().findScenarios([]string{what})
	if err != nil {
		return nil, withCure(err)
	}
	o := scenarios.Options{Parallel: 1, Version: versionText()}
	if err := scenarios.Check(all, o); err != nil {
		return nil, withCure(scenarioError(err))
	}
	done := scenarios.Run(ctx, all, o)
	var runs []tui.ScenarioRun
	for i := range done.Results {
		r := &done.Results[i]
		runs = append(runs, tui.ScenarioRun{
			Name: r.Name, File: r.File, Outcome: string(r.Outcome), Passed: r.Outcome == scenarios.Passed,
			Step: r.Step, Steps: r.Steps, Line: r.Line, Kind: r.Kind, Text: r.Text, Excerpt: r.Excerpt, Seconds: r.Seconds,
		})
	}
	return runs, nil
}

// ReadAccount reads fixtures for the emulator of this process.
func (l *local) ReadAccount(_ context.Context, path string) (tui.Account, error) {
	return l.readAccount(path, func(_ context.Context, loaded fixtures.Loaded) (notes []string, err error) {
		conflicts, err := l.server.LoadAccount(fixtures.WithIntegrations(loaded.Contents), loaded.Library)
		for _, c := range conflicts {
			notes = append(notes, c.Error())
		}
		return notes, err
	})
}

// ReadAccount reads fixtures for an emulator elsewhere: the files are those of this machine.
func (r *remote) ReadAccount(_ context.Context, path string) (tui.Account, error) {
	return r.readAccount(path, func(ctx context.Context, loaded fixtures.Loaded) ([]string, error) {
		b, err := fixtures.ExportJSON(loaded.Contents, loaded.Library)
		if err != nil {
			return nil, err
		}
		return r.client.LoadFixtures(ctx, b)
	})
}

// Fixture is the account with only some of its services.
func (l *local) Fixture(_ context.Context, services []string) ([]byte, error) {
	return fixtureOf(l.server.Contents(), l.server.Library(), services)
}

// Fixture is the account with only some of its services.
func (r *remote) Fixture(ctx context.Context, services []string) ([]byte, error) {
	b, err := r.client.Fixtures(ctx)
	if err != nil {
		return nil, err
	}
	loaded, err := fixtures.Read("fixtures of the emulator", b)
	if err != nil {
		return nil, err
	}
	return fixtureOf(loaded.Contents, loaded.Library, services)
}

func fixtureOf(c catalog.Contents, l action.Library, services []string) ([]byte, error) {
	c.Services = slices.DeleteFunc(slices.Clone(c.Services), func(s catalog.Service) bool { return !slices.Contains(services, s.Slug) })
	return fixtures.Export(c, l)
}

// quiet is the app without a voice: the screen is another's.
func (b bystander) quiet() *app {
	a := *b.app
	a.Out, a.Err = io.Discard, io.Discard
	return &a
}

// withCure is an error in one sentence with its cure: a sheet has no other place for the hint.
func withCure(err error) error {
	var f *failure
	if errors.As(err, &f) && f.hint != "" {
		return fmt.Errorf("%s (%s)", strings.TrimSuffix(f.Error(), "."), f.hint)
	}
	return err
}
