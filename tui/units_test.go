package tui

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// What is wrong with a request, and what the fix makes of it.
func TestFix(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	k := known{path: pathOf(fakeURL), alias: "shopping_cart", near: map[string][]string{"shoping_cart": {"shopping_cart"}}, now: now}
	for _, c := range []struct{ name, body, ct, want, changes string }{
		{"misspelt key", `{"service":"cart","description":"d","deployedAt":"2026-01-01","deployer":{"name":"x"}}`, "application/json",
			`{"service":"cart","description":"d","deployed_at":"2026-01-01","deployer":{"name":"x"}}`, "deployedAt is deployed_at"},
		{"missing", `{"service":"cart"}`, "application/json",
			`{"service":"cart","description":"Deployed by CI","deployed_at":"2026-11-22T14:00:00Z","deployer":{"name":"CI"}}`, "a description; deployed_at 2026-11-22T14:00:00Z; deployer CI"},
		{"unreadable date", `{"service":"cart","description":"d","deployed_at":"yesterday","deployer":{"name":"x"}}`, "application/json",
			`{"service":"cart","description":"d","deployed_at":"2026-11-22T14:00:00Z","deployer":{"name":"x"}}`, "deployed_at 2026-11-22T14:00:00Z"},
		{"deployer as text", `{"service":"cart","description":"d","deployed_at":"2026-01-01","deployer":"Ada"}`, "application/json",
			`{"service":"cart","description":"d","deployed_at":"2026-01-01","deployer":{"name":"Ada"}}`, "deployer is an object"},
		{"JSON as a form", `{"service":"cart","description":"d","deployed_at":"2026-01-01","deployer":{"name":"x"}}`, "application/x-www-form-urlencoded",
			`{"service":"cart","description":"d","deployed_at":"2026-01-01","deployer":{"name":"x"}}`, "Content-Type: application/json"},
		{"a comma too many", `{"service":"cart","description":"two` + "\n" + `lines","deployed_at":"2026-01-01","deployer":{"name":"x",},}`, "application/json",
			`{"service":"cart","description":"two\nlines","deployed_at":"2026-01-01","deployer":{"name":"x"}}`, "mend the JSON"},
		{"hopeless", `{"service": "cart", "description": "Merge "fix""}`, "application/json", "", ""},
		{"no object", `"cart"`, "application/json", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &event.Event{Kind: event.KindDeploy, HTTP: 400, Result: deploy.Rejected, Request: &event.Request{Method: "POST", Path: k.path, Body: c.body, BodyLength: int64(len(c.body)), Headers: map[string][]string{"content-type": {c.ct}}}}
			if p, err := paramsOf(c.body); err == nil && c.ct == "application/json" {
				_, e.Problems = deploy.Parse(p, deploy.Rules{})
			}
			f, ok := proposeFix(e, k)
			if ok != (c.want != "") {
				t.Fatalf("a fix: %v (%v)", ok, f.changes)
			}
			if !ok {
				return
			}
			n, err := parseJSON(f.request.Body)
			if err != nil || n.compact() != c.want || strings.Join(f.changes, "; ") != c.changes {
				t.Errorf("%v\n%s\n%s", err, n.compact(), strings.Join(f.changes, "; "))
			}
			p, err := paramsOf(f.request.Body)
			if err != nil || !strings.Contains(header(f.request.Headers, "Content-Type"), "json") {
				t.Error("the fix cannot be sent")
			}
			if _, problems := deploy.Parse(p, deploy.Rules{}); len(problems) > 0 {
				t.Errorf("the fix is refused again: %v", problems)
			}
			if e.Request.Headers["content-type"][0] != c.ct {
				t.Error("the event was changed")
			}
		})
	}
}

func TestFixOfAnUnknownAlias(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("/", "type:alias:shoping_cart", "enter", "g").shows("F sends it again: service", "shopping_cart")
	d.press("F").shows("sent: 202 ok")

	// The first one has taken its dedup_id.
	d.src.post("service", "shoping_cart", "dedup_id", "build-7")
	d.press("G").shows("dedup_id build-7-fixed").press("F").shows("sent: 202 ok").press("F").shows("sent: 202 duplicate_deploy")
}

