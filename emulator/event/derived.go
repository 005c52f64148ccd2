package event

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// DedupKey stands for one dedup_id of one integration: the first 16 bytes of a SHA-256, so that what remains of an
// evicted deploy is small and the same size whatever the sender made its id of.
type DedupKey [16]byte

// NewDedupKey is the key of a dedup_id, compared as OpsLevel compares it: by integration, case-sensitive, untrimmed.
func NewDedupKey(integration, dedupID string) (k DedupKey) {
	var room [256]byte // enough for nearly all, and on the stack
	b := append(append(append(room[:0], integration...), 0), dedupID...)
	sum := sha256.Sum256(b)
	copy(k[:], sum[:])
	return k
}

// maxAlias is the longest alias, in bytes, that is kept as it is in what outlives the window.
const maxAlias = 1024

// AliasKey is the form of an alias in what outlives the window: itself, or its beginning and digest where it is so long
// that a flood of such aliases would fill the memory. No two aliases share a key.
func AliasKey(alias string) string {
	if len(alias) <= maxAlias {
		return alias
	}
	sum := sha256.Sum256([]byte(alias))
	return alias[:maxAlias] + "... sha256:" + hex.EncodeToString(sum[:])
}

// Derived is the part of an event from which the ledger is rebuilt, and all that a stub keeps.
type Derived struct {
	Seq  uint64
	Kind Kind
	// Was is the kind of an evicted event before it left the window.
	Was         Kind
	At          time.Time
	Integration string
	// Dedup is zero where the deploy carried no dedup_id or was not recorded.
	Dedup     DedupKey
	Alias     string
	Service   string
	Ordinal   int
	Result    deploy.Result
	Suggested bool
	// Relayed says that Result is the word of a real OpsLevel, which may know other services.
	Relayed bool
	Change  *Change
}

// Recorded says whether OpsLevel keeps a deploy for this event.
func (d *Derived) Recorded() bool {
	return d.Result == deploy.OK || d.Result == deploy.NoServiceFound
}

// Derived is the part of e that the ledger needs.
func (e *Event) Derived() Derived {
	d := Derived{
		Seq: e.Seq, Kind: e.Kind, At: e.At, Integration: e.Integration, Alias: AliasKey(e.Alias), Service: e.Service,
		Ordinal: e.Ordinal, Result: e.Result, Suggested: e.Suggested, Relayed: e.Upstream != nil, Change: e.Change,
	}
	if e.Recorded() && e.Deploy != nil && e.Deploy.DedupID != "" {
		d.Dedup = NewDedupKey(e.Integration, e.Deploy.DedupID)
	}
	return d
}

// encode appends the derived fields.
func (d *Derived) encode(f *fields) error {
	f.text(tagKind, string(d.Kind))
	f.text(tagEvictedKind, string(d.Was))
	f.time(tagAt, d.At)
	f.text(tagIntegration, d.Integration)
	if d.Dedup != (DedupKey{}) {
		f.text(tagDedup, string(d.Dedup[:]))
	}
	f.text(tagAlias, d.Alias)
	f.text(tagService, d.Service)
	f.number(tagOrdinal, uint64(d.Ordinal))
	f.text(tagResult, string(d.Result))
	f.flag(tagSuggested, d.Suggested)
	f.flag(tagRelayed, d.Relayed)
	if d.Change != nil {
		b, err := json.Marshal(d.Change)
		if err != nil {
			return err
		}
		f.text(tagChange, string(b))
	}
	return nil
}

// DecodeDerived reads the derived fields of a stored event and stops there.
func DecodeDerived(seq uint64, stored string) (Derived, error) {
	d := Derived{Seq: seq}
	for s := stored; s != ""; {
		t, value, rest, err := next(s)
		if err != nil {
			return Derived{}, err
		}
		if t >= firstWholeTag {
			break
		}
		if err := d.set(t, value); err != nil {
			return Derived{}, err
		}
		s = rest
	}
	if d.Kind == "" {
		return Derived{}, ErrCorrupt
	}
	return d, nil
}

func (d *Derived) set(t tag, value string) (err error) {
	switch t {
	case tagKind:
		d.Kind = Kind(value)
	case tagEvictedKind:
		d.Was = Kind(value)
	case tagAt:
		d.At, err = timeOf(value)
	case tagIntegration:
		d.Integration = value
	case tagDedup:
		copy(d.Dedup[:], value)
	case tagAlias:
		d.Alias = value
	case tagService:
		d.Service = value
	case tagOrdinal:
		var n uint64
		n, err = numberOf(value)
		d.Ordinal = int(n)
	case tagResult:
		d.Result = deploy.Result(value)
	case tagSuggested:
		d.Suggested = true
	case tagRelayed:
		d.Relayed = true
	case tagChange:
		d.Change = new(Change)
		if json.Unmarshal([]byte(value), d.Change) != nil {
			err = ErrCorrupt
		}
	}
	return err
}

// Stub appends to dst what stays of a stored event that leaves the window: what the ledger needs, and nothing else. It
// appends nothing where the event left no trace in the account (a rejected request, say), so that it need not be kept at
// all. A stub is its own stub.
//
// The derived fields are copied as they stand: the fixtures that an event may carry take long to read. The journal gives a stub a
// record of its own only where it must outlive those of deploys, which it packs ([Page]).
func Stub(dst []byte, stored string) ([]byte, error) {
	f := fields(dst)
	f.text(tagKind, string(KindEvicted))
	known, traces := false, false
	for s := stored; s != ""; {
		t, value, rest, err := next(s)
		if err != nil {
			return dst, err
		}
		if t >= firstWholeTag {
			break
		}
		switch t {
		case tagKind:
			if Kind(value) == KindEvicted {
				return append(dst, stored...), nil
			}
			known, traces = true, traces || Kind(value) == KindReset
			f.text(tagEvictedKind, value)
		case tagIntegration:
			// The dedup key holds what of it is still needed, in fewer bytes.
		case tagResult:
			d := Derived{Result: deploy.Result(value)}
			traces = traces || d.Recorded()
			fallthrough
		default:
			traces = traces || t == tagChange
			f = append(f, s[:len(s)-len(rest)]...)
		}
		s = rest
	}
	switch {
	case !known:
		return dst, ErrCorrupt
	case !traces:
		return dst, nil
	}
	return f, nil
}
