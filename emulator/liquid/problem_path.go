package liquid

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/spell"
)

// Problems with paths and names: what is not there, and what may have been meant.

// severity lowers a finding where asking for what may be absent is the point:
// in a condition and before the filter default.
func (r *run) severity(s Severity) Severity {
	if r.testing > 0 || r.fallback > 0 {
		return Note
	}
	return s
}

// comesTo says what becomes of a path that leads nowhere.
func (r *run) comesTo() string {
	if r.printing {
		return " renders as nothing"
	}
	return " is nil"
}

// unknownVariable notes a name that nothing has.
func (r *run) unknownVariable(l *lookup, name Value) {
	r.absent = true
	if !r.once(l, -1, "") {
		return
	}
	shown, ok := name.(string)
	if !ok {
		shown = scalarText(name)
	}
	cure := "Give the variable a value, or take a name that the context has."
	if meant := r.nearestVariable(l, shown); meant != "" {
		cure = "Did you mean " + meant + "?"
	}
	r.found(Problem{ID: PathUnknown, Severity: r.severity(Warning), Expression: l.source, Offset: -1,
		Message: "There is no " + quote(shown) + " here, so " + l.source + r.comesTo() + ".", Cure: cure})
}

// unknownStep notes the step of a path that could not be taken from value v.
func (r *run) unknownStep(l *lookup, i int, v, key Value) {
	r.absent = true
	if !r.once(l, i, "") {
		return
	}
	at := l.path(i)
	shown := scalarText(key)
	p := Problem{ID: PathUnknown, Severity: r.severity(Warning), Expression: l.source, Offset: -1}
	switch v := v.(type) {
	case nil:
		p.ID = PathNil
		p.Message = at + " is nil, so " + l.source + r.comesTo() + "."
		p.Cure = "Guard it with {% if " + at + " %}, or give it a value: {{ " + l.source + " | default: '...' }}."
	case *Hash:
		p.Message = at + " has no " + quote(shown) + ", so " + l.source + r.comesTo() + "."
		p.Cure = "Take a key that " + at + " has" + examples(v) + "."
		if near := nearest(shown, hashKeys(v)); near != "" {
			p.Cure = "Did you mean " + at + "." + near + l.rest(i+1) + "?"
		} else if other := r.findPath(shown); other != "" {
			p.Cure = "Did you mean " + other + "?"
		}
	case []Value:
		p.Message = at + " is a list and has no " + quote(shown) + ", so " + l.source + r.comesTo() + "."
		p.Cure = "Take an element, " + at + "[0]" + l.rest(i) + " or " + at + ".first" + l.rest(i) + ", or loop over the list."
		if strings.HasSuffix(at, ".tags") {
			p.Cure = "A tag is read by its key: {{ " + strings.TrimSuffix(at, ".tags") + " | tag_value: '" + shown + "' }}."
		}
	default:
		p.Message = at + " is " + kindName(v) + " and has no " + quote(shown) + ", so " + l.source + r.comesTo() + "."
		p.Cure = "End the path at " + at + "."
	}
	r.found(p)
}

func kindName(v Value) string {
	switch v.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	}
	if _, isNumber := asNumber(v); isNumber {
		return "a number"
	}
	return "a " + className(v)
}

func quote(s string) string { return "'" + s + "'" }

// path is the lookup up to, and without, step i, as text.
func (l *lookup) path(i int) string {
	var b strings.Builder
	if l.nameFrom != nil {
		b.WriteString("[...]")
	} else {
		b.WriteString(l.name)
	}
	for _, s := range l.steps[:i] {
		b.WriteString(s.text())
	}
	return b.String()
}

// rest is the lookup from step i on, as text.
func (l *lookup) rest(i int) string {
	var b strings.Builder
	for _, s := range l.steps[i:] {
		b.WriteString(s.text())
	}
	return b.String()
}

func (s *step) text() string {
	if s.from == nil {
		return "." + s.key
	}
	if l, ok := s.from.(literal); ok {
		if i, isInt := l.value.(int64); isInt {
			return "[" + strconv.FormatInt(i, 10) + "]"
		}
		if name, isName := l.value.(string); isName {
			return "['" + name + "']"
		}
	}
	return "[...]"
}

func hashKeys(h *Hash) []string {
	keys := make([]string, h.Len())
	for i := range keys {
		keys[i], _ = h.At(i)
	}
	return keys
}

