package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/journal"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// The exit codes. `help exit-codes` explains them.
const (
	exitOK      = 0
	exitRuntime = 1
	exitUsage   = 2
	// exitNotReady: could not bind, the store is held by another process, no emulator found, or not ready in time.
	exitNotReady = 3
	// exitPipe: whoever read our stdout has gone; what a shell reports of a program that SIGPIPE ended.
	exitPipe = 128 + int(syscall.SIGPIPE)
	// exitInterrupted: Ctrl-C before the work was done.
	exitInterrupted = 128 + int(syscall.SIGINT)
)

// failure is an error with its exit code and its cure.
type failure struct {
	code int
	err  error
	hint string
	// told: everything there is to say has been printed already.
	told bool
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usage is a mistake in the command line.
func usage(format string, args ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, args...), hint: "`bubblelevel help COMMAND` shows the flags and examples"}
}

// hinted is a mistake in the command line with a cure of its own.
func hinted(hint, format string, args ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, args...), hint: hint}
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

// report prints an error, if there is one, and returns the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, syscall.EPIPE) {
		return exitPipe
	}
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	code, hint := classify(err)
	var f *failure
	if errors.As(err, &f) && f.told {
		return code
	}
	fmt.Fprintf(a.Err, "%s %v\n", a.paint(a.Err, red, "error:"), err)
	if hint != "" {
		fmt.Fprintf(a.Err, "%s %s\n", a.paint(a.Err, cyan, "hint:"), hint)
	}
	return code
}

// startHint is the cure where no emulator is found.
const startHint = "start one with `bubblelevel serve`, or name a running one with --url or BUBBLELEVEL_URL"

// classify finds the exit code and the cure of an error. What no command has marked comes from cobra: the command line
// itself was wrong.
func classify(err error) (code int, hint string) {
	var f *failure
	if errors.As(err, &f) && (f.hint != "" || f.code != exitRuntime) {
		return f.code, f.hint
	}
	if code, hint, ok := knownError(err); ok {
		return code, hint
	}
	if f != nil {
		return f.code, ""
	}
	return exitUsage, "`bubblelevel help` lists the commands and their flags"
}

// knownError is the exit code and the cure of an error of another room.
func knownError(err error) (code int, hint string, ok bool) {
	var locked *journal.LockedError
	var wrong *journal.RefusedError
	var bind *emulator.BindError
	var upstream *emulator.UpstreamError
	var unreachable *client.UnreachableError
	var refused *client.Error
	switch {
	case errors.As(err, &locked):
		return exitNotReady, "stop that process, or give this one its own --db PATH (or --db :memory:)", true
	case errors.As(err, &wrong):
		return exitNotReady, "name a plain file with --db PATH, or use --db :memory:", true
	case errors.As(err, &bind) && errors.Is(err, fs.ErrPermission):
		return exitNotReady, "ports below 1024 are kept for root on most systems; --listen 127.0.0.1:0 takes a free port that is not", true
	case errors.As(err, &bind) && errors.Is(err, syscall.EADDRNOTAVAIL):
		return exitNotReady, "no network of this machine has that address; 127.0.0.1 is this machine alone, 0.0.0.0 all its networks", true
	case errors.As(err, &bind):
		return exitNotReady, "another program listens there, perhaps another bubblelevel; --listen 127.0.0.1:0 takes a free port", true
	case errors.As(err, &upstream):
		return exitUsage, upstream.Hint, true
	case errors.As(err, &unreachable):
		return exitNotReady, startHint, true
	case errors.As(err, &refused):
		return exitRuntime, cureOf(refused), true
	}
	return 0, "", false
}

// cureOf is the cure of a refusal in the words of the command line: the control API speaks to programs, of routes and headers.
func cureOf(refused *client.Error) string {
	cure := map[string]string{
		"token_needed":   "name it with --token or BUBBLELEVEL_TOKEN; it stands in the ready file of that emulator",
		"no_such_event":  "`bubblelevel events list` shows which there are",
		"no_such_firing": "`bubblelevel firings list` shows which there are",
		"full":           "start another emulator, or put a smaller account in its place with `bubblelevel fixtures load`",
		"bad_webhook":    "`bubblelevel help fire` shows the flags",
	}[refused.Code]
	switch programs := strings.Contains(refused.Hint, httpapi.Prefix); {
	case refused.Code == "not_found" && programs:
		return "`bubblelevel faults` lists them"
	case cure == "" || refused.Code == "full" && !programs:
		return refused.Hint
	}
	return cure
}

// noArgs refuses words after a command that takes none. Behind one that has commands of its own such a word is a command
// mistyped.
func (a *app) noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.HasAvailableSubCommands() {
		return usage("%s takes no argument such as %q", cmd.CommandPath(), args[0])
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	hint := yamlfile.DidYouMean(args[0], names)
	if near := cmd.SuggestionsFor(args[0]); hint == "" && len(near) > 0 {
		hint = fmt.Sprintf("did you mean %q?", near[0])
	}
	if hint == "" {
		hint = "the commands are " + strings.Join(names, ", ")
	}
	return hinted(hint, "%s has no command %q", cmd.CommandPath(), args[0])
}

// flagError explains a flag that cobra could not read.
func flagError(cmd *cobra.Command, err error) error {
	hint := "`" + cmd.CommandPath() + " --help` lists the flags"
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		f := invalid.GetFlag()
		err = fmt.Errorf("invalid argument %q for %q flag: %w", invalid.GetValue(), "--"+f.Name, wrongValue(f, invalid.GetValue(), err))
	}
	if errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := unknown.GetSpecifiedName()
		switch {
		case unknown.GetSpecifiedShortnames() != "" && strings.Contains(cmd.Use, "QUERY"):
			hint = "a word that begins with - is a flag: in a query write not:... for -..."
		default:
			if near := yamlfile.DidYouMean("--"+name, names); near != "" {
				hint = near
			}
		}
	}
	return &failure{code: exitUsage, err: err, hint: hint}
}
