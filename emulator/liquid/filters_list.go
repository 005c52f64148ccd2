package liquid

import (
	"math"
	"math/big"
	"slices"
	"strings"
)

// elements is a filter's input as a list: lists are flattened, a range is
// spelled out, a hash is one element, nil none.
func (r *run) elements(in Value) ([]Value, error) {
	switch v := in.(type) {
	case nil:
		return nil, nil
	case []Value:
		return r.flatten(v)
	case span:
		n := v.length()
		if n < 0 || n > int64(r.limits.ArrayItems) {
			return nil, r.exceeded("ArrayItems", r.limits.ArrayItems)
		}
		if err := r.step(n); err != nil {
			return nil, err
		}
		list := make([]Value, n)
		for i := range list {
			list[i] = v.at(int64(i))
		}
		return list, nil
	}
	return []Value{in}, nil
}

func (r *run) flatten(list []Value) ([]Value, error) {
	if err := r.step(int64(len(list))); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(list, isList) {
		return list, nil
	}
	var flat []Value
	err := r.flattenInto(&flat, list)
	return flat, err
}

func (r *run) flattenInto(flat *[]Value, list []Value) error {
	if err := r.step(int64(len(list))); err != nil {
		return err
	}
	for _, v := range list {
		if inner, ok := v.([]Value); ok {
			if err := r.flattenInto(flat, inner); err != nil {
				return err
			}
			continue
		}
		*flat = append(*flat, v)
		if err := r.checkItems(len(*flat)); err != nil {
			return err
		}
	}
	return nil
}

// member is what Ruby does for item[property].
type member uint8

const (
	hasMember  member = iota
	wrongType         // a TypeError: text or an integer asked with a strange key
	outOfRange        // a position beyond 64 bits, which breaks Ruby's own code
	noBrackets        // the item has no [] at all
)

func (r *run) member(item, key Value) (Value, member) {
	switch item := item.(type) {
	case *Hash:
		if name, ok := key.(string); ok {
			v, _ := item.Get(name)
			return v, hasMember
		}
		return nil, hasMember
	case string:
		return stringMember(item, key)
	case object:
		if name, ok := key.(string); ok {
			v, _ := item.property(name)
			return v, hasMember
		}
		return nil, hasMember
	}
	n, ok := asNumber(item)
	if _, isFloat := item.(float64); !ok || isFloat {
		return nil, noBrackets
	}
	if bits, isRange := key.(span); isRange {
		return bitRange(n.big(), bits), hasMember
	}
	k, ok := asNumber(key)
	if !ok || k.kind == special {
		return nil, wrongType
	}
	bit := truncRat(k.rat())
	if bit.Sign() < 0 {
		return int64(0), hasMember
	}
	if !bit.IsInt64() || bit.Int64() > math.MaxInt32 {
		if n.sign() < 0 {
			return int64(1), hasMember
		}
		return int64(0), hasMember
	}
	return int64(n.big().Bit(int(bit.Int64()))), hasMember
}

// bitRange is integer[first..last] in Ruby: those bits, or all from the first on
// where the range runs backwards.
func bitRange(n *big.Int, bits span) Value {
	first, last := toInt64(bits.first), toInt64(bits.last)
	shift := func(x *big.Int, by int64) *big.Int {
		switch {
		case by >= math.MaxInt32:
			return new(big.Int).Rsh(x, uint(x.BitLen()+1))
		case by >= 0:
			return new(big.Int).Rsh(x, uint(by))
		}
		return new(big.Int) // bits before the first are zero
	}
	z := shift(n, first)
	if last >= first && last-first < math.MaxInt16 {
		one := big.NewInt(1)
		mask := new(big.Int).Lsh(one, uint(last-first+1))
		z.And(z, mask.Sub(mask, one))
	}
	return normBig(z)
}

// lacksMembers tells that a value has no [] in Ruby.
func lacksMembers(v Value) bool {
	switch v.(type) {
	case nil, bool, float64, span:
		return true
	}
	return false
}

func stringMember(s string, key Value) (Value, member) {
	if part, ok := key.(string); ok {
		if strings.Contains(s, part) {
			return part, hasMember
		}
		return nil, hasMember
	}
	n := int64(runeCount(s))
	if part, ok := key.(span); ok {
		from, last := toInt64(part.first), toInt64(part.last)
		if last < 0 {
			last += n
		}
		if from < 0 {
			from += n
		}
		if from < 0 || from > n {
			return nil, hasMember
		}
		return runes(s, from, max(from, min(last, n-1)+1)), hasMember
	}
	k, ok := asNumber(key)
	if !ok || k.kind == special {
		return nil, wrongType
	}
	at := normBig(truncRat(k.rat()))
	i, small := at.(int64)
	if i < 0 {
		i += n
	}
	if !small {
		return nil, outOfRange
	}
	if i < 0 || i >= n {
		return nil, hasMember
	}
	return runes(s, i, i+1), hasMember
}

