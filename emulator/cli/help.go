package cli

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/query"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
	"github.com/bubblelevel/bubblelevel/fixtures"
	"github.com/bubblelevel/bubblelevel/scenarios"
)

//go:embed topics/*.md
var topicFiles embed.FS

// topic is a page of help that belongs to no command.
type topic struct {
	name, short string
	// text is the page in Markdown that reads well as it stands.
	text func() string
}

func topics() []topic {
	return []topic{
		{"query", "the language that filters everything", query.Grammar},
		{"findings", "what OpsLevel would not tell: each finding, what it means, the cure", func() string { return page("findings", findingsText(finding.All())) }},
		{"fixture", "what an account holds at the start, and the files it is read from", func() string { return page("fixture", indent(string(fixtures.DefaultYAML()))) }},
		{"faults", "failures on purpose: the kinds, their scope, files of them", func() string { return page("faults", kindsText()) }},
		{"scenario", "contract tests that are written down: the form of a file, each step and matcher", func() string {
			return page("scenario", indent(string(scenarios.LibrarySource("dedup-drops-the-second")))+"\n")
		}},
		{"liquid", "templates: what they see, filters, problems and their cures, differences to Ruby, limits", func() string { return page("liquid", liquidText()) }},
		{"exit-codes", "what the exit codes mean", func() string { return page("exit-codes", "") }},
		{"api", "the control API: routes, lists, security", func() string { return page("api", routesText()) }},
		{"fidelity", "how sure each behaviour is: documented, observed, assumed", func() string { return page("fidelity", "") }},
	}
}

func topicNames() (names []string) {
	for _, t := range topics() {
		names = append(names, t.name)
	}
	return names
}

// generated is the line of a page at which what is generated goes in.
const generated = "<!-- generated -->\n"

// page is an embedded page with its generated part.
func page(name, part string) string {
	b, err := topicFiles.ReadFile("topics/" + name + ".md")
	if err != nil {
		return "" // the table above names embedded files only, and a test reads each
	}
	return strings.Replace(string(b), generated, part, 1)
}

func (a *app) help() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND | TOPIC]",
		Short:   "Explain a command or a topic: " + strings.Join(topicNames(), ", "),
		Example: "  bubblelevel help events list\n  bubblelevel help query\n  bubblelevel help findings silent.unknown_alias",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return helpWords(cmd.Root(), args), cobra.ShellCompDirectiveNoFileComp
		},
		// Help is given whatever bubblelevel.yaml holds.
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE:             func(cmd *cobra.Command, args []string) error { return runtime(a.runHelp(cmd.Root(), args)) },
	}
}

func (a *app) runHelp(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	if at := slices.IndexFunc(topics(), func(t topic) bool { return t.name == args[0] }); at >= 0 {
		text := topics()[at].text()
		if len(args) > 1 && args[0] == "findings" {
			var err error
			if text, err = findingsNamed(args[1:]); err != nil {
				return err
			}
		}
		return a.printPage(text)
	}
	if docs := findingsOf(args[0]); len(docs) > 0 && len(args) == 1 {
		return a.printPage(findingsText(docs))
	}
	cmd, rest, err := root.Find(args)
	if err == nil && cmd != root && len(rest) == 0 {
		cmd.InitDefaultHelpFlag()
		return cmd.Help()
	}
	wanted := strings.Join(args, " ")
	hint := yamlfile.DidYouMean(wanted, allHelp(root))
	if hint == "" {
		hint = "the topics are " + strings.Join(topicNames(), ", ") + "; `bubblelevel help` lists the commands"
	}
	return hinted(hint, "there is no command and no topic %q", wanted)
}

// allHelp is all that help can be asked for: topics, commands, and commands of commands.
func allHelp(root *cobra.Command) []string {
	words := topicNames()
	for _, c := range root.Commands() {
		words = append(words, c.Name())
		for _, sub := range c.Commands() {
			words = append(words, c.Name()+" "+sub.Name())
		}
	}
	return words
}

// helpWords are the words that can follow help and args, with what they are.
func helpWords(root *cobra.Command, args []string) (words []string) {
	if len(args) == 1 && args[0] == "findings" {
		for _, d := range finding.All() {
			words = append(words, d.ID+"\t"+d.Title)
		}
		return words
	}
	if len(args) == 0 {
		for _, t := range topics() {
			words = append(words, t.name+"\t"+t.short)
		}
	}
	cmd, rest, err := root.Find(args)
	if err != nil || len(rest) > 0 {
		return words
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			words = append(words, c.Name()+"\t"+c.Short)
		}
	}
	return words
}

// findingsOf are the findings that a word names: an id, the part of one before a dot, or a severity.
func findingsOf(word string) (docs []finding.Doc) {
	for _, d := range finding.All() {
		if d.ID == word || strings.HasPrefix(d.ID, word+".") || string(d.Severity) == word {
			docs = append(docs, d)
		}
	}
	return docs
}

func findingsNamed(words []string) (string, error) {
	var docs []finding.Doc
	for _, w := range words {
		some := findingsOf(w)
		if len(some) == 0 {
			var ids []string
			for _, d := range finding.All() {
				ids = append(ids, d.ID)
			}
			hint := yamlfile.DidYouMean(w, ids)
			longer := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !strings.HasPrefix(id, w) })
			switch {
			case hint == "" && len(longer) > 0:
				hint = "there is " + strings.Join(longer, ", ")
			case hint == "":
				hint = "`bubblelevel help findings` lists them"
			}
			return "", hinted(hint, "there is no finding %q", w)
		}
		docs = append(docs, some...)
	}
	return findingsText(docs), nil
}

// findingsText is a paragraph for each finding.
func findingsText(docs []finding.Doc) string {
	var b strings.Builder
	for i, d := range docs {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "## %s (%s)\n\n%s\n\n%s\n\n", d.ID, d.Severity, wrap(d.Title), wrap(d.What))
		fmt.Fprintf(&b, "%s\n\n%s\n", wrap("Cure: "+d.Cure), wrap("Raised by: "+d.Example))
	}
	return b.String()
}

// pageWidth is how wide the pages are, in columns.
const pageWidth = 80

// wrap breaks text into lines as wide as the pages.
func wrap(text string) string { return wrapTo(pageWidth, text) }

// wrapTo breaks text into lines of at most width columns, at spaces.
func wrapTo(width int, text string) string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n")
}

// indent makes text a block of Markdown.
func indent(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
	return b.String()
}

// routesText is a line for each route of the control API, made of the OpenAPI document.
func routesText() string {
	var doc struct {
		Paths map[string]map[string]struct {
			Summary string `json:"summary"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(openAPI(), &doc); err != nil {
		return ""
	}
	var lines []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			lines = append(lines, fmt.Sprintf("    %-6s %s\n           %s\n", strings.ToUpper(method), path, op.Summary))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[11:]+a, b[11:]+b) })
	return strings.Join(lines, "")
}
