package tui

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/query"
)

// keepActions copy and export.
func keepActions() []act {
	return []act{
		{id: "copy", keys: []string{"y"}, short: "copy", help: "copy as body, curl, query, scenario, ...", group: "Copy and keep", on: onAll, rank: 5,
			run: func(u *ui) command { return u.copyMenu() }},
		{id: "copy-again", keys: []string{"Y"}, short: "copy again", help: "copy in the same form as the last time", group: "Copy and keep", on: onAll,
			why: func(u *ui) string {
				if u.lastCopy == "" {
					return "nothing was copied yet"
				}
				return ""
			},
			run: func(u *ui) command { return u.copyAs(u.lastCopy) }},
		{id: "export", keys: []string{"e"}, short: "export", help: "write the marked rows, or all, to a file", group: "Copy and keep", on: onDeploys | onDuplicates | onFirings, rank: 10, why: (*ui).nothingHere,
			run: func(u *ui) command { return u.export() }},
		{id: "export-account", keys: []string{"e"}, short: "export", help: "write what is listed to a file", group: "Copy and keep", on: onSuggestions | onServices, rank: 10, why: (*ui).noAccountExport,
			run: func(u *ui) command { return u.exportAccount() }},
		{id: "scenario", keys: []string{"E"}, short: "scenario", help: "write the marked rows as a scenario", group: "Copy and keep", on: onDeploys,
			why: (*ui).noScenario, run: func(u *ui) command { return u.scenario(false) }},
	}
}

// copyKinds are the forms in which something can be copied.
func (u *ui) copyKinds() []choice {
	e := u.selected()
	none := ""
	if e == nil || e.Request == nil && e.Firing == nil {
		none = "there is no request here"
	}
	noRequest := ""
	if e == nil || e.Request == nil {
		noRequest = "there is no request here"
	}
	noEvent := ""
	if e == nil {
		noEvent = "there is nothing here"
	}
	scenario := u.noScenario()
	if u.screen() == u.firings {
		scenario = "a scenario is made of deploys"
	}
	kinds := []choice{
		{key: "b", label: "body", why: none},
		{key: "c", label: "curl command", why: u.noCommand(e, none)},
		{key: "h", label: "HTTPie command", why: u.noCommand(e, noRequest)},
		{key: "g", label: "Go test", why: noRequest},
		{key: "r", label: "response", why: none},
		{key: "d", label: "dedup_id", why: noText(u.dedupOf(e))},
		{key: "q", label: "query that finds this", why: noText(u.queryOf(e))},
		{key: "s", label: "scenario", why: scenario},
		{key: "j", label: "event as JSON", why: noEvent},
	}
	switch u.screen() {
	case u.suggested, u.catalogue:
		kinds = []choice{{key: "a", label: "alias", why: noText(u.aliasHere())}}
	case u.playground:
		kinds = []choice{{key: "t", label: "template"}, {key: "o", label: "output"}, {key: "p", label: "path in braces", why: noText(u.playground.tree.path())}, {key: "x", label: "context"}}
	case u.deploys:
		if u.seen.requests == 0 {
			kinds = []choice{{key: "c", label: "curl command"}, {key: "b", label: "body"}}
		}
	}
	kinds = append(kinds, choice{key: "u", label: "integration URL"}, choice{key: "k", label: "what the pane shows"})
	for i := range kinds {
		k := kinds[i].key
		kinds[i].run = func(u *ui) command { return u.copyAs(k) }
		if kinds[i].why == "" && k != "s" {
			kinds[i].note = u.preview(k)
		}
	}
	return kinds
}

// noCommand says why an event cannot be a command.
func (u *ui) noCommand(e *event.Event, none string) string {
	switch {
	case none != "":
		return none
	case strings.Contains(u.eventText(e, "b"), "\x00"):
		return "no shell can pass a NUL on, which this body holds"
	}
	return ""
}

func noText(s string) string {
	if s == "" {
		return "there is none here"
	}
	return ""
}

