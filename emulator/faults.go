package emulator

import (
	"fmt"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// AddFault puts a fault into force and returns it as it is kept, with its id. The error is a *fault.CheckError, a
// fault.TakenError or fault.ErrFull. Faults are in memory alone: they are not in the journal, and end with the process.
func (s *Server) AddFault(f fault.Fault) (fault.Fault, error) { return s.faults.Add(f) }

// AddFaults adds every one of the faults, or none. Errors: those of [Server.AddFault].
func (s *Server) AddFaults(all []fault.Fault) ([]fault.Fault, error) { return s.faults.AddAll(all) }

// Faults are the faults in force with their counters, in the order in which they decide.
func (s *Server) Faults() []fault.Status { return s.faults.List() }

// RemoveFault takes a fault out of force. The error is fault.ErrNone.
func (s *Server) RemoveFault(id string) error { return s.faults.Remove(id) }

// ClearFaults takes every fault out of force. The error is always nil.
func (s *Server) ClearFaults() error {
	s.faults.Clear()
	return nil
}

// openFaults makes the set of a configuration.
func openFaults(c Config) (*fault.Set, error) {
	set := fault.NewSet(c.Seed)
	if _, err := set.AddAll(c.Faults); err != nil {
		return nil, fmt.Errorf("a fault of the configuration: %w", err)
	}
	return set, nil
}
