package emulator_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// deliver fires a webhook at the emulator's own receiver, with one retry, and returns the record.
func deliver(t *testing.T, s *emulator.Server, settings action.Settings) action.Firing {
	t.Helper()
	c, err := action.NamedContext("documented")
	if err != nil {
		t.Fatal(err)
	}
	w := action.Webhook{Method: "POST", URL: "receiver:ci", Payload: `{"a":1}`, Settings: settings}
	f, _, err := s.FireWebhook(context.Background(), w, c, false)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEachFaultOfADelivery: what the firing records of the attempt that was hit, whether the target has the request, and
// that the retry gets through.
func TestEachFaultOfADelivery(t *testing.T) {
	for _, c := range []struct {
		fault   fault.Fault
		status  int
		failure action.FailureKind
		body    func(string) bool
		reaches bool
		retried bool
	}{
		{fault: fault.Fault{Kind: fault.KindStatus, RetryAfter: "2s"}, status: 503, body: is(`{"errors":[{"status":503,"title":"Service Unavailable"}]}`), retried: true},
		{fault: fault.Fault{Kind: fault.KindStatus, Status: 404}, status: 404},
		{fault: fault.Fault{Kind: fault.KindLatency, Delay: "1ms"}, status: 200, body: is(answerOfReceiver), reaches: true},
		{fault: fault.Fault{Kind: fault.KindNoAnswer, Delay: "1ms"}, failure: action.Dropped, retried: true},
		{fault: fault.Fault{Kind: fault.KindReset}, failure: action.Dropped, retried: true},
		{fault: fault.Fault{Kind: fault.KindEmpty}, failure: action.Dropped, retried: true},
		{fault: fault.Fault{Kind: fault.KindLostAnswer}, failure: action.Dropped, reaches: true, retried: true},
		{fault: fault.Fault{Kind: fault.KindTruncated, Bytes: 3}, status: 200, failure: action.Dropped, body: is(answerOfReceiver[:3]), reaches: true, retried: true},
		{fault: fault.Fault{Kind: fault.KindMalformed}, status: 200, body: func(s string) bool { return strings.HasPrefix(s, `{"result":{"o`) }, reaches: true},
		{fault: fault.Fault{Kind: fault.KindBare202}, status: 200, body: is(""), reaches: true},
		{fault: fault.Fault{Kind: fault.KindRedirect}, status: 301},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			c.fault.On, c.fault.First, c.fault.Query = fault.Outgoing, 1, "url:*receiver/ci"
			s := faulty(t, c.fault)
			if err := s.Receiver().Tell("ci", action.ReceiverSetup{Answers: []action.ReceiverAnswer{{Body: action.Bytes(answerOfReceiver)}}}); err != nil {
				t.Fatal(err)
			}
			f := deliver(t, s, action.Settings{Retries: 1, RetryWait: action.Duration(time.Millisecond)})
			a := f.Attempts[0]
			if a.Fault == nil || a.Fault.Kind != string(c.fault.Kind) || len(f.Attempts) > 1 != c.retried {
				t.Fatalf("%d attempts, the first %+v", len(f.Attempts), a)
			}
			if c.retried && (f.Attempts[1].Fault != nil || f.Result != action.Success) {
				t.Errorf("the retry: %+v, %s", f.Attempts[1], f.Result)
			}
			if (a.Response != nil) != (c.status != 0) || a.Response != nil && a.Response.Status != c.status {
				t.Errorf("the answer is %+v, want %d", a.Response, c.status)
			}
			if (a.Failure != nil) != (c.failure != "") || a.Failure != nil && a.Failure.Kind != c.failure {
				t.Errorf("the failure is %+v, want %s", a.Failure, c.failure)
			}
			if c.body != nil && !c.body(string(a.Response.Body)) {
				t.Errorf("the body is %q", a.Response.Body)
			}
			want := 0
			for _, yes := range []bool{c.reaches, c.retried} {
				if yes {
					want++
				}
			}
			if got := len(s.Receiver().Requests("ci")); got != want || (len(a.Sent) > 0) != c.reaches {
				t.Errorf("%d requests have arrived, want %d; sent %q", got, want, a.Sent)
			}
			e := s.WaitFiring(t, "fault:"+string(c.fault.Kind), time.Second)
			if !strings.Contains(e.Why, "attempt 1 met the injected fault") || !strings.Contains(e.Line(), "fault="+string(c.fault.Kind)) {
				t.Errorf("why %q, line %q", e.Why, e.Line())
			}
		})
	}
}

