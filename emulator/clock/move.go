package clock

import (
	"errors"
	"time"
)

// Mover is a clock that somebody else than the machine may move: [Adjustable] and [Manual].
type Mover interface {
	Clock
	// Move moves the clock in one step, and wakes whoever is due. The error is a [*MoveError].
	Move(Move) error
	// Frozen says whether the clock stands still until it is moved.
	Frozen() bool
}

// Move is one change of a [Mover]. At most one of To and By is given; neither leaves the time as it is.
type Move struct {
	// To is where the clock shall stand, not before where it stands now.
	To time.Time
	// By is how far it goes forward.
	By time.Duration
	// Freeze stops it (true) or lets it run (false); nil leaves that as it is.
	Freeze *bool
}

// moves says whether the time itself changes.
func (m Move) moves() bool { return !m.To.IsZero() || m.By != 0 }

// from is where a clock that stands at now gets to.
func (m Move) from(now time.Time) (time.Time, error) {
	switch {
	case m.By != 0 && !m.To.IsZero():
		return now, &MoveError{Message: "a clock is set to a time or advanced, not both at once"}
	case m.By < 0:
		return now, backwards("and " + m.By.String() + " leads back")
	case m.By != 0:
		return now.Add(m.By), nil
	case !m.To.IsZero() && m.To.Before(now):
		return now, backwards("it stands at " + stamp(now) + ", and " + stamp(m.To) + " is before that")
	case !m.To.IsZero():
		return m.To, nil
	}
	return now, nil
}

// MoveError says why a clock was not moved. Hint is the cure; it may be empty.
type MoveError struct{ Message, Hint string }

// Error is the reason.
func (e *MoveError) Error() string { return e.Message }

func backwards(why string) error {
	return &MoveError{"a clock never goes backwards: " + why, "for an earlier time start an emulator with --now TIME"}
}

// stamp is a time for a message, as exact as it has to be.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// MaxApart is how far a clock may be moved from the machine's: a hundred years.
const MaxApart = 100 * 365 * 24 * time.Hour

// within refuses a time that is further from the machine's than MaxApart.
func within(t, machine time.Time) error {
	if t.Before(machine.Add(-MaxApart)) || t.After(machine.Add(MaxApart)) {
		return &MoveError{stamp(t) + " is more than 100 years away", "choose a time that is nearer to today"}
	}
	return nil
}

// ErrNotMovable is the error of a clock that nobody may move: the machine's, or one of a test's own.
var ErrNotMovable = errors.New("the clock of this emulator cannot be moved")

// Of is the Mover of a clock; [ErrNotMovable] where it is none.
func Of(c Clock) (Mover, error) {
	if m, ok := c.(Mover); ok {
		return m, nil
	}
	return nil, ErrNotMovable
}

// Move moves the clock as its [Manual.Set] does, but never backwards, and never lets it run.
func (m *Manual) Move(step Move) error {
	if step.Freeze != nil && !*step.Freeze {
		return &MoveError{Message: "a clock.Manual does not run: it goes when it is moved"}
	}
	to, err := step.from(m.Now())
	if err != nil {
		return err
	}
	m.Set(to)
	return nil
}

// Frozen is true: it goes when it is moved.
func (m *Manual) Frozen() bool { return true }
