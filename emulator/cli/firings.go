package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
)

func (a *app) firings() *cobra.Command {
	list := a.firingsList()
	cmd := &cobra.Command{
		Use:     "firings",
		Short:   "List, show and replay the webhooks that the running emulator has fired",
		Example: "  bubblelevel firings\n  bubblelevel firings list status:FAILURE\n  bubblelevel firings show 12\n  bubblelevel firings replay 12",
		Args:    a.noArgs,
		RunE:    list.RunE,
	}
	cmd.Flags().AddFlagSet(list.Flags())
	cmd.AddCommand(list, a.firingsShow(), a.firingsReplay())
	return cmd
}

func (a *app) firingsList() *cobra.Command {
	return a.listing((*client.Client).Firings, &cobra.Command{
		Use:     "list [QUERY...]",
		Short:   "List firings, the newest last",
		Long:    "list prints the newest firings that answer a query, the newest last. Of a firing, status is SUCCESS, FAILURE or PENDING,\nhttp the status of the answer, url and body those of the request, and problem the ids and severities of its problems.",
		Example: "  bubblelevel firings list service:django_test status:FAILURE",
	})
}

func (a *app) firingsShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show SEQ",
		Short:             "Show one firing: what was sent, what was answered, what was made of it",
		Example:           "  bubblelevel firings show 12\n  bubblelevel firings show 12 --output json",
		Args:              exactly(1, "the number of a firing"),
		ValidArgsFunction: a.completeFiring,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, seq, err := a.firingNamed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			e, err := c.Firing(cmd.Context(), seq)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(e)
			}
			if err := a.say("%s", e.Why); err != nil {
				return err
			}
			return a.printFiring(e.Firing, seq)
		}),
	}
}

func (a *app) firingsReplay() *cobra.Command {
	return &cobra.Command{
		Use:   "replay SEQ",
		Short: "Fire again what was recorded: the same webhook in the same context",
		Long: `replay fires the webhook of a recorded firing again, in the context it had then, and records it as a new firing. No
service is created. What was masked in the record (secrets) comes from the template, as it is now. A secret that was an
input of the run is not kept: such a firing is refused, and the hint names the input to give in a new run.
The exit code is 1 when the webhook failed.`,
		Example:           "  bubblelevel firings replay 12",
		Args:              exactly(1, "the number of a firing"),
		ValidArgsFunction: a.completeFiring,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, seq, err := a.firingNamed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return a.fireAgain(cmd.Context(), c, seq)
		}),
	}
}

func (a *app) firingNamed(ctx context.Context, word string) (*client.Client, uint64, error) {
	seq, err := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 64)
	if err != nil {
		return nil, 0, usage("%q is not the number of a firing", word)
	}
	c, err := a.emulator(ctx)
	return c, seq, err
}

// completeFiring completes the number of a firing, with what it was.
func (a *app) completeFiring(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	recent := func(ctx context.Context, c *client.Client) (found []string) {
		page, err := c.Firings(ctx, client.Page{Limit: 20})
		if err != nil {
			return nil
		}
		for _, e := range page.Events {
			found = append(found, fmt.Sprintf("%d\t%s", e.Seq, e.Line()))
		}
		return found
	}
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.known(cmd, recent), cobra.ShellCompDirectiveNoFileComp
}
