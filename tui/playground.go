package tui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/action"
)

// playground is the sixth screen: a template that is rendered while it is typed, what is wrong with it, what it becomes,
// and the context it can read.
type playground struct {
	base
	edit   editor
	typing bool
	focus  focus
	source string // where the template came from
	given  string // and what it was then: all else was typed

	contexts []tryContext
	at       int // among contexts
	tree     tree

	version int  // of the text and the context
	running bool // a rendering is on its way
	result  rendering
	picks   []string
	pick    int
}

// focus is the part of the playground that the keys are for.
type focus int

const (
	onTemplate focus = iota
	onTree
	onOutput
)

// tryContext is a context to render with.
type tryContext struct {
	name string
	json string
	root *node
	// firing is what the context came from, nil for one without.
	firing *action.Firing
}

// rendering is what the template became.
type rendering struct {
	version  int
	done     action.Rendered
	err      error
	took     time.Duration
	problems []trouble
}

const firstTemplate = `{
  "name": "{{ service.name }}",
  "owner": "{{ service.owner.name }}",
  "repository": "{{ template_run.outputs.repo_url }}"
}`

func newPlayground(u *ui) *playground {
	p := &playground{base: base{u: u}, edit: newEditor(true, firstTemplate), source: "a first template"}
	p.edit.row, p.edit.col, p.given = 0, 0, p.edit.String()
	p.filter.u = u
	p.filter.changed = func() command { return nil }
	return p
}

func (p *playground) name() (string, string)         { return "Playground", "Play" }
func (p *playground) count() int                     { return -1 }
func (p *playground) list() *list                    { return nil }
func (p *playground) header(*pen)                    {}
func (p *playground) row(*pen, uint64)               {}
func (p *playground) empty(int) doc                  { return nil }
func (p *playground) detail(width int) (string, doc) { return p.output(width) }
func (p *playground) key() detailKey {
	return detailKey{id: uint64(p.at) + 1, state: p.result.version, more: p.tree.path()}
}

func (p *playground) enter() command { return p.refresh() }

func (p *playground) field() textField {
	if p.typing {
		return (*typingField)(p)
	}
	return nil
}

// refresh lists the contexts that there are, and renders.
func (p *playground) refresh() command {
	old := ""
	if p.at < len(p.contexts) {
		old = p.contexts[p.at].name
	}
	var all []tryContext
	for _, c := range p.contexts {
		if c.firing != nil {
			all = append(all, c)
		}
	}
	for _, c := range p.u.contexts {
		root, _ := parseJSON(string(c.JSON))
		all = append(all, tryContext{name: c.Name, json: string(c.JSON), root: root})
	}
	p.contexts, p.at = all, 0
	for i, c := range all {
		if c.name == old {
			p.at = i
		}
	}
	p.tree.show(p.root())
	return p.changed()
}

func (p *playground) root() *node {
	if p.at < len(p.contexts) {
		return p.contexts[p.at].root
	}
	return nil
}

// replace asks before another template takes the place of one that was typed: nothing else keeps it.
func (p *playground) replace(by func(u *ui) command) command {
	if p.edit.String() == p.given {
		return by(p.u)
	}
	return p.u.openSheet(&confirm{question: "What was typed in the playground gives way to another template, and is kept nowhere. Its y copies it.", yes: "replace it", run: by})
}

// load takes a template with the context of its firing.
func (p *playground) load(seq uint64, x *action.Firing, part string) command {
	c := tryContext{name: "firing " + strconv.FormatUint(seq, 10) + " " + x.Service, json: string(x.Context.JSON()), firing: x}
	template := x.Webhook.Payload
	switch part {
	case action.PartURL:
		template = x.Webhook.URL
	case action.PartResponse:
		template = x.Webhook.ResponseTemplate
		c.name += " and its answer"
		c.json = withResponse(c.json, x)
	}
	c.root, _ = parseJSON(c.json)
	p.contexts = append([]tryContext{c}, without(p.contexts, c.name)...)
	p.at = 0
	p.edit.set(template)
	p.edit.row, p.edit.col, p.given = 0, 0, p.edit.String()
	p.source = part + " of " + p.u.look.safe(x.Template, 30)
	p.focus = onTemplate
	p.tree.show(c.root)
	return p.changed()
}

