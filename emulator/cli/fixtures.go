package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

func (a *app) fixtures() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fixtures",
		Short: "Export or replace the account of the running emulator; check files",
		Long: `A fixture is what an account holds: services, teams, users, integrations. "bubblelevel help fixture" shows the form, and
what else is read: opslevel.yml files, and the output of "opslevel list service -o json".`,
		Example: "  bubblelevel fixtures export >account.yaml\n  bubblelevel fixtures load account.yaml\n  bubblelevel fixtures check 'services/**/opslevel.yml'",
		Args:    a.noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.fixturesExport(), a.fixturesLoad(), a.fixturesCheck())
	return cmd
}

func (a *app) fixturesExport() *cobra.Command {
	return &cobra.Command{
		Use:     "export",
		Short:   "Print the account as a fixture",
		Example: "  bubblelevel fixtures export >account.yaml\n  bubblelevel fixtures export --output json",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			b, err := c.Fixtures(cmd.Context())
			if err != nil {
				return err
			}
			if a.output == "text" {
				loaded, err := fixtures.Read("fixtures of the emulator", b)
				if err != nil {
					return err
				}
				if b, err = fixtures.Export(loaded.Contents, loaded.Library); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(a.Out, "%s\n", strings.TrimRight(string(b), "\n"))
			return err
		}),
	}
}

func (a *app) fixturesLoad() *cobra.Command {
	return &cobra.Command{
		Use:   "load FILE...|-",
		Short: "Replace the account by files; deploys, dedup ids and suggestions are forgotten",
		Long: `load replaces the account of the running emulator by what the files hold, as if it had been started with --fixtures: a
service container starts before the checkout. Deploys, dedup ids and suggestions are forgotten.`,
		Example: "  bubblelevel fixtures load opslevel.yml\n  bubblelevel fixtures load 'services/**/opslevel.yml' teams.yaml\n  curl -sS https://example.com/account.yaml | bubblelevel fixtures load -",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hinted("usage: "+cmd.UseLine(), "%s needs a file, or - for stdin", cmd.CommandPath())
			}
			return nil
		},
		RunE: running(func(cmd *cobra.Command, args []string) error {
			loaded, err := a.readFixtures(args)
			if err != nil {
				return err
			}
			b, err := fixtures.ExportJSON(loaded.Contents, loaded.Library)
			if err != nil {
				return err
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			for _, line := range noteLines(loaded.Notes, mostNotes) {
				a.tell("%s", line)
			}
			notes, err := c.LoadFixtures(cmd.Context(), b)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(checked{Sources: loaded.Sources, Services: len(loaded.Contents.Services), Notes: notes})
			}
			for _, n := range notes {
				a.tell("note: %s", n)
			}
			return a.say("the account is now that of %s", sourcesText(loaded))
		}),
	}
}

// checked is what was read, in JSON.
type checked struct {
	Sources  []fixtures.Source `json:"sources"`
	Services int               `json:"services"`
	Notes    []string          `json:"notes,omitempty"`
	// Places are the notes with file, line and column.
	Places []yamlfile.Note `json:"places,omitempty"`
}

func (a *app) fixturesCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check [FILE...]",
		Short: "Read files as --fixtures would, and say what is wrong or odd; needs no emulator",
		Long: `check reads files as --fixtures would. What is wrong is printed with file, line and column and makes the exit code 2;
what is odd is a note. Without a file it reads the opslevel.yml that serve would find.`,
		Example: "  bubblelevel fixtures check 'services/**/opslevel.yml'",
		RunE: running(func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				name, ok := fixtures.Discover(a.Dir)
				if !ok {
					return usage("there is no opslevel.yml from here up to the root of the repository, so name a file")
				}
				args = []string{name}
			}
			loaded, err := a.readFixtures(args)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(checked{Sources: loaded.Sources, Services: len(loaded.Contents.Services), Places: loaded.Notes})
			}
			for _, line := range noteLines(loaded.Notes, 0) {
				a.tell("%s", line)
			}
			return a.say("ok: %s", sourcesText(loaded))
		}),
	}
}

// readFixtures reads files and patterns, or stdin for "-".
func (a *app) readFixtures(names []string) (fixtures.Loaded, error) {
	if len(names) == 1 && names[0] == "-" {
		b, err := a.readInput("-")
		if err != nil {
			return fixtures.Loaded{}, err
		}
		loaded, err := fixtures.Read("stdin", b)
		if err != nil {
			return loaded, &failure{code: exitUsage, err: fixtureError(err), hint: "`bubblelevel help fixture` shows the form"}
		}
		return loaded, nil
	}
	return a.loadFixtures(names)
}
