package tui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/event"
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

func isTerminal(f *os.File) bool {
	i, err := f.Stat()
	return err == nil && i.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}

// runPlain writes a line for each event, with its kind and number first, so that a screen reader can be stopped early.
// It moves no cursor and uses no colour. Lines are read and written by this goroutine alone: a reader that stops holds
// up nobody else.
func runPlain(ctx context.Context, src Source, o Options, why string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if i, err := src.Info(ctx); err == nil {
		fmt.Fprintf(o.Out, "plain lines, %s\nlistening at %s\n", why, i.IntegrationURL)
	}
	if isTerminal(o.In) {
		fmt.Fprintln(o.Out, "commands: send, quit (each with enter)")
		go readCommands(ctx, cancel, src, o)
	}
	gl := asciiGlyphs()
	look := &look{themeNamed("mono"), gl}
	if !o.ASCII && speaksUTF8(environ(o.Env)) {
		look.glyphs = unicodeGlyphs()
	}
	return plainLines(ctx, src, o.Out, look)
}

func plainLines(ctx context.Context, src Source, out io.Writer, look *look) error {
	w := bufio.NewWriter(out)
	var after uint64
	wait := time.Duration(0)
	for pause(ctx, wait) {
		b, err := src.Next(ctx, after, maxBatch)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			if wait == 0 || wait == frame {
				fmt.Fprintf(w, "connection lost: %s\n", look.safe(err.Error(), 300))
			}
			wait = min(max(retryFirst, 2*wait), retryMost)
		} else {
			if wait > frame {
				fmt.Fprintln(w, "connected again")
			}
			wait = frame
		}
		if b.Lost > 0 {
			fmt.Fprintf(w, "lost %d events, which left the window before they could be read\n", b.Lost)
		}
		for _, e := range b.Events {
			after = e.Seq
			fmt.Fprintln(w, plainLine(e, look))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
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

// readCommands reads the few commands of the plain mode, a line each.
func readCommands(ctx context.Context, quit func(), src Source, o Options) {
	in := bufio.NewScanner(o.In)
	for in.Scan() && ctx.Err() == nil {
		switch strings.ToLower(strings.TrimSpace(in.Text())) {
		case "q", "quit", "exit":
			quit()
			return
		case "s", "send":
			if o.Sample == nil {
				fmt.Fprintln(o.Out, "there is no sample to send")
				continue
			}
			a, err := src.Send(ctx, jsonRequest(string(o.Sample())))
			if err != nil {
				fmt.Fprintln(o.Out, "not sent:", err)
				continue
			}
			_, text := verdict(a)
			fmt.Fprintln(o.Out, text)
		}
	}
}
