package cli

import (
	"io"
	"strings"
)

// printPage prints a page of help. With colours its headings are bold, what is to be typed or stands in a file is cyan, and the
// signs of Markdown are gone; without them it is the Markdown that it is.
func (a *app) printPage(text string) error {
	if a.colored(a.Out) {
		text = a.styled(text)
	}
	_, err := io.WriteString(a.Out, text)
	return err
}

// styled gives a page its colours.
func (a *app) styled(text string) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		body := strings.TrimSuffix(line, "\n")
		switch heading := strings.TrimLeft(body, "#"); {
		case strings.HasPrefix(body, "```"):
			fenced = !fenced
			continue
		case fenced || strings.HasPrefix(body, "    "):
			b.WriteString(a.styledCode(body))
		case heading != body && strings.HasPrefix(heading, " "):
			b.WriteString(a.paint(a.Out, bold, strings.TrimSpace(heading)))
		default:
			b.WriteString(a.styledSpans(body))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// styledCode colours a line of code, but for what stands behind a #, which explains it.
func (a *app) styledCode(line string) string {
	if strings.TrimSpace(line) == "" {
		return line
	}
	code, note := line, ""
	if at := strings.Index(line, "  # "); at >= 0 {
		code, note = line[:at], line[at:]
	}
	return a.paint(a.Out, cyan, code) + note
}

// styledSpans colours what stands between back quotes, where they come in pairs on the line.
func (a *app) styledSpans(line string) string {
	parts := strings.Split(line, "`")
	if len(parts)%2 == 0 {
		return line
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = a.paint(a.Out, cyan, parts[i])
	}
	return strings.Join(parts, "")
}
