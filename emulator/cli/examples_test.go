package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Each command has an example, and each example is one of this binary: its command and its flags exist, and the number of words
// is one that it takes.
func TestExamplesParse(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		if !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("no example of %s shows it:\n%s", c.CommandPath(), c.Example)
		}
		for line := range strings.Lines(c.Example) {
			if checkLine(t, line) == 0 {
				t.Errorf("%s: the example %q runs no bubblelevel", c.CommandPath(), line)
			}
		}
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				walk(sub)
			}
		}
	}
	walk((&app{}).root())
}

// So is each command line in the pages of help and in the READMEs.
func TestPagesParse(t *testing.T) {
	pages := map[string]string{}
	for _, topic := range topics() {
		pages["help "+topic.name] = topic.text()
	}
	for _, file := range []string{"README.md", "fixtures/README.md", "fixtures/pipelines/README.md", "scenarios/README.md", "emulator/README.md"} {
		b, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		pages[file] = string(b)
	}
	total := 0
	for name, text := range pages {
		t.Run(strings.ReplaceAll(name, "/", "_"), func(t *testing.T) {
			for _, line := range commandLines(text) {
				total += checkLine(t, line)
			}
		})
	}
	if total < 60 {
		t.Errorf("only %d command lines were found in all pages", total)
	}
}

var inline = regexp.MustCompile("`(bubblelevel [^`]+)`")

// commandLines are the lines of a page that begin with bubblelevel, and what stands so between back quotes.
func commandLines(text string) (lines []string) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		if strings.HasPrefix(line, "bubblelevel ") {
			lines = append(lines, line)
			continue
		}
		for _, found := range inline.FindAllStringSubmatch(line, -1) {
			lines = append(lines, found[1])
		}
	}
	return lines
}

// checkLine parses each bubblelevel in a line of shell and returns how many there are.
func checkLine(t *testing.T, line string) (found int) {
	t.Helper()
	for _, words := range shellCommands(line) {
		for len(words) > 0 && assignment.MatchString(words[0]) {
			words = words[1:]
		}
		if len(words) == 0 || words[0] != "bubblelevel" {
			continue
		}
		found++
		if err := parses(words[1:]); err != nil {
			t.Errorf("%s: %v", strings.TrimSpace(line), err)
		}
	}
	return found
}

var assignment = regexp.MustCompile(`^[A-Z_]+=`)

// parses reads a command line as the binary does, without running it.
func parses(args []string) error {
	root := (&app{}).root()
	root.InitDefaultHelpCmd()
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	cmd.InitDefaultHelpFlag()
	if cmd.Name() == "help" {
		return (&app{}).helpParses(root, rest)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// helpParses asks for the words that help was given; TOPIC and its like stand for any.
func (a *app) helpParses(root *cobra.Command, words []string) error {
	if len(words) > 0 && words[len(words)-1] == strings.ToUpper(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	a.Out, a.Getenv = &strings.Builder{}, func(string) string { return "" }
	root.SetOut(a.Out)
	return a.runHelp(root, words)
}

// shellCommands are the simple commands of a line, as words. It knows what examples need: quotes, comments, redirections, and
// what stands between commands.
func shellCommands(line string) (commands [][]string) {
	var words []string
	var word strings.Builder
	begun, redirected, quote := false, false, rune(0)
	end := func() {
		switch text := word.String(); {
		case !begun:
		case redirected:
			redirected = false
		case text == ">" || text == ">>":
			redirected = true
		case !strings.HasPrefix(text, ">") && !strings.HasPrefix(text, "2>"):
			words = append(words, text)
		}
		word.Reset()
		begun = false
	}
	next := func() {
		end()
		if len(words) > 0 {
			commands = append(commands, words)
		}
		words = nil
	}
	for _, r := range strings.TrimSpace(line) {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, begun = r, true
		case r == ' ':
			end()
		case r == '#' && !begun:
			next()
			return commands
		case r == '|' || r == ';' || r == '&' || r == '(' || r == ')':
			next()
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	next()
	return commands
}
