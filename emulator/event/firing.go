package event

import (
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// firingValues shows the text fields of a firing to a query: those of the request that was sent, and its problems.
func firingValues(to []string, x *action.Firing, f query.Field) []string {
	switch f {
	case query.Status: // OpsLevel's word, in response templates too
		return append(to, string(x.Result))
	case query.Template:
		return append(to, x.Template)
	case query.Method:
		return append(to, x.Request.Method)
	case query.Path, query.URL:
		return append(to, x.Request.URL, x.Request.Target)
	case query.Body:
		return append(to, string(x.Request.Body))
	case query.Description:
		return append(to, x.RenderedResponse)
	case query.Problem:
		for _, p := range x.Problems {
			to = append(to, p.ID, string(p.Severity))
		}
		return to
	}
	name, one := strings.CutPrefix(string(f), string(query.Header)+".")
	if !one && f != query.Header {
		return to
	}
	for _, h := range x.Request.Headers {
		switch {
		case !one:
			to = append(to, h.Name+": "+h.Value)
		case strings.EqualFold(h.Name, name):
			to = append(to, h.Value)
		}
	}
	return to
}

// firingLine is a firing in one line.
func firingLine(x *action.Firing) string {
	var b strings.Builder
	b.WriteString("firing " + string(x.Result))
	if x.Response.Status != nil {
		fmt.Fprintf(&b, " %d", *x.Response.Status)
	}
	fmt.Fprintf(&b, " %s %s", Clean(x.Request.Method, 10), Clean(x.Request.URL, 100))
	for _, f := range []struct{ name, value string }{{"template", x.Template}, {"service", x.Service}} {
		if f.value != "" {
			fmt.Fprintf(&b, " %s=%s", f.name, quoteIfNeeded(Clean(f.value, 80)))
		}
	}
	if x.Response.Status == nil {
		b.WriteString(": " + Clean(x.Error, 200))
	}
	for i := range x.Attempts {
		if f := x.Attempts[i].Fault; f != nil {
			b.WriteString((&Fault{ID: f.ID, Kind: f.Kind}).line())
		}
	}
	return b.String()
}
