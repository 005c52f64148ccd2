package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator"
	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// sheet is one rendering. Its JSON is that of the control API's render, and what it was rendered with.
type sheet struct {
	Context  string `json:"context"`
	Response string `json:"response,omitempty"`
	Output   string `json:"output"`
	// Error is Ruby's message where the template cannot be rendered.
	Error    *string          `json:"error"`
	Problems []liquid.Problem `json:"problems"`
	Spans    []liquid.Span    `json:"spans"`
	Golden   *goldenCheck     `json:"golden,omitempty"`
}

// sheet renders with masked secrets: the output is shown.
func (b *workbench) sheet(ctx context.Context, template string, seen renderSeen) (sheet, error) {
	in := emulator.LiquidInput{
		Rendering: action.Rendering{Template: template, Context: seen.text, Secrets: b.values, Mask: true},
		Strict:    b.errorMode == "strict", Guess: true, Disputed: true,
	}
	result, err := b.renderer.Liquid(ctx, in)
	s := sheet{Context: seen.context, Response: seen.response, Output: result.Output,
		Problems: append([]liquid.Problem{}, result.Problems...), Spans: append([]liquid.Span{}, result.Spans...)}
	var syntax *liquid.SyntaxError
	var limit *liquid.LimitError
	if ctx.Err() != nil {
		return s, ctx.Err()
	}
	if errors.As(err, &syntax) || errors.As(err, &limit) {
		message := err.Error()
		s.Error = &message
		return s, nil
	}
	if err == nil && len(b.values) > 0 {
		err = b.secretProblems(ctx, in, &s)
	}
	return s, err
}

// secretProblems adds what the mask hides: a secret that breaks the JSON it stands in. Such a problem names no value.
func (b *workbench) secretProblems(ctx context.Context, in emulator.LiquidInput, s *sheet) error {
	in.Mask = false
	result, err := b.renderer.Liquid(ctx, in)
	for _, p := range result.Problems {
		known := slices.ContainsFunc(s.Problems, func(q liquid.Problem) bool {
			return p.ID == q.ID && p.Line == q.Line && p.Column == q.Column
		})
		if !known && strings.HasPrefix(p.ID, "json.") {
			p.Offset = -1 // it is about another output than the one that is shown
			s.Problems = append(s.Problems, p)
		}
	}
	return err
}

// worst is the id of the first error, else of the first warning; empty without either.
func (s sheet) worst() string {
	for _, severity := range []liquid.Severity{liquid.Error, liquid.Warning} {
		for _, p := range s.Problems {
			if p.Severity == severity {
				return p.ID
			}
		}
	}
	return ""
}

// printSheet prints the output and the problems, or the difference to the golden file.
func (a *app) printSheet(b *workbench, name string, s sheet) error {
	if a.output == "json" {
		if err := a.printJSON(s); err != nil {
			return err
		}
		return b.verdict(s)
	}
	text := s.Output
	if s.Golden != nil {
		text = s.Golden.Diff
	} else if terminal(a.Out) && text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n" // or the prompt would follow the output
	}
	if _, err := io.WriteString(a.Out, text); err != nil {
		return err
	}
	for _, p := range s.Problems {
		a.printProblem(name, p)
	}
	if s.Error != nil && len(s.Problems) == 0 {
		fmt.Fprintf(a.Err, "%s: error: %s\n", name, event.Clean(*s.Error, 500))
	}
	if s.Golden != nil && !s.Golden.Equal {
		fmt.Fprintf(a.Err, "%s the output differs from %s\n%s bubblelevel render ... --golden %s --update takes the output over\n",
			a.paint(a.Err, red, "error:"), s.Golden.File, a.paint(a.Err, cyan, "hint:"), s.Golden.File)
	}
	return b.verdict(s)
}

// printProblem prints one problem as compilers do, so that editors find the place, and its cure below.
func (a *app) printProblem(name string, p liquid.Problem) {
	at := name
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", name, p.Line, p.Column)
	}
	severity := string(p.Severity)
	switch p.Severity {
	case liquid.Error:
		severity = a.paint(a.Err, red, severity)
	case liquid.Warning:
		severity = a.paint(a.Err, bold, severity)
	}
	fmt.Fprintf(a.Err, "%s: %s %s: %s\n    %s\n", at, severity, p.ID, event.Clean(p.Message, 500), event.Clean(p.Cure, 500))
}
