package tui

import (
	"context"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// firingActions run templates and look at what came of it.
func firingActions() []act {
	some := func(u *ui) string {
		if u.firings.chosen() == nil {
			return "there is no firing here"
		}
		return ""
	}
	canFire := func(u *ui) string {
		if _, ok := u.src.(Firer); !ok {
			return "this emulator cannot run templates"
		}
		if len(u.templates) == 0 {
			return "the account has no service templates: L loads a fixture"
		}
		return u.connected()
	}
	return []act{
		{id: "fire", keys: []string{"f"}, short: "fire", help: "run a template: it fires its webhook", group: "Act", on: onServices | onFirings, rank: 3, why: canFire,
			run: func(u *ui) command { return u.chooseTemplate() }},
		{id: "fire-again", keys: []string{"r"}, short: "fire again", help: "run its template again, with these inputs", group: "Act", on: onFirings, rank: 4,
			why: func(u *ui) string {
				if why := some(u); why != "" {
					return why
				}
				if why := canFire(u); why != "" {
					return why
				}
				if u.templateNamed(u.firings.chosen().Template) == nil {
					return "the account no longer has this template"
				}
				return ""
			},
			run: func(u *ui) command {
				x := u.firings.chosen()
				return u.fireForm(*u.templateNamed(x.Template), x.Inputs)
			}},
		{id: "templates", keys: []string{"t"}, short: "templates", help: "templates as written, or what they became", group: "Act", on: onFirings, rank: 5, why: some,
			run: func(u *ui) command { u.firings.templates = !u.firings.templates; return nil }},
		{id: "try", keys: []string{"p"}, short: "try out", help: "to the playground with payload and context", group: "Act", on: onFirings, rank: 6, why: some,
			run: func(u *ui) command {
				seq, x := u.firings.rows.at(), u.firings.chosen()
				return u.playground.replace(func(u *ui) command {
					u.current = 5
					u.zoom(false)
					return u.playground.load(seq, x, action.PartPayload)
				})
			}},
	}
}

func (u *ui) templateNamed(called string) *action.Template {
	for i := range u.templates {
		if u.templates[i].Name == called {
			return &u.templates[i]
		}
	}
	return nil
}

// chooseTemplate asks which template to run, unless there is only one.
func (u *ui) chooseTemplate() command {
	if len(u.templates) == 1 {
		return u.fireForm(u.templates[0], nil)
	}
	var items []choice
	for _, t := range u.templates {
		note := "no webhook"
		if t.Webhook != nil {
			note = t.Webhook.URL
		}
		items = append(items, choice{label: t.Name, note: note, run: func(u *ui) command { return u.fireForm(t, nil) }})
	}
	return u.openSheet(newPicker("which template", items))
}

// fireForm asks for the inputs of a run.
func (u *ui) fireForm(t action.Template, inputs []action.Input) command {
	given, withheld := map[string]string{}, map[string]bool{}
	for _, in := range inputs {
		given[in.Name] = in.Value
		if strings.Contains(in.Value, masked) { // a secret, of which the record has only the mask
			given[in.Name], withheld[in.Name] = "", true
		}
	}
	f := &form{name: "run " + u.look.safe(t.Name, 40), intro: u.look.safe(t.Description, 200)}
	for _, x := range t.Fields {
		value, ok := given[x.Name]
		if !ok {
			value = x.Default
		}
		choices, note := x.Choices, x.Prompt
		if x.Kind == action.Boolean && len(choices) == 0 {
			choices = []string{"true", "false"}
		}
		if x.Required && note == "" {
			note = "needed"
		}
		if withheld[x.Name] {
			note = "was a secret, which is not kept"
		}
		f.fields = append(f.fields, formField{label: x.Name, note: note, choices: choices, edit: newEditor(false, value)})
	}
	if len(f.fields) == 0 {
		return u.fire(t, nil, nil)
	}
	f.run = func(u *ui, values []string) command {
		var in []action.Input
		for i, v := range values {
			name := t.Fields[i].Name
			if withheld[name] && v == "" {
				f.err = "give " + u.look.safe(name, 40) + " again: it was a secret, and the record has only its mask"
				return nil
			}
			in = append(in, action.Input{Name: name, Value: v})
		}
		return u.fire(t, in, f)
	}
	return u.openSheet(f)
}

// fire runs a template; what is wrong with the inputs is said in the form, which stays open until the template has run.
// open is nil for a template without inputs.
func (u *ui) fire(t action.Template, in []action.Input, open *form) command {
	f := u.src.(Firer)
	if open != nil {
		open.err, open.busy = "", true
	}
	u.note(plain, "running "+u.look.safe(t.Name, 40)+" "+u.look.ellipsis)
	return u.run(func(ctx context.Context) (func() command, error) {
		seq, err := f.Fire(ctx, t.Name, in)
		return func() command {
			here := open != nil && u.onTop(open)
			if open != nil {
				open.busy = false
			}
			if err != nil {
				if u.toast = (toast{}); here {
					open.err = err.Error()
				} else {
					u.fail(err)
				}
				return nil
			}
			if here {
				u.closeSheet()
			}
			u.note(good, firedText(t, seq))
			c := u.show(4)
			u.firings.rows.resume()
			return several(c, u.askState(), u.askTemplates())
		}, nil
	})
}

func firedText(t action.Template, seq uint64) string {
	switch {
	case t.Webhook == nil:
		return "the service was made; the template has no webhook, so nothing was fired"
	case seq == 0:
		return "the service was made and the webhook fired"
	}
	return "fired: event " + strconv.FormatUint(seq, 10)
}

// curlOfFiring is the request of a firing as a command.
func curlOfFiring(x *action.Firing) string {
	var b strings.Builder
	target := x.Request.URL
	if x.Request.Target != "" {
		target = x.Request.Target
	}
	b.WriteString("curl -i -X " + x.Request.Method + " " + quoteShell(target))
	for _, h := range x.Request.Headers {
		if h.Value != masked && !strings.EqualFold(h.Name, "Content-Length") && !strings.EqualFold(h.Name, "Host") {
			b.WriteString(" \\\n  -H " + quoteShell(h.Name+": "+h.Value))
		}
	}
	if len(x.Request.Body) > 0 {
		b.WriteString(" \\\n  --data-binary " + quoteShell(string(x.Request.Body)))
	}
	return b.String()
}
