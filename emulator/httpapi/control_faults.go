package httpapi

import (
	"errors"
	"net/http"

	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// Failing is the faults in force. They are no part of the account: they are in memory alone, and a reset keeps them.
type Failing interface {
	// AddFaults adds all of them or none. Errors: a *fault.CheckError, a fault.TakenError, fault.ErrFull.
	AddFaults([]fault.Fault) ([]fault.Fault, error)
	Faults() []fault.Status
	// RemoveFault takes one out of force; fault.ErrNone where there is none of that id.
	RemoveFault(id string) error
	ClearFaults() error
}

func (c *Control) faultRoutes() []route {
	return []route{
		{http.MethodGet, "/faults", c.faults, "the faults in force with their counters, in the order in which they decide", false},
		{http.MethodPost, "/faults", c.addFaults, `put a fault into force; {"faults": [...]} adds all of them or none`, false},
		{http.MethodDelete, "/faults", c.clearFaults, "take every fault out of force", false},
		{http.MethodDelete, "/faults/{id}", c.removeFault, "take one fault out of force", false},
	}
}

func (c *Control) faults(w http.ResponseWriter, r *http.Request) {
	if !unasked(w, r) {
		return
	}
	some, next, ok := pages(w, r, c.Store.Faults(), func(f fault.Status) string { return f.ID })
	if !ok {
		return
	}
	reply(w, http.StatusOK, struct {
		Faults []fault.Status `json:"faults"`
		Next   *string        `json:"next"`
	}{notNil(some), next})
}

// faultsRequest is one fault, or several.
type faultsRequest struct {
	fault.Fault
	Faults []fault.Fault `json:"faults,omitempty"`
}

func (c *Control) addFaults(w http.ResponseWriter, r *http.Request) {
	var in faultsRequest
	if !readJSON(w, r, &in) {
		return
	}
	if in.Faults == nil {
		added, err := c.Store.AddFaults([]fault.Fault{in.Fault})
		if err != nil {
			refuseFault(w, err)
			return
		}
		reply(w, http.StatusCreated, added[0])
		return
	}
	if in.Fault != (fault.Fault{}) {
		fail(w, http.StatusBadRequest, "bad_fault", "this is a fault and a list of faults at once", "send the one or the other")
		return
	}
	added, err := c.Store.AddFaults(in.Faults)
	if err != nil {
		refuseFault(w, err)
		return
	}
	reply(w, http.StatusCreated, struct {
		Faults []fault.Fault `json:"faults"`
	}{notNil(added)})
}

func (c *Control) removeFault(w http.ResponseWriter, r *http.Request) {
	id, ok := pathValue(w, r, "id")
	if !ok {
		return
	}
	if err := c.Store.RemoveFault(id); err != nil {
		refuseFault(w, err)
		return
	}
	reply(w, http.StatusOK, struct {
		ID      string `json:"id"`
		Removed bool   `json:"removed"`
	}{id, true})
}

func (c *Control) clearFaults(w http.ResponseWriter, _ *http.Request) {
	if err := c.Store.ClearFaults(); err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, struct {
		Cleared bool `json:"cleared"`
	}{true})
}

func refuseFault(w http.ResponseWriter, err error) {
	var wrong *fault.CheckError
	var taken fault.TakenError
	switch {
	case errors.As(err, &wrong):
		fail(w, http.StatusBadRequest, "bad_fault", err.Error(), wrong.Hint)
	case errors.As(err, &taken):
		fail(w, http.StatusConflict, "conflict", err.Error(), "choose another id, or leave it out")
	case errors.Is(err, fault.ErrFull):
		fail(w, http.StatusConflict, "full", err.Error(), "remove some first")
	case errors.Is(err, fault.ErrNone):
		fail(w, http.StatusNotFound, "not_found", err.Error(), "GET "+Prefix+"v1/faults lists them")
	default:
		refuse(w, err)
	}
}
