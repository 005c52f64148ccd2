package event

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
)

// Line is e in one line for a log: number, time of day in UTC, HTTP status, result, and what it was about. Nothing a
// sender wrote can leave the line or colour it, and the uuid of a webhook URL, which is all the secret it has, is cut.
func (e *Event) Line() string {
	var room [256]byte // enough for nearly all
	return string(e.appendLine(room[:0]))
}

// appendLine appends the line to b. One is made of each event while deploys rush in, so it takes no memory of its own.
func (e *Event) appendLine(b []byte) []byte {
	b = strconv.AppendUint(append(b, '#'), e.Seq, 10)
	b = append(e.At.UTC().AppendFormat(append(b, ' '), time.TimeOnly), ' ')
	switch e.Kind {
	case KindDeploy:
		if e.HTTP == 0 {
			b = append(b, "---"...)
		} else {
			b = strconv.AppendInt(b, int64(e.HTTP), 10)
		}
		b = e.appendDeploy(append(append(b, ' '), e.Result...))
	case KindCall:
		b = fmt.Appendf(b, "%d %s %s", e.HTTP, Clean(e.Request.Method, 20), Clean(maskPath(e.Request.Path), 100))
	case KindChange:
		b = append(b, e.Change.line()...)
	case KindFiring:
		if e.Firing != nil {
			b = append(b, firingLine(e.Firing)...)
		}
	case KindReset:
		b = append(b, "reset: the account is back to its fixtures"...)
	default:
		b = append(b, e.Kind...)
	}
	for i := range e.Findings {
		b = append(append(append(b, " ["...), e.Findings[i].ID...), ']')
	}
	return b
}

func (e *Event) appendDeploy(b []byte) []byte {
	if e.Result == deploy.Rejected {
		b = append(append(b, ' '), Clean(e.Title, 60)...)
		if e.Detail != "" || e.Fault == nil {
			b = append(append(b, ": "...), Clean(e.Detail, 200)...)
		}
	}
	b = appendField(b, "service", e.Alias, 80)
	if e.Service != e.Alias {
		b = appendField(b, "matched", e.Service, 80)
	}
	if d := e.Deploy; d != nil {
		b = appendField(b, "environment", d.Environment, 60)
		b = appendField(b, "number", d.DeployNumber, 60)
		b = appendField(b, "status", d.Status, 60)
		b = appendField(b, "dedup_id", d.DedupID, 60)
	}
	if e.DuplicateOf != 0 {
		b = strconv.AppendUint(append(b, " kept=#"...), e.DuplicateOf, 10)
	}
	return append(b, e.Fault.line()...)
}

// appendField appends " name=value", and nothing where there is no value.
func appendField(b []byte, name, value string, max int) []byte {
	if value == "" {
		return b
	}
	b = append(append(append(b, ' '), name...), '=')
	return append(b, quoteIfNeeded(Clean(value, max))...)
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
	if len(s) <= max && plain(s) {
		return s
	}
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

// plain says whether s is printable ASCII and nothing else, as nearly all of what is sent is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
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
