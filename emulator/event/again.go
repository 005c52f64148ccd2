package event

import (
	"fmt"
	"slices"
)

// Masked is what stands for the value of a header that carried a secret.
const Masked = "********"

// headersCut is the header that says of a record that not all headers were kept.
const headersCut = "X-Bubblelevel-Headers-Cut"

// Headers that belong to one connection, or that whoever sends sets by itself.
func ownHeaders() []string {
	return []string{"Host", "Content-Length", "Connection", "Keep-Alive", "Accept-Encoding", "Transfer-Encoding", "Te", "Trailer", "Expect", "Upgrade", "Http2-Settings", headersCut}
}

// Again are the headers to send a recorded request again with: all but those that belong to one connection, and those whose
// value was masked, which are named.
func (r *Request) Again() (headers map[string][]string, masked []string) {
	headers = map[string][]string{}
	for name, values := range r.Headers {
		if slices.Contains(ownHeaders(), name) {
			continue
		}
		for _, v := range values {
			if v == Masked {
				masked = append(masked, name)
				break
			}
			headers[name] = append(headers[name], v)
		}
	}
	slices.Sort(masked)
	return headers, masked
}

// Cut says why the record does not hold the whole body; empty where it does.
func (r *Request) Cut() string {
	switch {
	case r.BodyLength <= int64(len(r.Body)):
		return ""
	case r.BodySHA256 != "":
		return fmt.Sprintf("its body has %d bytes, and the journal keeps the first %d of a body", r.BodyLength, len(r.Body))
	}
	return fmt.Sprintf("only %d of the %d bytes of its body ever arrived or were kept", len(r.Body), r.BodyLength)
}
