package expect

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// Text is the verdict for a person: the sentence, what was lost with its cure, and the nearest requests in two columns.
// It ends with a line break.
func (v *Verdict) Text() string {
	var b strings.Builder
	b.WriteString(v.Why + "\n")
	for _, l := range v.Lost {
		b.WriteString("\n" + l.Text())
	}
	for i, n := range v.Near {
		heading := "also near"
		if i == 0 {
			heading = "nearest"
		}
		b.WriteString("\n" + heading + ": " + n.Text())
	}
	if v.Outcome == NotMet && v.Count == 0 && len(v.Near) == 0 && v.Requests == 0 {
		b.WriteString("No request has reached this emulator" + v.since() + ".\n")
	}
	return b.String()
}

func (v *Verdict) since() string {
	if v.After == 0 {
		return ""
	}
	return fmt.Sprintf(" since event %d", v.After)
}

// Text is the loss in a few lines: the event, and each finding with its cure.
func (l *Loss) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "lost: %s\n", l.Line)
	for _, f := range l.Findings {
		b.WriteString(FindingText(f))
	}
	return b.String()
}

// FindingText is a finding in two or three lines, indented by two.
func FindingText(f finding.Finding) string {
	return fmt.Sprintf("  %s: %s\n  %s\n  cure: %s\n", f.ID,
		event.Clean(f.Evidence, maxSentence), event.Clean(f.Explanation, maxSentence), event.Clean(f.Cure, maxSentence))
}

// maxSentence is how much of a sentence is shown, in runes.
const maxSentence = 600

// Text is the request with its two columns; "!=" stands between those that differ.
func (n *Near) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", n.Line)
	field, expected := utf8.RuneCountInString("field"), utf8.RuneCountInString("expected")
	for _, r := range n.Rows {
		field, expected = max(field, utf8.RuneCountInString(r.Field)), max(expected, utf8.RuneCountInString(r.Expected))
	}
	line := func(name, want, sign, got string) {
		fmt.Fprintf(&b, "  %s  %s  %s  %s\n", pad(name, field), pad(want, expected), sign, got)
	}
	if len(n.Rows) > 0 {
		line("field", "expected", "  ", "arrived")
	}
	for _, r := range n.Rows {
		sign := "  "
		if r.Differs {
			sign = "!="
		}
		line(r.Field, r.Expected, sign, r.Arrived)
	}
	if n.Why != "" {
		fmt.Fprintf(&b, "  why: %s\n", n.Why)
	}
	return b.String()
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}
