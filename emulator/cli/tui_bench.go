package cli

import (
	"context"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/clock"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/tui"
)

// liquidBench renders templates in this process, wherever the emulator is: nothing about it needs an account.
type liquidBench struct{ renderer *emulator.Renderer }

func newLiquidBench() liquidBench { return liquidBench{emulator.NewRenderer(clock.System{})} }

// Contexts are those that there are without a firing.
func (w liquidBench) Contexts(context.Context) ([]tui.NamedContext, error) {
	var all []tui.NamedContext
	for _, name := range action.NamedContexts() {
		c, err := action.NamedContext(name)
		if err != nil {
			return nil, err
		}
		all = append(all, tui.NamedContext{Name: name, JSON: c.JSON()})
	}
	return all, nil
}

// Render renders a template in a context.
func (w liquidBench) Render(ctx context.Context, template string, contextJSON []byte) (action.Rendered, error) {
	return w.renderer.Try(ctx, template, contextJSON)
}

// Templates are the service templates of the account.
func (l *local) Templates(context.Context) ([]action.Template, error) {
	return l.server.Templates(), nil
}

// Fire runs a service template.
func (l *local) Fire(ctx context.Context, template string, inputs []action.Input) (uint64, error) {
	out, err := l.server.RunTemplate(ctx, httpapi.TemplateRun{Template: template, Inputs: inputs})
	return out.Seq, err
}

// Templates are the service templates of the account.
func (r *remote) Templates(ctx context.Context) ([]action.Template, error) {
	return r.client.Templates(ctx)
}

// Fire runs a service template.
func (r *remote) Fire(ctx context.Context, template string, inputs []action.Input) (uint64, error) {
	out, err := r.client.RunTemplate(ctx, httpapi.TemplateRun{Template: template, Inputs: inputs})
	return out.Seq, err
}
