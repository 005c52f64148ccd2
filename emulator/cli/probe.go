package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/probe"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

type probeFlags struct {
	execFlags
	rerun        bool
	environments []string
	systems      []string
	variables    []string
	values       []string
	noValues     bool
	inCopy       bool
	maxRuns      int
	faultFile    string
	// trials are the faults to try, one a run; nil for none.
	trials []fault.Fault
}

// Limits of a probe. Each run has a limit of its own, --timeout.
const (
	// defaultMaxRuns is how often the sender is run at most.
	defaultMaxRuns = 150
	// defaultRunTimeout is how long one run may take; a probe cannot wait for ever, as exec does.
	defaultRunTimeout = time.Minute
)

func (a *app) probe() *cobra.Command {
	var f probeFlags
	cmd := &cobra.Command{
		Use:   "probe [--rerun] [--faults[=FILE]] [flags] -- COMMAND [ARG...]",
		Short: "Run a sender with hostile values, and again as the next run; tell what arrived changed, lost or twice",
		Long: `probe runs a command that reports deploys many times, each time against a fresh emulator of its own. First with
harmless values, which tells which of them reach the payload; then each of these with quotes, line breaks, backslashes,
$(...), emoji, 100 kB and more. It tells what arrived unchanged, changed, broken (OpsLevel refuses it), twice or not at
all, with what was put in, what arrived, the likely cause and the cure.

The values stand where CI systems have them: the variables of GitHub Actions (with the file of GITHUB_EVENT_PATH),
CircleCI, Jenkins, GitLab and Octopus (get_octopusvariable in bash), all at once unless --system names some, variables
that --variable names, and the newest commit of a throw-away git repository. A value only stands where the system could
hold it. ${{ github.NAME }} and #{Octopus.NAME} in the command line are filled in as these systems do: as text.

The command runs in this folder. GIT_DIR and GIT_WORK_TREE name the throw-away repository, so that git log shows its
commit and nothing that the command does with git can reach yours. A program that reads .git itself (the OpsLevel CLI)
does not see it: --in-copy runs the command in a copy of this folder that has the throw-away repository as its .git.
The command runs many times: let it report only, and not deploy.

--rerun goes on at one integration: the same run with each --environment, once more as a second try, and the next run,
with run ids, attempts and commits as the CI systems count them. Constant and colliding dedup ids show only there. The
environment stands in ENVIRONMENT, ENVIRONMENT_NAME, DEPLOY_ENV, DEPLOY_ENVIRONMENT, TARGET_ENVIRONMENT and the system's
own, in OPSLEVEL_ENVIRONMENT where it is set already, and for {environment} in the command line. A second try that is
dropped as the same deploy is a note and no failure. The runs follow each other within a second: an id that is made of the
second is forgiven, as real runs are further apart. One that is made of the minute or the day is not: two deploys within
that time are no rarity, and the second is lost.

--faults adds a run for each fault: an outage, a 503 with Retry-After, 500, 429, an answer after 11 s, a reset, an empty
answer, one that is lost on its way back, a redirect to https and a 404; or those of a FILE (see help faults), one at a
time. It tells whether the command tries again, how often, when, and with the same dedup_id. Red is only what loses or
doubles a deploy while the command ends with 0; that it fails where its report fails is a warning, for you to decide.

Exit codes are those of exec: with harmless values the command's own where it fails; 4 if anything is lost, doubled or
changed; 5 if it cannot be told. White space at the ends, a first line alone and a cut of a long text change no deploy:
they are told and do not fail it (the latter two do with --strict). --allow NAME permits what becomes of a value
or behind a fault.`,
		Example: "  bubblelevel probe -- ./ci/report-deploy.sh\n" +
			"  bubblelevel probe --rerun --environment staging --environment production -- ./ci/report-deploy.sh {environment}\n" +
			"  bubblelevel probe --system gitlab --allow markup --report-junit out/probe.xml -- make report-deploy\n" +
			"  bubblelevel probe --no-values --faults -- ./ci/report-deploy.sh\n" +
			"  bubblelevel probe --variable RELEASE_NOTES --value newline --value double-quote -- ./report.py",
		Args: func(cmd *cobra.Command, args []string) error {
			if args = f.command(args); len(args) == 0 {
				return hinted("bubblelevel probe -- COMMAND ARG...", "probe needs a command to run")
			}
			return nil
		},
		RunE: running(func(cmd *cobra.Command, args []string) error { return a.runProbe(cmd, f, f.command(args)) }),
	}
	a.probeFlags(cmd, &f)
	return cmd
}

