package emulator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
)

// TestUpstreamBytes: what the sender wrote arrives as it was, but for what belongs to the connection, Host and the uuid;
// and what the real OpsLevel answered goes back as it was.
func TestUpstreamBytes(t *testing.T) {
	answer := "HTTP/1.1 202 Accepted\r\nServer: real\r\nX-Request-Id: 7\r\nX-Runtime: 0.5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: X-Hop\r\n" +
		"X-Hop: 1\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"resul\r\n8\r\nt\":\"ok\"}\r\n0\r\n\r\n"
	up := startRaw(t, says(answer))
	s := relaying(t, up.url(), emulator.Config{})
	body := "{ \"service\" : \"cart\",\r\n\t\"description\":\"\\u0022 \xff\x00 \xf0\x9f\x9a\x80\" }\n"
	got := writePost(t, s, "POST /integrations/deploy/"+deployUUID+".json?agent=jenkins-1%202&b=%zz&&c HTTP/1.1\r\nHost: cart.test\r\n"+
		"x-custom: \t two  words \r\nX-Custom: second\r\nUser-Agent: opslevel-go/2.0\r\nContent-Type: Application/JSON ;charset=UTF-8\r\nAccept: */*\r\n"+
		"Authorization: Bearer secret-of-sender\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nTe: trailers\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
	want := "POST /integrations/deploy/" + realUUID + ".json?agent=jenkins-1%202&b=%zz&&c HTTP/1.1\r\nHost: " + up.address + "\r\n" +
		"Accept: */*\r\nAuthorization: Bearer secret-of-sender\r\nContent-Type: Application/JSON ;charset=UTF-8\r\nUser-Agent: opslevel-go/2.0\r\n" +
		"X-Custom: two  words\r\nX-Custom: second\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\nConnection: close\r\n\r\n" + body
	if all := up.requests(); len(all) != 1 || string(all[0]) != want {
		t.Errorf("arrived\n%q\nwant\n%q", all, want)
	}
	head, rest, _ := strings.Cut(got, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines)
	wantHead := []string{"Connection: close", "Content-Length: 15", "HTTP/1.1 202 Accepted", "Server: real", "Set-Cookie: a=1", "Set-Cookie: b=2",
		"X-Bubblelevel-Event: 1", "X-Request-Id: 7", "X-Runtime: 0.5"}
	if !slices.Equal(lines, wantHead) || rest != `{"result":"ok"}` {
		t.Errorf("the sender got\n%q\n%q", lines, rest)
	}
}

// TestUpstreamForms: a body that cannot be read here still goes on whole, and the real word on it counts.
func TestUpstreamForms(t *testing.T) {
	up := startRaw(t, says(okAnswer))
	s := relaying(t, up.url(), emulator.Config{})
	big := strings.Repeat("x", 3<<20)
	for i, body := range []string{`{"service":`, "", "service=cart&description=d", `{"service":"cart","description":"` + big + `"}`} {
		got := send(t, "POST", s.IntegrationURL(), "application/json", body)
		if e := lastDeploy(t, s); got.status != 202 || e.Result != deploy.OK || !slices.Contains(e.Upstream.DriftFields(), "http") {
			t.Errorf("body %d: %d %s, drift %v", i, got.status, e.Result, e.Upstream.DriftFields())
		}
		if all := up.requests(); !bytes.HasSuffix(all[len(all)-1], []byte("\r\n\r\n"+body)) {
			t.Errorf("body %d did not arrive as it was", i)
		}
	}
	// More than a deploy may hold is never read whole, so it cannot go on.
	if got := send(t, "POST", s.IntegrationURL(), "application/json", strings.Repeat("x", 5<<20)); got.status != 413 || len(up.requests()) != 4 {
		t.Errorf("5 MiB: %d, %d requests went on", got.status, len(up.requests()))
	}
}

// TestUpstreamOrder: one request is under way at a time, in the order of arrival, and events are in that order.
func TestUpstreamOrder(t *testing.T) {
	var mu sync.Mutex
	under := 0
	release := make(chan struct{})
	up := startRaw(t, func(n int, _ []byte, conn net.Conn) {
		mu.Lock()
		if under++; under > 1 {
			t.Error("two requests are under way")
		}
		mu.Unlock()
		<-release
		mu.Lock()
		under--
		mu.Unlock()
		io.WriteString(conn, okAnswer)
	})
	s := relaying(t, up.url(), emulator.Config{})
	const n = 20
	var all sync.WaitGroup
	for i := range n {
		all.Add(1)
		go func() {
			defer all.Done()
			send(t, "POST", s.IntegrationURL(), "application/json", payload(fmt.Sprintf("cart-%02d", i), fmt.Sprintf("run-%d", i)))
		}()
		await(t, "the request waits", func() bool { return s.UpstreamWaiting() == i })
	}
	close(release)
	all.Wait()
	for i, request := range up.requests() {
		if want := fmt.Sprintf(`"service":"cart-%02d"`, i); !bytes.Contains(request, []byte(want)) {
			t.Errorf("request %d is not %s", i, want)
		}
	}
	for i, e := range s.Deploys() {
		if e.Alias != fmt.Sprintf("cart-%02d", i) || e.Ordinal != 1 {
			t.Errorf("event %d is that of %s", i, e.Alias)
		}
	}
}

// await waits until a condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(end) {
			t.Fatalf("it never came to this: %s", what)
		}
		fired, stop := clock.System{}.After(time.Millisecond)
		<-fired
		stop()
	}
}

