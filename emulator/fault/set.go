package fault

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// Hit is what has to happen to one request.
type Hit struct {
	// ID and Kind are those of the fault.
	ID   string
	Kind Kind
	// Delay passes first. For [KindNoAnswer] it is how long the connection is held at most.
	Delay time.Duration
	// Status is that of the answer, of status and redirect; RetryAfter its header in seconds, 0 for none.
	Status, RetryAfter int
	// Bytes is how much of the body is left; see [Hit.Cut].
	Bytes int
	// Location is where a redirect leads; empty: the same address by https.
	Location string
}

// Status is a fault in force with its counters.
type Status struct {
	Fault
	// Seen counts the requests that answered its query, Hit those it was done to.
	Seen int `json:"seen"`
	Hit  int `json:"hit"`
	// Over says that First is reached, so that it does nothing any more.
	Over bool `json:"over"`
}

// Left is how many hits are left of First; -1: there is no limit.
func (s Status) Left() int {
	if s.First == 0 {
		return -1
	}
	return s.First - s.Hit
}

// Set is the faults in force. Goroutines may share it.
type Set struct {
	seed uint64
	// some says that there are faults at all, so that a request without any costs one look.
	some atomic.Bool

	mu  sync.Mutex
	all []*active
}

type active struct {
	compiled
	status Status
}

// NewSet has no faults. The same seed and the same requests give the same decisions; 0 is a seed too.
func NewSet(seed uint64) *Set { return &Set{seed: seed} }

// ErrNone says that there is no fault of an id.
var ErrNone = errors.New("there is no such fault")

// ErrFull says that there are [MaxFaults].
var ErrFull = fmt.Errorf("there are %d faults, and more cannot be in force at a time", MaxFaults)

// TakenError says that an id is in use.
type TakenError struct{ ID string }

// Error names the id.
func (e TakenError) Error() string { return fmt.Sprintf("there is a fault %s already", e.ID) }

// Add puts a fault into force, behind those that are, and returns it as it is kept: with its id and side. The error is
// a *[CheckError], a [TakenError] or [ErrFull].
func (s *Set) Add(f Fault) (Fault, error) {
	added, err := s.AddAll([]Fault{f})
	if err != nil {
		return Fault{}, err
	}
	return added[0], nil
}

// AddAll adds every one of the faults, or none where one of them cannot be added.
func (s *Set) AddAll(faults []Fault) (added []Fault, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.all)
	for _, f := range faults {
		c, wrong := f.compile()
		if wrong != nil {
			return nil, wrong
		}
		f.On = f.side()
		if f.ID == "" {
			f.ID = freeID(all, f.Kind)
		}
		if index(all, f.ID) >= 0 {
			return nil, TakenError{f.ID}
		}
		if len(all) >= MaxFaults {
			return nil, ErrFull
		}
		all = append(all, &active{c, Status{Fault: f}})
		added = append(added, f)
	}
	s.put(all)
	return added, nil
}

// freeID is the kind, or the kind and the first number that is free.
func freeID(all []*active, k Kind) string {
	id := string(k)
	for n := 2; index(all, id) >= 0; n++ {
		id = string(k) + "-" + strconv.Itoa(n)
	}
	return id
}

func index(all []*active, id string) int {
	return slices.IndexFunc(all, func(a *active) bool { return a.status.ID == id })
}

func (s *Set) put(all []*active) {
	s.all = all
	s.some.Store(len(all) > 0)
}

// Remove takes a fault out of force. The error is [ErrNone].
func (s *Set) Remove(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := index(s.all, id)
	if at < 0 {
		return ErrNone
	}
	s.put(slices.Delete(slices.Clone(s.all), at, at+1))
	return nil
}

// Clear takes every fault out of force.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(nil)
}

// Rewind puts the counters back to nothing: every fault begins anew, and chance decides as it did.
func (s *Set) Rewind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.all {
		a.status.Seen, a.status.Hit, a.status.Over = 0, 0, false
	}
}

// List is the faults in force, in the order in which they decide.
func (s *Set) List() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Status, len(s.all))
	for i, a := range s.all {
		list[i] = a.status
	}
	return list
}

// Any says whether there is a fault in force: the one look that a request costs where there is none.
func (s *Set) Any() bool { return s.some.Load() }

// Decide is what has to happen to a request; nil: nothing. The first fault decides whose scope it is in; those behind it
// do not see the request.
func (s *Set) Decide(on Side, request query.Fields, now time.Time) *Hit {
	if !s.Any() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.all {
		if a.status.On == on && a.query.Match(request, now) && a.turn(s.seed) {
			h := a.effect.hit(clock.Draw(s.seed, a.status.ID+" jitter", uint64(a.status.Seen)))
			h.ID = a.status.ID
			return &h
		}
	}
	return nil
}

// turn counts a request that answers the query, and says whether it is one of those that are hit.
func (a *active) turn(seed uint64) bool {
	st := &a.status
	st.Seen++
	switch {
	case st.Over:
		return false
	case st.Every > 1 && st.Seen%st.Every != 0:
		return false
	case st.Probability != nil && clock.Draw(seed, st.ID, uint64(st.Seen)) >= *st.Probability:
		return false
	}
	st.Hit++
	st.Over = st.First > 0 && st.Hit >= st.First
	return true
}
