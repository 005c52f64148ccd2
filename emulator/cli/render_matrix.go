package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/liquid"
)

// renderMatrix renders with every named context, times every named response where the template reads one, and shows what
// breaks. A context or response that was named by a flag is one row more.
func (a *app) renderMatrix(ctx context.Context, b *workbench, name, template string) error {
	all, err := a.matrixRows(b, template)
	if err != nil {
		return err
	}
	sheets := []sheet{}
	for _, seen := range all {
		s, err := b.sheet(ctx, template, seen)
		if err != nil {
			return err
		}
		sheets = append(sheets, s)
	}
	if err := a.printMatrix(sheets); err != nil {
		return err
	}
	if a.output != "json" {
		a.printOnce(name, sheets)
	}
	return b.matrixVerdict(sheets)
}

func (a *app) matrixRows(b *workbench, template string) (rows []renderSeen, err error) {
	contexts, responses := action.NamedContexts(), []string{""}
	if !contains(contexts, b.context) {
		contexts = append(contexts, b.context)
	}
	if b.response != "" || readsResponse.MatchString(template) {
		responses = action.NamedResponses()
		if b.response != "" && !contains(responses, b.response) {
			responses = append(responses, b.response)
		}
	}
	for _, c := range contexts {
		for _, r := range responses {
			one := *b
			one.context, one.response = c, r
			seen, err := a.renderContext(&one, template)
			if err != nil {
				return nil, err
			}
			rows = append(rows, seen)
		}
	}
	return rows, nil
}

func (a *app) printMatrix(sheets []sheet) error {
	if a.output == "json" {
		return a.printJSON(sheets)
	}
	withResponse := sheets[0].Response != ""
	heading := []string{"CONTEXT", "RESULT", "WHAT"}
	if withResponse {
		heading = []string{"CONTEXT", "RESPONSE", "RESULT", "WHAT"}
	}
	var rows [][]string
	for _, s := range sheets {
		row := []string{s.Context}
		if withResponse {
			row = append(row, s.Response)
		}
		rows = append(rows, append(row, s.state(), s.what()))
	}
	return a.table(heading, rows)
}

// state is a sheet in one word or two.
func (s sheet) state() string {
	if s.Error != nil {
		return "cannot be rendered"
	}
	for _, p := range s.Problems {
		if p.Severity == liquid.Error {
			return "breaks"
		}
	}
	if s.worst() != "" {
		return "warning"
	}
	return "ok"
}

// what are the problems of a sheet with their places, notes aside.
func (s sheet) what() string {
	var all []string
	for _, p := range s.Problems {
		if p.Severity != liquid.Note {
			all = append(all, strings.TrimSpace(fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.ID, p.Expression)))
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, "; ")
}

// printOnce explains each problem of the table once, whatever the number of rows that have it.
func (a *app) printOnce(name string, sheets []sheet) {
	type place struct {
		id           string
		line, column int
	}
	seen := map[place]bool{}
	for _, s := range sheets {
		for _, p := range s.Problems {
			at := place{p.ID, p.Line, p.Column}
			if p.Severity != liquid.Note && !seen[at] {
				seen[at] = true
				a.printProblem(name, p)
			}
		}
	}
}

// matrixVerdict is the exit of a matrix: it is a test, so what breaks fails.
func (b *workbench) matrixVerdict(sheets []sheet) error {
	broken := 0
	for _, s := range sheets {
		if state := s.state(); state != "ok" && (state != "warning" || b.strict) {
			broken++
		}
	}
	if broken == 0 {
		return nil
	}
	return &failure{code: exitRuntime, err: fmt.Errorf("the template breaks in %d of %d renderings", broken, len(sheets)),
		hint: "--context NAME shows one of them whole"}
}