func TestDiff(t *testing.T) {
	a, b := `{"service":"cart","environment":"Staging","n":1}`, `{"service":"cart","environment":"Production","n":1,"x":null}`
	got := ""
	for _, l := range around(diffDocs(bodyDoc(a, 0), bodyDoc(b, 0)), 0) {
		got += string(l.sign) + strings.TrimSpace(l.line.text()) + "\n"
	}
	want := "@\n-\"environment\": \"Staging\",\n+\"environment\": \"Production\",\n@\n+\"x\": null\n@\n"
	if got != want {
		t.Errorf("got\n%s", got)
	}
	if c := changedFields(a, b); len(c) != 2 || c[0] != (changed{"environment", `"Staging"`, `"Production"`}) || c[1] != (changed{"x", "", "null"}) {
		t.Errorf("%v", c)
	}
}

func TestJSONKeepsOrderAndNumbers(t *testing.T) {
	const in = `{"z":1.50,"a":[1e3,null,true,"x<y"],"m":{},"e":[]}`
	n, err := parseJSON(in)
	if err != nil || n.compact() != in {
		t.Errorf("%v %s", err, n.compact())
	}
	for path, want := range map[string]string{"a[3]": "x<y", "a.size": "4", "z": "1.50", "a[-1]": "x<y", "a[*]": "1e3", "a.first": "1e3", "a.last": "x<y", "a.last.size": "3", "m.size": "0"} {
		if got := lookup(n, path); got == nil || got.text != want {
			t.Errorf("%s is %v", path, got)
		}
	}
	for _, path := range []string{"q", "a[9]", "z.x", "m.x", "a.x", "z.size", "e.first"} {
		if lookup(n, path) != nil {
			t.Errorf("%s is there", path)
		}
	}
	if _, err := parseJSON(strings.Repeat("[", 5000) + strings.Repeat("]", 5000)); err == nil {
		t.Error("no bound on depth")
	}
}

func TestEditor(t *testing.T) {
	e := newEditor(true, "one two\nthree")
	for _, k := range []string{"ctrl+w", "backspace", "home", "delete", "end"} {
		e.key(key{name: k})
	}
	e.key(key{name: "paste", text: "\r\nx\ty", paste: true})
	if got := e.String(); got != "ne two\nx  y" {
		t.Errorf("%q", got)
	}
	one := newEditor(false, "")
	one.insert("a\nb\tc")
	if one.String() != "a b c" || one.key(key{name: "enter"}) || one.key(key{name: "f5"}) {
		t.Errorf("%q", one.String())
	}
	e.set(strings.Repeat("x", maxTyped+5))
	if e.size() > maxTyped+1 {
		t.Error("no bound")
	}
}

// The way to the clipboard depends on where the person sits.
func TestClipboardWays(t *testing.T) {
	for _, c := range []struct {
		env   environ
		tools []string
		osc   bool
		want  string
	}{
		{environ{"TMUX=/tmp/x", "SSH_CONNECTION=y"}, []string{"tmux"}, true, "through tmux"},
		{environ{"SSH_CONNECTION=y", "DISPLAY=:0"}, []string{"xclip"}, true, "through the terminal"},
		{environ{"WAYLAND_DISPLAY=w", "DISPLAY=:0"}, []string{"xclip", "wl-copy"}, true, "wl-copy"},
		{environ{"DISPLAY=:0"}, []string{"xsel"}, true, "xsel"},
		{nil, []string{"pbcopy"}, true, "pbcopy"},
		{nil, nil, true, "through the terminal"},
		{nil, nil, false, "no clipboard"},
	} {
		var got string
		b := clipboard{env: c.env,
			find: func(name string) error {
				if slices.Contains(c.tools, name) {
					return nil
				}
				return errors.New("not found")
			},
			run: func(_ context.Context, _ string, _ []string, in string) error { got = in; return nil }}
		if c.osc {
			b.osc = func(string) error { return nil }
		}
		how, err := b.copy(context.Background(), "text", t.TempDir())
		if err != nil || !strings.Contains(how, c.want) || got != "" && got != "text" {
			t.Errorf("%v: %q %v", c.env, how, err)
		}
	}
	long := clipboard{osc: func(string) error { t.Error("too long for the terminal"); return nil }, find: func(string) error { return errors.New("no") }}
	dir := t.TempDir()
	how, err := long.copy(context.Background(), strings.Repeat("x", 60_000), dir)
	if b, _ := os.ReadFile(filepath.Join(dir, "bubblelevel-copy.txt")); err != nil || len(b) != 60_000 || !strings.Contains(how, "no clipboard") {
		t.Errorf("%q %v", how, err)
	}
}

