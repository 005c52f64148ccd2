package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/fixtures"
)

type sendFlags struct {
	set, remove []string
	to          string
	contentType string
}

func (a *app) send() *cobra.Command {
	var f sendFlags
	cmd := &cobra.Command{
		Use:   "send [FILE|-]",
		Short: "Post one deploy to the running emulator",
		Long: `send posts one deploy and prints the answer as OpsLevel gives it; what became of the deploy stands on stderr.
Without a file it sends the example of OpsLevel's page with a fresh dedup_id. A file is sent byte for byte, unless
--set or --remove change it. The exit code is 1 when the deploy was refused.`,
		Example: "  bubblelevel send\n  bubblelevel send --set service=cart --set commit.sha=abc --remove dedup_id\n  bubblelevel send deploy.json",
		Args:    atMost(1, "one file, or - for stdin"),
		RunE:    running(func(cmd *cobra.Command, args []string) error { return a.runSend(cmd.Context(), f, args) }),
	}
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "set a field: key=value, dotted for nested ones (commit.sha=abc)")
	cmd.Flags().StringArrayVar(&f.remove, "remove", nil, "leave a field out: key, dotted for nested ones")
	cmd.Flags().StringVar(&f.to, "to", "", "integration URL to post to (default: the emulator's first)")
	cmd.Flags().StringVar(&f.contentType, "content-type", "application/json", "the Content-Type to send")
	completeFields(cmd, "=", "set")
	completeFields(cmd, "", "remove")
	return cmd
}

// check refuses what cannot be sent, before anybody is asked.
func (f sendFlags) check() error {
	if f.to != "" {
		if err := checkTarget(f.to); err != nil {
			return err
		}
	}
	if strings.ContainsAny(f.contentType, "\r\n\x00") {
		return usage("--content-type is one line, not %q", f.contentType)
	}
	return nil
}

// checkTarget refuses what is no URL to send to.
func checkTarget(to string) error {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return hinted("write scheme, host and path: http://127.0.0.1:6775/integrations/deploy/UUID", "--to is a URL, not %q", to)
	}
	return nil
}

