package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

var updateReadme = flag.Bool("update", false, "write the tables of the README anew")

// The tables of the README are made of what the binary itself says.
func TestReadmeTables(t *testing.T) {
	path := filepath.Join("..", "..", "README.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	root := (&app{}).root()
	for _, part := range []struct{ name, want string }{
		{"fidelity", fidelityPart()},
		{"topics", topicsPart()},
		{"commands", commandsPart(root)},
		{"exit codes", exitCodesPart(t)},
		{"findings", findingsPart()},
	} {
		begin := "<!-- " + part.name + ": go test ./emulator/cli -run Readme -update -->\n"
		end := "<!-- end of " + part.name + " -->"
		before, rest, found := strings.Cut(text, begin)
		had, after, closed := strings.Cut(rest, end)
		switch {
		case !found || !closed:
			t.Errorf("README.md has no place for %s", part.name)
		case *updateReadme:
			text = before + begin + part.want + end + after
		case had != part.want:
			t.Errorf("what README.md says of %s is not what the binary says: go test ./emulator/cli -run Readme -update", part.name)
		}
	}
	if *updateReadme {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The Go lines of the README are those of an example that compiles and runs.
func TestReadmeGoCompiles(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join("..", "example_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```go\n")
	shown, _, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatal("README.md shows no Go")
	}
	for line := range strings.Lines(shown) {
		code, _, _ := strings.Cut(strings.TrimSpace(line), " // ")
		if !strings.Contains(string(example), code) {
			t.Errorf("emulator/example_test.go does not have the line %q of README.md", code)
		}
	}
}

// cell is text for a cell of a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`).Replace(text)
}

func fidelityPart() string {
	count := map[emulator.Label]int{}
	var assumed strings.Builder
	for _, b := range emulator.Fidelity() {
		count[b.Label]++
		if b.Label == emulator.Assumed {
			fmt.Fprintf(&assumed, "| `%s` | %s | %s |\n", b.ID, cell(b.Behaviour), cell(b.Falsify))
		}
	}
	var text strings.Builder
	text.WriteString("| | behaviours | |\n| --- | ---: | --- |\n")
	for _, l := range []struct {
		label emulator.Label
		means string
	}{
		{emulator.Documented, "OpsLevel's page says so, and the line quotes it"},
		{emulator.Observed, "read or recorded from a real sender, from Rails or from Ruby's Liquid"},
		{emulator.Assumed, "our choice, with its reason and the request to a real account that would show it wrong"},
	} {
		fmt.Fprintf(&text, "| **%s** | %d | %s |\n", l.label, count[l.label], l.means)
	}
	text.WriteString("\nEach line names the test that holds it: `bubblelevel fidelity`, or `--label assumed` for what to doubt first.\n\n" +
		"<details><summary>All that is assumed</summary>\n\n| | what it does | shown wrong by |\n| --- | --- | --- |\n" + assumed.String() + "\n</details>\n")
	return text.String()
}

func topicsPart() string {
	var text strings.Builder
	text.WriteString("\n| topic | what it explains |\n| --- | --- |\n")
	for _, t := range topics() {
		fmt.Fprintf(&text, "| [`help %s`](%s) | %s |\n", t.name, t.file(), cell(t.short))
	}
	return text.String()
}

// file is where the page of a topic is kept, from the root of the repository.
func (t topic) file() string {
	if t.name == "query" {
		return "emulator/query/grammar.md"
	}
	return "emulator/cli/topics/" + t.name + ".md"
}

func commandsPart(root *cobra.Command) string {
	var text strings.Builder
	text.WriteString("| command | what it does |\n| --- | --- |\n")
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			fmt.Fprintf(&text, "| `%s` | %s |\n", c.Name(), cell(c.Short))
		}
	}
	return text.String()
}

// exitCodesPart is the list at the head of the page about exit codes.
func exitCodesPart(t *testing.T) string {
	var text strings.Builder
	text.WriteString("| code | what it means |\n| ---: | --- |\n")
	var rows []string
	for line := range strings.Lines(page("exit-codes", "")) {
		code, more := strings.TrimSpace(line[:min(len(line), 9)]), strings.TrimSpace(line[min(len(line), 9):])
		switch indented := strings.HasPrefix(line, "    "); {
		case !indented || more == "":
		case code == "" && len(rows) > 0:
			rows[len(rows)-1] += " " + cell(more)
		default:
			rows = append(rows, fmt.Sprintf("| %s | %s", code, cell(more)))
		}
	}
	if len(rows) < 6 {
		t.Errorf("only %d exit codes were read: %q", len(rows), rows)
	}
	text.WriteString(strings.Join(rows, " |\n") + " |\n")
	text.WriteString("| its own | `exec`: the command failed by itself; 126, 127 and 128+n as shells have them |\n")
	return text.String()
}

func findingsPart() string {
	var text strings.Builder
	text.WriteString("| finding | severity | what it says |\n| --- | --- | --- |\n")
	for _, d := range finding.All() {
		fmt.Fprintf(&text, "| `%s` | %s | %s |\n", d.ID, d.Severity, cell(d.Title))
	}
	return text.String() + "\nWhat each means, and its cure: `bubblelevel help findings ID`.\n"
}