func (u *ui) preview(kind string) string {
	s := u.textFor(kind)
	return commas(len(s)) + " bytes"
}

func (u *ui) copyMenu() command {
	return u.openSheet(&menu{name: "copy as", choices: u.copyKinds()})
}

// copyAs copies in one form.
func (u *ui) copyAs(kind string) command {
	u.lastCopy = kind
	if kind == "s" {
		return u.scenario(true)
	}
	s := u.textFor(kind)
	if s == "" {
		u.note(again, "there is nothing to copy in this form")
		return nil
	}
	return u.copy(s)
}

func (u *ui) dedupOf(e *event.Event) string {
	if e == nil || e.Deploy == nil {
		return ""
	}
	return e.Deploy.DedupID
}

func (u *ui) queryOf(e *event.Event) string {
	if e == nil {
		return ""
	}
	q, err := query.New(query.Of(e, query.Alias, query.Environment, query.DeployNumber, query.Dedup, query.Result)...)
	if err != nil || q.Empty() {
		return ""
	}
	return q.String()
}

func (u *ui) aliasHere() string {
	if u.screen() == u.suggested {
		if x := u.suggested.chosen(); x != nil {
			return x.Alias
		}
		return ""
	}
	if s := u.catalogue.chosen(); s != nil {
		return s.Slug
	}
	return ""
}

// textFor is what is copied.
func (u *ui) textFor(kind string) string {
	e := u.selected()
	switch kind {
	case "u":
		return u.info.IntegrationURL
	case "k":
		return u.paneText()
	case "a":
		return u.aliasHere()
	case "d":
		return u.dedupOf(e)
	case "q":
		return u.queryOf(e)
	}
	if u.screen() == u.playground {
		return u.playText(kind)
	}
	if e == nil {
		return map[string]string{"c": u.welcomeCurl(), "b": string(u.welcome())}[kind]
	}
	return u.eventText(e, kind)
}

func (u *ui) playText(kind string) string {
	p := u.playground
	switch kind {
	case "t":
		return p.edit.String()
	case "o":
		return p.result.done.Output
	case "p":
		return "{{ " + p.tree.path() + " }}"
	case "x":
		if r := p.root(); r != nil {
			return r.indented()
		}
	}
	return ""
}

func (u *ui) eventText(e *event.Event, kind string) string {
	if e.Request == nil && (e.Firing == nil && kind != "j" || kind == "h" || kind == "g") {
		return "" // a change, or a firing, which is no request that came in
	}
	switch kind {
	case "j":
		b, _ := json.MarshalIndent(e, "", "  ")
		return string(b)
	case "r":
		if x := e.Firing; x != nil {
			if n := len(x.Attempts); n > 0 && x.Attempts[n-1].Response != nil {
				return string(x.Attempts[n-1].Response.Body)
			}
			return ""
		}
		return answerOf(e)
	case "b":
		if e.Firing != nil {
			return string(e.Firing.Request.Body)
		}
		return e.Request.Body
	case "h":
		return httpieOf(e.Request, baseOf(u.info.IntegrationURL))
	case "g":
		return goTestOf(e, baseOf(u.info.IntegrationURL))
	case "c":
		if e.Firing != nil {
			return curlOfFiring(e.Firing)
		}
		return shellSafe(e.Curl(baseOf(u.info.IntegrationURL)))
	}
	return ""
}

// paneText is what the pane shows, whole.
func (u *ui) paneText() string {
	_, d := u.screen().detail(100)
	lines := make([]string, len(d))
	for i, l := range d {
		lines[i] = strings.TrimRight(u.look.safe(l.text(), maxTyped), " ")
	}
	return strings.Join(lines, "\n")
}

func baseOf(address string) string {
	v, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return v.Scheme + "://" + v.Host
}

func hostOf(address string) string {
	v, err := url.Parse(address)
	if err != nil || v.Host == "" {
		return "this address"
	}
	return v.Host
}
