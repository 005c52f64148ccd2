package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bubblelevel/bubblelevel/emulator/action"
	"github.com/bubblelevel/bubblelevel/emulator/client"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/httpapi"
)

// How many lines of a part one screen shows; --output json has all.
const (
	mostSent     = 18
	mostAnswered = 10
	mostRendered = 8
	mostProblems = 6
)

// printRun shows what a template run made.
func (a *app) printRun(out httpapi.TemplateRunAnswer) error {
	verb := "was created"
	if out.DryRun {
		verb = "would be created"
	}
	what := fmt.Sprintf("service %s (%s) %s", out.Service.Slug, out.Service.Name, verb)
	if out.Outputs.RepoURL != "" {
		what += ", with " + out.Outputs.RepoURL
	}
	if err := a.say("%s", what); err != nil {
		return err
	}
	if out.Firing == nil {
		for _, p := range out.Problems {
			fmt.Fprint(a.Out, problemText(p))
		}
		return a.say("nothing was fired: the template has no webhook")
	}
	return a.printFiring(out.Firing, out.Seq)
}

// printFired shows a firing by itself.
func (a *app) printFired(out httpapi.FiringAnswer) error {
	if a.output == "json" {
		return a.printJSON(out)
	}
	return a.printFiring(out.Firing, out.Seq)
}

// printFiring shows a firing in one screen: what was sent, what was answered, what was made of it, and what is wrong.
func (a *app) printFiring(f *action.Firing, seq uint64) error {
	var b strings.Builder
	head := func(text string) { b.WriteString("\n" + a.paint(a.Out, bold, text) + "\n") }
	to := f.Request.URL
	if f.Request.Target != "" && f.Request.Target != to {
		to += "  (" + f.Request.Target + ")"
	}
	head("request  " + event.Clean(f.Request.Method+" "+to, 300))
	for _, h := range f.Request.Headers {
		b.WriteString("  " + event.Clean(h.Name+": "+h.Value, 160) + "\n")
	}
	block(&b, string(f.Request.Body), mostSent)
	if f.Result == "" {
		b.WriteString("\n" + event.Clean(f.Error, 300) + "\n")
		problems(&b, f.Problems)
		_, err := io.WriteString(a.Out, a.forPeople(b.String()))
		return err
	}
	last := lastAttempt(f)
	head("response " + answerText(f, last))
	if last.Response != nil {
		for _, h := range last.Response.Headers {
			b.WriteString("  " + event.Clean(h.Name+": "+h.Value, 160) + "\n")
		}
		block(&b, string(last.Response.Body), mostAnswered)
	}
	if f.RenderedResponse != "" || f.Webhook.ResponseTemplate != "" {
		head("rendered response")
		block(&b, f.RenderedResponse, mostRendered)
	}
	problems(&b, f.Problems)
	b.WriteString("\n" + string(f.Result) + closing(seq) + "\n")
	_, err := io.WriteString(a.Out, a.forPeople(b.String()))
	return err
}

func closing(seq uint64) string {
	if seq == 0 {
		return ""
	}
	return fmt.Sprintf("  (event %d; `bubblelevel firings show %d --output json` has the whole)", seq, seq)
}

func lastAttempt(f *action.Firing) (last action.Attempt) {
	if n := len(f.Attempts); n > 0 {
		last = f.Attempts[n-1]
	}
	return last
}

// answerText is the first line of an answer, or why there is none.
func answerText(f *action.Firing, last action.Attempt) string {
	text := "none. " + f.Error
	if f.Response.Status != nil {
		text = fmt.Sprintf("%d", *f.Response.Status)
		if last.Response != nil && last.Response.Reason != "" {
			text += " " + last.Response.Reason
		}
	}
	if n := len(f.Attempts); n > 0 {
		text += fmt.Sprintf("  (%s", time.Duration(last.Timings.Total).Round(10*time.Microsecond))
		if n > 1 {
			text += fmt.Sprintf(", attempt %d", n)
		}
		text += ")"
	}
	return event.Clean(text, 400)
}

// block writes a text indented, at most so many lines of it.
func block(b *strings.Builder, text string, most int) {
	text = strings.TrimRight(text, "\r\n")
	if text == "" {
		return
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i == most {
			fmt.Fprintf(b, "  … %d more lines\n", len(lines)-i)
			return
		}
		b.WriteString("  " + event.Clean(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    "), 200) + "\n")
	}
}

func problems(b *strings.Builder, all []action.Problem) {
	if len(all) == 0 {
		return
	}
	b.WriteString("\n")
	for i, p := range all {
		if i == mostProblems {
			fmt.Fprintf(b, "… %d more problems\n", len(all)-i)
			return
		}
		b.WriteString(problemText(p))
	}
}

// problemText is one problem, with its cure on a second line.
func problemText(p action.Problem) string {
	at := p.Part
	if p.Line > 0 {
		at += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	text := fmt.Sprintf("%s %s %s: %s\n", p.Severity, at, p.ID, event.Clean(p.Message, 300))
	if p.Cure != "" {
		text += "  cure: " + event.Clean(p.Cure, 300) + "\n"
	}
	return text
}

func (a *app) listTemplates(ctx context.Context) error {
	c, err := a.emulator(ctx)
	if err != nil {
		return err
	}
	all, err := c.Templates(ctx)
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.printJSON(all)
	}
	var rows [][]string
	for _, t := range all {
		var fields []string
		for _, f := range t.Fields {
			text := f.Name + "=" + f.Default
			if f.Required {
				text = f.Name + " (required)"
			}
			fields = append(fields, text)
		}
		hook := ""
		if t.Webhook != nil {
			hook = t.Webhook.URL
		}
		rows = append(rows, []string{t.Name, orDash(hook), orDash(strings.Join(fields, ", "))})
	}
	return a.tableOr("no service template", []string{"TEMPLATE", "WEBHOOK", "INPUTS"}, rows)
}

func templateNames(ctx context.Context, c *client.Client) (found []string) {
	all, err := c.Templates(ctx)
	if err != nil {
		return nil
	}
	for _, t := range all {
		found = append(found, t.Name)
	}
	return found
}

// completeTemplate completes the name of a template.
func (a *app) completeTemplate(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.known(cmd, templateNames), cobra.ShellCompDirectiveNoFileComp
}

// completeInput completes an input of the template that was named.
func (a *app) completeInput(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	fields := func(ctx context.Context, c *client.Client) (found []string) {
		all, err := c.Templates(ctx)
		if err != nil || len(args) == 0 {
			return nil
		}
		for _, t := range all {
			for _, f := range t.Fields {
				if t.Name != args[0] {
					continue
				}
				found = append(found, f.Name+"=")
				for _, choice := range f.Choices {
					found = append(found, f.Name+"="+choice)
				}
			}
		}
		return found
	}
	return a.known(cmd, fields), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
