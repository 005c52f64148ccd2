package journal

import (
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// call is one Append that waits for its answer.
type call struct {
	build func(seq uint64) *event.Event
	event *event.Event
	err   error
	done  chan struct{}
}

// calls are used again: an Append then allocates nothing but its event. The pool is only ever a cache.
var calls = sync.Pool{New: func() any { return &call{done: make(chan struct{}, 1)} }}

func newCall(build func(seq uint64) *event.Event) *call {
	c := calls.Get().(*call)
	c.build = build
	return c
}

func (c *call) free() {
	c.build, c.event, c.err = nil, nil, nil
	calls.Put(c)
}

// PanicError is the answer to an Append whose build panicked.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("journal: building the event panicked: %v", e.Value)
}

// run builds the event numbered seq. It is nil where there is none.
func (c *call) run(seq uint64) {
	defer func() {
		if p := recover(); p != nil {
			c.event, c.err = nil, &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	c.event = c.build(seq)
	if c.event != nil {
		c.event.Seq = seq
	}
}

func (c *call) answer() { c.done <- struct{}{} }

// queue hands calls to the writer: all that came while it was busy at once.
type queue struct {
	mu     sync.Mutex
	calls  []*call
	closed bool
	wake   chan struct{}
}

func (q *queue) push(c *call) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.calls = append(q.calls, c)
	first := len(q.calls) == 1
	q.mu.Unlock()
	if first {
		q.signal()
	}
	return true
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take swaps the calls that wait for an empty slice. closed means that no more will come after them.
func (q *queue) take(empty []*call) (waiting []*call, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting, q.calls = q.calls, empty
	return waiting, q.closed
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}
