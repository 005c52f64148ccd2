package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// fromWriter follows a recording and knows, at each step, what the scenario's emulator will know.
type fromWriter struct {
	r Recording
	// without are the events that did not come out, with the reason.
	without map[uint64]string
	// raw are those whose body is written byte for byte.
	raw   map[uint64]bool
	steps []fromStep
	left  []string
	notes []string
	// uuids are the integrations as the scenario calls them; live are those that its account holds, in the order of use.
	uuids map[string]string
	live  []catalog.Integration
	// start are the aliases that the account knows at the start, each with its service; hidden are those that it must not.
	start  map[string]string
	hidden map[string]bool
	state  fromState
}

// fromState is what the emulator knows by now.
type fromState struct {
	known     map[string]string
	suggested map[string]bool
	retired   map[string]bool
	ids       map[[2]string]bool
}

// fromStep is a step, and the event that it is for. payload is what its body must be.
type fromStep struct {
	step    Step
	seq     uint64
	payload *yamlfile.Node
}

func newWriter(r Recording, without map[uint64]string) *fromWriter {
	w := &fromWriter{r: r, without: without, left: slices.Clone(r.Missing), uuids: map[string]string{}, start: map[string]string{}, hidden: map[string]bool{}}
	w.survey()
	w.forget()
	return w
}

// forget makes the state that of an account at its start.
func (w *fromWriter) forget() {
	w.state = fromState{known: map[string]string{}, suggested: map[string]bool{}, retired: map[string]bool{}, ids: map[[2]string]bool{}}
	for alias, service := range w.start {
		w.state.known[alias] = service
	}
}

// survey finds out what the account must hold: what an alias meant when it was first decided, and which integrations took
// deploys.
func (w *fromWriter) survey() {
	for _, e := range w.r.Events {
		if e.Kind != event.KindDeploy || e.Request == nil || w.without[e.Seq] != "" {
			continue
		}
		if e.Alias != "" && !w.hidden[e.Alias] && w.start[e.Alias] == "" {
			switch e.Result {
			case deploy.OK:
				w.start[e.Alias] = e.Service
			case deploy.NoServiceFound:
				w.hidden[e.Alias] = true
			}
		}
		if !unknownURL(e) {
			w.integration(e)
		}
	}
	for _, service := range w.start {
		if !w.hidden[service] && w.start[service] == "" {
			w.start[service] = service
		}
	}
}

// unknownURL says of a deploy that no integration had its uuid.
func unknownURL(e *event.Event) bool {
	return e.HTTP == 404 && !found(e, "silent.retired_integration")
}

func found(e *event.Event, id string) bool {
	for _, f := range e.Findings {
		if f.ID == id {
			return true
		}
	}
	return false
}

// integration is the uuid that stands for the integration of a deploy.
func (w *fromWriter) integration(e *event.Event) string {
	if uuid := w.uuids[e.Integration]; uuid != "" {
		return uuid
	}
	n := len(w.live) + 1
	i := catalog.Integration{UUID: fmt.Sprintf("%08d-1111-4111-8111-%012d", n, n), Type: w.typeOf(e.Integration)}
	w.uuids[e.Integration] = i.UUID
	w.live = append(w.live, i)
	return i.UUID
}

// typeOf is the type of an integration: the account's, or what its deploys tell.
func (w *fromWriter) typeOf(uuid string) catalog.IntegrationType {
	for _, i := range w.r.Integrations {
		if i.UUID == uuid && i.Type != "" {
			return i.Type
		}
	}
	for _, e := range w.r.Events {
		if e.Integration != uuid {
			continue
		}
		if first := w.earlier(e.DuplicateOf); lenient(e) || first != nil && lenient(first) {
			return "jenkins"
		}
	}
	return "deploy"
}

// lenient says that a deploy without a deployer was taken, as an integration of type jenkins does.
func lenient(e *event.Event) bool {
	taken := e.Recorded() || e.Result == deploy.Duplicate
	return taken && (e.Deploy != nil && e.Deploy.Deployer == nil || found(e, "deployer.lenient"))
}