// TestUpstreamQueue: more than MaxQueue are not sent, and are told to come again.
func TestUpstreamQueue(t *testing.T) {
	release := make(chan struct{})
	up := startRaw(t, func(_ int, _ []byte, conn net.Conn) { <-release; io.WriteString(conn, okAnswer) })
	s := relaying(t, up.url(), emulator.Config{})
	var all sync.WaitGroup
	for range relay.MaxQueue + 1 {
		all.Add(1)
		go func() {
			defer all.Done()
			send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", ""))
		}()
	}
	await(t, "the queue is full", func() bool { return s.UpstreamWaiting() == relay.MaxQueue })
	got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "one-too-many"))
	e := lastDeploy(t, s)
	if got.status != 503 || !strings.Contains(got.body, "256 deploys were waiting") || !slices.Contains(findingIDs(e), "upstream.no_answer") || e.Upstream.Sent {
		t.Errorf("%v, %v", got, findingIDs(e))
	}
	close(release)
	all.Wait()
	if n := len(up.requests()); n != relay.MaxQueue+1 {
		t.Errorf("%d requests arrived", n)
	}
}

// TestUpstreamNoAnswer: whatever goes wrong upstream, nothing is sent twice, no 202 is invented, and the finding is red.
func TestUpstreamNoAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(int, []byte, net.Conn)
		says   string
	}{
		"cut at once":       {says(""), "the connection ended before the whole answer was there"},
		"cut in the head":   {says("HTTP/1.1 202 Accep"), "the connection ended before the whole answer was there"},
		"cut in the body":   {says(okAnswer[:len(okAnswer)-3]), "the connection ended before the whole answer was there"},
		"reset":             {func(_ int, _ []byte, c net.Conn) { c.(*net.TCPConn).SetLinger(0) }, "the connection ended"},
		"not HTTP":          {says("SSH-2.0-OpenSSH\r\n\r\n"), "not HTTP"},
		"status 42":         {says("HTTP/1.1 042 Odd\r\nContent-Length: 0\r\n\r\n"), "status 42"},
		"switching":         {says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "status 101"},
		"a head for ever":   {says("HTTP/1.1 202 Accepted\r\n" + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 100)), "longer than"},
		"a line for ever":   {says(strings.Repeat("a", 100<<10)), "longer than"},
		"a body for ever":   {says("HTTP/1.1 202 Accepted\r\n\r\n" + strings.Repeat("a", relay.MaxAnswer+1)), "longer than"},
		"a promise of much": {says("HTTP/1.1 202 Accepted\r\nContent-Length: 99999999999\r\n\r\n" + strings.Repeat("a", 2*relay.MaxAnswer)), "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			up := startRaw(t, c.answer)
			s := relaying(t, up.url(), emulator.Config{})
			got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
			e := lastDeploy(t, s)
			if got.status != 502 || !strings.HasPrefix(got.body, `{"errors":[{"status":502,"title":"Bad Gateway","detail":"the upstream gave no answer: `) || !strings.Contains(got.body, c.says) {
				t.Errorf("the sender got %v", got)
			}
			if e.HTTP != 502 || e.Result != deploy.Rejected || !e.Upstream.Sent || finding.Worst(e.Findings) != finding.Silent || len(e.Upstream.Drift) > 0 {
				t.Errorf("%d %s, sent %v, %v", e.HTTP, e.Result, e.Upstream.Sent, findingIDs(e))
			}
			if n := len(up.requests()); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
			if s.Original(deployUUID, "run-1") != 0 {
				t.Error("the dedup_id is used up, and nobody knows whether it is")
			}
		})
	}
}

