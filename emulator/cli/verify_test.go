package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/cli"
)

// verifyAt runs verify against an emulator, in this process.
func verifyAt(ctx context.Context, s *emulator.Server, args ...string) ended {
	var out, err bytes.Buffer
	code := cli.Run(ctx, append([]string{"verify", "--url", s.ControlURL()}, args...), cli.IO{
		In: strings.NewReader(""), Out: &out, Err: &err, Getenv: func(string) string { return "" }, Dir: ".",
	})
	return ended{code, out.String(), err.String()}
}

func deployTo(t testing.TB, s *emulator.Server, fields string) {
	t.Helper()
	resp, err := direct().Post(s.IntegrationURL(), "application/json", strings.NewReader(
		`{"service":"shopping_cart","description":"d","deployed_at":"2026-01-02T03:04:05Z","deployer":{"name":"x"}`+fields+`}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

func TestVerifyCommand(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	deployTo(t, s, `,"environment":"staging","dedup_id":"7"`)
	deployTo(t, s, `,"environment":"Production","dedup_id":"7"`)
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"environment:staging"}, 0, "met: Expected at least 1 deploy for environment:staging, and 1 was recorded (event 1)."},
		{[]string{"--times", "1", "environment:staging", "service:shopping_cart"}, 0, "met: "},
		{[]string{"--min", "1", "--max", "2", "environment:staging"}, 0, "met: "},
		{[]string{"--never", "environment:qa"}, 0, "met: "},
		{[]string{"--since", "2"}, 4, "No request has reached this emulator since event 2."},
		{[]string{"environment:Production"}, 4, "silent.duplicate"},
		{[]string{"environment:Production", "--allow", "silent.duplicate"}, 4, "none was recorded"},
		{[]string{"service:shopping_cart"}, 4, "one that matches was lost: event 2"},
		{[]string{"result:duplicate_deploy"}, 0, "met: "},
		{[]string{"environment:production"}, 4, "!=  Production"},
		{[]string{"--times", "2", "environment:staging"}, 4, "only 1 was recorded"},
		{[]string{"--within", "1ms", "environment:qa"}, 4, "error: the expectation is not met"},
		{[]string{"servce:x"}, 2, "^^^"},
		{[]string{"not:finding:silent.duplicat"}, 2, "did you mean silent.duplicate?"},
		{[]string{"description:two words", "-x"}, 2, "error:"},
		{[]string{"--times", "1", "--never"}, 2, "contradict"},
		{[]string{"--within", "-1s"}, 2, "negative"},
		{[]string{"--allow", "silent"}, 2, "no finding"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			got := verifyAt(t.Context(), s, c.args...)
			if got.code != c.code || !strings.Contains(got.out+got.err, c.says) {
				t.Errorf("want %d and %q, got %s", c.code, c.says, got)
			}
			if c.code == 0 && got.err != "" || c.code != 0 && got.out != "" {
				t.Errorf("it speaks on the wrong stream: %s", got)
			}
		})
	}
}

// TestVerifyWaits: the deploy comes while verify waits.
func TestVerifyWaits(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	done := make(chan ended, 1)
	go func() { done <- verifyAt(t.Context(), s, "--times", "2", "--within", "1m", "--settle", "1ms") }()
	deployTo(t, s, `,"dedup_id":"1"`)
	deployTo(t, s, `,"dedup_id":"2"`)
	if got := <-done; got.code != 0 {
		t.Error(got)
	}
}

func TestVerifyJSON(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	deployTo(t, s, `,"environment":"staging"`)
	got := verifyAt(t.Context(), s, "--output", "json", "environment:Production")
	var v struct {
		Verdict string
		Near    []struct {
			Seq  int
			Rows []struct {
				Field, Expected, Arrived string
				Differs                  bool
			}
		}
	}
	if err := json.Unmarshal([]byte(got.out), &v); err != nil || got.code != 4 || v.Verdict != "not_met" || len(v.Near) != 1 || !v.Near[0].Rows[0].Differs {
		t.Errorf("%v, %s", err, got)
	}
}

// TestVerifyIncomplete: a window that has moved on is said, and is neither green nor red.
func TestVerifyIncomplete(t *testing.T) {
	s := emulator.Start(t, emulator.Config{Keep: 3})
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		deployTo(t, s, `,"environment":"e`+id+`","dedup_id":"`+id+`"`)
	}
	if got := verifyAt(t.Context(), s, "environment:e1"); got.code != 5 || !strings.Contains(got.err, "--keep") {
		t.Error(got)
	}
	if got := verifyAt(t.Context(), s, "environment:e5"); got.code != 0 {
		t.Error(got)
	}
	if got := verifyAt(t.Context(), s, "--never", "environment:e9", "--since", "3"); got.code != 0 {
		t.Error(got)
	}
}

func TestVerifyWithoutEmulator(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := verifyAt(t.Context(), s, "service:cart"); got.code != 3 {
		t.Error(got)
	}
}

func TestVerifyReports(t *testing.T) {
	s := emulator.Start(t, emulator.Config{})
	deployTo(t, s, "")
	dir := t.TempDir()
	got := verifyAt(t.Context(), s, "service:payments", "--report-junit", dir+"/j.xml", "--report-json", dir+"/r.json")
	b := &bench{t: t, dir: dir}
	if f := readJUnit(t, b.read("j.xml")); got.code != 4 || f.Failures != 1 || f.Suites[0].Name != "bubblelevel.verify" {
		t.Errorf("%s\n%+v", got, f)
	}
	if !strings.Contains(b.read("r.json"), `"command": "verify"`) {
		t.Error(b.read("r.json"))
	}
}