// account is what the emulator of the scenario holds.
func (w *fromWriter) account() *yamlfile.Node {
	var c catalog.Contents
	services := map[string][]string{}
	for alias, service := range w.start {
		services[service] = append(services[service], alias)
	}
	for _, slug := range sortedKeys(services) {
		if w.hidden[slug] {
			continue // it comes to be by a step
		}
		s := catalog.Service{Name: slug, Slug: slug}
		for _, alias := range slices.Sorted(slices.Values(services[slug])) {
			if alias != slug {
				s.Aliases = append(s.Aliases, alias)
			}
		}
		c.Services = append(c.Services, s)
	}
	c.Integrations = w.live
	if len(c.Integrations) == 0 {
		c.Integrations = []catalog.Integration{{UUID: fmt.Sprintf("%08d-1111-4111-8111-%012d", 1, 1), Type: "deploy"}}
	}
	return nodeAt(tree(c), yamlfile.Pos{})
}

// began is when the first request arrived.
func (w *fromWriter) began() time.Time {
	for _, e := range w.r.Events {
		if e.Request != nil && !e.At.IsZero() && e.At.Year() > 1970 && e.At.Year() < 9000 {
			return e.At.UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}

// name is a line about the whole.
func (w *fromWriter) name() string {
	var shown []uint64
	for _, s := range w.steps {
		if s.step.Send != nil && !slices.Contains(shown, s.seq) {
			shown = append(shown, s.seq)
		}
	}
	for _, e := range w.r.Events {
		if len(shown) == 1 && e.Seq == shown[0] {
			return strings.TrimSpace(event.Clean(fmt.Sprintf("event %d: %s", e.Seq, subject(e)), MaxName-1))
		}
	}
	if len(shown) == 0 {
		return "recorded"
	}
	return fmt.Sprintf("events %d to %d", shown[0], shown[len(shown)-1])
}

// subject is what an event is about, in a few words.
func subject(e *event.Event) string {
	if e.Kind != event.KindDeploy {
		return fmt.Sprintf("%s %s is answered with %d", e.Request.Method, e.Request.Path, e.HTTP)
	}
	what := e.Alias
	if what == "" {
		what = "a deploy"
	}
	if e.Result == deploy.Rejected {
		return fmt.Sprintf("%s is refused with %d %s", what, e.HTTP, e.Title)
	}
	return what + " is " + string(e.Result)
}

// walk makes steps of the events, one after the other.
func (w *fromWriter) walk() {
	for _, e := range w.r.Events {
		if why := w.without[e.Seq]; why != "" {
			w.leave(e, "%s", why)
			continue
		}
		switch e.Kind {
		case event.KindDeploy, event.KindCall:
			w.request(e)
		case event.KindReset:
			w.reset(e)
		case event.KindChange:
			w.change(e)
		case event.KindFiring:
			w.leave(e, "it is a firing, which a step `fire` with its template shows")
		default:
			w.leave(e, "it has left the window of the journal")
		}
	}
}

func (w *fromWriter) leave(e *event.Event, format string, args ...any) {
	w.left = append(w.left, fmt.Sprintf("event %d: %s", e.Seq, fmt.Sprintf(format, args...)))
}

func (w *fromWriter) add(e *event.Event, s Step) {
	w.steps = append(w.steps, fromStep{step: s, seq: e.Seq})
}

// reset puts the account back, if there is anything to put back.
func (w *fromWriter) reset(e *event.Event) {
	if len(w.steps) > 0 {
		w.add(e, Step{Reset: &Reset{}})
	}
	w.forget()
}

// change follows the changes that requests do not show by themselves.
func (w *fromWriter) change(e *event.Event) {
	switch c := e.Change; {
	case c == nil:
	case c.Fixtures != nil:
		w.reset(e)
	case c.Integration != nil && c.Integration.RetiredAt != nil:
		if uuid := w.uuids[c.Integration.UUID]; uuid != "" {
			w.retire(e, uuid)
		}
	}
}

func (w *fromWriter) retire(e *event.Event, uuid string) {
	if !w.state.retired[uuid] {
		w.state.retired[uuid] = true
		w.add(e, Step{Retire: &Retire{Integration: uuid}})
	}
}
