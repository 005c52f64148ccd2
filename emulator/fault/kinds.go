package fault

import (
	"slices"
	"strings"
	"time"
)

// The kinds. Of those that are Judged, OpsLevel has seen the request and kept what it keeps before the fault spoils the
// answer; of the others nothing reaches it, and nothing enters the account.
const (
	KindStatus     Kind = "status"
	KindLatency    Kind = "latency"
	KindNoAnswer   Kind = "no_answer"
	KindReset      Kind = "reset"
	KindEmpty      Kind = "empty"
	KindTruncated  Kind = "truncated"
	KindMalformed  Kind = "malformed"
	KindBare202    Kind = "bare_202"
	KindRedirect   Kind = "redirect"
	KindLostAnswer Kind = "lost_answer"
)

// KindDoc says what a kind does.
type KindDoc struct {
	Kind Kind `json:"kind"`
	// Doc is what happens, in a sentence.
	Doc string `json:"doc"`
	// Judged says that OpsLevel has the request: a deploy is recorded, a delivery reaches its target.
	Judged bool `json:"judged"`
	// Settings are the names of those it takes.
	Settings []string `json:"settings"`
	// Example is the command that adds one.
	Example string `json:"example"`

	read func(Fault) (effect, *CheckError)
}

// Kinds are all kinds, in the order in which they are explained.
func Kinds() []KindDoc {
	return []KindDoc{
		statusDoc(), latencyDoc(), noAnswerDoc(), resetDoc(), emptyDoc(), truncatedDoc(), malformedDoc(), bare202Doc(), redirectDoc(), lostAnswerDoc(),
	}
}

// Judged says whether OpsLevel has seen a request that a fault of this kind hits.
func (k Kind) Judged() bool {
	d, _ := kindNamed(k)
	return d.Judged
}

func kindNamed(k Kind) (KindDoc, bool) {
	all := Kinds()
	if at := slices.IndexFunc(all, func(d KindDoc) bool { return d.Kind == k }); at >= 0 {
		return all[at], true
	}
	return KindDoc{}, false
}

func kindNames() (names []string) {
	for _, d := range Kinds() {
		names = append(names, string(d.Kind))
	}
	return names
}

// takes is the hint about the settings of a kind.
func (k Kind) takes(d KindDoc) string {
	return string(k) + " takes " + strings.Join(d.Settings, ", ")
}

// delays reads delay, with its default.
func (f Fault) delays(missing time.Duration) (time.Duration, *CheckError) {
	return bounded("delay", f.Delay, missing, MaxDelay)
}

// bounded reads a time from 0 to a limit.
func bounded(field string, d Duration, missing, limit time.Duration) (time.Duration, *CheckError) {
	if d == "" {
		return missing, nil
	}
	v, err := d.value()
	switch {
	case err != nil:
		return 0, wrong(field, "", "%s", err.Error())
	case v < 0:
		return 0, wrong(field, "", "this cannot be negative")
	case v > limit:
		return 0, wrong(field, "", "this can be %s at most", limit)
	}
	return v, nil
}

// plain is the settings of a kind that has none but a delay.
type plain struct {
	kind  Kind
	delay time.Duration
}

func (p plain) hit(float64) Hit { return Hit{Kind: p.kind, Delay: p.delay} }

func readPlain(f Fault) (effect, *CheckError) {
	delay, err := f.delays(0)
	return plain{f.Kind, delay}, err
}
