package clock

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
)

// IDs draws identifiers.
type IDs interface {
	// UUID is a random (version 4) uuid in lower case.
	UUID() string
	// Token is a secret of 128 random bits in hexadecimal.
	Token() string
}

// Random draws from the operating system.
type Random struct{}

// UUID is a random uuid.
func (Random) UUID() string { return uuid(randomBytes()) }

// Token is a random token.
func (Random) Token() string { b := randomBytes(); return fmt.Sprintf("%x", b[:]) }

func randomBytes() (b [16]byte) {
	rand.Read(b[:]) // never fails: crypto/rand stops the process rather than return weak bytes
	return b
}

// Seeded draws the same ids for the same seed. It is for tests and recordings, not for secrets.
type Seeded struct {
	mu  sync.Mutex
	src *mathrand.Rand
}

// NewSeeded starts a sequence.
func NewSeeded(seed uint64) *Seeded {
	return &Seeded{src: mathrand.New(mathrand.NewPCG(seed, 0))}
}

// UUID is the next uuid of the sequence.
func (s *Seeded) UUID() string { return uuid(s.bytes()) }

// Token is the next token of the sequence.
func (s *Seeded) Token() string { b := s.bytes(); return fmt.Sprintf("%x", b[:]) }

func (s *Seeded) bytes() (b [16]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	binary.BigEndian.PutUint64(b[:8], s.src.Uint64())
	binary.BigEndian.PutUint64(b[8:], s.src.Uint64())
	return b
}

func uuid(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	// By hand, because every answer on the wire carries one.
	out := make([]byte, 0, 36)
	for i, group := range [...][]byte{b[:4], b[4:6], b[6:8], b[8:10], b[10:]} {
		if i > 0 {
			out = append(out, '-')
		}
		out = hex.AppendEncode(out, group)
	}
	return string(out)
}
