package cli

import (
	"fmt"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/expect"
	"github.com/bubblelevel/bubblelevel/emulator/finding"
)

// summary is the run in a sentence, for somebody who has not slept.
func (j *judge) summary(r *report, end ending) string {
	switch {
	case end.timedOut:
		return "The command still ran at the end of --timeout and was ended, so it cannot be told what it would have sent. " + arrived(r) + "."
	case end.code != 0:
		return "The command failed. " + arrived(r) + "."
	case j.nothing(r) && r.Requests == 0:
		return "The command ended well and sent nothing at all: OpsLevel would have no deploy."
	case len(r.Lost) > 0:
		return "The command ended well, and yet OpsLevel would not have what was sent. " + arrived(r) + "."
	}
	for _, v := range r.Expectations {
		if !v.Met() {
			return "The command ended well, and yet its deploys are not as expected. " + v.Why
		}
	}
	switch {
	case j.strict && len(r.Warnings) > 0:
		return "The deploys arrived, with " + count(len(r.Warnings), "request") + " to be warned of, which --strict does not allow."
	case r.Verdict == expect.Incomplete:
		gap := j.audit.Evicted()
		return fmt.Sprintf("The command sent more than could be looked at: the events %d to %d are gone.", gap.From, gap.To)
	}
	return arrived(r) + "."
}

// arrived is "1 deploy was recorded, and 2 were lost".
func arrived(r *report) string {
	were := func(n int) string {
		if n == 1 {
			return "was"
		}
		return "were"
	}
	lost := "none was lost"
	if n := len(r.Lost); n > 0 {
		lost = fmt.Sprintf("%d %s lost", n, were(n))
	}
	if r.Recorded == 0 {
		return "No deploy was recorded, and " + lost
	}
	return fmt.Sprintf("%s %s recorded, and %s", count(r.Recorded, "deploy"), were(r.Recorded), lost)
}

// text is what a person reads after the run. Nothing, where there is nothing to say.
func (j *judge) text(r *report, end ending, catalogue string) string {
	var b strings.Builder
	if r.Verdict == expect.Met && end.code == exitOK {
		for _, l := range r.Warnings {
			fmt.Fprintf(&b, "bubblelevel: warning: event %d: %s\n", l.Seq, oneLine(l.Findings[0]))
		}
		return b.String()
	}
	if end.code != exitOK && !end.timedOut && r.Verdict == expect.Met || j.silentAbout(r, end) {
		return ""
	}
	fmt.Fprintf(&b, "\nbubblelevel: %s\n", r.Summary)
	if j.nothing(r) && end.code == exitOK {
		b.WriteString("\n" + expect.FindingText(j.nothingSent()))
	}
	for i, l := range r.Lost {
		if i == maxTold {
			fmt.Fprintf(&b, "\n%d more are lost; --report-json lists them all.\n", len(r.Lost)-i)
			break
		}
		b.WriteString("\n" + l.Text())
	}
	for i, v := range r.Expectations {
		if v.Met() || j.implied && i == 0 {
			continue
		}
		v.Lost = nil // told above
		b.WriteString("\n" + v.Text())
	}
	j.warnings(&b, r)
	for _, l := range r.Lost {
		if l.Findings[0].ID == "silent.unknown_alias" && catalogue != "" {
			fmt.Fprintf(&b, "\nThe services there are, are those of %s. For others, --fixtures names more files, --allow %s permits it.\n",
				catalogueName(catalogue), l.Findings[0].ID)
			break
		}
	}
	return b.String() + "\n"
}

// silentAbout says whether the last line says it all: a command that failed by itself owes nobody a deploy, unless
// somebody asked for one.
func (j *judge) silentAbout(r *report, end ending) bool {
	return end.code != exitOK && !end.timedOut && j.implied && len(r.Lost) == 0 && len(r.Expectations) == 1
}

// catalogueName is where the list of services comes from, without what else its note says.
func catalogueName(note string) string {
	note, _, _ = strings.Cut(note, "; ")
	return event.Clean(strings.TrimPrefix(strings.TrimPrefix(note, "fixtures: "), "using "), 300)
}

// maxTold is how many losses are told at length.
const maxTold = 5

func (j *judge) warnings(b *strings.Builder, r *report) {
	told := map[uint64]bool{}
	for _, l := range r.Lost {
		told[l.Seq] = true
	}
	for _, l := range r.Warnings {
		if !told[l.Seq] {
			fmt.Fprintf(b, "\nwarning: %s\n%s", l.Line, expect.FindingText(l.Findings[0]))
		}
	}
}

func oneLine(f finding.Finding) string { return f.ID + ": " + f.Evidence + " " + f.Cure }

// lastLine says whose the exit code is, and why.
func lastLine(r *report, end ending) string {
	code := fmt.Sprintf("exit code %d is ", r.ExitCode)
	switch {
	case end.timedOut:
		return code + "bubblelevel's: the command still ran at the end of --timeout"
	case end.signal != "":
		return code + "the command's: it was ended by " + end.signal
	case end.code != 0:
		return code + "the command's own; " + lowerFirst(arrived(r))
	case r.Verdict == expect.Met:
		return code + "the command's own; " + lowerFirst(arrived(r)) + unchecked(r)
	case r.Verdict == expect.Incomplete:
		return code + "bubblelevel's: the verdict is incomplete; the command itself ended with 0"
	}
	return code + "bubblelevel's: the deploys are not as expected; the command itself ended with 0"
}

// unchecked says that nobody could tell whether the aliases are right.
func unchecked(r *report) string {
	if r.uncheckedAliases == 0 {
		return ""
	}
	return " (aliases not checked: no list of services; --fixtures names one)"
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
