package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

type newFlags struct {
	from, out    string
	whole, force bool
}

func (a *app) newScenario() *cobra.Command {
	var f newFlags
	cmd := &cobra.Command{
		Use:   "new --from SEQ|SEQ..SEQ|QUERY|FILE|-",
		Short: "Write a scenario from what was seen",
		Long: `new writes a scenario that sends recorded requests again and expects the same answers, and prints it, or writes it to the
file that --out names. It has been run, and passes as it is written: its account holds the services, aliases and integrations
that the requests need, and a duplicate comes with the deploy that it repeats. What cannot be shown is left out, and said at
the head of the file.

--from is the number of an event, a range of numbers (3..9), a query, or a file (- for stdin): events as "events export"
prints them, one raw HTTP request, or the JSON payload of a deploy. A file that is there goes before a query.

E-mail addresses and what looks like a credential are replaced unless --no-redact is given; uuids of integrations always.`,
		Example: "  bubblelevel new --from 12 >cart.yaml\n  bubblelevel new --from 3..9 --out scenarios/lost.yaml\n  bubblelevel new --from 'service:cart result:duplicate_deploy'\n  bubblelevel new --from deploy.json --out deploy.yaml",
		Args:    a.noArgs,
		RunE:    running(func(cmd *cobra.Command, _ []string) error { return a.runNew(cmd.Context(), f) }),
	}
	cmd.Flags().StringVar(&f.from, "from", "", "what to write it from: the number of an event, a range, a query, a file")
	cmd.Flags().StringVar(&f.out, "out", "", "file to write (default: stdout)")
	cmd.Flags().BoolVar(&f.whole, "no-redact", false, "leave e-mail addresses and credentials as they are")
	cmd.Flags().BoolVar(&f.force, "force", false, "write over the file of --out")
	_ = cmd.RegisterFlagCompletionFunc("from", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return a.known(cmd, recentRequests), cobra.ShellCompDirectiveDefault
	})
	return cmd
}

func (a *app) runNew(ctx context.Context, f newFlags) error {
	if f.from == "" {
		return hinted("bubblelevel new --from 12, --from 3..9, --from 'service:cart', --from deploy.json", "--from says what the scenario is written from")
	}
	r, err := a.recording(ctx, f.from)
	if err != nil {
		return err
	}
	clean := newSecrets(os.Environ()).text
	if f.whole {
		clean = nil
	}
	written, err := writeScenario(ctx, r, clean)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := a.writeOut(f, written.YAML); err != nil {
			return err
		}
	}
	switch {
	case a.output == "json":
		err = a.printJSON(struct {
			Scenario string   `json:"scenario"`
			Steps    int      `json:"steps"`
			LeftOut  []string `json:"left_out"`
		}{string(written.YAML), written.Steps, append([]string{}, written.LeftOut...)})
	case f.out == "":
		_, err = a.Out.Write(written.YAML)
	}
	for _, line := range written.LeftOut {
		a.tell("left out: %s", event.Clean(line, 500))
	}
	if f.out != "" {
		a.tell("%s has %s and passes; try it: bubblelevel run %s", f.out, count(written.Steps, "step"), shellWord(f.out))
	}
	return err
}

// writeOut writes the file of --out, which must not be there.
func (a *app) writeOut(f newFlags, b []byte) error {
	if f.force {
		return writeAnew(a.under(f.out), b, forOwner)
	}
	file, err := os.OpenFile(a.under(f.out), os.O_CREATE|os.O_WRONLY|os.O_EXCL, forOwner)
	if errors.Is(err, os.ErrExist) {
		return &failure{code: exitRuntime, err: fmt.Errorf("%s is there already", f.out), hint: "choose another name, or write over it with --force"}
	}
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	return errors.Join(err, file.Close())
}

var (
	oneSeq   = regexp.MustCompile(`^#?(\d+)$`)
	seqRange = regexp.MustCompile(`^#?(\d+)\.\.#?(\d+)$`)
	fileName = regexp.MustCompile(`^[^:\s]*(/[^:\s]*|\.(jsonl?|http|txt|ya?ml))$`)
)

// recording reads what --from names.
func (a *app) recording(ctx context.Context, from string) (scenarios.Recording, error) {
	m := seqRange.FindStringSubmatch(from)
	if one := oneSeq.FindStringSubmatch(from); one != nil {
		m = []string{from, one[1], one[1]}
	}
	_, statErr := os.Stat(a.under(from))
	switch {
	case m != nil:
		first, err1 := strconv.ParseUint(m[1], 10, 64)
		last, err2 := strconv.ParseUint(m[2], 10, 64)
		if err1 != nil || err2 != nil || first == 0 || last < first {
			return scenarios.Recording{}, usage("%q is not a range of events", from)
		}
		return a.recorded(ctx, first, last)
	case from == "-" || statErr == nil || fileName.MatchString(from):
		b, err := a.readInput(from)
		if err != nil {
			return scenarios.Recording{}, err
		}
		r, err := scenarios.ReadRecording(ctx, b)
		if err != nil {
			return r, hinted("`bubblelevel events export` prints events; or send it, and name the number of its event", "%s: %v", from, err)
		}
		return r, nil
	}
	return a.matching(ctx, from)
}

