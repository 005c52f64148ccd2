package action

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
)

const responseTemplate = "{{ status }} {{ response.status }} {{ response.body }}"

func fire(t *testing.T, w Webhook) Firing {
	t.Helper()
	if w.ResponseTemplate == "" {
		w.ResponseTemplate = responseTemplate
	}
	f := Fire(t.Context(), testDeps(), w, documented(t))
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back Firing
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f, back) {
		t.Errorf("the record does not survive JSON:\n%+v\n%+v", f, back)
	}
	return f
}

func TestFiringRecordsTheExactBytesSent(t *testing.T) {
	var got string
	url := rawServer(t, func(c net.Conn) {
		got = readRequest(c)
		fmt.Fprint(c, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"id\":1}")
	})
	f := fire(t, Webhook{
		URL: url + "/hook/{{ service.slug }}?a=b", Headers: map[string]string{"x-Own": "{{ user.name }}", "Zeta": "z"},
		Payload: `{"name": {{ service.name | jsonify }}}`, ResponseTemplate: "{{ status }} {{ response.status }} {{ response.body.id }} {{ response.headers.content-type }}",
	})
	if len(f.Attempts) != 1 || string(f.Attempts[0].Sent) != got {
		t.Errorf("recorded:\n%s\nreceived:\n%s", f.Attempts[0].Sent, got)
	}
	host := strings.TrimPrefix(url, "http://")
	want := "POST /hook/django_test?a=b HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: OpsLevel (bubblelevel)\r\nAccept: */*\r\n" +
		"Content-Type: application/json\r\nZeta: z\r\nx-Own: First Last\r\nContent-Length: 23\r\nConnection: close\r\n\r\n{\"name\": \"Django Test\"}"
	if got != want {
		t.Errorf("sent:\n%s", got)
	}
	if f.RenderedResponse != "SUCCESS 201 1 application/json" || f.Result != Success || f.Error != "" || len(f.Problems) != 0 {
		t.Errorf("%q %s %q %v", f.RenderedResponse, f.Result, f.Error, f.Problems)
	}
	a := f.Attempts[0]
	if a.Timings.Total < a.Timings.FirstByte || a.Timings.FirstByte < a.Timings.Connect || a.Timings.Connect < a.Timings.DNS || a.Timings.Connect <= 0 {
		t.Errorf("%+v", a.Timings)
	}
	if a.Address != host || a.Response.Length != 8 || a.Response.SHA256 == "" || !a.Response.Complete || f.Spans[PartPayload] == nil {
		t.Errorf("%+v", a)
	}
	if f.Settings != Defaults() {
		t.Errorf("%+v", f.Settings)
	}
}

