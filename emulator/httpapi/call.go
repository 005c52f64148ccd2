package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// Limits of OpsLevel's side. A request beyond one is answered at once, and what of it was read is kept.
const (
	// MaxDeployBody is the largest body of a deploy, in bytes: OpsLevel's sibling endpoint answers 413 above 4 MiB.
	MaxDeployBody = 4 << 20
	// MaxHeaderKept is how many bytes of headers, and of the path, the journal keeps of one request.
	MaxHeaderKept = 16 << 10
)

// Call is one request to OpsLevel's side, read whole.
type Call struct {
	// Integration is the uuid in the path; empty where the path has none.
	Integration string
	Request     *event.Request
	// Body says how a Rails application goes about the body.
	Body Body
	// Params are the parameters, or Problem says why they cannot be read.
	Params  deploy.Params
	Problem *deploy.Problem
	// HTTP is the request as it arrived, with nothing masked or cut, for a relay; Whole is its body, and empty where that did
	// not arrive whole. Neither may be kept.
	HTTP  *http.Request
	Whole string
}

// Body is how a body was read, and what only a finding can tell about it.
type Body struct {
	// Kind is "json", "form", "multipart", "none" (no Content-Type) or "other" (one that Rails does not read).
	Kind string
	// LooksLikeJSON says that the body has the outside of a JSON object but was not read as one; NotUTF8 that it holds
	// bytes which are not text.
	LooksLikeJSON, NotUTF8 bool
	// Ignored says why OpsLevel goes on as if there were no body; empty where it reads it.
	Ignored string
	// FromQuery names the parameters that came from the query string.
	FromQuery []string
}

// read fills in the parameters of the request.
func (c *Call) read(r *http.Request, body string) {
	d := decodeParams(r.Header.Get("Content-Type"), r.URL.RawQuery, body)
	c.Params, c.Problem = d.Params, d.Problem
	if c.Params == nil && c.Problem == nil {
		c.Params = deploy.NewObject(0)
	}
	c.Body = Body{Kind: string(d.Kind), LooksLikeJSON: d.LooksLikeJSON, NotUTF8: d.NotUTF8, Ignored: d.Ignored, FromQuery: d.FromQuery}
}

// Answer is what goes back.
type Answer struct {
	HTTP int
	Body []byte
	// Header, where it is not nil, are all the headers of the answer: that of a real OpsLevel, brought back by a relay.
	Header http.Header
	// Seq is the event that records the call; 0 where it could not be recorded.
	Seq uint64
	// Fault is what is injected into the answer; nil for nothing.
	Fault *fault.Hit
}

// errTooLarge says that a body was longer than MaxDeployBody.
var errTooLarge = errors.New("body too large")

// readBody reads a body of at most MaxDeployBody bytes. It believes a small Content-Length and grows with what really
// arrives otherwise, so that a thousand connections that only promise 4 MiB cost nothing.
func (v *Vendor) readBody(r *http.Request) (string, error) {
	switch n := r.ContentLength; {
	case n > MaxDeployBody:
		b, _ := io.ReadAll(io.LimitReader(r.Body, event.MaxBody))
		return string(b), errTooLarge
	case n >= 0 && n <= scratchSize:
		b, _ := v.scratch.Get().(*[scratchSize]byte)
		if b == nil {
			b = new([scratchSize]byte)
		}
		read, err := io.ReadFull(r.Body, b[:n])
		body := string(b[:read])
		v.scratch.Put(b)
		return body, err
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, MaxDeployBody+1))
	if len(b) > MaxDeployBody {
		return string(b[:event.MaxBody]), errTooLarge
	}
	return string(b), err
}

// scratchSize is more than nearly all bodies have, in bytes: these are read without an array of their own.
const scratchSize = 8 << 10

// newRequest is the record of a request: its secrets masked, its sizes bounded.
func newRequest(r *http.Request, body string) *event.Request {
	req := &event.Request{
		Method:     r.Method,
		Path:       cut(r.RequestURI, MaxHeaderKept),
		Headers:    keptHeaders(r),
		BodyLength: max(int64(len(body)), r.ContentLength),
	}
	if len(body) > event.MaxBody {
		sum := sha256.Sum256([]byte(body))
		req.BodySHA256 = hex.EncodeToString(sum[:])
		body = strings.Clone(body[:event.MaxBody]) // lets go of the rest
	}
	req.Body = body
	return req
}

// keptHeaders copies the headers, Host among them, up to MaxHeaderKept bytes, with the values of secrets masked.
func keptHeaders(r *http.Request) map[string][]string {
	kept := make(map[string][]string, len(r.Header)+1)
	left := MaxHeaderKept - len(r.Host)
	kept["Host"] = []string{cut(r.Host, MaxHeaderKept)}
	for name, values := range r.Header {
		for _, v := range values {
			left -= len(name) + len(v)
		}
		if left < 0 {
			kept["X-Bubblelevel-Headers-Cut"] = []string{"more than 16 KiB of headers arrived"}
			break
		}
		kept[name] = values
		if secret(name) {
			kept[name] = masked(values)
		}
	}
	return kept
}

// secret says whether a header carries a credential of the sender.
func secret(name string) bool {
	switch name {
	case "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key":
		return true
	case "Content-Type", "Content-Length", "User-Agent", "Accept", "Accept-Encoding":
		return false
	}
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, "-token") || strings.Contains(lower, "secret") || strings.Contains(lower, "password")
}

// Mask stands for a secret.
const Mask = "********"

func masked(values []string) []string {
	m := make([]string, len(values))
	for i := range m {
		m[i] = Mask
	}
	return m
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n]
}
