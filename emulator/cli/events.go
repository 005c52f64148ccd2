package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func (a *app) events() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events",
		Short: "List, show, follow and export what the running emulator has recorded",
		Args:  cobra.NoArgs,
		RunE:  running(func(cmd *cobra.Command, _ []string) error { return cmd.Help() }),
	}
	cmd.AddCommand(a.eventsList(), a.eventsShow(), a.eventsTail(), a.eventsExport())
	return cmd
}

func (a *app) eventsList() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:     "list [QUERY...]",
		Short:   "List events, the newest last",
		Example: "  bubblelevel events list service:shopping_cart result:ok",
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			page, err := c.Events(cmd.Context(), client.Page{Query: strings.Join(args, " "), Limit: limit})
			if err != nil {
				return err
			}
			slices.Reverse(page.Events)
			for _, e := range page.Events {
				a.printEvent(e)
			}
			return nil
		}),
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many, from 1 to 1000")
	return cmd
}

func (a *app) eventsShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show SEQ",
		Short:   "Show one event whole: what arrived, what was answered, and why",
		Example: "  bubblelevel events show 12\n  bubblelevel events show 12 --output json",
		Args:    cobra.ExactArgs(1),
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
				a.printEvent(e)
				return nil
			}
			_, err = fmt.Fprint(a.Out, e.Text())
			return err
		}),
	}
}

func (a *app) eventsTail() *cobra.Command {
	var after uint64
	cmd := &cobra.Command{
		Use:   "tail [QUERY...]",
		Short: "Follow events as they happen, until Ctrl-C",
		RunE: running(func(cmd *cobra.Command, args []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			var from *uint64
			if cmd.Flags().Changed("after") {
				from = &after
			}
			err = c.Stream(cmd.Context(), strings.Join(args, " "), from, func(item client.Item) error {
				if item.Gap != nil {
					fmt.Fprintf(a.Err, "events %d to %d have left the window unseen\n", item.Gap.From, item.Gap.To)
					return nil
				}
				a.printEvent(item.Event)
				return nil
			})
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		}),
	}
	cmd.Flags().Uint64Var(&after, "after", 0, "begin after this event instead of with what happens from now on")
	return cmd
}

func (a *app) eventsExport() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "export [QUERY...]",
		Short:   "Print every recorded event, the oldest first, as JSON lines or as curl commands",
		Example: "  bubblelevel events export --format curl result:rejected",
		RunE: running(func(cmd *cobra.Command, args []string) error {
			if format != "jsonl" && format != "curl" {
				return usage("--format is jsonl or curl, not %q", format)
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			h, err := c.Health(cmd.Context())
			if err != nil {
				return err
			}
			return eachEvent(cmd.Context(), c, strings.Join(args, " "), func(e *event.Event) error {
				if format == "curl" {
					if e.Request == nil {
						return nil
					}
					_, err := fmt.Fprintln(a.Out, e.Curl(origin(h.IntegrationURL)))
					return err
				}
				b, err := json.Marshal(e)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.Out, "%s\n", b)
				return err
			})
		}),
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", "jsonl or curl")
	return cmd
}

// eachEvent pages through all events that match, the oldest first.
func eachEvent(ctx context.Context, c *client.Client, query string, each func(*event.Event) error) error {
	var after uint64
	for {
		page, err := c.Events(ctx, client.Page{Query: query, Limit: 1000, After: &after})
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			if err := each(e); err != nil {
				return err
			}
		}
		if page.Next == nil {
			return nil
		}
		after = *page.Next
	}
}

// origin is the scheme and host of a URL.
func origin(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}
