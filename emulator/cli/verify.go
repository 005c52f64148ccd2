package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// The exit codes of an expectation.
const (
	exitNotMet     = 4
	exitIncomplete = 5
)

// boundFlags say how many events are expected.
type boundFlags struct {
	times, min, max int
}

func (f *boundFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.times, "times", 0, "exactly so many")
	cmd.Flags().IntVar(&f.min, "min", 0, "so many or more (default 1)")
	cmd.Flags().IntVar(&f.max, "max", 0, "so many or fewer")
}

// apply gives x the bounds that the command line names.
func (f *boundFlags) apply(cmd *cobra.Command, x *expect.Expectation) (any bool) {
	for name, bound := range map[string]struct{ from, to **int }{
		"times": {ptr(&f.times), &x.Times}, "min": {ptr(&f.min), &x.Min}, "max": {ptr(&f.max), &x.Max},
	} {
		if cmd.Flags().Changed(name) {
			*bound.to, any = *bound.from, true
		}
	}
	return any
}

func ptr[T any](v T) *T { return &v }

type verifyFlags struct {
	boundFlags
	never          bool
	within, settle time.Duration
	since          uint64
	allow          []string
	report         reportFlags
}

func (a *app) verify() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify [QUERY...]",
		Short: "Wait until what was expected has arrived at the running emulator; the exit code is the verdict",
		Long: `verify asks the running emulator whether the deploys that the query describes have arrived: at least one, unless
--times, --min, --max or --never say otherwise. It looks at what is there and, with --within, waits for the rest.

A 202 is no proof, since OpsLevel gives one for a deploy that it drops. So a deploy counts only if OpsLevel really has
it, and one that matches and was lost makes the verdict red, unless the same deploy was recorded later. A query that asks
for what is not kept (result:rejected, finding:silent, http:4xx) is taken as it stands. --never looks at everything that
was sent. Counting starts anew at a reset.

At least: decided as soon as they are there. --max and --never: when violated, else at the end of --within. --times: once
nothing more has come for --settle, at the latest at the end of --within.

The exit code is 0 when it is met, 4 when not, 5 when it cannot be told (events have left the window).`,
		Example: "  bubblelevel verify service:shopping_cart environment:Production\n" +
			"  bubblelevel verify --times 1 --within 10s service:cart\n" +
			"  bubblelevel verify --never 'message:/(secret|token)/'\n" +
			"  bubblelevel verify integration:$UUID newer:5m     # one of several pipelines that share an emulator",
		ValidArgsFunction: a.completeQuery,
		RunE:              running(func(cmd *cobra.Command, args []string) error { return a.runVerify(cmd, f, args) }),
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.never, "never", false, "none at all, whatever became of it")
	flags.DurationVar(&f.within, "within", 0, "how long to wait for what has not come yet, up to an hour")
	flags.DurationVar(&f.settle, "settle", expect.DefaultSettle, "how long nothing more must come before --times is believed")
	flags.Uint64Var(&f.since, "since", 0, "leave out the events up to and with this one")
	flags.StringArrayVar(&f.allow, "allow", nil, "a finding that does not make a deploy a lost one, such as silent.unknown_alias")
	f.report.add(cmd)
	completeFindings(cmd, "allow")
	return cmd
}

func (a *app) runVerify(cmd *cobra.Command, f verifyFlags, args []string) error {
	x, err := f.expectation(cmd, args)
	if err != nil {
		return err
	}
	c, err := a.emulator(cmd.Context())
	if err != nil {
		return err
	}
	v, err := c.Verify(cmd.Context(), x)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("the wait was broken off before it was decided: %w", err)
		}
		return err
	}
	r := newReport("verify", v)
	if err := a.publish(f.report, r); err != nil {
		return errors.Join(err, verdictError(v))
	}
	if a.output == "json" {
		if err := a.printJSON(v); err != nil {
			return err
		}
	} else if v.Met() {
		if err := a.say("met: %s", v.Why); err != nil {
			return err
		}
	} else {
		a.tellBlock(v.Text())
	}
	return verdictError(v)
}

// expectation is what the flags and words say.
func (f *verifyFlags) expectation(cmd *cobra.Command, args []string) (x expect.Expectation, err error) {
	if x.Query, err = query.FromArgs(args...); err != nil {
		return x, queryError(err)
	}
	x.Never, x.Within, x.Since, x.Allow = f.never, expect.Duration(f.within), f.since, f.allow
	if f.within > httpapi.MaxWithin {
		return x, hinted("wait again in a loop, or with less", "--within is a time up to %s, not %s", httpapi.MaxWithin, f.within)
	}
	if cmd.Flags().Changed("settle") {
		x.Settle = (*expect.Duration)(&f.settle)
	}
	f.apply(cmd, &x)
	return x, expectationError(x.Check())
}

// expectationError makes a mistake in an expectation one of the command line.
func expectationError(err error) error {
	var wrong *expect.Error
	if errors.As(err, &wrong) {
		return hinted(wrong.Hint, "%s", wrong.Message)
	}
	return err
}

// verdictError is the end of a command whose expectation was not met; nil where it was.
func verdictError(v expect.Verdict) error {
	switch v.Outcome {
	case expect.Met:
		return nil
	case expect.Incomplete:
		return &failure{code: exitIncomplete, err: errors.New("the verdict is incomplete")}
	}
	return &failure{code: exitNotMet, err: errors.New("the expectation is not met")}
}

// tellBlock prints a text of several lines, which has been cleaned, on stderr. On GitHub no line of it can be taken for
// a workflow command.
func (a *app) tellBlock(text string) {
	if a.onGitHub() {
		text = neutralLines(text)
	}
	if text = strings.TrimRight(text, "\n"); text != "" {
		fmt.Fprintln(a.Err, text)
	}
}
