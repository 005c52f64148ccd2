// Package expect says whether what was expected has arrived: an [Expectation] is a query, how many events must answer
// it, and how long to wait. One engine serves `verify`, `exec`, the control API, Go tests and scenarios.
//
// # What counts
//
// A 202 is no proof: OpsLevel gives one for a deploy that it drops. So an expectation counts the deploys that were
// really recorded and have no finding of severity silent, and a deploy that matches and was lost makes it fail, unless
// the same deploy was recorded later ([Loss]). A query that asks for deploys which are not kept (result:rejected,
// finding:silent, http:4xx, has:title) knows better, and is counted as it stands; one that only keeps them out (result:ok,
// not:finding:silent) does not. `never` looks at everything that was sent, recorded or not. Events that are no deploys
// count only for a query that asks for what is not kept, or about kind:, path: or method:. Counting starts anew at a
// reset of the account.
//
// # When it is decided
//
// At least N: as soon as they are there. At most, never: when it is violated, else at the deadline. Exactly N: when
// there are more, else at the deadline or once nothing more has matched for [Expectation.Settle]. Without a deadline
// everything is decided at once by what is there. Time counts on the emulator's clock and on the machine's, whichever
// gets there first, so that neither a clock that stands still can make somebody wait for ever nor a test that moves its
// clock has to wait.
package expect

import (
	"fmt"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Expectation is what must have arrived. The zero value expects at least one deploy, and does not wait.
type Expectation struct {
	Query query.Query `json:"query"`
	// Times is an exact number; it stands alone. Min and Max are bounds. With none of them, one or more are expected.
	Times *int `json:"times,omitempty"`
	Min   *int `json:"min,omitempty"`
	Max   *int `json:"max,omitempty"`
	// Never is the same as a Max of 0.
	Never bool `json:"never,omitempty"`
	// Within is how long to wait; 0 decides at once.
	Within Duration `json:"within,omitempty"`
	// Settle is how long nothing more must match before an exact number is believed; nil means [DefaultSettle]. It never
	// waits beyond Within.
	Settle *Duration `json:"settle,omitempty"`
	// Allow are ids of findings of severity silent that do not make a deploy a lost one.
	Allow []string `json:"allow,omitempty"`
	// Since leaves out all events up to and with this one.
	Since uint64 `json:"since,omitempty"`
}

// DefaultSettle is how long an exact number must stand before it is believed: long enough for a sender that sends
// twice in one go. A longer Settle is stricter; one as long as Within sees everything that comes in that time.
const DefaultSettle = 250 * time.Millisecond

// Duration is a time.Duration that stands in JSON as "1m30s".
type Duration time.Duration

// MarshalText writes it as time.Duration does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration reads.
func (d *Duration) UnmarshalText(b []byte) error {
	n, err := time.ParseDuration(string(b))
	*d = Duration(n)
	return err
}

// Error is a mistake in an expectation itself: nothing was looked at.
type Error struct {
	Message, Hint string
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

func wrong(hint, format string, args ...any) error {
	return &Error{fmt.Sprintf(format, args...), hint}
}

// Check says what is wrong with the expectation: bounds that contradict each other, and findings that there are not,
// which `not:finding:...` would otherwise never miss. Its error is an [*Error].
func (x *Expectation) Check() error {
	const apart = "times stands alone; min and max go together; never is max 0"
	switch {
	case x.Times != nil && (x.Min != nil || x.Max != nil || x.Never), x.Never && (x.Min != nil || x.Max != nil):
		return wrong(apart, "these bounds contradict each other")
	case negative(x.Times) || negative(x.Min) || negative(x.Max):
		return wrong(apart, "a number of events cannot be negative")
	case x.Min != nil && x.Max != nil && *x.Min > *x.Max:
		return wrong(apart, "min %d is more than max %d", *x.Min, *x.Max)
	case x.Within < 0 || x.Settle != nil && *x.Settle < 0:
		return wrong("write 10s or 1m30s", "a time to wait cannot be negative")
	}
	for _, id := range x.Allow {
		if err := CheckFinding(id); err != nil {
			return err
		}
	}
	return CheckQuery(x.Query)
}

func negative(n *int) bool { return n != nil && *n < 0 }

// unbounded is the most of an expectation without an upper bound.
const unbounded = -1

// bounds are the fewest and the most events that may match.
func (x *Expectation) bounds() (least, most int) {
	switch {
	case x.Never:
		return 0, 0
	case x.Times != nil:
		return *x.Times, *x.Times
	case x.Min == nil && x.Max == nil:
		return 1, unbounded
	}
	most = unbounded
	if x.Max != nil {
		most = *x.Max
	}
	if x.Min != nil {
		least = *x.Min
	}
	return least, most
}

func (x *Expectation) settle() time.Duration {
	if x.Settle == nil {
		return DefaultSettle
	}
	return time.Duration(*x.Settle)
}

// expected is the number in words: "at least 1 deploy".
func (x *Expectation) expected(noun string) string {
	least, most := x.bounds()
	switch {
	case most == 0:
		return "no " + noun
	case least == most:
		return "exactly " + plural(least, noun)
	case most == unbounded && least == 0:
		return "any number of " + noun + "s"
	case most == unbounded:
		return "at least " + plural(least, noun)
	case least == 0:
		return "at most " + plural(most, noun)
	}
	return fmt.Sprintf("%d to %s", least, plural(most, noun))
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