// TestUpstreamUnreachable: nobody listens there.
func TestUpstreamUnreachable(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := "http://" + ln.Addr().String() + "/integrations/deploy/" + realUUID
	ln.Close()
	s := relaying(t, to, emulator.Config{})
	got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
	if e := lastDeploy(t, s); got.status != 502 || e.Upstream.Sent || !strings.Contains(e.Upstream.Failure, "nobody listens at") {
		t.Errorf("%v, %+v", got, e.Upstream)
	}
}

// TestUpstreamTimeout: by the clock that a test holds.
func TestUpstreamTimeout(t *testing.T) {
	held := clock.NewManual(time.Now())
	come := make(chan struct{})
	gone := make(chan struct{})
	up := startRaw(t, func(_ int, _ []byte, conn net.Conn) {
		io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Le")
		close(come)
		io.Copy(io.Discard, conn) // ends when the emulator gives up
		close(gone)
	})
	s := relaying(t, up.url(), emulator.Config{Clock: held, UpstreamTimeout: 7 * time.Second})
	done := make(chan answer, 1)
	go func() { done <- send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1")) }()
	<-come
	held.Advance(7*time.Second - 1)
	select {
	case got := <-done:
		t.Fatalf("answered too early: %v", got)
	default:
	}
	held.Advance(1)
	got := <-done
	<-gone
	if got.status != 502 || !strings.Contains(got.body, "there was no whole answer within 7s") {
		t.Errorf("%v", got)
	}
}

// TestUpstreamRetry: a sender that comes again after a lost answer is healthy, and so is the duplicate that it is then
// told of.
func TestUpstreamRetry(t *testing.T) {
	const duplicate = `{"result":"duplicate_deploy","message":"Deploy not created due to existing deploy with identical dedup_id"}`
	up := startRaw(t, func(n int, _ []byte, conn net.Conn) {
		if n > 1 {
			fmt.Fprintf(conn, "HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", len(duplicate), duplicate)
		}
	})
	s := relaying(t, up.url(), emulator.Config{})
	body := payload("cart", "run-1")
	if got := send(t, "POST", s.IntegrationURL(), "application/json", body); got.status != 502 {
		t.Fatalf("%v", got)
	}
	if got := send(t, "POST", s.IntegrationURL(), "application/json", body); got.body != duplicate {
		t.Fatalf("%v", got)
	}
	e := lastDeploy(t, s)
	if e.DuplicateOf != 1 || e.Upstream.Settles != 1 || !e.Kept() || len(e.Upstream.Drift) > 0 || finding.Worst(e.Findings) != finding.Note {
		t.Errorf("duplicate of %d, settles %d, %v", e.DuplicateOf, e.Upstream.Settles, findingIDs(e))
	}
	// A reset, or other fixtures: no event is left that a duplicate could settle.
	for name, anew := range map[string]func() error{
		"reset": func() error { return s.Reset() }, "load": func() error { _, err := s.LoadFixtures(s.Contents()); return err },
	} {
		lost := startRaw(t, func(n int, _ []byte, conn net.Conn) {
			if n > 1 {
				fmt.Fprintf(conn, "HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", len(duplicate), duplicate)
			}
		})
		s = relaying(t, lost.url(), emulator.Config{})
		send(t, "POST", s.IntegrationURL(), "application/json", body)
		if err := anew(); err != nil {
			t.Fatal(err)
		}
		send(t, "POST", s.IntegrationURL(), "application/json", body)
		if e := lastDeploy(t, s); e.DuplicateOf != 0 || e.Upstream.Settles != 0 {
			t.Errorf("after a %s: duplicate of %d, settles %d", name, e.DuplicateOf, e.Upstream.Settles)
		}
	}
}

// TestUpstreamRedirect: it is passed on and not followed; the address in it has the sender's own uuid.
func TestUpstreamRedirect(t *testing.T) {
	for _, status := range []int{301, 302, 307, 308} {
		var up *rawUpstream
		up = startRaw(t, func(_ int, _ []byte, conn net.Conn) {
			body := "<a href='" + strings.ToUpper(up.url()) + "'>moved</a>"
			fmt.Fprintf(conn, "HTTP/1.1 %d Moved\r\nLocation: %s?x=1\r\nContent-Length: %d\r\n\r\n%s", status, up.url(), len(body), body)
		})
		s := relaying(t, up.url(), emulator.Config{})
		got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
		if got.status != status || got.header.Get("Location") != "http://"+up.address+"/integrations/deploy/"+deployUUID+"?x=1" || strings.Contains(strings.ToLower(got.body), realUUID) {
			t.Errorf("%v", got)
		}
		if e := lastDeploy(t, s); e.HTTP != status || e.Recorded() || !slices.Contains(findingIDs(e), "upstream.strange_answer") || slices.Contains(findingIDs(e), "silent.rejected") || len(up.requests()) != 1 {
			t.Errorf("%d, %v, %d requests", e.HTTP, findingIDs(e), len(up.requests()))
		}
		if e := lastDeploy(t, s); strings.Contains(strings.ToLower(e.Upstream.Body+e.Text()), realUUID) {
			t.Error("the secret stands in the event")
		}
	}
}

// TestUpstreamStrange: a success that is none of OpsLevel's never passes for one.
func TestUpstreamStrange(t *testing.T) {
	for _, a := range []string{
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>login</h>",
		"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 202 Accepted\r\nContent-Length: 19\r\n\r\n{\"result\":\"queued\"}",
		"HTTP/1.1 202 Accepted\r\nContent-Length: 14\r\n\r\n[\"result:\",ok]",
	} {
		up := startRaw(t, says(a))
		s := relaying(t, up.url(), emulator.Config{})
		got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1"))
		e := lastDeploy(t, s)
		if got.status/100 != 2 || e.Recorded() || finding.Worst(e.Findings) != finding.Silent || !slices.Contains(findingIDs(e), "upstream.strange_answer") {
			t.Errorf("%q: %d, %s, %v", a, got.status, e.Result, findingIDs(e))
		}
	}
}

// TestUpstreamPacked: a sender that takes gzip gets it as it came, and the judgement reads what is in it.
func TestUpstreamPacked(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, `{"result":"no_service_found","message":"No service found matching alias 'cart'. Recording 'cart' as a suggestion."}`)
	z.Close()
	up := startRaw(t, says(fmt.Sprintf("HTTP/1.1 202 Accepted\r\nContent-Type: application/json; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", packed.Len(), packed.String())))
	s := relaying(t, up.url(), emulator.Config{})
	req, _ := http.NewRequest("POST", s.IntegrationURL(), strings.NewReader(payload("cart", "run-1")))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Encoding", "gzip") // set by hand, so that the client leaves the body alone
	got := do(t, req)
	e := lastDeploy(t, s)
	if got.body != packed.String() || got.header.Get("Content-Encoding") != "gzip" || e.Result != deploy.NoServiceFound || len(e.Upstream.Drift) > 0 {
		t.Errorf("%v, %s, %v", got, e.Result, e.Upstream.Drift)
	}
}

