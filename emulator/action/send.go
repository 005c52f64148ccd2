package action

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// answer is a response with as much of its body as the response template may see.
type answer struct {
	status  int
	proto   string
	reason  string
	headers []Header
	body    []byte // at most Settings.MaxBody
	length  int64
	sha256  string
	// whole: everything was read, up to ReadBody. capped: ReadBody was reached.
	whole, capped bool
}

// sender delivers one request, once or (where the settings say so) more often.
type sender struct {
	deps     Deps
	settings Settings
	out      outgoing
}

// attempt delivers once. The answer is nil where none was received whole.
func (s sender) attempt(ctx context.Context, t target, x *Injection) (Attempt, *answer, packet) {
	start := s.deps.Clock.Now()
	took := clock.Elapsed(s.deps.Clock)
	elapsed := func() Duration { return Duration(took()) }
	a := Attempt{At: start.UTC(), URL: t.shown()}
	p := s.out.packet(t, false, start)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := s.limit(ctx, cancel)
	defer stop()

	var got *answer
	if x != nil {
		a.Fault = &AttemptFault{ID: x.ID, Kind: x.Kind}
	}
	err := x.before(ctx, s)
	switch {
	case err != nil:
	case x.reaches():
		p, got, err = s.deliver(ctx, t, p, &a, elapsed)
		got, err = x.spoil(got, err)
	default:
		got, err = x.instead(s.out.method, s.settings.MaxBody, func() { a.Timings.FirstByte = elapsed() })
	}
	a.Timings.Total = elapsed()
	if err != nil {
		a.Failure = s.explain(ctx, err)
	}
	if got != nil {
		a.Response = got.record()
	}
	if err != nil {
		got = nil
	}
	return a, got, p
}

// deliver connects to the target and sends; p is the request as it is sent where there is no proxy.
func (s sender) deliver(ctx context.Context, t target, p packet, a *Attempt, elapsed func() Duration) (packet, *answer, error) {
	d := dialer{deps: s.deps, elapsed: elapsed, timings: &a.Timings, address: &a.Address}
	conn, proxied, err := d.connect(ctx, t)
	if err != nil {
		return p, nil, err
	}
	if proxied {
		p = s.out.packet(t, true, a.At)
	}
	a.Sent = Bytes(p.shown)
	got, err := s.exchange(ctx, conn, s.authorised(p.real, proxied), elapsed, &a.Timings)
	return p, got, err
}

var errTimeout = errors.New("timed out")

// limit cancels when the timeout has passed, by the clock of the real world.
func (s sender) limit(ctx context.Context, cancel context.CancelCauseFunc) (stop func()) {
	fired, release := clock.Real(s.deps.Clock).After(s.settings.Timeout.duration())
	go func() {
		select {
		case <-fired:
			cancel(errTimeout)
		case <-ctx.Done():
		}
	}()
	return release
}

// exchange writes the request and reads the answer, at the same time: a server may answer, and even hang up, before it
// has read a large body. What was read of an answer comes back also beside an error.
func (s sender) exchange(ctx context.Context, conn net.Conn, request []byte, elapsed func() Duration, t *Timings) (*answer, error) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	written := make(chan Duration, 1)
	go func() {
		if _, err := conn.Write(request); err != nil {
			written <- 0
			return
		}
		written <- elapsed()
	}()
	got, err := readAnswer(conn, s.out.method, s.settings.MaxBody, func() { t.FirstByte = elapsed() })
	conn.Close()
	t.Sent = <-written
	return got, err
}

// explain makes a failure of an error, in plain words.
func (s sender) explain(ctx context.Context, err error) *AttemptFailure {
	if cause := context.Cause(ctx); cause != nil {
		if errors.Is(cause, errTimeout) {
			return &AttemptFailure{Kind: TimedOut, Message: fmt.Sprintf("no whole answer within %s", s.settings.Timeout)}
		}
		return &AttemptFailure{Kind: Canceled, Message: "the firing was stopped"}
	}
	f := failure{Dropped, err}
	errors.As(err, &f)
	message := f.Error()
	if f.kind == Dropped {
		message = "the connection ended before the whole answer was there"
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			message += ": " + err.Error()
		}
	}
	var refused refusal
	errors.As(err, &refused)
	return &AttemptFailure{Kind: f.kind, Message: message, Cure: refused.cure}
}

// authorised adds the proxy's own header behind the request line.
func (s sender) authorised(request []byte, proxied bool) []byte {
	proxy, err := url.Parse(s.deps.Policy.Proxy)
	if !proxied || err != nil {
		return request
	}
	line, rest, _ := bytes.Cut(request, []byte("\r\n"))
	return []byte(string(line) + "\r\n" + proxyAuthorization(proxy) + string(rest))
}
