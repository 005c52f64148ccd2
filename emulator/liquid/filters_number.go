package liquid

import "math/big"

func arithmeticFilter(op byte) func(*run, Value, []Value) (Value, error) {
	return func(r *run, in Value, args []Value) (Value, error) {
		return r.arithmetic(op, in, args[0])
	}
}

func absFilter(r *run, in Value, _ []Value) (Value, error) {
	n, err := r.toNumber(in)
	if err != nil {
		return nil, err
	}
	if n.negative() {
		switch n.kind {
		case special:
			n.f = -n.f
		case decimal:
			n.r, n.neg0 = new(big.Rat).Neg(n.r), false
		default:
			n = number{kind: bigInt, b: new(big.Int).Neg(n.big())}
		}
	}
	return n.value(), nil
}

func atLeast(r *run, in Value, args []Value) (Value, error) { return r.bounded(in, args[0], 1) }
func atMost(r *run, in Value, args []Value) (Value, error)  { return r.bounded(in, args[0], -1) }

// bounded answers the bound where it compares to the input as side says.
func (r *run) bounded(in, bound Value, side int) (Value, error) {
	n, err := r.toNumber(in)
	if err != nil {
		return nil, err
	}
	b, err := r.toNumber(bound)
	if err != nil {
		return nil, err
	}
	if c, ok := compareNumbers(b, n); ok && c == side {
		n = b
	}
	return n.value(), nil
}

func roundFilter(r *run, in Value, args []Value) (Value, error) {
	n, err := r.toNumber(in)
	if err != nil {
		return nil, err
	}
	d, err := r.toNumber(optional(args, 0, int64(0)))
	if err != nil {
		return nil, err
	}
	if d.kind == special {
		return nil, floatDomainError(d.f)
	}
	if err := r.work(decimalWork); err != nil {
		return nil, err
	}
	digits := d.i
	if d.kind != smallInt {
		whole := truncRat(d.rat())
		if !whole.IsInt64() || whole.Int64() != int64(int32(whole.Int64())) {
			return nil, internalError()
		}
		digits = whole.Int64()
	}
	return r.round(n, digits)
}

func ceilFilter(r *run, in Value, _ []Value) (Value, error) {
	return r.whole(in, func(q *big.Rat) *big.Int {
		return new(big.Int).Neg(floorRat(new(big.Rat).Neg(q)))
	})
}

func floorFilter(r *run, in Value, _ []Value) (Value, error) { return r.whole(in, floorRat) }

func (r *run) whole(in Value, f func(*big.Rat) *big.Int) (Value, error) {
	n, err := r.toNumber(in)
	if err != nil {
		return nil, err
	}
	switch n.kind {
	case special:
		return nil, floatDomainError(n.f)
	case decimal:
		return normBig(f(n.r)), nil
	}
	return n.value(), nil
}