func (a *app) runSend(ctx context.Context, f sendFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	payload, err := a.payload(f, args, clock.System{}.Now())
	if err != nil {
		return err
	}
	c, err := a.emulator(ctx)
	if err != nil {
		return err
	}
	if at, clockErr := c.Clock(ctx); len(args) == 0 && clockErr == nil {
		// The example is of now, as the emulator tells it.
		if payload, err = a.payload(f, args, at.Now); err != nil {
			return err
		}
	}
	to := f.to
	if to == "" {
		h, err := c.Health(ctx)
		if err != nil {
			return err
		}
		if to = h.IntegrationURL; to == "" {
			return &failure{code: exitRuntime, err: errors.New("this emulator has no integration to post to"),
				hint: "name one with --to URL, or put one into its fixtures"}
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(payload))
	if err != nil {
		return usage("--to %q is not a URL: %v", to, err)
	}
	req.Header.Set("Content-Type", f.contentType)
	req.Header.Set("User-Agent", "bubblelevel/"+versionText())
	return a.deliver(c, req, "deploy")
}

// maxAnswer bounds how much of an answer is printed, in bytes.
const maxAnswer = 1 << 20

// deliver puts a request on the wire, prints the answer, and says what became of it. The error of an answer that is no
// 2xx says so; what names the request in it.
func (a *app) deliver(c *client.Client, req *http.Request, what string) error {
	resp, err := answering(c.HTTP).Do(req)
	if err != nil {
		return unanswered(req, what, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return unanswered(req, what, err)
	}
	fmt.Fprintf(a.Out, "%s\n", a.harmless(body))
	seq := resp.Header.Get(httpapi.HeaderSeq)
	e := a.explain(req.Context(), c, seq)
	if resp.StatusCode/100 != 2 {
		return a.refused(req.Context(), c, what, resp.StatusCode, seq, e)
	}
	return nil
}

// answering is a client to which a redirect is an answer: following one turns a POST into a GET.
func answering(c *http.Client) *http.Client {
	once := *c
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &once
}

// harmless is an answer as this output may show it: byte for byte, but on a terminal and in a step of GitHub Actions, which
// would obey it.
func (a *app) harmless(body []byte) string {
	if terminal(a.Out) {
		return displayed(string(body))
	}
	return a.forPeople(string(body))
}

// refused is the error of an answer that is no 2xx; seq is the event that the answer names, empty for none, and e that event,
// nil where it could not be read.
func (a *app) refused(ctx context.Context, c *client.Client, what string, status int, seq string, e *event.Event) error {
	f := &failure{code: exitRuntime, err: fmt.Errorf("the %s was refused with HTTP %d", what, status)}
	switch {
	case e != nil && e.Fault != nil:
		f.hint = "`bubblelevel faults` lists the faults in force"
	case e != nil:
		f.hint = fmt.Sprintf("the lines above say why; `bubblelevel events show %d` shows all of it", e.Seq)
	case seq != "": // another emulator's, or one whose token was not given
		f.hint = fmt.Sprintf("`bubblelevel events show %s` says why, with the address and the token of the emulator that answered", shellWord(event.Clean(seq, 20)))
	default:
		f.hint = "the answer above is all that is known: it is not this emulator's"
		if h, err := c.Health(ctx); err == nil && status == http.StatusServiceUnavailable && h.Error != "" {
			f.err = fmt.Errorf("%w: the emulator can record nothing any more: %s", f.err, event.Clean(h.Error, 300))
			f.hint = "free space on the disk or choose another --db, then start it again"
		}
	}
	return f
}

// unanswered is the error of a request that got no whole answer. Where a connection was made somebody listens there, and
// it is not the address that is wrong.
func unanswered(req *http.Request, what string, err error) error {
	if ctxErr := req.Context().Err(); ctxErr != nil {
		return ctxErr
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var network *net.OpError
	if errors.As(err, &network) && network.Op == "dial" {
		return &client.UnreachableError{URL: req.URL.String(), Err: err}
	}
	how := err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		how = "the connection was closed before it came"
	}
	return &failure{code: exitRuntime, err: fmt.Errorf("the %s was sent and got no whole answer: %s", what, how),
		hint: "`bubblelevel events list` shows what arrived, and `bubblelevel faults` whether a fault did this"}
}

// explain says on stderr what became of the request with this event, and returns it; nil where there is none.
func (a *app) explain(ctx context.Context, c *client.Client, seqText string) *event.Event {
	seq, err := strconv.ParseUint(seqText, 10, 64)
	if err != nil {
		return nil // not an emulator's answer
	}
	e, err := c.Event(ctx, seq)
	if err != nil {
		return nil
	}
	fmt.Fprintf(a.Err, "event %d: %s\n", e.Seq, event.Clean(e.Why, 500))
	for _, g := range e.Findings {
		fmt.Fprintf(a.Err, "%s %s: %s %s\n", g.Severity, g.ID, event.Clean(g.Evidence, 300), event.Clean(g.Cure, 300))
	}
	return e
}

// payload is what is sent: the file as it stands, or the sample, with the changes that were asked for; now is the time
// of the sample.
func (a *app) payload(f sendFlags, args []string, now time.Time) ([]byte, error) {
	payload := fixtures.Sample("shopping_cart", clock.Random{}.UUID(), now)
	if len(args) == 1 {
		var err error
		if payload, err = a.readInput(args[0]); err != nil {
			return nil, err
		}
	}
	return changePayload(payload, f.set, f.remove)
}

// changePayload is a payload with fields set and left out; the same bytes where there are none.
func changePayload(payload []byte, set, remove []string) ([]byte, error) {
	if len(set)+len(remove) == 0 {
		return payload, nil
	}
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, usage("--set and --remove need a JSON object to change, and this is none: %v", err)
	}
	for _, key := range remove {
		parent, last, _ := descend(tree, key, false)
		delete(parent, last)
	}
	for _, pair := range set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usage("--set takes key=value, not %q", pair)
		}
		parent, last, err := descend(tree, key, true)
		if err != nil {
			return nil, err
		}
		parent[last] = value
	}
	return json.Marshal(tree)
}

// descend finds the object that holds the last part of a dotted key; with make, it makes the objects on the way.
func descend(tree map[string]any, key string, make bool) (parent map[string]any, last string, err error) {
	parts := strings.Split(key, ".")
	for _, part := range parts[:len(parts)-1] {
		next, ok := tree[part].(map[string]any)
		switch {
		case ok:
		case !make:
			return nil, "", nil
		case tree[part] != nil:
			return nil, "", usage("--set %s: %s is not an object in this payload", key, part)
		default:
			next = map[string]any{}
			tree[part] = next
		}
		tree = next
	}
	return tree, parts[len(parts)-1], nil
}

// readStdin reads stdin to its end, or until somebody at the terminal gives up: a read cannot be called off, so it is left
// to the end of the process.
func (a *app) readStdin(from io.Reader) ([]byte, error) {
	type read struct {
		text []byte
		err  error
	}
	done := make(chan read, 1)
	go func() {
		text, err := io.ReadAll(from)
		done <- read{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-a.interrupted:
		return nil, context.Canceled
	}
}

// maxInput is how much a command reads of a file or of stdin, in bytes: more than the export of all events that a scenario is
// written from, or any deploy that is answered.
const maxInput = 64 << 20

// readInput reads a file, or stdin for "-".
func (a *app) readInput(name string) ([]byte, error) {
	b, err := a.readBounded(name, maxInput+1)
	if err == nil && len(b) > maxInput {
		return nil, hinted("name a smaller one, or a part of it", "%s holds more than %d MiB", name, maxInput>>20)
	}
	return b, err
}
