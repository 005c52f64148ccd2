package liquid

import (
	"slices"
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

// members answers item[key] of every item. ok is false where an item has no
// members, which makes the filters answer nil.
func (r *run) members(list []Value, key Value) (values []Value, ok bool, err error) {
	values = make([]Value, len(list))
	for i, item := range list {
		if err := r.weighText(item); err != nil {
			return nil, false, err
		}
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
		if err := r.weighText(item); err != nil {
			return false, err
		}
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
		if err := r.weighText(item); err != nil {
			return nil, err
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
			if err := r.weighText(item); err != nil {
				return nil, err
			}
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

func sizeFilter(r *run, in Value, _ []Value) (Value, error) {
	if err := r.weighText(in); err != nil {
		return nil, err
	}
	if n := sizeOf(in); n != nil {
		return n, nil
	}
	return int64(0), nil
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
