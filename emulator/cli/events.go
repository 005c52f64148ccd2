package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

func (a *app) events() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "events",
		Short:   "List, show, follow and export what the running emulator has recorded",
		Example: "  bubblelevel events list result:duplicate_deploy\n  bubblelevel events show 12\n  bubblelevel events tail finding:silent",
		Args:    a.noArgs,
		RunE:    running(func(cmd *cobra.Command, _ []string) error { return cmd.Help() }),
	}
	cmd.AddCommand(a.eventsList(), a.eventsShow(), a.eventsTail(), a.eventsExport())
	return cmd
}

func (a *app) eventsList() *cobra.Command {
	return a.listing((*client.Client).Events, &cobra.Command{
		Use:     "list [QUERY...]",
		Short:   "List events, the newest last",
		Long:    "list prints the newest events that answer a query, the newest last; --output json prints one object a line.\nbubblelevel help query explains the language.",
		Example: "  bubblelevel events list service:shopping_cart result:ok\n  bubblelevel events list http:4xx newer:5m not:finding:silent --limit 20",
	})
}

// listing makes cmd print the newest of what ask answers to a query.
func (a *app) listing(ask func(*client.Client, context.Context, client.Page) (client.Events, error), cmd *cobra.Command) *cobra.Command {
	var limit int
	cmd.ValidArgsFunction = a.completeQuery
	cmd.RunE = running(func(cmd *cobra.Command, args []string) error {
		q, err := readQuery(args)
		if err != nil {
			return err
		}
		if limit < 1 || limit > httpapi.MaxPage {
			return usage("--limit is from 1 to %d, not %d", httpapi.MaxPage, limit)
		}
		c, err := a.emulator(cmd.Context())
		if err != nil {
			return err
		}
		page, err := ask(c, cmd.Context(), client.Page{Query: q, Limit: limit})
		if err != nil {
			return err
		}
		slices.Reverse(page.Events)
		for _, e := range page.Events {
			if err := a.printEvent(e); err != nil {
				return err
			}
		}
		a.tellRest(page)
		return nil
	})
	cmd.Flags().IntVar(&limit, "limit", httpapi.DefaultPage, "how many, from 1 to 1000")
	return cmd
}

// tellRest says what a list does not show.
func (a *app) tellRest(page client.Events) {
	switch {
	case page.Next != nil:
		a.tell("there are older ones; --limit shows more, `bubblelevel events export` all")
	case page.EvictedBefore > 1:
		a.tell("%s", goneBefore(page.EvictedBefore))
	}
}

func (a *app) eventsShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show SEQ",
		Short:   "Show one event whole: what arrived, what was answered, and why",
		Example: "  bubblelevel events show 12\n  bubblelevel events show 12 --output json",
		Args:    exactly(1, "the number of an event"),
		// The same numbers as replay offers: what holds a request is what one wants to see.
		ValidArgsFunction: a.completeReplay,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			seq, err := strconv.ParseUint(strings.TrimPrefix(args[0], "#"), 10, 64)
			if err != nil {
				return usage("%q is not the number of an event", args[0])
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			e, err := c.Event(cmd.Context(), seq)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(e)
			}
			_, err = fmt.Fprint(a.Out, a.forPeople(e.Text()))
			return err
		}),
	}
}

func (a *app) eventsTail() *cobra.Command {
	var after uint64
	var number int
	cmd := &cobra.Command{
		Use:               "tail [QUERY...]",
		Short:             "Follow events as they happen, until Ctrl-C",
		Example:           "  bubblelevel events tail\n  bubblelevel events tail finding:silent --output json\n  bubblelevel events tail --after 0 --count 1 result:ok",
		ValidArgsFunction: a.completeQuery,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			q, err := readQuery(args)
			if err != nil {
				return err
			}
			if number < 0 {
				return usage("--count cannot be negative")
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			var from *uint64
			if cmd.Flags().Changed("after") {
				from = &after
			}
			err = c.Stream(cmd.Context(), q, from, a.tail(number))
			if errors.Is(err, context.Canceled) || errors.Is(err, errEnough) {
				return nil
			}
			return err
		}),
	}
	cmd.Flags().Uint64Var(&after, "after", 0, "begin after this event instead of with what happens from now on")
	cmd.Flags().IntVar(&number, "count", 0, "end after so many events (default: never)")
	return cmd
}

// errEnough ends a tail that has shown what it was asked for.
var errEnough = errors.New("enough")

// tail prints what a stream brings, up to so many events (0: for ever).
func (a *app) tail(number int) func(client.Item) error {
	shown := 0
	return func(item client.Item) error {
		if item.Gap != nil {
			a.tell("events %d to %d have left the window unseen", item.Gap.From, item.Gap.To)
			return nil
		}
		if err := a.printEvent(item.Event); err != nil {
			return err
		}
		if shown++; shown == number {
			return errEnough
		}
		return nil
	}
}

func (a *app) eventsExport() *cobra.Command {
	var format string
	var whole bool
	cmd := &cobra.Command{
		Use:   "export [QUERY...]",
		Short: "Print every recorded event, the oldest first, as JSON lines or as curl commands",
		Long: `export prints every event of the window that answers the query, the oldest first: as JSON, one object a line, or as curl commands
that send the requests to this emulator again. Where no command can (a body of which only the beginning was kept, or one
with a NUL byte), a comment stands in its place. E-mail addresses are replaced unless --no-redact is given, and so is what
looks like a credential; those in headers were masked when the request arrived.`,
		Example:           "  bubblelevel events export >events.jsonl\n  bubblelevel events export --format curl result:rejected",
		ValidArgsFunction: a.completeQuery,
		RunE: running(func(cmd *cobra.Command, args []string) error {
			if format != "jsonl" && format != "curl" {
				return usage("--format is jsonl or curl, not %q", format)
			}
			q, err := readQuery(args)
			if err != nil {
				return err
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			h, err := c.Health(cmd.Context())
			if err != nil {
				return err
			}
			x := exporter{a: a, curl: format == "curl", base: origin(h.IntegrationURL, c.URL)}
			if !whole {
				x.clean = newSecrets(os.Environ()).text
			}
			evicted, err := eachEvent(cmd.Context(), c, q, x.print)
			if gone := goneBefore(evicted); gone != "" {
				a.tell("%s", gone)
			}
			return err
		}),
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", "jsonl or curl")
	cmd.Flags().BoolVar(&whole, "no-redact", false, "leave e-mail addresses and credentials as they are")
	complete(cmd, "format", "jsonl", "curl")
	return cmd
}