// TestUpstreamHalfClosed: a sender that has closed its half, or is gone, changes nothing.
func TestUpstreamHalfClosed(t *testing.T) {
	arrived, release := make(chan struct{}, 2), make(chan struct{})
	up := startRaw(t, func(_ int, _ []byte, conn net.Conn) { arrived <- struct{}{}; <-release; io.WriteString(conn, okAnswer) })
	s := relaying(t, up.url(), emulator.Config{})
	body := payload("cart", "run-1")
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /integrations/deploy/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", deployUUID, len(body), body)
	conn.(*net.TCPConn).CloseWrite()
	<-arrived
	gone, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(gone, "POST /integrations/deploy/%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", deployUUID, len(body), body)
	await(t, "the second waits", func() bool { return s.UpstreamWaiting() == 1 })
	gone.Close()
	close(release)
	b, _ := io.ReadAll(conn)
	if !strings.HasSuffix(string(b), `{"result":"ok"}`) {
		t.Errorf("the sender that closed its half got %q", b)
	}
	await(t, "both are recorded", func() bool { return len(s.Deploys()) == 2 })
	if len(up.requests()) != 2 {
		t.Errorf("%d requests arrived", len(up.requests()))
	}
}

// TestUpstreamShutdown: what has no answer when the emulator ends is recorded as such, not forgotten.
func TestUpstreamShutdown(t *testing.T) {
	path := t.TempDir() + "/store"
	come := make(chan struct{}, 3)
	up := startRaw(t, func(_ int, _ []byte, conn net.Conn) { come <- struct{}{}; io.Copy(io.Discard, conn) })
	c := emulator.Config{Store: path, Upstream: up.url(), AllowUpstream: []string{"127.0.0.1"}}
	s, err := emulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	var senders sync.WaitGroup
	for range 3 {
		senders.Add(1)
		go func() {
			defer senders.Done()
			if resp, err := http.Post(s.IntegrationURL(), "application/json", strings.NewReader(payload("cart", ""))); err == nil {
				resp.Body.Close()
			}
		}()
	}
	<-come
	await(t, "two wait", func() bool { return s.UpstreamWaiting() == 2 })
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	s.Shutdown(ended) // without patience: its error says so
	senders.Wait()
	again, err := emulator.New(emulator.Config{Store: path})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	all := again.Deploys()
	if len(all) != 3 {
		t.Fatalf("%d events were kept", len(all))
	}
	for i, e := range all {
		if e.HTTP != 502 || !strings.Contains(e.Upstream.Failure, "the emulator ended") || e.Upstream.Sent != (i == 0) {
			t.Errorf("event %d: %d, %+v", e.Seq, e.HTTP, e.Upstream)
		}
	}
	if len(up.requests()) != 1 {
		t.Errorf("%d requests arrived", len(up.requests()))
	}
}

