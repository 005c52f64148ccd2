package tui

import (
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// row is what a list needs of an event: small, and without its body, which is asked for when it is looked at.
type row struct {
	seq    uint64
	at     time.Time
	kind   event.Kind
	result deploy.Result
	http   int
	// dupOf is the deploy whose dedup_id this one repeats.
	dupOf uint64
	// worst is the gravest severity among the findings, said its id.
	worst    finding.Severity
	said     string
	findings uint16
	// differs says that a duplicate meant another deploy than the one that was kept.
	differs bool
	// fault is the kind of the failure that was injected; spared says that OpsLevel has seen the request all the same.
	fault  string
	spared bool

	alias, service, env, number, dedup, title string
}

// gap is the row of an event that was lost before it could be read.
func gap(seq uint64) row { return row{seq: seq, kind: event.KindEvicted} }

// rowMaker makes rows. Texts that come again and again are kept once, and never as a part of the stored event, which
// would live as long as the row does.
type rowMaker struct{ seen map[string]string }

// maxSeen is how many different texts are remembered.
const maxSeen = 4096

// maxCell is how much of a text a list can show, in bytes.
const maxCell = 160

func (m *rowMaker) keep(s string) string {
	if s == "" {
		return ""
	}
	if len(s) > maxCell {
		s = strings.ToValidUTF8(s[:maxCell], "")
	}
	if k, ok := m.seen[s]; ok {
		return k
	}
	s = strings.Clone(s)
	if m.seen == nil || len(m.seen) >= maxSeen {
		m.seen = make(map[string]string, 256)
	}
	m.seen[s] = s
	return s
}

func (m *rowMaker) row(e *event.Event) row {
	r := row{
		seq: e.Seq, at: e.At, kind: e.Kind, result: e.Result, http: e.HTTP, dupOf: e.DuplicateOf,
		alias: m.keep(e.Alias), service: m.keep(e.Service), findings: uint16(min(len(e.Findings), 1<<16-1)),
	}
	r.fault, r.spared = faultOf(e)
	for i := range e.Findings {
		f := &e.Findings[i]
		if weight(f.Severity) > weight(r.worst) {
			r.worst, r.said = f.Severity, m.keep(f.ID)
		}
		if f.ID == "silent.duplicate" || f.ID == "silent.status_lost" {
			r.differs = true
		}
	}
	if d := e.Deploy; d != nil {
		r.env = m.keep(d.Environment)
		r.number = strings.Clone(d.DeployNumber[:min(len(d.DeployNumber), 40)])
		if e.Result == deploy.Duplicate {
			r.dedup = m.keep(d.DedupID)
		}
	}
	r.title = m.keep(titleOf(e))
	return r
}

// titleOf is what a row says where there is no deploy to speak of.
func titleOf(e *event.Event) string {
	switch e.Kind {
	case event.KindCall:
		if e.Request != nil {
			return e.Request.Method + " " + e.Request.Path
		}
	case event.KindDeploy:
		return e.Title
	case event.KindFiring:
		return firingTitle(e.Firing)
	case event.KindChange, event.KindReset:
		// the line begins with number and time, which the row has columns for
		if _, rest, ok := strings.Cut(e.Line(), " "); ok {
			if _, rest, ok = strings.Cut(rest, " "); ok {
				return rest
			}
		}
	}
	return ""
}

func firingTitle(f *action.Firing) string {
	if f == nil {
		return ""
	}
	return f.Template
}

// weight orders severities; none weighs nothing.
func weight(s finding.Severity) int {
	switch s {
	case finding.Silent:
		return 3
	case finding.Warning:
		return 2
	case finding.Note:
		return 1
	}
	return 0
}

// mark is the glyph, the style and the word of what became of a request.
func (l *look) mark(r *row) (glyph string, s style, word string) {
	switch {
	case r.kind == event.KindEvicted:
		return " ", dim, "lost"
	case r.kind == event.KindCall:
		return l.rejected, bad, "call"
	case r.kind != event.KindDeploy:
		return l.note, dim, string(r.kind)
	case r.fault != "" && !r.spared:
		return l.fault, odd, "fault " + r.fault
	case r.http >= 500:
		return l.fault, odd, "failed"
	}
	switch r.result {
	case deploy.OK:
		return l.ok, good, "ok"
	case deploy.Duplicate:
		return l.duplicate, again, "duplicate_deploy"
	case deploy.NoServiceFound:
		return l.unknown, fresh, "no_service_found"
	}
	return l.rejected, bad, "rejected"
}

// severity is the glyph and style of a finding's severity.
func (l *look) severity(s finding.Severity) (glyph string, st style) {
	switch s {
	case finding.Silent:
		return l.silent, bad
	case finding.Warning:
		return l.warning, again
	}
	return l.note, dim
}
