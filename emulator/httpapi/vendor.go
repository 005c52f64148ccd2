// Package httpapi is everything that is said over HTTP: OpsLevel's own routes (vendor.go), spoken exactly as OpsLevel
// speaks, and the emulator's control API below /_emulator/v1/ (control.go), which never shadows one of them.
//
// It is the only importer of github.com/gorilla/mux. What a request means is not decided here: the vendor routes hand a
// [Call] to an [Account] and write its [Answer].
package httpapi

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// Account judges what arrives at OpsLevel's side.
type Account interface {
	// Deploy judges and records a POST to the deploy integration in c. It returns once the event is as durable as was
	// promised, whatever the client does meanwhile.
	Deploy(c *Call) Answer
	// Other records any other request to OpsLevel's side, and the answer that it is given.
	Other(c *Call, a Answer) Answer
}

// Vendor serves OpsLevel's routes.
type Vendor struct {
	Account Account
	// Clock is the emulator's; how long an answer took is told by [clock.Real].
	Clock clock.Clock
	IDs   clock.IDs
	// Waits passes the time of faults, also where Clock stands still (needed where the Account injects any); Ending is
	// closed when the emulator ends, and lets go of the connections that a fault holds.
	Waits  clock.Clock
	Ending <-chan struct{}
	holds  atomic.Int32
	// scratch are arrays to read a body into.
	scratch sync.Pool
	// Version is what GET /api/ping answers as the version of the application.
	Version string
}

// Handler is OpsLevel's side of the wire. Every path is answered: what OpsLevel has and the emulator does not is a 404
// and an event.
func (v *Vendor) Handler() http.Handler {
	r := mux.NewRouter()
	r.MatcherFunc(toDeploy).Methods(http.MethodPost).HandlerFunc(v.deploy)
	r.HandleFunc("/api/ping", v.ping).Methods(http.MethodGet, http.MethodHead)
	r.NotFoundHandler = http.HandlerFunc(v.other)
	r.MethodNotAllowedHandler = r.NotFoundHandler
	// The router is asked for the handler and does not serve by itself: it would answer a path with "//" by a redirect,
	// after which most clients repeat their POST as a GET, and copy the request for variables that nobody needs.
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var m mux.RouteMatch
		r.Match(req, &m) // with a handler for what is not found, there is always one
		m.Handler.ServeHTTP(w, req)
	})
}

// deployPath is where the deploy integrations are; the uuid follows.
const deployPath = "/integrations/deploy/"

// toDeploy matches the path of a deploy integration. It is a function, as a template such as "{uuid}" is a regular
// expression to the router, and runs twice for each request.
func toDeploy(r *http.Request, _ *mux.RouteMatch) bool {
	_, ok := deployUUID(r)
	return ok
}

// deployUUID is the uuid in the path of a deploy: POST /integrations/deploy/{uuid}, with a trailing slash or ".json" as
// Rails routes take them.
func deployUUID(r *http.Request) (uuid string, ok bool) {
	uuid, ok = strings.CutPrefix(r.URL.EscapedPath(), deployPath)
	uuid = strings.TrimSuffix(uuid, "/")
	if !ok || uuid == "" || strings.Contains(uuid, "/") {
		return "", false
	}
	return cut(strings.TrimSuffix(uuid, ".json"), maxIntegration), true
}

// deploy is one deploy.
func (v *Vendor) deploy(w http.ResponseWriter, r *http.Request) {
	took := clock.Elapsed(v.Clock)
	c := new(Call)
	c.Integration, _ = deployUUID(r)
	body, err := v.readBody(r)
	c.Request = newRequest(r, body)
	if err != nil {
		c.Problem = unreadable(err)
	} else {
		c.read(r, body)
		c.HTTP, c.Whole = r, body
	}
	if errors.Is(err, errTooLarge) {
		// The rest of the body is not worth reading; a client that goes on sending meets a closed connection.
		w.Header().Set("Connection", "close")
	}
	a := v.Account.Deploy(c)
	if a.Fault != nil {
		v.inject(w, r, a, took)
		return
	}
	v.write(w, a, took)
}

