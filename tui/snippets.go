package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// The forms of a request, beside curl, that can be pasted elsewhere.

// httpieOf is a request as a command of HTTPie.
func httpieOf(r *event.Request, base string) string {
	var b strings.Builder
	b.WriteString("http --ignore-stdin " + r.Method + " " + quoteShell(base+r.Path))
	r2 := resendable(*r)
	for _, name := range sortedNames(r2.Headers) {
		for _, v := range r2.Headers[name] {
			b.WriteString(" \\\n  " + quoteShell(name+":"+v))
		}
	}
	if r.Body != "" {
		b.WriteString(" \\\n  --raw " + quoteShell(r.Body))
	}
	return b.String()
}

func sortedNames(h map[string][]string) []string {
	names := make([]string, 0, len(h))
	for n := range h {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// goTestOf is a request as a test in Go that sends it and expects the same answer.
func goTestOf(e *event.Event, base string) string {
	r := resendable(*e.Request)
	var b strings.Builder
	b.WriteString("func TestDeploy" + strconv.FormatUint(e.Seq, 10) + "(t *testing.T) {\n")
	b.WriteString("\tr, err := http.NewRequest(" + strconv.QuoteToASCII(r.Method) + ", " + strconv.QuoteToASCII(base+r.Path) + ", strings.NewReader(" + goText(r.Body) + "))\n")
	b.WriteString("\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n")
	for _, name := range sortedNames(r.Headers) {
		for _, v := range r.Headers[name] {
			b.WriteString("\tr.Header.Add(" + strconv.QuoteToASCII(name) + ", " + strconv.QuoteToASCII(v) + ")\n")
		}
	}
	b.WriteString("\tresp, err := http.DefaultClient.Do(r)\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\tdefer resp.Body.Close()\n")
	b.WriteString("\tif resp.StatusCode != " + strconv.Itoa(e.HTTP) + " {\n\t\tt.Errorf(\"answered with %s\", resp.Status)\n\t}\n}\n")
	return b.String()
}

// goText is s as a string of Go, as it stands where it can.
func goText(s string) string {
	if strings.ContainsRune(s, '\n') && strings.IndexFunc(s, unsafe) < 0 && strconv.CanBackquote(strings.ReplaceAll(s, "\n", "")) {
		return "`" + s + "`"
	}
	return strconv.QuoteToASCII(s)
}
