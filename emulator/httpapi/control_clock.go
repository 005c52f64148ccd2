package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// Time is the clock of the emulator.
type Time interface {
	ClockState() ClockState
	// MoveClock moves it in one step. The error is [clock.ErrNotMovable] or a [*clock.MoveError].
	MoveClock(clock.Move) error
}

// ClockState is the answer of GET and POST clock.
type ClockState struct {
	// State is ClockRunning or ClockFrozen.
	State string `json:"state"`
	// Now is the time of the emulator, Machine that of the machine, both in UTC.
	Now     time.Time `json:"now"`
	Machine time.Time `json:"machine"`
	// Movable says whether POST clock can change anything.
	Movable bool `json:"movable"`
}

// The states of a clock.
const (
	ClockRunning = "running"
	ClockFrozen  = "frozen"
)

// ClockMove is the body of POST clock: all that is given happens in one step.
type ClockMove struct {
	// State is ClockRunning or ClockFrozen; empty leaves it as it is.
	State string `json:"state,omitempty"`
	// Set is a time of RFC 3339, not before now; Advance a duration such as "1h". At most one of them.
	Set     string `json:"set,omitempty"`
	Advance string `json:"advance,omitempty"`
}

func (c *Control) clockRoutes() []route {
	return []route{
		{http.MethodGet, "/clock", c.clockState, "the clock of the emulator", false},
		{http.MethodPost, "/clock", c.moveClock, "freeze, set or advance the clock, or let it run", false},
	}
}

func (c *Control) clockState(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, c.Store.ClockState())
}

func (c *Control) moveClock(w http.ResponseWriter, r *http.Request) {
	var in ClockMove
	if !readJSON(w, r, &in) {
		return
	}
	m, ok := in.move(w)
	if !ok {
		return
	}
	err := c.Store.MoveClock(m)
	var refused *clock.MoveError
	switch {
	case errors.As(err, &refused):
		fail(w, http.StatusConflict, "bad_move", refused.Message, refused.Hint)
	case err != nil:
		fail(w, http.StatusConflict, "clock_not_movable", err.Error(), "leave Config.Clock empty, or give a clock.Manual")
	default:
		reply(w, http.StatusOK, c.Store.ClockState())
	}
}

// move reads the request; what is wrong with it has been answered where ok is false.
func (in ClockMove) move(w http.ResponseWriter) (m clock.Move, ok bool) {
	bad := func(code, message, hint string) (clock.Move, bool) {
		fail(w, http.StatusBadRequest, code, message, hint)
		return m, false
	}
	switch in.State {
	case "":
	case ClockRunning, ClockFrozen:
		frozen := in.State == ClockFrozen
		m.Freeze = &frozen
	default:
		return bad("bad_state", "state is "+ClockRunning+" or "+ClockFrozen+", not "+cut(in.State, 40), "leave it out to keep it as it is")
	}
	if in == (ClockMove{}) {
		return bad("nothing_to_do", "nothing is said of what the clock shall do", `send {"state": "frozen"}, {"advance": "1h"} or {"set": "2026-01-02T03:04:05Z"}`)
	}
	var err error
	if in.Set != "" {
		if m.To, err = time.Parse(time.RFC3339, in.Set); err != nil || m.To.IsZero() {
			return bad("bad_time", "set is not a time: "+cut(in.Set, 40), "write 2026-01-02T03:04:05Z")
		}
	}
	if in.Advance != "" {
		if m.By, err = time.ParseDuration(in.Advance); err != nil || m.By == 0 {
			return bad("bad_duration", "advance is not a time to go forward: "+cut(in.Advance, 40), "write 90s or 1h30m")
		}
	}
	return m, true
}
