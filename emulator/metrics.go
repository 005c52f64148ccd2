package emulator

import (
	"slices"
	"strings"
	"sync"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// tally counts what happened since the start of this process.
type tally struct {
	mu       sync.Mutex
	results  map[deploy.Result]float64
	findings map[finding.Severity]float64
	calls    float64
	faults   float64
}

// add counts a group of events. It is called by the journal's writer.
func (t *tally) add(events []*event.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.results == nil {
		t.results, t.findings = map[deploy.Result]float64{}, map[finding.Severity]float64{}
	}
	for _, e := range events {
		switch e.Kind {
		case event.KindDeploy:
			t.results[e.Result]++
		case event.KindCall:
			t.calls++
		}
		if e.Fault != nil {
			t.faults++
		}
		for _, f := range e.Findings {
			t.findings[f.Severity]++
		}
	}
}

// Metrics are what the control API shows in Prometheus' text form.
func (s store) Metrics() []httpapi.Metric {
	j := s.journal.Stats()
	t := &s.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	gauge := func(name, help string, n float64) httpapi.Metric {
		return httpapi.Metric{Name: "bubblelevel_" + name, Help: help, Type: "gauge", Samples: []httpapi.Sample{{Number: n}}}
	}
	return []httpapi.Metric{
		{Name: "bubblelevel_deploys_total", Help: "Deploy requests since the start, by result.", Type: "counter",
			Samples: samples(t.results, "result", deploy.OK, deploy.NoServiceFound, deploy.Duplicate, deploy.Rejected)},
		{Name: "bubblelevel_findings_total", Help: "Findings since the start, by severity.", Type: "counter",
			Samples: samples(t.findings, "severity", finding.Silent, finding.Warning, finding.Note)},
		{Name: "bubblelevel_calls_total", Help: "Other requests to OpsLevel's side since the start.", Type: "counter",
			Samples: []httpapi.Sample{{Number: t.calls}}},
		{Name: "bubblelevel_faults_hit_total", Help: "Deploy requests that met an injected fault since the start.", Type: "counter",
			Samples: []httpapi.Sample{{Number: t.faults}}},
		gauge("journal_last_seq", "The newest event.", float64(s.journal.Last())),
		gauge("journal_events", "Events kept whole.", float64(j.Events)),
		gauge("journal_stubs", "Stubs of evicted deploys.", float64(j.Stubs)),
		gauge("journal_stored_bytes", "Memory of the events kept whole.", float64(j.StoredBytes)),
		gauge("journal_file_bytes", "Length of the store's file.", float64(j.FileBytes)),
		gauge("services", "Services of the account.", float64(len(s.ledger.Services()))),
		gauge("suggestions", "Suggestions of the account.", float64(len(s.ledger.Suggestions()))),
	}
}

// samples lists the values of a label in a fixed order, those that were never counted too.
func samples[T ~string](counts map[T]float64, label string, values ...T) []httpapi.Sample {
	var all []httpapi.Sample
	for _, v := range values {
		all = append(all, httpapi.Sample{Label: label, Value: string(v), Number: counts[v]})
	}
	slices.SortFunc(all, func(a, b httpapi.Sample) int { return strings.Compare(a.Value, b.Value) })
	return all
}
