package action

import (
	"fmt"
	"strings"
)

// Withheld says what of a recorded firing is not known any more: the path of the first value of its context that held a
// secret, such as "service.name" (empty: none did), and the inputs of the run that held one. To fire it again in that
// context would send the mask in the secret's place.
func (f Firing) Withheld() (path string, inputs []string) {
	path = maskedAt("", f.Context.tree())
	for _, in := range f.Inputs {
		if strings.Contains(in.Value, Mask) {
			inputs = append(inputs, in.Name)
		}
	}
	return path, inputs
}

// maskedAt is the path of the first masked text below v, whose own path is at; empty for none.
func maskedAt(at string, v any) string {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, Mask) {
			return at
		}
	case []any:
		for i, x := range v {
			if found := maskedAt(fmt.Sprintf("%s[%d]", at, i), x); found != "" {
				return found
			}
		}
	case *object:
		for _, key := range v.keys {
			inner := strings.TrimPrefix(at+"."+key, ".")
			if strings.Contains(key, Mask) {
				return inner
			}
			if found := maskedAt(inner, v.values[key]); found != "" {
				return found
			}
		}
	}
	return ""
}
