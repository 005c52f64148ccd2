package emulator_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

func clockOf(t *testing.T, s *emulator.Server) httpapi.ClockState {
	t.Helper()
	return decode[httpapi.ClockState](t, control(t, s, "GET", "/clock", ""))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestClockMoves: the times that move with the clock, over HTTP.
func TestClockMoves(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	if c := clockOf(t, s); c.State != "running" || !c.Movable || c.Now.Sub(c.Machine).Abs() > time.Minute {
		t.Errorf("at the start: %+v", c)
	}
	must(t, s.Freeze())
	stood := clockOf(t, s)
	wantAnswer(t, send(t, "POST", s.IntegrationURL(), "application/json", body()), 202, okBody)
	made := decode[httpapi.Integration](t, control(t, s, "POST", "/integrations", `{"ttl":"1h"}`))
	if d := s.Deploys(); !d[0].At.Equal(stood.Now) || stood.State != "frozen" {
		t.Errorf("received at %v on a clock that stands at %v", d[0].At, stood.Now)
	}
	if a := control(t, s, "POST", "/clock", `{"advance":"61m","state":"running"}`); a.status != 200 {
		t.Fatal(a.body)
	}
	if c := clockOf(t, s); c.State != "running" || c.Now.Sub(stood.Now) < 61*time.Minute {
		t.Errorf("after 61m: %+v", c)
	}
	if a := control(t, s, "GET", "/events?q=newer:1h+kind:deploy", ""); strings.Contains(a.body, `"seq"`) {
		t.Errorf("newer than an hour, an hour later: %s", a.body)
	}
	if a := control(t, s, "GET", "/events?q=older:1h+kind:deploy", ""); !strings.Contains(a.body, `"seq"`) {
		t.Errorf("older than an hour, an hour later: %s", a.body)
	}
	if a := send(t, "POST", made.URL, "application/json", body()); a.status != 404 {
		t.Errorf("an integration after its ttl = %d", a.status)
	}
	at := clockOf(t, s).Now.Add(24 * time.Hour).Truncate(time.Second)
	must(t, s.SetTime(at))
	must(t, s.Freeze())
	answer := decode[struct{ Output string }](t, control(t, s, "POST", "/render", `{"template":"{{ 'now' | date: '%Y-%m-%d' }}"}`))
	if want := s.Clock().Now().UTC().Format(time.DateOnly); answer.Output != want {
		t.Errorf("Liquid's now = %q on %s", answer.Output, want)
	}
	must(t, s.Thaw())
	if err := s.SetTime(at.Add(-time.Hour)); err == nil || !strings.Contains(err.Error(), "never goes backwards") {
		t.Errorf("back = %v", err)
	}
}

func TestClockRefusals(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{}`:                             {400, "nothing_to_do"},
		`{"state":"fast"}`:               {400, "bad_state"},
		`{"set":"tomorrow"}`:             {400, "bad_time"},
		`{"set":"0001-01-01T00:00:00Z"}`: {400, "bad_time"},
		`{"advance":"soon"}`:             {400, "bad_duration"},
		`{"advance":"0s"}`:               {400, "bad_duration"},
		`{"speed":2}`:                    {400, "bad_json"},
		`{"advance":"-1s"}`:              {409, "bad_move"},
		`{"set":"2001-01-01T00:00:00Z"}`: {409, "bad_move"},
		`{"advance":"1s","set":"2100-01-01T00:00:00Z"}`: {409, "bad_move"},
		`{"set":"9999-12-31T23:59:59Z"}`:                {409, "bad_move"},
	} {
		a := control(t, s, "POST", "/clock", body)
		if f := decode[httpapi.Failure](t, a); a.status != want.status || f.Error.Code != want.code {
			t.Errorf("%s = %d %s, want %d %s", body, a.status, a.body, want.status, want.code)
		}
	}
	manual := emulator.Start(t, emulator.Config{Clock: clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))})
	must(t, manual.Freeze())
	must(t, manual.Advance(time.Hour))
	if c := clockOf(t, manual); c.State != "frozen" || !c.Now.Equal(time.Date(2026, 1, 2, 4, 4, 5, 0, time.UTC)) {
		t.Errorf("a manual clock: %+v", c)
	}
	var refused *clock.MoveError
	if err := manual.Thaw(); !errors.As(err, &refused) {
		t.Errorf("a manual clock runs: %v", err)
	}
	fixed := emulator.Start(t, emulator.Config{Clock: clock.System{}})
	if err := fixed.Advance(time.Hour); !errors.Is(err, clock.ErrNotMovable) || clockOf(t, fixed).Movable {
		t.Errorf("the machine's clock = %v", err)
	}
	if a := control(t, fixed, "POST", "/clock", `{"state":"frozen"}`); a.status != 409 || !strings.Contains(a.body, "clock_not_movable") {
		t.Errorf("the machine's clock = %d %s", a.status, a.body)
	}
}

// TestFrozenClockHangsNothing: waits end on the machine's time too, and the moment the clock is moved past them.
func TestFrozenClockHangsNothing(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	must(t, s.Freeze())
	a := control(t, s, "POST", "/verify", `{"query":"service:nobody","within":"20ms"}`)
	if a.status != http.StatusNotAcceptable {
		t.Errorf("a wait on a frozen clock = %d %s", a.status, a.body)
	}
	done := make(chan int)
	go func() {
		done <- control(t, s, "POST", "/verify", `{"query":"service:nobody","within":"30m"}`).status
	}()
	mine := s.Clock().(*clock.Adjustable)
	for mine.Waiting() == 0 {
		at, _ := clock.System{}.After(time.Millisecond)
		<-at
	}
	must(t, s.Advance(31*time.Minute))
	if status := <-done; status != http.StatusNotAcceptable {
		t.Errorf("a wait that the clock was moved past = %d", status)
	}
	if a := send(t, "POST", s.IntegrationURL(), "application/json", body()); a.header.Get("X-Runtime") == "0.000000" {
		t.Error("X-Runtime stands still with the clock")
	}
}

// TestMovedClockAndDates: a sender with the real time is not told that its clock is wrong, because the emulator's was moved.
func TestMovedClockAndDates(t *testing.T) {
	past, err := clock.NewFrozen(clock.System{}.Now().Add(-48 * time.Hour))
	must(t, err)
	s := emulator.Start(t, emulator.Config{Clock: past})
	now := clock.System{}.Now().UTC()
	for sent, want := range map[string]string{
		now.Format(time.RFC3339):                             "note date.future",
		now.Add(time.Hour).Format(time.RFC3339):              "warning date.future",
		past.Now().Add(time.Hour).Format(time.RFC3339):       "warning date.future",
		past.Now().UTC().Format(time.RFC3339):                "",
		now.Format("2006-01-02 15:04:05"):                    "note date.future note date.no_zone",
		now.Add(2 * time.Hour).Format("2006-01-02 15:04:05"): "warning date.no_zone",
	} {
		send(t, "POST", s.IntegrationURL(), "application/json", body(`"deployed_at":"`+sent+`"`))
		d := s.Deploys()
		var got []string
		for _, f := range d[len(d)-1].Findings {
			if strings.HasPrefix(f.ID, "date.") {
				got = append(got, string(f.Severity)+" "+f.ID)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("deployed_at %s: %v, want %q", sent, got, want)
		}
	}
}
