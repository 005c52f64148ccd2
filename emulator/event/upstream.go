package event

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Upstream is what a real integration made of a deploy that was relayed to it. The answer of the event is then the real
// one, and Here is what the emulator would have said by itself. The address of the real integration stands nowhere: where
// an answer repeats it, the uuid of the event's own integration is in its place.
type Upstream struct {
	// Host is the host that was asked.
	Host string `json:"host"`
	// HTTP is the status of the real answer; 0 where there was none, and then Failure says why, in a clause. Sent says that
	// some of the request was written, so that the deploy may have arrived all the same.
	HTTP    int    `json:"http,omitempty"`
	Failure string `json:"failure,omitempty"`
	Sent    bool   `json:"sent"`
	// ContentType and Body are those of the real answer, without its content coding. Body holds at most [MaxBody] bytes of
	// BodyLength; what is not UTF-8 in it is replaced by U+FFFD.
	ContentType string `json:"content_type,omitempty"`
	Body        string `json:"body,omitempty"`
	BodyLength  int64  `json:"body_length"`
	// Seconds is how long the exchange took, without the wait for its turn.
	Seconds float64 `json:"seconds"`
	// Here is the answer that the emulator would have given.
	Here Answer `json:"here"`
	// Drift are the fields in which the two differ; empty where there was no real answer.
	Drift []Difference `json:"drift,omitempty"`
	// Settles is an earlier event to which there was no answer, and which turns out to have arrived: the real answer calls
	// this one its duplicate. 0 for none.
	Settles uint64 `json:"settles,omitempty"`
}

// Answer is an answer to a deploy.
type Answer struct {
	HTTP    int           `json:"http"`
	Result  deploy.Result `json:"result,omitempty"`
	Message string        `json:"message,omitempty"`
	Title   string        `json:"title,omitempty"`
	Detail  string        `json:"detail,omitempty"`
	Body    string        `json:"body,omitempty"`
}

// Difference is one field in which a real answer is not as the emulator would have given it.
type Difference struct {
	// Field is "http", "result", "title", "detail", "content_type" or "body".
	Field  string `json:"field"`
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
	// Fidelity names the lines of the fidelity table that it may concern, as far as that is known.
	Fidelity []string `json:"fidelity,omitempty"`
}

// Unanswered says that the deploy was relayed, or was to be, and that no real answer came back.
func (e *Event) Unanswered() bool { return e.Upstream != nil && e.Upstream.Failure != "" }

// Kept says whether OpsLevel has the deploy: it was recorded with this event, or turned out to have been recorded by a try
// before it that was left without an answer.
func (e *Event) Kept() bool { return e.Recorded() || e.Upstream != nil && e.Upstream.Settles != 0 }

// SetBody keeps as much of a real answer's body as an event may hold.
func (u *Upstream) SetBody(b []byte) {
	u.BodyLength = int64(len(b))
	u.Body = strings.ToValidUTF8(string(b[:min(len(b), MaxBody)]), string(utf8.RuneError))
}

// DriftFields are the names of the fields that differ.
func (u *Upstream) DriftFields() []string {
	fields := make([]string, len(u.Drift))
	for i, d := range u.Drift {
		fields[i] = d.Field
	}
	return fields
}

// text is what happened upstream, for a person.
func (u *Upstream) text() string {
	var b strings.Builder
	switch {
	case u.Failure != "" && !u.Sent:
		fmt.Fprintf(&b, "upstream    not sent to %s: %s\n", Clean(u.Host, 200), Clean(u.Failure, 300))
	case u.Failure != "":
		fmt.Fprintf(&b, "upstream    no answer of %s: %s\n", Clean(u.Host, 200), Clean(u.Failure, 300))
	default:
		fmt.Fprintf(&b, "upstream    the answer is that of %s, after %.3f s\n", Clean(u.Host, 200), u.Seconds)
	}
	fmt.Fprintf(&b, "here        %d %s\n", u.Here.HTTP, u.Here.Result)
	for _, d := range u.Drift {
		fmt.Fprintf(&b, "drift       %s: here %s, there %s", d.Field, quoteOrNone(d.Ours), quoteOrNone(d.Theirs))
		if len(d.Fidelity) > 0 {
			fmt.Fprintf(&b, " (fidelity: %s)", strings.Join(d.Fidelity, ", "))
		}
		b.WriteString("\n")
	}
	if u.Settles != 0 {
		fmt.Fprintf(&b, "settles     event %d, which had no answer\n", u.Settles)
	}
	return b.String()
}

func quoteOrNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return Clean(s, 300)
}
