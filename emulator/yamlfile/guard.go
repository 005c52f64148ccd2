package yamlfile

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
)

const (
	// maxMarks is how many tags and anchors may precede a value: the parser recurses into each.
	maxMarks = 8
	// maxPaths bounds the letters of the paths (keys of keys) that the parser makes, one for each value.
	maxPaths = 64 << 20
)

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
// level of nesting, for each key of a block map and for each tag; it copies the rest of the file for each document and
// keeps the whole path of each value. The scanner is linear, so its tokens are the place to count.
func (f *File) guard(tokens token.Tokens) *Error {
	if len(tokens) > MaxTokens {
		return f.tooMuch(tokens[MaxTokens], MaxTokens, "words and marks")
	}
	g := guardian{}
	for _, t := range tokens {
		if t.Type == token.InvalidType {
			return f.at(Pos{t.Position.Line, t.Position.Column}, t.Error, f.syntaxHint(t.Position.Line, t.Error))
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
	open      []level // lists and maps that are open, the outermost first
	path      int     // letters in the keys that lead to the innermost
	paths     int     // the same, summed over all tokens
	documents int
	marks     int
}

// level is a list or a map that is open.
type level struct {
	flow   bool // between brackets or braces, where columns mean nothing
	column int  // of its keys or dashes
	keys   int  // how many there were
	key    int  // letters of the last one
}

// see counts one token and names the limit it breaks, if any.
func (g *guardian) see(t *token.Token) (what string, limit int) {
	switch t.Type {
	case token.DocumentHeaderType, token.DocumentEndType:
		g.open, g.path, g.documents = nil, 0, g.documents+1
	case token.SequenceStartType, token.MappingStartType:
		g.open = append(g.open, level{flow: true})
	case token.SequenceEndType, token.MappingEndType:
		g.close()
	case token.SequenceEntryType, token.MappingKeyType:
		g.entry(t.Position.Column, 0)
	case token.MappingValueType:
		if t.Prev != nil {
			g.entry(t.Prev.Position.Column, len(t.Prev.Value))
		}
	}
	g.mark(t)
	g.paths += g.path
	switch {
	case g.documents > MaxDocuments:
		return "documents", MaxDocuments
	case len(g.open) > MaxDepth:
		return "lists and maps inside each other", MaxDepth
	case len(g.open) > 0 && !g.open[len(g.open)-1].flow && g.open[len(g.open)-1].keys > MaxKeys && t.Type == token.MappingValueType:
		return "keys in one map", MaxKeys
	case g.marks > 2*maxMarks: // an anchor is two tokens
		return "tags and anchors in a row", maxMarks
	case g.paths > maxPaths:
		return "letters in keys of keys", maxPaths
	}
	return "", 0
}

// mark counts tags and anchors that follow each other.
func (g *guardian) mark(t *token.Token) {
	name := t.Prev != nil && t.Prev.Type == token.AnchorType
	if t.Type == token.AnchorType || t.Type == token.TagType || name {
		g.marks++
		return
	}
	g.marks = 0
}

// entry notes a key or a dash at a column. What begins further right is over.
func (g *guardian) entry(column, key int) {
	for len(g.open) > 0 && !g.open[len(g.open)-1].flow && g.open[len(g.open)-1].column > column {
		g.pop()
	}
	if n := len(g.open); n == 0 || !g.open[n-1].flow && g.open[n-1].column < column {
		g.open = append(g.open, level{column: column})
	}
	top := &g.open[len(g.open)-1]
	g.path += key - top.key
	top.key = key
	top.keys++
}

// close ends the innermost brackets.
func (g *guardian) close() {
	for len(g.open) > 0 {
		if g.pop().flow {
			return
		}
	}
}

func (g *guardian) pop() level {
	last := g.open[len(g.open)-1]
	g.open = g.open[:len(g.open)-1]
	g.path -= last.key
	return last
}
