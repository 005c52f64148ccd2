package yamlfile

// Kind is what a node is.
type Kind string

// The kinds. A plain scalar (one without quotes) has the kind that YAML 1.2 gives it.
const (
	Null   Kind = "nothing"
	String Kind = "a text"
	Bool   Kind = "true or false"
	Int    Kind = "a whole number"
	Float  Kind = "a number"
	Map    Kind = "a map"
	List   Kind = "a list"
)

// Pos is a place in a file, from 1; the column counts characters. A struct field of this type is filled with the place
// of its map by [File.Decode].
type Pos struct{ Line, Column int }

// Node is a value in a file. A node behind an alias is the anchored one itself, so nodes may be shared: do not change them.
type Node struct {
	Kind Kind
	Pos
	// Text is a scalar's text: without quotes, and for a plain one as it was written ("1.10").
	Text string
	// Plain says that a scalar was written without quotes, so that its spelling decides its type.
	Plain bool
	// Pairs are those of a map in their order, merged ones last.
	Pairs []Pair
	// Items are those of a list.
	Items []*Node
}

// Pair is a key of a map with its value.
type Pair struct{ Key, Value *Node }

// Get is the value of a key of a map; nil where there is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, p := range n.Pairs {
		if p.Key.Text == key {
			return p.Value
		}
	}
	return nil
}

// Find walks down by keys (string) and places in lists (int); nil where the way ends.
func (n *Node) Find(path ...any) *Node {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			n = n.Get(step)
		case int:
			if n == nil || step < 0 || step >= len(n.Items) {
				return nil
			}
			n = n.Items[step]
		}
	}
	return n
}

// keys are the keys of a map.
func (n *Node) keys() []string {
	var out []string
	for _, p := range n.Pairs {
		out = append(out, p.Key.Text)
	}
	return out
}
