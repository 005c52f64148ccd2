package liquid

import "math/big"

// Value is anything a template can hold. It is one of
//
//	nil, bool, int64, *big.Int (outside the int64 range only), float64, string,
//	[]Value, *Hash
//
// which is what a JSON document can say, plus, inside this package only, ranges,
// loop objects and the literals blank and empty. Values handed to Render are
// never changed by it, so one context can serve many renders at once.
type Value = any

// Hash is a Ruby hash with string keys: it remembers the order in which keys
// were first set. The zero Hash is empty and ready to use. Filling it is not
// safe for concurrent use; reading it is.
type Hash struct {
	entries []entry
	index   map[string]int // built once a linear search would cost more
}

type entry struct {
	key   string
	value Value
}

// indexFrom is the number of entries from which a Hash keeps a map.
const indexFrom = 9

// NewHash makes a hash of keys and values given in turn, in that order. It
// panics if a key is not a string or the last value is missing, which is a
// mistake in the caller's source.
func NewHash(pairs ...Value) *Hash {
	h := &Hash{entries: make([]entry, 0, len(pairs)/2)}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i].(string), pairs[i+1])
	}
	return h
}

// Set gives key a value. A key that is already there keeps its place. Go's other
// integers and lists of strings or hashes are turned into the types of Value.
func (h *Hash) Set(key string, v Value) *Hash {
	v = plain(v)
	if i := h.find(key); i >= 0 {
		h.entries[i].value = v
		return h
	}
	h.entries = append(h.entries, entry{key, v})
	switch {
	case h.index != nil:
		h.index[key] = len(h.entries) - 1
	case len(h.entries) >= indexFrom:
		h.index = make(map[string]int, 2*indexFrom)
		for i, e := range h.entries {
			h.index[e.key] = i
		}
	}
	return h
}

// plain turns what a caller in Go has at hand into the types of Value.
func plain(v Value) Value {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case []string:
		return listOf(v)
	case []*Hash:
		return listOf(v)
	case *Hash:
		if v == nil {
			return nil
		}
	}
	return v
}

func listOf[T any](from []T) []Value {
	list := make([]Value, len(from))
	for i, v := range from {
		list[i] = v
	}
	return list
}

// Get answers the value of key and whether the key is there; a nil hash has none.
func (h *Hash) Get(key string) (Value, bool) {
	if i := h.find(key); i >= 0 {
		return h.entries[i].value, true
	}
	return nil, false
}

// Len is the number of keys.
func (h *Hash) Len() int {
	if h == nil {
		return 0
	}
	return len(h.entries)
}

// At answers the key and value at position i, counted from zero in order of insertion.
func (h *Hash) At(i int) (string, Value) { return h.entries[i].key, h.entries[i].value }

func (h *Hash) find(key string) int {
	if h == nil {
		return -1
	}
	if h.index != nil {
		if i, ok := h.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range h.entries {
		if h.entries[i].key == key {
			return i
		}
	}
	return -1
}

func isList(v Value) bool {
	_, ok := v.([]Value)
	return ok
}

// span is Ruby's Range of integers, both ends included.
type span struct{ first, last Value } // int64 or *big.Int

// literalMethod is blank or empty as an operand of a condition, where Ruby
// asks the other side instead of comparing.
type literalMethod string

const (
	blankLiteral literalMethod = "blank"
	emptyLiteral literalMethod = "empty"
)

// object is a value with named properties but without keys that can be listed:
// what Ruby calls a drop (forloop, tablerowloop, self).
type object interface {
	property(name string) (Value, bool)
	rubyClass() string
}

// length answers how many integers a range holds, or -1 if that does not fit.
func (s span) length() int64 {
	first, ok1 := s.first.(int64)
	last, ok2 := s.last.(int64)
	if !ok1 || !ok2 {
		n := new(big.Int).Sub(toBig(s.last), toBig(s.first))
		if n.Sign() < 0 {
			return 0
		}
		if n.Add(n, big.NewInt(1)).IsInt64() {
			return n.Int64()
		}
		return -1
	}
	if last < first {
		return 0
	}
	if n := uint64(last) - uint64(first); n < 1<<62 {
		return int64(n) + 1
	}
	return -1
}

// at is the i-th integer of the range.
func (s span) at(i int64) Value {
	if first, ok := s.first.(int64); ok {
		if sum := first + i; sum >= first {
			return sum
		}
	}
	return normBig(new(big.Int).Add(toBig(s.first), big.NewInt(i)))
}
