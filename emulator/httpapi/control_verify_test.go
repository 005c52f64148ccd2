package httpapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

func verifyOver(t *testing.T, s *emulator.Server, body string) (int, string) {
	t.Helper()
	resp, err := http.Post(s.ControlURL()+"/_emulator/v1/verify", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func deploy(t *testing.T, s *emulator.Server, fields string) {
	t.Helper()
	resp, err := http.Post(s.IntegrationURL(), "application/json", strings.NewReader(
		`{"service":"shopping_cart","description":"d","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x"}`+fields+`}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// TestVerifyStatusIsTheVerdict: curl --fail is enough of a test.
func TestVerifyStatusIsTheVerdict(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Keep: 2})
	deploy(t, s, `,"environment":"a"`)
	deploy(t, s, `,"environment":"b"`)
	deploy(t, s, `,"environment":"c"`)
	for body, want := range map[string]struct {
		status int
		holds  string
	}{
		`{"query":"environment:c"}`: {200, `"verdict":"met"`},
		`{"query":"environment:c","times":1,"within":"1m","settle":"0s","since":1}`: {200, `"verdict":"met"`},
		`{"query":"environment:C","since":1}`:                                       {406, `"differs":true`},
		`{"query":"environment:a"}`:                                                 {406, `"verdict":"incomplete"`},
		`{"query":"environment:c","never":true}`:                                    {406, `"verdict":"not_met"`},
		`{"query":"environment:c","min":1,"times":1}`:                               {400, `"bad_expectation"`},
		`{"query":"not:finding:nothing"}`:                                           {400, `"bad_expectation"`},
		`{"query":"servce:c"}`:                                                      {400, `"bad_query"`},
		`{"query":"environment:c","within":"soon"}`:                                 {400, `"bad_duration"`},
		`{"query":"environment:c","within":"100h"}`:                                 {400, `"bad_duration"`},
		`{"query":"environment:c","settle":"x"}`:                                    {400, `"bad_duration"`},
		// A misspelt bound would make a test say something else than it means.
		`{"query":"environment:c","minimum":5}`: {400, `"bad_json"`},
		`{"query":`:                             {400, `"bad_json"`},
	} {
		if status, got := verifyOver(t, s, body); status != want.status || !strings.Contains(got, want.holds) {
			t.Errorf("%s: %d %s\nwant %d %s", body, status, got, want.status, want.holds)
		}
	}
	resp, err := http.Get(s.ControlURL() + "/_emulator/v1/verify")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered %d", resp.StatusCode)
	}
}

func TestVerifyNeedsTheToken(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Token: "secret"})
	if status, got := verifyOver(t, s, `{}`); status != http.StatusUnauthorized {
		t.Errorf("%d %s", status, got)
	}
	if v, err := client.New(s.ControlURL(), "secret").Verify(t.Context(), expect.Expectation{Never: true}); err != nil || !v.Met() {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestVerifyClient: the verdict is the same over the wire, also one that is not met.
func TestVerifyClient(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	deploy(t, s, `,"environment":"a"`)
	q, err := query.Parse("environment:b")
	if err != nil {
		t.Fatal(err)
	}
	x := expect.Expectation{Query: q, Within: expect.Duration(time.Millisecond)}
	v, err := client.New(s.ControlURL(), "").Verify(t.Context(), x)
	if err != nil || v.Outcome != expect.NotMet || len(v.Near) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	near := s.Verify(t.Context(), x)
	a, _ := json.Marshal(v.Near)
	b, _ := json.Marshal(near.Near)
	if string(a) != string(b) {
		t.Errorf("over the wire %s\nin process    %s", a, b)
	}
	if _, err := client.New("http://127.0.0.1:1", "").Verify(t.Context(), x); err == nil {
		t.Error("nobody there, and no error")
	}
}
