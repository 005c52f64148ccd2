package catalog

import "math/bits"

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b of a; false when that
// are more than limit. apart has a bit for each letter that only one of the two has; 0 where nobody knows.
func distance(a, b string, limit int, apart uint64) (int, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	// Each change can add or remove two kinds of letters at most, so this rules out nearly all without a table.
	if len(a)-len(b) > limit || bits.OnesCount64(apart) > 2*limit {
		return 0, false
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, now := rows[(i-1)%3], rows[i%3], rows[(i+1)%3]
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(old[j]+1, now[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], older[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > limit {
			return 0, false
		}
	}
	d := rows[(len(a)+1)%3][len(b)]
	return d, d <= limit
}