// unreadable is the answer to a body that did not arrive as it should.
func unreadable(err error) *deploy.Problem {
	if errors.Is(err, errTooLarge) {
		return &deploy.Problem{Status: http.StatusRequestEntityTooLarge, Title: "Payload Too Large", Detail: "JSON must be smaller than 4MiB"}
	}
	return &deploy.Problem{Status: http.StatusBadRequest, Title: "Bad Request", Detail: "the connection ended before the whole body had arrived"}
}

// ping is GET /api/ping, which `opslevel version` reads.
func (v *Vendor) ping(w http.ResponseWriter, r *http.Request) {
	took := clock.Elapsed(v.Clock)
	a := Answer{HTTP: http.StatusOK, Body: []byte(`{"app_commit":"bubblelevel","app_version":` + strconv.Quote(v.Version) + `}`)}
	v.write(w, v.Account.Other(&Call{Request: newRequest(r, "")}, a), took)
}

// other is every request that OpsLevel's side has no route for, or not one that is emulated: 404, never a 2xx, so that
// a client which lost its body on a redirect cannot report success.
func (v *Vendor) other(w http.ResponseWriter, r *http.Request) {
	took := clock.Elapsed(v.Clock)
	// The first part of the body is kept as evidence; reading more would only be a way to keep the emulator busy.
	r.Body = http.MaxBytesReader(w, r.Body, event.MaxBody)
	body, _ := v.readBody(r)
	c := &Call{Request: newRequest(r, body)}
	if rest, ok := strings.CutPrefix(r.URL.Path, deployPath); ok {
		c.Integration = cut(strings.TrimSuffix(strings.TrimSuffix(rest, "/"), ".json"), maxIntegration)
	}
	p := deploy.Problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "no route matches " + r.Method + " " + cut(r.URL.Path, 200)}
	v.write(w, v.Account.Other(c, Answer{HTTP: p.Status, Body: p.Body()}), took)
}

// maxIntegration is how much of the last path segment is looked up and kept, in bytes: more than any uuid.
const maxIntegration = 100

// HeaderSeq names the event of an answer, so that a test can ask what became of its request.
const HeaderSeq = "X-Bubblelevel-Event"

// write sends an answer with the headers of a Rails application.
func (v *Vendor) write(w http.ResponseWriter, a Answer, took func() time.Duration) {
	v.head(w, a, took)
	if h := w.Header(); a.Header != nil && h["Content-Length"] == nil && a.HTTP != http.StatusNoContent && a.HTTP != http.StatusNotModified {
		h["Content-Length"] = []string{strconv.Itoa(len(a.Body))}
	}
	w.WriteHeader(a.HTTP)
	w.Write(a.Body) // a client that is gone does not change what was recorded
}

func (v *Vendor) head(w http.ResponseWriter, a Answer, took func() time.Duration) {
	h := w.Header()
	var values [3]string // one array for three headers
	if a.Header != nil {
		relayed(h, a.Header)
	} else {
		values[0], values[1] = v.IDs.UUID(), runtime(took())
		h["Content-Type"] = jsonType
		h["X-Request-Id"] = values[0:1:1]
		h["X-Runtime"] = values[1:2:2]
	}
	if a.Seq != 0 {
		values[2] = strconv.FormatUint(a.Seq, 10)
		h[HeaderSeq] = values[2:3:3]
	}
}

// runtime is how long an answer took as Rack writes it: seconds with six digits behind the point.
func runtime(took time.Duration) string {
	var b [24]byte
	return string(strconv.AppendFloat(b[:0], took.Seconds(), 'f', 6, 64))
}

// relayed copies the headers of a real answer. Where it has no Content-Type or Date, none is made up.
func relayed(h, real http.Header) {
	h["Content-Type"], h["Date"] = nil, nil
	for name, values := range real {
		h[name] = values
	}
}

// JSONType is the content type of OpsLevel's answers.
const JSONType = "application/json; charset=utf-8"

var jsonType = []string{JSONType}
