package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

type execFlags struct {
	boundFlags
	expect, never []string
	allow         []string
	fixtures      []string
	settle        time.Duration
	timeout       time.Duration
	grace         time.Duration
	listen        string
	advertise     string
	kind          string
	strict        bool
	faults        []string
	seed          uint64
	report        reportFlags
	upstream      upstreamFlags
	proxy         string
}

func (a *app) exec() *cobra.Command {
	var f execFlags
	cmd := &cobra.Command{
		Use:   "exec [--expect QUERY]... -- COMMAND [ARG...]",
		Short: "Run a command against an emulator of its own; green only if its deploys really arrived",
		Long: `exec starts an emulator for one command, in memory and on a free port, runs the command with its address in
OPSLEVEL_INTEGRATION_URL (and OL_INTEGRATION_URL, BUBBLELEVEL_URL, BUBBLELEVEL_TOKEN), and then judges what arrived.

It is green if the command succeeded, at least one deploy was recorded, and none was lost: dropped as a duplicate, sent
for an alias that no service has, refused, sent to a wrong URL, or answered with a 5xx and not sent again. A retry is
healthy. --expect names the deploys that must arrive instead (a query; each at least once), --never those that must not;
--allow ID permits a finding, --strict forbids warnings too.

Aliases are checked against a list of services, if there is one: --fixtures, or the opslevel.yml of this repository.
With --upstream URL no list is needed: each deploy goes on to that real OpsLevel integration, once and in order, and the
real answer goes back to the sender and decides. Its host must be named (--allow-upstream), as these deploys are real.
Where a real answer differs from the emulator's, stderr says so, and --drift-report collects it. An upstream that gives
no answer turns exec red, unless the sender tries again and is answered then.

A command that fails ends exec with its own code. Otherwise 4 says that a deploy did not arrive as it was meant, 5 that
it cannot be told or that --timeout passed. The last line on stderr says whose code it is. When the command ends,
whatever it left running in its process group is ended too; if something may still be sent, exec waits for that first,
at most for --settle.`,
		Example: "  bubblelevel exec -- ./ci/report-deploy.sh\n" +
			"  bubblelevel exec --expect 'service:cart environment:Production' --report-junit out/deploys.xml -- make deploy\n" +
			"  bubblelevel exec --allow silent.nothing_sent -- ./maybe-deploy.sh\n" +
			"  BUBBLELEVEL_UPSTREAM=$OPSLEVEL_URL bubblelevel exec --allow-upstream app.opslevel.com --drift-report drift.jsonl -- ./report.sh\n" +
			"  bubblelevel exec --advertise host.docker.internal -- docker compose run --rm deploy",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hinted("bubblelevel exec -- COMMAND ARG...", "exec needs a command to run")
			}
			return nil
		},
		RunE: running(func(cmd *cobra.Command, args []string) error { return a.runExec(cmd, f, args) }),
	}
	flags := cmd.Flags()
	flags.SetInterspersed(false) // from the command's name on, everything is the command's
	f.add(cmd)
	flags.StringArrayVar(&f.expect, "expect", nil, "a query that at least one recorded deploy must answer (repeatable)")
	flags.StringArrayVar(&f.never, "never", nil, "a query that nothing that was sent may answer (repeatable)")
	flags.StringArrayVar(&f.allow, "allow", nil, "a finding that is no failure here, such as silent.unknown_alias (repeatable)")
	flags.StringArrayVar(&f.fixtures, "fixtures", nil, "the services there are: a file, a folder or a pattern (repeatable; default: the repository's opslevel.yml)")
	flags.DurationVar(&f.settle, "settle", defaultSettle, "how long to wait, once the command has ended, for what must still arrive; by default only while something that it started runs")
	flags.DurationVar(&f.timeout, "timeout", 0, "end the command after so long, with exit code 5 (default: never)")
	flags.DurationVar(&f.grace, "grace", defaultGrace, "how long the command may take to end once it was told to, by a signal or --timeout")
	// Not --listen: a bubblelevel.yaml that gives serve its port would give every exec the same.
	flags.StringVar(&f.listen, "bind", "", "address to listen on (default: a free port of loopback; with --advertise of every interface)")
	flags.StringVar(&f.advertise, "advertise", "", "host by which the command reaches this machine, if it runs in a container")
	flags.StringVar(&f.kind, "type", "deploy", "type of the integration: deploy, jenkins, octopus, githubActions, gitlabCi, circleci, argocd, flux")
	flags.BoolVar(&f.strict, "strict", false, "warnings are failures too")
	flags.StringArrayVar(&f.faults, "faults", nil, "a file of faults to inject, in YAML or JSON; repeatable (bubblelevel help faults)")
	onlyTyped(flags, "faults") // what serve is to break must not break every pipeline that exec judges
	flags.Uint64Var(&f.seed, "seed", 0, "draw the chance of faults from this seed")
	f.report.add(cmd)
	a.completeQueries(cmd, "expect", "never")
	completeFindings(cmd, "allow")
	complete(cmd, "type", typeNames()...)
	f.upstream.add(cmd)
	flags.StringVar(&f.proxy, "proxy", "", "the HTTP proxy for --upstream; HTTP_PROXY and its like are ignored")
	return cmd
}

