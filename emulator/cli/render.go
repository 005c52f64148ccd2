package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

type renderFlags struct {
	context, response string
	matrix, watch     bool
	golden            string
	update            bool
	strict            bool
	errorMode         string
	secrets           []string
}

func (a *app) render() *cobra.Command {
	var f renderFlags
	cmd := &cobra.Command{
		Use:   "render [FILE|-]",
		Short: "Render a Liquid template as OpsLevel does, and say what its author should know",
		Long: `render is a workbench for the templates of a service-creation webhook: url, headers, payload and response template. The
output goes to stdout, byte for byte; problems go to stderr as file:line:column: severity id: message, each with its
cure. Nothing is sent, and no emulator need run.

--context names what the template sees: a JSON file, or one of ` + orList(action.NamedContexts()) + `.
A template that reads response.* also sees an answer: --response is one of ` + orList(action.NamedResponses()) + `, or a
JSON file {"status": 201, "headers": {...}, "body": ...}.
--matrix renders with all of them and shows what breaks. --golden compares the output with a file byte for byte.
Secrets stand in the output as ` + action.Mask + `.

The exit code is 1 where the template cannot be rendered, where the golden file differs, where a row of the matrix
breaks, and with --strict where there is a warning or an error; a problem alone is none.`,
		Example: `  bubblelevel render payload.liquid
  bubblelevel render payload.liquid --context hostile
  bubblelevel render payload.liquid --matrix
  bubblelevel render payload.liquid --context run.json --golden payload.golden --update
  echo '{{ user.name }}' | bubblelevel render
  bubblelevel render headers.liquid --secret deploy_token=DEPLOY_TOKEN --watch`,
		Args: atMost(1, "one file, or - for stdin"),
		RunE: running(func(cmd *cobra.Command, args []string) error { return a.runRender(cmd.Context(), f, args) }),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.context, "context", "documented", "what the template sees: a JSON file, - for stdin, or "+orList(action.NamedContexts()))
	flags.StringVar(&f.response, "response", "", "the answer a response template sees: a JSON file, or "+orList(action.NamedResponses())+" (default created)")
	flags.BoolVar(&f.matrix, "matrix", false, "render with every named context, and every named response if the template reads one")
	flags.BoolVar(&f.watch, "watch", false, "render again whenever a file is saved, until Ctrl-C")
	flags.StringVar(&f.golden, "golden", "", "compare the output with this file")
	flags.BoolVar(&f.update, "update", false, "write the output to the golden file instead")
	flags.BoolVar(&f.strict, "strict", false, "warnings are failures too")
	flags.StringVar(&f.errorMode, "error-mode", "lax", "Ruby's error mode: lax or strict")
	flags.StringArrayVar(&f.secrets, "secret", nil, "a secret and the variable that holds it: alias=VARIABLE (repeatable)")
	completeOrFile(cmd, "context", action.NamedContexts()...)
	completeOrFile(cmd, "response", action.NamedResponses()...)
	complete(cmd, "error-mode", "lax", "strict")
	return cmd
}

func (a *app) runRender(ctx context.Context, f renderFlags, args []string) error {
	name := "-"
	if len(args) == 1 {
		name = args[0]
	} else if in, ok := a.In.(*os.File); ok && terminal(in) {
		return hinted("name a file, or - to type it", "there is no template to render")
	}
	if err := f.check(name); err != nil {
		return err
	}
	bench, err := a.workbench(f)
	if err != nil {
		return err
	}
	if f.watch {
		return a.watchRender(ctx, bench, name)
	}
	return a.renderOnce(ctx, bench, name)
}

// check refuses flags that do not go together.
func (f renderFlags) check(name string) error {
	switch {
	case f.errorMode != "lax" && f.errorMode != "strict":
		return usage("--error-mode is lax or strict, not %q", f.errorMode)
	case f.update && f.golden == "":
		return usage("--update writes the file that --golden names, and none is named")
	case f.matrix && f.golden != "":
		return usage("--matrix has many outputs, and --golden compares one")
	case f.watch && (name == "-" || f.context == "-"):
		return usage("--watch looks at files, not at stdin")
	case f.watch && f.update:
		return usage("--watch with --update would overwrite the golden file at every save")
	case name == "-" && f.context == "-":
		return usage("template and context cannot both come from stdin")
	}
	return nil
}

// workbench is what renderings of one command line have in common.
type workbench struct {
	renderFlags
	renderer *emulator.Renderer
	values   map[string]string // of the secrets, by alias
}

func (a *app) workbench(f renderFlags) (*workbench, error) {
	b := &workbench{renderFlags: f, renderer: emulator.NewRenderer(clock.System{}), values: map[string]string{}}
	for _, pair := range f.secrets {
		alias, variable, ok := strings.Cut(pair, "=")
		if !ok || alias == "" || variable == "" {
			// The text may be the secret itself, so it is not repeated.
			return nil, hinted("write --secret deploy_token=DEPLOY_TOKEN", "--secret takes an alias and the name of a variable: alias=VARIABLE")
		}
		value := a.Getenv(variable)
		if value == "" {
			return nil, hinted("export the variable; the flag takes its name, not the secret", "--secret %s: the variable is not set or empty", alias)
		}
		b.values[alias] = value
	}
	return b, nil
}

// renderOnce renders and prints what was asked for.
func (a *app) renderOnce(ctx context.Context, b *workbench, name string) error {
	source, err := a.readBounded(name, maxTemplateFile)
	if err != nil {
		return err
	}
	if b.matrix {
		return a.renderMatrix(ctx, b, name, string(source))
	}
	seen, err := a.renderContext(b, string(source))
	if err != nil {
		return err
	}
	s, err := b.sheet(ctx, string(source), seen)
	if err != nil {
		return err
	}
	if b.golden != "" && s.Error == nil {
		if err := a.checkGolden(b, &s); err != nil {
			return err
		}
	}
	return a.printSheet(b, name, s)
}

// verdict is the exit of a sheet that has been printed.
func (b *workbench) verdict(s sheet) error {
	switch {
	case s.Error != nil:
		return told("the template cannot be rendered")
	case s.Golden != nil && !s.Golden.Equal:
		return told("the output differs from " + s.Golden.File)
	case b.strict && s.worst() != "":
		return &failure{code: exitRuntime, err: fmt.Errorf("the template has a problem (%s), and --strict makes it a failure", s.worst()), hint: "mend it, or leave --strict out"}
	}
	return nil
}

// told is a failure of which everything has been printed.
func told(what string) error { return &failure{code: exitRuntime, err: errors.New(what), told: true} }
