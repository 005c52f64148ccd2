package probe

import (
	"encoding/json"
	"strings"
)

// The cures.
const (
	cureShell  = `Put double quotes around the variable ("$MESSAGE"), and give it on with printf '%s' instead of echo.`
	cureSplice = `Never write the text of ${{ ... }}, of #{...} or of a variable into a script: put it in the environment and read it as "$MESSAGE"; write <<'EOF' where nothing shall be expanded.`
	cureJSON   = `Build the JSON with something that writes JSON: jq -n --arg message "$MESSAGE" '{description: $message}', or json.dumps in Python.`
	cureYAML   = `Give the values to opslevel create deploy as flags or as OPSLEVEL_* variables, or write the file with something that writes YAML (yq, json.dumps: JSON is YAML).`
	cureFormat = `Use printf '%s' "$MESSAGE": the first word of printf is a pattern, and must not come from outside.`
	cureBytes  = `Send UTF-8 from end to end (LANG=C.UTF-8; ensure_ascii is harmless), and cut texts by characters and not by bytes.`
	cureLong   = `Give the payload to curl on stdin (--data @-) and not as an argument, and cut long texts to what somebody reads.`
	cureEscape = `Escape the text once, where the JSON or YAML is written.`
	cureRetry  = `Send once for each deploy, with a dedup_id of its own.`
)

// explain names the likely cause and the cure.
func (r *Result) explain(run Run) {
	switch r.Outcome {
	case Unchanged:
	case Trimmed:
		r.Cause = "White space at its ends or the CR of its line ends is gone, as $(...) of a shell leaves it; that is harmless."
	case Shortened:
		r.Cause, r.Cure = "It was cut after "+plural(r.At, "byte")+".", "Nothing to do where that is wanted."
		if strings.HasPrefix(r.put[r.At:], "\n") || strings.HasPrefix(r.put[r.At:], "\r\n") {
			r.Cause = "It was cut at the first line break: only its first line arrives."
		}
	case Twice:
		r.Cause, r.Cure = plural(run.Recorded(), "deploy")+" were recorded.", cureRetry
	case Broken:
		r.Cause, r.Cure = broken(r, run)
	case Failed:
		r.Cause, r.Cure = failed(r, run)
	case Missing:
		r.Cause = "The command ended with 0 and sent no such deploy."
		r.Cure = "Look at what the command does with this value, and let it fail where it cannot send (set -e, curl --fail-with-body)."
	case Misplaced:
		r.Cause, r.Cure = "The value changed "+r.Field+", in which it does not stand: it was read as a part of the YAML or JSON around it.", cureYAML
	case Changed:
		r.Cause, r.Cure = changed(r)
	}
}

func broken(r *Result, run Run) (cause, cure string) {
	e := run.refused()
	if e == nil || e.Request == nil {
		return "The value broke the YAML that the OpsLevel CLI reads: it goes on with nothing but its defaults, and OpsLevel has a deploy of nobody.", cureYAML
	}
	answer := "OpsLevel refuses it (" + rejection(e) + "): "
	if found(e, "sender.broken_yaml") {
		return answer + "the value broke the YAML that the OpsLevel CLI reads, and the CLI goes on with nothing but its defaults.", cureYAML
	}
	body := strings.TrimSpace(e.Request.Body)
	switch {
	case body == "":
		return answer + "what was sent is empty.", cureJSON
	case strings.HasPrefix(body, "{") && !json.Valid([]byte(body)) && e.Request.BodyLength == int64(len(e.Request.Body)):
		return answer + jsonBreak(r.Value), cureJSON
	}
	return answer + "the value took a field of the payload with it.", cureJSON
}

func jsonBreak(value string) string {
	switch value {
	case "double-quote":
		return "a quote ended the JSON string that the value was written into."
	case "newline", "crlf", "trailing-newline":
		return "a line break stands unescaped in a JSON string, and the rest of the payload with it."
	case "backslash":
		return "a backslash in the value was read as an escape of the JSON string that it was written into."
	}
	return "the value was written into JSON as it stands, and what came out is no JSON."
}

