package fault

import "time"

// truncated cuts the answer's body.
type truncated struct {
	bytes int
	delay time.Duration
}

func truncatedDoc() KindDoc {
	return KindDoc{
		Kind: KindTruncated, Judged: true, Settings: []string{"bytes", "delay"}, read: readTruncated,
		Doc:     "Promises the whole answer and closes the connection within its body, after so many bytes (half). The deploy is judged as usual.",
		Example: "bubblelevel faults add truncated --bytes 5",
	}
}

func readTruncated(f Fault) (effect, *CheckError) {
	if f.Bytes < 0 {
		return nil, wrong("bytes", "leave it out for half of the body", "this cannot be negative")
	}
	delay, err := f.delays(0)
	return truncated{f.Bytes, delay}, err
}

func (t truncated) hit(float64) Hit { return Hit{Kind: KindTruncated, Bytes: t.bytes, Delay: t.delay} }

// Cut is what is left of a body that was truncated: h.Bytes of it or half, and always less than all.
func (h *Hit) Cut(body []byte) []byte {
	keep := h.Bytes
	if keep == 0 {
		keep = len(body) / 2
	}
	return body[:max(0, min(keep, len(body)-1))]
}

func malformedDoc() KindDoc {
	return KindDoc{
		Kind: KindMalformed, Judged: true, Settings: []string{"delay"}, read: readPlain,
		Doc:     "The answer's body arrives whole and is no JSON. The deploy is judged as usual, and the status is the usual one.",
		Example: "bubblelevel faults add malformed",
	}
}

// Malform is a body that no JSON parser takes, made of one that it would.
func Malform(body []byte) []byte {
	return append([]byte(`{"result":`), body[:len(body)/2]...)
}

func bare202Doc() KindDoc {
	return KindDoc{
		Kind: KindBare202, Judged: true, Settings: []string{"delay"}, read: readPlain,
		Doc:     "The answer arrives without its body: a 202 alone. The deploy is judged as usual; a refusal keeps its status and loses its body too.",
		Example: "bubblelevel faults add bare_202 'service:cart'",
	}
}
