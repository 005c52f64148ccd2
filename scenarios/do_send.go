package scenarios

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

func (s *Send) check(c *checker, n *yamlfile.Node) {
	bodies := 0
	for _, key := range []string{"payload", "body", "body_base64", "file"} {
		if n.Get(key) != nil {
			if bodies++; bodies > 1 {
				c.fail(n.Get(key), "keep one of payload, body, body_base64 and file", "a request has one body")
			}
		}
	}
	if (s.Body != nil || s.BodyBase64 != "") && len(s.Set)+len(s.Remove) > 0 {
		c.fail(n, "they change a payload:, a JSON file: or, without either, the example", "set and remove do not go with body and body_base64")
	}
	if _, err := base64.StdEncoding.DecodeString(s.BodyBase64); err != nil {
		c.fail(n.Get("body_base64"), "", "%v", err)
	}
	s.checkHeaders(c, n)
	if s.Path != "" && (!strings.HasPrefix(s.Path, "/") || s.Integration != "") {
		c.fail(n.Get("path"), "a path begins with /, and takes the place of integration", "this is no path of a request")
	}
	if _, err := http.NewRequest(s.method(), "http://localhost"+s.Path+"?"+s.Query, http.NoBody); err != nil {
		c.fail(n, "", "this cannot be sent: %v", err)
	}
	if s.Answer != nil {
		s.Answer.matchers(c)
	}
}

// headerName is what can be a header's name (RFC 9110, section 5.1).
var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// checkHeaders refuses what no client of HTTP can send.
func (s *Send) checkHeaders(c *checker, n *yamlfile.Node) {
	for _, name := range sortedKeys(s.Headers) {
		values, at := s.Headers[name], n.Find("headers", name)
		switch {
		case !headerName.MatchString(name):
			c.fail(at, "letters, digits and dashes", "%q cannot be the name of a header", name)
		case http.CanonicalHeaderKey(name) == "Host" && len(values) != 1:
			c.fail(at, "leave it out for the emulator's own", "a request has one Host, and not %d", len(values))
		case slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, "\r\n\x00") }):
			c.fail(at, "a header is one line", "the value of %s has a line break or a NUL byte", name)
		}
	}
}

func (s *Send) method() string {
	if s.Method == "" {
		return http.MethodPost
	}
	return s.Method
}

// body is what is sent.
func (s *Send) body(r *run) ([]byte, error) {
	var b []byte
	var err error
	switch {
	case s.Body != nil:
		return []byte(*s.Body), nil
	case s.BodyBase64 != "":
		return base64.StdEncoding.DecodeString(s.BodyBase64)
	case s.Payload != nil:
		b = jsonOf(s.Payload)
	case s.File != "":
		b, err = r.read("file", s.File)
	case s.Path != "" && s.Method != "" && s.Method != http.MethodPost:
		return nil, nil // a GET has no body
	default:
		service := r.srv.SampleService()
		if service == "" {
			service = "shopping_cart"
		}
		b = fixtures.Sample(service, r.ids.UUID(), r.clock.Now())
	}
	if err != nil || len(s.Set)+len(s.Remove) == 0 {
		return b, err
	}
	return s.changed(r, b)
}

// changed is a JSON body with what set and remove make of it.
func (s *Send) changed(r *run, b []byte) ([]byte, error) {
	o, ok := decodeJSON(b).(map[string]any)
	if !ok {
		return nil, r.wrong("set", "", "set and remove need a JSON object to change")
	}
	for _, key := range s.Remove {
		if parent, last := descend(o, key, false); parent != nil {
			delete(parent, last)
		}
	}
	for _, key := range sortedKeys(s.Set) {
		parent, last := descend(o, key, true)
		if parent == nil {
			return nil, r.wrong("set", "", "%s goes through something that is no object", key)
		}
		parent[last] = treeOf(s.Set[key])
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(o)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// descend finds the object that holds the last part of a dotted key; with make it makes those on the way. It is nil where
// there is none.
func descend(o map[string]any, key string, make bool) (parent map[string]any, last string) {
	parts := strings.Split(key, ".")
	for _, p := range parts[:len(parts)-1] {
		next, ok := o[p].(map[string]any)
		if !ok && (!make || o[p] != nil) {
			return nil, ""
		}
		if !ok {
			next = map[string]any{}
			o[p] = next
		}
		o = next
	}
	return o, parts[len(parts)-1]
}

// userAgent is what a step calls itself.
const userAgent = "bubblelevel scenario"

func (s *Send) request(r *run) (*http.Request, error) {
	body, err := s.body(r)
	if err != nil {
		return nil, err
	}
	url := r.srv.URL() + s.Path
	if s.Path == "" {
		uuid, err := r.integration(s.Integration)
		if err != nil {
			return nil, err
		}
		url = r.srv.DeployURL(uuid)
	}
	if s.Query != "" {
		url += "?" + s.Query
	}
	q, err := http.NewRequestWithContext(r.ctx, s.method(), url, bytes.NewReader(body))
	if err != nil {
		return nil, r.wrong("path", "", "this cannot be sent: %v", err)
	}
	q.Header.Set("User-Agent", userAgent)
	if len(body) > 0 {
		q.Header.Set("Content-Type", "application/json")
	}
	for name, values := range s.Headers {
		q.Header[http.CanonicalHeaderKey(name)] = values
		if http.CanonicalHeaderKey(name) == "Host" {
			q.Host = values[0]
		}
	}
	return q, nil
}

func (s *Send) do(r *run) error {
	q, err := s.request(r)
	if err != nil {
		return err
	}
	// A connection of its own, no proxy, no redirects: what the emulator answers is what is looked at.
	wire := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	a, err := wire.RoundTrip(q)
	if err == nil {
		defer a.Body.Close()
		var body []byte
		if body, err = io.ReadAll(io.LimitReader(a.Body, MaxBody)); err == nil {
			return s.judge(r, r.answer(a, body))
		}
	}
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	r.last = map[string]any{"answer": map[string]any{"error": err.Error()}}
	if s.Answer != nil && s.Answer.None {
		return nil
	}
	return failed("there was no answer: %v", err)
}

// answered is an answer with what the emulator says of it.
type answered struct {
	// on is the answer on the wire, e the event; nil where there is none.
	http int
	on   map[string]any
	e    *event.Event
	tree map[string]any
}

func (r *run) answer(a *http.Response, body []byte) answered {
	headers := map[string]any{}
	for name, values := range a.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	out := answered{http: a.StatusCode, on: map[string]any{"http": json.Number(strconv.Itoa(a.StatusCode)), "headers": headers, "body": decodeJSON(body), "raw": string(body)}}
	r.last = map[string]any{"answer": out.on}
	if seq, err := strconv.ParseUint(a.Header.Get(httpapi.HeaderSeq), 10, 64); err == nil {
		out.e, _ = r.srv.Event(seq)
	}
	if out.e != nil {
		out.tree, _ = tree(out.e).(map[string]any)
		if out.tree["findings"] == nil {
			out.tree["findings"] = []any{} // the event's JSON leaves out an empty list, and a path to it is no mistake
		}
		r.last["event"] = out.tree
	}
	return out
}
