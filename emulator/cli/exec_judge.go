package cli

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// judge follows what arrives at the emulator of one command, so that nothing leaves the window unseen, and says at the
// end what it was worth.
type judge struct {
	source  expect.Source
	watch   *expect.Watch
	audit   *expect.Audit
	implied bool
	strict  bool
	settle  time.Duration
	// patient: --settle was given, so that senders elsewhere are waited for too.
	patient bool
}

func newJudge(s *emulator.Server, f execFlags, expectations []expect.Expectation) *judge {
	return &judge{
		source: s.Source(), strict: f.strict, settle: f.settle, implied: len(f.expect) == 0,
		watch: expect.NewWatch(s.Source(), s.Clock(), expectations...),
		audit: expect.NewAudit(s.Source(), s.Clock(), f.allow, expectations...),
	}
}

// read takes in what has arrived.
func (j *judge) read() {
	j.watch.Read()
	j.audit.Read()
}

// good says whether the run would be green if nothing more came.
func (j *judge) good() bool { return j.watch.Good() && j.audit.Sound() }

// drain lets every request that was sent be judged: the sender may be gone before its request is read. Connections are
// accepted in the order they came, so once our own request is answered all of the command's have been accepted, and
// Shutdown waits for what is under way on them.
func (j *judge) drain(ctx context.Context, s *emulator.Server) {
	own := &client.Client{URL: s.ControlURL(), HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	if strings.HasPrefix(own.URL, "http://[::]:") || strings.HasPrefix(own.URL, "http://0.0.0.0:") {
		own.URL = "http://127.0.0.1:" + own.URL[strings.LastIndex(own.URL, ":")+1:]
	}
	_, _ = own.Health(ctx) // it answers, or the listener is gone and there is nothing to wait for
	_ = s.Shutdown(ctx)    // a connection on which nobody sends anything is no reason to fail
	j.read()
}

// report is the run as a whole.
func (j *judge) report(program string, end ending, took time.Duration) *report {
	r := &report{
		Version: 1, Command: "exec", Ran: program, Seconds: took.Round(time.Millisecond).Seconds(),
		Requests:     j.audit.Requests(),
		Expectations: j.watch.Verdicts(), Lost: j.audit.Lost(), Warnings: j.audit.Warned(),
		strict: j.strict, commandFailed: end.code != 0,
	}
	for _, e := range j.audit.Recorded() {
		if !slices.ContainsFunc(r.Lost, func(l expect.Loss) bool { return l.Seq == e.Seq }) {
			r.Recorded++
		}
		for _, g := range e.Findings {
			if g.ID == "alias.not_checked" {
				r.uncheckedAliases++
			}
		}
	}
	r.Verdict = j.verdict(r)
	switch {
	case end.timedOut:
		r.Verdict, r.ExitCode, r.Whose = expect.Incomplete, exitIncomplete, "bubblelevel"
	case end.code != 0:
		r.ExitCode, r.Whose = end.code, "command"
	case r.Verdict == expect.Met:
		r.ExitCode, r.Whose = exitOK, "command"
	case r.Verdict == expect.Incomplete:
		r.ExitCode, r.Whose = exitIncomplete, "bubblelevel"
	default:
		r.ExitCode, r.Whose = exitNotMet, "bubblelevel"
	}
	r.Summary = j.summary(r, end)
	return r
}

// verdict is that on all that was expected, expressly or not. What is certainly wrong weighs more than what cannot be
// told.
func (j *judge) verdict(r *report) expect.Outcome {
	worst := expect.Met
	if j.audit.Evicted() != (expect.Gap{}) {
		worst = expect.Incomplete
	}
	for _, v := range r.Expectations {
		if v.Outcome == expect.Incomplete {
			worst = expect.Incomplete
		}
	}
	for _, v := range r.Expectations {
		if v.Outcome == expect.NotMet {
			worst = expect.NotMet
		}
	}
	if len(r.Lost) > 0 || j.strict && len(r.Warnings) > 0 {
		worst = expect.NotMet
	}
	return worst
}

// nothing says whether the command sent no deploy that OpsLevel keeps, and nothing else explains why it is red.
func (j *judge) nothing(r *report) bool {
	return j.implied && r.Recorded == 0 && len(r.Lost) == 0 && !r.Expectations[0].Met()
}

func (j *judge) nothingSent() finding.Finding { return finding.NothingSent(j.audit.Requests()) }

// groupTick is how often exec looks whether what a command left running is still there: no system tells.
const groupTick = 20 * time.Millisecond

// await waits, once the command has ended, for what must still arrive: until all is well, at most for the time of
// --settle; without that flag only while something of the command runs, since nobody else can send. A signal ends it.
func (j *judge) await(ctx context.Context, alive func() bool, interrupted func() bool) {
	if j.read(); j.good() || j.settle == 0 || !j.patient && !alive() {
		return
	}
	more, cancel := j.source.More()
	defer cancel()
	end, stop := clock.System{}.After(j.settle)
	defer stop()
	for {
		tick, stopTick := clock.System{}.After(groupTick)
		done := false
		select {
		case <-more:
		case <-tick:
			done = interrupted() || !j.patient && !alive()
		case <-end:
			done = true
		case <-ctx.Done():
			done = true
		}
		stopTick()
		if j.read(); done || j.good() {
			return
		}
	}
}
