package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/tui"
)

// bothSources are the terminal UI's views of one emulator: from inside, and over its control API.
func bothSources(t *testing.T, dir string) (*emulator.Server, map[string]whole) {
	t.Helper()
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	by := bystander{&app{IO: IO{Out: io.Discard, Err: io.Discard, Dir: dir}}}
	r := &remote{bystander: by, client: client.New(s.ControlURL(), "")}
	t.Cleanup(r.Close)
	return s, map[string]whole{"local": &local{bystander: by, server: s}, "remote": r}
}

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A fixture that the terminal UI loads is in force, services and templates, and what it exports can be loaded again.
func TestTUILoadsWhatItExports(t *testing.T) {
	dir := t.TempDir()
	path := writeFile(t, filepath.Join(dir, "account.yaml"), "version: 1\nservices:\n  - {name: Cart, slug: cart, owner: order_team}\n  - {name: Search, slug: search}\nteams:\n  - {name: Order Team, slug: order_team}\n")
	s, both := bothSources(t, dir)
	ctx := context.Background()
	for name, src := range both {
		t.Run(name, func(t *testing.T) {
			if err := s.Reset(); err != nil {
				t.Fatal(err)
			}
			read, err := src.ReadAccount(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(read.Says, "2 services") {
				t.Errorf("it says %q", read.Says)
			}
			before := len(s.Services())
			if _, err := src.ReadAccount(ctx, writeFile(t, filepath.Join(dir, "wrong.yaml"), "version: 1\nsevices: []\n")); err == nil || !strings.Contains(err.Error(), "wrong.yaml:2") {
				t.Errorf("a wrong file: %v", err)
			}
			if len(s.Services()) != before {
				t.Error("reading has changed the account")
			}
			if _, err := read.Replace(ctx); err != nil {
				t.Fatal(err)
			}
			if got := s.Services(); len(got) != 2 || got[0].Slug != "cart" || len(s.Integrations()) == 0 {
				t.Fatalf("the account has %v", got)
			}
			b, err := src.Fixture(ctx, []string{"cart"})
			if err != nil {
				t.Fatal(err)
			}
			again, err := src.ReadAccount(ctx, writeFile(t, filepath.Join(dir, "again.yaml"), string(b)))
			if err != nil {
				t.Fatalf("what was exported cannot be loaded: %v\n%s", err, b)
			}
			if _, err := again.Replace(ctx); err != nil {
				t.Fatal(err)
			}
			if got := s.Services(); len(got) != 1 || got[0].Slug != "cart" || got[0].Owner != "order_team" {
				t.Errorf("loaded again: %v", got)
			}
		})
	}
}

// Scenarios run in emulators of their own: the one on the screen records nothing of them.
func TestTUIRunsScenarios(t *testing.T) {
	dir := t.TempDir()
	s, both := bothSources(t, dir)
	src, ctx := both["local"].(tui.Runner), context.Background()
	before := s.LastSeq()
	names := src.ScenarioNames()
	if len(names) == 0 {
		t.Fatal("there are no scenarios")
	}
	runs, err := src.RunScenario(ctx, names[0].Name)
	if err != nil || len(runs) != 1 || !runs[0].Passed || runs[0].Name != names[0].Shows {
		t.Fatalf("%s: %v, %+v", names[0].Name, err, runs)
	}
	mine := writeFile(t, filepath.Join(dir, "mine.yaml"), "version: 1\nname: Mine\nsteps:\n  - expect: {query: \"service:nobody\", times: 1}\n")
	runs, err = src.RunScenario(ctx, mine)
	if err != nil || len(runs) != 1 || runs[0].Passed || runs[0].Step != 1 || runs[0].Line == 0 || runs[0].Text == "" {
		t.Fatalf("one that fails: %v, %+v", err, runs)
	}
	if _, err := src.RunScenario(ctx, writeFile(t, filepath.Join(dir, "program.yaml"), "version: 1\nname: Program\nsteps:\n  - run: {command: [\"true\"]}\n")); err == nil || !strings.Contains(err.Error(), "allow-run") {
		t.Errorf("a program was permitted: %v", err)
	}
	if _, err := src.RunScenario(ctx, "no-such-scenario"); err == nil || !strings.Contains(err.Error(), "no file and no embedded scenario") {
		t.Errorf("an unknown name: %v", err)
	}
	if s.LastSeq() != before {
		t.Error("the emulator on the screen has recorded what a scenario did")
	}
}