// examples lists a few keys of a hash.
func examples(h *Hash) string {
	keys := hashKeys(h)
	if len(keys) == 0 {
		return "; it is empty"
	}
	if len(keys) > 6 {
		return ", such as " + strings.Join(keys[:6], ", ")
	}
	return ": " + strings.Join(keys, ", ")
}

// nearestVariable is the path that an unknown variable may have meant.
func (r *run) nearestVariable(l *lookup, name string) string {
	var names []string
	for _, s := range r.world.scopes {
		for _, e := range s.vars {
			names = append(names, e.key)
		}
	}
	data, _ := r.world.data.(*Hash)
	if data != nil {
		names = append(names, hashKeys(data)...)
	}
	if near := nearest(name, names); near != "" {
		return near + l.rest(0)
	}
	if found := r.findPath(name); found != "" {
		return found + l.rest(0)
	}
	return ""
}

// searchedNodes bounds the search for a key in the whole context.
const searchedNodes = 2000

// findPath searches the context, nearest levels first, for a key of this name.
func (r *run) findPath(name string) string {
	type place struct {
		path  string
		value Value
	}
	queue := []place{{"", r.world.data}}
	for seen := 0; len(queue) > 0 && seen < searchedNodes; seen++ {
		p := queue[0]
		queue = queue[1:]
		switch v := p.value.(type) {
		case *Hash:
			for _, e := range v.entries {
				path := strings.TrimPrefix(p.path+"."+e.key, ".")
				if strings.EqualFold(e.key, name) {
					return path
				}
				if len(queue) < searchedNodes {
					queue = append(queue, place{path, e.value})
				}
			}
		case []Value:
			if len(v) > 0 && len(queue) < searchedNodes {
				queue = append(queue, place{p.path + ".first", v[0]})
			}
		}
	}
	return ""
}

// nearest is the candidate most like name, if one is like enough. A context
// may be of any size: in a large one nothing is looked for.
func nearest(name string, candidates []string) string {
	if len(name) > 64 || len(candidates) > 1000 {
		return ""
	}
	return spell.Nearest(name, candidates)
}

// nullOutput notes an output of a value that is there and nil.
func (r *run) nullOutput(v *variable) {
	if r.absent || v.from == nil || !r.once(v, 0, "") {
		return
	}
	if _, isLookup := v.from.(*lookup); !isLookup {
		return
	}
	r.found(Problem{ID: ValueNull, Severity: Note, Expression: v.source, Offset: -1,
		Message: v.source + " is nil and renders as nothing.",
		Cure:    "Give it a value, {{ " + v.source + " | default: '...' }}, or print null with {{ " + v.source + " | jsonify }}."})
}

func (r *run) unknownFilter(name string) {
	if !r.once(r.node, 0, "filter "+name) {
		return
	}
	names := make([]string, 0, len(filterTable))
	for n := range filterTable {
		names = append(names, n)
	}
	// The table has no order, and the answer must not depend on it.
	slices.Sort(names)
	cure := "Remove it, or take a filter that Liquid has."
	switch near := nearest(name, names); {
	case name == "json" || name == "to_json" || name == "escape_json":
		cure = "OpsLevel's filter is jsonify."
	case near != "":
		cure = "Did you mean " + near + "?"
	}
	r.found(Problem{ID: FilterUnknown, Severity: Error, Expression: name, Offset: -1,
		Message: "There is no filter " + quote(name) + "; Liquid passes the value through without a word.", Cure: cure})
}

func (r *run) unknownTag(list []Value, key Value) {
	r.absent = true
	if !r.once(r.node, 0, "tag "+scalarText(key)) {
		return
	}
	var keys []string
	for _, t := range list {
		if h, ok := t.(*Hash); ok {
			k, _ := h.Get("key")
			keys = append(keys, scalarText(k))
		}
	}
	cure := "Set the tag, or give a default: | default: '...'."
	if near := nearest(scalarText(key), keys); near != "" {
		cure = "Did you mean " + quote(near) + "?"
	}
	r.found(Problem{ID: TagUnknown, Severity: r.severity(Warning), Expression: scalarText(key), Offset: -1,
		Message: "No tag has the key " + quote(scalarText(key)) + ", so tag_value renders as nothing.", Cure: cure})
}

func (r *run) unknownSecret(alias string) {
	r.absent = true
	if !r.once(r.node, 0, "secret "+alias) {
		return
	}
	r.found(Problem{ID: SecretUnknown, Severity: Error, Expression: alias, Offset: -1,
		Message: "There is no secret " + quote(alias) + ", so it renders as nothing.",
		Cure:    "Define the secret, or mend its alias."})
}
