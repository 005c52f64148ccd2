package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// pollEvery is how often wait and stop look again.
const pollEvery = 50 * time.Millisecond

// stopPatience is how long stop waits for the emulator to be gone.
const stopPatience = 10 * time.Second

// strangerGrace is how long wait prefers an emulator that has yet to start here to one of another directory that answers.
const strangerGrace = 3 * time.Second

func (a *app) stop() *cobra.Command {
	return &cobra.Command{
		Use:     "stop",
		Short:   "End the running emulator, as SIGTERM would, and wait until it is gone",
		Example: "  bubblelevel serve --detach && bubblelevel send && bubblelevel stop",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			h, err := c.Health(cmd.Context())
			if err != nil {
				return err
			}
			if err := c.Stop(cmd.Context()); err != nil {
				return err
			}
			if !poll(cmd.Context(), stopPatience, func(ctx context.Context) bool { return a.ended(ctx, c, h.PID) }) {
				return &failure{code: exitRuntime, err: fmt.Errorf("the emulator at %s is still there after %s", c.URL, stopPatience),
					hint: fmt.Sprintf("it may wait for a request under way; otherwise end the process %d", h.PID)}
			}
			return nil
		}),
	}
}

// ended says whether an emulator is gone: nobody answers, and it has taken its ready file away, which is the last that it
// does. Its store can be opened again then.
func (a *app) ended(ctx context.Context, c *client.Client, pid int) bool {
	_, err := c.Health(ctx)
	var unreachable *client.UnreachableError
	if !errors.As(err, &unreachable) {
		return false
	}
	p, err := a.place()
	if err != nil {
		return true
	}
	r, err := readReady(p.ready)
	return err != nil || r.PID != pid
}

func (a *app) wait() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:     "wait",
		Short:   "Wait until the emulator answers; also a container's health check",
		Example: "  bubblelevel serve & bubblelevel wait --timeout 10s",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			if timeout <= 0 {
				return usage("--timeout is more than 0, not %s", timeout)
			}
			if _, err := a.candidates(); err != nil {
				return err // no waiting mends the command line
			}
			var last error
			// An emulator of another directory may sit at the default port while ours is still starting.
			fired, stop := clock.System{}.After(strangerGrace)
			defer stop()
			ready := func(ctx context.Context) bool {
				notYet := func(err error) bool {
					if last == nil || ctx.Err() == nil { // a look that the deadline cut short says less than the one before
						last = err
					}
					return false
				}
				c, err := a.emulator(ctx)
				if err != nil {
					return notYet(err)
				}
				h, err := c.Health(ctx)
				if err == nil && h.Status != "ok" {
					err = errors.New(h.Error)
				}
				if err != nil {
					return notYet(err)
				}
				if a.url != "" || a.strangerOf(h.PID) == "" {
					return true
				}
				select {
				case <-fired:
					a.tell("this is the emulator of another directory, at %s; name it with --url to say that it is meant", c.URL)
					return true
				default:
					return notYet(fmt.Errorf("only the emulator of another directory answers, at %s", c.URL))
				}
			}
			if poll(cmd.Context(), timeout, ready) {
				return nil
			}
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			return &failure{code: exitNotReady, err: fmt.Errorf("not ready after %s: %w", timeout, last),
				hint: startHint}
		}),
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 30*time.Second, "how long to wait")
	return cmd
}

// poll asks until done says yes, at most for patience.
func poll(ctx context.Context, patience time.Duration, done func(context.Context) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if done(ctx) {
			return true
		}
		next, stop := clock.System{}.After(pollEvery)
		select {
		case <-ctx.Done():
			stop()
			return false
		case <-next:
		}
	}
}

func (a *app) reset() *cobra.Command {
	return &cobra.Command{
		Use:     "reset",
		Short:   "Put the running emulator back to its fixtures: no deploys, no dedup ids, no suggestions",
		Example: "  bubblelevel reset && ./pipeline.sh && bubblelevel events list",
		Args:    a.noArgs,
		RunE: running(func(cmd *cobra.Command, _ []string) error {
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			return c.Reset(cmd.Context())
		}),
	}
}
