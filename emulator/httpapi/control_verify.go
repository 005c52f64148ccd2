package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// verifyRequest is an [expect.Expectation] as it is sent: its query and durations are texts here, so that each mistake
// in them gets an answer of its own.
type verifyRequest struct {
	Query  string   `json:"query"`
	Times  *int     `json:"times"`
	Min    *int     `json:"min"`
	Max    *int     `json:"max"`
	Never  bool     `json:"never"`
	Within string   `json:"within"`
	Settle *string  `json:"settle"`
	Allow  []string `json:"allow"`
	Since  uint64   `json:"since"`
}

// MaxWithin bounds how long one request may wait.
const MaxWithin = time.Hour

// verify waits until the expectation is decided. The status is the verdict: 200 for met, 406 for anything else, so that
// `curl --fail` is a test; the body says why.
func (c *Control) verify(w http.ResponseWriter, r *http.Request) {
	var in verifyRequest
	if !readJSON(w, r, &in) {
		return
	}
	x, ok := in.expectation(w)
	if !ok {
		return
	}
	// The server bounds how long a request may take to arrive, and ends the request's context then, although it has
	// arrived. An answer without a socket (a test) cannot set it, and has no such bound.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	v := expect.Wait(r.Context(), c.Store, c.Clock, x)
	status := http.StatusNotAcceptable
	if v.Met() {
		status = http.StatusOK
	}
	reply(w, status, v)
}

// expectation reads the request; what is wrong with it has been answered where ok is false.
func (in *verifyRequest) expectation(w http.ResponseWriter) (x expect.Expectation, ok bool) {
	x = expect.Expectation{Times: in.Times, Min: in.Min, Max: in.Max, Never: in.Never, Since: in.Since, Allow: in.Allow}
	var err error
	if x.Query, err = query.Parse(in.Query); err != nil {
		badQuery(w, err)
		return x, false
	}
	if in.Within != "" && x.Within.UnmarshalText([]byte(in.Within)) != nil || time.Duration(x.Within) > MaxWithin {
		badDuration(w, "within", in.Within)
		return x, false
	}
	if in.Settle != nil {
		x.Settle = new(expect.Duration)
		if x.Settle.UnmarshalText([]byte(*in.Settle)) != nil {
			badDuration(w, "settle", *in.Settle)
			return x, false
		}
	}
	var wrong *expect.Error
	if err := x.Check(); errors.As(err, &wrong) {
		fail(w, http.StatusBadRequest, "bad_expectation", wrong.Message, wrong.Hint)
		return x, false
	}
	return x, true
}

func badDuration(w http.ResponseWriter, field, text string) {
	fail(w, http.StatusBadRequest, "bad_duration", field+" is not a time up to an hour: "+cut(text, 40), "write 10s or 1m30s")
}
