package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Step is one run among those that share an integration, so that what collides shows.
type Step struct {
	Kind StepKind `json:"kind"`
	// Name says it in words: "the next run, staging".
	Name        string `json:"name"`
	Environment string `json:"environment"`
	// Run, Attempt and Job are those of the [Scene].
	Run     int `json:"run"`
	Attempt int `json:"attempt"`
	Job     int `json:"job"`
}

// StepKind says what a step is to the ones before it.
type StepKind string

// The kinds of step.
const (
	// FirstRun is the first of all, OtherEnvironment the same run deploying to another environment.
	FirstRun         StepKind = "first"
	OtherEnvironment StepKind = "environment"
	// SecondTry is the same run once more, for the same commit; NextRun the run of the next commit.
	SecondTry StepKind = "rerun"
	NextRun   StepKind = "next"
)

// Steps are the runs that show constant and colliding dedup ids: one run with every environment, its last job once more,
// and the next run with every environment.
func Steps(environments []string) (steps []Step) {
	add := func(kind StepKind, name string, run, attempt, job int, environment string) {
		steps = append(steps, Step{kind, name + ", " + environment, environment, run, attempt, job})
	}
	for i, e := range environments {
		if i == 0 {
			add(FirstRun, "the first run", 1, 1, i, e)
			continue
		}
		add(OtherEnvironment, "the same run", 1, 1, i, e)
	}
	last := len(environments) - 1
	add(SecondTry, "the same run, second try", 1, 2, last, environments[last])
	for i, e := range environments {
		add(NextRun, "the next run", 2, 1, i, e)
	}
	return steps
}

// Stepped is a step that was taken, and what is thought of it.
type Stepped struct {
	Step
	// Recorded is how many deploys OpsLevel keeps of it, Dropped how many it drops as duplicates.
	Recorded int   `json:"recorded"`
	Dropped  int   `json:"dropped"`
	Refused  int   `json:"refused"`
	Exit     int   `json:"exit,omitempty"`
	Grade    Grade `json:"grade"`
	// DedupIDs and Arrived are the dedup ids and the environments as they arrived.
	DedupIDs []string `json:"dedup_ids"`
	Arrived  []string `json:"environments"`
	Event    uint64   `json:"event,omitempty"`
	Cause    string   `json:"cause,omitempty"`
	Cure     string   `json:"cure,omitempty"`
	timedOut bool
	dropped  *event.Event
	refused  *event.Event
	// targets are the services and environments that were deployed to; last is the newest event.
	targets []target
	last    uint64
}

type target struct{ service, environment string }

func targetOf(e *event.Event) target { return target{e.Deploy.Service, e.Deploy.Environment} }

// cureDedup is what helps against ids that collide.
const cureDedup = "Make dedup_id of what is another for each deploy: service, environment, the run's id and its attempt, such as cart-production-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT."

// JudgeStep says what became of a step; earlier are those before it, in their order, and wanted is how many deploys a run
// sends.
func JudgeStep(step Step, run Run, earlier []Stepped, wanted int) Stepped {
	s := Stepped{Step: step, Recorded: run.Recorded(), Exit: run.Code, Grade: Good, timedOut: run.TimedOut, DedupIDs: []string{}, Arrived: []string{}}
	for _, e := range run.deploys() {
		switch e.Result {
		case deploy.Duplicate:
			s.Dropped++
			if s.dropped == nil || silent(e) != nil {
				s.dropped = e
			}
		case deploy.Rejected:
			s.Refused++
			s.refused = e
			continue
		}
		s.targets = append(s.targets, targetOf(e))
		s.DedupIDs = append(s.DedupIDs, clip(e.Deploy.DedupID, 0, evidenceBytes))
		s.Arrived = append(s.Arrived, clip(e.Deploy.Environment, 0, evidenceBytes))
	}
	if n := len(run.Events); n > 0 {
		s.last = run.Events[n-1].Seq
	}
	if s.Recorded < wanted {
		s.blame(wanted, earlier)
	}
	return s
}

