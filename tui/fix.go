package tui

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bubblelevel/bubblelevel/emulator/deploy"
	"github.com/bubblelevel/bubblelevel/emulator/event"
	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// fix is a request that OpsLevel would take, made from one that it did not.
type fix struct {
	request event.Request
	// changes says what is different, a few words each.
	changes []string
	// marks are what was probably meant, by the path of the field that was sent.
	marks map[string]string
}

// known is what a fix may draw on.
type known struct {
	path  string              // of the integration URL
	alias string              // a service that there is
	near  map[string][]string // by unknown alias, the nearest first
	now   time.Time
}

// proposeFix is pure: it changes only what was wrong, and says false where it does not know how.
func proposeFix(e *event.Event, k known) (fix, bool) {
	if e.Request == nil || e.Kind != event.KindDeploy && e.Kind != event.KindCall || int64(len(e.Request.Body)) < e.Request.BodyLength {
		return fix{}, false
	}
	f := fix{request: *e.Request, marks: map[string]string{}}
	f.request.Headers = maps.Clone(e.Request.Headers)
	f.address(e, k)
	root := f.readable()
	if root != nil && root.kind == '{' {
		f.fields(root, e, k)
	}
	return f, len(f.changes) > 0
}

func (f *fix) say(s string) { f.changes = append(f.changes, s) }

// address puts right where the request went.
func (f *fix) address(e *event.Event, k known) {
	if e.HTTP == 404 && k.path != "" && e.Request.Path != k.path && strings.Contains(e.Request.Path, "/deploy") {
		f.request.Path = k.path
		f.say("use the uuid of the integration URL")
	}
	if f.request.Method != "POST" && e.Request.Body != "" && strings.Contains(f.request.Path, "/deploy/") {
		f.say("POST instead of " + f.request.Method)
		f.request.Method = "POST"
	}
}

// readable is the body as a tree, after what stands in the way of reading it was put right.
func (f *fix) readable() *node {
	body := f.request.Body
	if !looksLikeJSON(body) {
		return nil
	}
	root, err := parseJSON(body)
	if err != nil {
		mended := mendJSON(body)
		if root, err = parseJSON(mended); err != nil {
			return nil
		}
		f.request.Body = mended
		f.say("mend the JSON")
	}
	if ct := strings.ToLower(header(f.request.Headers, "Content-Type")); !strings.Contains(ct, "json") {
		f.request.Headers = withHeader(f.request.Headers, "Content-Type", "application/json")
		f.say("Content-Type: application/json")
	}
	return root
}

