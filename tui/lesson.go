package tui

import (
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// lessons lead a person who has just started through a suggestion, a duplicate and a firing. Each is a line above the
// hints, and the sample that s sends is the one that the lesson is about.
type lessons struct {
	step      int // 0: nothing was sent yet
	dismissed bool
	old       bool // the journal was not empty: nobody needs lessons
	first     string
	last      string
}

const (
	lessonStart = iota
	lessonSuggestion
	lessonAccept
	lessonDuplicate
	lessonFiring
	lessonsOver
)

func (l *lessons) showing() bool {
	return !l.dismissed && !l.old && l.step > lessonStart && l.step < lessonsOver
}

// teaches says whether there is a lesson on the screen; that of the firing needs a template to run.
func (u *ui) teaches() bool {
	return u.lessons.showing() && (u.lessons.step != lessonFiring || len(u.templates) > 0)
}

func (l *lessons) dismiss() { l.dismissed = true }

// text is what the lesson says.
func (l *lessons) text() string {
	switch l.step {
	case lessonSuggestion:
		return "1 of 3  Press s: it sends a deploy with a misspelt alias. OpsLevel answers 202 to that too."
	case lessonAccept:
		return "1 of 3  Press 3, and there b: the alias goes to the service that was meant. a makes a service of it."
	case lessonDuplicate:
		return "2 of 3  Press s: it sends the first dedup_id again, for Staging. Then 2 shows what OpsLevel dropped."
	case lessonFiring:
		return "3 of 3  Press 5 and then f: a template makes a service and fires its webhook. 6 tries templates out."
	}
	return ""
}

// took moves on when what the lesson is about has come in.
func (l *lessons) took(r *row) {
	switch {
	case r.kind == event.KindFiring && l.step == lessonFiring:
		l.step = lessonsOver
	case r.kind != event.KindDeploy:
	case l.step == lessonStart && r.result == deploy.OK:
		l.step = lessonSuggestion
	case (l.step == lessonStart || l.step == lessonSuggestion) && r.result == deploy.NoServiceFound:
		l.step = lessonAccept
	case l.step == lessonDuplicate && r.result == deploy.Duplicate:
		l.step = lessonFiring
	}
}

// decided is called when a suggestion was accepted, bound or ignored.
func (l *lessons) decided() {
	if l.step == lessonAccept {
		l.step = lessonDuplicate
	}
}

// payload is the sample for the lesson.
func (l *lessons) payload(u *ui) string {
	body := string(u.sample())
	if l.step == lessonStart {
		body = string(u.welcome())
	}
	n, err := parseJSON(body)
	if err != nil || n.kind != '{' || l.old || l.dismissed {
		l.last = "a sample"
		return body
	}
	l.last = "a sample"
	switch l.step {
	case lessonStart:
		l.first = textOf(n.get("dedup_id"))
	case lessonSuggestion:
		l.last = "a sample with a misspelt alias"
		n.set("service", &node{kind: '"', text: misspelt(textOf(n.get("service")))})
	case lessonDuplicate:
		if l.first != "" {
			l.last = "the first dedup_id again, for Staging"
			n.set("dedup_id", &node{kind: '"', text: l.first})
			n.set("environment", &node{kind: '"', text: "Staging"})
		}
	}
	return n.indented()
}

func (l *lessons) sent() string { return l.last }

func textOf(n *node) string {
	if n == nil {
		return ""
	}
	return n.text
}

// misspelt leaves out one of two equal letters, or the second letter.
func misspelt(s string) string {
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1] && s[i] < 0x80 {
			return s[:i] + s[i+1:]
		}
	}
	if len(s) > 3 && s[1] < 0x80 && s[0] < 0x80 {
		return s[:1] + s[2:]
	}
	return s + "x"
}

// empty is the first screen: where to post to, and a command that works as it stands.
func (d *deploys) empty(w int) doc {
	var out doc
	u := d.u
	g := &u.look.glyphs
	if d.filter.active() || u.seen.requests > 0 {
		out.add()
		out.add(seg{plain, "  No request answers the filter"}, seg{dim, "   esc clears it, \\ switches it off for a moment"})
		return out
	}
	out.add()
	if u.info.IntegrationURL == "" {
		out.add(seg{plain, "  Connecting to the emulator."})
		return out
	}
	out.add(seg{bold, "  No deploys yet. The emulator is listening."})
	out.add()
	out.add(seg{plain, "  Send the first one ("}, seg{bold, "y c"}, seg{plain, " copies this command, "}, seg{bold, "s"}, seg{plain, " sends it for you):"})
	out.add()
	for i, line := range strings.Split(u.welcomeCurl(), "\n") {
		if i == 0 && len(line)+4 > w { // the address has to be read whole: it gets a line of its own
			out.add(seg{text, "    curl -i \\"})
			out.add(seg{text, u.info.IntegrationURL + " \\"})
			continue
		}
		out.add(seg{text, "    " + line})
	}
	out.add()
	out.prose(g, seg{plain, "  "}, plain, "You will see the answer, why it is that, and what OpsLevel would not tell the sender.", w-2)
	out.add()
	out.add(seg{bold, "  4"}, seg{plain, " the services there are   "}, seg{bold, "6"}, seg{plain, " try out a template   "}, seg{bold, "?"}, seg{plain, " all keys"})
	out.add(seg{bold, "  L"}, seg{plain, " load a fixture   "}, seg{bold, "S"}, seg{plain, " run a scenario"})
	return out
}

// welcomeCurl is the sample as a command over a few lines.
func (u *ui) welcomeCurl() string {
	n, err := parseJSON(string(u.welcome()))
	if err != nil || n.kind != '{' {
		return curlOf(u.info.IntegrationURL, string(u.welcome()))
	}
	var pairs []string
	for _, k := range n.kids {
		if k.key == "commit" || k.key == "deploy_url" || k.key == "deploy_number" {
			continue
		}
		if k.key == "deployer" && k.get("name") != nil {
			k = &node{kind: '{', key: k.key, kids: []*node{k.get("name")}}
		}
		pairs = append(pairs, quoteJSON(k.key)+": "+k.compact())
	}
	var b strings.Builder
	b.WriteString("curl -i " + event.ShellQuote(u.info.IntegrationURL) + " \\\n  -H 'Content-Type: application/json' -d '{")
	for i, p := range pairs {
		b.WriteString("\n    " + strings.ReplaceAll(p, "'", `'\''`))
		if i < len(pairs)-1 {
			b.WriteByte(',')
		}
	}
	b.WriteString(" }'")
	return b.String()
}

// welcome is the sample of the first screen; it stays the same while the screen does.
func (u *ui) welcome() []byte {
	if u.lessons.first == "" {
		s := u.sample()
		if n, err := parseJSON(string(s)); err == nil {
			u.lessons.first = textOf(n.get("dedup_id"))
		}
		u.deploys.greeting = s
	}
	if u.deploys.greeting == nil {
		u.deploys.greeting = u.sample()
	}
	return u.deploys.greeting
}

func curlOf(address, body string) string {
	return "curl -i " + event.ShellQuote(address) + " -H 'Content-Type: application/json' -d " + event.ShellQuote(body)
}