// answerOfReceiver is what the target answers.
const answerOfReceiver = `{"ok":true}`

// TestFaultsOfTemplates: a fault is for one template, or for the deliveries of one service, and for no deploy.
func TestFaultsOfTemplates(t *testing.T) {
	s := faulty(t, fault.Fault{Kind: fault.KindReset, On: fault.Outgoing, Query: "template:other"},
		fault.Fault{Kind: fault.KindStatus, On: fault.Outgoing, Query: "kind:firing method:POST header.content-type:application/json body:a"})
	if f := deliver(t, s, action.Settings{}); f.Attempts[0].Fault == nil || f.Attempts[0].Fault.Kind != "status" {
		t.Errorf("%+v", f.Attempts[0])
	}
	answer, _, err := exchange(t, s, deployOf("shopping_cart", "one"))
	if err != nil || answer.StatusCode != 202 {
		t.Error(answer, err)
	}
}

// TestSlowDeliveryTimesOut: a delay that is longer than the delivery's patience is a timeout, as at a slow target.
func TestSlowDeliveryTimesOut(t *testing.T) {
	for _, kind := range []fault.Kind{fault.KindLatency, fault.KindNoAnswer} {
		s := emulator.Start(t, emulator.Config{Faults: []fault.Fault{{Kind: kind, On: fault.Outgoing, Delay: "5m"}}})
		f := deliver(t, s, action.Settings{Timeout: action.Duration(50 * time.Millisecond)})
		if a := f.Attempts[0]; a.Failure == nil || a.Failure.Kind != action.TimedOut || len(s.Receiver().Requests("ci")) != 0 {
			t.Errorf("%s: %+v", kind, a)
		}
	}
}

// TestHeldDeliveryEndsWithTheServer: a delivery that a fault holds is recorded when the emulator ends.
func TestHeldDeliveryEndsWithTheServer(t *testing.T) {
	manual := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s := emulator.Start(t, emulator.Config{Clock: manual, Faults: []fault.Fault{{Kind: fault.KindNoAnswer, On: fault.Outgoing}}})
	done := make(chan action.Firing)
	go func() { done <- deliver(t, s, action.Settings{Timeout: action.Duration(time.Minute)}) }()
	until(t, func() bool { return s.Faults()[0].Hit == 1 })
	begin := time.Now()
	go s.Close()
	f := <-done
	if took := time.Since(begin); took > 3*time.Second || f.Attempts[0].Failure == nil {
		t.Errorf("%s, %+v", took, f.Attempts[0])
	}
}

// TestRealTargetOfALostAnswer: over a socket that is not ours, the target has the request and its answer is lost.
func TestRealTargetOfALostAnswer(t *testing.T) {
	target := emulator.Start(t, emulator.Config{})
	s := faulty(t, fault.Fault{Kind: fault.KindLostAnswer, On: fault.Outgoing, First: 1})
	c, err := action.NamedContext("documented")
	if err != nil {
		t.Fatal(err)
	}
	w := action.Webhook{URL: target.IntegrationURL(), Payload: deployOf("shopping_cart", "one"), Settings: action.Settings{Retries: 1, RetryWait: action.Duration(time.Millisecond)}}
	f, _, err := s.FireWebhook(context.Background(), w, c, false)
	if err != nil || len(f.Attempts) != 2 {
		t.Fatal(err, f.Attempts)
	}
	all := target.Deploys()
	if len(all) != 2 || !all[0].Recorded() || all[1].Findings[0].ID != "sender.retry" {
		t.Errorf("%s", target.Dump())
	}
	resp, err := http.Get(target.URL() + "/api/ping")
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}
