package action

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"
)

// Injection is a failure that is injected into one delivery on purpose.
type Injection struct {
	// ID and Kind name the fault in the record.
	ID, Kind string
	// Delay passes first; the timeout of the delivery counts it.
	Delay time.Duration
	// Reaches says that the request is sent, and that the answer is spoiled; otherwise nothing is connected to.
	Reaches bool
	// Answer is the HTTP answer that comes in place of the target's, where the request does not reach it. Nil: none comes,
	// and Err is how the connection ends.
	Answer []byte
	Err    error
	// Body spoils the body of the answer; nil leaves it. Err, where it is set, ends the connection behind it.
	Body func([]byte) []byte
	// Lost says that nothing of the answer arrives.
	Lost bool
}

// injection asks for the failure of the next attempt; nil for none.
func (r *rendering) injection(s sender, t target) *Injection {
	if r.deps.Inject == nil {
		return nil
	}
	f := *r.firing
	f.Request.Target = t.shown()
	f.Request.Headers = s.out.packet(t, false, s.deps.Clock.Now()).headers
	return r.deps.Inject(f)
}

// before lets the delay of a failure pass.
func (x *Injection) before(ctx context.Context, s sender) error {
	if x == nil || x.Delay <= 0 {
		return nil
	}
	fired, stop := s.deps.Clock.After(x.Delay)
	defer stop()
	select {
	case <-fired:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reaches says whether the request goes to its target.
func (x *Injection) reaches() bool { return x == nil || x.Reaches }

// instead is what comes where the request does not reach its target.
func (x *Injection) instead(method string, keep int64, first func()) (*answer, error) {
	if x.Answer == nil {
		return nil, failure{Dropped, x.Err}
	}
	return readAnswer(bufio.NewReader(bytes.NewReader(x.Answer)), method, keep, first)
}

// spoil is what arrives of a target's answer.
func (x *Injection) spoil(got *answer, err error) (*answer, error) {
	switch {
	case x == nil || err != nil:
		return got, err
	case x.Lost:
		return nil, failure{Dropped, io.ErrUnexpectedEOF}
	case x.Body != nil:
		got.body = x.Body(got.body)
		sum := sha256.Sum256(got.body)
		got.length, got.sha256 = int64(len(got.body)), hex.EncodeToString(sum[:])
	}
	if x.Err != nil {
		got.whole = false
		return got, failure{Dropped, x.Err}
	}
	return got, nil
}