func TestLook(t *testing.T) {
	for _, c := range []struct {
		env   environ
		o     Options
		mono  bool
		ascii bool
	}{
		{environ{"LANG=de_AT.UTF-8", "TERM=xterm"}, Options{}, false, false},
		{environ{"LANG=de_AT.UTF-8", "NO_COLOR=1"}, Options{}, true, false},
		{environ{"LANG=de_AT.UTF-8", "NO_COLOR=1"}, Options{Color: "always"}, false, false},
		{environ{"LANG=en_US.UTF-8", "LC_ALL=C"}, Options{}, false, true},
		{environ{"LANG=C.utf8", "TERM=linux"}, Options{}, false, true},
		{environ{"LANG=C.utf8"}, Options{Theme: "mono"}, true, false},
		{environ{"LANG=C.utf8"}, Options{ASCII: true, Color: "never"}, true, true},
		{nil, Options{}, false, true},
	} {
		th, g := lookOf(c.o, c.env)
		if (th[good] == "") != c.mono || g.ascii != c.ascii || th[selected] == "" {
			t.Errorf("%v %+v: mono %v, ascii %v", c.env, c.o, th[good] == "", g.ascii)
		}
	}
	if a, b := themeNamed("16"), themeNamed("colorblind"); a[good] == b[good] || a[bad] == b[bad] {
		t.Error("the colours for the colour-blind are the same")
	}
}

// What the list shows is what is exported, marks before all else.
func TestExport(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("/", "type:result:duplicate_deploy", "enter", "e").shows("3 events in")
	files, _ := filepath.Glob(filepath.Join(d.u.o.Dir, "*.jsonl"))
	if len(files) != 1 {
		t.Fatal(files)
	}
	b, err := os.ReadFile(files[0])
	if err != nil || strings.Count(string(b), "\n") != 3 {
		t.Fatalf("%v\n%s", err, b)
	}
	for line := range strings.Lines(string(b)) {
		var e event.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Result != deploy.Duplicate {
			t.Errorf("%v in %s", err, line)
		}
	}
	if i, _ := os.Stat(files[0]); i.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %s", i.Mode())
	}
	d.press("E").shows("scenario in")
}

// The filter keeps the last good query, marks a wrong one, can be switched off, and goes on with what comes in.
func TestFilter(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("/", "type:result:dup", "tab").shows("3 of 71", "duplicate_deploy")
	d.press("enter", "\\").shows("(off: \\ turns it on)").press("\\").shows("3 of 71")
	d.src.post("service", "checkout", "dedup_id", "run-b0")
	d.src.post("service", "checkout")
	d.pull()
	d.shows("4 of 73")
	d.press("/", "type: res").shows("4 of 73", "result:").press("esc").press("/")
	d.do(d.u.handle(keysOf([]rune(" nosuch:field"), true)))
	d.shows("unknown field nosuch", "deploy 73")
}

func TestPlaygroundCompletes(t *testing.T) {
	d := newDesk(t, busy(), 120, 36)
	d.press("6", "i", "ctrl+k", "type:{{ serv", "tab", "type:.own", "tab", "type:.con", "tab", "type:[0].add", "tab", "type: }}").shows("{{ service.owner.contacts[0].address }}", "#the-white-tower")
	d.press("esc", "tab", "j", "y").shows("path in braces")
	d.press("esc", "enter").shows("service.id")
}

func TestPlainLine(t *testing.T) {
	src := busy()
	look := &look{themeNamed("mono"), unicodeGlyphs()}
	line := plainLine(src.events[64], look)
	if !strings.HasPrefix(line, "deploy 65 ") || !strings.Contains(line, "silent: No service has the alias") || strings.ContainsAny(line, "\n\x1b") {
		t.Errorf("%q", line)
	}
}