// memberError is the error of a member that could not be had, or nil.
func (r *run) memberError(state member, key Value) error {
	switch state {
	case wrongType:
		return r.propertyError(key)
	case outOfRange:
		return internalError()
	}
	return nil
}

func (r *run) propertyError(key Value) error {
	s, err := r.text(key)
	if err != nil {
		return err
	}
	return argumentError("cannot select the property '" + s + "'")
}

// members answers item[key] of every item. ok is false where an item has no
// members, which makes the filters answer nil.
func (r *run) members(list []Value, key Value) (values []Value, ok bool, err error) {
	values = make([]Value, len(list))
	for i, item := range list {
		v, state := r.member(item, key)
		if err := r.memberError(state, key); err != nil || state == noBrackets {
			return nil, false, err
		}
		values[i] = v
	}
	return values, true, nil
}

// matching calls found with the index of each item whose property is truthy or
// equals the target, until found answers false. ok is false where an item has
// no properties.
func (r *run) matching(list []Value, args []Value, found func(i int, matches bool) (more bool)) (ok bool, err error) {
	target := optional(args, 1, nil)
	for i, item := range list {
		v, state := r.member(item, args[0])
		if err := r.memberError(state, args[0]); err != nil || state == noBrackets {
			return false, err
		}
		matches := truthy(v)
		if target != nil {
			if err := r.weigh(v); err != nil {
				return false, err
			}
			matches = equal(v, target)
		}
		if !found(i, matches) {
			break
		}
	}
	return true, nil
}

func whereFilter(r *run, in Value, args []Value) (Value, error) { return r.filtered(in, args, true) }

func rejectFilter(r *run, in Value, args []Value) (Value, error) { return r.filtered(in, args, false) }

func (r *run) filtered(in Value, args []Value, keep bool) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	kept := []Value{}
	ok, err := r.matching(list, args, func(i int, matches bool) bool {
		if matches == keep {
			kept = append(kept, list[i])
		}
		return true
	})
	if !ok {
		return nil, err
	}
	return kept, nil
}

// firstMatch is the index of the first item that matches, or -1.
func (r *run) firstMatch(list []Value, args []Value) (at int, ok bool, err error) {
	at = -1
	ok, err = r.matching(list, args, func(i int, matches bool) bool {
		if matches {
			at = i
		}
		return !matches
	})
	return at, ok, err
}

func findFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	at, ok, err := r.firstMatch(list, args)
	if !ok || at < 0 {
		return nil, err
	}
	return list[at], nil
}

func findIndexFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	at, ok, err := r.firstMatch(list, args)
	if !ok || at < 0 {
		return nil, err
	}
	return int64(at), nil
}

func hasFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	at, ok, err := r.firstMatch(list, args)
	if !ok {
		return nil, err
	}
	return at >= 0, nil
}

func mapFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	mapped := make([]Value, len(list))
	for i, item := range list {
		if args[0] == "to_liquid" {
			mapped[i] = item
			continue
		}
		v, state := r.member(item, args[0])
		if err := r.memberError(state, args[0]); err != nil {
			return nil, err
		}
		mapped[i] = v
	}
	return mapped, nil
}

func compactFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	values := list
	if key := optional(args, 0, nil); key != nil {
		var ok bool
		if values, ok, err = r.members(list, key); !ok {
			return nil, err
		}
	}
	kept := []Value{}
	for i, v := range values {
		if v != nil {
			kept = append(kept, list[i])
		}
	}
	return kept, nil
}

func uniqFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	values := list
	if key := optional(args, 0, nil); key != nil && len(list) > 1 { // Ruby does not ask a single element
		var ok bool
		if values, ok, err = r.members(list, key); !ok {
			return nil, err
		}
	}
	seen := make(map[string]bool, len(list))
	kept := []Value{}
	var b []byte
	for i, v := range values {
		// The inspected text tells 1, 1.0 and "1" apart, as eql? does.
		if b, err = r.inspect(b[:0], v); err == nil {
			err = r.work(len(b))
		}
		if err != nil {
			return nil, err
		}
		if !seen[string(b)] {
			seen[string(b)] = true
			kept = append(kept, list[i])
		}
	}
	return kept, nil
}

func sumFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	if key := optional(args, 0, nil); key != nil {
		values := make([]Value, len(list))
		for i, item := range list {
			v, state := r.member(item, key)
			if err := r.memberError(state, key); err != nil {
				return nil, err
			}
			if state == noBrackets {
				v = int64(0)
			}
			values[i] = v
		}
		if list, err = r.flatten(values); err != nil {
			return nil, err
		}
	}
	sum := number{}
	for _, v := range list {
		n, err := r.toNumber(v)
		if err != nil {
			return nil, err
		}
		if sum, err = r.calculate('+', sum, n); err != nil {
			return nil, err
		}
	}
	return sum.value(), nil
}

func concatFilter(r *run, in Value, args []Value) (Value, error) {
	more, ok := args[0].([]Value)
	if !ok {
		return nil, argumentError("concat filter requires an array argument")
	}
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	if err := r.checkItems(len(list) + len(more)); err != nil {
		return nil, err
	}
	return append(slices.Clip(list), more...), r.step(int64(len(more)))
}

func reverseFilter(r *run, in Value, _ []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	list = append([]Value{}, list...)
	slices.Reverse(list)
	return list, nil
}

func joinFilter(r *run, in Value, args []Value) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	glue, err := r.text(optional(args, 0, " "))
	if err != nil {
		return nil, err
	}
	b, err := r.joinInto(nil, list, glue)
	if err != nil {
		return nil, err
	}
	return string(b), r.work(len(b))
}

func edgeFilter(last bool) func(*run, Value, []Value) (Value, error) {
	return func(_ *run, in Value, _ []Value) (Value, error) {
		v, _ := edge(in, last)
		return v, nil
	}
}

func sizeFilter(_ *run, in Value, _ []Value) (Value, error) {
	if n := sizeOf(in); n != nil {
		return n, nil
	}
	return int64(0), nil
}

func sortFilter(r *run, in Value, args []Value) (Value, error) {
	return r.sorted(in, optional(args, 0, nil), func(a, b Value) (int, error) {
		c, ok := spaceship(a, b)
		switch {
		case ok:
			return c, nil
		case a == nil:
			return 1, nil
		case b == nil:
			return -1, nil
		}
		return 0, argumentError("cannot sort values of incompatible types")
	})
}

func sortNatural(r *run, in Value, args []Value) (Value, error) {
	return r.sorted(in, optional(args, 0, nil), func(a, b Value) (int, error) {
		switch {
		case a == nil && b == nil:
			return 0, nil
		case a == nil:
			return 1, nil
		case b == nil:
			return -1, nil
		}
		x, err := r.textOf(a)
		if err != nil {
			return 0, err
		}
		y, err := r.textOf(b)
		return strings.Compare(foldASCII(x), foldASCII(y)), err
	})
}

// foldASCII is what casecmp compares: only a to z lose their case.
func foldASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

// sorted sorts by the items or by a property of theirs. Ruby's sort on Linux
// keeps the order of equals, and so does this.
func (r *run) sorted(in, key Value, compare func(a, b Value) (int, error)) (Value, error) {
	list, err := r.elements(in)
	if err != nil {
		return nil, err
	}
	type pair struct{ by, item Value }
	pairs := make([]pair, len(list))
	for i, item := range list {
		pairs[i] = pair{item, item}
	}
	if key != nil {
		if slices.ContainsFunc(list, lacksMembers) {
			return nil, nil
		}
		if len(list) > 1 { // Ruby does not ask a single element
			values, _, err := r.members(list, key)
			if err != nil {
				return nil, err
			}
			for i := range pairs {
				pairs[i].by = values[i]
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		if err != nil {
			return 0
		}
		if err = r.step(1); err != nil {
			return 0
		}
		var c int
		c, err = compare(a.by, b.by)
		return c
	})
	if err != nil {
		return nil, err
	}
	result := make([]Value, len(pairs))
	for i, p := range pairs {
		result[i] = p.item
	}
	return result, nil
}

func defaultFilter(_ *run, in Value, args []Value) (Value, error) {
	missing := !truthy(in)
	if options, ok := optional(args, 1, nil).(*Hash); ok {
		if allow, _ := options.Get("allow_false"); truthy(allow) {
			missing = in == nil
		}
	}
	if empty, known := isEmpty(in); missing || known && empty {
		return optional(args, 0, ""), nil
	}
	return in, nil
}
