package probe

import (
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// try is one request of a run with a fault.
type try struct {
	at      time.Duration
	dedup   string
	result  deploy.Result
	faulted bool
	service string
}

func runOf(code int, tries ...try) Run {
	r := Run{Code: code}
	for i, t := range tries {
		e := &event.Event{Seq: uint64(i + 1), Kind: event.KindDeploy, At: time.Unix(1_800_000_000, 0).Add(t.at), Result: t.result,
			Deploy: &deploy.Deploy{Service: "cart" + t.service, Environment: "Production", DedupID: t.dedup}}
		if t.faulted {
			e.Fault = &event.Fault{ID: "f", Judged: t.result != deploy.Rejected}
		}
		r.Events = append(r.Events, e)
	}
	return r
}

func TestJudgeFault(t *testing.T) {
	const s = time.Second
	kept, taken, dropped := deploy.Rejected, deploy.OK, deploy.Duplicate
	twice := runOf(0, try{0, "a", taken, true, ""}, try{s, "b", taken, false, ""})
	for _, e := range twice.Events[1:] {
		e.Findings = []finding.Finding{{ID: "silent.deployed_twice", Severity: finding.Silent}}
	}
	late := runOf(143, try{0, "a", kept, true, ""})
	late.TimedOut = true
	b := &Baseline{deploys: runOf(0, try{0, "a", taken, false, ""}).Events}
	for _, row := range []struct {
		name    string
		run     Run
		trial   Trial
		b       *Baseline
		grade   Grade
		retries int
		id      string
		says    string
	}{
		{"tries again and gets through", runOf(0, try{0, "a", kept, true, ""}, try{2 * s, "a", taken, false, ""}), Trial{}, b, Good, 1, "same", "tries again once (after 2.0 s) with the same dedup_id: good"},
		{"backs off", runOf(0, try{0, "a", kept, true, ""}, try{s, "a", kept, true, ""}, try{3 * s, "a", kept, true, ""}, try{7 * s, "a", taken, false, ""}), Trial{}, b, Good, 3, "same", "3 times, later each time (after 1.0 s, 2.0 s, 4.0 s)"},
		{"hammers", runOf(0, try{0, "a", kept, true, ""}, try{s, "a", kept, true, ""}, try{2 * s, "a", taken, false, ""}), Trial{}, b, Good, 2, "same", "tries again 2 times (after"},
		{"gives up in silence", runOf(0, try{0, "a", kept, true, ""}), Trial{}, b, Bad, 0, "", "does not try again: the deploy is lost and the command ends with 0"},
		{"tries again and gives up in silence", runOf(0, try{0, "a", kept, true, ""}, try{s, "a", kept, true, ""}), Trial{}, b, Bad, 1, "same", "is lost"},
		{"gives up aloud", runOf(22, try{0, "a", kept, true, ""}), Trial{}, b, Warning, 0, "", "fails with exit code 22"},
		{"another id each time", runOf(0, try{0, "a", kept, true, ""}, try{s, "b", taken, false, ""}), Trial{}, b, Note, 1, "new", "will be there twice"},
		{"no id", runOf(0, try{0, "", kept, true, ""}, try{s, "", taken, false, ""}), Trial{}, b, Note, 1, "none", "will be there twice"},
		{"a lost answer, the same id", runOf(0, try{0, "a", taken, true, ""}, try{s, "a", dropped, false, ""}), Trial{}, b, Good, 1, "same", "good"},
		{"a lost answer, another id", twice, Trial{}, b, Bad, 1, "new", "one deploy became 2"},
		{"the same without a baseline", twice, Trial{}, nil, Bad, 1, "new", "one deploy became 2"},
		{"doubled, and seen by the baseline alone", runOf(0, try{0, "a", taken, true, ""}, try{s, "b", taken, false, ""}), Trial{}, b, Bad, 1, "new", "one deploy became 2"},
		{"doubled aloud", runOf(1, try{0, "a", taken, true, ""}, try{s, "b", taken, false, ""}), Trial{}, b, Warning, 1, "new", "one deploy became 2"},
		{"a lost answer, and no look at it", runOf(0, try{0, "a", taken, true, ""}), Trial{}, b, Good, 0, "", "after one try"},
		{"a lost answer that fails the command", runOf(52, try{0, "a", taken, true, ""}), Trial{}, b, Warning, 0, "", "the deploy is there, and yet the command fails"},
		{"too early", runOf(0, try{0, "a", kept, true, ""}, try{s, "a", taken, false, ""}), Trial{RetryAfter: 5 * s}, b, Note, 1, "same", "Retry-After asked for 5s"},
		{"late enough", runOf(0, try{0, "a", kept, true, ""}, try{6 * s, "a", taken, false, ""}), Trial{RetryAfter: 5 * s}, b, Good, 1, "same", "good"},
		{"an outage, aloud", runOf(22, try{0, "a", kept, true, ""}, try{s, "a", kept, true, ""}), Trial{Lasting: true}, b, Warning, 1, "same", "and gives up: in an outage the command fails"},
		{"an outage, in silence", runOf(0, try{0, "a", kept, true, ""}), Trial{Lasting: true}, b, Warning, 0, "", "does not try again: in an outage"},
		{"an outage that is waited out", late, Trial{Lasting: true}, b, Note, 0, "", "for as long as it may"},
		{"hangs", late, Trial{}, b, Warning, 0, "", "still ran at the end of --timeout"},
		{"not met", runOf(0, try{0, "a", taken, false, ""}), Trial{}, b, Note, 0, "", "no request met this fault"},
		{"another service was well", runOf(0, try{0, "x", taken, false, "2"}, try{0, "a", kept, true, ""}), Trial{}, nil, Bad, 0, "", "the deploy is lost"},
		{"two services, each with its id", runOf(0, try{0, "x", kept, true, "2"}, try{0, "a", kept, true, ""}, try{s, "x", taken, false, "2"}, try{s, "a", taken, false, ""}), Trial{}, nil, Good, 2, "same", "good"},
	} {
		row.trial.Fault = "f"
		got := JudgeFault(row.trial, row.run, row.b)
		if got.Grade != row.grade || got.Retries != row.retries || got.DedupID != row.id || !strings.Contains(got.Verdict, row.says) {
			t.Errorf("%s: %s, %d retries, %q, %q", row.name, got.Grade, got.Retries, got.DedupID, got.Verdict)
		}
		if (got.Grade == Bad || got.Grade == Warning) && got.Cure == "" {
			t.Errorf("%s: no cure", row.name)
		}
		if got.Grade == Bad && row.run.Code != 0 {
			t.Errorf("%s: red, and the command says itself that it failed", row.name)
		}
	}
}
