package cli

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// mostColumns is how wide a line of a page may be where it cannot be broken: a sample of a file.
const mostColumns = 130

// A page fits a terminal of 80 columns: its prose always, its samples where they can.
func TestPagesFitATerminal(t *testing.T) {
	for _, topic := range topics() {
		text := topic.text()
		if !strings.HasPrefix(text, "# ") || strings.Contains(text, "<!--") {
			t.Errorf("%s: the page begins with %.40q, or has a mark in it", topic.name, text)
		}
		fenced := false
		for i, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(line, "```") {
				fenced = !fenced
			}
			most := pageWidth
			if fenced || strings.HasPrefix(line, "    ") {
				most = mostColumns
			}
			if n := len([]rune(line)); n > most {
				t.Errorf("%s, line %d: %d columns, at most %d: %s", topic.name, i+1, n, most, line)
			}
		}
	}
}

// The page about Liquid knows every problem that a template can have, and every tag that it names can be parsed.
func TestLiquidPage(t *testing.T) {
	text := page("liquid", liquidText())
	for _, id := range []string{
		liquid.PathUnknown, liquid.PathNil, liquid.ValueNull, liquid.FilterUnknown, liquid.TagUnknown, liquid.SecretUnknown, liquid.LiquidError,
		liquid.JSONUnescaped, liquid.JSONUnsafe, liquid.JSONInvalid, emulator.TemplateSyntax, emulator.TemplateLimit,
	} {
		if !strings.Contains(text, "\n    "+id+" ") {
			t.Errorf("the page does not explain %s", id)
		}
	}
	for _, name := range action.NamedContexts() {
		if !strings.Contains(text, "--context "+name+" ") {
			t.Errorf("the page does not name the context %s", name)
		}
	}
	_, rest, _ := strings.Cut(text, "## Tags\n\n")
	tags, _, _ := strings.Cut(rest, "\n\n")
	known := 0
	for tag := range strings.FieldsSeq(tags) {
		known++
		if !knownTag(t, tag) {
			t.Errorf("the page names the tag %s, which there is not", tag)
		}
	}
	if known != 21 || knownTag(t, "nosuch") {
		t.Errorf("%d tags are named, and an unknown one is known: %v", known, knownTag(t, "nosuch"))
	}
}

// knownTag says whether a template with the tag is not refused for a tag that nobody knows.
func knownTag(t *testing.T, tag string) bool {
	t.Helper()
	r := emulator.NewRenderer(clock.System{})
	_, err := r.Liquid(context.Background(), emulator.LiquidInput{Rendering: action.Rendering{Template: "{% " + tag + " %}", Context: []byte("{}")}})
	return err == nil || !strings.Contains(err.Error(), "Unknown tag")
}

var link = regexp.MustCompile(`(?:\]\(|src="|srcset=")([^)"#]+)`)

// What a README links to is there.
func TestReadmeLinks(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, readme := range []string{"README.md", "fixtures/README.md", "fixtures/pipelines/README.md", "scenarios/README.md", "emulator/README.md", "tui/README.md", ".ci/README.md"} {
		b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(readme)))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(string(b), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(readme), filepath.FromSlash(found[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", readme, found[1])
			}
		}
	}
}