// TestUpstreamAndFaults: what a fault keeps from OpsLevel does not go on either; one that spoils an answer spoils the real
// one, and what was kept is known.
func TestUpstreamAndFaults(t *testing.T) {
	up := real(t, emulator.Config{})
	s := relaying(t, up.IntegrationURL(), emulator.Config{Faults: []fault.Fault{
		{Kind: fault.KindStatus, Status: 503, First: 1}, {Kind: fault.KindBare202, First: 1}, {Kind: fault.KindTruncated, First: 1}, {Kind: fault.KindMalformed, First: 1},
	}})
	if got := send(t, "POST", s.IntegrationURL(), "application/json", payload("cart", "run-1")); got.status != 503 || len(up.Deploys()) != 0 || lastDeploy(t, s).Upstream != nil {
		t.Errorf("%v, %d went on", got, len(up.Deploys()))
	}
	for i, spoilt := range []string{"bare_202", "truncated", "malformed"} {
		_, got, _ := exchange(t, s, payload("cart", fmt.Sprintf("run-1%d", i)))
		e := lastDeploy(t, s)
		if got == `{"result":"ok"}` || e.Fault == nil || e.Fault.Kind != spoilt || e.Result != deploy.OK || e.Upstream.HTTP != 202 || len(up.Deploys()) != i+1 {
			t.Errorf("%s: %q, %s, %+v", spoilt, got, e.Result, e.Fault)
		}
	}
}
