package liquid

import (
	"slices"
	"strings"
)

func sortFilter(r *run, in Value, args []Value) (Value, error) {
	return r.sorted(in, optional(args, 0, nil), func(a, b Value) (int, error) {
		if err := r.weighText(a); err != nil {
			return 0, err
		}
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
