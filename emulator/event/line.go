package event

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Line is e in one line for a log: number, time of day in UTC, HTTP status, result, and what it was about. Nothing a
// sender wrote can leave the line or colour it, and the uuid of a webhook URL, which is all the secret it has, is cut.
func (e *Event) Line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s ", e.Seq, e.At.UTC().Format(time.TimeOnly))
	switch e.Kind {
	case KindDeploy:
		if e.HTTP == 0 {
			fmt.Fprintf(&b, "--- %s", e.Result)
		} else {
			fmt.Fprintf(&b, "%d %s", e.HTTP, e.Result)
		}
		e.deployLine(&b)
	case KindCall:
		fmt.Fprintf(&b, "%d %s %s", e.HTTP, Clean(e.Request.Method, 20), Clean(maskPath(e.Request.Path), 100))
	case KindChange:
		b.WriteString(e.Change.line())
	case KindFiring:
		if e.Firing != nil {
			firingLine(&b, e.Firing)
		}
	case KindReset:
		b.WriteString("reset: the account is back to its fixtures")
	default:
		b.WriteString(string(e.Kind))
	}
	for _, f := range e.Findings {
		b.WriteString(" [" + f.ID + "]")
	}
	return b.String()
}

func (e *Event) deployLine(b *strings.Builder) {
	if e.Result == "rejected" {
		b.WriteString(" " + Clean(e.Title, 60))
		if e.Detail != "" || e.Fault == nil {
			b.WriteString(": " + Clean(e.Detail, 200))
		}
	}
	if e.Alias != "" {
		fmt.Fprintf(b, " service=%s", quoteIfNeeded(Clean(e.Alias, 80)))
	}
	if e.Service != "" && e.Service != e.Alias {
		fmt.Fprintf(b, " matched=%s", quoteIfNeeded(Clean(e.Service, 80)))
	}
	if d := e.Deploy; d != nil {
		for _, f := range []struct{ name, value string }{
			{"environment", d.Environment}, {"number", d.DeployNumber}, {"status", d.Status}, {"dedup_id", d.DedupID},
		} {
			if f.value != "" {
				fmt.Fprintf(b, " %s=%s", f.name, quoteIfNeeded(Clean(f.value, 60)))
			}
		}
	}
	if e.DuplicateOf != 0 {
		fmt.Fprintf(b, " kept=#%d", e.DuplicateOf)
	}
	b.WriteString(e.Fault.line())
}

// line names a fault by its kind, and by its id where that says more.
func (f *Fault) line() string {
	switch {
	case f == nil:
		return ""
	case f.ID == f.Kind:
		return " fault=" + Clean(f.Kind, 40)
	}
	return " fault=" + Clean(f.Kind, 40) + "(" + Clean(f.ID, 64) + ")"
}

func (c *Change) line() string {
	switch {
	case c == nil:
		return "change"
	case c.Service != nil:
		return "service " + quoteIfNeeded(Clean(c.Service.Slug, 80)) + " was created"
	case c.Alias != nil:
		return "alias " + quoteIfNeeded(Clean(c.Alias.Alias, 80)) + " now belongs to " + quoteIfNeeded(Clean(c.Alias.Service, 80))
	case c.Suggestion != nil:
		return "suggestion " + quoteIfNeeded(Clean(c.Suggestion.Alias, 80)) + " was " + string(c.Suggestion.State)
	case c.Integration != nil && c.Integration.RetiredAt != nil:
		return "integration " + MaskUUID(c.Integration.UUID) + " was retired"
	case c.Integration != nil:
		return "integration " + MaskUUID(c.Integration.UUID) + " was created"
	case c.Fixtures != nil:
		return fmt.Sprintf("fixtures were loaded: %d services", len(c.Fixtures.Services))
	}
	return "change"
}

// Clean makes a sender's text safe to print in one line: at most max runes, and control characters, line breaks and
// marks that turn the direction of text written as escapes.
func Clean(s string, max int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == max {
			b.WriteString("…")
			break
		}
		n++
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		q := strconv.QuoteRuneToASCII(r)
		b.WriteString(q[1 : len(q)-1])
	}
	return b.String()
}

func quoteIfNeeded(s string) string {
	if strings.ContainsAny(s, " \"='") {
		return strconv.Quote(s)
	}
	return s
}

// MaskUUID shows only the beginning of an integration's uuid, enough to tell two apart.
func MaskUUID(uuid string) string {
	if len(uuid) <= 8 {
		return uuid
	}
	return Clean(uuid[:8], 8) + "-…"
}

// maskPath cuts the uuid in the path of a webhook URL, also where the path is not quite that of one ("//integrations/...",
// a folder of a proxy before it, a word misspelled): then it is as much a secret.
func maskPath(path string) string {
	const deploys = "/integrations/"
	before, rest, ok := strings.Cut(path, deploys)
	if !ok {
		return maskUUIDs(path)
	}
	before = maskUUIDs(before)
	kind, id, ok := strings.Cut(rest, "/")
	if !ok {
		return before + deploys + maskUUIDs(rest)
	}
	return before + deploys + maskUUIDs(kind) + "/" + MaskUUID(id)
}

// maskUUIDs cuts all that has the shape of a uuid.
func maskUUIDs(s string) string {
	var b strings.Builder
	for len(s) >= len(uuidShape) {
		if hasUUIDShape(s) {
			b.WriteString(MaskUUID(s[:len(uuidShape)]))
			s = s[len(uuidShape):]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String() + s
}

const uuidShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"

// hasUUIDShape says whether s begins with a uuid.
func hasUUIDShape(s string) bool {
	for i := range len(uuidShape) {
		c := s[i]
		digit := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
		if uuidShape[i] == '-' && c != '-' || uuidShape[i] == 'x' && !digit {
			return false
		}
	}
	return true
}
