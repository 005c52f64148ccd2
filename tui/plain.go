package tui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// plainReason says why there are lines instead of screens; empty: there are screens.
func plainReason(o Options) string {
	env := environ(o.Env)
	switch {
	case o.Plain:
		return "because it was asked for"
	case env.get("APP_ACCESSIBLE") != "" || env.get("ACCESSIBLE") != "":
		return "because the environment asks for accessible output"
	case env.get("TERM") == "dumb":
		return "because the terminal is dumb"
	case !isTerminal(o.Out):
		return "because the output is no terminal"
	case !isTerminal(o.In):
		return "because the input is no terminal"
	}
	return ""
}

// plainly is the terminal UI without a screen: lines in, lines out. It is the same ui, whose commands are run one after
// the other by the goroutine that also writes the lines, so that a reader that stops holds up nobody else.
type plainly struct {
	u    *ui
	out  *bufio.Writer
	only query.Query // the lines that are written
	// paused holds the lines back, those of the events after since.
	paused bool
	since  uint64
	quit   bool
}

// runPlain writes a line for each event, with its kind and number first, so that a screen reader can be stopped early,
// and obeys the commands that are typed. It moves no cursor and uses no colour.
func runPlain(ctx context.Context, src Source, o Options, why string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o.Color, o.Theme = "never", "mono"
	p := &plainly{u: newUI(ctx, src, o, nil), out: bufio.NewWriter(o.Out)}
	p.u.wait = func(context.Context, time.Duration) bool { return true }
	u := p.u
	u.lessons.dismiss() // they speak of keys
	p.do(several(u.askInfo(), u.askState(), u.askTemplates(), u.askContexts(), u.askFaults()))
	p.say("plain lines, " + why)
	if u.info.IntegrationURL != "" {
		p.say("listening at " + u.info.IntegrationURL)
	}
	var lines <-chan string
	if o.Plain || isTerminal(o.In) {
		p.say("type help and enter for the commands")
		lines = readLines(ctx, o.In)
	}
	if o.Filter != "" {
		p.obey("filter " + o.Filter)
	}
	return p.follow(ctx, lines, isTerminal(o.In))
}

// follow writes what comes in and obeys what is typed, until ctx ends or the person quits. The end of what is typed
// ends it only on a terminal: a pipe that ends has nothing more to say.
func (p *plainly) follow(ctx context.Context, lines <-chan string, typed bool) error {
	fedBy := make(chan any, 1)
	pull := func(c command) {
		go func() { fedBy <- c() }()
	}
	pull(p.u.feed.pull(ctx, 0, 0))
	for !p.quit {
		if err := p.out.Flush(); err != nil {
			return err
		}
		select {
		case m := <-fedBy:
			if b, ok := m.(fed); ok {
				pull(p.fed(b))
			}
		case line, ok := <-lines:
			if !ok {
				lines, p.quit = nil, typed
				continue
			}
			p.obey(line)
		case <-ctx.Done():
			return nil
		}
	}
	return p.out.Flush()
}

// maxTypedLine bounds one line of commands.
const maxTypedLine = 64 << 10

// readLines reads lines until there are no more; a line that is too long ends it, too.
func readLines(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		s := bufio.NewScanner(in)
		s.Buffer(nil, maxTypedLine)
		for s.Scan() {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// do runs a command and what follows from it, and says what there is to say.
func (p *plainly) do(c command) {
	p.run(c)
	if t := p.u.toast; t.text != "" {
		p.say(t.text)
		p.u.toast = toast{}
	}
}

func (p *plainly) run(c command) {
	if c == nil {
		return
	}
	switch m := c().(type) {
	case nil, tick, quitNow, redraw, suspend, mouseMode, editorRun:
	case batch:
		for _, c := range m {
			p.run(c)
		}
	default:
		p.run(p.u.handle(m))
	}
}

// plainLimit bounds a line that is written, in characters.
const plainLimit = 4000

// say writes one line; nothing in it can leave it, or turn it around.
func (p *plainly) say(text string) {
	fmt.Fprintln(p.out, strings.TrimRight(p.u.look.safe(text, plainLimit), " "))
}

// fed writes what came in, and is the next pull.
func (p *plainly) fed(b fed) command {
	u := p.u
	if b.err != nil {
		if u.offline == nil {
			p.say("connection lost: " + b.err.Error())
		}
		u.disconnected(b)
		return u.feed.retry(u.ctx, u.seen.last, u.retry)
	}
	if u.offline != nil {
		u.offline, u.retry = nil, 0
		p.say("connected again")
		p.do(u.askAgain())
	}
	if b.over {
		u.startOver()
		p.since = 0
		p.do(nil)
	}
	if b.lost > 0 {
		p.say("lost " + commas(int(b.lost)) + " events, which left the window before they could be read")
	}
	u.take(b)
	p.do(several(u.stateIfStale(), u.templatesIfReplaced()))
	for _, e := range b.events {
		p.event(e)
	}
	return u.feed.pull(u.ctx, u.seen.last, frame)
}

// event writes an event, unless it is held back or left out.
func (p *plainly) event(e *event.Event) {
	if !p.paused && p.only.Match(e, p.u.now()) {
		p.say(plainLine(e, &p.u.look))
	}
}

// plainLine is an event in a line: what and which first, then the line of the log, then what OpsLevel would not tell.
func plainLine(e *event.Event, look *look) string {
	rest := e.Line()
	if _, r, ok := strings.Cut(rest, " "); ok {
		rest = r
	}
	line := fmt.Sprintf("%s %d ", e.Kind, e.Seq) + look.safe(rest, 1000)
	for _, f := range e.Findings {
		if f.Severity == "silent" {
			line += "; silent: " + look.safe(f.Evidence, 300)
		}
	}
	return line
}
