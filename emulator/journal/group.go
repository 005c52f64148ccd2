package journal

import (
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// maxGroup is the most events that go into one commit, and the most stubs that are given up with it. A commit of so
// many takes well under a millisecond.
const maxGroup = 128

// group is what goes into one commit. The writer has one and uses it over and over.
type group struct {
	// calls are all that are answered when the group is durable; events and news are theirs, less those without one.
	calls  []*call
	events []*event.Event
	news   []record
	// evicted counts the oldest events, which leave. Those of them that are changes and resets are replaced by stubs.
	evicted int
	stubs   []record
	// forgotten are the oldest stubs of deploys, which are given up.
	forgotten []event.Derived
	// ops is what of this the store is told.
	ops            []op
	bodies, stored int64
	buf            []byte
}

// op sets a key of the store or, where value is empty, deletes it.
type op struct {
	seq        uint64
	key, value string
}

func (g *group) reset() {
	clear(g.calls)
	clear(g.events)
	clear(g.news)
	clear(g.stubs)
	clear(g.forgotten)
	clear(g.ops)
	*g = group{
		calls: g.calls[:0], events: g.events[:0], news: g.news[:0], stubs: g.stubs[:0], forgotten: g.forgotten[:0], ops: g.ops[:0], buf: g.buf,
	}
}

// lasting says whether the account is not what it is without the event.
func lasting(kind event.Kind, was event.Kind, c *event.Change) bool {
	return c != nil || kind == event.KindReset || was == event.KindReset
}

// encode makes the record of e.
func (g *group) encode(e *event.Event) (key string, r record, err error) {
	buf, err := event.Encode(startRecord(g.buf[:0], e.Seq), e)
	if err != nil {
		return "", record{}, err
	}
	g.keepBuffer(buf)
	if n := len(buf) - keyLen - headLen; n > maxPayload {
		return "", record{}, &TooLargeError{Bytes: n}
	}
	body := 0
	if e.Request != nil {
		body = len(e.Request.Body)
	}
	key, value := finishRecord(buf, body)
	return key, record{seq: e.Seq, value: value, lasting: lasting(e.Kind, "", e.Change)}, nil
}

// keepBuffer keeps buf for the next record, unless one giant would occupy the memory for good.
func (g *group) keepBuffer(buf []byte) {
	if cap(buf) <= 1<<20 {
		g.buf = buf
	}
}

func (g *group) add(e *event.Event, key string, r record) {
	g.events = append(g.events, e)
	g.news = append(g.news, r)
	g.ops = append(g.ops, op{seq: r.seq, key: key, value: r.value})
	g.bodies += bodyLen(r.value)
	g.stored += int64(len(r.value))
}

// evict replaces a change or a reset by its stub, or removes it where nothing depends on it any more.
func (g *group) evict(r record, needed bool) {
	start := startRecord(g.buf[:0], r.seq)
	buf, err := start, error(nil)
	if needed {
		buf, err = event.Stub(start, payload(r.value))
	}
	g.keepBuffer(buf)
	if len(buf) == len(start) || err != nil { // what cannot be read was not replayed either
		g.remove(r.seq)
		return
	}
	key, value := finishRecord(buf, 0)
	g.stubs = append(g.stubs, record{seq: r.seq, value: value, lasting: true})
	g.ops = append(g.ops, op{seq: r.seq, key: key, value: value})
}

func (g *group) remove(seq uint64) {
	g.ops = append(g.ops, op{seq: seq, key: keyOf(seq)})
}

// removeNext removes the next n that are gone. Their keys are parts of one string.
func (g *group) removeNext(gone *seqQueue, n int) {
	g.buf = g.buf[:0]
	for range n {
		seq := gone.pop()
		g.ops = append(g.ops, op{seq: seq})
		g.buf = appendKey(g.buf, seq)
	}
	keys := string(g.buf)
	for i := range g.ops {
		g.ops[i].key = keys[i*keyLen : (i+1)*keyLen]
	}
}
