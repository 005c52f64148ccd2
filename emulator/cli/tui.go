package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
	"github.com/bubblelevel/bubblelevel/tui"
)

// tui is the terminal UI on an emulator that runs elsewhere.
func (a *app) tui() *cobra.Command {
	var f tuiFlags
	cmd := &cobra.Command{
		Use:   "tui [URL]",
		Short: "The terminal UI on a running emulator",
		Long: `tui shows what a running emulator records, as it happens. Without a URL it finds the emulator as all commands do.
Ending it leaves the emulator running.`,
		Example: "  bubblelevel tui\n  bubblelevel tui http://127.0.0.1:6775",
		Args:    atMost(1, "one URL"),
		RunE: running(func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				a.url = args[0]
			}
			if err := f.check(); err != nil {
				return err
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			in, out, ok := a.terminal()
			if !ok && !f.plain {
				return usage("the terminal UI needs a terminal; --plain prints lines, and `bubblelevel events tail` follows for programs")
			}
			src := &remote{liquidBench: newLiquidBench(), bystander: bystander{a}, client: c}
			defer src.Close()
			return a.runTUI(cmd.Context(), src, f, in, out, clock.System{}.Now, func() []byte {
				return fixtures.Sample("shopping_cart", clock.Random{}.UUID(), clock.System{}.Now())
			})
		}),
	}
	f.flags(cmd)
	a.completeQueries(cmd, "filter")
	return cmd
}

// The values of the flags below.
func screenNames() []string {
	return []string{"deploys", "duplicates", "suggestions", "services", "firings", "playground"}
}
func themeNames() []string { return []string{"auto", "mono", "16", "colorblind"} }
func mouseModes() []string { return []string{"auto", "on", "off"} }

// check refuses what the terminal UI would pass over, also where there is no terminal to show it: a script that names a
// screen which is not there shall not learn of it from its first reader.
func (f tuiFlags) check() error {
	for _, one := range []struct {
		flag, value string
		known       []string
	}{{"screen", f.screen, screenNames()}, {"theme", f.theme, themeNames()}, {"mouse", f.mouse, mouseModes()}} {
		value := strings.ToLower(strings.TrimSpace(one.value))
		if value == "" || contains(one.known, value) {
			continue
		}
		hint := yamlfile.DidYouMean(value, one.known)
		if hint == "" {
			hint = "write --" + one.flag + " " + one.known[0]
		}
		return hinted(hint, "--%s is %s, not %q", one.flag, orList(one.known), one.value)
	}
	_, err := readQuery([]string{f.filter})
	return err
}

// tuiFlags are the tastes of the person in front of the terminal.
type tuiFlags struct {
	plain, ascii  bool
	theme, screen string
	mouse, filter string
}

func (f *tuiFlags) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.plain, "plain", false, "print a line for each event instead of drawing screens")
	cmd.Flags().BoolVar(&f.ascii, "ascii", false, "draw with ASCII alone")
	cmd.Flags().StringVar(&f.theme, "theme", "auto", orList(themeNames()))
	cmd.Flags().StringVar(&f.mouse, "mouse", "auto", orList(mouseModes()))
	cmd.Flags().StringVar(&f.screen, "screen", "", "the screen to begin with: "+orList(screenNames()))
	cmd.Flags().StringVar(&f.filter, "filter", "", "a query to begin with")
	complete(cmd, "theme", themeNames()...)
	complete(cmd, "mouse", mouseModes()...)
	complete(cmd, "screen", screenNames()...)
}

// terminal is standard input and output, and whether both are a terminal.
func (a *app) terminal() (in, out *os.File, ok bool) {
	in, _ = a.In.(*os.File)
	out, _ = a.Out.(*os.File)
	return in, out, tui.Terminal(in) && tui.Terminal(out)
}

func (a *app) runTUI(ctx context.Context, src tui.Source, f tuiFlags, in, out *os.File, now func() time.Time, sample func() []byte) error {
	err := tui.Run(ctx, src, tui.Options{
		In: in, Out: out, Color: a.color, Theme: f.theme, Plain: f.plain, ASCII: f.ascii, Mouse: f.mouse,
		Now: now, Sample: sample, Screen: f.screen, Filter: f.filter, Dir: a.Dir,
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// show is the terminal UI on the emulator of this process, which ends with it.
func (a *app) show(ctx context.Context, s *emulator.Server, store string, f tuiFlags, in, out *os.File) error {
	src := &local{liquidBench: newLiquidBench(), bystander: bystander{a}, server: s, store: store, http: client.New("", "").HTTP}
	return a.runTUI(ctx, src, f, in, out, s.Clock().Now, func() []byte {
		return fixtures.Sample(s.SampleService(), clock.Random{}.UUID(), s.Clock().Now())
	})
}

// behindScreen keeps what is printed while a screen is drawn: the ready line is not needed there, and what is said on
// stderr is said by the function that it returns, once the screen is gone.
func (a *app) behindScreen() (after func()) {
	said, stderr := &bytes.Buffer{}, a.Err
	a.Out, a.Err = io.Discard, said
	return func() { stderr.Write(said.Bytes()) }
}
