package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// complete makes the shell offer the values of a flag.
func complete(cmd *cobra.Command, flag string, values ...string) {
	// It fails for a flag that is not there only, and the inherited --output is not there yet.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// completion finishes the commands that cobra makes: each shows how it is used, and a shell that there is none for is an
// error and not a page of help, which a profile would read as a script.
func (a *app) completion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if c, _, err := root.Find([]string{"completion"}); err == nil && c != root {
		c.Args = a.noArgs
		c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	for name, example := range map[string]string{
		"completion":            "  bubblelevel completion bash\n  bubblelevel completion zsh",
		"completion bash":       "  source <(bubblelevel completion bash)",
		"completion zsh":        "  bubblelevel completion zsh >\"${fpath[1]}/_bubblelevel\"",
		"completion fish":       "  bubblelevel completion fish >~/.config/fish/completions/bubblelevel.fish",
		"completion powershell": "  bubblelevel completion powershell | Out-String | Invoke-Expression",
	} {
		if c, _, err := root.Find(strings.Fields(name)); err == nil && c != root {
			c.Example = example
		}
	}
}

// completeOrFile makes the shell offer the values of a flag, and files beside them.
func completeOrFile(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveDefault))
}

// completeFields makes the shell offer the fields of a deploy for flags: with "=" behind it where a value is to follow.
func completeFields(cmd *cobra.Command, behind string, flags ...string) {
	directive := cobra.ShellCompDirectiveNoFileComp
	if behind != "" {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	var values []string
	for _, f := range finding.Fields() {
		values = append(values, f+behind)
	}
	for _, flag := range flags {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, directive))
	}
}

// completeFindings makes the shell offer the ids of findings for a flag, with their titles; and more values before them.
func completeFindings(cmd *cobra.Command, flag string, more ...string) {
	for _, d := range finding.All() {
		more = append(more, d.ID+"\t"+d.Title)
	}
	complete(cmd, flag, more...)
}

// completeQueries makes the shell offer the words of a query for flags.
func (a *app) completeQueries(cmd *cobra.Command, flags ...string) {
	for _, flag := range flags {
		_ = cmd.RegisterFlagCompletionFunc(flag, a.completeQuery)
	}
}

// completePatience is how long a Tab may wait for the emulator.
const completePatience = 500 * time.Millisecond

// known asks the running emulator for names to complete with. Without one there are none: a Tab is no place for errors.
func (a *app) known(cmd *cobra.Command, list names) []string {
	if a.settle(cmd) != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completePatience)
	defer cancel()
	c, err := a.emulator(ctx)
	if err != nil {
		return nil
	}
	return list(ctx, c)
}

// completeSuggestion completes the alias of a suggestion, and behind it a service.
func (a *app) completeSuggestion(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	switch {
	case len(args) == 0:
		return a.known(cmd, suggestedAliases), cobra.ShellCompDirectiveNoFileComp
	case len(args) == 1 && cmd.Name() == "bind":
		return a.known(cmd, serviceAliases), cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// completeQuery completes a word of a query: names of fields, and values as the running emulator has seen them.
func (a *app) completeQuery(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	values := func(f query.Field) []string { return a.seen(cmd, f) }
	directive := cobra.ShellCompDirectiveNoFileComp
	var found []string
	for _, c := range query.Complete(typed, values) {
		word := typed[:c.Start] + c.Text
		if strings.HasSuffix(word, ":") {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		if c.Doc != "" {
			word += "\t" + c.Doc
		}
		found = append(found, word)
	}
	return found, directive
}

// seenEvents is how many events are asked for the values of a field.
const seenEvents = 200

// seen are values of a field: of the account where it has them, else of the last events.
func (a *app) seen(cmd *cobra.Command, f query.Field) []string {
	switch f {
	case query.Service, query.Alias:
		return a.known(cmd, serviceAliases)
	case query.Integration:
		return a.known(cmd, integrationUUIDs)
	}
	return a.known(cmd, func(ctx context.Context, c *client.Client) (found []string) {
		page, err := c.Events(ctx, client.Page{Limit: seenEvents})
		if err != nil {
			return nil
		}
		for _, e := range page.Events {
			for _, v := range e.Values(nil, f) {
				if v != "" && !slices.Contains(found, v) {
					found = append(found, v)
				}
			}
		}
		return found
	})
}
