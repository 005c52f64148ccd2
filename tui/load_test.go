package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/catalog"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

func TestLoadAsksBeforeItReplaces(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("4").shows("Shopping Cart")
	d.press("L", "type:wrong.yaml", "enter").shows("wrong.yaml:3:5", "load a fixture")
	if len(d.u.services) != 5 {
		t.Fatal("a file that cannot be read has replaced the account")
	}
	d.press("ctrl+u", "type:account.yaml", "enter").shows("Load account.yaml (1 service)?", "1 note: account.yaml:2:1")
	d.press("n")
	if len(d.u.services) != 5 {
		t.Fatal("a no has replaced the account")
	}
	d.press("L", "type:account.yaml", "enter", "y").shows("the account is now that of account.yaml", "Loaded")
	if len(d.u.services) != 1 || len(d.u.overlays) != 0 {
		t.Fatalf("%d services, %d sheets", len(d.u.services), len(d.u.overlays))
	}
}

func TestLoadSaysWhatTheEmulatorRefused(t *testing.T) {
	src := busy()
	d := newDesk(t, src, 120, 36)
	d.press("L", "type:account.yaml", "enter")
	src.down = errors.New("the journal is full")
	d.press("y")
	if d.u.toast.text != "the journal is full" {
		t.Fatalf("said: %q", d.u.toast.text)
	}
}

func TestPathsAreCompleted(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	dir := d.u.o.Dir
	for _, n := range []string{"services/cart/opslevel.yml", "services/notes.txt", "account.yaml", "accounts.json", ".hidden/x.yml"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, n)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d.press("L").shows("account.yaml", "accounts.json", "services"+string(filepath.Separator))
	if strings.Contains(d.screen(), ".hidden") {
		t.Error("a hidden folder is offered before its dot is typed")
	}
	typed := func() string { return d.u.overlays[0].(*pathSheet).edit.String() }
	d.press("type:ac", "tab")
	if typed() != "account" {
		t.Fatalf("what all offers share: %q", typed())
	}
	d.press("ctrl+u", "type:s", "tab", "down", "enter") // the folder is opened, and what is in it is offered
	if want := filepath.Join("services", "cart") + string(filepath.Separator); typed() != want {
		t.Fatalf("typed %q, want %q", typed(), want)
	}
	d.shows("opslevel.yml")
	if strings.Contains(d.screen(), "notes.txt") {
		t.Error("a file of no form is offered")
	}
	d.press("ctrl+u", "enter").shows("type a name")
}

func TestScenarioIsShownWithItsFailingStep(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("S").shows("dedup-drops-the-second", "A dedup_id is kept once")
	d.press("type:alias", "tab", "enter").shows("passed: An alias is matched to the letter", "steps    4")
	d.press("esc", "S", "type:mine.yaml", "enter").shows("failed: Mine", "mine.yaml, line 9", "2 of 3, expect", "> 9 | - expect: 1 deploy", "expected 1 deploy, found 0")
	checkLines(t, d.u)
	d.press("esc", "S", "type:none", "enter").shows("no embedded scenario", "run a scenario")
	if d.u.rehearsing {
		t.Error("a scenario that could not be run is still running")
	}
}

// Sheets that are gone take nothing with them: who has pressed esc meanwhile keeps the screen.
func TestAnswerThatComesTooLateClosesNothing(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("S", "type:none")
	late := d.u.key(key{name: "enter"})
	d.press("esc", "?")
	d.do(late)
	if len(d.u.overlays) != 1 || d.u.overlays[0].title() == "run a scenario" {
		t.Fatal("the help was closed")
	}
	if !strings.Contains(d.u.toast.text, "no embedded scenario") {
		t.Errorf("said: %q", d.u.toast.text)
	}
}

