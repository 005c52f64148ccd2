package event

import (
	"encoding/binary"
	"errors"
	"time"
)

// The form of an event in the journal: a sequence of fields, each a tag (uvarint), a length (uvarint) and that many
// bytes. Unknown tags are skipped, so an older binary reads a newer store. The tags below [firstWholeTag] come first
// and are all that the ledger needs; [DecodeDerived] stops where they end.
//
// Why not JSON: an event is written for every request and read for every query, and both must cost about a
// microsecond. A decoded event's strings are parts of the stored one, so a window of many events costs little more
// than its bytes.
type tag = uint64

const (
	tagKind tag = 1 + iota
	tagAt
	tagIntegration
	tagDedup
	tagAlias
	tagService
	tagOrdinal
	tagResult
	tagSuggested
	tagChange
	tagEvictedKind
	tagRelayed
)

const firstWholeTag tag = 32

const (
	tagHTTP = firstWholeTag + iota
	tagMessage
	tagTitle
	tagDetail
	tagProblem
	tagDuplicateOf
	tagWhy
	tagFinding
	tagMethod
	tagPath
	tagHeader
	tagBody
	tagBodyLength
	tagBodySHA256
	tagFiring
	tagFault
	tagUpstream
)

const firstDeployTag tag = 64

const (
	tagDeploy = firstDeployTag + iota
	tagDescription
	tagDeployedAt
	tagDeployedAtSent
	tagEnvironment
	tagDeployURL
	tagDeployNumber
	tagNumberGenerated
	tagDedupID
	tagStatus
	tagDeployer
	tagDeployerID
	tagDeployerEmail
	tagDeployerName
	tagUser
	tagCommit
	tagSHA
	tagCommitMessage
	tagBranch
	tagCommitDate
	tagCommitDateSent
	tagCommitterName
	tagCommitterEmail
	tagAuthorName
	tagAuthorEmail
	tagAuthoringDate
	tagAuthoringDateSent
	tagDeployService
)

// firstPlaceTag added to a tag says that the text is a part of the request's body, which comes before: the value is its
// place there and its length, two uvarints.
const firstPlaceTag tag = 128

// ErrCorrupt says that stored bytes are not an event.
var ErrCorrupt = errors.New("event: corrupt")

// fields appends tagged fields.
type fields []byte

func (f *fields) text(t tag, s string) {
	if s == "" {
		return
	}
	*f = binary.AppendUvarint(*f, t)
	*f = binary.AppendUvarint(*f, uint64(len(s)))
	*f = append(*f, s...)
}

// texts joins several strings into one field, each with its length.
func (f *fields) texts(t tag, ss ...string) {
	n := 0
	for _, s := range ss {
		n += uvarintLen(uint64(len(s))) + len(s)
	}
	*f = binary.AppendUvarint(*f, t)
	*f = binary.AppendUvarint(*f, uint64(n))
	for _, s := range ss {
		*f = binary.AppendUvarint(*f, uint64(len(s)))
		*f = append(*f, s...)
	}
}

func (f *fields) place(t tag, at, n int) {
	*f = binary.AppendUvarint(*f, firstPlaceTag+t)
	*f = binary.AppendUvarint(*f, uint64(uvarintLen(uint64(at))+uvarintLen(uint64(n))))
	*f = binary.AppendUvarint(*f, uint64(at))
	*f = binary.AppendUvarint(*f, uint64(n))
}

func (f *fields) number(t tag, n uint64) {
	if n == 0 {
		return
	}
	*f = binary.AppendUvarint(*f, t)
	*f = binary.AppendUvarint(*f, uint64(uvarintLen(n)))
	*f = binary.AppendUvarint(*f, n)
}

func (f *fields) flag(t tag, set bool) {
	if set {
		f.number(t, 1)
	}
}

// time keeps nanoseconds since year 1, so that the year-1 dates of real senders survive, and the zone's offset is not
// kept: everything recorded is in UTC.
func (f *fields) time(t tag, at time.Time) {
	var b [12]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at.Unix()))
	binary.BigEndian.PutUint32(b[8:], uint32(at.Nanosecond()))
	*f = binary.AppendUvarint(*f, t)
	*f = append(*f, byte(len(b)))
	*f = append(*f, b[:]...)
}

func uvarintLen(n uint64) int {
	l := 1
	for ; n >= 0x80; n >>= 7 {
		l++
	}
	return l
}

// next cuts the first field off stored bytes.
func next(s string) (t tag, value, rest string, err error) {
	t, s, err = uvarint(s)
	if err != nil {
		return 0, "", "", err
	}
	n, s, err := uvarint(s)
	if err != nil || n > uint64(len(s)) {
		return 0, "", "", ErrCorrupt
	}
	return t, s[:n], s[n:], nil
}

func uvarint(s string) (n uint64, rest string, err error) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		b := s[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return n, s[i+1:], nil
		}
	}
	return 0, "", ErrCorrupt
}

func numberOf(s string) (uint64, error) {
	n, rest, err := uvarint(s)
	if err != nil || rest != "" {
		return 0, ErrCorrupt
	}
	return n, nil
}

func timeOf(s string) (time.Time, error) {
	if len(s) != 12 {
		return time.Time{}, ErrCorrupt
	}
	b := []byte(s)
	return time.Unix(int64(binary.BigEndian.Uint64(b[:8])), int64(binary.BigEndian.Uint32(b[8:]))).UTC(), nil
}

// textsOf splits what texts joined.
func textsOf(s string, into ...*string) error {
	for _, p := range into {
		n, rest, err := uvarint(s)
		if err != nil || n > uint64(len(rest)) {
			return ErrCorrupt
		}
		*p, s = rest[:n], rest[n:]
	}
	if s != "" {
		return ErrCorrupt
	}
	return nil
}
