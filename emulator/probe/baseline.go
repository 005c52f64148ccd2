package probe

import (
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Spot is a field of a deploy in which a carrier's value arrived.
type Spot struct {
	// Deploy is the place of the deploy among those of the run, from 0.
	Deploy int    `json:"deploy"`
	Field  string `json:"field"`
	// Reshaped: something of the value arrived, and not the whole: the sender makes something else of it.
	Reshaped bool `json:"reshaped,omitempty"`
}

// Use is a carrier that reaches the payload.
type Use struct {
	Carrier
	Spots []Spot `json:"spots"`
}

// Baseline is a run with tame values: what the sender sends when nothing is hostile.
type Baseline struct {
	deploys []*event.Event
	// Used are the carriers whose values arrived, and Unused the names of the others.
	Used   []Use
	Unused []string
}

// NewBaseline reads a run with tame values.
func NewBaseline(run Run, carriers []Carrier) *Baseline {
	b := &Baseline{deploys: run.recorded()}
	for _, c := range carriers {
		u := Use{Carrier: c}
		tame, _ := Tame().In(c)
		for i, e := range b.deploys {
			for _, f := range texts(e.Deploy) {
				switch {
				case strings.Contains(f.text, tame):
					u.Spots = append(u.Spots, Spot{Deploy: i, Field: f.name})
				case c.Kind != Version && strings.Contains(strings.ToLower(f.text), c.open()):
					u.Spots = append(u.Spots, Spot{Deploy: i, Field: f.name, Reshaped: true})
				}
			}
		}
		if len(u.Spots) == 0 {
			b.Unused = append(b.Unused, c.Name)
			continue
		}
		b.Used = append(b.Used, u)
	}
	return b
}

// Deploys is how many deploys were recorded.
func (b *Baseline) Deploys() int { return len(b.deploys) }

// Carriers are those that reach the payload.
func (b *Baseline) Carriers() (all []Carrier) {
	for _, u := range b.Used {
		all = append(all, u.Carrier)
	}
	return all
}

// spots are where the values of a carrier belong.
func (b *Baseline) spots(c Carrier) []Spot {
	for _, u := range b.Used {
		if u.Carrier == c {
			return u.Spots
		}
	}
	return nil
}

// match finds the deploy of another run that is the i-th of the baseline: the only one for the same service and
// environment, else that in the same place, since senders that post side by side have no order.
func (b *Baseline) match(i int, others []*event.Event) *event.Event {
	same := func(d, o *deploy.Deploy) bool { return d.Service == o.Service && d.Environment == o.Environment }
	alike := func(all []*event.Event) []*event.Event {
		return slices.DeleteFunc(slices.Clone(all), func(e *event.Event) bool { return !same(e.Deploy, b.deploys[i].Deploy) })
	}
	if found := alike(others); len(found) == 1 && len(alike(b.deploys)) == 1 {
		return found[0]
	}
	if i < len(others) {
		return others[i]
	}
	return nil
}
