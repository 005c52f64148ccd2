// Package cli is the command line: one file a command, each of which reads its flags, calls one room and prints.
//
// Data and event lines go to stdout, diagnostics to stderr. An error is printed as "error: what happened" with a second
// line "hint: the cure", and its kind decides the exit code (see [Run]).
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
)

// IO is all that a command may touch of its surroundings.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Dir is the working directory.
	Dir string
}

// The exit codes.
const (
	exitOK      = 0
	exitRuntime = 1
	exitUsage   = 2
	// exitNotReady: could not bind, the store is held by another process, no emulator found, or not ready in time.
	exitNotReady = 3
)

// app is what the commands share.
type app struct {
	IO
	url, token string
	output     string
}

// failure is an error with its exit code and its cure.
type failure struct {
	code int
	err  error
	hint string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// Run executes one command line and returns the exit code: 0 done; 1 a runtime error, also a send that was refused; 2
// wrong usage; 3 could not bind, the store is held, or no emulator was found.
func Run(ctx context.Context, args []string, stdio IO) int {
	a := &app{IO: stdio}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdio.In)
	root.SetOut(stdio.Out)
	root.SetErr(stdio.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	code, hint := classify(err)
	fmt.Fprintf(stdio.Err, "error: %v\n", err)
	if hint != "" {
		fmt.Fprintf(stdio.Err, "hint: %s\n", hint)
	}
	return code
}

// classify finds the exit code and the cure of an error. What no command has classified comes from cobra: the command
// line itself was wrong.
func classify(err error) (code int, hint string) {
	var f *failure
	var locked *journal.LockedError
	var wrong *journal.RefusedError
	var bind *emulator.BindError
	var unreachable *client.UnreachableError
	var refused *client.Error
	switch {
	case errors.As(err, &f):
		if f.hint != "" || f.code != exitRuntime {
			return f.code, f.hint
		}
		if inner, hint := classify(f.err); hint != "" {
			return inner, hint
		}
		return f.code, ""
	case errors.As(err, &locked):
		return exitNotReady, "stop that process, or give this one its own --db PATH (or --db :memory:)"
	case errors.As(err, &wrong):
		return exitNotReady, "name a plain file with --db PATH, or use --db :memory:"
	case errors.As(err, &bind):
		return exitNotReady, "another program listens there, perhaps another bubblelevel; --listen 127.0.0.1:0 takes a free port"
	case errors.As(err, &unreachable):
		return exitNotReady, "start one with `bubblelevel serve`, or name a running one with --url or BUBBLELEVEL_URL"
	case errors.As(err, &refused):
		return exitRuntime, refused.Hint
	}
	return exitUsage, "`bubblelevel help` lists the commands and their flags"
}

// root is the command tree. Without a command it takes serve's flags and serves.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "bubblelevel",
		Short: "A faithful local OpsLevel for deploy webhooks, that tells what OpsLevel does not",
		Long: strings.TrimSpace(`
bubblelevel answers deploy webhooks exactly as OpsLevel does (a mock, a stub, a test server for pipelines that report
their deploys), keeps what arrived, and tells beside the wire what became of it.

Without a command it serves.`),
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.PersistentFlags().StringVar(&a.url, "url", "", "the running emulator to talk to (default: found by itself)")
	root.PersistentFlags().StringVar(&a.token, "token", "", "the token of the control API")
	root.PersistentFlags().StringVar(&a.output, "output", "text", "text or json")
	a.serving(root)
	root.AddCommand(a.serve(), a.stop(), a.wait(), a.send(), a.events(), a.reset(), a.fidelity(), a.version())
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.fromEnvironment(cmd); err != nil {
			return err
		}
		if a.output != "text" && a.output != "json" {
			return usage("--output is text or json, not %q", a.output)
		}
		return nil
	}
	return root
}

// usage is a mistake in the command line.
func usage(format string, args ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, args...), hint: "`bubblelevel help COMMAND` shows the flags and examples"}
}

// runtime marks an error that is not the command line's fault.
func runtime(err error) error {
	var f *failure
	if err == nil || errors.As(err, &f) {
		return err
	}
	return &failure{code: exitRuntime, err: err}
}

// running wraps the work of a command: whatever goes wrong in it is not a mistake in the command line.
func running(work func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error { return runtime(work(cmd, args)) }
}
