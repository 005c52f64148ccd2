package cli

import (
	"context"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/tui"
)

// Both sources of the terminal UI can run service templates.
var (
	_ tui.Firer = (*local)(nil)
	_ tui.Firer = (*remote)(nil)
)

// Templates are those of the account.
func (l *local) Templates(context.Context) ([]action.Template, error) {
	return l.server.Templates(), nil
}

// Fire runs a template.
func (l *local) Fire(ctx context.Context, template string, inputs []action.Input) (uint64, error) {
	out, err := l.server.RunTemplate(ctx, emulator.TemplateRun{Template: template, Inputs: inputs})
	return out.Seq, err
}

// Templates are those of the account.
func (r *remote) Templates(ctx context.Context) ([]action.Template, error) {
	return r.client.Templates(ctx)
}

// Fire runs a template.
func (r *remote) Fire(ctx context.Context, template string, inputs []action.Input) (uint64, error) {
	out, err := r.client.RunTemplate(ctx, httpapi.TemplateRun{Template: template, Inputs: inputs})
	return out.Seq, err
}