// Each way in which a receiver can answer or not, and what the firing says of it.
func TestWhateverTheReceiverDoes(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	head := "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct {
		url      string
		result   Result
		failure  FailureKind
		rendered string
		problems string
		error    string
	}{
		"refuses": {
			url: "http://" + closed.Addr().String(), failure: ConnectFailed, problems: "delivery.connect_failed",
			rendered: "FAILURE  ", error: "nobody listens at",
		},
		"hangs up": {
			url: rawServer(t, func(c net.Conn) { readRequest(c) }), failure: Dropped, problems: "delivery.dropped",
			rendered: "FAILURE  ", error: "the connection ended before the whole answer was there.",
		},
		"resets": {
			url:     rawServer(t, func(c net.Conn) { readRequest(c); c.(*net.TCPConn).SetLinger(0) }),
			failure: Dropped, problems: "delivery.dropped", rendered: "FAILURE  ", error: "the connection ended",
		},
		"breaks off in the body": {
			url: answering(t, head+"Content-Length: 10\r\n\r\nabc"), failure: Dropped, problems: "delivery.dropped",
			rendered: "FAILURE  ", error: "the connection ended",
		},
		"is not HTTP": {
			url: answering(t, "SSH-2.0-OpenSSH_9.6\r\n"), failure: NotHTTP, problems: "delivery.not_http",
			rendered: "FAILURE  ", error: "not HTTP",
		},
		"sends endless headers": {
			url:     answering(t, head+"X: "+strings.Repeat("x", 300<<10)+"\r\n\r\n"),
			failure: NotHTTP, problems: "delivery.not_http", rendered: "FAILURE  ", error: "longer than 256 KiB",
		},
		"500":               {url: answering(t, "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\ndown"), result: Failure, rendered: "FAILURE 500 down"},
		"204":               {url: answering(t, "HTTP/1.1 204 No Content\r\n\r\n"), result: Success, rendered: "SUCCESS 204 "},
		"1xx":               {url: answering(t, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), result: Success, rendered: "SUCCESS 200 hi"},
		"200 until the end": {url: answering(t, head+"\r\nuntil the end"), result: Success, rendered: "SUCCESS 200 until the end"},
		"chunks":            {url: answering(t, head+"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), result: Success, rendered: "SUCCESS 200 {}"},
		"302": {
			url:    answering(t, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
			result: Failure, rendered: "FAILURE 302 ", problems: "response.redirect",
		},
		"text": {url: answering(t, head+"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n[1,2,"), result: Success, rendered: "SUCCESS 200 [1,2,"},
		"invalid JSON": {
			url:    answering(t, head+"Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1,"),
			result: Success, rendered: `SUCCESS 200 {"a":1,`, problems: "response.not_json",
		},
		"JSON as text": {url: answering(t, head+"Content-Type: text/plain\r\nContent-Length: 7\r\n\r\n[1,2.0]"), result: Success, rendered: "SUCCESS 200 [1,2.0]"},
		"not UTF-8": {
			url:    answering(t, head+"Content-Length: 3\r\nX-Odd: \xe9t\xe9\r\n\r\n\xff\xfeA"),
			result: Success, rendered: "SUCCESS 200 \ufffdA", problems: "response.not_utf8",
		},
		"gzip": {
			url:    answering(t, head+"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"),
			result: Success, rendered: "SUCCESS 200 \x1f\ufffd\x08", problems: "response.not_utf8",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := fire(t, Webhook{URL: c.url, Payload: "{}"})
			if c.result == "" {
				c.result = Failure
			}
			if f.Result != c.result || f.RenderedResponse != c.rendered || ids(f) != c.problems {
				t.Errorf("%s %q problems %q", f.Result, f.RenderedResponse, ids(f))
			}
			if !strings.Contains(f.Error, c.error) || (c.failure == "") != (f.Error == "") {
				t.Errorf("error %q", f.Error)
			}
			if len(f.Attempts) != 1 {
				t.Fatalf("%d attempts", len(f.Attempts))
			}
			if got := f.Attempts[0].Failure; got == nil && c.failure != "" || got != nil && got.Kind != c.failure {
				t.Errorf("failure %+v", got)
			}
		})
	}
}

func TestReceiverThatHangsIsBoundedByTheTimeout(t *testing.T) {
	arrived := make(chan bool)
	gone := make(chan bool)
	url := rawServer(t, func(c net.Conn) {
		readRequest(c)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
		arrived <- true
		c.Read(make([]byte, 1)) // until the other side hangs up
		close(gone)
	})
	d := testDeps()
	hands := clock.NewManual(noon)
	d.Clock = hands
	done := make(chan Firing)
	go func() {
		done <- Fire(context.Background(), d, Webhook{URL: url, ResponseTemplate: responseTemplate}, documented(t))
	}()
	<-arrived
	hands.Advance(10 * time.Second)
	f := <-done
	<-gone
	if f.Attempts[0].Failure.Kind != TimedOut || f.Error != "No answer: no whole answer within 10s." || f.RenderedResponse != "FAILURE  " {
		t.Errorf("%+v %q %q", f.Attempts[0].Failure, f.Error, f.RenderedResponse)
	}
	if f.Took != Duration(10*time.Second) || f.Attempts[0].Timings.Total != Duration(10*time.Second) {
		t.Errorf("took %s", f.Took)
	}
	if hands.Waiting() != 0 {
		t.Error("a timer is left behind")
	}
}

func TestFiringEndsWithItsContext(t *testing.T) {
	arrived := make(chan bool)
	url := rawServer(t, func(c net.Conn) { readRequest(c); arrived <- true; c.Read(make([]byte, 1)) })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan Firing)
	go func() { done <- Fire(ctx, testDeps(), Webhook{URL: url}, documented(t)) }()
	<-arrived
	cancel()
	if f := <-done; f.Attempts[0].Failure.Kind != Canceled {
		t.Errorf("%+v", f.Attempts[0].Failure)
	}
}

