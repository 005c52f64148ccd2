package action

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

// serve puts a receiver behind a real server, as the emulator does.
func serve(t *testing.T, r *Receiver) string {
	return httpServer(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		var headers []Header
		for name, values := range req.Header {
			for _, v := range values {
				headers = append(headers, Header{name, v})
			}
		}
		a, err := r.Receive(strings.TrimPrefix(req.URL.Path, "/"), Incoming{Method: req.Method, Path: req.URL.RequestURI(), Headers: headers, Body: body})
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		for name, value := range a.Headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.Status)
		io.WriteString(w, string(a.Body))
	})
}

func TestReceiverKeepsAnswersAndChecks(t *testing.T) {
	r := NewReceiver(clock.NewManual(noon), "deep-secret")
	d := testDeps()
	d.Receiver, d.Secrets = serve(t, r), map[string]string{"s": "deep-secret"}
	err := r.Tell("provisioner", ReceiverSetup{
		Answers:       []ReceiverAnswer{{Status: 503, Body: "busy", Delay: Duration(time.Second)}, {Status: 201, Headers: map[string]string{"X-Job": "7"}, Body: `{"id":7}`}},
		SigningSecret: "hush-hush", SignedHeaders: []string{"X-Own"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := Webhook{
		URL: "receiver:provisioner", SigningSecret: "hush-hush", Headers: map[string]string{"X-Own": "v", "Authorization": "Token token={{ 's' | secret }}"},
		Payload: `{"s":"{{ 's' | secret }}"}`, ResponseTemplate: responseTemplate,
	}
	var got []string
	for range 3 {
		got = append(got, Fire(t.Context(), d, w, documented(t)).RenderedResponse)
	}
	if want := []string{"FAILURE 503 busy", `SUCCESS 201 {"id":7}`, `SUCCESS 201 {"id":7}`}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	kept := r.Requests("provisioner")
	if len(kept) != 3 || kept[2].Seq != 3 || kept[0].Status != 503 || !kept[0].At.Equal(noon) {
		t.Fatalf("%+v", kept)
	}
	// The receiver was told of X-Own only, and Authorization was signed too.
	if kept[0].Signature != "invalid" || kept[0].Reason == "" {
		t.Errorf("%+v", kept[0])
	}
	if v, _ := find(kept[0].Headers, "Authorization"); v != "Token "+Mask || string(kept[0].Body) != `{"s":"`+Mask+`"}` {
		t.Errorf("%s %s", v, kept[0].Body)
	}
	if err := r.Tell("provisioner", ReceiverSetup{SigningSecret: "hush-hush", SignedHeaders: []string{"X-Own", "Authorization"}}); err != nil {
		t.Fatal(err)
	}
	if f := Fire(t.Context(), d, w, documented(t)); f.RenderedResponse != `SUCCESS 200 {"result":"ok"}` {
		t.Error(f.RenderedResponse)
	}
	w.SigningSecret = ""
	Fire(t.Context(), d, w, documented(t))
	w.URL = "receiver:other"
	Fire(t.Context(), d, w, documented(t))
	kept = r.Requests("provisioner")
	if kept[3].Signature != "valid" || kept[4].Signature != "unsigned" || r.Requests("other")[0].Signature != "unchecked" {
		t.Errorf("%+v", kept[3:])
	}
	if got := fmt.Sprint(r.Names()); got != "[other provisioner]" {
		t.Error(got)
	}
	if r.Reset(); len(r.Names()) != 0 || r.Requests("other") != nil {
		t.Error("something is left")
	}
}

func TestReceiverIsBounded(t *testing.T) {
	r := NewReceiver(clock.NewManual(noon))
	for i := range MaxReceivers + 1 {
		_, err := r.Receive(fmt.Sprintf("r%d", i), Incoming{})
		if (err != nil) != (i == MaxReceivers) {
			t.Errorf("%d: %v", i, err)
		}
	}
	for range MaxReceiverRequests + 5 {
		r.Receive("r1", Incoming{Body: []byte(strings.Repeat("x", RecordBody+9))})
	}
	kept := r.Requests("r1")
	if len(kept) != MaxReceiverRequests || len(kept[99].Body) != RecordBody || kept[99].Length != RecordBody+9 || kept[0].Seq >= kept[99].Seq {
		t.Errorf("%d", len(kept))
	}
}

func TestReceiverRefusesWhatItCannotDo(t *testing.T) {
	r := NewReceiver(clock.NewManual(noon))
	for name, s := range map[string]ReceiverSetup{
		"..": {}, "a/b": {}, "": {}, "a b": {}, strings.Repeat("x", 65): {}, "é": {},
		"status":  {Answers: []ReceiverAnswer{{Status: 99}}},
		"header":  {Answers: []ReceiverAnswer{{Headers: map[string]string{"A": "b\nc"}}}},
		"name":    {Answers: []ReceiverAnswer{{Headers: map[string]string{"A b": "c"}}}},
		"delayed": {Answers: []ReceiverAnswer{{Delay: -1}}},
	} {
		if err := r.Tell(name, s); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
	if a, _ := r.Receive("drops", Incoming{}); a.Drop {
		t.Error("it drops by itself")
	}
	r.Tell("drops", ReceiverSetup{Answers: []ReceiverAnswer{{Drop: true}}})
	if a, _ := r.Receive("drops", Incoming{}); !a.Drop || r.Requests("drops")[1].Status != 0 {
		t.Error("it does not drop")
	}
}

func TestReceiverIsSafeForConcurrentUse(t *testing.T) {
	r := NewReceiver(clock.System{})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 50 {
				r.Receive(fmt.Sprint("n", i%3), Incoming{})
				r.Requests("n1")
				r.Tell("n2", ReceiverSetup{Answers: []ReceiverAnswer{{}}})
				r.Names()
			}
		})
	}
	all.Wait()
	if got := r.Requests("n1"); got[len(got)-1].Seq > 400 {
		t.Error(got[len(got)-1].Seq)
	}
}
