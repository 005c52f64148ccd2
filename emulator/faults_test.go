package emulator_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

// faulty is an emulator with faults in force.
func faulty(t *testing.T, faults ...fault.Fault) *emulator.Server {
	t.Helper()
	return emulator.Start(t, emulator.Config{Faults: faults})
}

func deployOf(service, dedup string) string {
	return fmt.Sprintf(`{"service":%q,"description":"d","deployed_at":"2019-02-01 13:28:33 UTC","deployer":{"email":"a@example.com"},"dedup_id":%q}`, service, dedup)
}

// sendRaw is a connection with a deploy written on it.
func sendRaw(t *testing.T, s *emulator.Server, body string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	path := strings.TrimPrefix(s.IntegrationURL(), s.URL())
	fmt.Fprintf(conn, "POST %s?a=b HTTP/1.1\r\nHost: opslevel.test\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
	return conn
}

// exchange sends a deploy on a connection of its own. Answer and body are what came back, err why no more did.
func exchange(t *testing.T, s *emulator.Server, body string) (answer *http.Response, got string, err error) {
	t.Helper()
	answer, err = http.ReadResponse(bufio.NewReader(sendRaw(t, s, body)), nil)
	if err != nil {
		return nil, "", err
	}
	b, err := io.ReadAll(answer.Body)
	return answer, string(b), err
}

// last is the newest deploy of the journal.
func last(t *testing.T, s *emulator.Server) *event.Event {
	t.Helper()
	all := s.Deploys()
	if len(all) == 0 {
		t.Fatal("there is no deploy")
	}
	return all[len(all)-1]
}

// TestEachFault: what comes over the socket, and what is recorded of it. The next request of the same sender, which is
// outside the fault's scope, is answered as ever.
func TestEachFault(t *testing.T) {
	for _, c := range []struct {
		fault fault.Fault
		// status is that of the answer, 0 for none; err is how reading it ends.
		status int
		body   func(string) bool
		err    error
		// http is the status in the journal; recorded says whether OpsLevel has the deploy.
		http     int
		recorded bool
		header   string
	}{
		{fault: fault.Fault{Kind: fault.KindStatus}, status: 503, http: 503, body: is(`{"errors":[{"status":503,"title":"Service Unavailable"}]}`)},
		{fault: fault.Fault{Kind: fault.KindStatus, Status: 500}, status: 500, http: 500, body: is(`{"errors":[{"status":500,"title":"Internal Server Error"}]}`)},
		{fault: fault.Fault{Kind: fault.KindStatus, Status: 429, RetryAfter: "1500ms"}, status: 429, http: 429, header: "Retry-After: 2"},
		{fault: fault.Fault{Kind: fault.KindStatus, Status: 404}, status: 404, http: 404},
		{fault: fault.Fault{Kind: fault.KindLatency, Delay: "1ms"}, status: 202, http: 202, recorded: true, body: is(`{"result":"ok"}`)},
		{fault: fault.Fault{Kind: fault.KindNoAnswer, Delay: "1ms"}, err: io.ErrUnexpectedEOF},
		{fault: fault.Fault{Kind: fault.KindReset}, err: syscall.ECONNRESET},
		{fault: fault.Fault{Kind: fault.KindEmpty}, err: io.ErrUnexpectedEOF},
		{fault: fault.Fault{Kind: fault.KindLostAnswer}, err: io.ErrUnexpectedEOF, http: 202, recorded: true},
		{fault: fault.Fault{Kind: fault.KindTruncated}, status: 202, err: io.ErrUnexpectedEOF, http: 202, recorded: true, body: is(`{"resul`)},
		{fault: fault.Fault{Kind: fault.KindTruncated, Bytes: 3}, status: 202, err: io.ErrUnexpectedEOF, http: 202, recorded: true, body: is(`{"r`)},
		{fault: fault.Fault{Kind: fault.KindMalformed}, status: 202, http: 202, recorded: true, body: func(s string) bool { return s != "" && !json.Valid([]byte(s)) }},
		{fault: fault.Fault{Kind: fault.KindBare202}, status: 202, http: 202, recorded: true, body: is("")},
		{fault: fault.Fault{Kind: fault.KindRedirect}, status: 301, http: 301, body: is(""), header: "Location: https://opslevel.test/integrations/deploy/"},
		{fault: fault.Fault{Kind: fault.KindRedirect, Status: 307, Location: "http://elsewhere.test/x"}, status: 307, http: 307, header: "Location: http://elsewhere.test/x"},
	} {
		t.Run(fmt.Sprintf("%s %d", c.fault.Kind, c.fault.Status), func(t *testing.T) {
			c.fault.First, c.fault.Query = 1, "service:shopping_cart dedup:one"
			s := faulty(t, c.fault)
			answer, body, err := exchange(t, s, deployOf("shopping_cart", "one"))
			if !errors.Is(err, c.err) {
				t.Errorf("reading ends with %v, want %v", err, c.err)
			}
			switch {
			case c.status == 0 && answer != nil:
				t.Errorf("an answer came: %v", answer)
			case c.status != 0 && (answer == nil || answer.StatusCode != c.status):
				t.Fatalf("%v, want status %d", answer, c.status)
			case c.body != nil && !c.body(body):
				t.Errorf("the body is %q", body)
			}
			if name, value, ok := strings.Cut(c.header, ": "); ok && !strings.HasPrefix(answer.Header.Get(name), value) {
				t.Errorf("%s is %q, want %q", name, answer.Header.Get(name), value)
			}
			e := last(t, s)
			if e.HTTP != c.http || e.Recorded() != c.recorded || e.Fault == nil || e.Fault.Kind != string(c.fault.Kind) || e.Fault.Judged != c.recorded {
				t.Errorf("recorded as %s: %+v", e.Line(), e.Fault)
			}
			if !c.recorded && (len(e.Findings) > 0 || e.Result != deploy.Rejected || e.Ordinal != 0) {
				t.Errorf("a deploy that OpsLevel never saw: %s", e.Line())
			}
			if e.Alias != "shopping_cart" || e.Service != "shopping_cart" || e.Deploy == nil || e.Deploy.DedupID != "one" {
				t.Errorf("the record lacks what was sent: %s", e.Line())
			}
			if !strings.Contains(e.Why, "injected fault "+string(c.fault.Kind)) || !strings.Contains(e.Line(), " fault="+string(c.fault.Kind)) {
				t.Errorf("why %q, line %q", e.Why, e.Line())
			}
			// The same again is outside first 1: a retry.
			answer, body, err = exchange(t, s, deployOf("shopping_cart", "one"))
			want := `{"result":"ok"}`
			if c.recorded {
				want = `{"result":"duplicate_deploy"`
			}
			if err != nil || answer.StatusCode != 202 || !strings.HasPrefix(body, want) {
				t.Errorf("the retry gets %v %s %v, want %s", answer, body, err, want)
			}
			if st := s.Faults()[0]; st.Seen != 2 || st.Hit != 1 || !st.Over {
				t.Errorf("%+v", st)
			}
		})
	}
}

func is(want string) func(string) bool { return func(got string) bool { return got == want } }

// TestFaultsLeaveTheRestAlone: without a fault that fits, an answer is what it is without any fault.
func TestFaultsLeaveTheRestAlone(t *testing.T) {
	s := faulty(t, fault.Fault{Kind: fault.KindReset, Query: "env:Production"}, fault.Fault{Kind: fault.KindReset, On: fault.Outgoing})
	answer, body, err := exchange(t, s, deployOf("shopping_cart", "one"))
	if err != nil || answer.StatusCode != 202 || body != `{"result":"ok"}` || answer.Header.Get("X-Bubblelevel-Fault") != "" {
		t.Errorf("%v %s %v", answer, body, err)
	}
	if e := last(t, s); e.Fault != nil || strings.Contains(e.Why, "fault") {
		t.Errorf("%s", e.Line())
	}
	// A ping is no deploy.
	if err := s.ClearFaults(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddFault(fault.Fault{Kind: fault.KindReset}); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(s.URL() + "/api/ping")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// TestLostAnswer is what the fault is for: the next try with the same dedup_id is a retry, with another one OpsLevel has
// the deploy twice.
func TestLostAnswer(t *testing.T) {
	for _, c := range []struct{ second, finding string }{
		{"one", "sender.retry"}, {"two", "silent.deployed_twice"}, {"", "silent.deployed_twice"},
	} {
		s := faulty(t, fault.Fault{Kind: fault.KindLostAnswer, First: 1})
		exchange(t, s, deployOf("shopping_cart", "one"))
		exchange(t, s, deployOf("shopping_cart", c.second))
		e := last(t, s)
		if e.Seq != 2 || len(e.Findings) == 0 || e.Findings[0].ID != c.finding {
			t.Errorf("dedup_id %q: %s, want %s", c.second, e.Line(), c.finding)
		}
	}
}

// TestFaultsOfBadRequests: what cannot be read, or goes to no integration, meets a fault all the same, and nothing of it
// is a panic or a deploy.
func TestFaultsOfBadRequests(t *testing.T) {
	s := faulty(t, fault.Fault{Kind: fault.KindStatus, Status: 500, Query: "body:x"}, fault.Fault{Kind: fault.KindBare202})
	for _, body := range []string{`{"x":`, `[]`, ``, `{"service":{}}`, `x`} {
		answer, _, err := exchange(t, s, body)
		if err != nil {
			t.Fatal(body, err)
		}
		want := 400
		if strings.Contains(body, "x") {
			want = 500
		}
		if e := last(t, s); answer.StatusCode != want || e.HTTP != want || e.Fault == nil || e.Recorded() {
			t.Errorf("%s: %d, %s", body, answer.StatusCode, e.Line())
		}
	}
	resp, err := http.Post(s.DeployURL("00000000-0000-0000-0000-000000000000"), "application/json", strings.NewReader(deployOf("x", "1")))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if e := last(t, s); resp.StatusCode != 500 || e.Fault == nil || e.Alias != "x" || e.HTTP != 500 {
		t.Errorf("%d %s", resp.StatusCode, e.Line())
	}
}

// TestFaultsAreFound: by kind, by id and as any.
func TestFaultsAreFound(t *testing.T) {
	s := faulty(t, fault.Fault{ID: "flaky", Kind: fault.KindStatus, First: 1})
	exchange(t, s, deployOf("shopping_cart", "one"))
	exchange(t, s, deployOf("shopping_cart", "one"))
	for q, want := range map[string]int{"fault:status": 1, "fault:flaky": 1, "fault:ANY": 1, "has:fault": 1, "not:has:fault": 1, "fault:reset": 0} {
		if got := len(list(t, s, q)); got != want {
			t.Errorf("%s finds %d, want %d", q, got, want)
		}
	}
}

// list is what the control API answers for a query.
func list(t *testing.T, s *emulator.Server, q string) []*event.Event {
	t.Helper()
	resp, err := http.Get(s.URL() + "/_emulator/v1/deploys?q=" + q)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out struct {
		Deploys []*event.Event `json:"deploys"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out.Deploys
}

// TestLatencyWaits: the answer comes when the clock has passed the delay and not before, and the deploy is recorded
// before it.
func TestLatencyWaits(t *testing.T) {
	manual := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s := emulator.Start(t, emulator.Config{Clock: manual, Faults: []fault.Fault{{Kind: fault.KindLatency, Delay: "5m"}}})
	answered := make(chan error, 1)
	conn := sendRaw(t, s, deployOf("shopping_cart", "one"))
	go func() {
		_, err := conn.Read(make([]byte, 1))
		answered <- err
	}()
	e := s.WaitDeploy(t, "service:shopping_cart", 10*time.Second)
	if e == nil || !e.Recorded() {
		t.Fatal("not recorded before the answer")
	}
	until(t, func() bool { return manual.Waiting() == 1 })
	manual.Advance(4 * time.Minute)
	select {
	case err := <-answered:
		t.Fatal("answered too early", err)
	default:
	}
	manual.Advance(time.Minute)
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

// TestHeldConnectionsStallNobody: with hundreds of connections held, others are answered, a client that gives up frees
// its place, and the end of the emulator is prompt.
func TestHeldConnectionsStallNobody(t *testing.T) {
	s, err := emulator.New(emulator.Config{Faults: []fault.Fault{
		{Kind: fault.KindNoAnswer, Query: "dedup:held"}, {Kind: fault.KindLatency, Delay: "10m", Query: "dedup:late"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	var held []net.Conn
	for range 200 {
		held = append(held, sendRaw(t, s, deployOf("shopping_cart", "held")))
	}
	late := sendRaw(t, s, deployOf("shopping_cart", "late"))
	until(t, func() bool { return s.Faults()[0].Hit == 200 && s.Faults()[1].Hit == 1 })
	held[0].Close()
	for i := range 20 {
		if answer, _, err := exchange(t, s, deployOf("shopping_cart", fmt.Sprint(i))); err != nil || answer.StatusCode != 202 {
			t.Fatal(answer, err)
		}
	}
	begin := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("the end took %s", took)
	}
	if n, err := held[1].Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("a held connection got a byte")
	}
	// What was judged is answered, only without the rest of its delay.
	if answer, err := http.ReadResponse(bufio.NewReader(late), nil); err != nil || answer.StatusCode != 202 {
		t.Error(answer, err)
	}
}

// until waits for something that a goroutine of the emulator is about to do.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); {
		if time.Now().After(end) {
			t.Fatal("it did not happen within 20 s")
		}
		<-time.After(time.Millisecond)
	}
}

// TestFaultsUnderLoad: with many senders at once, first N hits N, and each request is one event, marked or not.
func TestFaultsUnderLoad(t *testing.T) {
	s := faulty(t, fault.Fault{Kind: fault.KindStatus, First: 30}, fault.Fault{Kind: fault.KindLostAnswer, Every: 5})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 25 {
				conn := sendRaw(t, s, deployOf("shopping_cart", fmt.Sprint(w, "-", i)))
				io.Copy(io.Discard, io.LimitReader(conn, 1))
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			s.Faults()
			if f, err := s.AddFault(fault.Fault{Kind: fault.KindReset, Query: "service:nobody"}); err == nil {
				s.RemoveFault(f.ID)
			}
		}
	})
	wg.Wait()
	counts := map[string]int{}
	for _, e := range s.Deploys() {
		switch {
		case e.Fault == nil && e.Result == deploy.OK:
			counts["ok"]++
		case e.Fault.Kind == "status" && e.HTTP == 503:
			counts["status"]++
		case e.Fault.Kind == "lost_answer" && e.Result == deploy.OK:
			counts["lost"]++
		}
	}
	if counts["status"] != 30 || counts["lost"] != 34 || counts["ok"] != 136 {
		t.Errorf("%v, want 30, 34 and 136", counts)
	}
}

// TestFaultsOfTheConfiguration: one that cannot be is an error at once; a reset keeps the faults and counts anew.
func TestFaultsOfTheConfiguration(t *testing.T) {
	if _, err := emulator.New(emulator.Config{Faults: []fault.Fault{{Kind: "nonsense"}}}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Error(err)
	}
	s := faulty(t, fault.Fault{Kind: fault.KindEmpty, First: 1})
	exchange(t, s, deployOf("shopping_cart", "one"))
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if st := s.Faults()[0]; st.Seen != 0 || st.Hit != 0 || st.Over {
		t.Errorf("%+v", st)
	}
	if _, _, err := exchange(t, s, deployOf("shopping_cart", "one")); err == nil {
		t.Error("the fault does not begin anew")
	}
}

// TestConnectionStaysAlive: an error of the server ends no connection; the retry comes on the same one.
func TestConnectionStaysAlive(t *testing.T) {
	s := faulty(t, fault.Fault{Kind: fault.KindStatus, First: 1})
	conn := sendRaw(t, s, deployOf("shopping_cart", "one"))
	r := bufio.NewReader(conn)
	for _, want := range []int{503, 202} {
		answer, err := http.ReadResponse(r, nil)
		if err != nil || answer.StatusCode != want {
			t.Fatal(answer, err)
		}
		io.Copy(io.Discard, answer.Body)
		body := deployOf("shopping_cart", "one")
		path := strings.TrimPrefix(s.IntegrationURL(), s.URL())
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
	}
}

// TestFaultsOfOneIntegration: pipelines that share an emulator each have faults of their own.
func TestFaultsOfOneIntegration(t *testing.T) {
	s := faulty(t, fault.Fault{Kind: fault.KindStatus, Query: "integration:" + jenkinsUUID + " header.x-run:7 method:post"})
	for _, c := range []struct {
		uuid, run string
		want      int
	}{{jenkinsUUID, "7", 503}, {jenkinsUUID, "8", 202}, {deployUUID, "7", 202}} {
		req, err := http.NewRequest("POST", s.DeployURL(c.uuid), strings.NewReader(deployOf("shopping_cart", c.uuid+c.run)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Run", c.run)
		if a := do(t, req); a.status != c.want {
			t.Errorf("%+v: %d", c, a.status)
		}
	}
}
