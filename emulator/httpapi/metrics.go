package httpapi

import (
	"fmt"
	"net/http"
	"strings"
)

// Metric is one family of Prometheus' text form.
type Metric struct {
	Name, Help string
	// Type is counter or gauge.
	Type    string
	Samples []Sample
}

// Sample is one value of a family. Label is the name of its one label, empty for none.
type Sample struct {
	Label, Value string
	Number       float64
}

func (c *Control) metrics(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	for _, m := range c.Store.Metrics() {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", m.Name, m.Help, m.Name, m.Type)
		for _, s := range m.Samples {
			if s.Label == "" {
				fmt.Fprintf(&b, "%s %g\n", m.Name, s.Number)
				continue
			}
			fmt.Fprintf(&b, "%s{%s=%q} %g\n", m.Name, s.Label, s.Value, s.Number)
		}
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write([]byte(b.String())) // a client that is gone is no error of ours
}
