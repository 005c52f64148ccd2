package tui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// faultActions make the emulator fail, and end it.
func faultActions() []act {
	return []act{
		{id: "faults", keys: []string{"x"}, short: "faults", help: "make the emulator fail on purpose", group: "Act", on: onAll, rank: 11, why: (*ui).noFaults,
			run: func(u *ui) command { return several(u.askFaults(), u.faultMenu()) }},
		{id: "faults-off", keys: []string{"X"}, short: "faults off", help: "end every fault", group: "Act", on: onAll,
			why: func(u *ui) string {
				if why := u.noFaults(); why != "" {
					return why
				}
				if len(u.faults) == 0 {
					return "no fault is in force"
				}
				return ""
			},
			run: func(u *ui) command { return u.faultsOff() }},
	}
}

func (u *ui) noFaults() string {
	if _, ok := u.src.(Breaker); !ok {
		return "this emulator has no faults to inject"
	}
	return u.connected()
}

// faultMenu lists what can go wrong, with what is in force.
func (u *ui) faultMenu() command {
	b := u.src.(Breaker)
	m := &menu{name: "faults", intro: "What is done to requests instead of answering them well, and to which: one kind at a time."}
	if len(u.faults) > 0 {
		m.choices = append(m.choices, choice{key: "0", label: "end all of them", note: u.inForce(), run: (*ui).faultsOff})
	}
	for i, k := range b.FaultKinds() {
		key := strconv.Itoa((i + 1) % 10)
		if i >= 9 {
			key = string(rune('a' + i - 9))
		}
		first, _, _ := strings.Cut(k.Doc, ". ")
		m.choices = append(m.choices, choice{key: key, label: k.Name, note: strings.TrimSuffix(first, "."), run: func(u *ui) command { return u.faultForm(k) }})
	}
	for _, f := range u.faults {
		m.choices = append(m.choices, choice{label: "end " + f.ID, note: f.told(), run: func(u *ui) command { return u.endFault(f.ID) }})
	}
	return u.openSheet(m)
}

// inForce counts the faults, and those that will strike again.
func (u *ui) inForce() string {
	on := 0
	for _, f := range u.faults {
		if f.Left != 0 {
			on++
		}
	}
	return commas(on) + " in force, " + commas(len(u.faults)-on) + " over"
}

// told says what a fault has done and will do.
func (f Fault) told() string {
	s := "hit " + commas(f.Hit)
	switch {
	case f.Left > 0:
		s += ", " + commas(f.Left) + " left"
	case f.Left == 0:
		s += ", over"
	}
	if f.Query != "" {
		s += ", only " + f.Query
	}
	return s
}

// faultForm asks for how often, where, and the settings of the kind.
func (u *ui) faultForm(k FaultKind) command {
	example := "a query such as service:cart; nothing: every request"
	if e := u.selected(); e != nil && e.Alias != "" {
		example = "a query such as " + query.Is(query.Service, e.Alias).String() + "; nothing: every request"
	}
	f := &form{name: "fault: " + k.Name, intro: k.Doc, fields: []formField{
		{label: "requests", note: "how many; nothing: until it is ended", edit: newEditor(false, "1")},
		{label: "only", note: example, edit: newEditor(false, "")},
	}}
	for _, s := range k.Settings {
		f.fields = append(f.fields, formField{label: strings.ReplaceAll(s, "_", " "), note: "nothing: as described", edit: newEditor(false, "")})
	}
	f.run = func(u *ui, values []string) command {
		o := FaultOrder{Kind: k.Name, Query: strings.TrimSpace(values[1]), Settings: map[string]string{}}
		for i, s := range k.Settings {
			if v := strings.TrimSpace(values[2+i]); v != "" {
				o.Settings[s] = v
			}
		}
		if n := strings.TrimSpace(values[0]); n != "" {
			first, err := strconv.Atoi(n)
			if err != nil || first < 1 {
				f.err = "requests: a number from 1, or nothing"
				return nil
			}
			o.First = first
		}
		return u.inject(o, f)
	}
	return u.openSheet(f)
}

// inject puts a fault into force; what is wrong with it is said in the form, which stays open.
func (u *ui) inject(o FaultOrder, open *form) command {
	b := u.src.(Breaker)
	open.err, open.busy = "", true
	return u.run(func(ctx context.Context) (func() command, error) {
		err := b.AddFault(ctx, o)
		return func() command {
			if open.busy = false; err != nil {
				open.err = err.Error()
				return nil
			}
			u.leave(open)
			return u.askFaults()
		}, nil
	})
}

func (u *ui) endFault(id string) command {
	return u.changeFaults("the fault "+id+" is over", func(ctx context.Context, b Breaker) error { return b.RemoveFault(ctx, id) })
}

func (u *ui) faultsOff() command {
	return u.changeFaults("no fault is in force", func(ctx context.Context, b Breaker) error { return b.ClearFaults(ctx) })
}

func (u *ui) changeFaults(said string, do func(ctx context.Context, b Breaker) error) command {
	b := u.src.(Breaker)
	return u.run(func(ctx context.Context) (func() command, error) {
		if err := do(ctx, b); err != nil {
			return nil, err
		}
		return func() command {
			u.note(good, u.look.safe(said, 80))
			return u.askFaults()
		}, nil
	})
}

// injected names the faults that are in force, for the status line; empty for none.
func (u *ui) injected() string {
	on := slices.DeleteFunc(slices.Clone(u.faults), func(f Fault) bool { return f.Left == 0 })
	if len(on) == 0 {
		return ""
	}
	s := " " + u.look.fault + " FAULT " + u.look.safe(on[0].Kind, 24)
	if on[0].Left > 0 {
		s += " x" + commas(on[0].Left)
	}
	if len(on) > 1 {
		s += " +" + commas(len(on)-1)
	}
	return s + " "
}

// faultOf is the kind of the fault that was injected into what an event tells; empty for none. spared says that OpsLevel
// has seen the request all the same.
func faultOf(e *event.Event) (kind string, spared bool) {
	if e.Fault != nil {
		return e.Fault.Kind, e.Fault.Judged
	}
	if e.Firing != nil {
		for _, a := range e.Firing.Attempts {
			if a.Fault != nil {
				return a.Fault.Kind, true
			}
		}
	}
	return "", false
}
