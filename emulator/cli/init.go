package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

type initFlags struct{ dryRun, force bool }

func (a *app) scaffold() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write fixtures, a webhook template and a scenario from what is in this folder",
		Long: `init looks for opslevel.yml (here and in the folders below), cookiecutter.json and the files of CI systems, and writes what
is needed to begin: bubblelevel.yaml with the settings, bubblelevel/fixtures.yaml with an integration for each pipeline and a
service template, the two texts of its webhook, and a scenario, which is run at the end.

A file that is there is never written over, unless --force is given: where one is, nothing is written at all. Symbolic links
are not followed.`,
		Example: "  bubblelevel init --dry-run\n  bubblelevel init && bubblelevel run bubblelevel-scenario.yaml",
		Args:    a.noArgs,
		// A bubblelevel.yaml that is broken is no reason not to say that it is there.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.checkShared(cmd) },
		RunE:              running(func(cmd *cobra.Command, _ []string) error { return a.runInit(cmd.Context(), f) }),
	}
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what would be written, and write nothing")
	cmd.Flags().BoolVar(&f.force, "force", false, "write over files that are there")
	return cmd
}

func (a *app) runInit(ctx context.Context, f initFlags) error {
	root, err := os.OpenRoot(a.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	here, err := lookAround(root)
	if err != nil {
		return err
	}
	s, err := plan(a.Dir, here)
	if err != nil {
		return err
	}
	for _, line := range here.notes {
		a.tell("%s", event.Clean(line, 500))
	}
	if there := present(root, s.files); len(there) > 0 && !f.force {
		return &failure{code: exitRuntime, err: fmt.Errorf("nothing was written, since this is there already: %s", strings.Join(there, ", ")),
			hint: "write over it with --force, or move it away"}
	}
	if !f.dryRun {
		if err := write(root, s.files); err != nil {
			return &failure{code: exitRuntime, err: err, hint: "init writes into the working directory; run it where you may write, or look with --dry-run"}
		}
	}
	if err := a.printScaffold(s, f); err != nil || f.dryRun {
		return err
	}
	return a.tryScaffold(ctx)
}

// scaffolded is what init writes, as --output json has it.
type scaffolded struct {
	DryRun bool           `json:"dry_run"`
	Files  []scaffoldFile `json:"files"`
	// Next are commands to try.
	Next []string `json:"next"`
}

type scaffoldFile struct {
	Path    string `json:"path"`
	Content string `json:"content"`
}

func (a *app) printScaffold(s scaffolding, f initFlags) error {
	if a.output == "json" {
		return a.printJSON(scaffolded{f.dryRun, s.files, s.next})
	}
	verb := "wrote"
	if f.dryRun {
		verb = "would write"
	}
	for _, file := range s.files {
		if err := a.say("%s %s", verb, file.Path); err != nil {
			return err
		}
	}
	if f.dryRun {
		return nil
	}
	a.tell("try next:")
	for _, line := range s.next {
		a.tell("  %s", event.Clean(line, 300))
	}
	return nil
}

// tryScaffold runs the scenario that was written: what is handed over works.
func (a *app) tryScaffold(ctx context.Context) error {
	all, err := a.findScenarios([]string{scenarioPath})
	if err != nil {
		return err
	}
	r := scenarios.Run(ctx, all, scenarios.Options{Version: versionText()})
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.Outcome() != scenarios.Passed {
		return &failure{code: exitRuntime, err: fmt.Errorf("the files are written, but the scenario does not pass: %s", r.Results[0].Why),
			hint: "bubblelevel run " + scenarioPath + " shows it"}
	}
	return nil
}