// maxContexts is how many contexts of firings are kept.
const maxContexts = 12

func without(all []tryContext, name string) []tryContext {
	var out []tryContext
	for _, c := range all {
		if c.name != name && (c.firing == nil || len(out) < maxContexts) {
			out = append(out, c)
		}
	}
	return out
}

// withResponse is a context with what the response template sees beside it.
func withResponse(context string, x *action.Firing) string {
	root, err := parseJSON(context)
	if err != nil {
		return context
	}
	r := &node{kind: '{'}
	status := &node{kind: 'n', text: "null"}
	if x.Response.Status != nil {
		status = &node{kind: '0', text: strconv.Itoa(*x.Response.Status)}
	}
	r.set("status", status)
	for _, part := range []struct{ key, json string }{{"headers", string(x.Response.Headers)}, {"body", string(x.Response.Body)}} {
		if n, err := parseJSON(part.json); err == nil {
			r.set(part.key, n)
		}
	}
	root.set("response", r)
	return root.compact()
}

// changed renders anew, unless a rendering is on its way: then the next one starts when that ends.
func (p *playground) changed() command {
	p.version++
	p.complete()
	return p.render()
}

func (p *playground) render() command {
	w, ok := p.u.src.(Workbench)
	if !ok || p.running || p.at >= len(p.contexts) {
		return nil
	}
	p.running = true
	version, template, c := p.version, p.edit.String(), p.contexts[p.at]
	now := p.u.o.Now
	return p.u.run(func(ctx context.Context) (func() command, error) {
		began := now()
		done, err := w.Render(ctx, template, []byte(c.json))
		r := rendering{version: version, done: done, err: err, took: now().Sub(began)}
		r.problems = troubles(done)
		return func() command {
			p.running = false
			p.result = r
			if p.version != version {
				return p.render()
			}
			return nil
		}, nil
	})
}

func (t *typingField) key(u *ui, k key) (command, bool) {
	p := (*playground)(t)
	switch k.name {
	case "esc":
		p.typing = false
		return nil, true
	case "tab":
		if p.accept() {
			return p.changed(), true
		}
		p.typing = false
		p.focus = onTree
		return nil, true
	case "down", "up":
		if len(p.picks) > 1 && !p.atWordless() {
			by := 1
			if k.name == "up" {
				by = -1
			}
			p.pick = (p.pick + by + len(p.picks)) % len(p.picks)
			return nil, true
		}
	}
	before := p.edit.size()
	was := p.edit.String()
	if !p.edit.key(k) {
		return nil, false
	}
	if before != p.edit.size() || was != p.edit.String() {
		return p.changed(), true
	}
	p.complete()
	return nil, true
}

// fix puts what was probably meant in the place of the first path that is not in the context.
func (p *playground) fix() command {
	for _, t := range p.result.problems {
		if t.meant == "" || t.line < 1 || t.line > len(p.edit.lines) {
			continue
		}
		l := string(p.edit.lines[t.line-1])
		fixed := strings.Replace(l, t.path, t.meant, 1)
		if fixed == l {
			continue
		}
		p.edit.lines[t.line-1] = []rune(fixed)
		p.edit.vertical(0)
		p.u.note(good, p.u.look.safe(t.path+" is "+t.meant+" now", 60))
		return p.changed()
	}
	return nil
}

func (p *playground) fixable() string {
	for _, t := range p.result.problems {
		if t.meant != "" {
			return ""
		}
	}
	return "no path here is nearly one of the context"
}

// insertPath writes the path under the cursor of the tree into the template.
func (p *playground) insertPath() command {
	path := p.tree.path()
	if _, inside := p.word(); !inside {
		path = "{{ " + path + " }}"
	}
	p.edit.insert(path)
	p.focus = onTemplate
	return p.changed()
}

// move moves in the part that the keys are for.
func (p *playground) move(by int) bool {
	switch p.focus {
	case onTree:
		p.tree.move(by)
	case onTemplate:
		p.edit.vertical(max(-1<<20, min(1<<20, by)))
	default:
		return false
	}
	return true
}

// sideways folds and unfolds.
func (p *playground) sideways(by int) bool {
	if p.focus != onTree {
		return false
	}
	p.tree.fold(by < 0)
	return true
}
