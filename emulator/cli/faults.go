package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

func (a *app) faults() *cobra.Command {
	list := a.faultsList()
	cmd := &cobra.Command{
		Use:   "faults",
		Short: "List the failures that the running emulator injects; add or remove some",
		Long: `A fault makes the emulator fail on purpose: answer 503, wait, reset the connection, lose an answer. Which requests it hits
says a query, and how many of them --first, --every and --probability. What was hit stands in the journal, marked:
fault:any in a query finds it. Faults are in memory alone; a reset keeps them and counts anew.`,
		Example: "  bubblelevel faults\n  bubblelevel faults add status --status 503 --retry-after 2s --first 2 'service:cart'\n" +
			"  bubblelevel faults add lost_answer --first 1\n  bubblelevel faults clear\n  bubblelevel help faults",
		Args: a.noArgs,
		RunE: list.RunE,
	}
	cmd.AddCommand(list, a.faultsAdd(), a.faultsRemove(), a.faultsClear(), a.faultsKinds())
	return cmd
}

func (a *app) faultsList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the faults in force with their counters, in the order in which they decide",
		Example: "  bubblelevel faults list --output json",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			all, err := c.Faults(cmd.Context())
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(all)
			}
			return a.tableOr("no fault", []string{"ID", "KIND", "ON", "SETTINGS", "SCOPE", "HIT", "SEEN"}, faultRows(all))
		}),
	}
}

func faultRows(all []fault.Status) (rows [][]string) {
	for _, s := range all {
		hit := strconv.Itoa(s.Hit)
		if s.Over {
			hit += " (over)"
		}
		rows = append(rows, []string{s.ID, string(s.Kind), string(s.On), orDash(settingsOf(s.Fault)), orDash(scopeOf(s.Fault)), hit, strconv.Itoa(s.Seen)})
	}
	return rows
}

// settingsOf are the settings of a fault as they were given.
func settingsOf(f fault.Fault) string {
	var words []string
	for _, s := range []struct{ name, value string }{
		{"status", number(f.Status)}, {"retry-after", string(f.RetryAfter)}, {"delay", string(f.Delay)}, {"jitter", string(f.Jitter)},
		{"bytes", number(f.Bytes)}, {"location", f.Location},
	} {
		if s.value != "" {
			words = append(words, s.name+"="+s.value)
		}
	}
	return strings.Join(words, " ")
}

// scopeOf says which requests a fault hits.
func scopeOf(f fault.Fault) string {
	var words []string
	if f.First > 0 {
		words = append(words, "first "+number(f.First))
	}
	if f.Every > 1 {
		words = append(words, "every "+number(f.Every))
	}
	if f.Probability != nil {
		words = append(words, "probability "+strconv.FormatFloat(*f.Probability, 'g', -1, 64))
	}
	if f.Query != "" {
		words = append(words, f.Query)
	}
	return strings.Join(words, " ")
}

// number is n, empty for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (a *app) faultsRemove() *cobra.Command {
	return &cobra.Command{
		Use:     "remove ID...",
		Short:   "Take faults out of force",
		Example: "  bubblelevel faults remove status-2",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || contains(args, "") {
				return hinted("`bubblelevel faults` lists them; `bubblelevel faults clear` removes all", "faults remove needs the id of a fault")
			}
			return nil
		},
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return a.known(cmd, faultIDs), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			for _, id := range args {
				if err := c.RemoveFault(cmd.Context(), id); err != nil {
					return near(cmd.Context(), c, err, id, faultIDs)
				}
				if a.output != "json" {
					if err := a.say("fault %s is removed", id); err != nil {
						return err
					}
				}
			}
			if a.output == "json" {
				return a.printJSON(map[string]any{"removed": args})
			}
			return nil
		}),
	}
}

func faultIDs(ctx context.Context, c *client.Client) (found []string) {
	all, err := c.Faults(ctx)
	if err != nil {
		return nil
	}
	for _, s := range all {
		found = append(found, s.ID)
	}
	return found
}

func (a *app) faultsClear() *cobra.Command {
	return &cobra.Command{
		Use:     "clear",
		Short:   "Take every fault out of force",
		Example: "  bubblelevel faults clear",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			if err := c.ClearFaults(cmd.Context()); err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(map[string]any{"cleared": true})
			}
			return a.say("no fault is in force")
		}),
	}
}

func (a *app) faultsKinds() *cobra.Command {
	return &cobra.Command{
		Use:     "kinds",
		Short:   "Explain the kinds of fault and their settings",
		Example: "  bubblelevel faults kinds --output json",
		Args:    a.noArgs,
		RunE: running(func(*cobra.Command, []string) error {
			if a.output == "json" {
				return a.printJSON(fault.Kinds())
			}
			_, err := fmt.Fprint(a.Out, kindsText())
			return err
		}),
	}
}

// kindsText is a paragraph for each kind.
func kindsText() string {
	var b strings.Builder
	for i, d := range fault.Kinds() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "## %s\n\n%s\n\n%s\n\n    %s\n", d.Kind, wrap(d.Doc), wrap("Settings: "+strings.Join(d.Settings, ", ")+"."), d.Example)
	}
	return b.String()
}
