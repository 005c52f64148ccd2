package tui

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// lines is the plain mode without a terminal: commands in, lines out, one after the other.
type lines struct {
	t   *testing.T
	p   *plainly
	src *fake
	out bytes.Buffer
}

func newLines(t *testing.T, src *fake) *lines {
	t.Helper()
	l := &lines{t: t, src: src}
	l.p = &plainly{u: newUI(t.Context(), src, Options{Now: src.clock, Sample: newSample(), Env: []string{"LANG=C.UTF-8"}, Color: "never"}, nil)}
	l.p.out = bufio.NewWriter(&l.out)
	u := l.p.u
	u.wait = func(context.Context, time.Duration) bool { return true }
	u.lessons.dismiss()
	l.p.do(several(u.askInfo(), u.askState(), u.askTemplates()))
	l.pull()
	return l
}

// pull takes what came in, as the feed would.
func (l *lines) pull() {
	l.t.Helper()
	b, err := l.src.Events(l.t.Context(), l.p.u.seen.last, maxBatch)
	m := fed{events: b.Events, lost: b.Lost, err: err}
	for _, e := range b.Events {
		m.rows = append(m.rows, l.p.u.feed.maker.row(e))
	}
	l.p.fed(m)
}

// obey types commands and is what was written since the last time.
func (l *lines) obey(commands ...string) string {
	l.t.Helper()
	l.p.out.Flush()
	l.out.Reset()
	for _, c := range commands {
		l.p.obey(c)
		l.pull()
	}
	l.p.out.Flush()
	if s := l.out.String(); strings.ContainsAny(s, "\x1b\r\x07") {
		l.t.Errorf("sequences among the lines: %q", s)
	}
	return l.out.String()
}

func (l *lines) says(commands string, wants ...string) {
	l.t.Helper()
	out := l.obey(strings.Split(commands, ";")...)
	for _, want := range wants {
		if !strings.Contains(out, want) {
			l.t.Errorf("%s does not say %q:\n%s", commands, want, out)
		}
	}
}

// Whoever has no screen can do what the screens are for.
func TestPlainCommands(t *testing.T) {
	l := newLines(t, busy())
	l.says("why", "deploy 71 ", "environment.case", `Send "Production".`)
	l.says("why 65", "No service has the alias", "Send \"shopping_cart\".", "fix 65 sends it again: service shopping_cart")
	l.says("w 9999", "event 9999: this event has left the window")
	l.says("why x", "which event is a number: x")
	l.says("show 68", "answer   400 Bad Request", "deployer", "Content-Type: application/json")
	l.says("show 72", "the template Django Boilerplate made the service", "from {{ service.name }}")
	l.says("list result:rejected", "deploy 68 ", "deploy 70 ", "3 events")
	l.says("list", "the newest 20 of 72", "firing 72 ")
	l.says("list nosuch:field", "no query: unknown field nosuch")
	l.says("fix 68", "sent: 202 ok", "deployer is an object")
	l.says("fix 1", "there is nothing in event 1 that can be put right")
	l.says("body 68", `"deployedAt": "2019-02-01 13:28:33"`)
	l.says("curl 68", "curl -sS -X POST", "deployedAt")
	l.says("duplicates", "deploy 61 was kept", `environment was "Staging", and in deploy 62 "Production"`, "2 dedup_ids")
	l.says("resend 61", "sent: 202 duplicate_deploy, event 74", "deploy 74 ")
	l.says("suggestions", "suggestion shoping_cart: 2 deploys, nearest shopping_cart", "2 wait for a decision")
	l.says("bind shoping_cart", "shoping_cart now belongs to the service of shopping_cart", "change ")
	l.says("accept legacy-monolith", "legacy-monolith is a service now")
	l.says("ignore", "which alias?")
	l.says("bind nothing-like-it", "no service looks like nothing-like-it")
	l.says("suggestions", "bound as shopping_cart", "0 wait")
	l.says("services aes_sedai", "service Django Test: django_test; owner aes_sedai", "1 service")
	l.says("templates", "template Django Boilerplate", "project_name=")
	l.says("fire django boilerplate project_name=\"Ab Cd\"", "firing ", "fired: event")
	l.says("fire nothing", `there is no template "nothing"; there are: Django Boilerplate`)
	l.says("send", "sent: 202 ok", "service=shopping_cart")
	l.says("faults", "status: Answers with an HTTP status", "0 faults are in force")
	l.says("fault status 1 service:search", "the fault status is in force")
	l.says("faults", "in force: status, hit 0, 1 left, only service:search", "1 fault is in force")
	l.says("fault status 0", "a number from 1")
	l.says("fault dance", `there is no fault "dance"; faults lists them`)
	l.says("fault status nosuch:x", "unknown field nosuch")
	l.says("off", "no fault is in force")
	l.says("url", fakeURL)
	l.says("counts", "ok 6", "rejected 3")
	l.says("reset", "reset yes does it")
	l.says("dance", "there is no command dance; help lists them")
	l.says("help", "why [N] (or w): why event N", "quit (or q)", "fire TEMPLATE [NAME=VALUE]...")
	l.says("reset yes", "back to its fixtures", "reset ")
	l.says("why", "reset 79", "Somebody asked for a reset") // the newest line
}

