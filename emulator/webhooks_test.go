package emulator_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

// TestExampleWebhooks: each example is a fixture that loads without a note, and renders without an error or a warning in
// every named context; its payload is JSON and its URL one that can be sent to.
func TestExampleWebhooks(t *testing.T) {
	files, err := filepath.Glob("../fixtures/webhooks/*.yaml")
	if err != nil || len(files) != 6 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		loaded, err := fixtures.Load([]string{file})
		if err != nil || len(loaded.Notes) > 0 || len(loaded.Library.Templates) != 1 {
			t.Errorf("%s: %v, notes %v", file, err, loaded.Notes)
			continue
		}
		for _, name := range action.NamedContexts() {
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) { checkExample(t, loaded.Library, name) })
		}
	}
}

func checkExample(t *testing.T, l action.Library, name string) {
	c, err := action.NamedContext(name)
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{}
	for _, s := range l.Secrets {
		environment[s.Env] = "value-of-" + s.Name
	}
	w := *l.Templates[0].Webhook
	d := action.Deps{
		Clock: clock.System{}, IDs: clock.NewSeeded(1), Renderer: emulator.NewRenderer(clock.System{}), DryRun: true,
		Secrets: l.Values(environment), Receiver: "http://127.0.0.1:1/_emulator/receiver",
	}
	f := action.Fire(context.Background(), d, w, c)
	tellProblems(t, f.Problems)
	if len(f.Request.Headers) == 0 || f.Request.Target == "" {
		t.Errorf("nothing would be sent: %s %+v", f.Error, f.Request)
	}
	if body := string(f.Request.Body); body != "" && !json.Valid([]byte(body)) {
		t.Errorf("the payload is no JSON: %s", body)
	}
	for _, answer := range action.NamedResponses() {
		response, result, err := action.NamedResponse(answer)
		if err != nil {
			t.Fatal(err)
		}
		out, err := d.Renderer.Render(context.Background(), action.Rendering{Template: w.ResponseTemplate, Context: c.WithResponse(response, result).JSON()})
		if err != nil || strings.TrimSpace(out.Output) == "" || strings.Contains(out.Output, "Liquid error") {
			t.Errorf("the response template gives %q for %s: %v", out.Output, answer, err)
		}
	}
}

func tellProblems(t *testing.T, all []action.Problem) {
	t.Helper()
	for _, p := range all {
		if p.Severity != action.Note {
			t.Errorf("%s %s %d:%d %s: %s", p.Severity, p.Part, p.Line, p.Column, p.ID, p.Message)
		}
	}
}
