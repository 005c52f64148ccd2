package liquid

import (
	"math"
	"math/big"
)

func (e rangeExpression) eval(r *run) (Value, error) {
	first, err := e.first.eval(r)
	if err != nil {
		return nil, err
	}
	last, err := e.last.eval(r)
	if err != nil {
		return nil, err
	}
	if first, err = r.rangeEnd(first); err != nil {
		return nil, err
	}
	if last, err = r.rangeEnd(last); err != nil {
		return nil, err
	}
	return span{first, last}, nil
}

// rangeEnd makes an integer of an end of a range: nil and text leniently,
// everything else strictly.
func (r *run) rangeEnd(v Value) (Value, error) {
	switch v.(type) {
	case int64, *big.Int:
		return v, nil
	case nil, string:
		return r.truncated(v)
	}
	return r.toInteger(v)
}

// truncated is Ruby's to_i: of text what stands at its start, of floats the
// whole part, of anything else 0.
func (r *run) truncated(v Value) (Value, error) {
	switch v := v.(type) {
	case int64, *big.Int:
		return v, nil
	case string:
		return r.stringToInt(v)
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, floatDomainError(v)
		}
		whole, _ := big.NewFloat(v).Int(nil)
		return normBig(whole), nil
	}
	return int64(0), nil
}

func (l *lookup) eval(r *run) (Value, error) {
	if err := r.tick(1 + len(l.steps)); err != nil {
		return nil, err
	}
	name := l.boxed
	if l.nameFrom != nil {
		var err error
		if name, err = l.nameFrom.eval(r); err == nil {
			err = r.weighText(name)
		}
		if err != nil {
			return nil, err
		}
	}
	v, known := r.variable(name)
	if !known {
		r.unknownVariable(l, name)
		return nil, nil
	}
	for i := range l.steps {
		s := &l.steps[i]
		key := s.boxed
		if s.from != nil {
			var err error
			if key, err = s.from.eval(r); err == nil {
				err = r.weighText(key)
			}
			if err != nil {
				return nil, err
			}
		}
		next, ok := property(v, key)
		if !ok && s.command {
			if err := r.weighText(v); err != nil {
				return nil, err
			}
			next, ok = command(v, s.key)
		}
		if !ok {
			r.unknownStep(l, i, v, key)
			return nil, nil
		}
		v = next
	}
	return v, nil
}

// weighText counts the work on a value that is text.
func (r *run) weighText(v Value) error {
	if s, ok := v.(string); ok {
		return r.work(len(s))
	}
	return nil
}

// property is object[key] where Ruby Liquid allows it: keys of hashes,
// positions of lists, properties of objects.
func property(v, key Value) (Value, bool) {
	switch v := v.(type) {
	case *Hash:
		if name, isName := key.(string); isName {
			return v.Get(name)
		}
	case []Value:
		if i, isInt := key.(int64); isInt {
			if i < 0 {
				i += int64(len(v))
			}
			if i >= 0 && i < int64(len(v)) {
				return v[i], true
			}
			return nil, true
		}
	case object:
		if name, isName := key.(string); isName {
			return v.property(name)
		}
	}
	return nil, false
}

// command is size, first or last of a value that has no such key.
func command(v Value, name string) (Value, bool) {
	if name == "size" {
		n := sizeOf(v)
		return n, n != nil
	}
	return edge(v, name == "last")
}

// sizeOf is Ruby's size: characters of a string, bytes of an integer; nil
// where a value has none.
func sizeOf(v Value) Value {
	switch v := v.(type) {
	case string:
		return int64(runeCount(v))
	case []Value:
		return int64(len(v))
	case *Hash:
		return int64(v.Len())
	case int64:
		return int64(8)
	case *big.Int:
		return int64((v.BitLen() + 7) / 8)
	case span:
		if n := v.length(); n >= 0 {
			return n
		}
		n := new(big.Int).Sub(toBig(v.last), toBig(v.first))
		return normBig(n.Add(n, big.NewInt(1)))
	}
	return nil
}

// edge is first or last of a value; known is false where it has none.
func edge(v Value, last bool) (_ Value, known bool) {
	switch v := v.(type) {
	case []Value:
		switch {
		case len(v) == 0:
			return nil, true
		case last:
			return v[len(v)-1], true
		}
		return v[0], true
	case string: // Rails gives strings both
		return edgeOfString(v, last), true
	case span:
		if last {
			return v.last, true
		}
		return v.first, true
	case *Hash:
		if last {
			return nil, false
		}
		if v.Len() == 0 {
			return nil, true
		}
		key, value := v.At(0)
		return []Value{key, value}, true
	}
	return nil, false
}
