package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
)

// onGitHub says whether this is a step of GitHub Actions.
func (a *app) onGitHub() bool { return a.Getenv("GITHUB_ACTIONS") == "true" }

// maxAnnotations is how many annotations GitHub shows of one step.
const maxAnnotations = 10

// annotation is what GitHub shows of one thing that is wrong; with a file, at its line.
type annotation struct {
	// level is error or warning.
	level, title, text string
	file               string
	line, column       int
}

// annotate prints an annotation for each thing that is wrong, on stderr, since stdout belongs to the command that was
// run, and adds the report to the summary of the job. Nobody asked for that file by name, and in a container the variable
// often names one that is not there: that it cannot be written is said, and fails nothing.
func (a *app) annotate(r reported) {
	for i, n := range r.annotations() {
		if i == maxAnnotations {
			break
		}
		at := ""
		if n.file != "" {
			at = "file=" + property(n.file) + ","
		}
		if n.line > 0 {
			at += fmt.Sprintf("line=%d,col=%d,", n.line, n.column)
		}
		fmt.Fprintln(a.Err, "::"+n.level+" "+at+"title="+property(n.title)+"::"+message(n.text))
	}
	if err := a.jobSummary(r); err != nil {
		a.tell("bubblelevel: note: the summary of the job is not written: %v", err)
	}
}

// annotations are those of a command or of one expectation.
func (r *report) annotations() (all []annotation) {
	add := func(level, title, text string) { all = append(all, annotation{level: level, title: title, text: text}) }
	for _, l := range r.Lost {
		add("error", "deploy lost: "+l.Findings[0].ID, findingsLine(l))
	}
	for _, v := range r.Expectations {
		if !v.Met() && len(r.Lost) == 0 {
			add("error", "deploy expectation "+strings.ReplaceAll(string(v.Outcome), "_", " "), v.Why)
		}
	}
	for _, l := range r.Warnings {
		level := "warning"
		if r.strict {
			level = "error"
		}
		add(level, "deploy: "+l.Findings[0].ID, findingsLine(l))
	}
	return all
}

func findingsLine(l expect.Loss) string {
	f := l.Findings[0]
	return fmt.Sprintf("event %d: %s %s Cure: %s", l.Seq, f.Evidence, f.Explanation, f.Cure)
}

// message escapes the text of a workflow command, and property the value of one of its properties. What others have
// written cannot end the command, nor begin another.
func message(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(neutral(event.Clean(s, 2000)))
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(message(s))
}

// neutral takes from a text what a runner would obey: "::" at the start of a line, and "##[" anywhere (the older form,
// which Azure Pipelines and TeamCity have as "##vso[" and "##teamcity[").
func neutral(s string) string {
	return strings.NewReplacer("::", ": :", "##", "# #").Replace(s)
}

// neutralLines is neutral for a text of several lines that is printed as it stands.
func neutralLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "##", "# #"), "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			lines[i] = neutral(line)
		}
	}
	return strings.Join(lines, "\n")
}

// jobSummary adds the report to the file that GitHub shows as Markdown below the job.
func (a *app) jobSummary(r reported) error {
	path := a.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(r.markdown())
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// markdown is the report as a heading, a sentence and tables.
func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### bubblelevel %s: %s\n\n%s\n\n", r.Command, strings.ReplaceAll(string(r.Verdict), "_", " "), inert(r.Summary))
	b.WriteString("| expectation | verdict | why |\n| --- | --- | --- |\n")
	for _, v := range r.Expectations {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", inert(expectationName(v)), strings.ReplaceAll(string(v.Outcome), "_", " "), inert(v.Why))
	}
	for _, group := range []struct {
		name string
		all  []expect.Loss
	}{{"lost", r.Lost}, {"warning", r.Warnings}} {
		if len(group.all) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n| %s | event | evidence | cure |\n| --- | --- | --- | --- |\n", group.name)
		for i, l := range group.all {
			if i == maxRows {
				fmt.Fprintf(&b, "| | | and %d more | |\n", len(group.all)-i)
				break
			}
			f := l.Findings[0]
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.ID, inert(l.Line), inert(f.Evidence), inert(f.Cure))
		}
	}
	return b.String() + "\n"
}

// maxRows is how many rows a table of the summary has.
const maxRows = 50

// inert makes a text show as it stands in Markdown: no markup, no HTML, no mention, no link, no end of the cell. It is
// code, in which nothing becomes a link, and all of its punctuation is written as entities.
func inert(s string) string {
	var b strings.Builder
	b.WriteString("<code>")
	for _, r := range event.Clean(s, 1000) {
		if r < 0x80 && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != ' ' {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteString("</code>")
	return b.String()
}
