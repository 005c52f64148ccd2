package liquid

import (
	"math"
	"math/big"
)

// arithmetic is the work of plus, minus, times, divided_by and modulo.
func (r *run) arithmetic(op byte, x, y Value) (Value, error) {
	a, err := r.toNumber(x)
	if err != nil {
		return nil, err
	}
	b, err := r.toNumber(y)
	if err != nil {
		return nil, err
	}
	n, err := r.calculate(op, a, b)
	if err != nil {
		return nil, err
	}
	return n.value(), nil
}

// calculate answers a op b: integers stay integers, decimals decimals.
func (r *run) calculate(op byte, a, b number) (number, error) {
	switch {
	case a.kind == smallInt && b.kind == smallInt:
		if n, ok := smallCalculate(op, a.i, b.i); ok {
			return n, nil
		}
		return r.bigCalculate(op, a.big(), b.big())
	case a.isInt() && b.isInt():
		return r.bigCalculate(op, a.big(), b.big())
	case a.kind == special || b.kind == special:
		return specialCalculate(op, a, b)
	}
	if err := r.work(decimalWork); err != nil {
		return number{}, err
	}
	return decimalCalculate(op, a, b)
}

// smallCalculate does what fits without overflow.
func smallCalculate(op byte, x, y int64) (number, bool) {
	switch op {
	case '+':
		if s := x + y; (s > x) == (y > 0) {
			return number{i: s}, true
		}
	case '-':
		if s := x - y; (s < x) == (y > 0) {
			return number{i: s}, true
		}
	case '*':
		const half = 1 << 31
		if x > -half && x < half && y > -half && y < half {
			return number{i: x * y}, true
		}
	}
	return number{}, false
}

func (r *run) bigCalculate(op byte, x, y *big.Int) (number, error) {
	if err := r.work(decimalWork + x.BitLen() + y.BitLen()); err != nil {
		return number{}, err
	}
	z := new(big.Int)
	switch op {
	case '+':
		z.Add(x, y)
	case '-':
		z.Sub(x, y)
	case '*':
		if err := r.checkBits(x.BitLen() + y.BitLen()); err != nil {
			return number{}, err
		}
		z.Mul(x, y)
	default:
		if y.Sign() == 0 {
			return number{}, divisionError()
		}
		// Ruby rounds down, and the remainder takes the divisor's sign.
		m := new(big.Int)
		z.QuoRem(x, y, m)
		if m.Sign() != 0 && m.Sign() != y.Sign() {
			z.Sub(z, big.NewInt(1))
			m.Add(m, y)
		}
		if op == '%' {
			z = m
		}
	}
	if err := r.checkBits(z.BitLen()); err != nil {
		return number{}, err
	}
	return intNumber(normBig(z)), nil
}

func decimalCalculate(op byte, a, b number) (number, error) {
	x, y, z := a.rat(), b.rat(), new(big.Rat)
	switch op {
	case '+':
		z.Add(x, y)
		return number{kind: decimal, r: z, neg0: a.neg0 && b.neg0}, nil
	case '-':
		z.Sub(x, y)
		return number{kind: decimal, r: z, neg0: a.neg0 && y.Sign() == 0 && !b.neg0}, nil
	case '*':
		z.Mul(x, y)
		return number{kind: decimal, r: z, neg0: z.Sign() == 0 && a.negative() != b.negative()}, nil
	}
	if y.Sign() == 0 {
		if op == '%' {
			return number{}, divisionError()
		}
		return specialCalculate(op, a, b)
	}
	if op == '/' {
		z.Quo(x, y)
		return number{kind: decimal, r: z, neg0: z.Sign() == 0 && a.negative() != b.negative()}, nil
	}
	q := new(big.Rat).Quo(x, y)
	z.Sub(x, new(big.Rat).Mul(y, new(big.Rat).SetInt(floorRat(q))))
	return number{kind: decimal, r: z}, nil
}

func (n number) negative() bool { return n.neg0 || n.sign() < 0 }

// specialCalculate is arithmetic that meets or makes an infinity or NaN.
func specialCalculate(op byte, a, b number) (number, error) {
	x, y := a.float(), b.float()
	var z float64
	switch op {
	case '+':
		z = x + y
	case '-':
		z = x - y
	case '*':
		z = x * y
	case '/':
		z = x / y
	default:
		switch {
		case y == 0:
			return number{}, divisionError()
		case math.IsInf(y, 0) && !math.IsInf(x, 0) && !math.IsNaN(x):
			z = x
			if x != 0 && (x < 0) != (y < 0) {
				z = y
			}
		default:
			z = math.NaN()
		}
	}
	return floatNumber(z), nil
}

func floorRat(q *big.Rat) *big.Int {
	z, m := new(big.Int), new(big.Int)
	z.DivMod(q.Num(), q.Denom(), m) // Euclidean, and the denominator is positive: floor
	return z
}

// round is BigDecimal#round and Integer#round: halves go away from zero.
func (r *run) round(n number, digits int64) (Value, error) {
	if n.kind == special {
		if digits > 0 {
			return n.f, nil
		}
		return nil, floatDomainError(n.f)
	}
	if n.isInt() && digits >= 0 {
		return n.value(), nil
	}
	if digits > 400 {
		return n.float(), nil
	}
	if digits < -int64(r.limits.BigIntBits) {
		return int64(0), nil
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(abs64(digits)), nil))
	q := new(big.Rat)
	if digits >= 0 {
		q.Mul(n.rat(), scale)
	} else {
		q.Quo(n.rat(), scale)
	}
	half := big.NewRat(1, 2)
	if q.Sign() < 0 {
		half.Neg(half)
	}
	whole := truncRat(q.Add(q, half))
	if digits > 0 {
		rounded := number{kind: decimal, r: q.Quo(new(big.Rat).SetInt(whole), scale)}
		rounded.neg0 = rounded.r.Sign() == 0 && n.negative()
		return rounded.float(), nil
	}
	if digits < 0 {
		whole.Mul(whole, scale.Num())
	}
	return normBig(whole), nil
}

func abs64(i int64) int64 {
	if i < 0 {
		return -i
	}
	return i
}

func truncRat(q *big.Rat) *big.Int { return new(big.Int).Quo(q.Num(), q.Denom()) }
