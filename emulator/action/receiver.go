package action

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// Receiver is this emulator's own target for webhooks: it keeps what it gets under a name, answers what it was told to,
// and checks signatures. It knows nothing of HTTP servers: who serves it hands requests in and sends the replies. Safe
// for concurrent use. Made by [NewReceiver].
type Receiver struct {
	clock  clock.Clock
	masker *masker

	mu    sync.Mutex
	boxes map[string]*box
	seq   uint64
	bytes int
}

// The bounds of a receiver: how many names there may be, and how many requests each keeps (the newest).
const (
	MaxReceivers        = 100
	MaxReceiverRequests = 100
	// MaxReceiverBytes bounds what all names keep together: beyond it the oldest requests go.
	MaxReceiverBytes = 16 << 20
)

// ReceiverSetup says how a name answers. The zero value answers 200 with {"result":"ok"}.
type ReceiverSetup struct {
	// Answers are given in turn; the last one stays.
	Answers []ReceiverAnswer `json:"answers,omitempty" yaml:"answers"`
	// SigningSecret checks signatures; empty: they are not checked. SignedHeaders are the names of the action's own
	// headers, in its spelling.
	SigningSecret string   `json:"signing_secret,omitempty" yaml:"signing_secret"`
	SignedHeaders []string `json:"signed_headers,omitempty" yaml:"signed_headers"`
}

// ReceiverAnswer is one answer.
type ReceiverAnswer struct {
	// Status is 200 where it is 0.
	Status  int               `json:"status,omitempty" yaml:"status"`
	Headers map[string]string `json:"headers,omitempty" yaml:"headers"`
	Body    Bytes             `json:"body,omitempty" yaml:"body"`
	// Delay is the time before the answer.
	Delay Duration `json:"delay,omitzero" yaml:"delay"`
	// Drop closes the connection without an answer.
	Drop bool `json:"drop,omitempty" yaml:"drop"`
}

// Incoming is a request for a receiver. Path has its query string; Body is the whole body.
type Incoming struct {
	Method  string
	Path    string
	Headers []Header
	Body    []byte
}

// Received is a request that a receiver keeps.
type Received struct {
	// Seq counts the requests of all names, from 1.
	Seq     uint64    `json:"seq"`
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Headers []Header  `json:"headers,omitempty"`
	// Body holds the first [RecordBody] bytes at most; Length and SHA256 (hexadecimal) are those of the whole.
	Body   Bytes  `json:"body"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"`
	// Signature is valid, invalid, unsigned or, without a signing secret, unchecked; Reason says why it is not valid.
	Signature string `json:"signature"`
	Reason    string `json:"reason,omitempty"`
	// Status is that of the answer; 0 where the connection was dropped.
	Status int `json:"status"`
}

type box struct {
	setup    ReceiverSetup
	answered int
	requests []Received
}

// NewReceiver makes a receiver without any name. secrets are kept out of what it keeps; so are the values of
// credential headers.
func NewReceiver(c clock.Clock, secrets ...string) *Receiver {
	m := &masker{}
	for _, s := range secrets {
		m.add(s)
	}
	return &Receiver{clock: c, masker: m, boxes: map[string]*box{}}
}

// ValidReceiverName: up to 64 letters, digits, dots, dashes and underscores, and not only dots.
func ValidReceiverName(name string) bool {
	return len(name) <= 64 && strings.Trim(name, ".") != "" && strings.IndexFunc(name, func(r rune) bool {
		return !(r < 0x80 && isAlphanumeric(byte(r)) || strings.ContainsRune("._-", r))
	}) < 0
}