// defaultSettle is how long a command that has ended may still have senders at work.
const defaultSettle = 5 * time.Second

// shutPatience is how long the end waits for requests that are under way.
const shutPatience = 2 * time.Second

func (a *app) runExec(cmd *cobra.Command, f execFlags, args []string) error {
	expectations, err := f.expectations(cmd)
	if err != nil {
		return err
	}
	program, err := lookUp(args[0], a.Dir)
	if err != nil {
		return a.notRun(args[0], err)
	}
	s, drift, env, catalogue, err := a.execServer(f)
	if err != nil {
		return err
	}
	begun := clock.System{}.Now()
	j := newJudge(s, f, expectations)
	j.patient = cmd.Flags().Changed("settle")
	c := &child{program: program, args: args, env: env, dir: a.Dir, stdio: a.IO, timeout: f.timeout, grace: f.grace}
	end := c.run(cmd.Context(), j)
	patience := shutPatience
	if f.upstream.url != "" {
		patience += f.upstream.timeout // the answer that decides may still be under way
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), patience)
	defer cancel()
	j.drain(ctx, s)
	if end.err != nil {
		return a.notRun(args[0], end.err)
	}
	a.tellFaults(s.Faults())
	r := j.report(args[0], end, clock.System{}.Now().Sub(begun))
	r.Faults = a.behaviourOf(s, end)
	return a.finish(f, r, j, end, catalogue, drift)
}

// expectations are those of the command line, or the implied one: at least one recorded deploy.
func (f *execFlags) expectations(cmd *cobra.Command) ([]expect.Expectation, error) {
	var all []expect.Expectation
	add := func(text string, never bool) error {
		q, err := query.FromArgs(text)
		if err != nil {
			return queryError(err)
		}
		all = append(all, expect.Expectation{Query: q, Never: never, Allow: f.allow})
		return nil
	}
	for _, text := range f.expect {
		if err := add(text, false); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		x := expect.Expectation{Allow: f.allow}
		if contains(f.allow, nothingSent) {
			x.Min = new(int)
		}
		all = append(all, x)
	}
	if f.apply(cmd, &all[0]) && len(all) > 1 {
		return nil, usage("--times, --min and --max go with one --expect, and not with %d", len(all))
	}
	for _, text := range f.never {
		if err := add(text, true); err != nil {
			return nil, err
		}
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			return nil, expectationError(err)
		}
	}
	if f.settle < 0 || f.timeout < 0 || f.grace < 0 {
		return nil, usage("--settle, --timeout and --grace cannot be negative")
	}
	return all, nil
}

// nothingSent is the finding of a command that sent no deploy.
const nothingSent = "silent.nothing_sent"

// notRun ends exec for a command that could not be run, with the code of a shell.
func (a *app) notRun(name string, err error) error {
	code, why := notRunCode(err)
	a.tell("bubblelevel: %s %s: %v", name, why, err)
	a.tell("bubblelevel: exit code %d: the command was not run, so nothing was judged", code)
	return &failure{code: code, err: err, told: true}
}

// finish tells what became of the run, writes the reports, and ends with the right code.
func (a *app) finish(f execFlags, r *report, j *judge, end ending, catalogue string, drift *driftReport) error {
	a.tellBlock(j.text(r, end, catalogue))
	if err := errors.Join(a.publish(f.report, r), drift.close()); err != nil {
		a.tell("bubblelevel: %v", err)
		if r.ExitCode == exitOK {
			r.ExitCode, r.Whose = exitRuntime, "bubblelevel"
			a.tell("bubblelevel: exit code 1 is bubblelevel's: the report is missing; the deploys are as they should be")
			return &failure{code: exitRuntime, err: errors.New("the report is missing"), told: true}
		}
	}
	a.tell("bubblelevel: %s", lastLine(r, end))
	if r.ExitCode == exitOK {
		return nil
	}
	return &failure{code: r.ExitCode, err: errors.New(r.Summary), told: true}
}

// execServer starts the emulator of one command and says what the command's environment is, and where the list of
// services comes from; empty without one.
func (a *app) execServer(f execFlags) (s *emulator.Server, drift *driftReport, env []string, catalogue string, err error) {
	c, integration, catalogue, err := a.execConfig(f)
	if err != nil {
		return nil, nil, nil, "", err
	}
	drift = f.upstream.apply(a, &c, !f.report.noRedact)
	if f.upstream.url != "" {
		catalogue = "" // the services there are, are the real OpsLevel's
	}
	if s, err = emulator.New(c); err != nil {
		return nil, nil, nil, "", err
	}
	if err := errors.Join(drift.open(true), s.Listen()); err != nil {
		return nil, nil, nil, "", errors.Join(err, s.Close())
	}
	base := s.URL()
	if f.advertise != "" {
		base = "http://" + advertised(f.advertise, base)
	}
	url := base + strings.TrimPrefix(s.DeployURL(integration), s.URL())
	return s, drift, childEnv(base, url, c.Token, f.advertise), catalogue, nil
}