func TestBodyOfTenMegabytesIsBounded(t *testing.T) {
	const size = 10 << 20
	url := httpServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"a":"` + strings.Repeat("x", size-8) + `"}`))
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := fire(t, Webhook{URL: url})
	runtime.ReadMemStats(&after)
	if f.Result != Success || ids(f) != "response.truncated" || len(f.RenderedResponse) != len("SUCCESS 200 ")+1<<20 {
		t.Errorf("%s %q %d", f.Result, ids(f), len(f.RenderedResponse))
	}
	r := f.Attempts[0].Response
	if r.Length != size || len(r.Body) != RecordBody || !r.Complete || !f.Response.BodyOmitted {
		t.Errorf("%d %d", r.Length, len(r.Body))
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 64<<20 {
		t.Errorf("%d MiB are held", grown>>20)
	}
}

func TestEndlessBodyIsBounded(t *testing.T) {
	url := rawServer(t, func(c net.Conn) {
		readRequest(c)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\n\r\n")
		block := bytes.Repeat([]byte("x"), 64<<10)
		for {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	})
	f := fire(t, Webhook{URL: url, ResponseTemplate: "{{ status }}", Settings: Settings{MaxBody: 100}})
	if r := f.Attempts[0].Response; r.Length != ReadBody || r.Complete || f.RenderedResponse != "SUCCESS" || ids(f) != "response.truncated" {
		t.Errorf("%d %v %q %q", r.Length, r.Complete, f.RenderedResponse, ids(f))
	}
}

func TestServerThatAnswersBeforeItHasReadTheBody(t *testing.T) {
	url := rawServer(t, func(c net.Conn) {
		c.Read(make([]byte, 100))
		fmt.Fprint(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c)
	})
	f := fire(t, Webhook{URL: url, Headers: map[string]string{"Content-Type": "text/plain"}, Payload: strings.Repeat("x", 4<<20)})
	if f.RenderedResponse != "FAILURE 413 big" {
		t.Errorf("%q %q", f.RenderedResponse, f.Error)
	}
}

func TestHeadersOfTheAnswer(t *testing.T) {
	f := fire(t, Webhook{
		URL:              answering(t, "HTTP/1.1 200 OK\r\nX-LIST: one\r\nset-cookie: a=1\r\nX-List: two\r\nX-Odd: \xe9\r\nFolded: a\r\n  b\r\nContent-Length: 0\r\n\r\n"),
		ResponseTemplate: "{{ response.headers.X-LIST }}|{{ response.headers.x-list }}|{{ response.headers.set-cookie }}|{{ response.headers.content-length }}|{{ response.headers.Content-Length }}",
	})
	if f.RenderedResponse != "one|one, two|a=1|0|0" {
		t.Error(f.RenderedResponse)
	}
	want := []Header{{"X-LIST", "one"}, {"set-cookie", "a=1"}, {"X-List", "two"}, {"X-Odd", "\ufffd"}, {"Folded", "a b"}, {"Content-Length", "0"}}
	if got := f.Attempts[0].Response.Headers; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

func TestAsyncIsPending(t *testing.T) {
	f := fire(t, Webhook{URL: httpServer(t, ok), Async: true})
	if v, _ := find(f.Request.Headers, ActionUUIDHeader); v != f.ID || f.Result != Pending || f.RenderedResponse != "PENDING 200 " {
		t.Errorf("%q %s %q", v, f.Result, f.RenderedResponse)
	}
	f = fire(t, Webhook{URL: answering(t, "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), Async: true})
	if f.Result != Failure {
		t.Error(f.Result)
	}
}

func TestMethods(t *testing.T) {
	for _, method := range append(Methods(), "patch") {
		var got string
		url := httpServer(t, func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = r.Method + " " + string(body)
		})
		if f := fire(t, Webhook{URL: url, Method: method, Payload: "{}"}); got != strings.ToUpper(method)+" {}" || f.Result != Success {
			t.Errorf("%s: %q %s", method, got, f.Error)
		}
	}
	if f := fire(t, Webhook{URL: "http://127.0.0.1:1", Method: "HEAD"}); ids(f) != "webhook.invalid" || len(f.Attempts) != 0 {
		t.Error(ids(f))
	}
}