func header(h map[string][]string, key string) string {
	for k, v := range h {
		if strings.EqualFold(k, key) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// withHeader is a copy in which the key has this value alone, however it was spelt.
func withHeader(h map[string][]string, key, value string) map[string][]string {
	out := map[string][]string{}
	for k, v := range h {
		if !strings.EqualFold(k, key) {
			out[k] = v
		}
	}
	out[key] = []string{value}
	return out
}

// fields puts right what the problems are about, and an alias that nobody has.
func (f *fix) fields(root *node, e *event.Event, k known) {
	before := len(f.changes)
	for _, p := range e.Problems {
		field, _, _ := strings.Cut(p.Field, ".")
		if field != "" {
			f.field(root, field, k)
		}
	}
	if near := k.near[e.Alias]; e.Result == deploy.NoServiceFound && len(near) > 0 {
		f.marks["service"] = near[0] + "?"
		root.set("service", &node{kind: '"', text: near[0]})
		f.say("service " + near[0])
		f.ownDedup(root, e)
	}
	if len(f.changes) > before {
		f.request.Body = root.indented()
	}
}

// ownDedup gives a deploy that was recorded for no service another dedup_id: with the one that it took, the same deploy
// for a service would be dropped. Sent twice, the fix itself is a duplicate.
func (f *fix) ownDedup(root *node, e *event.Event) {
	if e.Deploy == nil || e.Deploy.DedupID == "" {
		return
	}
	id := e.Deploy.DedupID + "-fixed"
	root.set("dedup_id", &node{kind: '"', text: id})
	f.say("dedup_id " + id)
}

// field gives a field that is missing or wrong a value: that of a key which was meant to be it, else a made-up one.
func (f *fix) field(root *node, field string, k known) {
	old := root.get(field)
	if old == nil || blank(old) {
		if misspelt := lookalike(root, field); misspelt != nil {
			f.marks[misspelt.key] = field + "?"
			f.say(misspelt.key + " is " + field)
			misspelt.key = field
			f.value(root, field, k, true)
			return
		}
	}
	if old != nil {
		f.marks[field] = "wrong"
	}
	f.value(root, field, k, false)
}

// value makes sure that the field has a value that can be read. renamed says that it has one that is probably good.
func (f *fix) value(root *node, field string, k known, renamed bool) {
	v := root.get(field)
	switch {
	case field == "deployer" && v != nil && v.kind == '"' && v.text != "":
		root.set(field, object("name", v.text))
		f.say("deployer is an object")
		f.marks[field] = "an object with a name or an email"
	case field == "deployer" && (v == nil || v.kind != '{' || v.get("name") == nil && v.get("email") == nil):
		root.set(field, object("name", "CI"))
		f.say("deployer CI")
	case renamed && v != nil && !blank(v) && (field != "deployed_at" || v.kind == '"'):
	case field == "deployed_at":
		at := k.now.UTC().Format(time.RFC3339)
		root.set(field, &node{kind: '"', text: at})
		f.say("deployed_at " + at)
	case field == "description":
		root.set(field, &node{kind: '"', text: "Deployed by CI"})
		f.say("a description")
	case field == "service" && k.alias != "":
		root.set(field, &node{kind: '"', text: k.alias})
		f.say("service " + k.alias)
	}
}

func object(key, value string) *node {
	return &node{kind: '{', kids: []*node{{kind: '"', key: key, text: value}}}
}

// blank is absent, as Rails sees it.
func blank(n *node) bool {
	switch n.kind {
	case 'n':
		return true
	case '"':
		return strings.TrimSpace(n.text) == ""
	}
	return len(n.kids) == 0 && (n.kind == '{' || n.kind == '[')
}

// lookalike is a key that was probably meant as field.
func lookalike(root *node, field string) *node {
	others := []string{"service", "description", "deployed_at", "deployer", "environment", "deploy_url", "deploy_number", "dedup_id", "status", "commit"}
	for _, k := range root.kids {
		if k.key == field || slices.Contains(others, k.key) || blank(k) {
			continue
		}
		a, b := bare(k.key), bare(field)
		if _, near := spell.Within(a, b, 2); a == b || near && len(b) > 4 {
			return k
		}
	}
	return nil
}

func bare(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(s))
}

// mendJSON puts right what shell scripts get wrong: a comma behind the last value, a line break inside a string, a byte
// order mark, and typographic or single quotes where there is no other.
func mendJSON(s string) string {
	s = strings.TrimPrefix(s, "\ufeff")
	s = strings.NewReplacer("“", `"`, "”", `"`).Replace(s)
	if !strings.Contains(s, `"`) {
		s = strings.ReplaceAll(s, "'", `"`)
	}
	var b strings.Builder
	inside := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' && (i == 0 || s[i-1] != '\\'):
			inside = !inside
		case inside && c < 0x20:
			b.WriteString(map[byte]string{'\n': `\n`, '\r': `\r`, '\t': `\t`}[c])
			continue
		case !inside && c == ',' && closes(s[i+1:]):
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func closes(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return s != "" && (s[0] == '}' || s[0] == ']')
}

// fixFor is the fix for an event of this emulator.
func (u *ui) fixFor(e *event.Event) (fix, bool) {
	if e.Result == deploy.OK || e.Result == deploy.Duplicate {
		return fix{}, false
	}
	k := known{path: pathOf(u.info.IntegrationURL), now: u.now(), near: map[string][]string{}}
	for _, s := range u.suggestions {
		k.near[s.Alias] = s.Near
	}
	if len(u.services) > 0 {
		k.alias = u.services[0].Slug
	}
	return proposeFix(e, k)
}
