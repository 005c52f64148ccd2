package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/tui"
)

// faultMenu shows the terminal UI what can go wrong.
type faultMenu struct{}

// FaultKinds are the failures that there are.
func (faultMenu) FaultKinds() []tui.FaultKind {
	var all []tui.FaultKind
	for _, k := range fault.Kinds() {
		all = append(all, tui.FaultKind{Name: string(k.Kind), Doc: k.Doc, Settings: k.Settings})
	}
	return all
}

// faultOf is a fault as it was wished for; a setting that is no number where one belongs is an error.
func faultOf(o tui.FaultOrder) (fault.Fault, error) {
	f := fault.Fault{Kind: fault.Kind(o.Kind), Query: o.Query, First: o.First}
	for name, value := range o.Settings {
		var err error
		switch name {
		case "status":
			f.Status, err = strconv.Atoi(value)
		case "bytes":
			f.Bytes, err = strconv.Atoi(value)
		case "retry_after":
			f.RetryAfter = fault.Duration(value)
		case "delay":
			f.Delay = fault.Duration(value)
		case "jitter":
			f.Jitter = fault.Duration(value)
		case "location":
			f.Location = value
		default:
			return f, fmt.Errorf("%s is no setting of a fault", name)
		}
		if err != nil {
			return f, fmt.Errorf("%s: %q is no whole number", name, value)
		}
	}
	return f, nil
}

// shownFaults are faults as the terminal UI shows them.
func shownFaults(all []fault.Status) []tui.Fault {
	var out []tui.Fault
	for _, s := range all {
		out = append(out, tui.Fault{ID: s.ID, Kind: string(s.Kind), Query: s.Query, Hit: s.Hit, Left: s.Left()})
	}
	return out
}

// Faults are those in force.
func (l *local) Faults(context.Context) ([]tui.Fault, error) {
	return shownFaults(l.server.Faults()), nil
}

// AddFault puts one into force.
func (l *local) AddFault(_ context.Context, o tui.FaultOrder) error {
	f, err := faultOf(o)
	if err == nil {
		_, err = l.server.AddFault(f)
	}
	return err
}

// RemoveFault takes one out of force.
func (l *local) RemoveFault(_ context.Context, id string) error { return l.server.RemoveFault(id) }

// ClearFaults takes all of them out of force.
func (l *local) ClearFaults(context.Context) error { return l.server.ClearFaults() }

// Faults are those in force.
func (r *remote) Faults(ctx context.Context) ([]tui.Fault, error) {
	all, err := r.client.Faults(ctx)
	return shownFaults(all), err
}

// AddFault puts one into force.
func (r *remote) AddFault(ctx context.Context, o tui.FaultOrder) error {
	f, err := faultOf(o)
	if err == nil {
		_, err = r.client.AddFault(ctx, f)
	}
	return err
}

// RemoveFault takes one out of force.
func (r *remote) RemoveFault(ctx context.Context, id string) error {
	return r.client.RemoveFault(ctx, id)
}

// ClearFaults takes all of them out of force.
func (r *remote) ClearFaults(ctx context.Context) error { return r.client.ClearFaults(ctx) }
