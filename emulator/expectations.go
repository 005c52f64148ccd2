package emulator

import (
	"context"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Expecting is one condition of [Server.Expect] beside the query.
type Expecting func(*expect.Expectation)

// Times expects exactly n.
func Times(n int) Expecting { return func(x *expect.Expectation) { x.Times = &n } }

// Min expects n or more.
func Min(n int) Expecting { return func(x *expect.Expectation) { x.Min = &n } }

// Max expects n or fewer.
func Max(n int) Expecting { return func(x *expect.Expectation) { x.Max = &n } }

// Never expects that nothing of the kind was sent at all, whatever became of it.
func Never() Expecting { return func(x *expect.Expectation) { x.Never = true } }

// Within waits so long for what has not come yet; without it an expectation is decided by what is there. The time runs
// on the emulator's clock and on the machine's, and the one that gets there first counts.
func Within(d time.Duration) Expecting {
	return func(x *expect.Expectation) { x.Within = expect.Duration(d) }
}

// Settle is how long nothing more must match before [Times] is believed, where [Within] gives it the time.
func Settle(d time.Duration) Expecting {
	return func(x *expect.Expectation) { x.Settle = (*expect.Duration)(&d) }
}

// Since leaves out all events up to and with the one numbered seq; see [Server.LastSeq].
func Since(seq uint64) Expecting { return func(x *expect.Expectation) { x.Since = seq } }

// Expect fails the test unless the deploys that the query describes have arrived: at least one, or as many as the
// conditions say. A deploy counts when OpsLevel really has it; one that was lost with a 202 does not, and fails the test
// with the reason (package [expect] says exactly what counts and when it is decided). The failure shows the nearest
// requests with what differs, and all that has arrived.
//
//	srv.Expect(t, "service:cart environment:Production", emulator.Times(1), emulator.Within(5*time.Second))
//
// It returns the verdict of an expectation that was met. Call it from the goroutine of the test.
func (s *Server) Expect(tb TB, q string, conditions ...Expecting) expect.Verdict {
	tb.Helper()
	x, err := expectation(q, conditions)
	if err != nil {
		tb.Fatalf("bubblelevel: %v", err)
		return expect.Verdict{}
	}
	v := s.Verify(context.Background(), x)
	if !v.Met() {
		tb.Fatalf("bubblelevel: %s\n%s", v.Text(), s.Dump())
	}
	return v
}

// WaitDeploy waits at most for patience until OpsLevel really has a deploy that the query describes, and returns the
// newest. It fails the test where there is none.
func (s *Server) WaitDeploy(tb TB, q string, patience time.Duration, conditions ...Expecting) *event.Event {
	tb.Helper()
	v := s.Expect(tb, q, append([]Expecting{Within(patience)}, conditions...)...)
	if len(v.Events) == 0 {
		return nil
	}
	e, _ := s.journal.Get(v.Events[len(v.Events)-1])
	return e
}

// Verify waits until x is decided. It is Expect for those who have no test; where ctx ends, the verdict is incomplete.
// x must have passed [expect.Expectation.Check].
func (s *Server) Verify(ctx context.Context, x expect.Expectation) expect.Verdict {
	return expect.Wait(ctx, s.Source(), s.config.Clock, x)
}

// Source is the journal as package expect reads it.
func (s *Server) Source() expect.Source { return store{s} }

// Clock is the clock that the emulator runs on.
func (s *Server) Clock() clock.Clock { return s.config.Clock }

func expectation(q string, conditions []Expecting) (x expect.Expectation, err error) {
	if x.Query, err = query.Parse(q); err != nil {
		return x, err
	}
	for _, condition := range conditions {
		condition(&x)
	}
	return x, x.Check()
}
