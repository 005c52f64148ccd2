// Package cli is the command line: one file a command, each of which reads its flags, calls one room and prints.
//
// Data and event lines go to stdout, diagnostics to stderr. An error is printed as "error: what happened" with a second
// line "hint: the cure", and its kind decides the exit code (see [Run]).
package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// IO is all that a command may touch of its surroundings.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Dir is the working directory.
	Dir string
}

// app is what the commands share.
type app struct {
	IO
	// args are the words of the command line, so that serve --detach can run them again.
	args []string
	// interrupted is closed by Ctrl-C: a read of stdin waits for it too.
	interrupted <-chan struct{}
	url, token  string
	output      string
	color       string
}

// Run executes one command line and returns the exit code: 0 done; 1 a runtime error, also a send that was refused; 2
// wrong usage; 3 could not bind, the store is held, or no emulator was found. `help exit-codes` lists them all.
func Run(ctx context.Context, args []string, stdio IO) int {
	defer survivePipes()()
	a := &app{IO: stdio, args: args, interrupted: ctx.Done()}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdio.In)
	root.SetOut(stdio.Out)
	root.SetErr(stdio.Err)
	return a.report(root.ExecuteContext(ctx))
}

// root is the command tree. Without a command it takes serve's flags and serves.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "bubblelevel",
		Short: "A faithful local OpsLevel for deploy webhooks, that tells what OpsLevel does not",
		Long: strings.TrimSpace(`
bubblelevel answers deploy webhooks exactly as OpsLevel does (a mock, a stub, a test server for pipelines that report
their deploys), keeps what arrived, and tells beside the wire what became of it.

Without a command it serves. Every flag can also be set by a variable (BUBBLELEVEL_LISTEN for --listen) or in a file
bubblelevel.yaml in the working directory (listen: 127.0.0.1:6775); the flag wins over the variable, the variable over
the file. "bubblelevel help TOPIC" explains: ` + strings.Join(topicNames(), ", ") + `.`),
		Example:       "  bubblelevel\n  bubblelevel serve --detach\n  bubblelevel send --set service=cart\n  bubblelevel events list finding:silent\n  bubblelevel help query",
		Args:          a.noArgs,
		Version:       versionText(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetVersionTemplate(fmt.Sprintf("%s\n", theBuild()))
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().StringVar(&a.url, "url", "", "the running emulator to talk to (default: found by itself)")
	root.PersistentFlags().StringVar(&a.token, "token", "", "the token of the control API")
	root.PersistentFlags().StringVar(&a.output, "output", "text", "text or json")
	root.PersistentFlags().StringVar(&a.color, "color", "auto", "auto, always or never; NO_COLOR means never")
	complete(root, "color", "auto", "always", "never")
	complete(root, "output", "text", "json")
	a.serving(root)
	root.SetHelpCommand(a.help())
	root.AddCommand(
		a.serve(),
		a.stop(),
		a.wait(),
		a.exec(),
		a.run(),
		a.verify(),
		a.probe(),
		a.send(),
		a.render(),
		a.replay(),
		a.newScenario(),
		a.scaffold(),
		a.fire(),
		a.firings(),
		a.events(),
		a.services(),
		a.suggestions(),
		a.integrations(),
		a.fixtures(),
		a.clock(),
		a.faults(),
		a.reset(),
		a.fidelity(),
		a.schema(),
		a.tui(),
		a.version(),
	)
	a.completion(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.settle(cmd); err != nil {
			return err
		}
		return a.checkShared(cmd)
	}
	return root
}

// checkShared looks at the values of the flags that every command has.
func (a *app) checkShared(cmd *cobra.Command) error {
	if allowed := outputs(cmd); !contains(allowed, a.output) {
		return usage("--output of %s is %s, not %q", cmd.CommandPath(), orList(allowed), a.output)
	}
	if allowed := []string{"auto", "always", "never"}; !contains(allowed, a.color) {
		return usage("--color is %s, not %q", orList(allowed), a.color)
	}
	return nil
}
