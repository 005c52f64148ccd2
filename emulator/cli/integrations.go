package cli

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

func (a *app) integrations() *cobra.Command {
	list := a.integrationsList()
	cmd := &cobra.Command{
		Use:   "integrations",
		Short: "List the webhook URLs of the running emulator; create or retire one",
		Long: `An integration is one webhook URL. Pipelines that share an emulator each create their own, so that neither sees the
other's dedup ids, and integration:UUID in a query shows what arrived on it.`,
		Example: "  bubblelevel integrations\n  bubblelevel integrations create --name pr-17 --ttl 1h --output env >>\"$GITHUB_ENV\"\n  bubblelevel integrations retire 11111111-1111-4111-8111-111111111111",
		Args:    a.noArgs,
		RunE:    list.RunE,
	}
	cmd.AddCommand(list, a.integrationsCreate(), a.integrationsRetire())
	return cmd
}

func (a *app) integrationsList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List webhook URLs, retired ones too",
		Example: "  bubblelevel integrations list --output json",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			all, err := c.Integrations(cmd.Context())
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(all)
			}
			t, err := c.Clock(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, i := range all {
				rows = append(rows, []string{string(i.Type), orDash(i.Name), stateOf(i.Integration, t.Now), i.URL})
			}
			return a.tableOr("no integration", []string{"TYPE", "NAME", "STATE", "URL"}, rows)
		}),
	}
}

// stateOf says whether a webhook URL accepts deploys, and until when.
func stateOf(i catalog.Integration, now time.Time) string {
	switch {
	case i.RetiredAt != nil && !now.Before(*i.RetiredAt):
		return "retired"
	case !i.Live(now):
		return "expired"
	case i.ExpiresAt != nil:
		return "until " + i.ExpiresAt.UTC().Format(time.RFC3339)
	}
	return "live"
}

func (a *app) integrationsCreate() *cobra.Command {
	var n client.NewIntegration
	var kind string
	var ttl time.Duration
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Add a webhook URL and print it",
		Long: `create adds a webhook URL and prints it. --output env prints the variables that senders and bubblelevel itself read,
one NAME=value a line, ready for "$GITHUB_ENV", an env file, or a shell: set -a; eval "$(...)"; set +a`,
		Example:     "  bubblelevel integrations create --type jenkins\n  bubblelevel integrations create --name pr-17 --ttl 1h --output env >>\"$GITHUB_ENV\"",
		Args:        a.noArgs,
		Annotations: map[string]string{outputsKey: "text,env,json"},
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			n.Type = catalog.IntegrationType(kind)
			if types := typeNames(); !contains(types, kind) {
				hint := yamlfile.DidYouMean(kind, types)
				if hint == "" {
					hint = "the types are " + strings.Join(types, ", ")
				}
				return hinted(hint, "--type %q is no type of integration", kind)
			}
			if cmd.Flags().Changed("ttl") {
				if ttl <= 0 {
					return usage("--ttl must be longer than nothing, such as 1h")
				}
				n.TTL = ttl.String()
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			made, err := c.CreateIntegration(cmd.Context(), n)
			if err != nil {
				return err
			}
			return a.printIntegration(c, made)
		}),
	}
	cmd.Flags().StringVar(&kind, "type", "deploy", strings.Join(typeNames(), ", "))
	cmd.Flags().StringVar(&n.Name, "name", "", "what it is for")
	cmd.Flags().StringVar(&n.UUID, "uuid", "", "the uuid in its URL (default: a new one)")
	cmd.Flags().DurationVar(&ttl, "ttl", 0, "retire it by itself after this time, such as 1h (default: never)")
	complete(cmd, "type", typeNames()...)
	complete(cmd, "output", outputs(cmd)...)
	return cmd
}

func typeNames() (names []string) {
	for _, t := range catalog.IntegrationTypes() {
		names = append(names, string(t))
	}
	return names
}

func (a *app) printIntegration(c *client.Client, i httpapi.Integration) error {
	switch a.output {
	case "json":
		return a.printJSON(i)
	case "env":
		return a.printEnv(c, i)
	}
	_, err := fmt.Fprintln(a.Out, i.URL)
	return err
}

// printEnv prints what a pipeline needs, under the names that OpsLevel's action (OPSLEVEL_INTEGRATION_URL), its command
// (OL_INTEGRATION_URL) and bubblelevel read.
func (a *app) printEnv(c *client.Client, i httpapi.Integration) error {
	lines := []string{
		"OPSLEVEL_INTEGRATION_URL=" + i.URL,
		"OL_INTEGRATION_URL=" + i.URL,
		"BUBBLELEVEL_URL=" + c.URL,
		"BUBBLELEVEL_INTEGRATION=" + i.UUID,
	}
	switch {
	case c.Token == "":
	case strings.ContainsFunc(c.Token, unsafeInShell):
		a.tell("BUBBLELEVEL_TOKEN is left out: the token has characters that a shell would change")
	default:
		lines = append(lines, "BUBBLELEVEL_TOKEN="+c.Token)
	}
	_, err := fmt.Fprintln(a.Out, strings.Join(lines, "\n"))
	return err
}

// shellWord is a text as a word of a command that may be pasted: in quotes where it needs them.
func shellWord(text string) string {
	if text == "" || strings.ContainsFunc(text, unsafeInShell) {
		return event.ShellQuote(text)
	}
	return text
}

// unsafeInShell says whether a shell would change r in a word without quotes.
func unsafeInShell(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-_.:/@%+=,", r)
}

func (a *app) integrationsRetire() *cobra.Command {
	return &cobra.Command{
		Use:     "retire UUID|URL",
		Short:   "Make a webhook URL invalid: deploys to it are answered 404, and told apart from one never known",
		Example: "  bubblelevel integrations retire 11111111-1111-4111-8111-111111111111",
		Args:    exactly(1, "the uuid or the URL of an integration"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return a.known(cmd, integrationUUIDs), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: running(func(cmd *cobra.Command, args []string) error {
			uuid := path.Base(strings.TrimRight(args[0], "/"))
			if !catalog.ValidUUID(uuid) {
				return hinted("`bubblelevel integrations` lists them", "%q is neither the uuid nor the URL of an integration", args[0])
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			if err := c.Retire(cmd.Context(), uuid); err != nil {
				return near(cmd.Context(), c, err, uuid, integrationUUIDs)
			}
			if a.output == "json" {
				return a.printJSON(map[string]any{"uuid": uuid, "retired": true})
			}
			return a.say("integration %s is retired", uuid)
		}),
	}
}

func integrationUUIDs(ctx context.Context, c *client.Client) (found []string) {
	all, err := c.Integrations(ctx)
	if err != nil {
		return nil
	}
	for _, i := range all {
		if i.RetiredAt == nil {
			found = append(found, i.UUID)
		}
	}
	return found
}
