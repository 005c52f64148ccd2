package cli

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/query"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

func (a *app) services() *cobra.Command {
	list := a.servicesList()
	cmd := &cobra.Command{
		Use:     "services",
		Short:   "List the services of the running emulator, add one, or give one an alias",
		Example: "  bubblelevel services\n  bubblelevel services add 'Shopping Cart' --alias cart --owner shop\n  bubblelevel services alias shopping_cart acme/cart",
		Args:    a.noArgs,
		RunE:    list.RunE,
	}
	cmd.AddCommand(list, a.servicesAdd(), a.servicesAlias())
	return cmd
}

func (a *app) servicesList() *cobra.Command {
	return &cobra.Command{
		Use:               "list [QUERY...]",
		Short:             "List services",
		Example:           "  bubblelevel services list\n  bubblelevel services list service:shopping_cart --output json",
		ValidArgsFunction: a.completeQuery,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			q, err := readQuery(args, query.Service, query.Alias, query.Description)
			if err != nil {
				return err
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			all, err := c.Services(cmd.Context(), q)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(all)
			}
			var rows [][]string
			for _, s := range all {
				rows = append(rows, []string{s.Slug, s.Name, orDash(s.Owner), orDash(s.Tier), orDash(strings.Join(s.Aliases, ", "))})
			}
			return a.tableOr("no service", []string{"SERVICE", "NAME", "OWNER", "TIER", "ALIASES"}, rows)
		}),
	}
}

// serviceFlags are what a service can be given where it is made.
type serviceFlags struct {
	owner, tier, lifecycle, product, language, framework, description string
	aliases                                                           []string
}

func (f *serviceFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.aliases, "alias", nil, "a further alias; repeatable")
	flags.StringVar(&f.owner, "owner", "", "the alias of the team that owns it")
	flags.StringVar(&f.tier, "tier", "", "its tier, such as tier_1")
	flags.StringVar(&f.lifecycle, "lifecycle", "", "its lifecycle stage, such as generally_available")
	complete(cmd, "tier", levelAliases(catalog.DefaultTiers())...)
	complete(cmd, "lifecycle", levelAliases(catalog.DefaultLifecycles())...)
	flags.StringVar(&f.product, "product", "", "the product it belongs to")
	flags.StringVar(&f.language, "language", "", "the language it is written in")
	flags.StringVar(&f.framework, "framework", "", "the framework it is written with")
	flags.StringVar(&f.description, "description", "", "what it is")
}

func (f *serviceFlags) service(name string) catalog.Service {
	return catalog.Service{
		Name: name, Aliases: f.aliases, Owner: f.owner, Tier: f.tier, Lifecycle: f.lifecycle, Product: f.product,
		Language: f.language, Framework: f.framework, Description: f.description,
	}
}

func (a *app) servicesAdd() *cobra.Command {
	var f serviceFlags
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add a service; deploys that named one of its aliases belong to it",
		Example: "  bubblelevel services add 'Shopping Cart' --alias cart --owner shop --tier tier_1",
		Args:    exactly(1, "the name of the service"),
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			s, err := c.CreateService(cmd.Context(), f.service(args[0]))
			if err != nil {
				return err
			}
			return a.printService(s, "was added")
		}),
	}
	f.add(cmd)
	return cmd
}

// printService says what became of a service.
func (a *app) printService(s catalog.Service, became string) error {
	if a.output == "json" {
		return a.printJSON(s)
	}
	return a.say("service %s (%s) %s", s.Slug, s.Name, became)
}

func (a *app) servicesAlias() *cobra.Command {
	return &cobra.Command{
		Use:     "alias SERVICE ALIAS",
		Short:   "Give a service one more alias",
		Example: "  bubblelevel services alias shopping_cart acme/cart",
		Args:    exactly(2, "a service and its new alias"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return a.known(cmd, serviceAliases), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			if err := c.AddAlias(cmd.Context(), args[0], args[1]); err != nil {
				return near(cmd.Context(), c, err, args[0], serviceAliases)
			}
			if a.output == "json" {
				return a.printJSON(map[string]string{"service": args[0], "alias": args[1]})
			}
			return a.say("alias %s now belongs to %s", args[1], args[0])
		}),
	}
}

// names lists what a mistyped word could have meant.
type names func(context.Context, *client.Client) []string

func serviceAliases(ctx context.Context, c *client.Client) (found []string) {
	all, err := c.Services(ctx, "")
	if err != nil {
		return nil
	}
	for _, s := range all {
		found = append(append(found, s.Slug), s.Aliases...)
	}
	return found
}

// near adds to the error about a name that is not there the one that was probably meant.
func near(ctx context.Context, c *client.Client, err error, name string, known names) error {
	var refused *client.Error
	if !errors.As(err, &refused) || refused.HTTP != http.StatusNotFound {
		return err
	}
	hint := yamlfile.DidYouMean(name, known(ctx, c))
	if hint == "" {
		hint = cureOf(refused)
	}
	return &failure{code: exitRuntime, err: err, hint: hint}
}

// exactly checks the number of arguments, and says which are missing.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return hinted("usage: "+cmd.UseLine(), "%s takes %s, not %s", cmd.CommandPath(), what, count(len(args), "argument"))
		}
		if contains(args, "") {
			return hinted("is a variable of the shell empty that stands here?", "%s takes %s, and an argument is empty", cmd.CommandPath(), what)
		}
		return nil
	}
}

// atMost refuses more arguments than a command has a use for.
func atMost(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		return hinted("usage: "+cmd.UseLine(), "%s takes %s, not %s", cmd.CommandPath(), what, count(len(args), "argument"))
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// tableOr prints a table, or a line on stderr where it would be empty.
func (a *app) tableOr(none string, heading []string, rows [][]string) error {
	if len(rows) == 0 {
		a.tell("%s", none)
		return nil
	}
	return a.table(heading, rows)
}

func levelAliases(levels []catalog.Level) (aliases []string) {
	for _, l := range levels {
		aliases = append(aliases, l.Alias)
	}
	return aliases
}
