package tui

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
)

// requestActions send requests: again, edited, put right.
func requestActions() []act {
	const on = onDeploys | onDuplicates
	return []act{
		{id: "fix", keys: []string{"F"}, short: "fix, send", help: "put right what was wrong, and send it", group: "Act", on: on, rank: 3,
			why: func(u *ui) string {
				e := u.selected()
				if e == nil {
					return "there is no request here"
				}
				if _, ok := u.fixFor(e); !ok {
					return "there is nothing here that can be put right by itself; o edits the request"
				}
				return u.connected()
			},
			run: func(u *ui) command {
				f, _ := u.fixFor(u.selected())
				return u.send(f.request, strings.Join(f.changes, "; "))
			}},
		{id: "resend", keys: []string{"r"}, short: "resend", help: "send the request again as it was", group: "Act", on: on, rank: 4, why: (*ui).cannotSend,
			run: func(u *ui) command { return u.send(*u.selected().Request, "") }},
		{id: "resend-new", keys: []string{"R"}, short: "resend, new id", help: "send it with a new dedup_id, deployed now", group: "Act", on: on, rank: 9, why: (*ui).cannotSend,
			run: func(u *ui) command { return u.resendNew() }},
		{id: "edit", keys: []string{"o"}, short: "edit, send", help: "edit the body in $EDITOR, and send it", group: "Act", on: on, rank: 8, why: (*ui).cannotSend,
			run: func(u *ui) command { return u.editAndSend() }},
		{id: "sample", keys: []string{"s"}, short: "send sample", help: "send a sample deploy; the first ones teach", group: "Act", on: on, rank: 5, why: (*ui).connected,
			run: func(u *ui) command { return u.sendSample() }},
		{id: "kept", keys: []string{"K"}, short: "kept one", help: "to the deploy that was kept instead", group: "Act", on: on,
			why: func(u *ui) string {
				if u.keptOf() == 0 {
					return "this is no duplicate"
				}
				return ""
			},
			run: func(u *ui) command {
				seq := u.keptOf()
				c := several(u.show(0), u.deploys.listAll()) // a filter could have left it out
				u.deploys.list().seek(seq)
				return c
			}},
	}
}

// selected is the event that the screen shows.
func (u *ui) selected() *event.Event {
	switch u.screen() {
	case u.deploys:
		return u.cache.get(u.deploys.rows.at())
	case u.duplicates:
		return u.cache.get(u.duplicates.dropped())
	case u.firings:
		return u.cache.get(u.firings.rows.at())
	}
	return nil
}

func (u *ui) keptOf() uint64 {
	if e := u.selected(); e != nil {
		return e.DuplicateOf
	}
	return 0
}

// connected says why nothing can be asked of the emulator.
func (u *ui) connected() string {
	if u.offline != nil {
		return "there is no connection to the emulator"
	}
	return ""
}

func (u *ui) cannotSend() string { return u.sendable(u.selected()) }

// sendable says why an event cannot be sent again; empty: it can.
func (u *ui) sendable(e *event.Event) string {
	switch {
	case e == nil || e.Request == nil:
		return "there is no request here"
	case int64(len(e.Request.Body)) < e.Request.BodyLength:
		return "the journal keeps only the beginning of this body"
	}
	return u.connected()
}

// pathOf is the path of a URL.
func pathOf(address string) string {
	v, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return v.Path
}

// masked is what the journal has in place of a secret; sending it would prove nothing.
const masked = "********"

// resendable is a request without what belongs to its connection or was masked.
func resendable(r event.Request) event.Request {
	drop := []string{"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "expect", "upgrade", "http2-settings"}
	h := map[string][]string{}
	for k, v := range r.Headers {
		if !slices.Contains(drop, strings.ToLower(k)) && !slices.Contains(v, masked) {
			h[k] = v
		}
	}
	r.Headers = h
	r.BodyLength, r.BodySHA256 = int64(len(r.Body)), ""
	return r
}

// send sends a request and says what came back.
func (u *ui) send(r event.Request, changes string) command {
	src := u.src
	r = resendable(r)
	return u.run(func(ctx context.Context) (func() command, error) {
		a, err := src.Send(ctx, r)
		return func() command {
			if err != nil {
				return nil
			}
			st, text := verdict(a)
			if changes != "" {
				text += " (" + changes + ")"
			}
			u.note(st, text)
			return nil
		}, err
	})
}

// verdict is an answer in a few words.
func verdict(a Answer) (style, string) {
	text := "sent: " + strconv.Itoa(a.HTTP)
	n, _ := parseJSON(a.Body)
	word := ""
	if r := n.get("result"); r != nil {
		word = r.text
	} else if es := n.get("errors"); es != nil && len(es.kids) > 0 {
		if t := es.kids[0].get("title"); t != nil {
			word = t.text
		}
	}
	if word != "" {
		text += " " + word
	}
	if a.Seq != 0 {
		text += ", event " + strconv.FormatUint(a.Seq, 10)
	}
	switch {
	case word == string(deploy.OK):
		return good, text
	case a.HTTP < 300:
		return again, text
	}
	return bad, text
}

// resendNew sends a request as another deploy of the same: its own dedup_id, and now.
func (u *ui) resendNew() command {
	r := *u.selected().Request
	root, err := parseJSON(r.Body)
	if err != nil || root.kind != '{' {
		u.note(again, "the body is no JSON object: o edits it")
		return nil
	}
	root.set("dedup_id", &node{kind: '"', text: u.newDedup()})
	root.set("deployed_at", &node{kind: '"', text: u.now().UTC().Format(time.RFC3339)})
	r.Body = root.indented()
	return u.send(r, "another dedup_id, deployed now")
}

// newDedup is an id that was not used before: that of a new sample.
func (u *ui) newDedup() string {
	if n, err := parseJSON(string(u.sample())); err == nil && n.get("dedup_id") != nil {
		return n.get("dedup_id").text
	}
	return "tui-" + strconv.FormatInt(u.now().UnixNano(), 36)
}

// sample is a deploy that is answered with ok.
func (u *ui) sample() []byte {
	if u.o.Sample != nil {
		return u.o.Sample()
	}
	service := "shopping_cart"
	if len(u.services) > 0 {
		service = u.services[0].Slug
	}
	n := &node{kind: '{'}
	n.set("service", &node{kind: '"', text: service})
	n.set("environment", &node{kind: '"', text: "Production"})
	n.set("description", &node{kind: '"', text: "first deploy"})
	n.set("deployed_at", &node{kind: '"', text: u.now().UTC().Format(time.RFC3339)})
	n.set("deployer", object("name", "Michael Scott"))
	n.set("dedup_id", &node{kind: '"', text: "tui-" + strconv.FormatInt(u.now().UnixNano(), 36)})
	return []byte(n.compact())
}

// sendSample sends the sample of the lesson.
func (u *ui) sendSample() command {
	return u.send(jsonRequest(u.lessons.payload(u)), u.lessons.sent())
}

func jsonRequest(body string) event.Request {
	return event.Request{Method: "POST", Headers: map[string][]string{"Content-Type": {"application/json"}}, Body: body}
}
