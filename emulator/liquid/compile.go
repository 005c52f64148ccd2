package liquid

import (
	"io"
	"strconv"
	"strings"

	osteele "github.com/osteele/liquid/parser"
	"github.com/osteele/liquid/render"
)

// How a parsed template becomes osteele's render tree. The parser's tree is
// written out as one canonical token stream, in which every block and every
// stretch of text and simple tags between blocks is a tag that names its nodes
// by number; osteele scans it, nests the blocks and compiles the nodes through
// the compilers registered here.

// The delimiters of the canonical stream. The stream holds names and numbers
// only, so no source text can collide with them.
const (
	objectOpen, objectClose = "\x01", "\x02"
	tagOpen, tagClose       = "\x03", "\x04"
	partName                = "part"   // opens each body of a block
	leavesName              = "leaves" // what stands between blocks
)

// stream writes canonical tokens and collects the nodes they number.
type stream struct {
	strings.Builder
	leaves     []leaves
	containers []container
}

func (s *stream) tag(name string, number int) {
	s.WriteString(tagOpen)
	s.WriteString(name)
	s.WriteByte(' ')
	s.WriteString(strconv.Itoa(number))
	s.WriteString(tagClose)
}

// addBody writes a body. What stands between two blocks is one tag: osteele
// walks the blocks, and a node of its own for every text would only cost.
func (s *stream) addBody(b *body, src *source) {
	var between leaves
	for _, it := range b.items {
		if it.node == nil {
			if it.text != "" {
				between = append(between, &text{head{off: it.off, length: len(it.text), source: src}, it.text})
			}
			continue
		}
		h := it.node.at()
		h.source = src
		if n, isLeaf := it.node.(leaf); isLeaf {
			if _, skip := n.(*silent); !skip {
				between = append(between, n)
			}
			continue
		}
		s.addLeaves(between)
		between = nil
		s.containers = append(s.containers, it.node.(container))
		s.tag(h.name, len(s.containers)-1)
		for i, b := range it.node.(block).bodies() {
			s.tag(partName, i)
			s.addBody(b, src)
		}
		s.WriteString(tagOpen + "end" + h.name + tagClose)
	}
	s.addLeaves(between)
}

func (s *stream) addLeaves(between leaves) {
	if len(between) > 0 {
		s.leaves = append(s.leaves, between)
		s.tag(leavesName, len(s.leaves)-1)
	}
}

// leaves are nodes without bodies, one behind the other.
type leaves []leaf

func (l leaves) render(r *run) error {
	for _, n := range l {
		h := n.at()
		r.node, r.focus = h, h.off
		if err := r.tick(1); err != nil {
			return err
		}
		if err := n.render(r); err != nil {
			if err = r.handle(h, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// text is what stands between tags.
type text struct {
	head
	text string
}

func (n *text) render(r *run) error { return r.writeText(n) }

// compile builds osteele's tree for a body.
func compile(b *body, src *source) (render.Node, render.Config, error) {
	s := &stream{}
	s.addBody(b, src)
	cfg := newConfig(s)
	root, err := cfg.Compile(s.String(), osteele.SourceLoc{})
	if err != nil {
		return nil, cfg, err
	}
	return root, cfg, nil
}

func newConfig(s *stream) render.Config {
	cfg := render.NewConfig()
	cfg.TemplateStore = nil // partials go through Options.Partials
	cfg.Delims = []string{objectOpen, objectClose, tagOpen, tagClose}
	cfg.AddTag(leavesName, s.compileLeaves)
	for _, name := range blockNames() {
		cfg.AddBlock(name).Clause(partName).Compiler(s.compileContainer)
	}
	return cfg
}

// runKey is the name under which the state of a render travels in osteele's bindings.
const runKey = ""

func stateOf(ctx render.Context) *run { return ctx.Get(runKey).(*run) }

func (s *stream) compileLeaves(args string) (func(io.Writer, render.Context) error, error) {
	number, err := strconv.Atoi(args)
	if err != nil {
		return nil, err
	}
	l := s.leaves[number]
	return func(_ io.Writer, ctx render.Context) error { return l.render(stateOf(ctx)) }, nil
}

func (s *stream) compileContainer(b render.BlockNode) (func(io.Writer, render.Context) error, error) {
	number, err := strconv.Atoi(b.Args)
	if err != nil {
		return nil, err
	}
	n := s.containers[number]
	h := n.at()
	return func(w io.Writer, ctx render.Context) error {
		r := stateOf(ctx)
		r.node, r.focus = h, h.off
		if err := r.tick(1); err != nil {
			return err
		}
		if err := n.render(r, branches{w, ctx, b.Clauses}); err != nil {
			return r.handle(h, err)
		}
		return nil
	}, nil
}

// branches renders the bodies of a block by number.
type branches struct {
	w     io.Writer
	ctx   render.Context
	parts []*render.BlockNode
}

func (b branches) render(i int) error { return b.ctx.RenderBlock(b.w, b.parts[i]) }
