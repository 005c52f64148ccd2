// Package relay hands deploys on to a real OpsLevel integration and brings its answers back.
//
// Three promises decide its shape. A request is sent at most once: each has a connection of its own, so that nothing can
// send it again behind our back, and no redirect is followed. Requests keep their order: one is under way at a time, in
// the order of arrival, and the next waits until the event of the one before is recorded. And what the sender wrote goes on
// as it was: method, query, body and headers, save those of the connection itself, Host, and the uuid in the path. (Go's
// server tells neither the order nor the letter case of header names, so these are sorted, in their usual spelling.)
//
// The address of the integration is a secret. It is known here alone: what comes back has the sender's own uuid in its
// place before anybody else sees it, and no error names it.
//
// [Compare] says in which fields two answers differ. What a difference means is not decided here.
package relay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// Limits.
const (
	// DefaultTimeout is how long the exchange of one request and its answer may take.
	DefaultTimeout = 30 * time.Second
	// MaxQueue is how many requests may wait for their turn. One more is not sent at all.
	MaxQueue = 256
	// MaxAnswer is the longest body of an answer, in bytes, and MaxAnswerHead the longest head, as it arrives and also once
	// it is unpacked. OpsLevel's answers are a few hundred bytes.
	MaxAnswer     = 1 << 20
	MaxAnswerHead = 64 << 10
)

// Line is a connection on which a request can be written.
type Line struct {
	net.Conn
	// Proxied: the far end is a proxy that wants the whole URL in the request line, and ProxyHeader, which is a line of the
	// header or empty.
	Proxied     bool
	ProxyHeader string
}

// Options say how to relay.
type Options struct {
	Target Target
	// Connect opens a connection to the host of Target. Its errors are sentences for people and do not name the URL.
	Connect func(context.Context) (Line, error)
	// Timeout is DefaultTimeout where it is 0.
	Timeout time.Duration
	// Clock tells how long it takes.
	Clock clock.Clock
}

// Relay sends requests to one integration. It is safe for concurrent use.
type Relay struct {
	options Options
	ctx     context.Context
	cancel  context.CancelFunc

	mu      sync.Mutex
	idle    *sync.Cond
	busy    bool
	waiting []chan struct{}
}

// New is a relay to the target.
func New(o Options) *Relay {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	r := &Relay{options: o}
	r.idle = sync.NewCond(&r.mu)
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r
}

// Stop ends the exchange under way, lets those that wait fail, and returns once what became of all of them was handed on.
func (r *Relay) Stop() {
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.busy {
		r.idle.Wait()
	}
}

// Timeout is how long one exchange may take.
func (r *Relay) Timeout() time.Duration { return r.options.Timeout }

// Host is the host of the integration, with its port where the URL has one.
func (r *Relay) Host() string { return r.options.Target.Host() }

// Request is a deploy as it arrived.
type Request struct {
	Header http.Header
	Body   string
	// UUID is the integration in the path of the request; Suffix what follows it in the path, such as ".json".
	UUID, Suffix string
	// Query is the query string without its question mark.
	Query string
}

// Reply is what became of a request. Where Failure is empty, it is the whole answer.
type Reply struct {
	// HTTP, Header and Body are what the sender gets.
	HTTP   int
	Header http.Header
	Body   []byte
	// Said is what the answer says; its Body is unpacked.
	Said Said
	Took time.Duration
	// Failure is why there is no answer: a clause without a full stop. Full says that too many were waiting; Sent, that
	// some of the request was written, so that the deploy may have arrived nevertheless.
	Failure    string
	Full, Sent bool
}

// Send waits for its turn, sends the request once, and gives what became of it to then, which runs before the next request
// is sent. It goes on whatever the sender does meanwhile; only [Relay.Stop] ends it early.
func (r *Relay) Send(q Request, then func(Reply)) {
	if !r.enter() {
		then(Reply{Full: true, Failure: fmt.Sprintf("%d deploys were waiting for the upstream already", MaxQueue)})
		return
	}
	defer r.leave()
	took := clock.Elapsed(r.options.Clock)
	reply := r.exchange(q)
	reply.Took = took()
	then(reply)
}

// enter waits until it is this caller's turn: first come, first served. False: too many wait.
func (r *Relay) enter() bool {
	r.mu.Lock()
	if r.busy && len(r.waiting) >= MaxQueue {
		r.mu.Unlock()
		return false
	}
	if !r.busy {
		r.busy = true
		r.mu.Unlock()
		return true
	}
	turn := make(chan struct{})
	r.waiting = append(r.waiting, turn)
	r.mu.Unlock()
	<-turn
	return true
}

func (r *Relay) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		r.busy = false
		r.idle.Broadcast()
		return
	}
	close(r.waiting[0])
	r.waiting = r.waiting[1:]
}

// Waiting counts the requests that wait for their turn; -1 where none is under way either.
func (r *Relay) Waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.busy {
		return -1
	}
	return len(r.waiting)
}

// errStopped and errTimeout are why an exchange ended early.
var (
	errStopped = errors.New("the emulator ended before there was an answer")
	errTimeout = errors.New("timed out")
)

// within is a context that ends with the timeout, by the clock that was handed in, and with the relay.
func (r *Relay) within() (ctx context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	fired, release := r.options.Clock.After(r.options.Timeout)
	unlink := context.AfterFunc(r.ctx, func() { cancel(errStopped) })
	go func() {
		select {
		case <-fired:
			cancel(errTimeout)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		unlink()
		release()
		cancel(nil)
	}
}