func TestLongPageScrolls(t *testing.T) {
	d := newDesk(t, busy(), 80, 24)
	p := &page{name: "long", doc: func(int) (all doc) {
		for i := range 100 {
			all.add(seg{plain, "line " + commas(i+1) + "."})
		}
		return all
	}}
	d.u.openSheet(p)
	d.shows("line 1.", "more lines")
	d.press("G").shows("line 100.")
	d.press("k", "pgup", "g").shows("line 1.")
	d.press("pgdown", "j")
	checkLines(t, d.u)
	if strings.Contains(d.screen(), "line 1.") {
		t.Error("it does not scroll")
	}
}

func TestReconnectingCountsDown(t *testing.T) {
	src := busy()
	d := newDesk(t, src, 120, 36)
	d.u.disconnected(fed{err: errors.New("connection refused")})
	d.u.disconnected(fed{err: errors.New("connection refused")})
	d.u.disconnected(fed{err: errors.New("connection refused")})
	d.shows("RECONNECTING in 2 s", "connection refused")
	if !d.u.restless() {
		t.Error("no tick would count down")
	}
	src.now = src.now.Add(1100 * time.Millisecond)
	d.shows("RECONNECTING in 1 s")
	src.now = src.now.Add(time.Second)
	if s := d.screen(); !strings.Contains(s, "RECONNECTING") || strings.Contains(s, "RECONNECTING in") {
		t.Errorf("nothing is left to count:\n%s", s)
	}
	for _, w := range []int{40, 60, 80} {
		d.u.handle(resized{w, 24})
		checkLines(t, d.u)
	}
}

func TestEndpointShortensBeforeItGoes(t *testing.T) {
	d := newDesk(t, busy(), 160, 24)
	d.shows("POST :6775/integrations/deploy/1111")
	d.u.handle(resized{88, 24})
	d.shows("POST :6775/…/1111…")
	d.u.handle(resized{40, 12})
	lines := strings.Split(d.screen(), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, ":6775") || strings.Contains(last, "POST") {
		t.Errorf("the last line of a narrow screen is %q", last)
	}
}

func TestOutputOfThePlaygroundIsSearched(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("6").shows("rendered")
	d.press("/", "type:owner", "enter")
	p := d.u.playground
	if p.focus != onOutput || p.side.find != "owner" {
		t.Fatalf("focus %d, find %q", p.focus, p.side.find)
	}
	if at := p.side.doc[p.side.y].text(); !strings.Contains(at, "owner") {
		t.Errorf("the output stands at %q", at)
	}
	d.press("n").shows("no more owner")
}

func TestServicesAndSuggestionsAreExported(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("4", "/", "type:order_management", "enter", "e").shows("2 services in ")
	d.press("3", "e").shows("suggestions in ")
	read := func(pattern string) string {
		names, _ := filepath.Glob(filepath.Join(d.u.o.Dir, pattern))
		if len(names) != 1 {
			t.Fatalf("%s: %v", pattern, names)
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if b := read("fixture-*.yaml"); !strings.Contains(b, `"checkout"`) || strings.Contains(b, "search") {
		t.Errorf("the fixture holds what was not listed: %s", b)
	}
	if b := read("suggestions-*.jsonl"); strings.Count(b, "\n") != 2 || !strings.Contains(b, "shoping_cart") {
		t.Errorf("suggestions: %s", b)
	}
}

func TestLongLinesOfAnEditorSayThatMoreIsThere(t *testing.T) {
	d := newDesk(t, busy(), 80, 24)
	e := newEditor(false, strings.Repeat("abcdefghij", 3))
	draw := func(w int, focus bool) string {
		p := d.u.look.pen(w)
		e.line(p, 0, w, focus, nil)
		return bareText(p.String())
	}
	e.col = 0
	if got := draw(10, true); got != "abcdefghi…" {
		t.Errorf("at its beginning: %q", got)
	}
	e.col = 15
	if got := draw(10, true); !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") || !strings.Contains(got, "f") || width(got) > 10 {
		t.Errorf("in its middle: %q", got)
	}
	e.col = 30
	if got := draw(10, true); !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "j ") {
		t.Errorf("at its end: %q", got)
	}
	e.set("abcdefghij")
	e.col = 0
	if got := draw(10, false); got != "abcdefghij" {
		t.Errorf("a line that just fits: %q", got)
	}
}