// Lines can be held back and left out, and nothing of it is lost.
func TestPlainPauses(t *testing.T) {
	l := newLines(t, busy())
	if out := l.obey("pause", "send", "send"); strings.Contains(out, "deploy 7") {
		t.Errorf("lines in spite of pause:\n%s", out)
	}
	l.says("follow", "deploy 73 ", "deploy 74 ")
	l.says("follow", "nothing is held back")
	if out := l.obey("/result:rejected", "send"); !strings.Contains(out, "only lines that answer result:rejected") || strings.Contains(out, "deploy 75 ") {
		t.Errorf("a line that does not answer:\n%s", out)
	}
	l.src.post("description", nil)
	l.says("", "deploy 76 ")
	l.says("filter", "every event has its line")
	l.says("filter -nosuch:x", "no query:")
}

// A connection that is lost is said once, and so is its return.
func TestPlainConnection(t *testing.T) {
	l := newLines(t, busy())
	l.src.down = os.ErrDeadlineExceeded
	out := l.obey("", "", "send")
	if strings.Count(out, "connection lost") != 1 {
		t.Errorf("not said once:\n%s", out)
	}
	l.src.down = nil
	l.says("", "connected again")
	l.src.events, l.src.first = nil, 1
	l.src.post("dedup_id", "x")
	l.p.fed(fed{over: true})
	l.pull()
	l.p.out.Flush()
	if out := l.out.String(); !strings.Contains(out, "another journal") || !strings.Contains(out, "deploy 1 ") {
		t.Errorf("another journal is not said, or not read:\n%s", out)
	}
}

// Nothing that a sender writes can leave its line.
func TestPlainIsSafe(t *testing.T) {
	src := newFake()
	for _, h := range hostile() {
		h = h[:min(len(h), 5000)]
		src.post("service", h, "environment", h, "description", h, "dedup_id", "same")
		src.raw(h)
	}
	l := newLines(t, src)
	for _, c := range []string{"list", "duplicates", "suggestions", "services", "filter " + hostile()[0], hostile()[1]} {
		l.obey(c)
	}
	for i := range src.events {
		for _, c := range []string{"why ", "show ", "body ", "curl "} {
			for line := range strings.Lines(l.obey(c + commasless(i+1))) {
				for _, r := range strings.TrimSuffix(line, "\n") {
					if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
						t.Fatalf("%s%d writes %U in %.200q", c, i+1, r, line)
					}
				}
			}
		}
	}
}

func commasless(n int) string { return strings.ReplaceAll(commas(n), ",", "") }

// Commands come over a pipe, too; its end is not the end of the lines, quit is.
func TestPlainOverAPipe(t *testing.T) {
	for _, c := range []struct{ typed, want string }{{"why 65\nquit\n", "No service has the alias"}, {"list\nsend\nq\n", "sent: 202 ok"}} {
		in, typing, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		reading, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		src := busy()
		ended := make(chan error, 1)
		go func() {
			ended <- Run(t.Context(), src, Options{In: in, Out: out, Now: src.clock, Sample: newSample(), Plain: true, Env: []string{"LANG=C.UTF-8"}})
			out.Close()
		}()
		if _, err := typing.WriteString(c.typed); err != nil {
			t.Fatal(err)
		}
		typing.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(reading); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil || !strings.Contains(b.String(), c.want) {
			t.Errorf("%q: %v\n%s", c.typed, err, b.String())
		}
	}
}

// The null device is no terminal, although it is a device of characters.
func TestNullIsNoTerminal(t *testing.T) {
	f, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if Terminal(f) || Terminal(nil) {
		t.Error("the null device passes for a terminal")
	}
}
