package expect_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

func TestTextOfAFailure(t *testing.T) {
	f := newFake(
		sent("payments", "staging"),
		sent("cart", "production"),
		sent("cart", "staging"),
		sent("car", "Production"),
	)
	v := decide(t, f, expecting(t, `service:cart environment:Production not:status:failure`))
	want := `Expected at least 1 deploy for service:cart environment:Production not:status:failure, and none was recorded.

nearest: #2 12:00:00 202 ok service=cart environment=production
  field        expected                  arrived
  service      cart                      cart
  environment  Production            !=  production
  status       anything but failure      (nothing)
  why: The service is known.

also near: #4 12:00:00 202 ok service=car environment=Production
  field        expected                  arrived
  service      cart                  !=  car
  environment  Production                Production
  status       anything but failure      (nothing)
  why: The service is known.

also near: #3 12:00:00 202 ok service=cart environment=staging
  field        expected                  arrived
  service      cart                      cart
  environment  Production            !=  staging
  status       anything but failure      (nothing)
  why: The service is known.
`
	if got := v.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTextOfALoss(t *testing.T) {
	v := decide(t, newFake(sent("cart", "staging"), sent("cart", "prod", dropped)), expecting(t, "service:cart"))
	want := `Expected at least 1 deploy for service:cart, and 1 was recorded (event 1), but one that matches was lost: event 2 (silent.duplicate).

lost: #2 12:00:00 202 duplicate_deploy service=cart environment=prod [silent.duplicate]
  silent.duplicate: The id is taken.
  It is dropped.
  cure: Send another.
`
	if got := v.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSentences(t *testing.T) {
	two := newFake(sent("cart", "a"), sent("cart", "b"))
	for _, c := range []struct {
		x    expect.Expectation
		want string
	}{
		{expecting(t, ""), "Expected at least 1 deploy, and 2 were recorded (events 1, 2)."},
		{expecting(t, "", times(1)), "Expected exactly 1 deploy, and 2 were recorded (events 1, 2)."},
		{expecting(t, "", times(3)), "Expected exactly 3 deploys, and only 2 were recorded (events 1, 2)."},
		{expecting(t, "", least(1), most(2)), "Expected 1 to 2 deploys, and 2 were recorded (events 1, 2)."},
		{expecting(t, "environment:a", never), "Expected no deploy for environment:a, and 1 arrived (event 1)."},
		{expecting(t, "environment:c", never), "Expected no deploy for environment:c, and none arrived."},
		{expecting(t, "kind:call"), "Expected at least 1 event for kind:call, and none arrived."},
	} {
		if v := decide(t, two, c.x); v.Why != c.want {
			t.Errorf("got  %s\nwant %s", v.Why, c.want)
		}
	}
}

// TestHostileText: whatever a sender wrote can neither leave its line nor move a terminal.
func TestHostileText(t *testing.T) {
	hostile := "car\x1b[2Jt\n::error::x\r\u202e\x00" + strings.Repeat("é", 500)
	f := newFake(sent(hostile, hostile), sent(hostile, hostile, rejected))
	v := decide(t, f, expecting(t, "service:cart environment:prod"))
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{v.Text(), string(b)} {
		for _, r := range text {
			if !unicode.IsPrint(r) && r != '\n' {
				t.Errorf("form %d holds %q", i, r)
			}
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("a line begins as a workflow command: %q", line)
			}
		}
	}
	for line := range strings.Lines(v.Text()) {
		if n := len([]rune(line)); n > 700 {
			t.Errorf("a line has %d runes", n)
		}
	}
}

// TestNearestOfMany: the ranking does not depend on where in the journal the nearest stands.
func TestNearestOfMany(t *testing.T) {
	f := newFake()
	for i := range 3000 {
		environment := fmt.Sprintf("e%d", i)
		if i == 17 {
			f.add(sent("cart", "Production", commit("b2")))
		}
		f.add(sent("payments", environment))
	}
	v := decide(t, f, expecting(t, "service:cart environment:Production sha:a1"))
	if len(v.Near) != 3 || v.Near[0].Seq != 18 || v.Near[0].Matched != 2 {
		t.Errorf("got %s", describe(v))
	}
}

func TestWordsAndRangesInColumns(t *testing.T) {
	f := newFake(sent("cart", "prod", func(e *event.Event) { e.Deploy.DeployNumber = "7" }))
	v := decide(t, f, expecting(t, "timeout not:prod has:dedup,branch number:10.. http:202"))
	var got []string
	for _, r := range v.Near[0].Rows {
		got = append(got, fmt.Sprintf("%s|%s|%s|%v", r.Field, r.Expected, r.Arrived, r.Differs))
	}
	want := []string{
		"text|text with \"timeout\"|nowhere|true",
		"text|not text with \"prod\"|there|true",
		"dedup|any value|(nothing)|true",
		"branch|any value|(nothing)|true",
		"number|10..|7|true",
		"http|202|202|false",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
