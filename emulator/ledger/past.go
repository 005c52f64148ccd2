package ledger

import (
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Past is what findings compare a deploy with.
type Past struct {
	// Previous is the seq of the last deploy recorded for the same service (or alias) and environment; 0 for none.
	Previous uint64
	// Environments are the names seen on this account, the oldest first, at most maxEnvironments.
	Environments []string
}

// past is remembered from the deploys judged in this run of the process. It is not replayed: it needs the payloads, and
// what depends on it is a note or a warning, never an answer.
type past struct {
	last         map[lastKey]uint64
	environments []string
	repeats      map[uint64]int
}

type lastKey struct{ service, environment string }

// Limits of what is remembered for findings alone.
const (
	maxEnvironments = 32
	maxLast         = 10_000
	maxRepeats      = 10_000
)

func newPast() past {
	return past{last: map[lastKey]uint64{}, repeats: map[uint64]int{}}
}

func keyOf(alias, service, environment string) lastKey {
	if service == "" {
		service = event.AliasKey(alias)
	}
	return lastKey{service, environment}
}

// Past looks up what findings compare a deploy with.
func (l *Ledger) Past(alias, service, environment string) Past {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return Past{Previous: l.past.last[keyOf(alias, service, environment)], Environments: l.past.environments}
}

// Repeats counts the duplicates that were dropped so far for the deploy with this seq.
func (l *Ledger) Repeats(original uint64) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.past.repeats[original]
}

// Note remembers a judged deploy for the findings of later ones.
func (l *Ledger) Note(e *event.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &l.past
	switch {
	case e.Result == deploy.Duplicate:
		if n := p.repeats[e.DuplicateOf]; n > 0 || len(p.repeats) < maxRepeats {
			p.repeats[e.DuplicateOf] = n + 1
		}
	case e.Recorded():
		environment := e.Deploy.Environment
		if k := keyOf(e.Alias, e.Service, environment); len(p.last) < maxLast || p.last[k] != 0 {
			p.last[k] = e.Seq
		}
		if environment != "" && len(p.environments) < maxEnvironments && !slices.Contains(p.environments, environment) {
			// A new slice: a reader may hold the old one.
			p.environments = append(slices.Clip(p.environments), environment)
		}
	}
}
