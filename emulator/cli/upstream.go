package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/relay"
)

// upstreamFlags say where deploys go on to; serve and exec have them.
type upstreamFlags struct {
	url     string
	allow   []string
	timeout time.Duration
	report  string
}

func (f *upstreamFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.url, "upstream", "", "a real OpsLevel integration URL: deploys go on there, and its answer counts; a secret, so better in "+variable("upstream"))
	flags.StringArrayVar(&f.allow, "allow-upstream", nil, "the host that --upstream may name, such as app.opslevel.com; repeatable")
	flags.DurationVar(&f.timeout, "upstream-timeout", relay.DefaultTimeout, "how long one answer of the upstream may take")
	flags.StringVar(&f.report, "drift-report", "", "write each difference between the real answers and the emulator's to this file, one JSON object a line")
	flags.SetAnnotation("allow-upstream", separated, nil) // fails for a flag that is not there only
}

// check looks at the flags that can be found wrong by themselves. The URL is judged where it is used.
func (f upstreamFlags) check() error {
	for _, h := range f.allow {
		if h == "" || strings.ContainsAny(h, "/ \t@") {
			return hinted("name a host: app.opslevel.com", "--allow-upstream is a host without scheme and path")
		}
	}
	if f.url != "" && f.timeout <= 0 { // probe has none of these flags
		return usage("--upstream-timeout is more than 0, not %s", f.timeout)
	}
	if f.report != "" && f.url == "" {
		return hinted("name the real integration with --upstream URL", "--drift-report needs --upstream: without a real answer there is nothing to compare")
	}
	return nil
}

// apply puts the flags into a configuration. The report is nil without an upstream; it is to be opened and closed.
func (f upstreamFlags) apply(a *app, c *emulator.Config, redact bool) *driftReport {
	if f.url == "" {
		return nil
	}
	c.Upstream, c.AllowUpstream, c.UpstreamTimeout = f.url, f.allow, f.timeout
	d := &driftReport{app: a, path: f.report, clean: func(s string) string { return s }}
	if redact {
		d.clean = newSecrets(os.Environ()).text
	}
	c.OnDrift = d.add
	return d
}

// open opens the file of the report, if one was named: empty (anew), or to go on behind what is there. It holds whole
// requests, so it is for its owner alone; a link is replaced or refused, and never followed.
func (d *driftReport) open(anew bool) error {
	if d == nil || d.path == "" {
		return nil
	}
	path := d.app.under(d.path)
	err := os.MkdirAll(filepath.Dir(path), 0o777)
	at, absent := os.Stat(path)
	switch device := absent == nil && !at.Mode().IsRegular(); {
	case err != nil:
	case device:
		d.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	case anew:
		d.file, err = createAnew(path, forOwner)
	default:
		d.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND|noFollow, forOwner)
	}
	if err != nil {
		return fmt.Errorf("the drift report cannot be written: %w", err)
	}
	return nil
}

// driftReport tells of each difference: in a line on stderr and, where a file was named, in an object of it.
type driftReport struct {
	app   *app
	path  string
	clean func(string) string
	// mu guards the rest: the end may come while an answer is still under way.
	mu   sync.Mutex
	file *os.File
	err  error
}

// driftLine is one line of the report.
type driftLine struct {
	Version    int       `json:"version"`
	Seq        uint64    `json:"seq"`
	ReceivedAt time.Time `json:"received_at"`
	// Upstream is the host that was asked.
	Upstream string         `json:"upstream"`
	Request  *event.Request `json:"request"`
	// Ours is what the emulator would have said, Theirs what the real OpsLevel said.
	Ours        event.Answer       `json:"ours"`
	Theirs      event.Answer       `json:"theirs"`
	Differences []event.Difference `json:"differences"`
}

func (d *driftReport) add(e *event.Event) {
	d.app.tell("%s", driftText(e))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.file == nil || d.err != nil {
		return
	}
	u := e.Upstream
	b, err := json.Marshal(driftLine{
		Version: 1, Seq: e.Seq, ReceivedAt: e.At, Upstream: u.Host, Request: e.Request, Ours: u.Here,
		Theirs:      event.Answer{HTTP: u.HTTP, Result: e.Result, Message: e.Message, Title: e.Title, Detail: e.Detail, Body: u.Body},
		Differences: u.Drift,
	})
	if err == nil {
		_, err = d.file.Write(append(redactJSON(b, d.clean), '\n'))
	}
	if d.err = err; err != nil {
		d.app.tell("the drift report cannot be written any more: %v", err)
	}
}

// close ends the report; the error is the first that kept something out of it. A nil report has none.
func (d *driftReport) close() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.file == nil {
		return nil
	}
	err := errors.Join(d.err, d.file.Close())
	d.file = nil
	if err != nil {
		return fmt.Errorf("the drift report is not whole: %w", err)
	}
	return nil
}

// driftText is a difference in one line. The bodies are left to `events show` unless nothing else differs.
func driftText(e *event.Event) string {
	drift := slices.Clone(e.Upstream.Drift)
	if len(drift) > 1 {
		drift = slices.DeleteFunc(drift, func(d event.Difference) bool { return d.Field == relay.FieldBody })
	}
	parts := make([]string, len(drift))
	for i, d := range drift {
		parts[i] = fmt.Sprintf("%s is %s here and %s there", d.Field, shown(d.Ours), shown(d.Theirs))
	}
	return fmt.Sprintf("drift: event %d: %s", e.Seq, strings.Join(parts, "; "))
}

func shown(s string) string {
	if s == "" {
		return "nothing"
	}
	return event.Clean(s, 120)
}
