package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

func (a *app) clock() *cobra.Command {
	show := a.clockStep("show", "Show the time of the running emulator", "  bubblelevel clock show --output json", httpapi.ClockMove{})
	cmd := &cobra.Command{
		Use:   "clock",
		Short: "Show, freeze, set and advance the clock of the running emulator",
		Long: `The clock of an emulator runs with the machine's until it is moved. With it move the times at which deploys are received,
the ages in queries (newer:5m), the findings about dates, the end of an integration's --ttl, now in Liquid, and what waits
for time to pass. It never goes backwards. How long something takes, and the timeouts of HTTP, stay real.`,
		Example: "  bubblelevel clock\n  bubblelevel clock freeze\n  bubblelevel clock advance 25h\n  bubblelevel clock set 2030-01-02T03:04:05Z\n  bubblelevel clock run",
		Args:    a.noArgs,
		RunE:    show.RunE,
	}
	cmd.AddCommand(show,
		a.clockStep("freeze", "Let the clock stand still where it is", "  bubblelevel clock freeze", httpapi.ClockMove{State: httpapi.ClockFrozen}),
		a.clockStep("run", "Let the clock run on from where it stands", "  bubblelevel clock run", httpapi.ClockMove{State: httpapi.ClockRunning}),
		a.clockAdvance(), a.clockSet())
	return cmd
}

// clockStep is a command without an argument; the zero step only shows.
func (a *app) clockStep(name, short, example string, step httpapi.ClockMove) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, Example: example, Args: a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error { return a.moveClock(cmd.Context(), step) }),
	}
}

func (a *app) clockAdvance() *cobra.Command {
	return &cobra.Command{
		Use:     "advance DURATION",
		Short:   "Move the clock forward; a frozen one stays frozen",
		Example: "  bubblelevel clock advance 90s\n  bubblelevel clock advance 25h",
		Args:    exactly(1, "how far, such as 1h"),
		RunE: running(func(cmd *cobra.Command, args []string) error {
			d, err := time.ParseDuration(args[0])
			if err != nil || d <= 0 {
				return hinted("write 90s, 1h30m or 25h", "%q is not a time to go forward", args[0])
			}
			return a.moveClock(cmd.Context(), httpapi.ClockMove{Advance: args[0]})
		}),
	}
}

func (a *app) clockSet() *cobra.Command {
	return &cobra.Command{
		Use:     "set TIME",
		Short:   "Move the clock forward to a time; a frozen one stays frozen",
		Example: "  bubblelevel clock set 2030-01-02T03:04:05Z",
		Args:    exactly(1, "a time such as 2030-01-02T03:04:05Z"),
		RunE: running(func(cmd *cobra.Command, args []string) error {
			if _, err := time.Parse(time.RFC3339, args[0]); err != nil {
				return hinted("write it as RFC 3339 does: 2030-01-02T03:04:05Z", "%q is not a time", args[0])
			}
			return a.moveClock(cmd.Context(), httpapi.ClockMove{Set: args[0]})
		}),
	}
}

func (a *app) moveClock(ctx context.Context, step httpapi.ClockMove) error {
	c, err := a.emulator(ctx)
	if err != nil {
		return err
	}
	ask := c.Clock
	if step != (httpapi.ClockMove{}) {
		ask = func(ctx context.Context) (httpapi.ClockState, error) { return c.MoveClock(ctx, step) }
	}
	state, err := ask(ctx)
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.printJSON(state)
	}
	return a.say("%s %s", state.Now.Format(time.RFC3339), state.State)
}
