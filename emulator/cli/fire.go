package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// fireFlags are what a firing can be told.
type fireFlags struct {
	inputs, headers   []string
	payload, response string
	to, method, user  string
	context, profile  string
	dryRun, list      bool
	delivery          deliveryFlags
	// override is what is made of them.
	override httpapi.Override
}

// deliveryFlags say where webhooks may be sent to; serve has them too.
type deliveryFlags struct {
	targets []string
	proxy   string
}

func (d *deliveryFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&d.targets, "allow-target", nil, "a host beyond loopback that webhooks may be sent to, with or without a port; repeatable")
	flags.StringVar(&d.proxy, "proxy", "", "the HTTP proxy for webhooks that leave this machine; HTTP_PROXY and its like are ignored")
	flags.SetAnnotation("allow-target", separated, nil) // fails for a flag that is not there only
}

// check refuses what is no host and no proxy.
func (d deliveryFlags) check() error {
	for _, h := range d.targets {
		if h == "" || strings.ContainsAny(h, "/ \t@") {
			return hinted("name a host: ci.example.com, or ci.example.com:8080", "--allow-target is a host, not %q", h)
		}
	}
	if d.proxy != "" && !strings.HasPrefix(d.proxy, "http://") {
		return hinted("write scheme, host and port: http://proxy.example.com:3128", "--proxy is the address of an HTTP proxy, not %q", d.proxy)
	}
	return nil
}

func (a *app) fire() *cobra.Command {
	var f fireFlags
	cmd := &cobra.Command{
		Use:   "fire [TEMPLATE]",
		Short: "Run a service template: create the service and fire its webhook; or fire a payload of your own",
		Long: `fire runs a service template of the running emulator: it checks the inputs, creates the service with its repository,
fires the template's webhook and shows the request that was sent, the answer, and the rendered response. The other
flags stand in place of parts of the webhook, for this run.

Without a template it fires the payload in --payload-file to --to, in the context that --context names. That needs no
emulator; where one is running, it sends and records.

Webhooks go to loopback only, and to hosts that were allowed: with serve --allow-target for the emulator, with
--allow-target here for a payload without a template, which this process then sends itself.

The exit code is 1 when the run was refused or the webhook failed.`,
		Example: `  bubblelevel fire django-boilerplate --input project_name="Django Test"
  bubblelevel fire django-boilerplate --payload-file payload.liquid --to http://127.0.0.1:8080/hook --dry-run
  bubblelevel fire --payload-file payload.liquid --response-file response.liquid --to http://127.0.0.1:8080/hook
  bubblelevel fire --list`,
		Args:              atMost(1, "one template"),
		ValidArgsFunction: a.completeTemplate,
		RunE:              running(func(cmd *cobra.Command, args []string) error { return a.runFire(cmd.Context(), f, args) }),
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.inputs, "input", nil, "an input of the template: name=value; repeatable")
	flags.StringVar(&f.payload, "payload-file", "", "the Liquid payload to send")
	flags.StringVar(&f.response, "response-file", "", "the Liquid response template")
	flags.StringVar(&f.to, "to", "", "the URL to send to; receiver:NAME is the emulator's own receiver")
	flags.StringVar(&f.method, "method", "", "the method of the request (default: the template's, else POST)")
	flags.StringArrayVar(&f.headers, "header", nil, "a header of the request: name=value, Liquid too; repeatable")
	flags.StringVar(&f.user, "user", "", "the e-mail address of who runs the template (default: the account's first user)")
	flags.StringVar(&f.profile, "context-profile", "", "the shape of the context: documented or 2026 (default documented)")
	flags.StringVar(&f.context, "context", "", "without a template: a context by name or a JSON file (default documented)")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would be sent; create and send nothing")
	flags.BoolVar(&f.list, "list", false, "list the templates with their inputs")
	f.delivery.add(cmd)
	completeOrFile(cmd, "context", action.NamedContexts()...)
	complete(cmd, "context-profile", "documented", "2026")
	complete(cmd, "method", action.Methods()...)
	cmd.RegisterFlagCompletionFunc("input", a.completeInput) // fails for a flag that is not there only
	return cmd
}

