package yamlfile

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// builder turns the parser's tree into nodes: it resolves anchors, aliases and merge keys, and finds repeated keys.
type builder struct {
	f       *File
	anchors map[string]*Node // of this document
	// sizes counts, for a list or a map, the values in it with every alias written out.
	sizes  map[*Node]int
	merged int // pairs that merge keys have brought
	errs   Errors
}

// build makes the nodes of all documents.
func (f *File) build(docs []*ast.DocumentNode) error {
	b := builder{f: f}
	for _, d := range docs {
		b.anchors, b.sizes, b.merged = map[string]*Node{}, map[*Node]int{}, 0
		if d.Body == nil {
			continue
		}
		if n := b.node(d.Body); n.Kind != Null && len(b.errs) == 0 {
			f.Docs = append(f.Docs, n)
		}
	}
	if len(b.errs) > 0 {
		return b.errs
	}
	return nil
}

func (b *builder) fail(p Pos, hint, format string, args ...any) {
	if len(b.errs) < MaxErrors {
		b.errs = append(b.errs, b.f.at(p, fmt.Sprintf(format, args...), hint))
	}
}

// node makes one node; never nil.
func (b *builder) node(n ast.Node) *Node {
	switch n := n.(type) {
	case nil:
		return &Node{Kind: Null, Pos: Pos{1, 1}}
	case *ast.AnchorNode:
		return b.anchor(n)
	case *ast.AliasNode:
		return b.alias(n)
	case *ast.TagNode:
		return b.tagged(n)
	case *ast.MappingNode:
		return b.mapping(n, n.Values)
	case *ast.MappingValueNode:
		return b.mapping(n, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		return b.sequence(n)
	case *ast.LiteralNode:
		return &Node{Kind: String, Pos: posOf(n.Start), Text: n.Value.Value}
	}
	return scalar(n)
}

func posOf(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{1, 1}
	}
	return Pos{t.Position.Line, t.Position.Column}
}

// scalar reads a plain or quoted scalar.
func scalar(n ast.Node) *Node {
	t := n.GetToken()
	s := &Node{Kind: String, Pos: posOf(t), Text: t.Value, Plain: true}
	switch n := n.(type) {
	case *ast.StringNode:
		s.Text = n.Value
		s.Plain = t.Type != token.SingleQuoteType && t.Type != token.DoubleQuoteType
	case *ast.NullNode:
		s.Kind, s.Text = Null, ""
	case *ast.BoolNode:
		s.Kind = Bool
	case *ast.IntegerNode:
		s.Kind = Int
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		s.Kind = Float
	}
	return s
}

func (b *builder) anchor(n *ast.AnchorNode) *Node {
	v := b.node(n.Value)
	// Known from here on only: an alias inside its own anchor finds nothing, so nothing can be circular.
	b.anchors[n.Name.GetToken().Value] = v
	return v
}

func (b *builder) alias(n *ast.AliasNode) *Node {
	name := n.Value.GetToken().Value
	v, ok := b.anchors[name]
	if !ok {
		var known []string
		for a := range b.anchors {
			known = append(known, a)
		}
		b.fail(posOf(n.Start), DidYouMean(name, known), "no anchor is named %q before this place", name)
		return &Node{Kind: Null, Pos: posOf(n.Start)}
	}
	return v
}

// tagged obeys the tags of plain types and refuses the rest: a tag asks for a type, and no field here has a foreign one.
func (b *builder) tagged(n *ast.TagNode) *Node {
	v := b.node(n.Value)
	switch n.Start.Value {
	case "!!str", "!":
		if v.Kind != Map && v.Kind != List {
			return &Node{Kind: String, Pos: v.Pos, Text: v.Text}
		}
	case "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!timestamp":
		return v
	}
	b.fail(posOf(n.Start), "leave the tag out", "the tag %s is not known here", n.Start.Value)
	return v
}

func (b *builder) sequence(n *ast.SequenceNode) *Node {
	list := &Node{Kind: List, Pos: posOf(n.Start)}
	size := 1
	for _, v := range n.Values {
		item := b.node(v)
		list.Items = append(list.Items, item)
		size += b.size(item)
	}
	return b.sized(list, size)
}

func (b *builder) mapping(n ast.Node, pairs []*ast.MappingValueNode) *Node {
	m := &Node{Kind: Map, Pos: posOf(n.GetToken())}
	if len(pairs) > 0 {
		m.Pos = posOf(pairs[0].Key.GetToken())
	}
	size := 1
	seen := map[string]*Node{}
	var merge *Node
	for _, p := range pairs {
		if _, ok := p.Key.(*ast.MergeKeyNode); ok {
			if merge != nil {
				b.fail(posOf(p.Key.GetToken()), "list them: <<: [*one, *two]", "<< is here for the second time")
				continue
			}
			merge = b.node(p.Value)
			continue
		}
		key := b.key(p.Key)
		value := b.node(p.Value)
		if value.Kind == Null && value.Pos.Line < key.Pos.Line {
			value.Pos = key.Pos
		}
		if first, again := seen[key.Text]; again {
			b.fail(key.Pos, "", "the key %q is here for the second time; the first is in line %d", key.Text, first.Line)
			continue
		}
		seen[key.Text] = key
		m.Pairs = append(m.Pairs, Pair{key, value})
		size += 1 + b.size(value)
	}
	if merge != nil {
		size += b.merge(m, merge, seen)
	}
	return b.sized(m, size)
}

// key reads a key; a list or a map as a key has no use here.
func (b *builder) key(n ast.Node) *Node {
	if k, ok := n.(*ast.MappingKeyNode); ok {
		n = k.Value
	}
	k := b.node(n)
	if k.Kind == Map || k.Kind == List {
		b.fail(k.Pos, "", "%s cannot be a key", k.Kind)
	}
	return k
}

// merge adds the pairs that "<<" brings and m lacks, and says how many values they are.
func (b *builder) merge(m, from *Node, seen map[string]*Node) int {
	size := 0
	switch from.Kind {
	case Map:
		if b.merged += len(from.Pairs); b.merged > MaxValues {
			b.fail(from.Pos, "", "the merge keys << bring more than %d values", MaxValues)
			return 0
		}
		for _, p := range from.Pairs {
			if _, ok := seen[p.Key.Text]; ok {
				continue
			}
			seen[p.Key.Text] = p.Key
			m.Pairs = append(m.Pairs, p)
			size += 1 + b.size(p.Value)
		}
	case List:
		for _, one := range from.Items {
			if one.Kind != Map {
				b.fail(one.Pos, "", "only maps can be merged by <<, and this is %s", one.Kind)
				continue
			}
			size += b.merge(m, one, seen)
		}
	default:
		b.fail(from.Pos, "", "only maps can be merged by <<, and this is %s", from.Kind)
	}
	return size
}

func (b *builder) size(n *Node) int {
	if s, ok := b.sizes[n]; ok {
		return s
	}
	return 1
}

// sized notes how large a list or map is; one that is too large is emptied, so that it cannot grow any further.
func (b *builder) sized(n *Node, size int) *Node {
	if size > MaxValues {
		b.fail(n.Pos, "", "with its aliases written out this has more than %d values", MaxValues)
		n.Items, n.Pairs, size = nil, nil, 1
	}
	b.sizes[n] = size
	return n
}
