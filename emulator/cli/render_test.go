package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// TestRenderPublishedPayload: OpsLevel's own template with the values of its published rendering reproduces it.
func TestRenderPublishedPayload(t *testing.T) {
	oracle := filepath.Join("..", "..", "..", "shared", "liquid-oracle")
	text, err := os.ReadFile(filepath.Join(oracle, "opslevel_response_for_payload.json"))
	if err != nil {
		t.Skip("the published rendering is not here")
	}
	published := hashOf(t, text)
	outputs := at(t, published, "template_outputs").(*liquid.Hash)
	seen := liquid.NewHash(
		"template_run", liquid.NewHash("inputs", at(t, published, "template_inputs"), "outputs", liquid.NewHash(
			"merge_request_url", at(t, outputs, "Pull Request URL"),
			"merge_request_branch", at(t, outputs, "Pull Request Branch"),
			"repo_url", at(t, outputs, "New Service Repo"))),
		"user", at(t, published, "user_all_properties"), "service", at(t, published, "service_all_properties"))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "context.json"), liquid.AppendJSON(nil, seen), 0o600); err != nil {
		t.Fatal(err)
	}
	template, err := filepath.Abs(filepath.Join(oracle, "opslevel_payload.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	code := Run(t.Context(), []string{"render", template, "--context", "context.json"},
		IO{In: strings.NewReader(""), Out: &out, Err: &problems, Getenv: func(string) string { return "" }, Dir: dir})
	if code != exitOK || strings.Contains(problems.String(), "error") {
		t.Fatalf("exit %d: %s", code, problems.String())
	}
	if got, want := liquid.AppendJSON(nil, hashOf(t, out.Bytes())), liquid.AppendJSON(nil, published); !bytes.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func hashOf(t *testing.T, text []byte) *liquid.Hash {
	t.Helper()
	h := new(liquid.Hash)
	if err := json.Unmarshal(text, h); err != nil {
		t.Fatal(err)
	}
	return h
}

func at(t *testing.T, h *liquid.Hash, key string) liquid.Value {
	t.Helper()
	v, ok := h.Get(key)
	if !ok {
		t.Fatalf("there is no %s", key)
	}
	return v
}

// TestWatch: each change of a file is one call, a file that has gone is waited for, and the end of ctx ends it.
func TestWatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.liquid")
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	save := func(n int) {
		if err := os.WriteFile(file, bytes.Repeat([]byte("x"), n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save(1)
	c := clock.NewManual(start)
	ctx, cancel := context.WithCancel(t.Context())
	calls, done := make(chan bool), make(chan struct{})
	go func() {
		watch(ctx, c, []string{file}, func(first bool) bool { calls <- first; return true })
		close(done)
	}()
	if !<-calls {
		t.Error("the first call is not the first")
	}
	for n := 2; n < 5; n++ {
		settled(c)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		c.Advance(watchPace)
		settled(c)
		save(n)
		c.Advance(watchPace)
		if <-calls {
			t.Error("a later call is the first")
		}
	}
	cancel()
	<-done
}

// settled waits until the watch has looked at the files and waits itself.
func settled(c *clock.Manual) {
	for c.Waiting() == 0 {
		goruntime.Gosched()
	}
}

// TestWatchCommand renders, renders again after a save, and ends without an error when its context does.
func TestWatchCommand(t *testing.T) {
	dir := t.TempDir()
	save := func(text string) {
		temporary := filepath.Join(dir, "new")
		if err := os.WriteFile(temporary, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(temporary, filepath.Join(dir, "t.liquid")); err != nil {
			t.Fatal(err)
		}
	}
	save("one {{ 1 | plus: 1 }}.")
	ctx, cancel := context.WithCancel(t.Context())
	out := make(pipe, 16)
	code := make(chan int)
	go func() {
		code <- Run(ctx, []string{"render", "t.liquid", "--watch"},
			IO{In: strings.NewReader(""), Out: out, Err: new(bytes.Buffer), Getenv: func(string) string { return "" }, Dir: dir})
	}()
	if got := <-out; got != "one 2." {
		t.Errorf("first %q", got)
	}
	save("{% broken")
	save("two and more {{ 2 | plus: 2 }}.")
	for got := ""; got != "two and more 4."; {
		got = <-out
	}
	cancel()
	if got := <-code; got != exitOK {
		t.Errorf("exit %d", got)
	}
}

// pipe is a writer whose writes can be waited for.
type pipe chan string

func (p pipe) Write(b []byte) (int, error) {
	p <- string(b)
	return len(b), nil
}

func TestLineDiff(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"a\nb\nc\n", "a\nx\ty\nc\n", "@@ line 2 @@\n a\n-b\n+x\\ty\n c\n"},
		{"a\n", "a", "@@ line 1 @@\n-a\n+a\n\\ no line break at the end\n"},
		{"", "a\n", "@@ line 1 @@\n+a\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", "@@ line 5 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
		{"a\n", "a\na\n", "@@ line 2 @@\n a\n+a\n"},
	} {
		if got := lineDiff("f", "output", c.a, c.b); got != "--- f\n+++ output\n"+c.want {
			t.Errorf("%q %q:\n%s", c.a, c.b, got)
		}
	}
}