func (a *app) probeFlags(cmd *cobra.Command, f *probeFlags) {
	flags := cmd.Flags()
	flags.SetInterspersed(false) // from the command's name on, everything is the command's
	flags.BoolVar(&f.rerun, "rerun", false, "run it as the next run, as a second try, and once for each environment, too")
	flags.StringArrayVar(&f.environments, "environment", []string{"staging", "production"}, "an environment for --rerun (repeatable)")
	flags.StringArrayVar(&f.systems, "system", nil, "play only this: github, circleci, jenkins, octopus, gitlab, git (repeatable; default: all)")
	flags.StringArrayVar(&f.variables, "variable", nil, "a further variable that holds a text in which anything may stand (repeatable)")
	flags.StringArrayVar(&f.values, "value", nil, "try only this value, such as double-quote (repeatable; default: all)")
	flags.BoolVar(&f.noValues, "no-values", false, "try no hostile values")
	flags.StringVar(&f.faultFile, "faults", "", "run it with faults, too: the standard set, or those of a `FILE` in YAML or JSON")
	flags.Lookup("faults").NoOptDefVal = standardSet
	onlyTyped(flags, "faults")
	flags.BoolVar(&f.inCopy, "in-copy", false, "run the command in a copy of this folder, with the throw-away repository as its .git")
	flags.IntVar(&f.maxRuns, "max-runs", defaultMaxRuns, "how often to run the command at most")
	flags.StringArrayVar(&f.allow, "allow", nil, "a value whose fate is no failure here, such as markup, or a finding as of exec (repeatable)")
	flags.StringArrayVar(&f.fixtures, "fixtures", nil, "the services there are: a file, a folder or a pattern (repeatable; default: the repository's opslevel.yml)")
	flags.DurationVar(&f.settle, "settle", defaultSettle, "how long to wait, once the command has ended, for what must still arrive; by default only while something that it started runs")
	flags.DurationVar(&f.timeout, "timeout", defaultRunTimeout, "end a run after so long")
	flags.DurationVar(&f.grace, "grace", defaultGrace, "how long the command may take to end once it was told to")
	flags.StringVar(&f.listen, "bind", "", "address to listen on (default: a free port of loopback; with --advertise of every interface)")
	flags.StringVar(&f.advertise, "advertise", "", "host by which the command reaches this machine, if it runs in a container")
	flags.StringVar(&f.kind, "type", "deploy", "type of the integration: "+orList(typeNames()))
	flags.BoolVar(&f.strict, "strict", false, "warnings are failures too")
	f.report.add(cmd)
	completeFindings(cmd, "allow", probe.ValueNames()...)
	complete(cmd, "type", typeNames()...)
	complete(cmd, "system", probe.Systems()...)
	complete(cmd, "value", probe.ValueNames()...)
}

// standardSet is the value of --faults without a file.
const standardSet = "standard"

// command are the words of the command. In "probe --faults FILE -- COMMAND" the file is one of the words, as a flag whose
// value can be left out takes none behind a space.
func (f *probeFlags) command(args []string) []string {
	if f.faultFile != "" && len(args) > 1 && args[1] == "--" {
		return args[2:]
	}
	return args
}

// check looks at what the flags say, and takes those findings out of allow that are values.
func (f *probeFlags) check() (allowed []string, err error) {
	for _, name := range f.systems {
		if !contains(probe.Systems(), name) {
			return nil, hinted(yamlfile.DidYouMean(name, probe.Systems()), "--system is %s, not %q", orList(probe.Systems()), name)
		}
	}
	f.upstream.timeout = relay.DefaultTimeout // there is no upstream
	names := probe.ValueNames()
	for _, name := range f.values {
		if !contains(names, name) {
			return nil, hinted(valueHint(name, names), "there is no value %q", name)
		}
	}
	for _, name := range f.allow {
		if contains(names, name) {
			allowed = append(allowed, name)
		} else if f.hasTrial(name) {
			allowed = append(allowed, name)
		} else if err := expect.CheckFinding(name); err != nil {
			return nil, hinted(valueHint(name, names), "--allow names a value, a fault or a finding, and %q is none of them", name)
		}
	}
	f.allow = slices.DeleteFunc(f.allow, func(name string) bool { return contains(allowed, name) })
	switch {
	case f.noValues && len(f.values) > 0:
		return nil, usage("--no-values and --value contradict each other")
	case f.maxRuns < 1:
		return nil, usage("--max-runs is at least 1")
	case len(f.environments) == 0 || contains(f.environments, ""):
		return nil, usage("--environment needs a name")
	}
	return allowed, nil
}

func (f *probeFlags) hasTrial(name string) bool {
	return slices.ContainsFunc(f.trials, func(x fault.Fault) bool { return x.ID == name })
}

func valueHint(name string, names []string) string {
	if hint := yamlfile.DidYouMean(name, names); hint != "" {
		return hint
	}
	return "the values are " + orList(names)
}
