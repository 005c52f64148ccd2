package event

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Text is e whole, for a person: what arrived, what was answered, why, and what OpsLevel would not tell.
func (e *Event) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "event       %d (%s)\nreceived    %s\n", e.Seq, e.Kind, e.At.UTC().Format(time.RFC3339Nano))
	switch {
	case e.HTTP != 0:
		fmt.Fprintf(&b, "answer      %d %s\n", e.HTTP, e.Result)
	case e.Kind == KindDeploy:
		fmt.Fprintf(&b, "answer      none %s\n", e.Result)
	}
	if e.Fault != nil {
		fmt.Fprintf(&b, "fault       %s\n", strings.TrimPrefix(e.Fault.line(), " fault="))
	}
	for _, row := range []struct{ name, value string }{
		{"message", e.Message}, {"title", e.Title}, {"detail", e.Detail}, {"why", e.Why}, {"alias", e.Alias}, {"service", e.Service},
	} {
		if row.value != "" {
			fmt.Fprintf(&b, "%-11s %s\n", row.name, Clean(row.value, 1000))
		}
	}
	if e.DuplicateOf != 0 {
		fmt.Fprintf(&b, "kept        event %d\n", e.DuplicateOf)
	}
	if e.Change != nil {
		fmt.Fprintf(&b, "change      %s\n", e.Change.line())
	}
	if e.Upstream != nil {
		b.WriteString(e.Upstream.text())
	}
	for _, f := range e.Findings {
		fmt.Fprintf(&b, "\n%s %s\n  %s\n  %s\n  cure: %s\n", f.Severity, f.ID, Clean(f.Evidence, 1000), Clean(f.Explanation, 1000), Clean(f.Cure, 1000))
	}
	if e.Request != nil {
		b.WriteString("\n" + e.Request.text())
	}
	return b.String()
}

// text is the request as it stood on the wire, save that what could move a terminal is escaped.
func (r *Request) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", Clean(r.Method, 40), Clean(r.Path, 1000))
	names := make([]string, 0, len(r.Headers))
	for name := range r.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range r.Headers[name] {
			fmt.Fprintf(&b, "%s: %s\n", Clean(name, 200), Clean(v, 1000))
		}
	}
	b.WriteString("\n")
	body := r.Body
	if !utf8.ValidString(body) {
		fmt.Fprintf(&b, "%q\n", body)
	} else {
		for line := range strings.SplitSeq(body, "\n") {
			b.WriteString(Clean(line, len(line)) + "\n")
		}
	}
	if int64(len(r.Body)) < r.BodyLength {
		fmt.Fprintf(&b, "… %d bytes in all\n", r.BodyLength)
	}
	return b.String()
}

// Curl is a shell command that sends the request of e again to an emulator at base. Headers that curl or the connection
// make by themselves are left out, as are masked ones. Where no command can send the request as it was, it is a comment that
// says why.
func (e *Event) Curl(base string) string {
	r := e.Request
	if why := uncarried(r); why != "" {
		return fmt.Sprintf("# event %d: %s %s: no curl command: %s", e.Seq, Clean(r.Method, 20), Clean(r.Path, 200), why)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "curl -sS -X %s %s", r.Method, ShellQuote(base+r.Path))
	headers, _ := r.Again()
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		for _, v := range headers[name] {
			fmt.Fprintf(&b, " -H %s", ShellQuote(name+": "+v))
		}
	}
	if r.BodyLength > 0 {
		fmt.Fprintf(&b, " --data-binary %s", ShellQuote(r.Body))
	}
	return b.String()
}

// uncarried says why no command line can send this request again as it was; empty where one can.
func uncarried(r *Request) string {
	if why := r.Cut(); why != "" {
		return why
	}
	if strings.ContainsRune(r.Body, 0) {
		return "its body holds a NUL byte, which no argument of a command can; `bubblelevel replay` sends it"
	}
	return ""
}

// ShellQuote quotes s for a POSIX shell.
func ShellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
