package emulator

import (
	"encoding/json"
	"fmt"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Limits of what can be changed in the account from one reset, or load of fixtures, to the next. The account is made of
// its changes, so none of them leaves the journal before; --keep does not bound them.
const (
	MaxChanges     = 500_000
	MaxChangeBytes = 64 << 20 // of the changes as JSON
)

// changes counts the changes that the account is made of. The journal's writer alone uses it, and the replay before it.
type changes struct{ n, bytes int }

// room says whether the account takes one more. The error is a [catalog.ErrFull].
func (c *changes) room() error {
	if c.n < MaxChanges && c.bytes < MaxChangeBytes {
		return nil
	}
	return fmt.Errorf("%w, and %d changes or %d MiB of them; it has had %d changes and %d MiB of them since it was last reset or loaded",
		catalog.ErrFull, MaxChanges, MaxChangeBytes>>20, c.n, c.bytes>>20)
}

// add counts a change. Fixtures that are loaded are a new beginning: those of before are forgotten.
func (c *changes) add(x *event.Change) {
	switch {
	case x == nil:
	case x.Fixtures != nil:
		*c = changes{}
	default:
		b, _ := json.Marshal(x) // a change always has a JSON form: it is recorded as one
		c.n++
		c.bytes += len(b)
	}
}
