package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// page is what a list was asked for: q, limit, before and after.
type page struct {
	query         query.Query
	limit         int
	before, after uint64
	ascending     bool
}

// readPage reads the query string of a list.
func readPage(w http.ResponseWriter, r *http.Request) (p page, ok bool) {
	form := r.URL.Query()
	if p.query, ok = readQuery(w, r); !ok {
		return p, false
	}
	for _, n := range []struct {
		name string
		into *uint64
	}{{"before", &p.before}, {"after", &p.after}} {
		text := form.Get(n.name)
		if text == "" {
			continue
		}
		var err error
		if *n.into, err = strconv.ParseUint(text, 10, 64); err != nil {
			fail(w, http.StatusBadRequest, "bad_"+n.name, n.name+" is not a sequence number: "+cut(text, 40), "use a seq of an earlier answer")
			return p, false
		}
	}
	p.ascending = form.Has("after")
	p.limit, ok = readLimit(w, r, "page with before or after")
	return p, ok
}

// collect reads one page of the events that keep accepts. next is where the following page begins, 0 at the end.
func (c *Control) collect(p page, keep func(*event.Event) bool) (found []*event.Event, next uint64) {
	found = []*event.Event{}
	now := c.Clock.Now()
	c.Store.Skim(p.after, p.before, !p.ascending, func(e *event.Event) bool {
		if !keep(e) || !p.query.Match(e, now) {
			return true
		}
		if len(found) == p.limit {
			next = found[len(found)-1].Seq
			return false
		}
		found = append(found, e.Clone())
		return true
	})
	return found, next
}

func (c *Control) events(w http.ResponseWriter, r *http.Request) {
	p, ok := readPage(w, r)
	if !ok {
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		c.stream(w, r, p)
		return
	}
	found, next := c.collect(p, func(*event.Event) bool { return true })
	reply(w, http.StatusOK, struct {
		Events        []*event.Event `json:"events"`
		Next          *uint64        `json:"next"`
		EvictedBefore uint64         `json:"evicted_before"`
	}{found, orNull(next), c.Store.EvictedBefore()})
}

func (c *Control) deploys(w http.ResponseWriter, r *http.Request) {
	p, ok := readPage(w, r)
	if !ok {
		return
	}
	found, next := c.collect(p, func(e *event.Event) bool { return e.Kind == event.KindDeploy })
	reply(w, http.StatusOK, struct {
		Deploys       []*event.Event `json:"deploys"`
		Next          *uint64        `json:"next"`
		EvictedBefore uint64         `json:"evicted_before"`
	}{found, orNull(next), c.Store.EvictedBefore()})
}

func orNull(n uint64) *uint64 {
	if n == 0 {
		return nil
	}
	return &n
}

func (c *Control) eventBySeq(w http.ResponseWriter, r *http.Request) {
	seq, ok := seqOf(w, r)
	if !ok {
		return
	}
	e, evicted := c.Store.Get(seq)
	deploysOnly := strings.Contains(r.URL.Path, "/deploys/")
	switch {
	case evicted:
		fail(w, http.StatusGone, "evicted", fmt.Sprintf("event %d has left the window", seq), "start the emulator with a larger --keep")
	case e == nil || deploysOnly && e.Kind != event.KindDeploy:
		fail(w, http.StatusNotFound, "no_such_event", fmt.Sprintf("there is no event %d here", seq), "GET "+Prefix+"v1/events lists them")
	default:
		reply(w, http.StatusOK, e)
	}
}

// stream sends events as they happen (Server-Sent Events): id is the seq, event the kind, data the JSON of the event. It
// begins after Last-Event-ID, else after the parameter after, else with what happens from now on; what was evicted
// meanwhile is said in an event "gap". A seq that is still to come is one of another journal, which ended with its
// emulator: the stream then begins with the first event of this one.
func (c *Control) stream(w http.ResponseWriter, r *http.Request, p page) {
	at := c.Store.Last()
	if p.ascending {
		at = p.after
	}
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		n, err := strconv.ParseUint(id, 10, 64)
		if err != nil {
			fail(w, http.StatusBadRequest, "bad_last_event_id", "Last-Event-ID is not a sequence number: "+cut(id, 40), "send the id of the last event you have")
			return
		}
		at = n
	}
	if at > c.Store.Last() {
		at = 0
	}
	defer c.streams.Add(-1)
	if c.streams.Add(1) > MaxStreams {
		fail(w, http.StatusServiceUnavailable, "too_many_streams", fmt.Sprintf("%d readers follow the events already", MaxStreams), "end one of them, or page with ?after=SEQ")
		return
	}
	more, cancel := c.Store.More()
	defer cancel()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	s := &sse{w: w, control: http.NewResponseController(w)}
	s.comment("bubblelevel")
	for s.err == nil {
		at = c.catchUp(s, p, at)
		beat, stop := clock.Real(c.Clock).After(heartbeat)
		select {
		case <-r.Context().Done():
			stop()
			return
		case <-more:
		case <-beat:
			s.comment("still here")
		}
		stop()
	}
}

// catchUp sends all that has happened since at and returns where it got to.
func (c *Control) catchUp(s *sse, p page, at uint64) uint64 {
	last := c.Store.Last()
	if first := c.Store.EvictedBefore(); first > at+1 {
		s.send("gap", first-1, struct {
			From uint64 `json:"from"`
			To   uint64 `json:"to"`
		}{at + 1, first - 1})
		at = first - 1
	}
	now := c.Clock.Now()
	c.Store.Skim(at, last+1, false, func(e *event.Event) bool {
		at = e.Seq
		if p.query.Match(e, now) {
			s.send(string(e.Kind), e.Seq, e)
		}
		return s.err == nil
	})
	s.flush()
	return max(at, last)
}

// sse writes a stream of Server-Sent Events. A reader that takes longer than streamPatience for what is buffered is
// given up: err is set.
type sse struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (s *sse) send(name string, id uint64, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		s.err = err
		return
	}
	s.write(fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", id, name, data))
}

func (s *sse) comment(text string) {
	s.write([]byte(": " + text + "\n\n"))
	s.flush()
}

func (s *sse) write(b []byte) {
	if s.err != nil {
		return
	}
	// The patience is with a real socket, so it is counted in real time, whatever clock the emulator runs on.
	s.control.SetWriteDeadline(clock.System{}.Now().Add(streamPatience))
	_, s.err = s.w.Write(b)
}

func (s *sse) flush() {
	if s.err == nil {
		s.err = s.control.Flush()
	}
}
