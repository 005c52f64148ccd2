package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/fault"
)

func TestRedaction(t *testing.T) {
	r := newRedactor()
	for in, want := range map[string]string{
		"mary@example.com":            "redacted-f1904cf1@example.invalid",
		"by Mary <MARY@example.com>":  "by Mary <redacted-f1904cf1@example.invalid>",
		"git@github.com:acme/cart":    "git@github.com:acme/cart",
		"see @mary, or v1@2":          "see @mary, or v1@2",
		"https://u:p@host/x@y/z.html": "https://u:p@host/x@y/z.html",
	} {
		if got := r.text(in); got != want {
			t.Errorf("text(%q) = %q, want %q", in, got, want)
		}
	}
}

// In JSON an address may stand right behind an escape, whose letter is not part of it.
func TestRedactionOfJSON(t *testing.T) {
	r := newRedactor()
	for _, s := range []string{"\nmary@example.com", "<mary@example.com>", "\\mary@example.com", `"mary@example.com"`, "\tmary@example.com\u2028"} {
		in, err := json.Marshal(map[string]any{"mary@example.com": []any{s, 1, nil, "plain \" quote"}})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string][]any
		out := redactJSON(in, r.text)
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%s became %s: %v", in, out, err)
		}
		if strings.Contains(string(out), "mary") {
			t.Errorf("%s became %s", in, out)
		}
		for _, list := range got {
			if want := strings.ReplaceAll(s, "mary@example.com", r.text("mary@example.com")); list[0] != want || list[3] != "plain \" quote" {
				t.Errorf("%q became %q, want %q", s, list[0], want)
			}
		}
	}
}

func TestRedactionOfAnEvent(t *testing.T) {
	body := `{"deployer":{"email":"mary@example.com"}}`
	e := &event.Event{Seq: 3, Kind: event.KindDeploy, Deploy: &deploy.Deploy{Deployer: &deploy.Deployer{Email: "mary@example.com"}},
		Request: &event.Request{Method: "POST", Path: "/x", Body: body, BodyLength: int64(len(body))}}
	got, err := redactEvent(e, newSecrets(nil).text)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.Request.Body+got.Deploy.Deployer.Email, "mary") || got.Seq != 3 {
		t.Errorf("redacted: %+v", got)
	}
	if got.Request.BodyLength != int64(len(got.Request.Body)) {
		t.Errorf("body length %d of %q", got.Request.BodyLength, got.Request.Body)
	}
	if e.Deploy.Deployer.Email != "mary@example.com" {
		t.Error("the event itself was changed")
	}
}

func FuzzRedactionOfJSON(f *testing.F) {
	f.Add("\nmary@example.com")
	f.Add(`\"a@b.cd\u0041`)
	f.Fuzz(func(t *testing.T, s string) {
		in, err := json.Marshal([]string{s, s})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := json.Unmarshal(redactJSON(in, newRedactor().text), &got); err != nil || len(got) != 2 {
			t.Fatalf("%s is broken: %v", in, err)
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		address string
		exposed bool
		reached string
	}{
		{"127.0.0.1:6775", false, "127.0.0.1:6775"},
		{"localhost:6775", false, "localhost:6775"},
		{"[::1]:80", false, "[::1]:80"},
		{"0.0.0.0:80", true, "127.0.0.1:80"},
		{":80", true, "127.0.0.1:80"},
		{"[::]:80", true, "[::1]:80"},
		{"192.0.2.1:80", true, "192.0.2.1:80"},
		{"build.example:80", true, "build.example:80"},
		{"127.0.0.1:0", false, ""},
		{"", false, ""},
	} {
		if got := exposed(c.address); got != c.exposed {
			t.Errorf("exposed(%q) = %v", c.address, got)
		}
		if got := reachable(c.address); got != c.reached {
			t.Errorf("reachable(%q) = %q, want %q", c.address, got, c.reached)
		}
	}
}

// A log that is written for ever stays bounded, and what was written last is in it.
func TestBoundedLog(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log := &boundedLog{File: file}
	line := []byte(strings.Repeat("x", 64<<10) + "\n")
	for written := 0; written < 4*maxLog; written += len(line) {
		if _, err := log.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	log.Write([]byte("last\n"))
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > maxLog+maxLog/4 || !strings.HasSuffix(string(b), "last\n") {
		t.Errorf("%d bytes, ending in %q", len(b), b[max(0, len(b)-10):])
	}
}

func TestTableIsSafe(t *testing.T) {
	var out strings.Builder
	a := &app{IO: IO{Out: &out, Getenv: func(string) string { return "" }}}
	if err := a.table([]string{"A", "B"}, [][]string{{"x\x1b[2J\ny", "b"}, {"ä", strings.Repeat("long ", 100)}}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 3 || strings.Contains(out.String(), "\x1b") || len(lines[2]) > 300 {
		t.Errorf("%q", out.String())
	}
}

// TestWorkflowCommands: whatever a text holds, the command that it stands in is one line, ends where it should and names no
// other. The runner undoes "%0A" and its like, so a text that has them already must not be undone to a line break.
func TestWorkflowCommands(t *testing.T) {
	for _, s := range []string{"a\r\n::error::b", "a%0A::set-env name=x::%0D", "\n##[group]x", "##vso[task.complete]", "a,b:c::d", "\u2028\u0085\x1b[2J"} {
		for _, escaped := range []string{message(s), property(s)} {
			if strings.ContainsFunc(escaped, func(r rune) bool { return !unicode.IsPrint(r) }) || strings.Contains(escaped, "::") || strings.Contains(escaped, "##") ||
				strings.Contains(strings.ReplaceAll(escaped, "%25", ""), "%0") {
				t.Errorf("%q becomes %q", s, escaped)
			}
		}
		if strings.ContainsAny(property(s), ":,") {
			t.Errorf("%q ends its property: %q", s, property(s))
		}
	}
	if got := message("a%0Ab"); got != "a%250Ab" {
		t.Errorf("got %q", got)
	}
}

// The faults of probe are faults, and all but the outage let a sender through that tries again.
func TestStandardFaults(t *testing.T) {
	all := standardFaults()
	if _, err := fault.NewSet(0).AddAll(all); err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if trial := trialOf(f); trial.Lasting != (f.ID == "outage") || trial.What == "" || trial.Fault != f.ID {
			t.Errorf("%+v", trial)
		}
	}
	if trial := trialOf(all[1]); trial.RetryAfter != time.Second || !trialOf(all[len(all)-1]).Final || trial.Final {
		t.Errorf("%+v", trial)
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var out tail
	for range 100 {
		fmt.Fprintf(&out, "%01000d\n", 7)
	}
	fmt.Fprint(&out, "the end")
	if got := out.String(); len(got) > maxTail+len("…") || !strings.HasSuffix(got, "the end") || !strings.HasPrefix(got, "…") {
		t.Errorf("%d bytes, ending in %q", len(got), got[max(0, len(got)-20):])
	}
}

func TestCopyIsBounded(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(from, name), []byte("four"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	size := at.Size() + 8
	if err := copyFolder(from, to, copyLimits{3, size}); err != nil {
		t.Error(err)
	}
	for _, most := range []copyLimits{{2, size}, {3, size - 1}} {
		if err := copyFolder(from, to, most); err == nil || !strings.Contains(err.Error(), "too much for a copy") {
			t.Errorf("%+v: %v", most, err)
		}
	}
}