// blame says why fewer deploys were recorded than should have been.
func (s *Stepped) blame(wanted int, earlier []Stepped) {
	s.Grade = Bad
	switch {
	case s.dropped != nil:
		s.Event = s.dropped.Seq
		s.blameDropped(earlier)
	case s.refused != nil:
		s.Event = s.refused.Seq
		s.Cause = "OpsLevel refuses what was sent: " + rejection(s.refused) + "."
		s.Cure = "Look at what the command sends in this run: `bubblelevel exec -- COMMAND` says more."
	case s.timedOut:
		s.Cause, s.Cure = "The command did not come to its end in time.", "--timeout gives it longer."
	case s.Exit != 0:
		s.Cause = fmt.Sprintf("The command failed with exit code %d and sent %s, where it sends %d else.", s.Exit, plural(s.Recorded, "deploy"), wanted)
		s.Cure = "Look at what the command makes of the variables of this run."
	default:
		s.Cause = fmt.Sprintf("The command ended with 0 and sent %s, where it sends %d else.", plural(s.Recorded, "deploy"), wanted)
		s.Cure = "Look at what the command makes of the variables of this run."
	}
}

// blameDropped judges a deploy that was dropped as a duplicate by the step whose deploy holds its dedup id.
func (s *Stepped) blameDropped(earlier []Stepped) {
	id := "The dedup_id " + quote(s.dropped.Deploy.DedupID)
	lost := silent(s.dropped)
	i := slices.IndexFunc(earlier, func(e Stepped) bool { return s.dropped.DuplicateOf <= e.last })
	s.Cure = cureDedup
	switch {
	case i < 0:
		s.Cause = id + " is sent more than once in one run."
	case earlier[i].Run != s.Run:
		s.Cause = id + " is that of an earlier run: OpsLevel keeps the first deploy and drops every later one with a 202."
		if lost != nil {
			s.Cause = lost.Evidence + " OpsLevel keeps the first deploy and drops every later one with a 202."
		}
	case earlier[i].Attempt != s.Attempt:
		// Whether trying again is a deploy of its own is for its people to say.
		s.Grade = Note
		s.Cause = id + " is that of the first try: to OpsLevel it is the same deploy, and this one is dropped with a 202."
		s.Cure = "Nothing to do where a second try is the same deploy; else put the attempt into dedup_id."
	case lost == nil || slices.Contains(earlier[i].targets, targetOf(s.dropped)):
		s.Grade = Note
		s.Cause = id + " repeats, and so do service and environment: the environment did not change what was sent, so it was not checked."
		s.Cure = "Let the command take the environment from a variable such as ENVIRONMENT, or from a word {environment} of its command line."
	default:
		s.Cause = lost.Evidence + " " + environmentName(s.dropped) + " never gets a deploy."
	}
}

func environmentName(e *event.Event) string {
	if e.Deploy.Environment == "" {
		return "The other"
	}
	return clip(e.Deploy.Environment, 0, evidenceBytes)
}

// Collided says whether the step lost a deploy to a dedup id. Ids that are made of the time collide where two runs are a
// second apart, which real ones are not: such a step is taken once more, later.
func (s *Stepped) Collided() bool { return s.Grade == Bad && s.dropped != nil }

// Forgive is the step after the same has passed a little later: its id is made of the time.
func (s *Stepped) Forgive() {
	s.Grade = Note
	s.Cause = "The dedup_id seems to be made of the time: two deploys within a second collide, and a later one does not."
	s.Cure = "Nothing to do where deploys are further apart; else use the id of the run."
}

// EnvironmentsTaken says whether the environments that arrived differ from each other: the sender takes the
// environment from what it is given.
func EnvironmentsTaken(all []Stepped) bool {
	seen := map[string]bool{}
	for _, s := range all {
		if len(s.Arrived) > 0 {
			seen[strings.Join(s.Arrived, "\n")] = true
		}
	}
	return len(seen) > 1
}

func quote(s string) string { return `"` + clip(s, 0, evidenceBytes) + `"` }
