package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bubblelevel/bubblelevel/emulator/yamlfile"
)

// A reference stands in a text of a step and is replaced when the step is run: ${env:NAME}, ${captured.NAME} or
// ${emulator.NAME}. $${ is ${ itself. Replacing happens in the tree of the file, so what comes in can never become YAML.

// reference is one of them.
type reference struct {
	// space is env, captured or emulator.
	space, name string
}

func (r reference) String() string {
	if r.space == "env" {
		return "${env:" + r.name + "}"
	}
	return "${" + r.space + "." + r.name + "}"
}

// MaxReplaced is how long a text may become by its references, in bytes.
const MaxReplaced = 1 << 20

// part is a piece of a text: as it stands, or a reference.
type part struct {
	text string
	ref  *reference
}

var (
	nameForm     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	emulatorRefs = []string{"integration_url", "url", "now", "last_seq"}
)

// split finds the references in a text. The hint is the cure of the error, where there is one.
func split(text string) (parts []part, wrong, hint string) {
	for {
		at := strings.Index(text, "${")
		if at < 0 {
			return append(parts, part{text: text}), "", ""
		}
		if at > 0 && text[at-1] == '$' {
			parts, text = append(parts, part{text: text[:at-1] + "${"}), text[at+2:]
			continue
		}
		end := strings.IndexByte(text[at:], '}')
		if end < 0 {
			return nil, "a ${ has no }", "write $${ for the two characters themselves"
		}
		inside := text[at+2 : at+end]
		ref, hint := parseReference(inside)
		if ref == nil {
			return nil, "${" + inside + "} is no reference", hint
		}
		parts, text = append(parts, part{text: text[:at]}, part{ref: ref}), text[at+end+1:]
	}
}

func parseReference(inside string) (ref *reference, hint string) {
	hint = "it is ${env:NAME}, ${captured.NAME} or ${emulator.integration_url}; write $${ for the two characters themselves"
	space, name, ok := strings.Cut(inside, ".")
	if n, isEnv := strings.CutPrefix(inside, "env:"); isEnv {
		space, name, ok = "env", n, true
	}
	if !ok || !nameForm.MatchString(name) || !slices.Contains([]string{"env", "captured", "emulator"}, space) {
		return nil, hint
	}
	if space == "emulator" && !slices.Contains(emulatorRefs, name) {
		if hint = yamlfile.DidYouMean(name, emulatorRefs); hint == "" {
			hint = "the emulator has " + strings.Join(emulatorRefs, ", ")
		}
		return nil, hint
	}
	return &reference{space, name}, ""
}

// eachText visits the texts of a node in which references are replaced: the values, not the keys.
func eachText(n *yamlfile.Node, visit func(*yamlfile.Node)) {
	switch n.Kind {
	case yamlfile.Map:
		for _, p := range n.Pairs {
			eachText(p.Value, visit)
		}
	case yamlfile.List:
		for _, item := range n.Items {
			eachText(item, visit)
		}
	case yamlfile.String:
		if strings.Contains(n.Text, "${") {
			visit(n)
		}
	}
}

// hasReferences says whether a node is other when it is run than as it was written.
func hasReferences(n *yamlfile.Node) bool {
	found := false
	eachText(n, func(*yamlfile.Node) { found = true })
	return found
}

// replaced is a node with its references replaced. A text that is a reference and nothing else becomes the value with its
// type, so that a captured number stays one. Nodes in keep stay as they are.
func replaced(n *yamlfile.Node, value func(reference) (any, error), keep map[*yamlfile.Node]bool) (*yamlfile.Node, error) {
	if keep[n] {
		return n, nil
	}
	out := *n
	var err error
	switch n.Kind {
	case yamlfile.Map:
		out.Pairs = make([]yamlfile.Pair, len(n.Pairs))
		for i, p := range n.Pairs {
			out.Pairs[i].Key = p.Key
			if out.Pairs[i].Value, err = replaced(p.Value, value, keep); err != nil {
				return nil, err
			}
		}
	case yamlfile.List:
		out.Items = make([]*yamlfile.Node, len(n.Items))
		for i, item := range n.Items {
			if out.Items[i], err = replaced(item, value, keep); err != nil {
				return nil, err
			}
		}
	case yamlfile.String:
		return replacedText(n, value)
	}
	return &out, nil
}

func replacedText(n *yamlfile.Node, value func(reference) (any, error)) (*yamlfile.Node, error) {
	if !strings.Contains(n.Text, "${") {
		return n, nil
	}
	parts, wrong, hint := split(n.Text)
	if wrong != "" { // it was checked when the file was read
		return nil, &misplaced{n, wrong, hint}
	}
	var b strings.Builder
	var whole any
	refs := 0
	for _, p := range parts {
		if p.ref == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := value(*p.ref)
		if err != nil {
			return nil, &misplaced{n, err.Error(), ""}
		}
		whole, refs = v, refs+1
		if b.WriteString(flatText(v)); b.Len() > MaxReplaced {
			return nil, &misplaced{n, "with its references replaced this text is too long", "at most 1 MiB"}
		}
	}
	if refs == 1 && !slices.ContainsFunc(parts, func(p part) bool { return p.text != "" }) {
		return nodeAt(whole, n.Pos), nil
	}
	return &yamlfile.Node{Kind: yamlfile.String, Pos: n.Pos, Text: b.String()}, nil
}

// misplaced is an error at a node.
type misplaced struct {
	at         *yamlfile.Node
	what, hint string
}

func (m *misplaced) Error() string { return m.what }
