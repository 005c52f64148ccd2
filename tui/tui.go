// Package tui is the terminal UI: deploys as they come in and why each was answered so, duplicates, suggestions,
// services, firings, and a playground for templates. [Run] shows any [Source]; nothing here knows whether the emulator
// is in this process or elsewhere.
//
// There is one model, ui. Its screens are plain structs: no model lies inside another, and no screen sends a message to
// another. What takes time is a command outside of the update loop. Drawing is a pure function of the state and the size,
// and only what is on the screen is formatted. Actions are data: one table makes keys, hints, help, palette and README.
// Only this file knows Bubble Tea.
package tui

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	_ "github.com/bubblelevel/bubblelevel/tui/quiet" // keeps Bubble Tea from questioning the terminal
)

// Run shows src on the terminal until ctx ends or the person quits. Without a terminal, or where the person asked for
// it, it writes plain lines instead.
func Run(ctx context.Context, src Source, o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	if why := plainReason(o); why != "" {
		return runPlain(ctx, src, o, why)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &terminal{out: o.Out}
	u := newUI(ctx, src, o, t)
	u.mouse = wantsMouse(o, u.env)
	return show(ctx, newProgram(u, t, o))
}

// endPatience is how long a terminal that no longer reads can hold up the end.
const endPatience = 2 * time.Second

// show runs the program; the end of ctx ends it even where the terminal no longer takes what is written to it.
func show(ctx context.Context, p *tea.Program) error {
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run()
		ended <- err
	}()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		patience := time.NewTimer(endPatience)
		defer patience.Stop()
		select {
		case err = <-ended:
		case <-patience.C:
		}
	}
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}

func newProgram(u *ui, t *terminal, o Options) *tea.Program {
	opts := []tea.ProgramOption{
		tea.WithContext(u.ctx), tea.WithInput(o.In), tea.WithOutput(t), tea.WithAltScreen(),
		tea.WithFPS(framesPerSecond(u.env)), tea.WithoutSignalHandler(), tea.WithEnvironment(o.Env),
	}
	if u.mouse {
		opts = append(opts, tea.WithMouseCellMotion())
	}
	return tea.NewProgram(program{u}, opts...)
}

// complete puts the defaults in.
func (o Options) complete() (Options, error) {
	if o.Now == nil {
		return o, errors.New("tui: Options.Now is needed")
	}
	if o.In == nil {
		o.In = os.Stdin
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	if o.Env == nil {
		o.Env = os.Environ()
	}
	return o, nil
}

// program is the model as Bubble Tea wants it.
type program struct{ u *ui }

// Init asks for what is shown first.
func (p program) Init() tea.Cmd { return p.adapt(p.u.start()) }

// Update hands a message to the ui in its own words.
func (p program) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		return p, p.adapt(p.u.handle(resized{m.Width, m.Height}))
	case tea.KeyMsg:
		return p, p.adapt(p.u.handle(keysFrom(m)))
	case tea.MouseMsg:
		if x, ok := mouseFrom(m); ok {
			return p, p.adapt(p.u.handle(x))
		}
		return p, nil
	case tea.ResumeMsg:
		return p, tea.ClearScreen
	}
	return p, p.adapt(p.u.handle(msg))
}

// View is the screen.
func (p program) View() string { return strings.Join(p.u.lines(), "\n") }

// adapt makes a command of Bubble Tea's out of one of ours.
func (p program) adapt(c command) tea.Cmd {
	if c == nil {
		return nil
	}
	return func() tea.Msg { return p.message(c()) }
}

// message is a message in Bubble Tea's words, where it has to act itself.
func (p program) message(msg any) tea.Msg {
	switch m := msg.(type) {
	case batch:
		all := make(tea.BatchMsg, 0, len(m))
		for _, c := range m {
			all = append(all, p.adapt(c))
		}
		return all
	case quitNow:
		return tea.QuitMsg{}
	case suspend:
		return tea.SuspendMsg{}
	case redraw:
		return tea.ClearScreen()
	case mouseMode:
		if m {
			return tea.EnableMouseCellMotion()
		}
		return tea.DisableMouse()
	case editorRun:
		return tea.ExecProcess(m.cmd, func(err error) tea.Msg { return m.done(err) })()
	}
	return msg
}

func keysFrom(m tea.KeyMsg) []key {
	if m.Type == tea.KeyRunes && !m.Alt {
		return keysOf(m.Runes, m.Paste)
	}
	if m.Type == tea.KeySpace && !m.Alt {
		return []key{runeKey(' ')}
	}
	name := m.String()
	if m.Alt && m.Type == tea.KeyRunes && name != "alt+b" && name != "alt+f" {
		// esc and a key that arrived together: nothing else here is bound to alt
		return append([]key{{name: "esc"}}, keysOf(m.Runes, false)...)
	}
	return []key{{name: name}}
}

func mouseFrom(m tea.MouseMsg) (mouse, bool) {
	x := mouse{x: m.X, y: m.Y}
	switch {
	case m.Button == tea.MouseButtonWheelUp:
		x.wheel = -1
	case m.Button == tea.MouseButtonWheelDown:
		x.wheel = 1
	case m.Button != tea.MouseButtonLeft || m.Action != tea.MouseActionPress:
		return x, false
	}
	return x, true
}
