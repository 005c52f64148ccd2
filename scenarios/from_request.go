package scenarios

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// request makes the steps of a recorded request: what must have happened before, then the request itself.
func (w *fromWriter) request(e *event.Event) {
	switch q := e.Request; {
	case q == nil:
		w.leave(e, "its request was not kept")
		return
	case q.Cut() != "":
		w.leave(e, "%s", q.Cut())
		return
	case e.Fault != nil && !e.Fault.Judged:
		w.leave(e, "the fault %s kept it from OpsLevel", e.Fault.ID)
		return
	}
	if e.Kind == event.KindCall {
		w.send(e, &Answer{HTTP: number(e.HTTP)})
		return
	}
	switch {
	case e.Result == deploy.Rejected && e.HTTP == 404 && !unknownURL(e):
		w.retire(e, w.integration(e))
	case e.Result == deploy.Duplicate:
		w.original(e)
	}
	if e.Recorded() {
		w.prepare(e)
	}
	w.send(e, w.answerOf(e))
	w.learn(e)
}

// id is the place of a dedup_id; ok is false for a deploy without one.
func (w *fromWriter) id(e *event.Event) (id [2]string, ok bool) {
	if e.Deploy == nil || e.Deploy.DedupID == "" {
		return id, false
	}
	return [2]string{w.integration(e), e.Deploy.DedupID}, true
}

// original sends the deploy that a duplicate repeats, unless it was sent already. Where it is gone, the duplicate stands in
// for it.
func (w *fromWriter) original(e *event.Event) {
	id, ok := w.id(e)
	if !ok || w.state.ids[id] {
		return
	}
	first := w.earlier(e.DuplicateOf)
	if first == nil || first.Request == nil || first.Request.Cut() != "" || !first.Recorded() || first.Integration != e.Integration {
		w.notes = append(w.notes, sentence(e, "repeats a deploy that is gone; the same request, sent before it, stands in for that one"))
		first = e
	} else {
		w.notes = append(w.notes, sentence(first, "is sent first, since event "+seqText(e)+" repeats its dedup_id"))
	}
	result := string(deploy.OK)
	if w.state.known[first.Alias] == "" {
		result = string(deploy.NoServiceFound)
	}
	stand := *first
	stand.Seq = e.Seq // it is left out where the duplicate is
	w.send(&stand, &Answer{HTTP: number(202), Result: text(result)})
	stand.Result = deploy.Result(result)
	w.learn(&stand)
}

func (w *fromWriter) earlier(seq uint64) *event.Event {
	for _, e := range w.r.Events {
		if e.Seq == seq {
			return e
		}
	}
	if w.r.Earlier == nil || seq == 0 {
		return nil
	}
	return w.r.Earlier(seq)
}

// prepare brings the account to where it took this deploy as it did.
func (w *fromWriter) prepare(e *event.Event) {
	if id, ok := w.id(e); ok && w.state.ids[id] {
		// It was kept although its dedup_id had been seen: everything was forgotten in between.
		w.reset(e)
	}
	if e.Result != deploy.OK || w.state.known[e.Alias] != "" || !w.state.suggested[e.Alias] {
		return
	}
	if w.state.known[e.Service] != "" {
		w.add(e, Step{Bind: &Bind{Alias: Literal(e.Alias), Service: Literal(e.Service)}})
	} else {
		w.add(e, Step{Accept: &Accept{Alias: Literal(e.Alias), Name: Literal(e.Service)}})
		w.state.known[e.Service] = e.Service
	}
	w.state.known[e.Alias] = e.Service
}

// learn takes in what the emulator knows once a deploy was sent.
func (w *fromWriter) learn(e *event.Event) {
	if !e.Recorded() {
		return
	}
	if id, ok := w.id(e); ok {
		w.state.ids[id] = true
	}
	if e.Result == deploy.NoServiceFound {
		w.state.suggested[e.Alias] = true
	}
}

// answerOf is what is expected of a deploy: what was answered.
func (w *fromWriter) answerOf(e *event.Event) *Answer {
	a := &Answer{Result: text(string(e.Result))}
	if e.Fault == nil {
		a.HTTP = number(e.HTTP)
	}
	switch e.Result {
	case deploy.OK:
		a.Service = text(e.Service)
	case deploy.Rejected:
		a.Title = text(e.Title)
		if e.Detail != "" {
			a.Detail = text(e.Detail)
		}
	}
	return a
}

