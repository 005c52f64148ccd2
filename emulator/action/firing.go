package action

import "time"

// Firing is the whole record of one firing of a webhook. Secrets stand in it as [Mask]. It survives a round trip
// through JSON.
type Firing struct {
	// ID is a uuid; an async firing sends it as X-OpsLevel-Action-Uuid.
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// Template is the name of the service template, Inputs those of the run and Service the alias of the new service;
	// all empty for a webhook fired by itself. Fire leaves them to its caller, see [Firing.Of].
	Template string  `json:"template,omitempty"`
	Inputs   []Input `json:"inputs,omitempty"`
	Service  string  `json:"service,omitempty"`
	// Webhook is what was fired, with its templates as written.
	Webhook Webhook `json:"webhook"`
	Context Context `json:"context"`
	// Settings are those in force, defaults included.
	Settings Settings `json:"settings"`
	// Request is what the templates became.
	Request Request `json:"request"`
	// Spans say for each part (see [Problem.Part]) which piece of the rendered text came from which expression.
	Spans    map[string][]Span `json:"spans,omitempty"`
	Attempts []Attempt         `json:"attempts,omitempty"`
	// Response is what the response template saw as response.
	Response Coerced `json:"response"`
	// RenderedResponse is the response template's text.
	RenderedResponse string `json:"rendered_response"`
	Result           Result `json:"result"`
	// Error says in a sentence why no answer was received; empty where one was.
	Error    string    `json:"error,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
	// Took is the time from the first rendering to the rendered response.
	Took Duration `json:"took"`
}

// Result is OpsLevel's word for how an action ended.
type Result string

// The results. Success: the last answer was 2xx. Pending: so it was, and the webhook is async.
const (
	Success Result = "SUCCESS"
	Failure Result = "FAILURE"
	Pending Result = "PENDING"
)

// Settings are how a webhook is delivered. Of OpsLevel's own nothing is published, so all can be set.
type Settings struct {
	// Timeout bounds one attempt from the look-up of the name to the last byte of the body. Default 10s.
	Timeout Duration `json:"timeout,omitzero" yaml:"timeout"`
	// Retries are further attempts after a failed connection or an answer of 429, 502, 503 or 504. Default 0.
	Retries int `json:"retries" yaml:"retries"`
	// RetryWait is the time before each of them. Default 1s.
	RetryWait Duration `json:"retry_wait,omitzero" yaml:"retry_wait"`
	// Redirects are how many are followed. Default 0: an answer of 3xx is the answer.
	Redirects int `json:"redirects" yaml:"redirects"`
	// MaxBody is how many bytes of an answer's body are kept for the response template. Default 1 MiB.
	MaxBody int64 `json:"max_body,omitzero" yaml:"max_body"`
}

// Request is what the templates became.
type Request struct {
	Method string `json:"method,omitempty"`
	// URL is what was rendered; Target is where that goes, which differs for receiver:NAME.
	URL     string   `json:"url,omitempty"`
	Target  string   `json:"target,omitempty"`
	Headers []Header `json:"headers,omitempty"`
	Body    Bytes    `json:"body"`
	// SignedHeaders are the names that went into the signature, in its order; empty for an unsigned request.
	SignedHeaders []string `json:"signed_headers,omitempty"`
}

// Header is one header line, its name as it stands on the wire.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Attempt is one HTTP delivery.
type Attempt struct {
	// Number counts from 1.
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	// Why is "first", "retry" or "redirect".
	Why string `json:"why"`
	URL string `json:"url"`
	// Address is the address and port that was connected to; empty where it did not come so far.
	Address string  `json:"address,omitempty"`
	Timings Timings `json:"timings"`
	// Sent are the bytes of the request as they went onto the wire.
	Sent Bytes `json:"sent,omitempty"`
	// Fault is the failure that was injected on purpose; nil for none.
	Fault *AttemptFault `json:"fault,omitempty"`
	// Failure says why there is no (whole) answer.
	Failure  *AttemptFailure `json:"failure,omitempty"`
	Response *Response       `json:"response,omitempty"`
}

// AttemptFault names an injected failure.
type AttemptFault struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// Timings are measured from the start of the attempt, each to the end of its step; zero for a step not reached.
type Timings struct {
	DNS       Duration `json:"dns,omitzero"`
	Connect   Duration `json:"connect,omitzero"`
	TLS       Duration `json:"tls,omitzero"`
	Sent      Duration `json:"sent,omitzero"`
	FirstByte Duration `json:"first_byte,omitzero"`
	Total     Duration `json:"total"`
}

// AttemptFailure is why an attempt has no whole answer.
type AttemptFailure struct {
	Kind FailureKind `json:"kind"`
	// Message is a sentence for people; Cure, where there is one, says what to do about it.
	Message string `json:"message"`
	Cure    string `json:"cure,omitempty"`
}

// FailureKind is the step that failed.
type FailureKind string

// The kinds of failure.
const (
	// HostRefused: this emulator does not send there; see [Policy].
	HostRefused FailureKind = "host_refused"
	NameUnknown FailureKind = "name_unknown"
	// ConnectFailed: nobody listens there, or it cannot be reached.
	ConnectFailed FailureKind = "connect_failed"
	TLSFailed     FailureKind = "tls_failed"
	// TimedOut: [Settings.Timeout] passed.
	TimedOut FailureKind = "timed_out"
	// Dropped: the connection ended before the whole answer was there.
	Dropped FailureKind = "dropped"
	// NotHTTP: what was answered is not HTTP.
	NotHTTP FailureKind = "not_http"
	// Canceled: the caller gave up.
	Canceled FailureKind = "canceled"
)

// Response is an answer as it was received.
type Response struct {
	Status int `json:"status"`
	// Proto is the protocol with the reason phrase left out: HTTP/1.1.
	Proto  string `json:"proto"`
	Reason string `json:"reason,omitempty"`
	// Headers are as received: order, names and repeats. What is not UTF-8 in them is replaced by U+FFFD.
	Headers []Header `json:"headers,omitempty"`
	// Body holds the first [RecordBody] bytes at most; Length and SHA256 (hexadecimal) are those of all that was read.
	Body   Bytes  `json:"body"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256,omitempty"`
	// Complete says that the whole body was read; it is not where it passes [ReadBody] or the connection broke.
	Complete bool `json:"complete"`
}

// RecordBody is how many bytes of a body a firing records, as for deploys.
const RecordBody = 64 << 10

// ReadBody is how many bytes of an answer's body are read (and counted) at all.
const ReadBody = 32 << 20

// Mask stands in every record where a secret stood.
const Mask = "********"
