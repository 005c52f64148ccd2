package emulator

import (
	"context"
	"errors"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// Render renders for the control API. The error is for what is no question at all; that a template cannot be rendered is
// an answer.
func (s store) Render(ctx context.Context, in httpapi.RenderRequest) (httpapi.RenderAnswer, error) {
	result, err := s.renderer.Liquid(ctx, LiquidInput{
		Rendering: action.Rendering{Template: in.Template, Context: in.Context}, Partials: in.Partials, Strict: in.Strict, Guess: true, Disputed: true,
	})
	var out httpapi.RenderAnswer
	var syntax *liquid.SyntaxError
	var limit *liquid.LimitError
	switch {
	case errors.As(err, &syntax), errors.As(err, &limit):
		message := err.Error()
		out.Error = &message
	case err != nil:
		return out, err
	}
	out.Output = result.Output
	for _, p := range result.Problems {
		out.Problems = append(out.Problems, httpapi.RenderProblem{
			ID: p.ID, Severity: action.Severity(p.Severity), Line: p.Line, Column: p.Column, Template: p.Template,
			Expression: p.Expression, Message: p.Message, Cure: p.Cure, Offset: p.Offset,
		})
	}
	for _, span := range result.Spans {
		out.Spans = append(out.Spans, httpapi.RenderSpan(span))
	}
	return out, nil
}
