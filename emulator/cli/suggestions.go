package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func (a *app) suggestions() *cobra.Command {
	list := a.suggestionsList()
	cmd := &cobra.Command{
		Use:   "suggestions",
		Short: "List the services that deploys have suggested; accept, bind or ignore one",
		Long: `A deploy that names an alias which no service has is recorded, and suggests a service, once per alias. Accepting it
makes a service of it, binding it gives the alias to a service that is there; the deploys of the alias belong to that
service then, and the next one is answered ok.`,
		Example: "  bubblelevel suggestions\n  bubblelevel suggestions accept cart --name 'Shopping Cart' --owner shop\n  bubblelevel suggestions bind cart shopping_cart\n  bubblelevel suggestions ignore tmp-123",
		Args:    a.noArgs,
		RunE:    list.RunE,
	}
	cmd.Flags().AddFlagSet(list.Flags())
	cmd.AddCommand(list, a.suggestionsAccept(), a.suggestionsBind(), a.suggestionsIgnore())
	return cmd
}

func (a *app) suggestionsList() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:               "list [QUERY...]",
		Short:             "List suggestions, the newest first",
		Example:           "  bubblelevel suggestions list --all --output json",
		ValidArgsFunction: a.completeQuery,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			q, err := readQuery(args, query.Service, query.Alias, query.Newer, query.Older, query.At)
			if err != nil {
				return err
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			found, err := c.Suggestions(cmd.Context(), q)
			if err != nil {
				return err
			}
			if !all {
				found = slices.DeleteFunc(found, func(s catalog.Suggestion) bool { return s.State != catalog.Open })
			}
			if a.output == "json" {
				return a.printJSON(found)
			}
			return a.tableOr("no suggestion", []string{"ALIAS", "STATE", "DEPLOYS", "LAST SEEN", "SERVICE", "LOOKS LIKE"}, suggestionRows(found))
		}),
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that were accepted, bound or ignored")
	return cmd
}

func suggestionRows(found []catalog.Suggestion) (rows [][]string) {
	for _, s := range found {
		rows = append(rows, []string{
			s.Alias, string(s.State), strconv.Itoa(s.Deploys), s.LastSeen.UTC().Format(time.RFC3339), orDash(s.Service), orDash(strings.Join(s.Near, ", ")),
		})
	}
	return rows
}

func (a *app) suggestionsAccept() *cobra.Command {
	var f serviceFlags
	var name string
	cmd := &cobra.Command{
		Use:               "accept ALIAS",
		Short:             "Make a service of a suggestion",
		Example:           "  bubblelevel suggestions accept cart --name 'Shopping Cart' --owner shop",
		Args:              exactly(1, "the alias of a suggestion"),
		ValidArgsFunction: a.completeSuggestion,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			s, err := c.Accept(cmd.Context(), args[0], f.service(name))
			if err != nil {
				return near(cmd.Context(), c, err, args[0], suggestedAliases)
			}
			return a.printService(s, "was made of the suggestion "+args[0])
		}),
	}
	cmd.Flags().StringVar(&name, "name", "", "the name of the service (default: the alias)")
	f.add(cmd)
	return cmd
}

func (a *app) suggestionsBind() *cobra.Command {
	return &cobra.Command{
		Use:               "bind ALIAS SERVICE",
		Short:             "Give the alias of a suggestion to a service that is there",
		Example:           "  bubblelevel suggestions bind cart shopping_cart",
		Args:              exactly(2, "the alias of a suggestion and a service"),
		ValidArgsFunction: a.completeSuggestion,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			err = c.Bind(cmd.Context(), args[0], args[1])
			if err != nil && err.Error() == catalog.ErrNoService.Error() {
				return near(cmd.Context(), c, err, args[1], serviceAliases)
			}
			if err != nil {
				return near(cmd.Context(), c, err, args[0], suggestedAliases)
			}
			return a.printSettled(args[0], catalog.Bound, args[1])
		}),
	}
}

func (a *app) suggestionsIgnore() *cobra.Command {
	return &cobra.Command{
		Use:               "ignore ALIAS",
		Short:             "Put a suggestion away; it can still be accepted or bound",
		Example:           "  bubblelevel suggestions ignore tmp-123",
		Args:              exactly(1, "the alias of a suggestion"),
		ValidArgsFunction: a.completeSuggestion,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			if err := c.Ignore(cmd.Context(), args[0]); err != nil {
				return near(cmd.Context(), c, err, args[0], suggestedAliases)
			}
			return a.printSettled(args[0], catalog.Ignored, "")
		}),
	}
}

// printSettled says what became of a suggestion.
func (a *app) printSettled(alias string, state catalog.SuggestionState, service string) error {
	if a.output == "json" {
		return a.printJSON(catalog.Suggestion{Alias: alias, State: state, Service: service})
	}
	if service != "" {
		return a.say("alias %s now belongs to %s", alias, service)
	}
	return a.say("suggestion %s is "+string(state), alias)
}

func suggestedAliases(ctx context.Context, c *client.Client) (found []string) {
	all, err := c.Suggestions(ctx, "")
	if err != nil {
		return nil
	}
	for _, s := range all {
		if s.State == catalog.Open || s.State == catalog.Ignored {
			found = append(found, s.Alias)
		}
	}
	return found
}
