package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// outputsKey is the annotation of a command that has other values of --output than text and json.
const outputsKey = "outputs"

// outputs are the values of --output that cmd takes.
func outputs(cmd *cobra.Command) []string {
	if own := cmd.Annotations[outputsKey]; own != "" {
		return strings.Split(own, ",")
	}
	return []string{"text", "json"}
}

func contains(all []string, one string) bool { return slices.Contains(all, one) }

// orList is "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// printJSON prints one value as a JSON document.
func (a *app) printJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := a.Out.Write(plainJSON(b.Bytes()))
	return err
}

// maxCell is how wide a column of a table may get, but for the last.
const maxCell = 60

// table prints rows below a heading, in columns. What others have written is cleaned, so that it can neither leave its
// line nor move the terminal.
func (a *app) table(heading []string, rows [][]string) error {
	_, err := io.WriteString(a.Out, a.forPeople(a.tableText(a.Out, heading, rows)))
	return err
}

// tableText is a table for w.
func (a *app) tableText(w io.Writer, heading []string, rows [][]string) string {
	width := make([]int, len(heading))
	cells := append([][]string{heading}, rows...)
	for i, row := range cells {
		kept := make([]string, len(row))
		for j, cell := range row {
			most := maxCell
			if j == len(row)-1 {
				most = 4 * maxCell
			}
			kept[j] = event.Clean(cell, most)
			width[j] = max(width[j], utf8.RuneCountInString(kept[j]))
		}
		cells[i] = kept
	}
	var b strings.Builder
	for i, row := range cells {
		var line strings.Builder
		for j, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", width[j]-utf8.RuneCountInString(cell)+2))
		}
		text := strings.TrimRight(line.String(), " ")
		if i == 0 {
			text = a.paint(w, bold, text)
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

// say prints a line of ours about what others have written: each of args that is a text is cleaned.
func (a *app) say(format string, args ...any) error {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = event.Clean(s, 300)
		}
	}
	_, err := fmt.Fprintf(a.Out, format+"\n", args...)
	return err
}

// The few colours there are, as terminals number them.
const (
	bold  = "1"
	red   = "31"
	green = "32"
	cyan  = "36"
)

// paint colours text for w, if w shall get colours.
func (a *app) paint(w io.Writer, color, text string) string {
	if !a.colored(w) {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// colored says whether w gets colours: --color decides, else NO_COLOR and TERM=dumb forbid, else a terminal gets them.
func (a *app) colored(w io.Writer) bool {
	switch {
	case a.color == "always":
		return true
	case a.color == "never" || a.Getenv("NO_COLOR") != "" || a.Getenv("TERM") == "dumb":
		return false
	}
	return terminal(w)
}

// terminal says whether w is one: a device of characters, as far as the standard library can tell.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	at, err := f.Stat()
	return err == nil && at.Mode()&os.ModeCharDevice != 0
}
