package action

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The headers of OpsLevel's signing. ActionUUIDHeader goes with async actions only.
const (
	SignatureHeader  = "X-OpsLevel-Signature"
	TimingHeader     = "X-OpsLevel-Timing"
	ActionUUIDHeader = "X-OpsLevel-Action-Uuid"
)

// Sign is the value of X-OpsLevel-Signature: "sha256=" and, in hexadecimal, the HMAC-SHA256 of the signed headers and
// the body. The headers are written Name:value, sorted by name, joined with commas; a plus sign and the raw body follow.
// The case of a name matters. Source: OpsLevel's published verifiers (OpsLevel/community-integrations,
// scripts/verify_opslevel_webhook_signature) and its page "Configuring and Verifying Webhook Signatures".
func Sign(secret string, signed []Header, body []byte) string {
	sorted := slices.Clone(signed)
	slices.SortFunc(sorted, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	mac := hmac.New(sha256.New, []byte(secret))
	for i, h := range sorted {
		if i > 0 {
			mac.Write([]byte(","))
		}
		mac.Write([]byte(h.Name + ":" + h.Value))
	}
	mac.Write([]byte("+"))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Errors of [Verify].
var (
	ErrUnsigned     = errors.New("the request has no " + SignatureHeader)
	ErrNoTiming     = errors.New("the request has a signature and no " + TimingHeader)
	ErrBadSignature = errors.New("the signature is not that of these headers and this body under this secret")
)

// Verify checks a request that was received. names are the action's own headers, in the case in which the action has
// them; timing and action uuid are taken as they come. Errors: [ErrUnsigned], [ErrNoTiming], [ErrBadSignature].
func Verify(secret string, names []string, headers []Header, body []byte) error {
	given, ok := find(headers, SignatureHeader)
	if !ok {
		return ErrUnsigned
	}
	timing, ok := find(headers, TimingHeader)
	if !ok {
		return ErrNoTiming
	}
	signed := []Header{{TimingHeader, timing}}
	if id, ok := find(headers, ActionUUIDHeader); ok {
		signed = append(signed, Header{ActionUUIDHeader, id})
	}
	for _, name := range names {
		value, ok := find(headers, name)
		if !ok {
			return fmt.Errorf("%w: the signed header %s is missing", ErrBadSignature, name)
		}
		signed = append(signed, Header{name, value})
	}
	if !hmac.Equal([]byte(given), []byte(Sign(secret, signed, body))) {
		return ErrBadSignature
	}
	return nil
}

// find is the value of the first header of a name, in any case.
func find(headers []Header, name string) (string, bool) {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value, true
		}
	}
	return "", false
}
