package tui

import (
	"context"
	"strings"
	"testing"
	"time"
)

// desk is a ui without a program: commands are run at once, one after the other, so that a test is a script and nothing
// waits. The one command that waits for the future, the feed's, is pulled by the test.
type desk struct {
	t   testing.TB
	u   *ui
	src *fake
}

func newDesk(t testing.TB, src *fake, w, h int, change ...func(*Options)) *desk {
	t.Helper()
	o := Options{Now: src.clock, Sample: newSample(), Dir: t.TempDir(), Env: []string{"LANG=C.UTF-8", "TERM=xterm-256color"}}
	for _, c := range change {
		c(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	d := &desk{t: t, u: newUI(ctx, src, o, nil), src: src}
	d.u.wait = func(context.Context, time.Duration) bool { return true }
	d.u.handle(resized{w, h})
	u := d.u
	d.do(several(u.askNew(), u.askInfo(), u.askState(), u.askTemplates(), u.askContexts(), u.askFaults()))
	d.pull()
	if o.Filter != "" {
		d.do(u.screen().words().apply(o.Filter))
	}
	return d
}

// do runs a command and what follows from it.
func (d *desk) do(c command) {
	if c == nil {
		return
	}
	switch m := c().(type) {
	case nil:
	case batch:
		for _, c := range m {
			d.do(c)
		}
	case tick, quitNow, redraw, suspend, mouseMode, editorRun:
	default:
		d.do(d.u.handle(m))
	}
}

// pull takes what the journal holds, as the feed would.
func (d *desk) pull() {
	for {
		b, err := d.src.Events(context.Background(), d.u.seen.last, maxBatch)
		if err != nil {
			d.u.disconnected(fed{err: err})
			return
		}
		if len(b.Events) == 0 {
			break
		}
		m := fed{events: b.Events, lost: b.Lost}
		for _, e := range b.Events {
			m.rows = append(m.rows, d.u.feed.maker.row(e))
		}
		d.u.offline = nil
		d.u.take(m)
		d.do(several(d.u.stateIfStale(), d.u.templatesIfReplaced(), d.u.faultsIfStruck()))
	}
	d.do(d.u.needs())
}

// press presses keys by their names: "j", "enter", "ctrl+d"; "type:words" types a text.
func (d *desk) press(names ...string) *desk {
	for _, n := range names {
		if typed, ok := strings.CutPrefix(n, "type:"); ok {
			d.do(d.u.handle(keysOf([]rune(typed), false)))
		} else {
			k := key{name: n}
			if r := []rune(n); len(r) == 1 {
				k.text = n
			}
			if n == "space" {
				k.text = " "
			}
			d.do(d.u.handle([]key{k}))
		}
		d.pull()
	}
	return d
}

// screen is what the person sees, without colours.
func (d *desk) screen() string {
	lines := d.u.lines()
	for i, l := range lines {
		lines[i] = strings.TrimRight(bareText(l), " ")
	}
	return strings.Join(lines, "\n")
}

// bareText is a line without its SGR sequences.
func bareText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\x1b' {
			for i < len(s) && s[i] != 'm' {
				i++
			}
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (d *desk) shows(texts ...string) *desk {
	d.t.Helper()
	s := d.screen()
	for _, want := range texts {
		if !strings.Contains(s, want) {
			d.t.Fatalf("the screen does not show %q:\n%s", want, s)
		}
	}
	return d
}

// busy is an emulator that has seen a little of everything.
func busy() *fake {
	f := newFake()
	envs := []string{"Production", "Staging", "QA"}
	services := []string{"shopping_cart", "checkout", "payments-api", "search", "cart"}
	for i := range 60 {
		f.post("service", services[i%5], "environment", envs[i%3], "dedup_id", "run-"+string(rune('a'+i%26))+string(rune('0'+i/26)))
	}
	f.post("service", "shopping_cart", "environment", "Staging", "dedup_id", "build-2231")
	f.post("service", "shopping_cart", "environment", "Production", "dedup_id", "build-2231")
	f.post("service", "checkout", "dedup_id", "run-b0")
	f.post("service", "checkout", "environment", "QA", "dedup_id", "run-b0")
	f.post("service", "shoping_cart", "environment", "Production")
	f.post("service", "shoping_cart", "environment", "Staging")
	f.post("service", "legacy-monolith")
	f.raw(`{"service": "shopping_cart", "description": "v1", "deployedAt": "2019-02-01 13:28:33", "deployer": "Michael"}`)
	f.raw(`{"service": "shopping_cart", "description": "Merge "fix" into main", }`)
	f.post("description", nil)
	f.post("service", "search", "environment", "production")
	if _, err := f.Fire(context.Background(), "Django Boilerplate", nil); err != nil {
		panic(err)
	}
	return f
}

func contextWithCancel() (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background())
}
