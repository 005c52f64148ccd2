package emulator

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// What moves with the clock: when deploys are received, the ages in queries, the findings about dates, when integrations
// expire, `now` in Liquid, and the waits of expectations, receivers and retries. What does not: the syncs of the journal,
// the timeouts of HTTP, and how long something took.

// Freeze stops the clock where it is. Its error, as that of the other three, is [clock.ErrNotMovable] where Config.Clock
// is neither a [clock.Adjustable] (the default) nor a [clock.Manual].
func (s *Server) Freeze() error { frozen := true; return s.moveClock(clock.Move{Freeze: &frozen}) }

// Thaw lets the clock run on from where it stands. A clock.Manual cannot: the error is a [*clock.MoveError].
func (s *Server) Thaw() error { frozen := false; return s.moveClock(clock.Move{Freeze: &frozen}) }

// Advance moves the clock forward by d and wakes whoever waits for less. A running clock runs on, a frozen one stays so.
// d must not be negative: the error is a [*clock.MoveError].
func (s *Server) Advance(d time.Duration) error { return s.moveClock(clock.Move{By: d}) }

// SetTime moves the clock to t, which must not be before it: the error is a [*clock.MoveError].
func (s *Server) SetTime(t time.Time) error { return s.moveClock(clock.Move{To: t}) }

func (s *Server) moveClock(m clock.Move) error {
	mover, err := clock.Of(s.config.Clock)
	if err != nil {
		return err
	}
	return mover.Move(m)
}

// Clock is the clock as the control API shows it.
func (s store) ClockState() httpapi.ClockState {
	c := s.config.Clock
	state := httpapi.ClockState{State: httpapi.ClockRunning, Now: c.Now().UTC(), Machine: clock.System{}.Now().UTC()}
	mover, err := clock.Of(c)
	state.Movable = err == nil
	if err == nil && mover.Frozen() {
		state.State = httpapi.ClockFrozen
	}
	return state
}

// MoveClock moves it.
func (s store) MoveClock(m clock.Move) error { return s.moveClock(m) }

// machineTime is the machine's time where the emulator's clock tells another; else zero.
func (s *Server) machineTime() time.Time {
	if a, ok := s.config.Clock.(*clock.Adjustable); ok && a.Moved() {
		return a.Machine().UTC()
	}
	return time.Time{}
}
