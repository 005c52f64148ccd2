package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

type replayFlags struct {
	set, remove []string
	to          string
	integration string
	newDedup    bool
	edit        bool
}

// changes says whether the request shall not go out as it was.
func (f replayFlags) changes() bool {
	return len(f.set)+len(f.remove) > 0 || f.to != "" || f.integration != "" || f.newDedup || f.edit
}

func (a *app) replay() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay SEQ",
		Short: "Send a recorded request again, or fire a recorded firing again",
		Long: `replay sends a recorded request again as it was: the same method, path, headers and bytes. It prints the answer as OpsLevel
gives it; what became of the request stands on stderr. The exit code is 1 when the request was refused. A deploy with a
dedup_id is a duplicate when it comes again: --new-dedup-id gives it another.

Not sent again are headers whose values were masked, and those of the connection. --set, --remove and --new-dedup-id
change the fields of a JSON body; --edit opens the body in $VISUAL or $EDITOR, and what is saved is sent: nothing, if it was
not changed or is empty.

Of a firing, the same webhook is fired again in the same context (see bubblelevel firings replay).`,
		Example:           "  bubblelevel replay 12\n  bubblelevel replay 12 --new-dedup-id --set environment=Production\n  bubblelevel replay 12 --edit\n  bubblelevel replay 12 --integration pr-17",
		Args:              exactly(1, "the number of an event"),
		ValidArgsFunction: a.completeReplay,
		RunE:              running(func(cmd *cobra.Command, args []string) error { return a.runReplay(cmd.Context(), f, args[0]) }),
	}
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "set a field: key=value, dotted for nested ones (commit.sha=abc)")
	cmd.Flags().StringArrayVar(&f.remove, "remove", nil, "leave a field out: key, dotted for nested ones")
	cmd.Flags().BoolVar(&f.newDedup, "new-dedup-id", false, "give the deploy a dedup_id of its own")
	cmd.Flags().BoolVar(&f.edit, "edit", false, "edit the body first")
	cmd.Flags().StringVar(&f.to, "to", "", "URL to send to instead")
	cmd.Flags().StringVar(&f.integration, "integration", "", "integration to send to instead: its name or uuid")
	// `integrations create --output env` sets BUBBLELEVEL_INTEGRATION for queries; a replay goes where it came from.
	onlyTyped(cmd.Flags(), "integration")
	cmd.MarkFlagsMutuallyExclusive("to", "integration")
	completeFields(cmd, "=", "set")
	completeFields(cmd, "", "remove")
	_ = cmd.RegisterFlagCompletionFunc("integration", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return a.known(cmd, integrationUUIDs), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func (a *app) runReplay(ctx context.Context, f replayFlags, word string) error {
	seq, err := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 64)
	if err != nil {
		return usage("%q is not the number of an event", word)
	}
	c, err := a.emulator(ctx)
	if err != nil {
		return err
	}
	e, err := c.Event(ctx, seq)
	if err != nil {
		return err
	}
	switch {
	case e.Firing != nil && f.changes():
		return hinted("`bubblelevel firings replay` takes no such flags", "event %d is a firing, which is fired again as it was", seq)
	case e.Firing != nil:
		return a.fireAgain(ctx, c, seq)
	case e.Request == nil:
		return &failure{code: exitRuntime, err: fmt.Errorf("event %d is a %s: there is no request to send again", seq, e.Kind), hint: "`bubblelevel events list kind:deploy` lists deploys"}
	case e.Request.Cut() != "":
		return &failure{code: exitRuntime, err: fmt.Errorf("event %d cannot be sent again: %s", seq, e.Request.Cut()), hint: "send the original: bubblelevel send FILE"}
	}
	base, path, err := f.target(ctx, c, e)
	if err != nil {
		return err
	}
	r := *e.Request
	if send, err := a.changeBody(ctx, f, &r); err != nil || !send {
		return err
	}
	req, masked, err := again(ctx, &r, base, path)
	if err != nil {
		return runtime(err)
	}
	if len(masked) > 0 {
		a.tell("left out, since the record holds them masked: %s", strings.Join(masked, ", "))
	}
	what := "request"
	if e.Kind == event.KindDeploy {
		what = "deploy"
	}
	return a.deliver(c, req, what)
}

