package tui

import (
	"context"
	"slices"

	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func (f *fake) Faults(context.Context) ([]Fault, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault(nil), f.faults...), nil
}

// FaultKinds are some of those of the emulator.
func (f *fake) FaultKinds() []FaultKind {
	return []FaultKind{
		{"status", "Answers with an HTTP status from 400 to 599 (503), with Retry-After where it is set. Nothing is recorded.", []string{"status", "retry_after", "delay"}},
		{"latency", "Answers late: after the delay (1s), and up to the jitter longer. The deploy is judged as usual, before the wait.", []string{"delay", "jitter"}},
		{"reset", "Resets the connection (TCP RST) without an answer. Nothing is recorded.", []string{"delay"}},
		{"lost_answer", "The deploy is judged and recorded as usual; then the connection is closed without a byte.", []string{"delay"}},
	}
}

func (f *fake) AddFault(_ context.Context, o FaultOrder) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := query.Parse(o.Query); err != nil {
		return err
	}
	x := Fault{ID: o.Kind, Kind: o.Kind, Query: o.Query, Left: o.First}
	if o.First == 0 {
		x.Left = -1
	}
	if slices.ContainsFunc(f.faults, func(y Fault) bool { return y.ID == x.ID }) {
		x.ID += "-2"
	}
	f.faults = append(f.faults, x)
	return nil
}

func (f *fake) RemoveFault(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = slices.DeleteFunc(f.faults, func(x Fault) bool { return x.ID == id })
	return nil
}

func (f *fake) ClearFaults(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
	return nil
}
