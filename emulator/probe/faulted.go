package probe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Trial is one fault that a sender meets.
type Trial struct {
	// Fault is its id, and What says it in words: "status 503, once".
	Fault string `json:"fault"`
	What  string `json:"what"`
	// RetryAfter is what the answer asks for; 0 for nothing.
	RetryAfter time.Duration `json:"-"`
	// Lasting: it goes on for as long as the run, so that no deploy can arrive, and the last try shows when it gives up.
	Lasting bool `json:"lasting,omitempty"`
	// Final: trying again cannot help, as behind a 404.
	Final bool `json:"-"`
}

// Behaviour is what a sender does about a fault.
type Behaviour struct {
	Trial
	// Met is how many requests the fault hit; Tries is how many there were of the deploys that it hit, and Retries how
	// many of these were sent again.
	Met     int `json:"met"`
	Tries   int `json:"tries"`
	Retries int `json:"retries"`
	// Waits are the times between one try and the next, in seconds.
	Waits []float64 `json:"waits"`
	// DedupID says what the tries have for a dedup_id: same, new or none; empty where there was one try.
	DedupID string `json:"dedup_id,omitempty"`
	// Recorded is how many deploys OpsLevel has at the end of those that the fault hit, of Wanted ones.
	Recorded int `json:"recorded"`
	Wanted   int `json:"wanted"`
	// Exit is the exit code of the sender.
	Exit     int   `json:"exit"`
	TimedOut bool  `json:"timed_out,omitempty"`
	Grade    Grade `json:"grade"`
	// Verdict is what a person is to think of it, and Cure what helps.
	Verdict string `json:"verdict"`
	Cure    string `json:"cure,omitempty"`

	twice bool
}

// What tries have for a dedup id.
const (
	sameID = "same"
	newID  = "new"
	noID   = "none"
)

// deployKey tells the deploys of one run apart; tries of one deploy have it in common.
type deployKey struct{ service, environment, status string }

func keyOf(e *event.Event) deployKey {
	if e.Deploy == nil {
		return deployKey{}
	}
	return deployKey{e.Deploy.Service, e.Deploy.Environment, e.Deploy.Status}
}

// tries are the requests of a run by deploy, in the order in which they came.
func tries(run Run) (keys []deployKey, all map[deployKey][]*event.Event) {
	all = map[deployKey][]*event.Event{}
	for _, e := range run.deploys() {
		k := keyOf(e)
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
		all[k] = append(all[k], e)
	}
	return keys, all
}

// JudgeFault says what a sender did about a fault. Without a baseline (nil) each deploy is expected once.
func JudgeFault(t Trial, run Run, b *Baseline) Behaviour {
	r := Behaviour{Trial: t, Exit: run.Code, TimedOut: run.TimedOut, Waits: []float64{}}
	keys, all := tries(run)
	var waits []time.Duration
	for _, k := range keys {
		met := count(all[k], func(e *event.Event) bool { return e.Fault != nil && e.Fault.ID == t.Fault })
		if met == 0 {
			continue
		}
		wanted := 1
		if b != nil {
			wanted = max(1, count(b.deploys, func(e *event.Event) bool { return keyOf(e) == k }))
		}
		recorded := count(all[k], (*event.Event).Recorded)
		r.Met += met
		r.Tries += len(all[k])
		r.Wanted += wanted
		r.Recorded += recorded
		r.Retries += max(0, len(all[k])-wanted)
		r.twice = r.twice || b != nil && recorded > wanted || slices.ContainsFunc(all[k], func(e *event.Event) bool { return found(e, "silent.deployed_twice") })
		if len(all[k]) > wanted {
			r.DedupID = idsOf(all[k], r.DedupID)
			waits = append(waits, apart(all[k])...)
		}
	}
	for _, w := range waits {
		r.Waits = append(r.Waits, math.Round(w.Seconds()*10)/10)
	}
	r.judge(waits)
	return r
}

func count(events []*event.Event, is func(*event.Event) bool) (n int) {
	for _, e := range events {
		if is(e) {
			n++
		}
	}
	return n
}

// idsOf says what the dedup ids of tries are to each other; before is what those of another deploy are.
func idsOf(events []*event.Event, before string) string {
	ids := map[string]bool{}
	for _, e := range events {
		if e.Deploy != nil {
			ids[e.Deploy.DedupID] = true
		}
	}
	switch {
	case before == newID || len(ids) > 1:
		return newID
	case before == noID || ids[""]:
		return noID
	}
	return sameID
}

func apart(events []*event.Event) (waits []time.Duration) {
	for i := 1; i < len(events); i++ {
		waits = append(waits, events[i].At.Sub(events[i-1].At))
	}
	return waits
}

// Cures of senders that do not stand a failure.
const (
	cureTryAgain = "Try again a few times, a little later each time: curl --fail-with-body --retry 5 --retry-all-errors --retry-connrefused, with a dedup_id that is made before the first try."
	cureLook     = "Look at the answer: curl --fail-with-body, or check the status for 202, so that a failure is seen."
	cureFinal    = "Look at the answer: only 202 means that the deploy was taken. curl --fail-with-body fails from 400 on and takes a redirect for success: compare what -w '%{http_code}' prints with 202, and write https:// in the URL."
	cureOneID    = "Make the dedup_id once, before the first try, of the run's id and the environment, and send the same in each try."
	cureDecide   = "A report that fails breaks your pipeline; decide whether you want it. `|| true` behind it keeps the pipeline green, and says nothing of the deploy that is lost."
)