// fireAgain fires what was fired.
func (a *app) fireAgain(ctx context.Context, c *client.Client, seq uint64) error {
	out, err := c.ReplayFiring(ctx, seq)
	if err != nil {
		return err
	}
	if err := a.printFired(out); err != nil {
		return err
	}
	return failedFiring(out.Firing)
}

// target is where a request goes: to the path of the same integration here, unless the flags say otherwise.
func (f replayFlags) target(ctx context.Context, c *client.Client, e *event.Event) (base, path string, err error) {
	if f.to != "" {
		return f.to, "", checkTarget(f.to)
	}
	if f.integration != "" {
		to, err := integrationURL(ctx, c, f.integration)
		return to, "", err
	}
	h, err := c.Health(ctx)
	return origin(h.IntegrationURL, c.URL), e.Request.Path, err
}

// integrationURL is the webhook URL of the integration with this uuid or name.
func integrationURL(ctx context.Context, c *client.Client, wanted string) (string, error) {
	all, err := c.Integrations(ctx)
	if err != nil {
		return "", err
	}
	var named []httpapi.Integration
	var names []string
	for _, i := range all {
		if i.UUID == wanted {
			return i.URL, nil
		}
		if i.Name == wanted {
			named = append(named, i)
		}
		if i.Name != "" {
			names = append(names, i.Name)
		}
	}
	switch len(named) {
	case 1:
		return named[0].URL, nil
	case 0:
		hint := yamlfile.DidYouMean(wanted, names)
		if hint == "" {
			hint = "`bubblelevel integrations` lists them"
		}
		return "", &failure{code: exitRuntime, err: fmt.Errorf("there is no integration %q", wanted), hint: hint}
	}
	return "", &failure{code: exitRuntime, err: fmt.Errorf("%d integrations have the name %q", len(named), wanted), hint: "name one by its uuid; `bubblelevel integrations` lists them"}
}

// changeBody does to the body what the flags ask for. send is false where the person left nothing to send.
func (a *app) changeBody(ctx context.Context, f replayFlags, r *event.Request) (send bool, err error) {
	set := f.set
	if f.newDedup {
		set = append([]string{"dedup_id=" + clock.Random{}.UUID()}, set...)
	}
	body, err := changePayload([]byte(r.Body), set, f.remove)
	if err != nil {
		return false, err
	}
	if f.edit {
		suffix := ".txt"
		var shown bytes.Buffer
		if json.Indent(&shown, body, "", "  ") == nil {
			body, suffix = shown.Bytes(), ".json"
		}
		edited, err := a.edit(ctx, body, suffix)
		if err != nil {
			return false, err
		}
		if len(bytes.TrimSpace(edited)) == 0 || bytes.Equal(edited, body) || bytes.Equal(bytes.TrimSuffix(edited, []byte("\n")), body) {
			a.tell("nothing was changed or left, so nothing was sent")
			return false, nil
		}
		body = edited
	}
	r.Body = string(body)
	return true, nil
}

// completeReplay completes the number of an event that can be sent or fired again.
func (a *app) completeReplay(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.known(cmd, recentRequests), cobra.ShellCompDirectiveNoFileComp
}

// offered is how many events a Tab offers.
const offered = 20

// recentRequests are the numbers of the newest events that hold a request, each with its line.
func recentRequests(ctx context.Context, c *client.Client) (found []string) {
	page, err := c.Events(ctx, client.Page{Limit: offered})
	if err != nil {
		return nil
	}
	for _, e := range page.Events {
		if e.Request != nil || e.Firing != nil {
			found = append(found, fmt.Sprintf("%d\t%s", e.Seq, e.Line()))
		}
	}
	return found
}
