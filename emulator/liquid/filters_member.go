package liquid

import (
	"math"
	"math/big"
	"strings"
)

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