// judge is the verdict. Red is only what loses or doubles a deploy while the sender says that all is well.
func (r *Behaviour) judge(waits []time.Duration) {
	green := r.Exit == 0 && !r.TimedOut
	lost := r.Recorded < r.Wanted
	switch {
	case r.Met == 0:
		r.Grade, r.Verdict = Note, "no request met this fault, so nothing can be said"
	case r.twice:
		r.Grade = Bad
		if !green {
			r.Grade = Warning
		}
		r.Verdict, r.Cure = fmt.Sprintf("%s: one deploy became %d", r.how(waits), max(2, r.Recorded)), cureOneID
	case lost && r.Lasting:
		r.judgeOutage(green, waits)
	case lost && green:
		r.Grade, r.Verdict, r.Cure = Bad, r.how(waits)+": the deploy is lost and the command ends with 0", cureTryAgain+" "+cureLook
		switch {
		case r.Final:
			r.Cure = cureFinal
		case r.Retries > 0:
			r.Cure = cureLook
		}
	case lost && r.TimedOut:
		r.Grade, r.Verdict, r.Cure = Warning, r.how(waits)+": the deploy is lost, and the command still ran at the end of --timeout", "Give each try a time of its own: curl --max-time 10."
	case lost:
		r.Grade, r.Verdict, r.Cure = Warning, fmt.Sprintf("%s: the deploy is lost, and the command fails with exit code %d", r.how(waits), r.Exit), cureTryAgain+" "+cureDecide
		if r.Final || r.Retries > 0 {
			r.Cure = cureDecide
		}
	case r.TimedOut:
		r.Grade, r.Verdict, r.Cure = Warning, "the deploy is there, and the command still ran at the end of --timeout", "Give each try a time of its own: curl --max-time 10."
	case r.Exit != 0:
		r.Grade, r.Verdict, r.Cure = Warning, fmt.Sprintf("%s: the deploy is there, and yet the command fails with exit code %d", r.how(waits), r.Exit), cureTryAgain+" "+cureDecide
	default:
		r.judgeArrived(waits)
	}
}

func (r *Behaviour) judgeOutage(green bool, waits []time.Duration) {
	switch {
	case r.TimedOut:
		r.Grade, r.Verdict = Note, r.how(waits)+", and goes on for as long as it may: good, where the pipeline may wait so long"
	case green:
		r.Grade, r.Verdict = Warning, r.how(waits)+r.givesUp()+": in an outage the deploy is lost and the command ends with 0"
		r.Cure = "Decide whether you want it: without an error nobody learns that OpsLevel has no such deploy."
	default:
		r.Grade, r.Verdict, r.Cure = Warning, fmt.Sprintf("%s%s: in an outage the command fails with exit code %d", r.how(waits), r.givesUp(), r.Exit), cureDecide
	}
}

func (r *Behaviour) givesUp() string {
	if r.Retries == 0 {
		return ""
	}
	return " and gives up"
}

func (r *Behaviour) judgeArrived(waits []time.Duration) {
	switch {
	case r.Retries == 0:
		r.Grade, r.Verdict = Good, "the deploy is there after one try: good"
	case r.DedupID != sameID:
		r.Grade, r.Verdict, r.Cure = Note, r.how(waits)+": the deploy is there; where an answer is lost, it will be there twice", cureOneID
	case r.RetryAfter > 0 && len(waits) > 0 && waits[0] < r.RetryAfter:
		r.Grade, r.Verdict = Note, fmt.Sprintf("%s: the deploy is there, though Retry-After asked for %s", r.how(waits), r.RetryAfter)
		r.Cure = "Wait for as long as Retry-After says, as curl --retry does."
	default:
		r.Grade, r.Verdict = Good, r.how(waits)+": good"
	}
}

// how says what the sender did: "tries again 3 times, after 1.0 s, 2.0 s and 4.0 s, with the same dedup_id".
func (r *Behaviour) how(waits []time.Duration) string {
	if r.Retries == 0 {
		return "does not try again"
	}
	text := "tries again once"
	if r.Retries > 1 {
		text = fmt.Sprintf("tries again %d times", r.Retries)
		if backsOff(waits) {
			text += ", later each time"
		}
	}
	if len(waits) > 0 {
		text += " (after " + waitsText(waits) + ")"
	}
	switch r.DedupID {
	case sameID:
		text += " with the same dedup_id"
	case newID:
		text += " with a new dedup_id each time"
	case noID:
		text += " without a dedup_id"
	}
	return text
}

// maxWaits is how many waits a verdict names.
const maxWaits = 6

func waitsText(waits []time.Duration) string {
	var words []string
	for i, w := range waits {
		if i == maxWaits {
			words = append(words, "…")
			break
		}
		words = append(words, fmt.Sprintf("%.1f s", w.Seconds()))
	}
	return strings.Join(words, ", ")
}

// backsOff says whether the waits grow.
func backsOff(waits []time.Duration) bool {
	const clearly = 1.3
	return len(waits) > 1 && float64(waits[len(waits)-1]) > clearly*float64(waits[0])
}
