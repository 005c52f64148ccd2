package tui

import "strings"

// diffLine is one line of the difference between two texts: ' ' in both, '-' only in the first, '+' only in the second.
type diffLine struct {
	sign byte
	line docLine
}

// maxDiff bounds the lines that are compared with each other; what is longer differs as a whole.
const maxDiff = 600

// diffDocs compares two docs line by line.
func diffDocs(a, b doc) []diffLine {
	var out []diffLine
	for len(a) > 0 && len(b) > 0 && same(a[0], b[0]) {
		out = append(out, diffLine{' ', a[0]})
		a, b = a[1:], b[1:]
	}
	var tail []diffLine
	for len(a) > 0 && len(b) > 0 && same(a[len(a)-1], b[len(b)-1]) {
		tail = append(tail, diffLine{' ', a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	out = append(out, middle(a, b)...)
	for i := len(tail) - 1; i >= 0; i-- {
		out = append(out, tail[i])
	}
	return out
}

func same(a, b docLine) bool {
	return strings.TrimSuffix(a.text(), ",") == strings.TrimSuffix(b.text(), ",")
}

// middle is the difference by the longest common subsequence.
func middle(a, b doc) (out []diffLine) {
	if len(a) > maxDiff || len(b) > maxDiff {
		return append(all('-', a), all('+', b)...)
	}
	long := make([][]int, len(a)+1)
	for i := range long {
		long[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(a[i], b[j]) {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case same(a[i], b[j]):
			out = append(out, diffLine{' ', a[i]})
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			out = append(out, diffLine{'-', a[i]})
			i++
		default:
			out = append(out, diffLine{'+', b[j]})
			j++
		}
	}
	return append(append(out, all('-', a[i:])...), all('+', b[j:])...)
}

func all(sign byte, d doc) (out []diffLine) {
	for _, l := range d {
		out = append(out, diffLine{sign, l})
	}
	return out
}

// around keeps the changed lines and context lines next to them; a line signed @ stands for each gap.
func around(lines []diffLine, context int) []diffLine {
	keep := make([]bool, len(lines))
	for i, l := range lines {
		if l.sign != ' ' {
			for j := max(0, i-context); j <= min(len(lines)-1, i+context); j++ {
				keep[j] = true
			}
		}
	}
	var out []diffLine
	for i, l := range lines {
		switch {
		case keep[i]:
			out = append(out, l)
		case i > 0 && keep[i-1] || i == 0 && len(lines) > 1 && anyTrue(keep):
			out = append(out, diffLine{'@', docLine{}})
		}
	}
	return out
}

func anyTrue(b []bool) bool {
	for _, x := range b {
		if x {
			return true
		}
	}
	return false
}

// changed is one field that differs between two payloads.
type changed struct{ path, old, now string }

// changedFields compares two JSON documents value by value; old or now is empty where the field is absent.
func changedFields(a, b string) []changed {
	x, errA := parseJSON(a)
	y, errB := parseJSON(b)
	if errA != nil || errB != nil {
		return nil
	}
	old, order := scalars(x)
	now, more := scalars(y)
	var out []changed
	for _, p := range order {
		if old[p] != now[p] {
			out = append(out, changed{p, old[p], now[p]})
		}
	}
	for _, p := range more {
		if _, there := old[p]; !there {
			out = append(out, changed{p, "", now[p]})
		}
	}
	return out
}

func scalars(n *node) (values map[string]string, order []string) {
	values = map[string]string{}
	n.walk("", func(path string, v *node) bool {
		if len(v.kids) == 0 {
			if _, twice := values[path]; !twice {
				order = append(order, path)
			}
			values[path] = v.scalar()
		}
		return true
	})
	return values, order
}
