package liquid

import (
	"io"
	"strconv"
	"strings"

	osteele "github.com/osteele/liquid/parser"
	"github.com/osteele/liquid/render"
)

// How a parsed template becomes osteele's render tree. The parser's tree is
// written out as one canonical token stream, in which every text, output and
// tag is a tag that names its node by number; osteele scans it, nests the
// blocks and compiles the nodes through the compilers registered here.

// The delimiters of the canonical stream. The stream holds names and numbers
// only, so no source text can collide with them.
const (
	objectOpen, objectClose = "\x01", "\x02"
	tagOpen, tagClose       = "\x03", "\x04"
	partName                = "part" // opens each body of a block
)

// stream writes canonical tokens and collects the nodes they number.
type stream struct {
	strings.Builder
	nodes []node
}

func (s *stream) tag(name string, number int) {
	s.WriteString(tagOpen)
	s.WriteString(name)
	s.WriteByte(' ')
	s.WriteString(strconv.Itoa(number))
	s.WriteString(tagClose)
}

func (s *stream) add(name string, n node) {
	s.nodes = append(s.nodes, n)
	s.tag(name, len(s.nodes)-1)
}

func (s *stream) addBody(b *body, src *source) {
	for _, it := range b.items {
		if it.node == nil {
			if it.text != "" {
				s.add("text", &text{head{off: it.off, length: len(it.text), source: src}, it.text})
			}
			continue
		}
		h := it.node.at()
		h.source = src
		inner, isBlock := it.node.(block)
		if !isBlock {
			if _, skip := it.node.(*silent); !skip {
				s.add(h.name, it.node)
			}
			continue
		}
		s.add(h.name, it.node)
		for i, b := range inner.bodies() {
			s.tag(partName, i)
			s.addBody(b, src)
		}
		s.WriteString(tagOpen + "end" + h.name + tagClose)
	}
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
	for _, name := range simpleNames() {
		cfg.AddTag(name, s.compileLeaf)
	}
	for _, name := range blockNames() {
		cfg.AddBlock(name).Clause(partName).Compiler(s.compileContainer)
	}
	return cfg
}

// runKey is the name under which the state of a render travels in osteele's bindings.
const runKey = ""

func stateOf(ctx render.Context) *run { return ctx.Get(runKey).(*run) }

func (s *stream) compileLeaf(args string) (func(io.Writer, render.Context) error, error) {
	number, err := strconv.Atoi(args)
	if err != nil {
		return nil, err
	}
	n := s.nodes[number].(leaf)
	h := n.at()
	return func(_ io.Writer, ctx render.Context) error {
		r := stateOf(ctx)
		r.node, r.focus = h, h.off
		if err := n.render(r); err != nil {
			return r.handle(h, err)
		}
		return nil
	}, nil
}

func (s *stream) compileContainer(b render.BlockNode) (func(io.Writer, render.Context) error, error) {
	number, err := strconv.Atoi(b.Args)
	if err != nil {
		return nil, err
	}
	n := s.nodes[number].(container)
	h := n.at()
	return func(w io.Writer, ctx render.Context) error {
		r := stateOf(ctx)
		r.node, r.focus = h, h.off
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
