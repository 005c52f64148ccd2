package liquid

// The standard tags. To add one: write a parse function and a node type as in
// the tag_*.go files, and name it in tagParser; a block goes into blockNames as well.

// parseFunc parses one tag whose name and markup are in h; t gives the tokens after it.
type parseFunc func(p *parser, t *tokenizer, h head) (node, error)

func tagParser(name string) parseFunc {
	switch name {
	case "if", "unless":
		return parseIf
	case "case":
		return parseCase
	case "for":
		return parseFor
	case "tablerow":
		return parseTableRow
	case "break", "continue":
		return parseInterrupt
	case "assign":
		return parseAssign
	case "capture":
		return parseCapture
	case "increment", "decrement":
		return parseCounter
	case "echo":
		return parseEcho
	case "cycle":
		return parseCycle
	case "ifchanged":
		return parseIfChanged
	case "include":
		return parseInclude
	case "render":
		return parseRender
	case "comment":
		return parseComment
	case "raw":
		return parseRaw
	case "doc":
		return parseDoc
	case "#":
		return parseInlineComment
	}
	return nil
}

// blockNames are the tags with bodies, by which osteele nests.
func blockNames() []string {
	return []string{"if", "unless", "case", "for", "tablerow", "capture", "ifchanged"}
}

// leaf is a node without bodies.
type leaf interface {
	node
	render(r *run) error
}

// container is a node with bodies.
type container interface {
	block
	render(r *run, b branches) error
}

// output is {{ }}, and echo.
type output struct {
	head
	variable *variable
}

func (o *output) render(r *run) error {
	r.absent, r.printing = false, len(o.variable.filters) == 0
	v, err := o.variable.eval(r)
	r.printing = false
	if err != nil {
		return err
	}
	if v == nil {
		r.nullOutput(o.variable)
	}
	return r.print(&o.head, o.variable, v)
}

func parseEcho(p *parser, _ *tokenizer, h head) (node, error) {
	v, err := p.parseVariable(h.markup)
	return &output{head: h, variable: v}, err
}

// silent is a tag that leaves nothing behind, such as a comment.
type silent struct{ head }

func (*silent) render(*run) error { return nil }