func failed(r *Result, run Run) (cause, cure string) {
	if run.TimedOut {
		return "The command did not come to its end in time.", "Look at what the command does with this value; --timeout gives it longer."
	}
	cause = "The command failed with exit code " + number(run.Code) + " and sent no such deploy: the pipeline breaks over this value."
	switch r.Value {
	case "long":
		return cause + " One argument of a program may have 128 KiB.", cureLong
	case "double-quote", "single-quote", "backtick", "command", "markup", "variable", "star":
		return cause + " A script that the value was written into is no script any more.", cureSplice
	case "leading-dash":
		return cause + " A program took it for an option.", cureShell
	}
	return cause, "Look at what the command does with this value."
}

// changed tells by what arrived instead what happened to a value on its way.
func changed(r *Result) (cause, cure string) {
	put, got := r.put, r.arrived
	if cause, cure = executed(r); cause != "" {
		return cause, cure
	}
	switch {
	case got == "":
		return "The field is empty: the value ended the text that it was written into.", cureYAML
	case strings.Contains(got, `\"`) && r.Value == "double-quote", strings.Contains(got, `\n`) && !strings.Contains(put, `\n`),
		strings.Contains(got, `\u`) && !strings.Contains(put, `\u`), r.Value == "backslash" && strings.Contains(got, `\\\\`):
		return "It was escaped once too often: the escapes arrived as a part of it.", cureEscape
	case strings.Contains(got, "&lt;") && r.Value == "markup", strings.Contains(got, "&quot;"), strings.Contains(got, "&#"):
		return "It was escaped for HTML.", cureEscape
	case strings.ContainsRune(got, '\uFFFD') || strings.Contains(got, "Ã") || strings.Contains(got, "?") && !strings.Contains(put, "?"):
		return "Its characters did not arrive as UTF-8.", cureBytes
	}
	return byValue(r)
}

// executed says whether a shell did what the value says.
func executed(r *Result) (cause, cure string) {
	switch {
	case (r.Value == "command" || r.Value == "backtick") && !strings.Contains(r.arrived, "echo"):
		return "A shell ran the command that stands in the value: whoever writes a commit message can run anything in this pipeline.", cureSplice
	case r.Value == "variable" && strings.Contains(r.arrived, expanded), r.Value == "variable" && !strings.Contains(r.arrived, "$"):
		return "A shell, envsubst or a template filled in the variable that the value names.", cureSplice
	}
	return "", ""
}

// byValue is the cause that goes with a value, where what arrived says nothing more.
func byValue(r *Result) (cause, cure string) {
	cutHere := !strings.Contains(r.arrived, r.Carrier.shut()) && r.Value != "trailing-zero"
	switch r.Value {
	case "star":
		return "It went through a shell unquoted: the * became the names of files.", cureShell
	case "spaces":
		return "It went through a shell unquoted: several spaces became one.", cureShell
	case "newline", "crlf":
		if cutHere {
			return "It was cut at a line break.", cureJSON
		}
		return "It went through a shell unquoted, or through a folded YAML text: line breaks became spaces.", cureShell
	case "hash":
		return "YAML or a shell took what follows # for a comment.", cureYAML
	case "colon":
		return `": " in it made YAML see a key where there is none.`, cureYAML
	case "double-quote", "single-quote":
		if cutHere {
			return "A quote ended the text that it was written into: the rest is lost.", cureYAML
		}
		return "Its quotes were taken away or changed, as eval, xargs, an unquoted YAML value or a filter of the sender does.", cureShell
	case "backslash":
		if !strings.Contains(r.arrived, `\u0041`) {
			return "Its backslashes were read as escapes of the JSON or YAML text that it was written into.", cureJSON
		}
		return "Its backslashes were read as escapes, as echo, printf and read without -r do.", cureShell
	case "percent":
		return "printf took it for a pattern.", cureFormat
	case "leading-dash":
		return "A program took its first word for an option, as echo does with -n.", cureShell
	case "trailing-zero":
		return "It was read as a number, and its last 0 is gone: YAML without quotes does that.", "Put quotes around the number in YAML, or give it as a flag."
	case "emoji", "non-bmp":
		return "Its characters did not arrive as UTF-8, or were taken out.", cureBytes
	case "long":
		return "It arrived in part.", cureLong
	}
	return "It is not what was put in.", cureShell
}
