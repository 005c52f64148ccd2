package finding

import (
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Case is all that a finding may look at: one request to OpsLevel's side, and what was known when it was judged.
type Case struct {
	Wire Wire
	// Params are nil when the body could not be read, and for a request that is no deploy.
	Params deploy.Params
	Deploy deploy.Deploy
	// Problems are set for a rejected request, Outcome for an accepted one. With a relay they are the real answer's.
	Problems deploy.Problems
	Outcome  deploy.Outcome

	Integration catalog.Integration
	Standing    Standing
	// Service is the alias of the service that the sent alias matched, empty for none. Set it for a duplicate too.
	Service string
	// Original is the deploy that holds the same dedup_id on this integration.
	Original *Prior
	// Previous is the last deploy recorded for the same service (or, without one, alias) and environment.
	Previous *Prior
	// Repeats counts the deploys that were dropped for this dedup_id before this one.
	Repeats int
	// Near are the aliases that look like the one sent, the nearest first.
	Near []string
	// CatalogGiven says that the user named the services there are, or that the answer is a real OpsLevel's. Without
	// it an unknown alias proves nothing.
	CatalogGiven bool
	// Environments are the names seen before on this account, the oldest first.
	Environments []string
	// Forgotten says that dedup ids have been given up (--keep-ids), so that a duplicate may have passed as new. Set it
	// for the first deploy after that; on each of thousands it would only be noise.
	Forgotten bool
	// Upstream is set for a deploy that was relayed.
	Upstream *Upstream
	Now      time.Time
	// Machine is the machine's time where the emulator's clock was moved away from it; else zero.
	Machine time.Time
}

// Wire is the request as it arrived. No header that can carry a secret is part of it.
type Wire struct {
	Method string
	// Path is the path with its query string.
	Path string
	// ContentType is the header as it was sent.
	ContentType string
	Body        BodyKind
	// LooksLikeJSON says that the body, whatever its type, starts as a JSON object or array does.
	LooksLikeJSON bool
	// InvalidUTF8 says that the body (or a field of a form) is not valid UTF-8.
	InvalidUTF8 bool
	// Ignored says why OpsLevel goes on as if there were no body: a multipart body that is broken. Empty where it reads it.
	Ignored   string
	UserAgent string
	// Referer tells a followed redirect from a first call. It is never quoted.
	Referer string
	// BodyPrefix is the start of the body, some hundred bytes. It is searched and never quoted.
	BodyPrefix string
}

// BodyKind is how OpsLevel reads a body.
type BodyKind uint8

// A body is absent, or read by its content type. Other is a type of which a Rails application reads nothing.
const (
	Empty BodyKind = iota
	JSON
	Form
	Multipart
	Other
)

// Standing is what became of the webhook URL of a request.
type Standing uint8

// A webhook URL was never known, accepts deploys, or was retired.
const (
	Unknown Standing = iota
	Live
	Retired
)

// Prior is a deploy that was recorded before.
type Prior struct {
	Seq uint64
	At  time.Time
	// Deploy is nil when the journal has given up all but the dedup_id.
	Deploy *deploy.Deploy
	// Service is the alias of the service it matched, empty for none.
	Service string
	// Fault is the kind of fault that spoiled its answer, so that its sender had reason to send it again; empty for none.
	Fault string
}
