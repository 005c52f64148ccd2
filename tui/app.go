package tui

import (
	"context"
	"strconv"
)

// appActions are about the terminal UI and the emulator as a whole.
func appActions() []act {
	t := []act{
		{id: "palette", keys: []string{":", "ctrl+p"}, short: "commands", help: "every command, by its name", group: "Terminal UI", on: onAll, rank: 30,
			run: func(u *ui) command { return u.palette() }},
		{id: "help", keys: []string{"?"}, short: "help", help: "the keys of this screen", group: "Terminal UI", on: onAll, rank: 31,
			run: func(u *ui) command { return u.openSheet(&help{edit: newEditor(false, "")}) }},
		{id: "reset", keys: []string{"C"}, short: "reset", help: "back to the fixtures; forget every deploy", group: "Act", on: onAll,
			why: func(u *ui) string {
				if _, ok := u.src.(Resetter); !ok {
					return "this emulator cannot be reset from here"
				}
				return u.connected()
			},
			run: func(u *ui) command {
				return u.openSheet(&confirm{question: "Reset puts the account back to its fixtures. All deploys, suggestions, firings and dedup ids are forgotten, for every client of this emulator.", yes: "reset", run: (*ui).reset})
			}},
		{id: "mouse", keys: []string{"v"}, short: "mouse", help: "mouse on or off; off selects text again", group: "Terminal UI", on: onAll,
			run: func(u *ui) command {
				u.mouse = !u.mouse
				on := u.mouse
				u.note(plain, map[bool]string{true: "the mouse scrolls and clicks; shift and drag selects text", false: "the mouse selects text"}[on])
				return func() any { return mouseMode(on) }
			}},
		{id: "redraw", keys: []string{"ctrl+l"}, short: "redraw", help: "draw the screen anew", group: "Terminal UI", on: onAll,
			run: func(u *ui) command { return func() any { return redraw{} } }},
		{id: "suspend", keys: []string{"ctrl+z"}, short: "suspend", help: "back to the shell; fg returns", group: "Terminal UI", on: onAll,
			run: func(u *ui) command { return func() any { return suspend{} } }},
		{id: "quit", keys: []string{"q", "ctrl+c"}, short: "quit", help: "quit", group: "Terminal UI", on: onAll,
			run: func(u *ui) command { return u.askQuit() }},
		{id: "next-screen", keys: []string{"]"}, short: "next", help: "the next screen", group: "Terminal UI", on: onAll,
			run: func(u *ui) command { return u.show(u.current + 1) }},
		{id: "previous-screen", keys: []string{"["}, short: "previous", help: "the screen before", group: "Terminal UI", on: onAll,
			run: func(u *ui) command { return u.show(u.current - 1) }},
	}
	for i, n := range []string{"deploys", "duplicates", "suggestions", "services", "firings", "playground"} {
		t = append(t, act{id: n, keys: []string{strconv.Itoa(i + 1)}, short: n, help: "the screen of the " + n, group: "Terminal UI", on: onAll,
			run: func(u *ui) command { return u.show(i) }})
	}
	t[len(t)-1].help = "the screen to try templates out"
	return t
}

// messages that only the program understands
type (
	quitNow   struct{}
	redraw    struct{}
	suspend   struct{}
	mouseMode bool
)

// askQuit asks only while a server would stop.
func (u *ui) askQuit() command {
	if !u.info.StopsServer {
		return u.quit()
	}
	q := "Quit stops the emulator on " + u.look.safe(hostOf(u.info.IntegrationURL), 60) + "."
	if n := u.seen.rate.perSecond(); n > 0 {
		q += " Requests are coming in."
	}
	return u.openSheet(&quitSheet{confirm{question: q, yes: "quit", run: (*ui).quit}})
}

// quitSheet is the question before the end; another ctrl+c is a yes.
type quitSheet struct{ confirm }

func (c *quitSheet) key(u *ui, k key) command {
	if k.name == "ctrl+c" {
		k.name = "y"
	}
	return c.confirm.key(u, k)
}

func (u *ui) quit() command { return func() any { return quitNow{} } }

func (u *ui) reset() command {
	r := u.src.(Resetter)
	return u.run(func(ctx context.Context) (func() command, error) {
		if err := r.Reset(ctx); err != nil {
			return nil, err
		}
		return func() command {
			u.note(good, "the account is back to its fixtures")
			return u.askState()
		}, nil
	})
}