func (a *app) runFire(ctx context.Context, f fireFlags, args []string) error {
	if err := a.readFire(&f); err != nil {
		return err
	}
	switch {
	case f.list:
		return a.listTemplates(ctx)
	case len(args) == 1:
		return a.fireTemplate(ctx, f, args[0])
	case f.payload == "" || f.to == "":
		return hinted("`bubblelevel fire --list` lists the templates", "name a template, or --payload-file and --to")
	case len(f.inputs) > 0 || f.user != "":
		return usage("--input and --user are for a template: without one, --context says what the payload sees")
	}
	return a.firePayload(ctx, f)
}

// readFire looks at the flags, and reads the files that they name.
func (a *app) readFire(f *fireFlags) error {
	if _, err := action.ParseProfile(f.profile); err != nil {
		return usage("--context-profile is documented or 2026, not %q", f.profile)
	}
	if f.method != "" && !contains(action.Methods(), strings.ToUpper(f.method)) {
		return usage("--method is %s, not %q", orList(action.Methods()), f.method)
	}
	headers := map[string]string{}
	for _, pair := range f.headers {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usage("--header takes name=value, not %q", pair)
		}
		headers[name] = value
	}
	f.override = httpapi.Override{URL: f.to, Method: strings.ToUpper(f.method), Headers: headers}
	for _, file := range []struct {
		name string
		into *string
	}{{f.payload, &f.override.Payload}, {f.response, &f.override.ResponseTemplate}} {
		if file.name == "" {
			continue
		}
		text, err := a.readInput(file.name)
		if err != nil {
			return err
		}
		*file.into = string(text)
	}
	return f.delivery.check()
}

func (a *app) fireTemplate(ctx context.Context, f fireFlags, name string) error {
	if len(f.delivery.targets) > 0 || f.delivery.proxy != "" {
		return hinted("start it with `bubblelevel serve --allow-target HOST`", "the emulator sends the webhook of a template, so --allow-target and --proxy are for serve")
	}
	if f.context != "" {
		return usage("the context of a template is that of the run: --context is for a payload without one, --context-profile chooses the shape")
	}
	r := httpapi.TemplateRun{Template: name, User: f.user, Profile: action.Profile(f.profile), DryRun: f.dryRun, Override: f.override}
	for _, pair := range f.inputs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usage("--input takes name=value, not %q", pair)
		}
		r.Inputs = append(r.Inputs, action.Input{Name: name, Value: value})
	}
	c, err := a.emulator(ctx)
	if err != nil {
		return err
	}
	out, err := c.RunTemplate(ctx, r)
	if err != nil {
		return a.explainRun(ctx, c, err, name)
	}
	if a.output == "json" {
		if err := a.printJSON(out); err != nil {
			return err
		}
	} else if err := a.printRun(out); err != nil {
		return err
	}
	return failedFiring(out.Firing)
}

// explainRun adds the cure to a run that was refused.
func (a *app) explainRun(ctx context.Context, c *client.Client, err error, name string) error {
	var refused *client.Error
	if errors.As(err, &refused) && len(refused.Inputs) > 0 {
		return &failure{code: exitRuntime, err: err, hint: "nothing was created and nothing fired; `bubblelevel fire --list` shows the inputs"}
	}
	err = near(ctx, c, err, name, templateNames)
	var f *failure
	if errors.As(err, &f) && !strings.HasPrefix(f.hint, "did you mean") {
		f.hint = "`bubblelevel fire --list` lists the templates"
	}
	return err
}

// failedFiring is the error of a firing that did not succeed; nil for one that did, and for a template without a webhook.
func failedFiring(f *action.Firing) error {
	if f == nil || f.Result == action.Success || f.Result == action.Pending {
		return nil
	}
	if f.Result == "" { // a dry run is as good as what it would have sent
		for _, p := range f.Problems {
			if p.Severity == action.Error {
				return &failure{code: exitRuntime, err: fmt.Errorf("the webhook would not do what was meant: %s", p.ID), hint: p.Cure}
			}
		}
		return nil
	}
	what := "the webhook failed"
	if f.Response.Status != nil {
		what = fmt.Sprintf("the webhook failed: the answer is HTTP %d", *f.Response.Status)
	} else if f.Error != "" {
		what += ": " + strings.TrimSuffix(f.Error, ".")
	}
	for _, p := range f.Problems {
		if p.Severity == action.Error && p.Cure != "" {
			return &failure{code: exitRuntime, err: errors.New(what), hint: p.Cure}
		}
	}
	return &failure{code: exitRuntime, err: errors.New(what)}
}
