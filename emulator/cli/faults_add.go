package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/query"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// faultFlags are the settings of one fault, as flags.
type faultFlags struct {
	fault       fault.Fault
	probability float64
	file        string
}

func (a *app) faultsAdd() *cobra.Command {
	var f faultFlags
	cmd := &cobra.Command{
		Use:   "add KIND [QUERY...] | add --file FILE",
		Short: "Put a fault into force",
		Long: `add puts one fault into force, or with --file all those of a file in YAML or JSON. A query says which requests it is for;
what OpsLevel makes of a request (result, http, finding) is not known yet when a fault decides. The kinds are
` + strings.Join(faultKinds(), ", ") + "; `bubblelevel faults kinds` explains them.",
		Example: `  bubblelevel faults add status --status 503 --retry-after 2s --first 2 'service:cart'
  bubblelevel faults add latency --delay 5s --jitter 2s environment:Production
  bubblelevel faults add reset --probability 0.1
  bubblelevel faults add status --on outgoing --status 500 --first 1 'url:*ci.example.test*'
  bubblelevel faults add --file faults.yaml`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return a.completeQuery(cmd, args, typed)
			}
			var words []string
			for _, d := range fault.Kinds() {
				words = append(words, string(d.Kind)+"\t"+d.Doc)
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: running(func(cmd *cobra.Command, args []string) error {
			all, err := a.faultsOf(cmd, f, args)
			if err != nil {
				return err
			}
			c, err := a.emulator(cmd.Context())
			if err != nil {
				return err
			}
			return a.addFaults(cmd.Context(), c, all)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.file, "file", "", "a file of faults, in YAML or JSON; - reads stdin")
	flags.StringVar(&f.fault.ID, "id", "", "what the fault is called (default: made of the kind)")
	flags.StringVar((*string)(&f.fault.On), "on", "incoming", "incoming (deploys) or outgoing (webhooks)")
	flags.IntVar(&f.fault.First, "first", 0, "end after so many hits (default: go on)")
	flags.IntVar(&f.fault.Every, "every", 0, "hit each Nth request that answers the query (default: each)")
	flags.Float64Var(&f.probability, "probability", 1, "let chance decide, above 0 and up to 1; the emulator's --seed repeats it")
	flags.IntVar(&f.fault.Status, "status", 0, "the HTTP status, of status (default 503) and redirect (default 301)")
	flags.StringVar((*string)(&f.fault.RetryAfter), "retry-after", "", "the header Retry-After, of status: 2s")
	flags.StringVar((*string)(&f.fault.Delay), "delay", "", "how long to wait, or how long no_answer holds the connection at most: 500ms")
	flags.StringVar((*string)(&f.fault.Jitter), "jitter", "", "up to how much longer, by chance, of latency")
	flags.IntVar(&f.fault.Bytes, "bytes", 0, "how much of the body truncated leaves (default: half)")
	flags.StringVar(&f.fault.Location, "location", "", "where redirect leads (default: the same address by https)")
	complete(cmd, "on", string(fault.Incoming), string(fault.Outgoing))
	return cmd
}

func faultKinds() (names []string) {
	for _, d := range fault.Kinds() {
		names = append(names, string(d.Kind))
	}
	return names
}

// faultsOf are the faults that the command line asks for, checked.
func (a *app) faultsOf(cmd *cobra.Command, f faultFlags, args []string) ([]fault.Fault, error) {
	if f.file != "" {
		if len(args) > 0 {
			return nil, usage("--file has whole faults, so %q has no place beside it", args[0])
		}
		if name := otherSetting(cmd); name != "" {
			return nil, hinted("write it into the file", "--file has whole faults, so --%s has no place beside it", name)
		}
		return a.readFaults([]string{f.file})
	}
	if len(args) == 0 {
		return nil, hinted("the kinds are "+strings.Join(faultKinds(), ", ")+"; `bubblelevel faults kinds` explains them", "faults add needs a kind, or --file")
	}
	x := f.fault
	x.Kind = fault.Kind(args[0])
	if !contains(faultKinds(), args[0]) {
		hint := yamlfile.DidYouMean(args[0], faultKinds())
		if hint == "" {
			hint = "the kinds are " + strings.Join(faultKinds(), ", ")
		}
		return nil, hinted(hint, "there is no fault of kind %q", args[0])
	}
	q, err := query.FromArgs(args[1:]...)
	if err != nil {
		return nil, queryError(err)
	}
	x.Query = q.String()
	if cmd.Flags().Changed("probability") {
		x.Probability = &f.probability
	}
	var wrong *fault.CheckError
	if err := x.Check(); errors.As(err, &wrong) {
		return nil, faultError(wrong)
	}
	return []fault.Fault{x}, nil
}

// otherSetting is a flag of a fault that was given beside --file; empty for none.
func otherSetting(cmd *cobra.Command) (name string) {
	own := cmd.LocalNonPersistentFlags()
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "file" && name == "" && own.Lookup(f.Name) != nil {
			name = f.Name
		}
	})
	return name
}

// faultError names the flag of a setting that is wrong.
func faultError(wrong *fault.CheckError) error {
	hint := wrong.Hint
	if hint == "" {
		hint = "`bubblelevel faults kinds` explains the settings"
	}
	if wrong.Field == "query" || wrong.Field == "kind" {
		return hinted(hint, "%s", wrong.Error())
	}
	return hinted(strings.ReplaceAll(hint, "retry_after", "retry-after"), "--%s: %s", strings.ReplaceAll(wrong.Field, "_", "-"), wrong.Message)
}

func (a *app) addFaults(ctx context.Context, c *client.Client, all []fault.Fault) error {
	added, err := c.AddFaults(ctx, all)
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.printJSON(added)
	}
	for _, f := range added {
		if err := a.say("fault %s is in force", f.ID); err != nil {
			return err
		}
	}
	return nil
}

// maxFaultFile is the largest file of faults, in bytes: each of the hundred may have a query as long as one can be.
const maxFaultFile = 1 << 20

// readFaults reads files of faults.
func (a *app) readFaults(paths []string) (all []fault.Fault, err error) {
	for _, path := range paths {
		src, name, err := a.faultSource(path)
		if err != nil {
			return nil, err
		}
		some, notes, err := emulator.ReadFaults(name, src)
		if err != nil {
			return nil, &failure{code: exitUsage, err: err, hint: "`bubblelevel help faults` shows the form"}
		}
		for _, line := range noteLines(notes, mostNotes) {
			a.tell("%s", line)
		}
		all = append(all, some...)
	}
	// An id that stands in two files.
	if _, err := fault.NewSet(0).AddAll(all); err != nil {
		return nil, usage("the files of faults do not go together: %v", err)
	}
	return all, nil
}

func (a *app) faultSource(path string) (src []byte, name string, err error) {
	name = "stdin"
	if path != "-" {
		name = a.short(path)
	}
	src, err = a.readBounded(path, maxFaultFile+1)
	if err == nil && len(src) > maxFaultFile {
		err = usage("%s is larger than the 1 MiB that a file of faults may be", name)
	}
	return src, name, err
}

// tellFaults says on stderr which faults were met, and how often.
func (a *app) tellFaults(all []fault.Status) {
	for _, s := range all {
		a.tell("fault %s: %s hit %d of %d that it saw", s.ID, strings.TrimSpace(settingsOf(s.Fault)+" "+scopeOf(s.Fault)), s.Hit, s.Seen)
	}
}