// Tell sets how a name answers from now on, from the first of its answers. What it has received stays. Errors: a name
// that is not valid, one too many, an answer with an impossible status or header.
func (r *Receiver) Tell(name string, s ReceiverSetup) error {
	for _, a := range s.Answers {
		if err := a.check(); err != nil {
			return fmt.Errorf("receiver %s: %w", name, err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	b, err := r.box(name)
	if err == nil {
		b.setup, b.answered = s, 0
	}
	return err
}

func (a ReceiverAnswer) check() error {
	if a.Status != 0 && (a.Status < 200 || a.Status > 599) {
		return fmt.Errorf("status is %d, and should be between 200 and 599", a.Status)
	}
	for name, value := range a.Headers {
		if !validHeaderName(name) || !sendable(value) {
			return fmt.Errorf("header %q cannot be sent", name)
		}
	}
	if a.Delay < 0 {
		return fmt.Errorf("delay is %s, and cannot be negative", a.Delay)
	}
	return nil
}

// box is the one of a name, made when it is first used.
func (r *Receiver) box(name string) (*box, error) {
	if !ValidReceiverName(name) {
		return nil, fmt.Errorf("%q is no name for a receiver: it takes up to 64 letters, digits, dots, dashes and underscores", name)
	}
	b, there := r.boxes[name]
	if !there {
		if len(r.boxes) >= MaxReceivers {
			return nil, fmt.Errorf("there are %d receivers already, and no room for %q", MaxReceivers, name)
		}
		b = &box{}
		r.boxes[name] = b
	}
	return b, nil
}

// Receive keeps a request and says what to answer. A name need not have been set up. Errors are those of [Receiver.Tell].
func (r *Receiver) Receive(name string, in Incoming) (ReceiverAnswer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, err := r.box(name)
	if err != nil {
		return ReceiverAnswer{}, err
	}
	answer := b.next()
	r.seq++
	sum := sha256.Sum256(in.Body)
	got := Received{
		Seq: r.seq, Name: name, At: r.clock.Now().UTC(), Method: in.Method, Path: r.masker.text(in.Path),
		Body: Bytes(r.masker.cut(string(in.Body[:min(len(in.Body), RecordBody)]))), Length: int64(len(in.Body)),
		SHA256: hex.EncodeToString(sum[:]), Status: answer.Status,
	}
	got.Signature, got.Reason = b.setup.check(in)
	for _, h := range in.Headers {
		got.Headers = append(got.Headers, Header{h.Name, r.masker.text(shownHeader(h))})
	}
	if answer.Drop {
		got.Status = 0
	}
	b.requests = append(b.requests, got)
	r.bytes += got.size()
	if len(b.requests) > MaxReceiverRequests {
		r.drop(b)
	}
	for r.bytes > MaxReceiverBytes {
		r.drop(r.oldest())
	}
	return answer, nil
}

// drop forgets the oldest request of a box.
func (r *Receiver) drop(b *box) {
	r.bytes -= b.requests[0].size()
	b.requests = slices.Clone(b.requests[1:])
}

// oldest is the box with the oldest request of all; there is one.
func (r *Receiver) oldest() (found *box) {
	for _, b := range r.boxes {
		if len(b.requests) > 0 && (found == nil || b.requests[0].Seq < found.requests[0].Seq) {
			found = b
		}
	}
	return found
}

// size is about what a request takes.
func (q *Received) size() int {
	n := 500 + len(q.Path) + len(q.Body)
	for _, h := range q.Headers {
		n += len(h.Name) + len(h.Value)
	}
	return n
}

// shownHeader is the value of a header without a credential, the scheme before it left standing.
func shownHeader(h Header) string {
	if !carriesCredential(h.Name) {
		return valid(h.Value)
	}
	if scheme, _, ok := strings.Cut(h.Value, " "); ok {
		return valid(scheme) + " " + Mask
	}
	return Mask
}

func (s ReceiverSetup) check(in Incoming) (state, reason string) {
	if s.SigningSecret == "" {
		return "unchecked", ""
	}
	switch err := Verify(s.SigningSecret, s.SignedHeaders, in.Headers, in.Body); err {
	case nil:
		return "valid", ""
	case ErrUnsigned:
		return "unsigned", err.Error()
	default:
		return "invalid", err.Error()
	}
}

// next is the answer whose turn it is.
func (b *box) next() ReceiverAnswer {
	if len(b.setup.Answers) == 0 {
		return ReceiverAnswer{Status: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"result":"ok"}`}
	}
	a := b.setup.Answers[min(b.answered, len(b.setup.Answers)-1)]
	b.answered++
	if a.Status == 0 {
		a.Status = 200
	}
	return a
}

// Requests are what a name keeps, the oldest first.
func (r *Receiver) Requests(name string) []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, there := r.boxes[name]; there {
		return slices.Clone(b.requests)
	}
	return nil
}

// Names are all names that were set up or received something, sorted.
func (r *Receiver) Names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := make([]string, 0, len(r.boxes))
	for name := range r.boxes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Reset forgets everything.
func (r *Receiver) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.boxes, r.seq, r.bytes = map[string]*box{}, 0, 0
}
