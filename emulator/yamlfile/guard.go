package yamlfile

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
)

// maxMarks is how many tags and anchors may precede a value: the parser recurses into each.
const maxMarks = 8

// withEmptyEntries puts a null behind every "-" whose entry is empty because the next line goes on further left or in the
// same column. The parser would take that line for the entry.
func withEmptyEntries(tokens token.Tokens) token.Tokens {
	out := make(token.Tokens, 0, len(tokens))
	for i, t := range tokens {
		out = append(out, t)
		if t.Type != token.SequenceEntryType || i+1 == len(tokens) {
			continue
		}
		next := tokens[i+1]
		if next.Position.Line == t.Position.Line || next.Position.Column > t.Position.Column || next.Type == token.SequenceEntryType {
			continue
		}
		pos := *t.Position
		pos.Column++
		null := token.New("null", " null", &pos)
		null.Prev, null.Next = t, next
		t.Next, next.Prev = null, null
		out = append(out, null)
	}
	return out
}

// guard refuses what would make the parser recurse without end or copy for minutes. The parser recurses once for each
// level of nesting, for each key of a block map and for each tag; it copies the rest of the file for each document. The
// scanner is linear, so its tokens are the place to count.
func (f *File) guard(tokens token.Tokens) *Error {
	if len(tokens) > MaxTokens {
		return f.tooMuch(tokens[MaxTokens], MaxTokens, "words and marks")
	}
	g := guardian{}
	for _, t := range tokens {
		if t.Type == token.InvalidType {
			return f.at(Pos{t.Position.Line, t.Position.Column}, t.Error, f.syntaxHint(t.Position.Line))
		}
		if what, limit := g.see(t); what != "" {
			return f.tooMuch(t, limit, what)
		}
	}
	return nil
}

func (f *File) tooMuch(t *token.Token, limit int, what string) *Error {
	return f.at(Pos{t.Position.Line, t.Position.Column}, fmt.Sprintf("more than %d %s", limit, what), "")
}

// guardian counts while the tokens go by.
type guardian struct {
	flow      int     // brackets and braces that are open
	blocks    []block // block lists and maps that are open, by growing column
	documents int
	marks     int
}

type block struct{ column, keys int }

// see counts one token and names the limit it breaks, if any.
func (g *guardian) see(t *token.Token) (what string, limit int) {
	marks := g.marks + 1
	g.marks = 0
	switch t.Type {
	case token.DocumentHeaderType, token.DocumentEndType:
		g.blocks, g.documents = nil, g.documents+1
		if g.documents > MaxDocuments {
			return "documents", MaxDocuments
		}
	case token.SequenceStartType, token.MappingStartType:
		g.flow++
	case token.SequenceEndType, token.MappingEndType:
		g.flow = max(0, g.flow-1)
	case token.AnchorType, token.TagType:
		if g.marks = marks; g.marks > 2*maxMarks { // an anchor is two tokens
			return "tags and anchors in a row", maxMarks
		}
	case token.SequenceEntryType, token.MappingKeyType:
		g.open(t.Position.Column)
	case token.MappingValueType:
		if t.Prev != nil && g.open(t.Prev.Position.Column) > MaxKeys {
			return "keys in one map", MaxKeys
		}
	}
	if t.Type != token.AnchorType && t.Type != token.TagType && t.Prev != nil && t.Prev.Type == token.AnchorType {
		g.marks = marks // the name of the anchor
	}
	if g.flow+len(g.blocks) > MaxDepth {
		return "lists and maps inside each other", MaxDepth
	}
	return "", 0
}

// open notes an entry of the block that begins at a column, and says how many it has now. What begins further right is
// over. Inside brackets columns mean nothing.
func (g *guardian) open(column int) int {
	if g.flow > 0 {
		return 0
	}
	for len(g.blocks) > 0 && g.blocks[len(g.blocks)-1].column > column {
		g.blocks = g.blocks[:len(g.blocks)-1]
	}
	if len(g.blocks) == 0 || g.blocks[len(g.blocks)-1].column < column {
		g.blocks = append(g.blocks, block{column: column})
	}
	b := &g.blocks[len(g.blocks)-1]
	b.keys++
	return b.keys
}