// send adds the request itself.
func (w *fromWriter) send(e *event.Event, a *Answer) {
	s := &Send{Answer: a}
	if e.Request.Method != "POST" {
		s.Method = e.Request.Method
	}
	var path string
	path, s.Query, _ = strings.Cut(e.Request.Path, "?")
	w.place(e, s, path)
	headers, masked := e.Request.Again()
	if len(masked) > 0 {
		w.notes = append(w.notes, sentence(e, "came with headers that were masked, and is sent without them: "+strings.Join(masked, ", ")))
	}
	payload := w.body(e, s, headers)
	w.headers(s, headers, e.Request.Body != "")
	s.Query = Literal(s.Query)
	w.steps = append(w.steps, fromStep{Step{Send: s}, e.Seq, payload})
}

// place says where the request goes.
func (w *fromWriter) place(e *event.Event, s *Send, path string) {
	switch {
	case e.Kind == event.KindDeploy && !unknownURL(e) && path == "/integrations/deploy/"+e.Integration:
		if uuid := w.integration(e); uuid != w.live[0].UUID || w.state.retired[uuid] {
			s.Integration = uuid
		}
		return
	case e.Kind == event.KindDeploy && unknownURL(e) && catalog.ValidUUID(e.Integration) && path == "/integrations/deploy/"+e.Integration:
		s.Integration = unknownUUID
		return
	}
	if catalog.ValidUUID(e.Integration) {
		path = strings.ReplaceAll(path, e.Integration, w.standIn(e.Integration))
	}
	s.Path = Literal(path)
}

// standIn is the uuid that the scenario has in place of one of the account.
func (w *fromWriter) standIn(uuid string) string {
	if known := w.uuids[uuid]; known != "" {
		return known
	}
	return unknownUUID
}

// unknownUUID is that of an integration which no account has.
const unknownUUID = "99999999-9999-4999-8999-999999999999"

// body writes the body in the plainest form that is the same to OpsLevel: as a tree where it is JSON, else byte for byte.
func (w *fromWriter) body(e *event.Event, s *Send, headers map[string][]string) (payload *yamlfile.Node) {
	body := e.Request.Body
	if !utf8.ValidString(body) {
		s.BodyBase64 = base64.StdEncoding.EncodeToString([]byte(body))
		return nil
	}
	if !w.raw[e.Seq] && strings.Join(headers["Content-Type"], ",") == "application/json" && plainJSON([]byte(body)) {
		if n, err := Value(json.RawMessage(body)); err == nil && n.Kind == yamlfile.Map && len(n.Pairs) > 0 {
			s.Payload = n
			return n
		}
	}
	literal := Literal(body)
	s.Body = &literal
	return nil
}

// plainJSON says whether JSON is the same once it was read and written again: no key twice, no number of another spelling.
func plainJSON(b []byte) bool {
	v := decodeJSON(b)
	if _, ok := v.(map[string]any); !ok {
		return false
	}
	var compact bytes.Buffer
	if json.Compact(&compact, b) != nil || compact.Len() == 0 {
		return false
	}
	var again bytes.Buffer
	enc := json.NewEncoder(&again)
	enc.SetEscapeHTML(false)
	// A key that comes twice, or an escape of another spelling, makes another length.
	return enc.Encode(v) == nil && again.Len()-1 == compact.Len()
}

// headers are those that the step would not send by itself. An empty list sends none.
func (w *fromWriter) headers(s *Send, headers map[string][]string, body bool) {
	s.Headers = map[string]HeaderValues{}
	for name, values := range headers {
		switch {
		case name == "Accept", name == "User-Agent" && strings.Join(values, ",") == userAgent, name == "Content-Type" && body && strings.Join(values, ",") == "application/json":
			continue
		}
		for _, v := range values {
			s.Headers[name] = append(s.Headers[name], Literal(v))
		}
	}
	for _, name := range []string{"User-Agent", "Content-Type"} {
		if _, there := headers[name]; !there && (name != "Content-Type" || body) {
			s.Headers[name] = HeaderValues{}
		}
	}
}

func text(s string) *yamlfile.Node {
	return &yamlfile.Node{Kind: yamlfile.String, Text: Literal(s)}
}

func number(n int) *yamlfile.Node { return nodeAt(json.Number(strconv.Itoa(n)), yamlfile.Pos{}) }

func seqText(e *event.Event) string { return strconv.FormatUint(e.Seq, 10) }

// sentence is a note about an event.
func sentence(e *event.Event, what string) string { return "event " + seqText(e) + " " + what }