// recorded are the events from first to last.
func (a *app) recorded(ctx context.Context, first, last uint64) (r scenarios.Recording, err error) {
	c, err := a.emulator(ctx)
	if err != nil {
		return r, err
	}
	if first == last {
		e, err := c.Event(ctx, first)
		if err != nil {
			return r, err
		}
		return withAccount(ctx, c, []*event.Event{e})
	}
	return between(ctx, c, first, last, func(*event.Event) bool { return true })
}

// matching are the events that answer a query, and what changed the account between them.
func (a *app) matching(ctx context.Context, query string) (r scenarios.Recording, err error) {
	q, err := readQuery([]string{query})
	if err != nil {
		return r, err
	}
	c, err := a.emulator(ctx)
	if err != nil {
		return r, err
	}
	chosen := map[uint64]bool{}
	var first, last uint64
	evicted, err := eachEvent(ctx, c, q, func(e *event.Event) error {
		if first == 0 {
			first = e.Seq
		}
		chosen[e.Seq], last = true, e.Seq
		return tooMany(len(chosen))
	})
	if err != nil {
		return r, err
	}
	if len(chosen) == 0 {
		return r, &failure{code: exitRuntime, err: fmt.Errorf("no event answers %s", q), hint: "`bubblelevel events list` shows what there is"}
	}
	r, err = between(ctx, c, first, last, func(e *event.Event) bool {
		return chosen[e.Seq] || e.Kind == event.KindReset || e.Kind == event.KindChange
	})
	if evicted > 1 && len(r.Missing) == 0 {
		r.Missing = []string{fmt.Sprintf("what events before %d would have answered it: they have left the window", evicted)}
	}
	return r, err
}

func tooMany(n int) error {
	if n > scenarios.MaxRecorded {
		return hinted("choose fewer, such as --from 'service:cart newer:5m'", "these are more than %d events, from which one scenario is written", scenarios.MaxRecorded)
	}
	return nil
}

// between reads the events from first to last that keep says yes to. That some of them have left the window is an error where
// none is left, and else said in the recording.
func between(ctx context.Context, c *client.Client, first, last uint64, keep func(*event.Event) bool) (scenarios.Recording, error) {
	var events []*event.Event
	after, evicted := first-1, uint64(0)
	for after < last {
		page, err := c.Events(ctx, client.Page{After: &after, Limit: httpapi.MaxPage})
		if err != nil {
			return scenarios.Recording{}, err
		}
		for _, e := range page.Events {
			if e.Seq <= last && keep(e) {
				events = append(events, e)
			}
		}
		if err := tooMany(len(events)); err != nil {
			return scenarios.Recording{}, err
		}
		evicted = page.EvictedBefore
		if page.Next == nil {
			break
		}
		after = *page.Next
	}
	if evicted <= first {
		return withAccount(ctx, c, events)
	}
	gone := fmt.Sprintf("events %d to %d have left the window", first, min(last, evicted-1))
	if len(events) == 0 {
		return scenarios.Recording{}, &failure{code: exitRuntime, err: errors.New(gone), hint: "start the emulator with a larger --keep"}
	}
	r, err := withAccount(ctx, c, events)
	r.Missing = []string{gone}
	return r, err
}

// withAccount adds what an emulator knows beside the events.
func withAccount(ctx context.Context, c *client.Client, events []*event.Event) (scenarios.Recording, error) {
	all, err := c.Integrations(ctx)
	r := scenarios.Recording{Events: events, Earlier: func(seq uint64) *event.Event {
		e, err := c.Event(ctx, seq)
		if err != nil {
			return nil
		}
		return e
	}}
	for _, i := range all {
		r.Integrations = append(r.Integrations, i.Integration)
	}
	return r, err
}

// writeScenario writes a scenario of a recording from which clean has taken what shall not leave the machine; nil leaves
// all in.
func writeScenario(ctx context.Context, r scenarios.Recording, clean func(string) string) (scenarios.Written, error) {
	cleaned := func(e *event.Event) *event.Event {
		if e == nil || clean == nil {
			return e
		}
		kept, err := redactEvent(e, clean)
		if err != nil {
			return nil
		}
		return kept
	}
	earlier := r.Earlier
	if earlier != nil {
		r.Earlier = func(seq uint64) *event.Event { return cleaned(earlier(seq)) }
	}
	events := r.Events
	r.Events = nil
	for _, e := range events {
		if e = cleaned(e); e != nil {
			r.Events = append(r.Events, e)
		}
	}
	w, err := scenarios.FromEvents(ctx, r)
	var empty *scenarios.EmptyError
	if errors.As(err, &empty) {
		return w, &failure{code: exitRuntime, err: empty, hint: "`bubblelevel events list kind:deploy` lists requests"}
	}
	return w, err
}

// scenarioOf is a scenario of some events of the terminal UI.
func scenarioOf(ctx context.Context, seqs []uint64, integrations []catalog.Integration, get func(uint64) (*event.Event, error)) ([]byte, error) {
	if len(seqs) > scenarios.MaxRecorded {
		return nil, fmt.Errorf("a scenario is written from at most %d requests", scenarios.MaxRecorded)
	}
	r := scenarios.Recording{Integrations: integrations, Earlier: func(seq uint64) *event.Event {
		e, err := get(seq)
		if err != nil {
			return nil
		}
		return e
	}}
	for _, seq := range seqs {
		e, err := get(seq)
		if err != nil {
			return nil, err
		}
		r.Events = append(r.Events, e)
	}
	w, err := writeScenario(ctx, r, newSecrets(os.Environ()).text)
	return w.YAML, err
}
