package emulator

import (
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// TB is what [Start] and the waits need of a *testing.T; the package itself does not import testing.
type TB interface {
	Helper()
	Cleanup(func())
	Failed() bool
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Start is an emulator for one test: it listens on a free port of loopback, keeps everything in memory, ends with the
// test, and says what arrived when the test fails. Where it cannot begin, it fails the test: an address that is taken, an
// upstream that is not allowed.
//
//	func TestPipelineReportsDeploy(t *testing.T) {
//		ol := emulator.Start(t, emulator.Config{})
//		runPipeline(t, "OPSLEVEL_INTEGRATION_URL="+ol.IntegrationURL())
//		if d := ol.Deploys(); len(d) != 1 || d[0].Result != deploy.OK {
//			t.Errorf("deploys = %v", d)
//		}
//	}
func Start(tb TB, c Config) *Server {
	tb.Helper()
	c.Store = "" // always in memory: nothing is left behind
	s, err := New(c)
	if err != nil {
		tb.Fatalf("emulator: %v", err)
	}
	if err := s.Listen(); err != nil {
		tb.Fatalf("emulator: %v", err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("%s", s.Dump())
		}
		s.Close()
	})
	return s
}

// Deploys are the deploy requests that are still whole, the oldest first, rejected ones and duplicates too. They are for
// reading: others may hold the same.
func (s *Server) Deploys() []*event.Event {
	var all []*event.Event
	s.journal.Range(0, 0, false, func(e *event.Event) bool {
		if e.Kind == event.KindDeploy {
			all = append(all, e)
		}
		return true
	})
	return all
}

// Events are all events that are still whole, the oldest first, for reading as those of Deploys are.
func (s *Server) Events() []*event.Event {
	var all []*event.Event
	s.journal.Range(0, 0, false, func(e *event.Event) bool {
		all = append(all, e)
		return true
	})
	return all
}

// Dump says in a few lines what arrived and what was answered, for the log of a failed test.
func (s *Server) Dump() string {
	var b strings.Builder
	events := s.Events()
	fmt.Fprintf(&b, "bubblelevel at %s: %d events\n", s.URL(), len(events))
	for _, e := range events {
		fmt.Fprintf(&b, "  %s\n", e.Line())
	}
	return b.String()
}
