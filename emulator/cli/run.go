package cli

import (
	"errors"
	"fmt"
	"os"
	goruntime "runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

type runFlags struct {
	parallel int
	shuffle  string
	filter   string
	allowRun bool
	allowEnv []string
	failFast bool
	timeout  time.Duration
	list     bool
	show     bool
	report   reportFlags
}

func (a *app) run() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [FILE | FOLDER | NAME]...",
		Short: "Run scenarios: contract tests that are written down, each against an emulator of its own",
		Long: `run reads scenarios and runs them in parallel, each against an emulator of its own, in memory and on a free port. A
scenario sends deploys, runs programs, fires templates, and says what must come of it; "bubblelevel help scenario"
explains the form. Nothing is run where a file is wrong.

A folder stands for the scenarios in it and below. The binary has scenarios of its own, which show what OpsLevel does;
they go by name ("dedup-*" for several), and without arguments run lists them.

The exit code is 0 when all passed, 2 when a scenario is wrong or asks for what is not allowed, 4 when one failed, 5 when
it cannot be told (--timeout).`,
		Example: "  bubblelevel run tests/\n" +
			"  bubblelevel run deploy.yaml --allow-run --report-junit out/scenarios.xml\n" +
			"  bubblelevel run                       # lists the embedded ones\n" +
			"  bubblelevel run --show dedup-drops-the-second >mine.yaml\n" +
			"  bubblelevel run '*'",
		RunE: running(func(cmd *cobra.Command, args []string) error { return a.runRun(cmd, f, args) }),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return scenarios.LibraryNames(), cobra.ShellCompDirectiveDefault
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.parallel, "parallel", goruntime.GOMAXPROCS(0), "how many run at the same time")
	flags.StringVar(&f.shuffle, "shuffle", "", "run them in an order drawn from this number; \"random\" draws the number and prints it")
	flags.StringVar(&f.filter, "filter", "", "only those in whose name or file this regular expression finds something")
	flags.BoolVar(&f.allowRun, "allow-run", false, "permit steps that run programs")
	flags.StringArrayVar(&f.allowEnv, "allow-env", nil, "permit ${env:NAME} for this variable (repeatable; BUBBLELEVEL_VAR_... always may)")
	flags.BoolVar(&f.failFast, "fail-fast", false, "begin no more once one has failed")
	flags.DurationVar(&f.timeout, "timeout", scenarios.DefaultTimeout, "how long one scenario may take")
	flags.BoolVar(&f.list, "list", false, "name the scenarios, and run none")
	flags.BoolVar(&f.show, "show", false, "print the file of an embedded scenario")
	// --filter is serve's in a settings file, and fewer scenarios than somebody thinks would be green for nothing.
	onlyTyped(flags, "allow-run", "allow-env", "filter", "list", "show")
	f.report.add(cmd)
	return cmd
}

func (a *app) runRun(cmd *cobra.Command, f runFlags, args []string) error {
	if f.parallel < 1 || f.parallel > scenarios.MaxParallel {
		return usage("--parallel is 1 to %d, not %d", scenarios.MaxParallel, f.parallel)
	}
	if f.timeout <= 0 {
		return usage("--timeout is more than 0")
	}
	if f.show {
		return a.showScenario(args)
	}
	if len(args) == 0 {
		args, f.list = []string{"*"}, true
	}
	all, err := a.findScenarios(args)
	if err != nil {
		return err
	}
	if all, err = filtered(all, f.filter); err != nil {
		return err
	}
	if f.list {
		return a.listScenarios(all)
	}
	o := scenarios.Options{
		Parallel: f.parallel, AllowRun: f.allowRun, AllowEnv: f.allowEnv, Environ: os.Environ(),
		FailFast: f.failFast, Timeout: f.timeout, Version: versionText(),
	}
	if err := scenarios.Check(all, o); err != nil {
		return scenarioError(err)
	}
	if all, err = a.shuffled(all, f.shuffle); err != nil {
		return err
	}
	live := a.live(len(all))
	o.Done = live.done
	done := scenarios.Run(cmd.Context(), all, o)
	live.end()
	if err := cmd.Context().Err(); err != nil {
		return fmt.Errorf("the run was broken off: %w", err)
	}
	return a.tellRun(f, newRunReport(done))
}

// tellRun prints what became of the scenarios, writes the reports, and ends with the right code.
func (a *app) tellRun(f runFlags, r *runReport) error {
	var err error
	if a.output == "json" {
		err = a.printJSON(r)
	} else {
		err = a.printScenarios(r)
	}
	if published := a.publish(f.report, r); published != nil {
		err = errors.Join(err, published)
	}
	if r.ExitCode == exitOK {
		return err
	}
	if err != nil {
		a.tell("bubblelevel: %v", err)
	}
	return &failure{code: r.ExitCode, err: errors.New(r.Summary), told: true}
}

func (a *app) showScenario(names []string) error {
	if len(names) != 1 {
		return usage("--show takes the name of one embedded scenario")
	}
	src := scenarios.LibrarySource(names[0])
	if src == nil {
		return noScenario(names[0])
	}
	_, err := a.Out.Write(src)
	return err
}

// listedScenario is a scenario in a list.
type listedScenario struct {
	Name        string `json:"name"`
	File        string `json:"file"`
	Description string `json:"description,omitempty"`
	Embedded    bool   `json:"embedded"`
}

func (a *app) listScenarios(all []*scenarios.Scenario) error {
	list := []listedScenario{}
	var rows [][]string
	for _, s := range all {
		list = append(list, listedScenario{s.Name, s.Path, s.Description, s.Embedded})
		rows = append(rows, []string{s.Path, s.Name})
	}
	if a.output == "json" {
		return a.printJSON(list)
	}
	return a.table([]string{"SCENARIO", "SHOWS THAT"}, rows)
}

// scenarioError is a mistake in a scenario.
func scenarioError(err error) error {
	var all yamlfile.Errors
	if !errors.As(err, &all) {
		return err
	}
	return &failure{code: exitUsage, err: errors.New(strings.Join(paragraphs(all), "\n")), hint: "`bubblelevel help scenario` explains the form"}
}

// paragraphs are the errors of a file, cleaned: the file may be another's.
func paragraphs(all yamlfile.Errors) (out []string) {
	for _, e := range all {
		var lines []string
		for line := range strings.SplitSeq(e.Error(), "\n") {
			lines = append(lines, cleanLine(line))
		}
		out = append(out, strings.Join(lines, "\n"))
	}
	return out
}
