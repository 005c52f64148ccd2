package cli

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// firePayload fires a payload of one's own: through the running emulator, which records it, else from this process.
func (a *app) firePayload(ctx context.Context, f fireFlags) error {
	seen, err := a.fireContext(f)
	if err != nil {
		return err
	}
	o := f.override
	webhook := action.Webhook{}
	o.Apply(&webhook)
	var out httpapi.FiringAnswer
	c, err := a.emulator(ctx)
	if here := len(f.delivery.targets) > 0 || f.delivery.proxy != ""; here || err != nil && a.url == "" {
		out, err = a.fireHere(ctx, f, webhook, seen)
	} else if err == nil {
		headers := map[string]any{}
		for name, value := range o.Headers {
			headers[name] = value
		}
		source := action.WebhookSource{URL: o.URL, Method: o.Method, Headers: headers, Payload: o.Payload, ResponseTemplate: o.ResponseTemplate}
		out, err = c.FireWebhook(ctx, httpapi.WebhookFiring{Webhook: source, Context: json.RawMessage(seen.JSON()), DryRun: f.dryRun})
	}
	if err != nil {
		return err
	}
	if err := a.printFired(out); err != nil {
		return err
	}
	return failedFiring(out.Firing)
}

// fireContext is what a payload without a template sees.
func (a *app) fireContext(f fireFlags) (action.Context, error) {
	name := f.context
	if name == "" {
		if name = f.profile; name == "" {
			name = string(action.Documented)
		}
	}
	if contains(action.NamedContexts(), name) {
		return action.NamedContext(name)
	}
	text, err := a.readInput(name)
	if err != nil {
		return action.Context{}, hinted("the names are "+orList(action.NamedContexts()), "--context is a name or a file: %w", err)
	}
	c, err := action.ParseContext(text)
	if err != nil {
		return c, hinted("it is a JSON object, as `bubblelevel firings show SEQ --output json` has under context", "--context %s: %w", name, err)
	}
	return c, nil
}

// fireHere fires from this process, and records nothing.
func (a *app) fireHere(ctx context.Context, f fireFlags, w action.Webhook, c action.Context) (out httpapi.FiringAnswer, err error) {
	s, err := emulator.New(emulator.Config{AllowTargets: f.delivery.targets, Proxy: f.delivery.proxy, Version: versionText()})
	if err != nil {
		return out, err
	}
	defer s.Close()
	if strings.HasPrefix(w.URL, "receiver:") {
		return out, hinted(startHint, "%s is the receiver of a running emulator, and none was found", w.URL)
	}
	fired, _, err := s.FireWebhook(ctx, w, c, f.dryRun)
	return httpapi.FiringAnswer{DryRun: f.dryRun, Firing: &fired}, err
}
