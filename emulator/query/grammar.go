package query

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed grammar.md
var grammar string

// fieldsMark is the line of the page at which the list of fields goes in.
const fieldsMark = "<!-- fields -->\n"

// Grammar is the page that explains the language: what `help query` prints. It is Markdown that reads well as it is,
// at most 80 columns wide. In its blocks marked `query`, each line is a query and, after two spaces and a #, what it
// finds; so a line can also be pasted behind a command in a shell.
func Grammar() string { return strings.Replace(grammar, fieldsMark, fieldList(), 1) }

// fieldList has two lines for a field: name, synonyms and way to be compared; what it holds.
func fieldList() string {
	var b strings.Builder
	for _, d := range fieldDocs {
		names := strings.Join(append([]string{string(d.Field)}, d.Synonyms...), ", ")
		how := string(d.Compare)
		if d.Word {
			how += ", word"
		}
		fmt.Fprintf(&b, "    %-44s %s\n        %s\n", names, how, d.Doc)
		if len(d.Values) > 0 {
			fmt.Fprintf(&b, "        one of %s\n", strings.Join(d.Values, ", "))
		}
	}
	return b.String()
}