// A second enter asks for nothing again: a template that takes its time would make two services.
func TestEnterTwiceRunsOnce(t *testing.T) {
	src := busy()
	d := newDesk(t, src, 120, 36)
	before := len(src.events)
	d.press("5", "f")
	once, twice := d.u.key(key{name: "enter"}), d.u.key(key{name: "enter"})
	d.shows("running Django Boilerplate")
	d.press("esc", "?") // another sheet by the time it has run
	d.do(several(once, twice))
	if n := len(src.events) - before; n != 1 || len(d.u.overlays) != 1 {
		t.Errorf("%d firings, %d sheets", n, len(d.u.overlays))
	}
	d.press("esc", "f", "ctrl+u", "enter").shows("is missing")
	d.press("type:x", "enter").shows("fired: event")
	d.press("S", "type:alias-is-exact")
	once, twice = d.u.key(key{name: "enter"}), d.u.key(key{name: "enter"})
	if d.do(several(once, twice)); len(d.u.overlays) != 1 {
		t.Errorf("%d pages of one scenario", len(d.u.overlays))
	}
}

// What is wrong with many inputs is read where they leave no room.
func TestErrorOfALongForm(t *testing.T) {
	d := newDesk(t, busy(), 60, 12)
	f := &form{name: "long", err: strings.Repeat("one thing is wrong, ", 5) + "which is all"}
	for range 30 {
		f.fields = append(f.fields, formField{label: "field", edit: newEditor(false, "")})
	}
	d.u.openSheet(f)
	d.shows("one thing is wrong", "all", "field")
	checkLines(t, d.u)
}

// What was typed in the playground is asked for before another template takes its place.
func TestTypedTemplateIsNotLost(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("6", "enter", "type:mine ", "esc", "5", "p").shows("kept nowhere")
	if d.press("n"); !strings.HasPrefix(d.u.playground.edit.String(), "mine {") {
		t.Fatalf("it is %q", d.u.playground.edit.String())
	}
	d.press("p", "y").shows("template: payload of Django Boilerplate")
	d.press("t").shows("template: response_template of").press("enter", "type:more", "esc", "t").shows("kept nowhere")
}

// What could not be read without a connection is read once it is back.
func TestReadAgainAfterALostConnection(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	seq := d.u.deploys.rows.at()
	d.u.cache.clear()
	d.u.handle(fetched{seq: seq, err: errors.New("connection refused")})
	d.shows("connection refused")
	d.u.disconnected(fed{err: errors.New("connection refused")})
	d.u.templates = nil
	d.do(d.u.askAgain())
	d.pull()
	if d.u.cache.get(seq) == nil || len(d.u.templates) == 0 {
		t.Error("the event, or the templates, were not asked for again")
	}
	d.u.handle(fetched{seq: 1, err: errors.New("connection refused")})
	d.u.offline = errors.New("connection refused")
	if d.u.fed(fed{}); len(d.u.cache.gone) > 0 {
		t.Errorf("still gone: %v", d.u.cache.gone)
	}
}

// Templates come with an account, whoever loads it.
func TestTemplatesOfAnotherAccount(t *testing.T) {
	src := busy()
	d := newDesk(t, src, 120, 36)
	d.u.templates = nil
	src.post("service", "checkout")
	if d.pull(); len(d.u.templates) > 0 {
		t.Error("they were asked for because of a deploy")
	}
	src.mu.Lock()
	src.add(&event.Event{Kind: event.KindChange, Change: &event.Change{Fixtures: &catalog.Contents{}, Library: &action.Library{}}})
	src.mu.Unlock()
	if d.pull(); len(d.u.templates) != 1 {
		t.Error("they were not asked for")
	}
}

// An export says what it lacks.
func TestExportOfWhatIsGone(t *testing.T) {
	src := busy()
	d := newDesk(t, src, 120, 36)
	d.press("g", "m", "m")
	src.mu.Lock()
	src.events, src.first = src.events[1:], src.first+1
	src.mu.Unlock()
	d.press("e").shows("1 of 2 events in")
}
