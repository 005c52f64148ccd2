package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// Prefix is where the emulator's own routes live. OpsLevel has nothing there.
const Prefix = "/_emulator/"

// Limits of the control API.
const (
	// MaxControlBody is the largest body of a control request, in bytes.
	MaxControlBody = 1 << 20
	// DefaultPage and MaxPage bound how many events a list returns.
	DefaultPage = 100
	MaxPage     = 1000
	// MaxStreams is how many readers an event stream has at a time: each gets every event written out for itself.
	MaxStreams = 256
)

// Store is what the control API shows and changes.
type Store interface {
	expect.Source
	// Reset puts the account back to its fixtures and returns the event that says so.
	Reset() (*event.Event, error)
	Health() Health
	// Metrics are counters and gauges by name, in Prometheus' text form.
	Metrics() []Metric
	Directory
	Webhooks
	Time
	Failing
	// Render renders a template; an error is for a context that is none, or for want of time.
	Render(context.Context, RenderRequest) (RenderAnswer, error)
	// Stop asks the process to end as SIGTERM does.
	Stop()
}

// Health is the answer of GET health.
type Health struct {
	// Status is "ok", or "failing" when nothing can be recorded any more; Error then says why.
	Status         string `json:"status"`
	Error          string `json:"error,omitempty"`
	Version        string `json:"version"`
	IntegrationURL string `json:"integration_url,omitempty"`
	ControlURL     string `json:"control_url,omitempty"`
	PID            int    `json:"pid"`
	// Store is where the journal is kept: a path, or ":memory:".
	Store  string `json:"store"`
	Events uint64 `json:"events"`
	// EvictedBefore is the oldest event that is still whole.
	EvictedBefore uint64 `json:"evicted_before"`
}

// Control serves the control API.
type Control struct {
	Store Store
	Clock clock.Clock
	Guard Guard

	streams atomic.Int32
}

// Handler is the control API below Prefix.
func (c *Control) Handler() http.Handler {
	// SkipClean: a router that tidies a path up sends elsewhere who names an integration "." by mistake, and most clients go there
	// with a GET.
	r := mux.NewRouter().SkipClean(true).UseEncodedPath()
	r.Handle(Prefix+"openapi.json", c.guarded(c.openAPIRoute())).Methods(http.MethodGet)
	for _, route := range c.routes() {
		r.Handle(Prefix+"v1"+route.path, c.guarded(route)).Methods(route.method)
	}
	r.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, "no_such_route", "the control API has no "+cut(r.URL.Path, 200), "GET "+Prefix+"openapi.json lists its routes")
	})
	r.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusMethodNotAllowed, "wrong_method", cut(r.URL.Path, 200)+" does not take "+r.Method, "GET "+Prefix+"openapi.json lists the methods")
	})
	return r
}

// route is one line of the control API, from which the router and the OpenAPI document are made.
type route struct {
	method, path string
	serve        http.HandlerFunc
	doc          string
	// open routes answer without a token and for any Host: a container's health check knows neither.
	open bool
}

func (c *Control) routes() []route {
	return append([]route{
		{http.MethodGet, "/health", c.health, "how the emulator is; needs no token", true},
		{http.MethodGet, "/events", c.events, "everything that happened; with Accept: text/event-stream as it happens", false},
		{http.MethodGet, "/events/{seq:[0-9]+}", c.eventBySeq, "one event", false},
		{http.MethodGet, "/deploys", c.deploys, "the deploy requests, rejected ones and duplicates too", false},
		{http.MethodGet, "/deploys/{seq:[0-9]+}", c.eventBySeq, "one deploy request", false},
		{http.MethodPost, "/reset", c.reset, "put the account back to its fixtures", false},
		{http.MethodPost, "/verify", c.verify, "wait until an expectation is decided: 200 if it is met, 406 if not", false},
		{http.MethodPost, "/render", c.render, "render a Liquid template: its output, what its author should know, and which expression wrote what", false},
		{http.MethodPost, "/stop", c.stop, "end the emulator", false},
		{http.MethodGet, "/metrics", c.metrics, "counters and gauges in Prometheus' text form", false},
	}, slices.Concat(c.accountRoutes(), c.templateRoutes(), c.clockRoutes(), c.faultRoutes())...)
}

// bodyLimit is the largest body that a route takes, in bytes.
func (r route) bodyLimit() int64 {
	if r.method == http.MethodPut {
		return maxFixtures
	}
	return MaxControlBody
}

func (c *Control) guarded(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !r.open {
			if refusal := c.Guard.check(req); refusal != nil {
				fail(w, refusal.status, refusal.code, refusal.message, refusal.hint)
				return
			}
		}
		req.Body = http.MaxBytesReader(w, req.Body, r.bodyLimit())
		r.serve(w, req)
	})
}

func (c *Control) health(w http.ResponseWriter, _ *http.Request) {
	h := c.Store.Health()
	status := http.StatusOK
	if h.Status != "ok" {
		status = http.StatusServiceUnavailable
	}
	reply(w, status, h)
}

func (c *Control) reset(w http.ResponseWriter, _ *http.Request) {
	e, err := c.Store.Reset()
	if err != nil {
		failStore(w, err)
		return
	}
	reply(w, http.StatusOK, struct {
		Seq uint64 `json:"seq"`
	}{e.Seq})
}

func (c *Control) stop(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusAccepted, struct {
		Stopping bool `json:"stopping"`
	}{true})
	c.Store.Stop()
}

// failStore answers for a journal that cannot be written any more.
func failStore(w http.ResponseWriter, err error) {
	fail(w, http.StatusServiceUnavailable, "store_failed", err.Error(), "free space on the disk or choose another --db, then start again")
}

// Failure is the body of every refused control request.
type Failure struct {
	Error FailureText `json:"error"`
}

// FailureText is one error: a stable code, what happened, and the cure.
type FailureText struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	// Inputs are what is wrong with each input of a template run.
	Inputs action.InputErrors `json:"inputs,omitempty"`
}

func fail(w http.ResponseWriter, status int, code, message, hint string) {
	reply(w, status, Failure{FailureText{Code: code, Message: message, Hint: hint}})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header()["Content-Type"] = jsonType
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(v) // a client that is gone is no error of ours
}

// streamPatience is how long a reader of the stream may take for one batch before it is dropped.
const streamPatience = 10 * time.Second

// heartbeat is how often an idle stream says that it lives.
const heartbeat = 15 * time.Second
